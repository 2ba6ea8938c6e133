//! Sample records: recorded by which selector, or why not.

use serde_json::json;
use trailproof::simulator::{Bucket, Trail, TrailStatus};

use crate::world::{Asked, MEMBER, OTHER, advanced, sample_record, world};

#[test]
fn an_object_is_recorded_by_the_selector_of_its_prefix() {
    let answer = Asked::of(world()).sample("s3-get-object");
    insta::assert_snapshot!(answer.out);
    answer.says(0, &["recorded org-trail us-east-1 111122223333 organization trail by selector 2 (The ledger)"]);
}

#[test]
fn bulk_deletion_is_not_recorded_under_a_prefix() {
    let answer = Asked::of(world()).sample("delete-objects");
    answer.says(
        1,
        &[
            "not recorded org-trail us-east-1 111122223333 organization trail",
            "selector 2 (The ledger): resources.ARN the event names only the bucket as a whole \
             (arn:aws:s3:::amzn-s3-demo-bucket1/), and the selector says \
             `arn:aws:s3:::amzn-s3-demo-bucket1/ledger/`",
            "not recorded stopped us-east-2 123456789012",
            "it does not log",
            "not recorded, by none of 5 trails",
        ],
    );
}

#[test]
fn every_resource_of_an_event_counts() {
    let mut world = world();
    let table = "arn:aws:dynamodb:us-east-2:123456789012:table/Ledger";
    let of = |operator| {
        let fields = [
            ("eventCategory", "Equals", "Data"),
            ("resources.type", "Equals", "AWS::DynamoDB::Table"),
            ("resources.ARN", operator, table),
        ];
        [advanced("", &fields)]
    };
    world.trails[2] = world.trails[2].clone().selecting_advanced(of("Equals"));
    Asked::of(world.clone())
        .sample("dynamodb-batch-write")
        .says(0, &["recorded network us-east-2 123456789012 by selector 1"]);
    world.trails[2] = world.trails[2].clone().selecting_advanced(of("NotEquals"));
    Asked::of(world).sample("dynamodb-batch-write").says(3, &["unknown network us-east-2 123456789012"]);
}

#[test]
fn a_sign_in_is_a_global_service_event() {
    let asked = Asked::of(world());
    asked.sample("console-login").says(
        0,
        &[
            "ConsoleLogin of signin.amazonaws.com: a management event, in 123456789012 payments, us-east-1",
            "recorded org-trail us-east-1 111122223333 organization trail by selector 1 (No keys)",
            "selector 1: readOnly the selector asks for it, and it was not said",
        ],
    );
    let mut without = world();
    without.trails[0].global_events = false;
    without.trails.remove(1);
    Asked::of(without)
        .sample("console-login")
        .says(1, &["it does not include global service events (IncludeGlobalServiceEvents)"]);
}

#[test]
fn keys_may_be_left_out() {
    Asked::of(world()).sample("kms-decrypt").says(
        1,
        &[
            "Decrypt of kms.amazonaws.com: a management event that only reads, in 123456789012 payments, us-east-2",
            "selector 1 (No keys): eventSource is kms.amazonaws.com, which the selector leaves out \
             (`kms.amazonaws.com`)",
            "selector 1: readOnly is true; the selector takes `false`",
        ],
    );
}

#[test]
fn the_data_api_writes_management_or_data_events() {
    let asked = Asked::of(world());
    asked
        .sample("rds-data-serverless-v1")
        .says(0, &["recorded org-trail us-east-1 111122223333 organization trail by selector 1 (No keys)"]);
    asked.sample("rds-data-cluster").says(
        1,
        &["selector 2 (The ledger): resources.type is AWS::RDS::DBCluster; the selector takes `AWS::S3::Object`"],
    );
}

#[test]
fn functions_management_events_and_insights_are_recorded_where_they_are_selected() {
    let asked = Asked::of(world());
    asked.sample("lambda-invoke").says(0, &["recorded functions us-east-2 123456789012 by selector 1"]);
    asked.sample("put-event-selectors").says(
        0,
        &[
            "recorded functions us-east-2 123456789012 by selector 1",
            "recorded, by 2 of 5 trails",
            "the event is of another Region, and it is a single-Region trail",
        ],
    );
    asked.sample("insights").says(
        0,
        &[
            "UpdateInstanceInformation of ssm.amazonaws.com: an Insights event, in 123456789012 payments, us-east-2",
            "recorded org-trail us-east-1 111122223333 organization trail ApiCallRateInsight is enabled on it",
            "ApiCallRateInsight is not enabled on it",
        ],
    );
}

#[test]
fn network_activity_is_recorded_by_error_code() {
    Asked::of(world()).sample("network-activity").says(
        0,
        &[
            "Decrypt of kms.amazonaws.com: a network activity event, in 123456789012 payments, us-east-2",
            "recorded network us-east-2 123456789012 by selector 1 (Denied)",
        ],
    );
    let mut record = sample_record("network-activity");
    record.as_object_mut().unwrap().remove("errorCode");
    let answer = Asked::of(world()).record(&record);
    assert_eq!(answer.code, 1, "{}", answer.out);
}

#[test]
fn a_record_that_lacks_fields_is_unknown_where_they_decide() {
    Asked::of(world()).sample("missing-fields").says(
        3,
        &[
            "RunInstances of ec2.amazonaws.com: an event whose category is not said, in 123456789012 payments, \
             us-east-2",
            "selector 1 (No keys): eventCategory the selector asks for it, and it was not said",
        ],
    );
}

#[test]
fn trails_of_other_accounts_do_not_reach_it() {
    let mut record = sample_record("put-event-selectors");
    record["recipientAccountId"] = json!(OTHER);
    Asked::of(world()).record(&record).says(
        0,
        &[
            "recorded search eu-west-1 444455556666 by selector 1",
            "not recorded 3 trails of other accounts, none of them an organization trail",
        ],
    );
    record["recipientAccountId"] = json!("999999999999");
    Asked::of(world()).record(&record).says(
        3,
        &[
            "unknown org-trail us-east-1 111122223333 organization trail",
            "whether it reaches the account of the event is not known",
            "cloudtrail:DescribeTrails in 999999999999: not-collected: the snapshot holds nothing of this account: it is \
             not in it, or not active",
        ],
    );
}

/// A member whose service control policy keeps an organization trail away is not reached, whatever the trail is.
#[test]
fn an_organization_trail_reaches_whom_sees_it() {
    let mut world = world();
    world.trails[0].organization = false;
    let answer = Asked::of(world).sample("put-event-selectors");
    answer.says(0, &["not recorded 2 trails of other accounts, none of them an organization trail"]);
}

#[test]
fn a_trail_can_leave_out_its_own_deliveries() {
    let mut world = world();
    world.buckets.push(Bucket::new("own-logs", MEMBER, "us-east-2"));
    let objects =
        [advanced("", &[("eventCategory", "Equals", "Data"), ("resources.type", "Equals", "AWS::S3::Object")])];
    let status = TrailStatus::logging(jiff::Timestamp::now());
    let mut own = Trail::new(MEMBER, "own", "us-east-2", "own-logs").with_status(status).selecting_advanced(objects);
    own.recursive_logging = Some(false);
    world.trails = vec![own.clone()];
    let delivery = |key: &str| {
        let mut record = sample_record("s3-get-object");
        record["eventName"] = json!("PutObject");
        record["readOnly"] = json!(false);
        record["userIdentity"] = json!({ "type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com" });
        record["resources"][0]["ARN"] = json!(format!("arn:aws:s3:::own-logs/{key}"));
        record
    };
    let file = delivery("AWSLogs/123456789012/CloudTrail/us-east-2/2024/05/20/x.json.gz");
    let asked = Asked::of(world.clone());
    asked.record(&file).says(1, &["it leaves out its own deliveries (RecursiveLogging)"]);
    asked.record(&delivery("elsewhere/x")).says(0, &["recorded own us-east-2 123456789012 by selector 1"]);
    asked.sample("s3-get-object").says(0, &["recorded own us-east-2 123456789012 by selector 1"]);

    world.trails.push(Trail { name: "twin".to_owned(), ..own.clone() });
    let twins = Asked::of(world.clone());
    twins.record(&file).says(3, &["whether this is a delivery of its own, which it leaves out, is not known"]);

    own.recursive_logging = None;
    world.trails = vec![own];
    Asked::of(world).record(&file).says(0, &["recorded own us-east-2 123456789012 by selector 1"]);
}

#[test]
fn a_trail_that_does_not_deliver_is_marked() {
    let mut world = world();
    world.trails[0].status.delivery_error = Some("NoSuchBucket".to_owned());
    Asked::of(world).sample("s3-get-object").says(0, &["but its latest delivery failed: NoSuchBucket"]);
}

#[test]
fn without_a_trail_nothing_is_recorded() {
    let mut world = world();
    world.trails.clear();
    Asked::of(world).sample("put-event-selectors").says(1, &["not recorded: there is no trail"]);
}
