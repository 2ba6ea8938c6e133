//! Cited vectors: whether a pattern matches an event. `"unknown"` stands where AWS documents nothing.

use serde_json::Value;
use trailproof::derive::event_pattern::EventPattern;

#[test]
fn every_vector_holds() {
    let document: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let mut wrong = Vec::new();
    for group in document["groups"].as_array().unwrap() {
        assert!(group["source"].is_string(), "a group has no source");
        for vector in group["vectors"].as_array().unwrap() {
            let event = if vector["event"].is_null() { &group["event"] } else { &vector["event"] };
            let found = vector["pattern"].to_string().parse::<EventPattern>().map(|pattern| pattern.matches(event));
            match &found {
                Ok(found) if found.known() == vector["matches"].as_bool() => {}
                Err(_) if vector["matches"] == "refused" => {}
                found => {
                    wrong.push(format!("{} on {event}: {} expected, {found:?}", vector["pattern"], vector["matches"]))
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let error = |text: &str| text.parse::<EventPattern>().unwrap_err().to_string();
    let cases = [
        ("", "line 1 column 0: it is not JSON"),
        ("{\n  \"a\": [1,]\n}", "line 2 column 11: it is not JSON"),
        ("[]", "the pattern: it is not an object"),
        ("{}", "the pattern: empty objects are not allowed"),
        (r#"{ "a": { "b": {} } }"#, "a.b: empty objects are not allowed"),
        (r#"{ "a": [] }"#, "a: empty arrays are not allowed"),
        (r#"{ "detail": { "eventName": "x" } }"#, "detail.eventName: a value must be in an array"),
        (r#"{ "a": [["x"]] }"#, "a: arrays within arrays are not allowed"),
        (r#"{ "a": [{ "regex": "x" }] }"#, "a: `regex` is no operator that is documented"),
        (r#"{ "a": [{ "prefix": 1 }] }"#, "a: a prefix or suffix must be a string"),
        (r#"{ "a": [{ "exists": "yes" }] }"#, "a: this is no operand of `exists`"),
        (r#"{ "a": [{ "prefix": "x", "suffix": "y" }] }"#, "a: an operator must be alone in its object"),
        (r#"{ "a": [{ "wildcard": "x**" }] }"#, "a: consecutive wildcard characters are not supported"),
        (r#"{ "a": [{ "cidr": "10.0.0.0" }] }"#, "a: `10.0.0.0` is not a block of addresses"),
        (r#"{ "a": [{ "numeric": [">", "5"] }] }"#, "a: `numeric` must have comparisons, each followed by a number"),
        (
            r#"{ "a": [{ "numeric": ["<", 5, ">", 1] }] }"#,
            "a: `numeric` must have one comparison, or a lower bound and an upper one",
        ),
        (
            r#"{ "a": [{ "anything-but": ["x", 1] }] }"#,
            "a: `anything-but` must have a string, a number, or a list of only one of these",
        ),
        (
            r#"{ "a": [{ "anything-but": { "numeric": ["x"] } }] }"#,
            "a: `numeric` within `anything-but` is not documented",
        ),
        (
            r#"{ "$or": [{ "a": ["x"] }] }"#,
            "$or: `$or` must have at least two objects, with fields that are not named as operators are",
        ),
        (
            r#"{ "$or": [{ "prefix": ["x"] }, { "a": ["x"] }] }"#,
            "$or: `$or` must have at least two objects, with fields that are not named as operators are",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(error(text), expected, "{text}");
    }
    let long = format!("{{ \"a\": [\"{}\"] }}", "x".repeat(20_000));
    assert_eq!(error(&long), "the pattern: it is 20013 bytes long, more than a rule may have");
    let deep = format!("{}[1]{}", "{\"a\":".repeat(300), "}".repeat(300));
    assert!(error(&deep).ends_with("it is not JSON"), "{}", error(&deep));
}
