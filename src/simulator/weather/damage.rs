//! Damage done to an answer that is written already.

use super::Effect;
use crate::simulator::wire::{Response, cbor, page};
use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};

/// Does an effect's damage to a response; effects that are not about responses do none.
pub(in crate::simulator) fn damage(response: &mut Response, effect: &Effect) {
    match effect {
        Effect::HalfAnswer => {
            let half = response.body().len() / 2;
            response.body_mut().truncate(half);
        }
        Effect::ContentType(content_type) => {
            if let Ok(value) = HeaderValue::from_str(content_type) {
                response.headers_mut().insert(CONTENT_TYPE, value);
            }
        }
        Effect::MalformedBody => *response.body_mut() = Bytes::from_static(b"\x00{<not an answer"),
        Effect::EmptyBody => response.body_mut().clear(),
        Effect::HugeBody(size) if is_cbor(response) => pad(response, *size),
        Effect::HugeBody(size) => {
            let mut body = response.body().to_vec();
            body.resize(body.len().max(*size), b' ');
            *response.body_mut() = Bytes::from(body);
        }
        Effect::WithoutField(name) => edit(response, |value| remove(value, name), |text| without_element(text, name)),
        Effect::UnknownWords => edit(response, unknown_words, unknown_elements),
        Effect::LoopingToken => lead_on(response, &page::token(0)),
        Effect::EndlessTokens => lead_on(response, &page::another(TOKENS.fetch_add(1, Ordering::Relaxed))),
        Effect::RawBody(body) => *response.body_mut() = Bytes::from(body.clone()),
        _ => {}
    }
}

fn is_cbor(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == b"application/cbor")
}

/// Blows up a body of CBOR, which has no blanks between its items, with a field that no parser knows.
fn pad(response: &mut Response, size: usize) {
    if let Some(Value::Object(mut fields)) = cbor::decode(response.body()) {
        fields.insert("Padding".to_owned(), Value::String(" ".repeat(size)));
        *response.body_mut() = Bytes::from(cbor::encode(&Value::Object(fields)));
    }
}

/// Changes a body as CBOR, as JSON, or else as XML.
fn edit(response: &mut Response, json: impl Fn(&mut Value), xml: impl Fn(&str) -> String) {
    if is_cbor(response) {
        if let Some(mut value) = cbor::decode(response.body()) {
            json(&mut value);
            *response.body_mut() = Bytes::from(cbor::encode(&value));
        }
        return;
    }
    let edited = match serde_json::from_slice::<Value>(response.body()) {
        Ok(mut value) => {
            json(&mut value);
            value.to_string()
        }
        Err(_) => xml(&String::from_utf8_lossy(response.body())),
    };
    *response.body_mut() = Bytes::from(edited);
}

fn remove(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            fields.shift_remove(name);
            fields.values_mut().for_each(|field| remove(field, name));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove(item, name)),
        _ => {}
    }
}

fn without_element(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&open) {
        kept.push_str(before);
        rest = after.split_once(&close).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// What takes the place of a value of an enumeration.
const UNKNOWN: &str = "NeverHeardOf";

/// Whether a text looks like a value of an enumeration: one word that begins with a capital. Ids have more digits.
fn is_word(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    plain && text.starts_with(|first: char| first.is_ascii_uppercase()) && digits <= 3 && text.len() <= 40
}

fn unknown_words(value: &mut Value) {
    match value {
        Value::String(text) if is_word(text) => *text = UNKNOWN.to_owned(),
        Value::Object(fields) => fields.values_mut().for_each(unknown_words),
        Value::Array(items) => items.iter_mut().for_each(unknown_words),
        _ => {}
    }
}

fn unknown_elements(text: &str) -> String {
    let parts = text.split_inclusive('>').map(|part| match part.split_once("</") {
        Some((word, end)) if is_word(word) => format!("{UNKNOWN}</{end}"),
        _ => part.to_owned(),
    });
    parts.collect()
}

/// How many tokens were made that nobody had seen.
static TOKENS: AtomicU64 = AtomicU64::new(0);

/// Has a page say that there is another one.
fn lead_on(response: &mut Response, token: &str) {
    edit(response, |value| lead_on_json(value, token), |text| lead_on_xml(text, token));
}

/// CloudWatch Logs writes its tokens with a small letter, tagging by another name; their answers are known by their lists.
fn lead_on_json(value: &mut Value, token: &str) {
    let own = [
        ("logGroups", "nextToken"),
        ("metricFilters", "nextToken"),
        ("subscriptionFilters", "nextToken"),
        ("ResourceTagMappingList", "PaginationToken"),
    ];
    let name = own.into_iter().find(|(list, _)| value.get(list).is_some()).map_or("NextToken", |(_, name)| name);
    if let Value::Object(fields) = value {
        fields.insert(name.to_owned(), Value::String(token.to_owned()));
    }
}

/// The elements that hold a list, and the name of the token in each.
const LISTS: [(&str, &str); 5] = [
    ("</ListAllMyBucketsResult>", "ContinuationToken"),
    ("</ListSubscriptionsByTopicResult>", "NextToken"),
    ("</ListRolePoliciesResult>", "Marker"),
    ("</ListAttachedRolePoliciesResult>", "Marker"),
    ("</GetAccountAuthorizationDetailsResult>", "Marker"),
];

fn lead_on_xml(text: &str, token: &str) -> String {
    let Some((end, name)) = LISTS.into_iter().find(|(end, _)| text.contains(end)) else { return text.to_owned() };
    let mut text = without_element(text, name);
    if name == "Marker" {
        text = text.replacen("<IsTruncated>false<", "<IsTruncated>true<", 1);
    }
    text.replacen(end, &format!("<{name}>{token}</{name}>{end}"), 1)
}
