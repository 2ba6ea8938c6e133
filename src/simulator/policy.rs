//! As much of IAM's policy language as the simulator needs to decide who may read what.

use super::glob::covers;
use serde_json::Value;

/// What a policy says about an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Allowed,
    Denied,
    Silent,
}

/// A policy document, read once.
#[derive(Debug, Clone, Default)]
pub(super) struct Policy {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone)]
struct Statement {
    allows: bool,
    /// `None` where the statement names no principal, as in session policies.
    principals: Option<Vec<String>>,
    actions: Vec<String>,
    not_actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone)]
struct Condition {
    operator: String,
    key: String,
    values: Vec<String>,
}

/// Who asks, as conditions and principals see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) account: &'a str,
    pub(super) arn: &'a str,
    pub(super) organization: Option<&'a str>,
}

fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().flat_map(|item| strings(Some(item))).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other.to_string()],
    }
}

fn principals(value: &Value) -> Vec<String> {
    match value {
        Value::Object(kinds) => strings(kinds.get("AWS")),
        other => strings(Some(other)),
    }
}

fn conditions(value: Option<&Value>) -> Vec<Condition> {
    let Some(Value::Object(operators)) = value else { return Vec::new() };
    let mut found = Vec::new();
    for (operator, keys) in operators {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
            found.push(Condition { operator, key, values: strings(Some(values)) });
        }
    }
    found
}

impl Condition {
    /// Whether a request over TLS meets the condition; one that the simulator does not know is not met.
    fn is_met(&self, asker: Asker<'_>) -> bool {
        let actual = match self.key.as_str() {
            "aws:securetransport" => "true",
            "aws:principalorgid" => asker.organization.unwrap_or(""),
            "aws:principalaccount" => asker.account,
            "aws:principalarn" => asker.arn,
            _ => return false,
        };
        match self.operator.as_str() {
            "bool" | "stringequals" | "stringlike" | "arnlike" | "arnequals" => {
                self.values.iter().any(|value| covers(value, actual))
            }
            "stringnotequals" | "stringnotlike" | "arnnotlike" | "arnnotequals" => {
                !self.values.iter().any(|value| covers(value, actual))
            }
            _ => false,
        }
    }
}

impl Statement {
    fn read(value: &Value) -> Self {
        Self {
            allows: value.get("Effect").and_then(Value::as_str) == Some("Allow"),
            principals: value.get("Principal").map(principals),
            actions: strings(value.get("Action")),
            not_actions: strings(value.get("NotAction")),
            resources: strings(value.get("Resource")),
            conditions: conditions(value.get("Condition")),
        }
    }

    fn names(&self, asker: Asker<'_>) -> bool {
        let Some(principals) = &self.principals else { return true };
        principals.iter().any(|principal| {
            principal == "*"
                || principal == asker.account
                || principal == asker.arn
                || (principal.ends_with(":root") && principal.split(':').nth(4) == Some(asker.account))
        })
    }

    fn covers_action(&self, action: &str) -> bool {
        if self.not_actions.is_empty() {
            self.actions.iter().any(|pattern| covers(pattern, action))
        } else {
            !self.not_actions.iter().any(|pattern| covers(pattern, action))
        }
    }

    fn covers_resource(&self, resource: &str) -> bool {
        self.resources.is_empty() || self.resources.iter().any(|pattern| covers(pattern, resource))
    }
}

impl Policy {
    /// A policy document, or nothing where the text is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let statements = match document.get("Statement")? {
            Value::Array(items) => items.iter().map(Statement::read).collect(),
            one @ Value::Object(_) => vec![Statement::read(one)],
            _ => return None,
        };
        Some(Self { statements })
    }

    /// What the policy says of an action on a resource; a denial beats a permission.
    pub(super) fn judge(&self, asker: Asker<'_>, action: &str, resource: &str) -> Verdict {
        let mut verdict = Verdict::Silent;
        for statement in &self.statements {
            let fits = statement.covers_action(action)
                && statement.names(asker)
                && statement.covers_resource(resource)
                && statement.conditions.iter().all(|condition| condition.is_met(asker));
            match (fits, statement.allows) {
                (true, false) => return Verdict::Denied,
                (true, true) => verdict = Verdict::Allowed,
                (false, _) => {}
            }
        }
        verdict
    }

    /// Whether S3 calls the policy public: it lets in everyone, and no condition narrows that down to fixed values.
    ///
    /// Source: S3 User Guide, "The meaning of public".
    pub(super) fn is_public(&self) -> bool {
        self.statements.iter().any(|statement| {
            let everyone = statement.principals.iter().flatten().any(|principal| principal == "*");
            statement.allows && everyone && !statement.conditions.iter().any(Condition::narrows)
        })
    }
}

/// The condition keys that may make a policy non-public; the same source lists them.
const NARROWING_KEYS: [&str; 15] = [
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

impl Condition {
    fn narrows(&self) -> bool {
        const OPERATORS: [&str; 7] =
            ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress", "bool"];
        OPERATORS.contains(&self.operator.as_str())
            && NARROWING_KEYS.contains(&self.key.as_str())
            && self.values.iter().all(|value| self.is_fixed(value))
    }

    fn is_fixed(&self, value: &str) -> bool {
        if self.key == "aws:sourceip" {
            // Broader than /8 in IPv4 or /32 in IPv6 is the Internet.
            let least = if value.contains(':') { 32 } else { 8 };
            let bits = value.split_once('/').map_or(Some(128), |(_, bits)| bits.parse::<u32>().ok());
            return bits.is_some_and(|bits| bits >= least);
        }
        !value.contains(['*', '?', '$'])
    }
}

#[cfg(test)]
mod tests {
    use super::{Asker, Policy, Verdict};
    use serde_json::json;

    const ASKER: Asker<'_> =
        Asker { account: "111111111111", arn: "arn:aws:iam::111111111111:user/x", organization: Some("o-1") };

    fn policy(statement: serde_json::Value) -> Policy {
        Policy::read(&json!({ "Version": "2012-10-17", "Statement": statement }).to_string()).unwrap()
    }

    #[test]
    fn a_denial_beats_a_permission() {
        let both = policy(json!([
            { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" },
            { "Effect": "Deny", "Action": ["s3:GetBucketAcl"], "Resource": "*" }
        ]));
        assert_eq!(both.judge(ASKER, "s3:GetBucketPolicy", "r"), Verdict::Allowed);
        assert_eq!(both.judge(ASKER, "s3:GetBucketAcl", "r"), Verdict::Denied);
        assert_eq!(both.judge(ASKER, "kms:GetKeyPolicy", "r"), Verdict::Silent);
    }

    #[test]
    fn principals_and_conditions() {
        let allow =
            |principal, condition| {
                policy(json!({ "Effect": "Allow", "Principal": principal, "Action": "*", "Condition": condition }))
                    .judge(ASKER, "s3:GetBucketAcl", "r")
            };
        assert_eq!(allow(json!({ "AWS": "arn:aws:iam::111111111111:root" }), json!({})), Verdict::Allowed);
        assert_eq!(allow(json!({ "Service": "cloudtrail.amazonaws.com" }), json!({})), Verdict::Silent);
        let secure = json!({ "Bool": { "aws:SecureTransport": "true" } });
        assert_eq!(allow(json!("*"), secure), Verdict::Allowed);
        let other = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-2" } });
        assert_eq!(allow(json!("*"), other), Verdict::Silent);
        assert_eq!(allow(json!("*"), json!({ "StringEquals": { "aws:Unheard": "x" } })), Verdict::Silent);
    }

    #[test]
    fn what_s3_calls_public() {
        let public = |condition| {
            policy(json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": condition }))
                .is_public()
        };
        assert!(public(json!({})));
        assert!(public(json!({ "Bool": { "aws:SecureTransport": "true" } })));
        assert!(public(json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/1" } })));
        assert!(!public(json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } })));
        assert!(!public(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" } })));
        assert!(public(json!({ "StringLike": { "aws:PrincipalArn": "*" } })));
    }

    #[test]
    fn what_is_no_policy() {
        for text in ["", "[]", "{}", r#"{"Statement":1}"#, "not json"] {
            assert!(Policy::read(text).is_none(), "{text}");
        }
    }
}
