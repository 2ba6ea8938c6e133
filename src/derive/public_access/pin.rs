//! Conditions that limit a statement to fixed values.
//!
//! Source: S3 User Guide, "The meaning of public", Bucket policies: the list of keys, and that a value with a wildcard or
//! a policy variable is not fixed. The list has "an AWS principal, user, role, or service principal (e.g.
//! aws:PrincipalOrgID)", which takes in the other keys of the principal.

use super::cidr;
use crate::derive::policy_document::{Condition, Pattern, Quantifier, Test};

/// How far something limits a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pin {
    /// To fixed values.
    Fixed,
    /// To what the guide does not decide.
    Doubtful(String),
    /// Not in S3's sense.
    Loose(String),
}

impl Pin {
    /// Both must hold: the tighter one counts.
    pub(super) fn tighter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fixed, _) | (_, Self::Fixed) => Self::Fixed,
            (Self::Doubtful(why), _) | (_, Self::Doubtful(why)) => Self::Doubtful(why),
            (loose, Self::Loose(_)) => loose,
        }
    }

    /// One of both is enough: the looser one counts.
    pub(super) fn looser(self, other: Self) -> Self {
        match (self, other) {
            (Self::Loose(why), _) | (_, Self::Loose(why)) => Self::Loose(why),
            (Self::Doubtful(why), _) | (_, Self::Doubtful(why)) => Self::Doubtful(why),
            (Self::Fixed, Self::Fixed) => Self::Fixed,
        }
    }
}

/// How the values of a key are judged.
enum Rule {
    /// A value without wildcards.
    Exact,
    /// An ARN; one with wildcards outside its account is not decided.
    Arn,
    /// A path that begins with the id of an organization; one with wildcards behind it is not decided.
    OrganizationPath,
    /// The ARN of an access point, whose name may be a wildcard where the account is fixed.
    AccessPoint,
    /// `aws:userid`, outside the pattern `AROLEID:*`.
    UserId,
    /// A block of addresses.
    Address,
    /// A key that limits, and of which the guide does not say, or no longer says, that it counts.
    NotListed(&'static str),
}

const NOT_NAMED: &str = "which S3's definition does not name";

/// S3's list no longer has the key that encrypts: it says what is written, not who writes.
const NO_LONGER_NAMED: &str = "which S3's definition named until 2023 and no longer does";

fn rule(key: &str) -> Option<Rule> {
    Some(match key {
        "aws:sourcevpc"
        | "aws:sourcevpce"
        | "aws:sourceowner"
        | "aws:sourceaccount"
        | "aws:sourceorgid"
        | "aws:principalorgid"
        | "aws:principalaccount"
        | "s3:dataaccesspointaccount" => Rule::Exact,
        "aws:sourcearn" | "aws:principalarn" => Rule::Arn,
        "aws:sourceorgpaths" | "aws:principalorgpaths" => Rule::OrganizationPath,
        "s3:dataaccesspointarn" => Rule::AccessPoint,
        "aws:userid" => Rule::UserId,
        "aws:sourceip" => Rule::Address,
        "aws:vpceaccount"
        | "aws:vpceorgid"
        | "aws:vpceorgpaths"
        | "aws:principalservicename"
        | "aws:principalservicenameslist"
        | "aws:username" => Rule::NotListed(NOT_NAMED),
        "s3:x-amz-server-side-encryption-aws-kms-key-id" => Rule::NotListed(NO_LONGER_NAMED),
        _ => return None,
    })
}

/// How far one condition of a statement limits it.
pub(super) fn by_condition(condition: &Condition, all: &[Condition]) -> Pin {
    let loose = || Pin::Loose(condition.describe());
    let Some(rule) = rule(&condition.key) else { return loose() };
    let operator = condition.operator;
    if !operator.is_strict() && !holds_only_where_present(condition, all) {
        return loose();
    }
    let fits = match rule {
        Rule::Address => operator.test == Test::IpAddress,
        _ => matches!(operator.test, Test::Equals | Test::EqualsIgnoringCase | Test::Like | Test::Arn),
    };
    if !fits {
        return loose();
    }
    // The values are alternatives.
    let values = condition.values.iter().map(|value| by_value(&rule, condition, value));
    let pin = values.fold(Pin::Fixed, Pin::looser);
    match pin {
        Pin::Fixed if !operator.is_strict() => Pin::Doubtful(format!(
            "is limited by ForAllValues: and Null: on {}, which S3's definition does not mention",
            condition.written
        )),
        pin => pin,
    }
}

/// `ForAllValues:` holds where the key is absent, unless `Null` says that it must be there.
fn holds_only_where_present(condition: &Condition, all: &[Condition]) -> bool {
    let operator = condition.operator;
    operator.quantifier == Some(Quantifier::All)
        && !operator.negated
        && !operator.if_exists
        && all.iter().any(|other| {
            other.operator.test == Test::Null
                && other.key == condition.key
                && other.values.iter().all(|value| value == "false")
        })
}

fn by_value(rule: &Rule, condition: &Condition, value: &str) -> Pin {
    let pattern = condition.operator.pattern(value);
    let loose = || Pin::Loose(condition.describe());
    let doubtful = |why: &str| Pin::Doubtful(format!("is limited only by {}, {why}", condition.describe()));
    let wildcard = "which has a wildcard";
    if pattern.has_variable() {
        return loose();
    }
    match rule {
        Rule::Address => match cidr::is_narrow(value) {
            Some(true) => Pin::Fixed,
            Some(false) => loose(),
            None => doubtful("which is not a block of addresses"),
        },
        Rule::NotListed(why) if pattern.is_fixed() => doubtful(why),
        Rule::NotListed(_) => loose(),
        // `StringEquals` takes a `*` literally, and so matches next to nothing; S3 may still call it a wildcard.
        _ if pattern.is_fixed() && !Pattern::new(value).is_fixed() => doubtful("where a wildcard has no meaning"),
        _ if pattern.is_fixed() => Pin::Fixed,
        Rule::Exact => loose(),
        Rule::Arn if fixed_account(value) => doubtful(wildcard),
        Rule::AccessPoint if fixed_access_point(value) => Pin::Fixed,
        Rule::AccessPoint if fixed_account(value) => doubtful(wildcard),
        Rule::OrganizationPath if value.split_once('/').is_some_and(|(id, _)| is_organization(id)) => {
            doubtful(wildcard)
        }
        Rule::UserId if fixed_role(value) => {
            doubtful("and S3's definition leaves open whether a role's id with any session is a fixed value")
        }
        Rule::Arn | Rule::AccessPoint | Rule::OrganizationPath | Rule::UserId => loose(),
    }
}

fn fields(arn: &str) -> Vec<&str> {
    arn.splitn(6, ':').collect()
}

fn fixed_account(arn: &str) -> bool {
    let fields = fields(arn);
    fields.len() == 6 && fields[4].len() == 12 && fields[4].bytes().all(|byte| byte.is_ascii_digit())
}

/// `arn:aws:s3:us-west-2:123456789012:accesspoint/*`: only the name may be a wildcard.
fn fixed_access_point(arn: &str) -> bool {
    let fields = fields(arn);
    fixed_account(arn)
        && fields[..5].iter().all(|field| Pattern::new(field).is_fixed())
        && fields[5].starts_with("accesspoint/")
}

fn is_organization(id: &str) -> bool {
    id.starts_with("o-") && Pattern::new(id).is_fixed()
}

/// A role's id with a wildcard for the session.
fn fixed_role(value: &str) -> bool {
    value.split_once(':').is_some_and(|(id, _)| id.starts_with("AROA") && Pattern::new(id).is_fixed())
}
