//! The records that kinds are made from.

use serde_json::{Value, json};

use super::EventKind;
use super::seen::Open;
use crate::event::known;
use crate::id::{AccountId, RegionName};

/// What all events have in common that reach one place: a log group, a bus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The account that they all come from; none where they come from several.
    pub account: Option<AccountId>,
    /// The Region that they all come from; none where they come from several.
    pub region: Option<RegionName>,
    /// The Region where the partition's global services write their events, where it is known.
    pub leader: Option<RegionName>,
}

const ACCOUNT: &str = "111122223333";
const OTHER_ACCOUNT: &str = "444455556666";
const REGION: &str = "eu-west-1";
const OTHER_REGION: &str = "us-west-2";

/// Fields of a record that an API call may have or lack, and that may hold anything.
const OPTIONAL: [&str; 14] = [
    "additionalEventData",
    "addendum",
    "apiVersion",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "tlsDetails",
    "userAgent",
    "vpcEndpointAccountId",
    "vpcEndpointId",
];

/// A call of the API that changed something, by anybody who could.
pub(super) fn change(source: &str, operation: &str, place: &Place) -> EventKind {
    let known = known(source, operation);
    let read_only = known.and_then(|known| known.read_only);
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": assumed_role(),
        "eventTime": "2026-11-20T17:58:21Z",
        "eventSource": source,
        "eventName": operation,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.64",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": null,
        "responseElements": null,
        "requestID": "51ebef6c-1d7c-4ce3-9bf1-3ee12e9b7a1a",
        "eventID": "9bd26b1f-5b1e-4e5a-9c4f-0c9f3c8b7d10",
        "readOnly": read_only.unwrap_or(false),
        "eventType": known.map_or("AwsApiCall", |known| known.event_type),
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": "api.amazonaws.com",
        },
    });
    let mut open: Vec<Open> = OPTIONAL.iter().map(|name| Open::anything(&[name])).collect();
    if read_only.is_none() {
        open.push(Open::anything(&["readOnly"]));
    }
    open.push(Open::text(&["eventVersion"], &["1.08"]));
    open.push(Open::text(&["eventTime"], &["2025-03-02T04:05:06Z"]));
    open.push(Open::text(&["eventID"], &["0f0c2d3e-8a70-4b7c-8f32-5d1a2b3c4d5e"]));
    open.push(Open::text(&["sourceIPAddress"], &["2001:db8::7", "AWS Internal"]));
    open.push(Open::text(&["userIdentity", "type"], &[]));
    open.push(Open::anything(&["userIdentity"]).others([Some(user()), Some(root()), Some(through_a_service())]));
    EventKind { name: operation.to_owned(), record, open, fixed: Vec::new(), is_possible: true }
        .at("awsRegion", place.region.as_ref().map(RegionName::as_str), &[OTHER_REGION])
        .at("recipientAccountId", place.account.map(|account| account.to_string()).as_deref(), &[OTHER_ACCOUNT])
}

/// A call of a service that writes its events in the partition's leader Region alone.
///
/// Source: CloudTrail User Guide, "CloudTrail concepts" (global service events); Organizations User Guide, "Logging and
/// monitoring" (calls are logged in us-east-1).
pub(super) fn global_change(source: &str, operation: &str, place: &Place) -> EventKind {
    let region = place.region.as_ref().or(place.leader.as_ref()).cloned();
    // Without it, the sample is in some Region, and may be an event that never happens.
    let is_possible = region.is_some();
    EventKind { is_possible, ..change(source, operation, &Place { region, ..place.clone() }) }
}

/// Somebody's attempt to sign in to the console.
///
/// Source: CloudTrail User Guide, "AWS Management Console sign-in events": the Region differs by the kind of user and of
/// endpoint; no service does it for them.
pub(super) fn sign_in(outcome: &str, place: &Place) -> EventKind {
    let mut kind = change("signin.amazonaws.com", "ConsoleLogin", place)
        .having(&["responseElements", "ConsoleLogin"], &json!(outcome))
        .identified(
            &user(),
            [Some(json!({
                "type": "IAMUser",
                "principalId": "AIDAEXAMPLEEXAMPLEUS2",
                "accountId": ACCOUNT,
                "accessKeyId": "",
                "userName": "paulo",
            }))],
        )
        .having(&["userIdentity", "type"], &json!("IAMUser"))
        .lacking(&["userIdentity", "invokedBy"]);
    kind.record["additionalEventData"] = json!({
        "LoginTo": "https://console.aws.amazon.com/console/home",
        "MobileVersion": "No",
        "MFAUsed": "No",
    });
    kind
}

impl EventKind {
    /// The events, called something else.
    pub(super) fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// The events that have a value in a field.
    pub(super) fn having(mut self, path: &[&str], value: &Value) -> Self {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        self.record = super::seen::with(&self.record, &path, Some(value));
        self.fixed.push(path);
        self
    }

    /// The events that lack a field.
    pub(super) fn lacking(mut self, path: &[&str]) -> Self {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        self.record = super::seen::with(&self.record, &path, None);
        self.fixed.push(path);
        self
    }

    /// The events, differing in a field in this way.
    pub(super) fn differing(mut self, open: Open) -> Self {
        self.open.retain(|other| other.path != open.path);
        self.open.push(open);
        self
    }

    /// The events of one user in the sample, and others.
    pub(super) fn identified(mut self, identity: &Value, others: impl IntoIterator<Item = Option<Value>>) -> Self {
        self.record["userIdentity"] = identity.clone();
        self.differing(Open::anything(&["userIdentity"]).others(others))
    }

    /// The events with a text in a field where it is known, and differing in it where it is not.
    fn at(self, field: &str, known: Option<&str>, others: &[&str]) -> Self {
        match known {
            Some(text) => self.having(&[field], &Value::from(text)),
            None => self.differing(Open::text(&[field], others)),
        }
    }
}

fn assumed_role() -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLEEXAMPLEROL:session",
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/Admin/session"),
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLEEXAMPLEKEY",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLEEXAMPLEROL",
                "arn": format!("arn:aws:iam::{ACCOUNT}:role/Admin"),
                "accountId": ACCOUNT,
                "userName": "Admin",
            },
            "attributes": { "creationDate": "2026-11-20T17:41:02Z", "mfaAuthenticated": "false" },
        },
    })
}

fn user() -> Value {
    json!({
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLEEXAMPLEUSR",
        "arn": format!("arn:aws:iam::{OTHER_ACCOUNT}:user/anaya"),
        "accountId": OTHER_ACCOUNT,
        "accessKeyId": "AKIAEXAMPLEEXAMPLEKEY",
        "userName": "anaya",
    })
}

/// The root user of the account of the samples.
pub(super) fn root() -> Value {
    root_of(ACCOUNT)
}

/// The root user of another account.
pub(super) fn other_root() -> Value {
    root_of(OTHER_ACCOUNT)
}

fn root_of(account: &str) -> Value {
    json!({
        "type": "Root",
        "principalId": account,
        "arn": format!("arn:aws:iam::{account}:root"),
        "accountId": account,
        "accessKeyId": "",
    })
}

fn through_a_service() -> Value {
    let mut identity = assumed_role();
    identity["invokedBy"] = json!("cloudformation.amazonaws.com");
    identity
}
