//! Classes of events: what is recorded of them, and what is missing.

use serde_json::json;
use trailproof::derive::selector::{
    Access, Answer, Arns, EventClass, Insight, Selectors, Sources, covers, has_precondition,
};

use super::api::{advanced, basic, fields, selectors};

const S3: &str = "AWS::S3::Object";
const DATA: (&str, &str, &[&str]) = ("eventCategory", "Equals", &["Data"]);
const MANAGEMENT: (&str, &str, &[&str]) = ("eventCategory", "Equals", &["Management"]);
const OBJECTS: (&str, &str, &[&str]) = ("resources.type", "Equals", &[S3]);

fn management(selectors: &Selectors) -> [Answer; 6] {
    let kms = || Sources::One("kms.amazonaws.com".into());
    let rds = || Sources::One("rdsdata.amazonaws.com".into());
    let ask = |sources, access| selectors.cover(&EventClass::management("aws", sources, access));
    [
        ask(Sources::General, Access::Read),
        ask(Sources::General, Access::Write),
        ask(kms(), Access::Read),
        ask(kms(), Access::Write),
        ask(rds(), Access::Read),
        ask(rds(), Access::Write),
    ]
}

/// `+` all, `-` none, `~` part, `?` unknown.
fn signs(answers: &[Answer]) -> String {
    let sign = |answer: &Answer| match answer {
        Answer::All => '+',
        Answer::None => '-',
        Answer::Part(_) => '~',
        Answer::Unknown(_) => '?',
    };
    answers.iter().map(sign).collect()
}

fn objects(selectors: &Selectors, arns: Arns) -> [Answer; 2] {
    [Access::Read, Access::Write].map(|access| selectors.cover(&EventClass::data("aws", S3, arns.clone(), access)))
}

fn all_objects(selectors: &Selectors) -> String {
    signs(&objects(selectors, Arns::All))
}

fn bucket(selectors: &Selectors, name: &str) -> String {
    signs(&objects(selectors, Arns::Under(format!("arn:aws:s3:::{name}/"))))
}

#[test]
fn management_events_of_basic_selectors() {
    let of = |list| signs(&management(&basic(list)));
    assert_eq!(of(json!([{ "ReadWriteType": "All", "IncludeManagementEvents": true }])), "++++++");
    assert_eq!(of(json!([{ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true }])), "-+-+-+");
    assert_eq!(of(json!([{ "ReadWriteType": "ReadOnly" }, { "ReadWriteType": "WriteOnly" }])), "++++++");
    assert_eq!(of(json!([{ "ReadWriteType": "All", "IncludeManagementEvents": false }])), "------");
    let without = |sources| json!([{ "ReadWriteType": "All", "ExcludeManagementEventSources": sources }]);
    assert_eq!(of(without(json!(["kms.amazonaws.com"]))), "++--++");
    assert_eq!(of(without(json!(["kms.amazonaws.com", "rdsdata.amazonaws.com"]))), "++----");
    assert_eq!(of(without(json!(["s3.amazonaws.com"]))), "??++++", "AWS does not document that exclusion");
    assert_eq!(of(json!([{ "ReadWriteType": "Sometimes" }])), "??????");
    assert_eq!(of(json!([])), "??????");
    assert_eq!(signs(&management(&Selectors::default_of_trails())), "++++++");
}

#[test]
fn management_events_of_advanced_selectors() {
    let of = |list: &[&[(&str, &str, &[&str])]]| signs(&management(&fields(list)));
    assert_eq!(of(&[&[MANAGEMENT]]), "++++++");
    assert_eq!(of(&[&[MANAGEMENT, ("readOnly", "Equals", &["false"])]]), "-+-+-+");
    let (reads, writes) = (("readOnly", "Equals", &["true"][..]), ("readOnly", "Equals", &["false"][..]));
    assert_eq!(of(&[&[MANAGEMENT, reads], &[MANAGEMENT, writes]]), "++++++");
    assert_eq!(of(&[&[MANAGEMENT, ("eventSource", "NotEquals", &["kms.amazonaws.com"])]]), "++--++");
    assert_eq!(of(&[&[DATA, OBJECTS]]), "------");
    assert_eq!(of(&[]), "------");
    // Not documented for management events on trails.
    assert_eq!(of(&[&[MANAGEMENT, ("eventName", "Equals", &["RunInstances"])]]), "??????");
    assert_eq!(of(&[&[MANAGEMENT, ("eventSource", "Equals", &["ec2.amazonaws.com"])]]), "??????");
    assert_eq!(of(&[&[MANAGEMENT, ("readOnly", "NotEquals", &["true"])]]), "??????");
    assert_eq!(of(&[&[("readOnly", "Equals", &["true"])]]), "??????");
    // What another field excludes for certain stays excluded.
    assert_eq!(of(&[&[DATA, ("colour", "Equals", &["red"])]]), "------");
    assert_eq!(of(&[&[MANAGEMENT, ("colour", "Equals", &["red"]), writes]]), "-?-?-?");
    assert_eq!(of(&[&[MANAGEMENT, ("colour", "Equals", &["red"])], &[MANAGEMENT]]), "++++++");
}

#[test]
fn both_kinds_or_neither_is_open() {
    let one = json!([{ "ReadWriteType": "All" }]);
    let other = json!([{ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] }]);
    for set in [selectors(&one, &other), selectors(&json!(null), &json!(null))] {
        assert_eq!(signs(&management(&set)), "??????");
        assert_eq!(set.mistakes().len(), 1);
    }
}

#[test]
fn objects_of_basic_selectors() {
    let of = |values| {
        basic(json!([{ "ReadWriteType": "All", "IncludeManagementEvents": false,
            "DataResources": [{ "Type": S3, "Values": values }] }]))
    };
    assert_eq!(all_objects(&of(json!(["arn:aws:s3"]))), "++");
    assert_eq!(all_objects(&of(json!(["arn:aws:s3:::"]))), "++");
    assert_eq!(all_objects(&of(json!(["arn:aws-cn:s3"]))), "--", "another partition");
    assert_eq!(all_objects(&of(json!(["arn:aws:s3:::b1/"]))), "~~");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::b1/"])), "b1"), "++");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::b1/"])), "b12"), "--");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::b1/secret/"])), "b1"), "~~");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::b1"])), "b1"), "??", "AWS refuses it");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::b1"])), "b2"), "--");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::*"])), "b1"), "??", "AWS refuses it");
    assert_eq!(bucket(&of(json!([])), "b1"), "??");
    assert_eq!(bucket(&of(json!(["arn:aws:s3:::*", "arn:aws:s3"])), "b1"), "++", "the other value is plain");
}

#[test]
fn what_is_missing_is_said() {
    let set = fields(&[&[DATA, OBJECTS, ("resources.ARN", "NotStartsWith", &["arn:aws:s3:::logs/"])]]);
    let Answer::Part(missing) = &objects(&set, Arns::All)[0] else { panic!() };
    assert!(missing.contains("resources.ARN arn:aws:s3:::logs/…"), "{missing}");
    let set = fields(&[&[DATA, OBJECTS, ("eventName", "NotEquals", &["PutObjectAcl"])]]);
    assert_eq!(objects(&set, Arns::All)[1], Answer::Part("eventName PutObjectAcl".into()));
    assert_eq!(objects(&set, Arns::All)[0], Answer::All, "PutObjectAcl is no read");
    let Answer::Part(missing) = set.cover(&EventClass::data("aws", S3, Arns::All, Access::Both)) else { panic!() };
    assert!(missing.contains("PutObjectAcl"), "{missing}");
}

#[test]
fn objects_of_advanced_selectors() {
    let arn =
        |operator, values: &[&str]| all_objects(&fields(&[&[DATA, OBJECTS, ("resources.ARN", operator, values)]]));
    assert_eq!(all_objects(&fields(&[&[DATA, OBJECTS]])), "++");
    assert_eq!(arn("StartsWith", &["arn:aws:s3:::"]), "++");
    assert_eq!(arn("StartsWith", &["arn:aws:s3:::b1/"]), "~~");
    assert_eq!(arn("StartsWith", &["ARN:AWS:S3:::"]), "??", "whether case matters is not documented");
    assert_eq!(arn("Equals", &["arn:aws:s3:::b1/"]), "--", "no object has that ARN");
    assert_eq!(arn("NotStartsWith", &["arn:aws:s3:::logs/"]), "~~");
    assert_eq!(arn("NotStartsWith", &["arn:aws:s3:::"]), "--");
    let star = fields(&[&[DATA, OBJECTS, ("resources.ARN", "NotEquals", &["arn:aws:s3:::logs/*"])]]);
    assert_eq!(bucket(&star, "b1"), "++", "a literal star leaves nothing else out");
    // Two halves, and an exclusion that another selector makes good.
    let halves = fields(&[
        &[DATA, OBJECTS, ("resources.ARN", "StartsWith", &["arn:aws:s3:::logs/"])],
        &[DATA, OBJECTS, ("resources.ARN", "NotStartsWith", &["arn:aws:s3:::logs/"])],
    ]);
    assert_eq!(all_objects(&halves), "++");
    let two_types = ("resources.type", "Equals", &[S3, "AWS::Lambda::Function"][..]);
    assert_eq!(all_objects(&fields(&[&[DATA, two_types]])), "??");
    assert_eq!(all_objects(&fields(&[&[DATA]])), "??", "the type is required");
    assert_eq!(all_objects(&fields(&[&[DATA, OBJECTS, ("eventName", "StartsWith", &["Get"])]])), "~~");
}

#[test]
fn bulk_deletion_needs_an_empty_prefix() {
    let set = fields(&[&[DATA, OBJECTS, ("resources.ARN", "StartsWith", &["arn:aws:s3:::b1/secret/"])]]);
    let secret = objects(&set, Arns::Under("arn:aws:s3:::b1/secret/".into()));
    assert_eq!(secret[0], Answer::All);
    let Answer::Part(missing) = &secret[1] else { panic!("{secret:?}") };
    assert!(missing.contains("DeleteObjects") && missing.contains("b1/"), "{missing}");
    let whole = fields(&[&[DATA, OBJECTS, ("resources.ARN", "StartsWith", &["arn:aws:s3:::b1/"])]]);
    assert_eq!(signs(&objects(&whole, Arns::Exactly("arn:aws:s3:::b1/k".into()))), "++");
}

#[test]
fn functions_tables_and_other_types() {
    let ask = |selectors: &Selectors, name: &str, arns| {
        let class = |access| EventClass::data("aws", name, arns, access);
        signs(&[selectors.cover(&class(Access::Write))])
    };
    let lambda = "AWS::Lambda::Function";
    let table = "AWS::DynamoDB::Table";
    let of = |name: &str, value: &str| {
        basic(json!([{ "ReadWriteType": "All", "DataResources": [{ "Type": name, "Values": [value] }] }]))
    };
    let function = "arn:aws:lambda:us-east-1:111122223333:function:f";
    assert_eq!(ask(&of(lambda, "arn:aws:lambda"), lambda, Arns::All), "+");
    assert_eq!(ask(&of(lambda, function), lambda, Arns::All), "~");
    assert_eq!(ask(&of(lambda, function), lambda, Arns::Exactly(function.into())), "+");
    assert_eq!(ask(&of(lambda, function), lambda, Arns::Exactly(format!("{function}:7"))), "?");
    assert_eq!(ask(&of(lambda, function), lambda, Arns::Exactly(format!("{function}2"))), "-");
    assert_eq!(ask(&of(table, "arn:aws:dynamodb"), table, Arns::All), "+");
    assert_eq!(ask(&of(table, "arn:aws:dynamodb:us-east-1:111122223333:table/t"), table, Arns::All), "~");
    assert_eq!(
        ask(&of("AWS::SQS::Queue", "arn:aws:sqs"), "AWS::SQS::Queue", Arns::All),
        "?",
        "no basic selector has it"
    );
    assert_eq!(ask(&of("AWS::SQS::Queue", "arn:aws:sqs"), lambda, Arns::All), "-");
    let kind = ("resources.type", "Equals", &["AWS::New::Thing"][..]);
    let arn = |operator, value: &'static [&'static str]| fields(&[&[DATA, kind, ("resources.ARN", operator, value)]]);
    let new = |set: &Selectors| ask(set, "AWS::New::Thing", Arns::All);
    assert_eq!(new(&fields(&[&[DATA, kind]])), "+");
    assert_eq!(new(&arn("StartsWith", &["arn:aws:new:us-east-1:1:thing/a"])), "~");
    assert_eq!(new(&arn("NotStartsWith", &["arn:aws:new:us-east-1:1:thing/a"])), "~");
    assert_eq!(new(&arn("StartsWith", &["arn:aws:new:"])), "?", "its ARNs are not known here");
    assert_eq!(new(&arn("StartsWith", &["arn:aws:"])), "+");
}

#[test]
fn network_activity() {
    let network = ("eventCategory", "Equals", &["NetworkActivity"][..]);
    let source = ("eventSource", "Equals", &["kms.amazonaws.com"][..]);
    let ask = |set: &Selectors, of: &str| signs(&[set.cover(&EventClass::network("aws", of, Access::Both))]);
    assert_eq!(ask(&fields(&[&[network, source]]), "kms.amazonaws.com"), "+");
    assert_eq!(ask(&fields(&[&[network, source]]), "ec2.amazonaws.com"), "-");
    assert_eq!(ask(&fields(&[&[network]]), "kms.amazonaws.com"), "?", "the source is required");
    let denied = ("errorCode", "Equals", &["VpceAccessDenied"][..]);
    assert_eq!(ask(&fields(&[&[network, source, denied]]), "kms.amazonaws.com"), "~");
    let other = ("errorCode", "Equals", &["AccessDenied"][..]);
    assert_eq!(ask(&fields(&[&[network, source, other]]), "kms.amazonaws.com"), "?");
    assert_eq!(ask(&Selectors::default_of_trails(), "kms.amazonaws.com"), "-");
    let identity = ("userIdentity.arn", "NotStartsWith", &["arn:aws:sts::111122223333:assumed-role/scanner"][..]);
    assert_eq!(ask(&fields(&[&[network, source, identity]]), "kms.amazonaws.com"), "~", "trails take the identity");
    assert_eq!(ask(&fields(&[&[network, source, ("readOnly", "Equals", &["true"])]]), "kms.amazonaws.com"), "?");
}

#[test]
fn names_count_as_read_or_write_only_where_that_is_documented() {
    let but = |kind: &str, name: &str| {
        let set = fields(&[&[DATA, ("resources.type", "Equals", &[kind]), ("eventName", "NotEquals", &[name])]]);
        let of = |access| set.cover(&EventClass::data("aws", kind, Arns::All, access));
        signs(&[of(Access::Read), of(Access::Write)])
    };
    assert_eq!(but(S3, "GetObjectAttributes"), "~+");
    assert_eq!(but(S3, "PutObjectRetention"), "+~");
    assert_eq!(but(S3, "SelectObjectContent"), "~~", "its access is not documented");
    assert_eq!(but("AWS::Lambda::Function", "Invoke"), "~~", "nor is that of Invoke");
    let table = "AWS::DynamoDB::Table";
    assert_eq!(
        but(table, "ExecuteStatement"),
        "+~",
        "a statement is no read in the published record, not even a SELECT"
    );
    assert_eq!(but(table, "ExecuteTransaction"), "~~");
    assert_eq!(but(table, "GetRecords"), "~+");
}

#[test]
fn several_trails_cover_together() {
    let reads = basic(json!([{ "ReadWriteType": "ReadOnly" }]));
    let writes = fields(&[&[MANAGEMENT, ("readOnly", "Equals", &["false"])]]);
    let class = EventClass::management("aws", Sources::Any, Access::Both);
    assert_eq!(signs(&[reads.cover(&class), writes.cover(&class), covers([&reads, &writes], &class)]), "~~+");
    assert_eq!(covers([], &class), Answer::None);
}

#[test]
fn insights_need_management_events() {
    let ask = |set: &Selectors| [Insight::CallRate, Insight::ErrorRate].map(|kind| has_precondition(set, kind, "aws"));
    assert_eq!(ask(&basic(json!([{ "ReadWriteType": "ReadOnly" }]))), [Ok(false), Ok(true)]);
    assert_eq!(ask(&basic(json!([{ "ReadWriteType": "WriteOnly" }]))), [Ok(true), Ok(true)]);
    assert_eq!(ask(&fields(&[&[DATA, OBJECTS]])), [Ok(false), Ok(false)]);
    assert!(ask(&basic(json!([]))).iter().all(Result::is_err));
}

#[test]
fn very_many_selectors_are_decided_or_given_up() {
    let one = |at: usize| {
        json!({ "FieldSelectors": [
            { "Field": "eventCategory", "Equals": ["Data"] },
            { "Field": "resources.type", "Equals": [S3] },
            { "Field": "eventName", "NotEquals": [format!("Name{at}")] },
            { "Field": "resources.ARN", "NotEquals": [format!("arn:aws:s3:::b/{at}")] },
            { "Field": "userIdentity.arn", "NotEquals": [format!("arn:aws:iam::1:user/{at}")] },
        ]})
    };
    let set = advanced(json!((0..250).map(one).collect::<Vec<_>>()));
    assert_ne!(all_objects(&set), "--");
}
