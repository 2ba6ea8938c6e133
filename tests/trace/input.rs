//! The forms in which records are given, and what is no record.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::simulated::{code, stderr, trailproof};
use crate::world::{Asked, sample_record, world};

fn log_file(names: &[&str]) -> Value {
    json!({ "Records": names.iter().map(|name| sample_record(name)).collect::<Vec<_>>() })
}

#[test]
fn of_several_records_the_worst_decides() {
    let asked = Asked::of(world());
    let code = |names: &[&str]| asked.record(&log_file(names)).code;
    assert_eq!(code(&["s3-get-object", "put-event-selectors"]), 0);
    assert_eq!(code(&["s3-get-object", "missing-fields"]), 3);
    assert_eq!(code(&["missing-fields", "kms-decrypt", "s3-get-object"]), 1);
    let answer = asked.record(&log_file(&["missing-fields", "kms-decrypt", "s3-get-object"]));
    answer.says(1, &["3 events: 1 recorded, 1 not recorded, 1 unknown"]);
    assert!(answer.out.starts_with("1 of 3  RunInstances of ec2.amazonaws.com"), "{}", answer.out);
}

#[test]
fn a_log_file_may_be_compressed_and_come_from_stdin() {
    let asked = Asked::of(world());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(log_file(&["s3-get-object", "lambda-invoke"]).to_string().as_bytes()).unwrap();
    let compressed = gzip.finish().unwrap();
    asked.piped(&compressed).says(0, &["2 events: 2 recorded, 0 not recorded, 0 unknown"]);
    let path = asked.folder.path().join("log.json.gz");
    fs::write(&path, &compressed).unwrap();
    asked.trace([&path]).says(0, &["2 events: 2 recorded, 0 not recorded, 0 unknown"]);
    asked.piped(&compressed[..60]).refuses(
        "-: the compressed data is damaged or cut short: incomplete deflate stream",
        Some("fetch the file anew"),
    );
}

#[test]
fn what_is_no_record_is_refused_with_advice() {
    const TAKES: Option<&str> = Some("it takes a CloudTrail record as JSON, or a log file with `Records`");
    let asked = Asked::of(world());
    asked.sample("digest").refuses(
        "tests/trace/digest.json: this is a digest file, not a log file",
        Some("log files are beneath AWSLogs/…/CloudTrail/, their digests beneath AWSLogs/…/CloudTrail-Digest/"),
    );
    asked.trace([&asked.snapshot]).refuses(
        &format!(
            "{}: this is a document of trailproof (trailproof.snapshot/1), not a CloudTrail record",
            asked.snapshot.display()
        ),
        Some("a snapshot goes to --snapshot, and the event is another file"),
    );
    asked.piped(b"").refuses("-: there is no record in it", TAKES);
    asked.piped(b"{\"Records\": []}").refuses("-: there is no record in it", TAKES);
    asked.piped(b"{\n  oops").refuses("-: not JSON: key must be a string at line 2 column 3", TAKES);
    let mut records = log_file(&["s3-get-object", "s3-get-object"]);
    records["Records"][1].as_object_mut().unwrap().remove("eventSource");
    asked.record(&records).refuses("-: record 2 is no CloudTrail record: it has no `eventSource`", TAKES);
    asked.trace(["nowhere.json"]).refuses("nowhere.json: cannot be read: No such file or directory (os error 2)", None);
}

#[test]
fn event_and_snapshot_are_both_needed_and_not_both_stdin() {
    let run = |arguments: &[&str]| trailproof().arg("trace").args(arguments).output().unwrap();
    for arguments in [
        &["--snapshot", "x"][..],
        &["tests/trace/s3-get-object.json"],
        &["tests/trace/s3-get-object.json", "--snapshot", "x", "--event", "s3:GetObject", "--account", "123456789012"],
        &["--snapshot", "x", "--event", "s3:GetObject"],
        &["tests/trace/s3-get-object.json", "--snapshot", "x", "--region", "us-east-1"],
        &["tests/trace/s3-get-object.json", "--snapshot", "x", "--output", "sarif"],
    ] {
        assert_eq!(code(&run(arguments)), 2, "{arguments:?}");
    }
    let output = run(&["-", "--snapshot", "-"]);
    assert_eq!(code(&output), 2);
    assert_eq!(stderr(&output), "error: event and snapshot cannot both come from stdin: give one of them as a file\n");
    let output = run(&["tests/trace/s3-get-object.json", "--snapshot", "tests/trace/digest.json"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("digest.json is no snapshot that can be read"), "{}", stderr(&output));
}

#[test]
fn text_holds_nothing_that_moves_the_cursor() {
    let mut record = sample_record("s3-get-object");
    record["eventName"] = json!("Get\u{1b}[2JObject");
    record["resources"][0]["ARN"] = json!("arn:aws:s3:::b/\u{202e}x\r");
    let answer = Asked::of(world()).record(&record);
    assert!(!answer.out.contains(['\u{1b}', '\u{202e}', '\r']), "{:?}", answer.out);
}
