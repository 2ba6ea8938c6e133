//! Results on the line of the template that made the resource.

use crate::repository::{BUCKET_ARN, OWN_TRAIL, Repository, world};
use crate::simulated::{LOG_GROUP, MANAGEMENT, TRAIL, code, stderr};

const YAML: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Conditions:
  IsMain: !Equals [!Ref "AWS::Region", us-east-1]
Resources:
  OrgTrail:
    Type: AWS::CloudTrail::Trail
    Condition: IsMain
    DependsOn: LogBucketPolicy
    Properties: &properties
      TrailName: !Sub "${AWS::StackName}-trail"
      S3BucketName: !Ref LogBucket
      IsLogging: true
      EnableLogFileValidation: !If [IsMain, true, false]
      EventSelectors:
        - ReadWriteType: All
      Tags:
        - Key: Name
          Value: !Join ["-", [a, !GetAtt LogBucket.Arn]]
  LogBucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: Enabled }
  LogBucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref LogBucket
      PolicyDocument:
        Statement:
          - Effect: Allow
            Resource: !Sub "arn:${AWS::Partition}:s3:::${LogBucket}/*"
  TrailLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: 365
"#;

fn resources() -> String {
    let stack = format!("arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stack/audit/0f8fad5b");
    let resource = |logical: &str, physical: &str, kind: &str| {
        serde_json::json!({
            "StackName": "audit", "StackId": stack, "LogicalResourceId": logical, "PhysicalResourceId": physical,
            "ResourceType": kind, "Timestamp": "2026-01-01T00:00:00Z", "ResourceStatus": "CREATE_COMPLETE",
        })
    };
    let resources = [
        resource("OrgTrail", "org-trail", "AWS::CloudTrail::Trail"),
        resource("LogBucket", "example-trail-logs", "AWS::S3::Bucket"),
        resource("TrailLogs", "trail", "AWS::Logs::LogGroup"),
    ];
    serde_json::json!({ "StackResources": resources }).to_string()
}

#[test]
fn stack_resources_lead_to_the_property_or_to_the_resource() {
    let repository = Repository::new();
    repository.write("cfn/audit.yaml", YAML).write("stack.json", &resources());
    let places = repository.places(&["--cloudformation", "cfn/audit.yaml=stack.json"]);
    let cases = [
        (("log-file-validation", TRAIL), "EnableLogFileValidation"),
        (("kms-cmk-encryption", TRAIL), "OrgTrail:"),
        (("selector-blind-spots", TRAIL), "EventSelectors:"),
        (("log-bucket-versioning", BUCKET_ARN), "VersioningConfiguration"),
        (("log-bucket-not-public", BUCKET_ARN), "PolicyDocument"),
        (("log-bucket-retention", BUCKET_ARN), "  LogBucket:"),
        (("log-group-retention", LOG_GROUP), "RetentionInDays"),
    ];
    for (what, text) in cases {
        repository.stands(&places, what, ("cfn/audit.yaml", text), "cloudformation");
    }
    // The stack stands elsewhere than the trail of that name.
    let elsewhere = resources().replace("cloudformation:us-east-1", "cloudformation:eu-west-1");
    repository.write("stack.json", &elsewhere);
    let places = repository.places(&["--cloudformation", "cfn/audit.yaml=stack.json"]);
    assert_eq!(places[&("log-file-validation".to_owned(), TRAIL.to_owned())].2, "stable");
}

#[test]
fn a_template_in_json_leads_to_the_same_kind_of_line() {
    let repository = Repository::new();
    let template = "{\n\t\"Resources\": {\n\t\t\"OrgTrail\": {\n\t\t\t\"Type\": \"AWS::CloudTrail::Trail\",\n\t\t\t\"Properties\": {\n\
                    \t\t\t\t\"S3BucketName\": { \"Ref\": \"LogBucket\" },\n\t\t\t\t\"EnableLogFileValidation\": true\n\t\t\t}\n\t\t}\n\t}\n}\n";
    repository.write("audit.json", template).write("stack.json", &resources());
    let places = repository.places(&["--cloudformation", "audit.json=stack.json"]);
    let validation = ("audit.json", "EnableLogFileValidation");
    repository.stands(&places, ("log-file-validation", TRAIL), validation, "cloudformation");
    repository.stands(&places, ("kms-cmk-encryption", TRAIL), ("audit.json", "\"OrgTrail\""), "cloudformation");
}

#[test]
fn tags_of_cloudformation_and_names_lead_to_a_template_without_stack_resources() {
    let mut snapshot = world();
    let trail = snapshot.trails.iter_mut().find(|trail| trail.arn.as_str() == TRAIL).unwrap();
    let tags = &mut trail.tags.as_mut().unwrap().value;
    tags.insert("aws:cloudformation:logical-id".to_owned(), "OrgTrail".to_owned());
    let repository = Repository::of(&snapshot);
    let named = "  Own:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      TrailName: own\n";
    repository.write("audit.yaml", &format!("{YAML}{named}"));
    let places = repository.places(&["--cloudformation", "audit.yaml"]);
    let validation = ("audit.yaml", "EnableLogFileValidation");
    repository.stands(&places, ("log-file-validation", TRAIL), validation, "cloudformation");
    repository.stands(&places, ("log-file-validation", OWN_TRAIL), ("audit.yaml", "  Own:"), "literal");
}

#[test]
fn what_is_no_template_and_no_stack_is_refused_with_its_place() {
    let repository = Repository::new();
    let templates = [
        ("Resources:\n\t- a\n", "this is not YAML"),
        ("{\n  \"Resources\": {,}\n}", "audit.yaml:2:17: this is not JSON"),
        ("a: 1\n", "there is nothing under `Resources`"),
        ("Resources: 1\n", "there is nothing under `Resources`"),
        ("", "the file is empty"),
    ];
    for (text, wrong) in templates {
        repository.write("audit.yaml", text);
        let output = repository.check(&["--output", "sarif", "--cloudformation", "audit.yaml"]);
        assert_eq!(code(&output), 2, "{text}");
        assert!(stderr(&output).contains(wrong), "{text}: {}", stderr(&output));
    }
    repository.write("audit.yaml", YAML);
    for (text, wrong) in
        [("{}", "describe-stack-resources"), ("x", "this is not JSON"), ("{\"StackResources\": [1]}", "stack.json:1:")]
    {
        repository.write("stack.json", text);
        let output = repository.check(&["--output", "sarif", "--cloudformation", "audit.yaml=stack.json"]);
        assert_eq!(code(&output), 2, "{text}");
        assert!(stderr(&output).contains(wrong), "{text}: {}", stderr(&output));
    }
}
