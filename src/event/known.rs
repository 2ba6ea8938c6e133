//! What is known of events by name: their category, whether they only read, and which resource they name.
//!
//! Data events are those of [`crate::derive::selector`]. Management events are those that alarms and rules speak of.
//! Whether one only reads is said by AWS's definition ("read-only events include API operations that read your resources,
//! but don't make changes"; write-only events "modify (or might modify) your resources"), but where a published record or
//! page says otherwise; where nothing decides it, it is not known. What is not in these tables is not known either.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html>

use crate::derive::selector::{Category, data_event, data_event_names};

/// What is known of an event by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The category.
    pub category: Category,
    /// Whether it only reads; nothing where that is not documented.
    pub read_only: Option<bool>,
    /// `AwsApiCall` for most.
    pub event_type: &'static str,
    /// The type of the resource by which a data event is selected.
    pub resource_type: Option<&'static str>,
}

type Names = &'static [(&'static str, Option<bool>)];

const READ: Option<bool> = Some(true);
const WRITE: Option<bool> = Some(false);

/// What is known of an event of a source, such as `s3.amazonaws.com`.
pub fn known(source: &str, name: &str) -> Option<Known> {
    let event_type = match source {
        "rdsdata.amazonaws.com" | "rdsdataapi.amazonaws.com" => "Rds Data Service",
        "signin.amazonaws.com" => "AwsConsoleSignIn",
        _ => "AwsApiCall",
    };
    if let Some((resource_type, read_only)) = data_event(source, name) {
        return Some(Known { category: Category::Data, read_only, event_type, resource_type: Some(resource_type) });
    }
    let found = management(source).iter().find(|(known, _)| *known == name)?;
    Some(Known { category: Category::Management, read_only: found.1, event_type, resource_type: None })
}

/// The names of the events that are known of a source.
pub fn names(source: &str) -> impl Iterator<Item = &'static str> {
    let data = data_event_names(source);
    data.chain(management(source).iter().map(|(name, _)| *name))
}

/// The sources of which events are known, without `.amazonaws.com`.
pub fn sources() -> impl Iterator<Item = &'static str> {
    MANAGEMENT.iter().map(|(source, _)| *source).chain(["dynamodb", "lambda", "rdsdataapi", "sns"])
}

fn management(source: &str) -> Names {
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    MANAGEMENT.iter().find(|(known, _)| *known == service).map_or(&[], |(_, names)| names)
}

/// Management events, by source.
///
/// Sources: Security Hub User Guide, "Security Hub controls for CloudWatch" (the metric filters of the CIS AWS Foundations
/// Benchmark); CloudTrail User Guide, "Logging management events" (EC2; KMS: `Encrypt`, `Decrypt` and `GenerateDataKey`
/// are logged as read events) and "AWS Management Console sign-in events"; CloudTrail API Reference; KMS Developer Guide,
/// "Examples of AWS KMS log entries"; IAM User Guide, "Logging IAM and AWS STS API calls" (the record of
/// `AssumeRoleWithSAML`); Aurora User Guide, "Logging Amazon RDS Data API calls" (Aurora Serverless v1).
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>
const MANAGEMENT: &[(&str, Names)] = &[
    ("cloudtrail", CLOUDTRAIL),
    ("config", CONFIG),
    ("ec2", EC2),
    ("iam", IAM),
    ("kms", KMS),
    ("organizations", ORGANIZATIONS),
    ("rdsdata", RDS_DATA),
    ("s3", S3),
    ("signin", SIGN_IN),
    ("sts", STS),
];

const CLOUDTRAIL: Names = &[
    ("AddTags", WRITE),
    ("CreateTrail", WRITE),
    ("DeleteEventDataStore", WRITE),
    ("DeleteTrail", WRITE),
    ("DescribeTrails", READ),
    ("GetEventSelectors", READ),
    ("GetInsightSelectors", READ),
    ("GetTrail", READ),
    ("GetTrailStatus", READ),
    ("ListTags", READ),
    ("ListTrails", READ),
    ("LookupEvents", READ),
    ("PutEventSelectors", WRITE),
    ("PutInsightSelectors", WRITE),
    ("RemoveTags", WRITE),
    ("StartLogging", WRITE),
    ("StopEventDataStoreIngestion", WRITE),
    ("StopLogging", WRITE),
    ("UpdateEventDataStore", WRITE),
    ("UpdateTrail", WRITE),
];

const CONFIG: Names = &[
    ("DeleteDeliveryChannel", WRITE),
    ("PutConfigurationRecorder", WRITE),
    ("PutDeliveryChannel", WRITE),
    ("StopConfigurationRecorder", WRITE),
];

const EC2: Names = &[
    ("AcceptVpcPeeringConnection", WRITE),
    ("AttachClassicLinkVpc", WRITE),
    ("AttachInternetGateway", WRITE),
    ("AuthorizeSecurityGroupEgress", WRITE),
    ("AuthorizeSecurityGroupIngress", WRITE),
    ("CreateCustomerGateway", WRITE),
    ("CreateInternetGateway", WRITE),
    ("CreateNetworkAcl", WRITE),
    ("CreateNetworkAclEntry", WRITE),
    ("CreateRoute", WRITE),
    ("CreateRouteTable", WRITE),
    ("CreateSecurityGroup", WRITE),
    ("CreateVpc", WRITE),
    ("CreateVpcPeeringConnection", WRITE),
    ("DeleteCustomerGateway", WRITE),
    ("DeleteInternetGateway", WRITE),
    ("DeleteNetworkAcl", WRITE),
    ("DeleteNetworkAclEntry", WRITE),
    ("DeleteRoute", WRITE),
    ("DeleteRouteTable", WRITE),
    ("DeleteSecurityGroup", WRITE),
    ("DeleteVpc", WRITE),
    ("DeleteVpcPeeringConnection", WRITE),
    ("DescribeSecurityGroups", READ),
    ("DescribeSubnets", READ),
    ("DetachClassicLinkVpc", WRITE),
    ("DetachInternetGateway", WRITE),
    ("DisableVpcClassicLink", WRITE),
    ("DisassociateRouteTable", WRITE),
    ("EnableVpcClassicLink", WRITE),
    ("ModifyVpcAttribute", WRITE),
    ("RejectVpcPeeringConnection", WRITE),
    ("ReplaceNetworkAclAssociation", WRITE),
    ("ReplaceNetworkAclEntry", WRITE),
    ("ReplaceRoute", WRITE),
    ("ReplaceRouteTableAssociation", WRITE),
    ("RevokeSecurityGroupEgress", WRITE),
    ("RevokeSecurityGroupIngress", WRITE),
    ("RunInstances", WRITE),
    ("TerminateInstances", WRITE),
];

const IAM: Names = &[
    ("AttachGroupPolicy", WRITE),
    ("AttachRolePolicy", WRITE),
    ("AttachUserPolicy", WRITE),
    ("CreatePolicy", WRITE),
    ("CreatePolicyVersion", WRITE),
    ("DeleteGroupPolicy", WRITE),
    ("DeletePolicy", WRITE),
    ("DeletePolicyVersion", WRITE),
    ("DeleteRolePolicy", WRITE),
    ("DeleteUserPolicy", WRITE),
    ("DetachGroupPolicy", WRITE),
    ("DetachRolePolicy", WRITE),
    ("DetachUserPolicy", WRITE),
    ("PutGroupPolicy", WRITE),
    ("PutRolePolicy", WRITE),
    ("PutUserPolicy", WRITE),
];

const KMS: Names = &[
    ("CreateKey", WRITE),
    ("Decrypt", READ),
    ("DisableKey", WRITE),
    ("Encrypt", READ),
    ("GenerateDataKey", READ),
    ("GetKeyRotationStatus", READ),
    ("ListAliases", READ),
    ("PutKeyPolicy", WRITE),
    ("ScheduleKeyDeletion", WRITE),
];

const ORGANIZATIONS: Names = &[
    ("AcceptHandshake", WRITE),
    ("AttachPolicy", WRITE),
    ("CreateAccount", WRITE),
    ("CreateOrganizationalUnit", WRITE),
    ("CreatePolicy", WRITE),
    ("DeclineHandshake", WRITE),
    ("DeleteOrganization", WRITE),
    ("DeleteOrganizationalUnit", WRITE),
    ("DeletePolicy", WRITE),
    ("DetachPolicy", WRITE),
    ("DisablePolicyType", WRITE),
    ("EnablePolicyType", WRITE),
    ("InviteAccountToOrganization", WRITE),
    ("LeaveOrganization", WRITE),
    ("MoveAccount", WRITE),
    ("RemoveAccountFromOrganization", WRITE),
    ("UpdateOrganizationalUnit", WRITE),
    ("UpdatePolicy", WRITE),
];

/// Their records, as published, have no `readOnly`.
const RDS_DATA: Names = &[
    ("BatchExecuteStatement", None),
    ("BeginTransaction", None),
    ("CommitTransaction", None),
    ("ExecuteStatement", None),
    ("RollbackTransaction", None),
];

const S3: Names = &[
    ("CreateBucket", WRITE),
    ("DeleteBucket", WRITE),
    ("DeleteBucketCors", WRITE),
    ("DeleteBucketLifecycle", WRITE),
    ("DeleteBucketPolicy", WRITE),
    ("DeleteBucketReplication", WRITE),
    ("ListBuckets", READ),
    ("PutBucketAcl", WRITE),
    ("PutBucketCors", WRITE),
    ("PutBucketLifecycle", WRITE),
    ("PutBucketPolicy", WRITE),
    ("PutBucketReplication", WRITE),
];

/// The records that AWS publishes of it have no `readOnly`.
const SIGN_IN: Names = &[("ConsoleLogin", None)];

/// Of `AssumeRole` and `AssumeRoleWithWebIdentity`, the records that AWS publishes have no `readOnly`.
const STS: Names = &[("AssumeRole", None), ("AssumeRoleWithSAML", READ), ("AssumeRoleWithWebIdentity", None)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_name_each_event_once() {
        assert!(MANAGEMENT.is_sorted_by(|a, b| a.0 < b.0));
        for (source, names) in MANAGEMENT {
            assert!(names.is_sorted_by(|a, b| a.0 < b.0), "{source}");
            let data: Vec<&str> = data_event_names(&format!("{source}.amazonaws.com")).collect();
            assert!(names.iter().all(|(name, _)| !data.contains(name)), "{source}: both data and management");
        }
    }

    #[test]
    fn events_are_known_by_source_and_name() {
        let object = known("s3.amazonaws.com", "GetObject").unwrap();
        assert_eq!((object.category, object.read_only), (Category::Data, Some(true)));
        assert_eq!(object.resource_type, Some("AWS::S3::Object"));
        let stop = known("cloudtrail.amazonaws.com", "StopLogging").unwrap();
        assert_eq!((stop.category, stop.read_only, stop.resource_type), (Category::Management, Some(false), None));
        assert_eq!(known("rdsdataapi.amazonaws.com", "ExecuteStatement").unwrap().category, Category::Data);
        assert_eq!(known("rdsdata.amazonaws.com", "ExecuteStatement").unwrap().category, Category::Management);
        assert_eq!(known("ec2.amazonaws.com", "GetObject"), None);
        for source in sources() {
            assert!(names(&format!("{source}.amazonaws.com")).next().is_some(), "{source}");
        }
    }
}
