//! The events that the fifteen alarms of the CIS AWS Foundations Benchmark are about.
//!
//! Source: Security Hub User Guide, "Security Hub controls for Amazon CloudWatch" (CloudWatch.1 to .14, whose filters are
//! those that CIS prescribes); for changes of organizations, the filter of CIS AWS Foundations Benchmark v1.4.0, 4.15.
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>

use serde_json::json;

use super::EventKind;
use super::record::{Place, change, global_change, other_root, root, sign_in};
use super::seen::Open;

/// An alarm of the benchmark's section on monitoring, by its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CisAlarm {
    /// The id of the rule.
    pub id: &'static str,
    events: Of,
}

/// The events of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Unauthorized,
    SignInWithoutMfa,
    FailedSignIn,
    Root,
    /// Calls of a service, by name.
    Changes(&'static str, &'static [&'static str]),
    /// Calls of a service that writes its events in the leader Region alone.
    GlobalChanges(&'static str, &'static [&'static str]),
}

const EC2: &str = "ec2.amazonaws.com";

impl CisAlarm {
    /// All of them, in the benchmark's order.
    pub const ALL: [Self; 15] = [
        Self { id: "alarm-unauthorized-api", events: Of::Unauthorized },
        Self { id: "alarm-console-no-mfa", events: Of::SignInWithoutMfa },
        Self { id: "alarm-root-usage", events: Of::Root },
        Self { id: "alarm-iam-policy-change", events: Of::GlobalChanges("iam.amazonaws.com", IAM_POLICIES) },
        Self { id: "alarm-cloudtrail-change", events: Of::Changes("cloudtrail.amazonaws.com", TRAILS) },
        Self { id: "alarm-console-auth-failure", events: Of::FailedSignIn },
        Self { id: "alarm-cmk-disable-delete", events: Of::Changes("kms.amazonaws.com", KEYS) },
        Self { id: "alarm-s3-policy-change", events: Of::Changes("s3.amazonaws.com", BUCKETS) },
        Self { id: "alarm-config-change", events: Of::Changes("config.amazonaws.com", CONFIG) },
        Self { id: "alarm-sg-change", events: Of::Changes(EC2, SECURITY_GROUPS) },
        Self { id: "alarm-nacl-change", events: Of::Changes(EC2, NETWORK_ACLS) },
        Self { id: "alarm-gateway-change", events: Of::Changes(EC2, GATEWAYS) },
        Self { id: "alarm-route-table-change", events: Of::Changes(EC2, ROUTE_TABLES) },
        Self { id: "alarm-vpc-change", events: Of::Changes(EC2, VPCS) },
        Self {
            id: "alarm-organizations-change",
            events: Of::GlobalChanges("organizations.amazonaws.com", ORGANIZATIONS),
        },
    ];

    /// The events that the alarm must notice, as they reach a place.
    ///
    /// ```
    /// use trailproof::event::{CisAlarm, Place};
    /// let alarm = CisAlarm::ALL.iter().find(|alarm| alarm.id == "alarm-cmk-disable-delete");
    /// let events = alarm.map(|alarm| alarm.events(&Place::default())).unwrap_or_default();
    /// assert_eq!(events.iter().map(|event| event.name()).collect::<Vec<_>>(), ["DisableKey", "ScheduleKeyDeletion"]);
    /// ```
    pub fn events(&self, place: &Place) -> Vec<EventKind> {
        match self.events {
            Of::Unauthorized => unauthorized(place),
            Of::SignInWithoutMfa => vec![without_mfa(place)],
            Of::FailedSignIn => vec![failed_sign_in(place)],
            Of::Root => vec![root_usage(place)],
            Of::Changes(source, names) => names.iter().map(|name| change(source, name, place)).collect(),
            Of::GlobalChanges(source, names) => names.iter().map(|name| global_change(source, name, place)).collect(),
        }
    }
}

/// Calls that were refused. The two that CIS lets a filter leave out, deliveries of logs and `HeadBucket`, are not among
/// them.
fn unauthorized(place: &Place) -> Vec<EventKind> {
    ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"]
        .into_iter()
        .map(|code| {
            change("sts.amazonaws.com", "AssumeRole", place)
                .named(code)
                .having(&["errorCode"], &json!(code))
                .differing(Open::text(&["eventSource"], &["ec2.amazonaws.com", "s3.amazonaws.com"]))
                .differing(Open::text(&["eventName"], &["RunInstances", "GetBucketAcl"]).except(&["HeadBucket"]))
                .differing(Open::anything(&["readOnly"]).others([Some(json!(true))]))
                .differing(Open::anything(&["errorMessage"]).others([Some(json!("not authorized"))]))
                .differing(Open::text(&["sourceIPAddress"], &["2001:db8::7"]).except(&["delivery.logs.amazonaws.com"]))
        })
        .collect()
}

fn without_mfa(place: &Place) -> EventKind {
    sign_in("Success", place)
        .named("ConsoleLogin without MFA")
        .having(&["additionalEventData", "MFAUsed"], &json!("No"))
}

fn failed_sign_in(place: &Place) -> EventKind {
    let mut kind = sign_in("Failure", place)
        .named("ConsoleLogin with failed authentication")
        .having(&["errorMessage"], &json!("Failed authentication"));
    kind.fixed.retain(|path| path != &["userIdentity", "type"]);
    let user = kind.record["userIdentity"].clone();
    kind.identified(&user, [Some(root())])
}

/// Whatever the root user does of itself: not what a service does for it.
fn root_usage(place: &Place) -> EventKind {
    change(EC2, "RunInstances", place)
        .named("use of the root user")
        .identified(&root(), [Some(other_root())])
        .lacking(&["userIdentity", "invokedBy"])
        .having(&["userIdentity", "type"], &json!("Root"))
        .differing(Open::text(&["eventSource"], &["signin.amazonaws.com"]))
        .differing(Open::text(&["eventName"], &["ConsoleLogin"]))
        .differing(Open::text(&["eventType"], &["AwsConsoleSignIn", "AwsConsoleAction"]).except(&["AwsServiceEvent"]))
        .differing(Open::anything(&["readOnly"]).others([Some(json!(true))]))
        .differing(Open::anything(&["errorCode"]).others([Some(json!("AccessDenied"))]))
        .differing(Open::anything(&["errorMessage"]).others([Some(json!("not authorized"))]))
}

const IAM_POLICIES: &[&str] = &[
    "AttachGroupPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeleteGroupPolicy",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
];

const TRAILS: &[&str] = &["CreateTrail", "DeleteTrail", "StartLogging", "StopLogging", "UpdateTrail"];

const KEYS: &[&str] = &["DisableKey", "ScheduleKeyDeletion"];

const BUCKETS: &[&str] = &[
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketPolicy",
    "DeleteBucketReplication",
    "PutBucketAcl",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketPolicy",
    "PutBucketReplication",
];

const CONFIG: &[&str] =
    &["DeleteDeliveryChannel", "PutConfigurationRecorder", "PutDeliveryChannel", "StopConfigurationRecorder"];

const SECURITY_GROUPS: &[&str] = &[
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
];

const NETWORK_ACLS: &[&str] = &[
    "CreateNetworkAcl",
    "CreateNetworkAclEntry",
    "DeleteNetworkAcl",
    "DeleteNetworkAclEntry",
    "ReplaceNetworkAclAssociation",
    "ReplaceNetworkAclEntry",
];

const GATEWAYS: &[&str] = &[
    "AttachInternetGateway",
    "CreateCustomerGateway",
    "CreateInternetGateway",
    "DeleteCustomerGateway",
    "DeleteInternetGateway",
    "DetachInternetGateway",
];

const ROUTE_TABLES: &[&str] = &[
    "CreateRoute",
    "CreateRouteTable",
    "DeleteRoute",
    "DeleteRouteTable",
    "DisassociateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
];

const VPCS: &[&str] = &[
    "AcceptVpcPeeringConnection",
    "AttachClassicLinkVpc",
    "CreateVpc",
    "CreateVpcPeeringConnection",
    "DeleteVpc",
    "DeleteVpcPeeringConnection",
    "DetachClassicLinkVpc",
    "DisableVpcClassicLink",
    "EnableVpcClassicLink",
    "ModifyVpcAttribute",
    "RejectVpcPeeringConnection",
];

const ORGANIZATIONS: &[&str] = &[
    "AcceptHandshake",
    "AttachPolicy",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeclineHandshake",
    "DeleteOrganization",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "RemoveAccountFromOrganization",
    "UpdateOrganizationalUnit",
    "UpdatePolicy",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_those_of_the_benchmark() {
        let counts: Vec<usize> = CisAlarm::ALL.iter().map(|alarm| alarm.events(&Place::default()).len()).collect();
        assert_eq!(counts, [3, 1, 1, 16, 5, 1, 2, 9, 4, 6, 6, 6, 7, 11, 18]);
        for alarm in CisAlarm::ALL {
            if let Of::Changes(_, names) | Of::GlobalChanges(_, names) = alarm.events {
                assert!(names.is_sorted_by(|a, b| a < b), "{}", alarm.id);
            }
        }
    }
}
