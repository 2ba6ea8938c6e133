//! Every part of every answer, missing: by none of them something passes that did not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::Value;
use trailproof::simulator::{Effect, Simulator, Weather};

use super::fault::named;
use super::judged::read_by;
use super::matrix::{Fair, Spoilt, in_parallel, operations};
use crate::frayed::frayed_world;

/// The names of the parts of all answers, by operation.
type Parts = Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>;

/// A client of a simulator that takes down what its answers are made of.
#[derive(Debug, Clone)]
struct Anatomist {
    simulator: Simulator,
    parts: Parts,
}

impl HttpClient for Anatomist {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Anatomist {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = HttpConnector::call(&self.simulator, request);
        let Self { simulator, parts } = self.clone();
        HttpConnectorFuture::new(async move {
            let response = answer.await?;
            let last = simulator.requests().pop().unwrap();
            if response.status().is_success() {
                let operation = format!("{}:{}", last.service, last.operation);
                let body = response.body().bytes().unwrap_or_default();
                parts.lock().unwrap().entry(operation).or_default().extend(names(body));
            }
            Ok(response)
        })
    }
}

/// The names of fields in JSON and of elements in XML; of anything else, the words that may be names.
fn names(body: &[u8]) -> BTreeSet<String> {
    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, field)| {
                found.insert(key.clone());
                keys(field, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    if let Ok(value) = serde_json::from_slice(body) {
        keys(&value, &mut found);
        return found;
    }
    let text = String::from_utf8_lossy(body);
    let word = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    if text.starts_with('<') {
        found.extend(text.split('<').skip(1).filter(|part| !part.starts_with(['/', '?'])).map(word));
    } else {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| part.len() > 3);
        found
            .extend(words.filter(|part| part.starts_with(|first: char| first.is_ascii_uppercase())).map(str::to_owned));
    }
    found
}

#[test]
fn an_answer_without_any_one_part_proves_nothing_more() {
    let simulator = Simulator::new(frayed_world());
    let everything = Fair::of(&simulator, operations()[0]);
    let parts = Parts::default();
    let anatomist = Anatomist { simulator: simulator.clone(), parts: parts.clone() };
    read_by(&simulator, SharedHttpClient::new(anatomist), &everything.settings).0.unwrap();
    let parts = parts.lock().unwrap().clone();
    let row = |call| {
        let fair = Fair::of(&simulator, call);
        let account = fair.victim(call);
        let (service, operation) = named(call);
        let mut known = Vec::new();
        for part in parts.get(call.operation).into_iter().flatten() {
            // What AWS documents: a filter without a prefix is that of all objects, and logging that is off is not there.
            let answers = [("GetBucketLifecycleConfiguration", "Prefix"), ("GetBucketLogging", "LoggingEnabled")];
            if answers.contains(&(operation, part.as_str())) {
                continue;
            }
            let weather = Weather::new(Effect::WithoutField(part.clone())).on(service, operation).in_account(&account);
            let name = format!("without {part}");
            let causes = &["malformed-answer"];
            fair.under(&Spoilt { call, account: &account, name: &name, weather, misleads: true, causes }, &mut known);
        }
        (call.operation, fair.into_broken())
    };
    let broken: Vec<String> = in_parallel(&operations(), row).into_values().flatten().collect();
    assert!(
        broken.is_empty(),
        "{} promises are not kept:\n{}",
        broken.len(),
        broken[..broken.len().min(20)].join("\n")
    );
    assert!(parts.values().map(BTreeSet::len).sum::<usize>() > 150);
}
