//! What must hold of selectors, whatever somebody wrote: the readers do not panic, a plain matcher agrees wherever both
//! decide, and what is said of a class of events holds for each event of it.

#[path = "../../tests/selector/matcher.rs"]
mod matcher;

use matcher::Written;
use serde_json::Value;
use trailproof::derive::selector::{
    Access, Answer, Arns, Event, EventClass, EventResource, Insight, Selectors, Sources, Verdict, blind_spots,
    has_precondition,
};
use trailproof::event::known;
use trailproof::snapshot::{AdvancedEventSelector, BasicEventSelector, DataResource, EventSelectors, FieldSelector};

const OBJECT: &str = "AWS::S3::Object";

/// Reads a text as selectors, in the form of the API and in that of snapshots, and asks everything of them.
///
/// # Panics
/// Where something does not hold.
pub fn check(text: &str) {
    // What is longer holds nothing that a shorter one does not, and takes its time.
    if text.len() > 8192 {
        return;
    }
    if let Ok(selectors) = serde_json::from_str::<EventSelectors>(text) {
        Asked::of(match selectors {
            EventSelectors::Basic(list) => Written::Basic(list),
            EventSelectors::Advanced(list) => Written::Advanced(list),
        })
        .check(&[]);
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else { return };
    let records = list(&document["Records"]).iter().map(Event::from_record);
    let records: Vec<Event> = records.collect();
    let basic: Vec<BasicEventSelector> = list(&document["EventSelectors"]).iter().map(basic).collect();
    let advanced: Vec<AdvancedEventSelector> = list(&document["AdvancedEventSelectors"]).iter().map(advanced).collect();
    let both = Selectors::new(Some(&basic), Some(&advanced));
    for record in &records {
        assert!(!both.record(record).reasons().is_empty());
    }
    Asked::of(Written::Basic(basic)).check(&records);
    Asked::of(Written::Advanced(advanced)).check(&records);
}

struct Asked {
    written: Written,
    selectors: Selectors,
}

impl Asked {
    fn of(written: Written) -> Self {
        Self { selectors: written.normal(), written }
    }

    fn check(&self, records: &[Event]) {
        for spot in blind_spots(&self.selectors) {
            assert!(!spot.to_string().is_empty());
        }
        for insight in [Insight::CallRate, Insight::ErrorRate] {
            let _ = has_precondition(&self.selectors, insight, "aws");
        }
        for record in records {
            assert!(!self.selectors.record(record).reasons().is_empty());
        }
        let texts = self.texts();
        for read_only in [true, false] {
            self.management(read_only, &texts);
            self.objects(read_only, &texts);
            self.others(read_only, &texts);
        }
    }

    /// Every text that the selectors name, and what surrounds it.
    fn texts(&self) -> Vec<String> {
        let mut texts = vec!["other".to_owned()];
        let mut add = |value: &String| {
            texts.push(value.clone());
            texts.push(format!("{value}x"));
        };
        match &self.written {
            Written::Basic(list) => list.iter().for_each(|selector| {
                selector.exclude_management_event_sources.iter().for_each(&mut add);
                selector.data_resources.iter().flat_map(|data| &data.values).for_each(&mut add);
            }),
            Written::Advanced(list) => list.iter().flat_map(|selector| &selector.field_selectors).for_each(|field| {
                let all = [&field.equals, &field.starts_with, &field.ends_with];
                let not = [&field.not_equals, &field.not_starts_with, &field.not_ends_with];
                all.into_iter().chain(not).flatten().for_each(&mut add);
            }),
        }
        texts.sort();
        texts.dedup();
        texts.truncate(24);
        texts
    }

    fn management(&self, read_only: bool, texts: &[String]) {
        let all = [EventClass::management("aws", Sources::Any, access(read_only))];
        let answers: Vec<Answer> = all.iter().map(|class| self.selectors.cover(class)).collect();
        for source in texts {
            let event = Event { category: text("Management"), source: text(source), ..plain(read_only) };
            self.ask(&event, all.iter().zip(&answers));
        }
    }

    fn objects(&self, read_only: bool, texts: &[String]) {
        let mut classes = vec![EventClass::data("aws", OBJECT, Arns::All, access(read_only))];
        let arns: Vec<&String> = texts.iter().filter(|arn| is_object(arn)).collect();
        for arn in &arns {
            classes.push(EventClass::data("aws", OBJECT, Arns::Exactly((*arn).clone()), access(read_only)));
            classes.push(EventClass::data("aws", OBJECT, Arns::Under((*arn).clone()), access(read_only)));
        }
        let answers: Vec<Answer> = classes.iter().map(|class| self.selectors.cover(class)).collect();
        for name in texts.iter().filter(|name| may_be(name, read_only)) {
            for arn in &arns {
                let resource = EventResource { arn: text(arn), ..of_type(OBJECT) };
                let event = Event { name: text(name), resources: vec![resource], ..data("s3", read_only) };
                let holding = classes.iter().zip(&answers).filter(|(class, _)| match &class.resource {
                    Some((_, Arns::Exactly(one))) => one == *arn,
                    Some((_, Arns::Under(start))) => arn.starts_with(start.as_str()),
                    _ => true,
                });
                self.ask(&event, holding);
            }
        }
        for bucket in arns.iter().filter_map(|arn| bucket(arn)) {
            let resource = EventResource { arn_prefix: text(bucket), ..of_type(OBJECT) };
            let name = if read_only { "HeadBucket" } else { "DeleteObjects" };
            let event = Event { name: text(name), resources: vec![resource], ..data("s3", read_only) };
            self.ask(&event, classes.iter().zip(&answers).take(1));
        }
    }

    /// Data events of other types, of one resource each, and network activity.
    fn others(&self, read_only: bool, texts: &[String]) {
        let types = self.selectors.resource_types();
        for name in types.iter().filter(|name| **name != OBJECT).take(4) {
            for arn in texts.iter().filter(|arn| !arn.is_empty()) {
                let class = EventClass::data("aws", name, Arns::Exactly(arn.clone()), access(read_only));
                let Sources::One(source) = &class.sources else { continue };
                let answer = self.selectors.cover(&class);
                let resource = EventResource { arn: text(arn), ..of_type(name) };
                let event = Event {
                    source: text(source),
                    name: text("SomethingElse"),
                    resources: vec![resource],
                    ..data("", read_only)
                };
                self.ask(&event, [(&class, &answer)].into_iter());
            }
        }
        let class = EventClass::network("aws", "kms.amazonaws.com", access(read_only));
        let answer = self.selectors.cover(&class);
        for (name, code) in
            texts.iter().zip(texts.iter().rev()).filter(|(name, code)| !(name.is_empty() || code.is_empty()))
        {
            let event = Event {
                category: text("NetworkActivity"),
                source: text("kms.amazonaws.com"),
                name: text(name),
                error_code: text(code),
                vpc_endpoint: text("vpce-1"),
                ..plain(read_only)
            };
            self.ask(&event, [(&class, &answer)].into_iter());
        }
    }

    /// Holds the verdict on an event against the plain matcher, and against the answers on classes that it is of.
    fn ask<'a>(&self, event: &Event, classes: impl Iterator<Item = (&'a EventClass, &'a Answer)>) {
        let verdict = self.selectors.record(event);
        if self.selectors.mistakes().is_empty() {
            match &verdict {
                Verdict::Recorded(_) => assert!(self.written.records(event), "{event:?} {verdict:?}"),
                Verdict::NotRecorded(_) => assert!(!self.written.records(event), "{event:?} {verdict:?}"),
                Verdict::Unknown(_) => {}
            }
        }
        for (class, answer) in classes {
            match (answer, &verdict) {
                (Answer::All, Verdict::NotRecorded(_)) | (Answer::None, Verdict::Recorded(_)) => {
                    panic!("{answer:?} of {class:?}, but {event:?}: {verdict:?}")
                }
                _ => {}
            }
        }
        // What says less leaves no more to be certain of.
        let vague = Event { is_complete: false, ..event.clone() };
        match (self.selectors.record(&vague), &verdict) {
            (Verdict::Recorded(_), Verdict::NotRecorded(_)) | (Verdict::NotRecorded(_), Verdict::Recorded(_)) => {
                panic!("{event:?}: {verdict:?} if complete")
            }
            _ => {}
        }
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn access(read_only: bool) -> Access {
    if read_only { Access::Read } else { Access::Write }
}

fn plain(read_only: bool) -> Event {
    Event {
        is_complete: true,
        read_only: Some(read_only),
        name: text("DoIt"),
        event_type: text("AwsApiCall"),
        ..Event::default()
    }
}

fn data(service: &str, read_only: bool) -> Event {
    Event { category: text("Data"), source: Some(format!("{service}.amazonaws.com")), ..plain(read_only) }
}

fn of_type(name: &str) -> EventResource {
    EventResource { resource_type: text(name), ..EventResource::default() }
}

/// The beginning of a bucket's objects' ARNs.
fn bucket(arn: &str) -> Option<&str> {
    let path = arn.strip_prefix("arn:aws:s3:::")?;
    let slash = path.find('/').filter(|at| *at > 0)?;
    Some(&arn[..arn.len() - path.len() + slash + 1])
}

fn is_object(arn: &str) -> bool {
    bucket(arn).is_some_and(|bucket| bucket.len() < arn.len())
}

/// Whether S3 may write an event of this name that names one object.
fn may_be(name: &str, read_only: bool) -> bool {
    let known = known("s3.amazonaws.com", name).and_then(|known| known.read_only);
    !name.is_empty() && !matches!(name, "DeleteObjects" | "HeadBucket") && known.is_none_or(|known| known == read_only)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn basic(value: &Value) -> BasicEventSelector {
    BasicEventSelector {
        read_write_type: value["ReadWriteType"].as_str().map(str::to_owned),
        include_management_events: Some(value["IncludeManagementEvents"] != Value::Bool(false)),
        exclude_management_event_sources: texts(&value["ExcludeManagementEventSources"]),
        data_resources: list(&value["DataResources"])
            .iter()
            .map(|data| DataResource {
                resource_type: data["Type"].as_str().map(str::to_owned),
                values: texts(&data["Values"]),
            })
            .collect(),
    }
}

fn advanced(value: &Value) -> AdvancedEventSelector {
    let field = |value: &Value| FieldSelector {
        field: value["Field"].as_str().unwrap_or_default().to_owned(),
        equals: texts(&value["Equals"]),
        starts_with: texts(&value["StartsWith"]),
        ends_with: texts(&value["EndsWith"]),
        not_equals: texts(&value["NotEquals"]),
        not_starts_with: texts(&value["NotStartsWith"]),
        not_ends_with: texts(&value["NotEndsWith"]),
    };
    AdvancedEventSelector { name: None, field_selectors: list(&value["FieldSelectors"]).iter().map(field).collect() }
}
