//! CloudTrail records in a document: a log file as CloudTrail delivers it, or a single record in one of the forms in which
//! AWS hands it out.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::{Deserializer, Value};

/// A log file holds a few megabytes; more than this is none.
const LARGEST: u64 = 512 * 1024 * 1024;

/// A document without CloudTrail records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The compressed data ends early or is damaged.
    #[error("the compressed data is damaged or cut short: {0}")]
    Compression(std::io::Error),
    /// There is too much of it.
    #[error("it holds more than {} MB", LARGEST / (1024 * 1024))]
    TooLarge,
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// There is no record in it.
    #[error("there is no record in it")]
    Empty,
    /// A digest, which names log files.
    #[error("this is a digest file, not a log file")]
    Digest,
    /// A document of trailproof's own.
    #[error("this is a document of trailproof ({0}), not a CloudTrail record")]
    Own(String),
    /// Something that is no CloudTrail record.
    #[error("record {number} is no CloudTrail record: {what}")]
    NotARecord {
        /// The number of the record, the first being 1.
        number: usize,
        /// Why not.
        what: String,
    },
}

/// The CloudTrail records of a document, plain or compressed with gzip (told by its first two bytes).
///
/// It may be one record, or several: one after another, in a list, or in `Records` as log files have them. The event of an
/// EventBridge rule (the record is its `detail`) and the answer of LookupEvents (records are in `CloudTrailEvent`) are
/// taken too.
///
/// # Errors
/// Where it is damaged, not JSON, or holds something else.
pub fn records(bytes: &[u8]) -> Result<Vec<Value>, DocumentError> {
    let mut plain = Vec::new();
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let limited = MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut plain);
        limited.map_err(DocumentError::Compression)?;
        plain.as_slice()
    } else {
        bytes
    };
    if bytes.len() as u64 > LARGEST {
        return Err(DocumentError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut found = Vec::new();
    for document in Deserializer::from_slice(bytes).into_iter::<Value>() {
        found.append(&mut unfold(document.map_err(DocumentError::NotJson)?)?);
    }
    for (index, record) in found.iter().enumerate() {
        check(record).map_err(|what| DocumentError::NotARecord { number: index + 1, what })?;
    }
    if found.is_empty() { Err(DocumentError::Empty) } else { Ok(found) }
}

/// The records of one JSON value.
fn unfold(document: Value) -> Result<Vec<Value>, DocumentError> {
    let Value::Object(mut object) = document else {
        return match document {
            Value::Array(records) => Ok(records.into_iter().map(unwrap).collect()),
            other => Ok(vec![other]),
        };
    };
    if let Some(schema) = object.get("schema").and_then(Value::as_str).filter(|name| name.starts_with("trailproof.")) {
        return Err(DocumentError::Own(schema.chars().take(60).collect()));
    }
    if object.contains_key("digestStartTime") {
        return Err(DocumentError::Digest);
    }
    match (object.remove("Records"), object.remove("Events")) {
        (Some(Value::Array(records)), _) | (None, Some(Value::Array(records))) => {
            Ok(records.into_iter().map(unwrap).collect())
        }
        (None, None) => Ok(vec![unwrap(Value::Object(object))]),
        _ => Err(DocumentError::NotARecord { number: 1, what: "`Records` is no list".to_owned() }),
    }
}

/// The record in what EventBridge or LookupEvents wraps around it.
///
/// Sources: EventBridge User Guide, "AWS service events delivered via CloudTrail"; CloudTrail API Reference, Event.
fn unwrap(record: Value) -> Value {
    let within = match (record.get("detail-type"), record.get("detail"), record.get("CloudTrailEvent")) {
        (Some(_), Some(detail), _) if detail.is_object() => Some(detail.clone()),
        (_, _, Some(Value::String(text))) => serde_json::from_str(text).ok(),
        _ => None,
    };
    within.unwrap_or(record)
}

fn check(record: &Value) -> Result<(), String> {
    if !record.is_object() {
        return Err("it is no object".to_owned());
    }
    // Insights events name the call that they are about in their details.
    if record.get("insightDetails").is_some_and(Value::is_object) {
        return Ok(());
    }
    let has = |name: &str| record.get(name).is_some_and(Value::is_string);
    match (has("eventSource"), has("eventName")) {
        (false, false) => Err("it has neither `eventSource` nor `eventName`".to_owned()),
        (false, true) => Err("it has no `eventSource`".to_owned()),
        (true, false) => Err("it has no `eventName`".to_owned()),
        (true, true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const ONE: &str = r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#;

    fn count(text: &str) -> usize {
        records(text.as_bytes()).unwrap().len()
    }

    fn error(text: &str) -> String {
        records(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn one_record_or_several_in_every_form() {
        assert_eq!(count(ONE), 1);
        assert_eq!(count(&format!("{ONE}\n{ONE}\n")), 2);
        assert_eq!(count(&format!("[{ONE},{ONE},{ONE}]")), 3);
        assert_eq!(count(&format!(r#"{{"Records":[{ONE},{ONE}]}}"#)), 2);
        assert_eq!(count(&format!("\u{feff}{ONE}")), 1);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(format!(r#"{{"Records":[{ONE}]}}"#).as_bytes()).unwrap();
        assert_eq!(records(&gzip.finish().unwrap()).unwrap().len(), 1);
    }

    #[test]
    fn what_wraps_a_record_is_taken_off() {
        let record: Value = serde_json::from_str(ONE).unwrap();
        let bridge = format!(r#"{{"detail-type":"AWS API Call via CloudTrail","detail":{ONE}}}"#);
        assert_eq!(records(bridge.as_bytes()).unwrap(), std::slice::from_ref(&record));
        let lookup = serde_json::json!({ "Events": [{ "EventName": "GetObject", "CloudTrailEvent": ONE }] });
        assert_eq!(records(lookup.to_string().as_bytes()).unwrap(), [record]);
    }

    #[test]
    fn what_is_no_record_is_named() {
        assert_eq!(error(""), "there is no record in it");
        assert_eq!(error(r#"{"Records":[]}"#), "there is no record in it");
        assert_eq!(error("{"), "not JSON: EOF while parsing an object at line 1 column 1");
        assert_eq!(error("7"), "record 1 is no CloudTrail record: it is no object");
        assert_eq!(error("{}"), "record 1 is no CloudTrail record: it has neither `eventSource` nor `eventName`");
        assert_eq!(
            error(&format!(r#"[{ONE},{{"eventName":"X"}}]"#)),
            "record 2 is no CloudTrail record: it has no `eventSource`"
        );
        assert_eq!(error(r#"{"Records":7}"#), "record 1 is no CloudTrail record: `Records` is no list");
        assert_eq!(error(r#"{"digestStartTime":"x","logFiles":[]}"#), "this is a digest file, not a log file");
        assert!(error(r#"{"schema":"trailproof.snapshot/1"}"#).contains("trailproof.snapshot/1"));
        assert!(records(&[0x1f, 0x8b, 8, 0]).is_err());
    }
}
