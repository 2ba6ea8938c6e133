//! An organization whose trails select in many ways, and the binary asked about it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use trailproof::simulator::{Account, Bucket, Role, Simulator, Trail, TrailStatus, World};

use crate::simulated::{ROLE, code, read, stderr, stdout, trailproof};

pub(crate) const MANAGEMENT: &str = "111122223333";
pub(crate) const MEMBER: &str = "123456789012";
pub(crate) const OTHER: &str = "444455556666";

/// An advanced selector.
pub(crate) fn advanced(name: &str, fields: &[(&str, &str, &str)]) -> Value {
    let fields: Vec<Value> =
        fields.iter().map(|(field, operator, value)| json!({ "Field": field, (*operator): [value] })).collect();
    json!({ "Name": name, "FieldSelectors": fields })
}

/// An organization trail of management events without KMS and of one bucket's ledger; the member's trails of writes and
/// functions, of network activity, and a stopped one of everything; and a trail of another member.
pub(crate) fn world() -> World {
    let logging = || TrailStatus::logging(Timestamp::now());
    let mut world = World::with_organization("o-exampleorg", MANAGEMENT);
    for (id, name) in [(MEMBER, "payments"), (OTHER, "search")] {
        world.accounts.push(Account::new(id, name).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world.buckets.push(Bucket::new("example-logs", MANAGEMENT, "us-east-1"));
    let trail = |account: &str, name: &str, home: &str| Trail::new(account, name, home, "example-logs");
    let organization = trail(MANAGEMENT, "org-trail", "us-east-1").of_organization().with_status(logging());
    world.trails.push(
        organization
            .selecting_advanced([
                advanced(
                    "No keys",
                    &[("eventCategory", "Equals", "Management"), ("eventSource", "NotEquals", "kms.amazonaws.com")],
                ),
                advanced(
                    "The ledger",
                    &[
                        ("eventCategory", "Equals", "Data"),
                        ("resources.type", "Equals", "AWS::S3::Object"),
                        ("resources.ARN", "StartsWith", "arn:aws:s3:::amzn-s3-demo-bucket1/ledger/"),
                    ],
                ),
            ])
            .with_insights([json!({ "InsightType": "ApiCallRateInsight" })]),
    );
    let functions = json!({
        "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true,
        "DataResources": [{ "Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"] }],
    });
    world
        .trails
        .push(trail(MEMBER, "functions", "us-east-2").multi_region().with_status(logging()).selecting([functions]));
    let denied = [
        ("eventCategory", "Equals", "NetworkActivity"),
        ("eventSource", "Equals", "kms.amazonaws.com"),
        ("errorCode", "Equals", "VpceAccessDenied"),
    ];
    world.trails.push(
        trail(MEMBER, "network", "us-east-2").with_status(logging()).selecting_advanced([advanced("Denied", &denied)]),
    );
    let everything =
        [("Data", "AWS::S3::Object"), ("Data", "AWS::DynamoDB::Table")].map(|(category, resource_type)| {
            advanced("", &[("eventCategory", "Equals", category), ("resources.type", "Equals", resource_type)])
        });
    let stopped = TrailStatus::stopped(Timestamp::now());
    world
        .trails
        .push(trail(MEMBER, "stopped", "us-east-2").multi_region().with_status(stopped).selecting_advanced(everything));
    world.trails.push(trail(OTHER, "search", "eu-west-1").multi_region().with_status(logging()));
    world
}

/// A snapshot in a folder, and questions to the binary about it.
pub(crate) struct Asked {
    pub(crate) folder: TempDir,
    pub(crate) snapshot: PathBuf,
}

impl Asked {
    pub(crate) fn of(world: World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot.json");
        read(&Simulator::new(world)).write_json(&mut fs::File::create(&path).unwrap()).unwrap();
        Self { folder, snapshot: path }
    }

    /// What is printed for some arguments, and the exit code.
    pub(crate) fn trace<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Answer {
        let output = trailproof().arg("trace").arg("--snapshot").arg(&self.snapshot).args(arguments).output().unwrap();
        Answer::of(&output)
    }

    /// What is printed for a sample record.
    pub(crate) fn sample(&self, name: &str) -> Answer {
        self.trace([sample(name)])
    }

    /// What is printed for a record that is in no file.
    pub(crate) fn record(&self, record: &Value) -> Answer {
        self.piped(record.to_string().as_bytes())
    }

    /// What is printed for a document on stdin.
    pub(crate) fn piped(&self, bytes: &[u8]) -> Answer {
        let mut command = trailproof();
        command.args(["trace", "-", "--snapshot"]).arg(&self.snapshot);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        Answer::of(&child.wait_with_output().unwrap())
    }
}

pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new("tests/trace").join(format!("{name}.json"))
}

pub(crate) fn sample_record(name: &str) -> Value {
    serde_json::from_slice(&fs::read(sample(name)).unwrap()).unwrap()
}

pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self { code: code(output), out: stdout(output), error: stderr(output) }
    }

    /// Whether a line is printed, without its indentation and the blanks in it.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, lines: &[&str]) {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let printed: Vec<String> = self.out.lines().map(words).collect();
        for line in lines {
            assert!(printed.contains(&(*line).to_owned()), "not said: {line}\n{}{}", self.out, self.error);
        }
        assert_eq!(self.code, code, "{}{}", self.out, self.error);
    }

    /// Whether it is refused, in these words and with this advice.
    #[track_caller]
    pub(crate) fn refuses(&self, error: &str, help: Option<&str>) {
        assert_eq!(self.code, 2, "{}{}", self.out, self.error);
        assert_eq!(self.out, "");
        let expected = help.map_or(String::new(), |help| format!("  help: {help}\n"));
        assert_eq!(self.error, format!("error: {error}\n{expected}"));
    }
}
