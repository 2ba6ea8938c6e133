//! A repository with infrastructure code, as people write it, and what the results of a snapshot point at in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use trailproof::simulator::{Trail, TrailStatus};
use trailproof::snapshot::Snapshot;

use crate::simulated::{BUCKET, LOG_GROUP, MEMBER, TRAIL, good_world, stdout, trailproof};
use crate::{keep, snapshot};

pub(crate) const OWN_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/own";
pub(crate) const BUCKET_ARN: &str = "arn:aws:s3:::example-trail-logs";
/// What no output may hold.
pub(crate) const SECRET: &str = "hunter2-of-the-state";

/// A repository with a snapshot beside it.
pub(crate) struct Repository {
    folder: TempDir,
}

/// Where a result stands: the path, the line, and how it was found.
pub(crate) type At = (String, u64, String);

impl Repository {
    pub(crate) fn new() -> Self {
        Self::of(&world())
    }

    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("repository/.git")).unwrap();
        keep(folder.path(), snapshot);
        Self { folder }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Judges the snapshot in the repository, all rules.
    pub(crate) fn check(&self, arguments: &[&str]) -> Output {
        let mut command = trailproof();
        command.current_dir(self.root()).args(["check", "../snapshot.json", "--pack", "all", "--fail-on", "none"]);
        command.args(["--allow-incomplete"]).args(arguments).output().unwrap()
    }

    /// Where all results stand, by rule and resource.
    pub(crate) fn places(&self, arguments: &[&str]) -> BTreeMap<(String, String), At> {
        let output = self.check(&[&["--output", "sarif-full"], arguments].concat());
        crate::done(&output);
        places(&serde_json::from_str(&stdout(&output)).unwrap())
    }

    /// The line of the only place at which a text stands in a file.
    #[track_caller]
    pub(crate) fn line(&self, path: &str, text: &str) -> u64 {
        line_of(&fs::read_to_string(self.root().join(path)).unwrap(), text)
    }

    /// Asserts that a result stands on the line of a text.
    #[track_caller]
    pub(crate) fn stands(
        &self,
        places: &BTreeMap<(String, String), At>,
        what: (&str, &str),
        at: (&str, &str),
        how: &str,
    ) {
        let found = &places[&(what.0.to_owned(), what.1.to_owned())];
        assert_eq!(*found, (at.0.to_owned(), self.line(at.0, at.1), how.to_owned()), "{what:?}");
    }
}

#[track_caller]
pub(crate) fn line_of(text: &str, wanted: &str) -> u64 {
    let lines: Vec<usize> =
        text.lines().enumerate().filter(|(_, line)| line.contains(wanted)).map(|(at, _)| at + 1).collect();
    assert_eq!(lines.len(), 1, "{wanted} stands on {lines:?}");
    u64::try_from(lines[0]).unwrap()
}

pub(crate) fn places(log: &Value) -> BTreeMap<(String, String), At> {
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    let place = |result: &Value| {
        let location = &result["locations"][0];
        let physical = &location["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        let line = physical["region"]["startLine"].as_u64().unwrap();
        let anchor = result["properties"]["anchor"].as_str().unwrap().to_owned();
        let resource = location["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().to_owned();
        ((result["ruleId"].as_str().unwrap().to_owned(), resource), (uri, line, anchor))
    };
    results.iter().map(place).collect()
}

/// The good organization, and a member with a trail of its own.
pub(crate) fn world() -> Snapshot {
    static READ: LazyLock<Snapshot> = LazyLock::new(|| {
        let mut world = good_world();
        let status = TrailStatus::logging(Timestamp::now());
        world.trails.push(Trail::new(MEMBER, "own", "eu-west-1", BUCKET).with_status(status));
        snapshot(world)
    });
    READ.clone()
}

/// The organization's trail and its log group in a root module, the bucket in a module of ours, and the member's trail in
/// a module of somebody else's.
pub(crate) fn with_terraform(repository: &Repository) -> &Repository {
    repository
        .write("infra/main.tf", MAIN)
        .write("infra/modules/logs/bucket.tf", LOGS)
        .write("infra/.ignored.tf", "{{{");
    repository.write("infra/terraform.tfstate", &state())
}

pub(crate) const MAIN: &str = r#"terraform {
  required_version = ">= 1.5"
}

locals {
  name = "org-${terraform.workspace}"
}

module "logs" {
  source   = "./modules/logs"
  for_each = toset(["eu.west]", "us"])
  name     = each.key
}

module "trail" {
  source  = "terraform-aws-modules/cloudtrail/aws"
  version = "~> 1.0"

  trail_name                 = "own"
  enable_log_file_validation = false # of the module call
}

# resource "aws_cloudtrail" "commented" { name = "org-trail" }
resource "aws_cloudtrail" "org" {
  count          = var.enabled ? 1 : 0
  name           = local.name
  s3_bucket_name = module.logs["us"].bucket

  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = aws_kms_key.trail.arn

  dynamic "event_selector" { # of the trail
    for_each = var.selectors
    content {
      read_write_type = event_selector.value
    }
  }
}

resource "aws_cloudwatch_log_group" "trail" {
  name = "trail"
}

resource "aws_kms_key" "trail" {
  description = "é: more bytes than letters"
  policy      = <<-POLICY
    { "Statement": [ { "Effect": "Allow", "Resource": "${local.name}" } ] }
  POLICY
  enable_key_rotation = true
}
"#;

pub(crate) const LOGS: &str = r#"resource "aws_s3_bucket" "this" {
  bucket_prefix = var.name
}

resource "aws_s3_bucket" "other" {
  bucket = "other"
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = "Enabled" # versions
  }
}

resource "aws_s3_bucket_versioning" "other" {
  bucket = aws_s3_bucket.other.id
  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_logging" "other" {
  bucket        = aws_s3_bucket.other.id
  target_bucket = aws_s3_bucket.this.id
}

resource "aws_s3_bucket_policy" "this" {
  bucket = "${aws_s3_bucket.this.bucket}"
  policy = jsonencode({ # of the bucket
    Version = "2012-10-17"
    Statement = [{ Sid = "Write", Effect = "Allow", Action = ["s3:PutObject"] }]
  })
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "logs"
    status = "Enabled"
    expiration {
      days = 2555
    }
  }
}
"#;

/// A state of version 4, with secrets in it.
pub(crate) fn state() -> String {
    let resource = |module: Option<&str>, kind: &str, name: &str, arn: &str| {
        let mut resource = serde_json::json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "index_key": "us", "schema_version": 0, "attributes": {
                "arn": arn, "id": "x", "secret_string": SECRET, "tags": null,
            }, "sensitive_attributes": [] }],
        });
        if let Some(module) = module {
            resource["module"] = module.into();
        }
        resource
    };
    let resources = [
        resource(None, "aws_cloudtrail", "org", TRAIL),
        resource(Some("module.logs[\"eu.west]\"]"), "aws_s3_bucket", "this", "arn:aws:s3:::another"),
        resource(Some("module.logs[\"us\"]"), "aws_s3_bucket", "this", BUCKET_ARN),
        resource(Some("module.trail.module.inner[0]"), "aws_cloudtrail", "this", OWN_TRAIL),
        resource(None, "aws_cloudwatch_log_group", "trail", &format!("{LOG_GROUP}:*")),
        resource(None, "aws_kms_key", "trail", crate::simulated::KEY),
        resource(None, "aws_db_instance", "x", "arn:aws:rds:us-east-1:111111111111:db:x"),
    ];
    let state = serde_json::json!({
        "version": 4, "terraform_version": "1.9.5", "serial": 3, "lineage": "x",
        "outputs": { "password": { "value": SECRET, "type": "string", "sensitive": true } },
        "resources": resources, "check_results": null,
    });
    serde_json::to_string_pretty(&state).unwrap()
}

/// The same, as `terraform show -json` prints it.
pub(crate) fn printed_state() -> String {
    let resource = |address: &str, kind: &str, name: &str, arn: &str| {
        serde_json::json!({
            "address": address, "mode": "managed", "type": kind, "name": name, "schema_version": 0,
            "values": { "arn": arn, "secret_string": SECRET }, "sensitive_values": {},
        })
    };
    let state = serde_json::json!({
        "format_version": "1.0", "terraform_version": "1.9.5",
        "values": { "outputs": { "password": { "value": SECRET } }, "root_module": {
            "resources": [
                resource("aws_cloudtrail.org[0]", "aws_cloudtrail", "org", TRAIL),
                resource("aws_cloudwatch_log_group.trail", "aws_cloudwatch_log_group", "trail", LOG_GROUP),
                resource("aws_kms_key.trail", "aws_kms_key", "trail", crate::simulated::KEY),
            ],
            "child_modules": [
                { "address": "module.logs[\"us\"]", "resources": [
                    resource("module.logs[\"us\"].aws_s3_bucket.this", "aws_s3_bucket", "this", BUCKET_ARN),
                ] },
                { "address": "module.trail", "child_modules": [{ "address": "module.trail.module.inner[0]", "resources": [
                    resource("module.trail.module.inner[0].aws_cloudtrail.this", "aws_cloudtrail", "this", OWN_TRAIL),
                ] }] },
            ],
        } },
    });
    state.to_string()
}
