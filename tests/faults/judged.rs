//! A frayed organization, read under a fault and judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::Value;
use trailproof::collect::{CALLS, Call, CallDeclaration, CollectError, Needs, Patience, Progress, Settings, collect};
use trailproof::evaluate::{Judgement, Question, evaluate};
use trailproof::policy::{Policies, Setting};
use trailproof::simulator::Simulator;
use trailproof::snapshot::Snapshot;

use crate::simulated;
use crate::virtual_time::Clock;

/// All rules, with parameters that name something.
pub(crate) struct Rules {
    policies: Policies,
    settings: Vec<Setting>,
    needs: Needs,
    chosen: BTreeSet<String>,
}

impl Rules {
    /// All rules, and what those of them need that rest on a call.
    pub(crate) fn resting_on(call: &CallDeclaration) -> Self {
        let policies = trailproof::policy::load(&[]).policies;
        let set = [
            "sensitive-bucket-data-events.names=own-bucket,no-such-bucket,example-*",
            "sensitive-bucket-data-events.tags=class=secret",
            "data-events-required-types.resource_types=AWS::S3::Object,AWS::SQS::Queue",
            "network-activity-events.event_sources=kms.amazonaws.com",
            "trail-tagged.required_tags=owner",
            "log-bucket-expected.buckets=example-trail-logs",
        ];
        let settings = set.map(|text| Setting::parse(text, &policies).unwrap()).to_vec();
        let mut rules = Self { policies, settings, needs: Needs::of(&[]), chosen: BTreeSet::new() };
        let mut chosen = rules.question().all();
        if !rules.needs.asks(call.call) {
            let same = |other: &&CallDeclaration| other.operation == call.operation;
            let rests = |needs: &Needs| CALLS.iter().filter(same).any(|other| needs.asks(other.call));
            chosen.retain(|rule| rests(&Needs::of(std::slice::from_ref(rule))));
        }
        let needs = Needs::of(&chosen);
        rules.chosen = chosen.iter().map(|rule| rule.policy.id.as_str().to_owned()).collect();
        let needs = if chosen.is_empty() { needs.and_everything() } else { needs }.deep();
        rules.needs = match call.call {
            Call::ListAccountTags => needs.and_account_tags(),
            call if !needs.asks(call) => needs.fast(),
            _ => needs,
        };
        rules
    }

    fn question(&self) -> Question<'_> {
        let Self { policies, settings, .. } = self;
        Question { policies, packs: vec!["all".into()], settings, fail_on: None, allow_incomplete: false }
    }

    /// Settings that read all there is, in two Regions, and take no answer that is huge.
    pub(crate) fn reading(&self) -> Settings {
        let mut settings = Settings {
            needs: self.needs.clone(),
            patience: Patience {
                largest_answer: super::fault::HUGE - 1,
                most_pages: super::fault::MOST_PAGES,
                ..Patience::default()
            },
            ..simulated::settings()
        };
        settings.selection.regions = vec!["us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap()];
        settings
    }

    /// What a snapshot is judged as by those rules, by rule and fingerprint.
    pub(crate) fn judge(&self, snapshot: &Snapshot) -> Results {
        let report = evaluate(snapshot, String::new(), &self.question());
        let judged = report.judgements.into_iter().filter(|result| self.chosen.contains(result.policy.as_str()));
        let written = |result: &Judgement| {
            let evidence = serde_json::to_string(&result.evidence).unwrap();
            format!("{:?} {} {:?} {:?} {evidence}", result.account, result.message, result.notes, result.outcome)
        };
        judged.map(|result| (format!("{} {}", result.policy, result.fingerprint), (written(&result), result))).collect()
    }
}

/// Results as they are written, and as they are.
pub(crate) type Results = BTreeMap<String, (String, Judgement)>;

/// Reads a simulated organization in no time; how long it would have taken.
pub(crate) fn read(simulator: &Simulator, settings: &Settings) -> (Result<Snapshot, CollectError>, Duration) {
    read_by(simulator, simulator.http_client(), settings)
}

/// The same, by another client of the simulator.
pub(crate) fn read_by(
    simulator: &Simulator,
    http: SharedHttpClient,
    settings: &Settings,
) -> (Result<Snapshot, CollectError>, Duration) {
    let clock = Clock::new();
    let base = simulated::base(simulator)
        .into_builder()
        .sleep_impl(SharedAsyncSleep::new(clock.clone()))
        .time_source(SharedTimeSource::new(clock.clone()))
        .build();
    let read = clock.run(collect(&base, http, settings, Arc::new(Progress::default())));
    (read, clock.passed())
}

/// A snapshot without times and without what differs from run to run.
pub(crate) fn timeless(snapshot: &Snapshot) -> Value {
    let mut value = serde_json::to_value(snapshot).unwrap();
    let whole = value.as_object_mut().unwrap();
    whole.remove("run");
    whole.remove("taken_at");
    forget(&mut value, "read_at");
    value
}

/// The same, without why something was not answered.
pub(crate) fn causeless(mut timeless: Value) -> Value {
    for gap in timeless["gaps"].as_array_mut().unwrap() {
        gap["cause"] = Value::Null;
        gap["message"] = Value::Null;
    }
    timeless
}

fn forget(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(key);
            fields.values_mut().for_each(|field| forget(field, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, key)),
        _ => {}
    }
}
