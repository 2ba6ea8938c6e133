//! Events by name.

use trailproof::simulator::TrailStatus;

use crate::world::{Answer, Asked, world};

fn ask(asked: &Asked, arguments: &[&str]) -> Answer {
    asked.trace(["--account", "123456789012"].iter().chain(arguments))
}

#[test]
fn a_template_is_asked_for_like_a_record() {
    let asked = Asked::of(world());
    let object = "arn:aws:s3:::amzn-s3-demo-bucket1/ledger/2024.csv";
    let answer = ask(&asked, &["--event", "s3:GetObject", "--resource", object, "--region", "us-east-2"]);
    assert_eq!(answer.out, asked.sample("s3-get-object").out);
    assert_eq!(answer.code, 0);
    let other = "arn:aws:s3:::amzn-s3-demo-bucket2/x";
    ask(&asked, &["--event", "s3:GetObject", "--resource", other, "--region", "us-east-2"]).says(
        1,
        &["selector 2 (The ledger): resources.ARN is arn:aws:s3:::amzn-s3-demo-bucket2/x; the selector takes \
           `arn:aws:s3:::amzn-s3-demo-bucket1/ledger/`"],
    );
    ask(&asked, &["--event", "s3:DeleteObjects", "--resource", object, "--region", "us-east-2"])
        .says(1, &["on arn:aws:s3:::amzn-s3-demo-bucket1/… AWS::S3::Object"]);
}

#[test]
fn what_a_template_does_not_say_is_unknown_where_it_decides() {
    let asked = Asked::of(world());
    ask(&asked, &["--event", "s3:GetObject", "--region", "us-east-2"])
        .says(3, &["selector 2 (The ledger): resources.ARN the selector asks for it, and it was not said"]);
    let mut writes = world();
    writes.trails.remove(0);
    let asked = Asked::of(writes);
    let sign_in = ["--event", "signin:ConsoleLogin", "--region", "us-east-1"];
    let answer = ask(&asked, &sign_in);
    answer.says(
        3,
        &[
            "selector 1: readOnly the selector asks for it, and it was not said",
            "unknown: no trail records it for certain, and 1 of 4 may: say --read-only true or false, or give the record",
        ],
    );
    ask(&asked, &[&sign_in[..], &["--read-only", "false"]].concat()).says(0, &["recorded, by 1 of 4 trails"]);
    ask(&asked, &[&sign_in[..], &["--read-only", "true"]].concat()).says(1, &["not recorded, by none of 4 trails"]);
}

#[test]
fn an_event_that_is_not_known_by_name_is_described() {
    let asked = Asked::of(world());
    let place = ["--region", "us-east-2"];
    let ask = |arguments: &[&str]| ask(&asked, &[arguments, &place[..]].concat());
    ask(&["--event", "glue:CreateJob"]).refuses(
        "--event whether glue:CreateJob is a management or a data event is not known here",
        Some("say --category management, data or network-activity"),
    );
    ask(&["--event", "glue:CreateJob", "--category", "management"]).says(0, &["recorded, by 1 of 5 trails"]);
    ask(&["--event", "sqs:SendMessage", "--category", "data"]).refuses(
        "--event of which type of resource sqs:SendMessage is a data event is not known here",
        Some("say --resource-type, such as AWS::SQS::Queue"),
    );
    let queue = ["--event", "sqs:SendMessage", "--category", "data", "--resource-type", "AWS::SQS::Queue"];
    ask(&queue)
        .says(1, &["selector 2 (The ledger): resources.type is AWS::SQS::Queue; the selector takes `AWS::S3::Object`"]);
    let network = ["--event", "kms:Decrypt", "--category", "network-activity"];
    ask(&network).says(3, &["selector 1 (Denied): errorCode the selector asks for it, and it was not said"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let asked = Asked::of(world());
    let refused = |arguments: &[&str], error: &str, help: Option<&str>| {
        ask(&asked, arguments).refuses(&format!("--event {error}"), help);
    };
    let region = ["--region", "us-east-2"];
    let with = |arguments: &[&'static str]| [arguments, &region[..]].concat();
    refused(
        &with(&["--event", "s3:GetObjct"]),
        "whether s3:GetObjct is a management or a data event is not known here",
        Some("say --category management, data or network-activity; or is s3:GetObject meant?"),
    );
    for event in ["GetObject", "s3:", "S3:GetObject", "s3:Get Object", "s3:*"] {
        let error = format!("{event} is no event: it takes service:Operation, such as s3:GetObject");
        refused(&["--event", event, "--region", "us-east-2"], &error, None);
    }
    refused(
        &with(&["--event", "rds-data:ExecuteStatement"]),
        "the events of `rds-data` come from rdsdata (Aurora Serverless v1, management events) or rdsdataapi (other \
         clusters, data events)",
        None,
    );
    refused(
        &with(&["--event", "iam:PutUserPolicy"]),
        "the events of iam.amazonaws.com are written in us-east-1 alone, not in us-east-2",
        None,
    );
    refused(&["--event", "ec2:RunInstances"], "the Region of ec2:RunInstances is not known", Some("say --region"));
    refused(
        &with(&["--event", "s3:GetObject", "--read-only", "false"]),
        "s3:GetObject is an event that only reads",
        None,
    );
    refused(
        &with(&["--event", "s3:GetObject", "--category", "management"]),
        "s3:GetObject is a data event, no management event",
        None,
    );
    refused(
        &with(&["--event", "s3:GetObject", "--resource", "arn:aws:s3:::bucket"]),
        "s3:GetObject on arn:aws:s3:::bucket: the event is of one object, and this is the ARN of a bucket",
        None,
    );
    refused(
        &with(&["--event", "s3:GetObject", "--resource", "arn:aws:s3:us-east-2:123456789012:accesspoint/a/object/k"]),
        "s3:GetObject on arn:aws:s3:us-east-2:123456789012:accesspoint/a/object/k: objects have ARNs such as \
         arn:aws:s3:::bucket/key; what is no object has a type of its own",
        None,
    );
    refused(
        &with(&["--event", "s3:GetObject", "--resource", "arn:aws-cn:s3:::bucket/key"]),
        "arn:aws-cn:s3:::bucket/key is of another partition than the snapshot, which is of aws",
        None,
    );
}

#[test]
fn a_service_that_writes_in_one_region_needs_none() {
    let mut world = world();
    let asked = Asked::of(world.clone());
    ask(&asked, &["--event", "iam:PutUserPolicy"]).says(
        0,
        &[
            "PutUserPolicy of iam.amazonaws.com: a management event that writes, in 123456789012 payments, us-east-1",
            "recorded, by 2 of 5 trails",
        ],
    );
    world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    world.trails[1].global_events = false;
    ask(&Asked::of(world), &["--event", "iam:PutUserPolicy"])
        .says(1, &["it does not include global service events (IncludeGlobalServiceEvents)"]);
}
