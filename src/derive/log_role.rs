//! The role by which a trail writes to its log group.

use std::sync::Arc;

use super::bucket_policy::cloudtrail;
use super::permission::{NamedPolicy, Wish, can};
use super::policy_document::{
    Answer, Context, Doubt, Pattern, PolicyDocument, Principal, PrincipalCall, Reason, Value,
};
use super::question::{OpenQuestions, Question};
use super::subject::Derivation;
use crate::expr::{Gaps, Known};
use crate::facts::trail::LogRole as Facts;
use crate::id::Arn;
use crate::snapshot::{Cause, Existence, LogRole, ManagedPolicy, Trail};

/// What is known of the role of a trail; nothing, where it names none.
pub(super) fn facts(derivation: &mut Derivation<'_>, trail: &Trail) -> Option<Known<Facts>> {
    let configuration = &trail.configuration.value;
    let named = configuration.cloud_watch_logs_role_arn.as_deref()?;
    let question = Question::of("cloudtrail:DescribeTrails").account(trail.described_by).resource(trail.arn.as_str());
    let Ok(arn) = named.parse::<Arn>() else {
        let message = format!("the trail names its role by what is no ARN: {named}");
        return Some(Known::Gap(derivation.open.leave(question, Cause::MalformedAnswer, &message)));
    };
    let read = derivation.snapshot.log_roles.iter().find(|role| role.arn == arn);
    let organization = derivation.insiders.organization_of(trail.arn.account()).map(str::to_owned);
    let role = Role { arn: &arn, read, trail, organization: organization.as_deref() };
    Some(Known::Is(role.facts(&mut derivation.open)))
}

struct Role<'a> {
    arn: &'a Arn,
    read: Option<&'a LogRole>,
    trail: &'a Trail,
    organization: Option<&'a str>,
}

impl Role<'_> {
    fn facts(&self, open: &mut OpenQuestions) -> Facts {
        let description = self.read.and_then(|role| role.description.as_ref()).map(|read| &read.value);
        let Some(description) = description else {
            let gaps = self.why(open, &["iam:GetRole"]);
            let unknown = || Known::Gap(gaps.clone());
            return Facts {
                arn: self.arn.clone(),
                exists: unknown(),
                trusts_cloudtrail: unknown(),
                can_write: unknown(),
                because: Vec::new(),
            };
        };
        if description.existence == Existence::Missing {
            return Facts {
                arn: self.arn.clone(),
                exists: Known::Is(false),
                trusts_cloudtrail: Known::Is(false),
                can_write: Known::Is(false),
                because: vec!["the role does not exist".to_owned()],
            };
        }
        let trusts = self.trusts(description.trust.as_deref().unwrap_or(""));
        let writes = self.writes(open, description.boundary.as_ref());
        let mut because = Vec::new();
        for answer in [Some(&trusts), writes.as_ref().ok()].into_iter().flatten() {
            because.extend(answer.known().map(|_| answer.because()).unwrap_or_default());
        }
        Facts {
            arn: self.arn.clone(),
            exists: Known::Is(true),
            trusts_cloudtrail: self.known(open, &trusts, "iam:GetRole"),
            can_write: match writes {
                Ok(answer) => self.known(open, &answer, "iam:GetRolePolicy"),
                Err(gaps) => Known::Gap(gaps),
            },
            because,
        }
    }

    /// Whether the trust policy lets CloudTrail assume the role for the trail.
    fn trusts(&self, trust: &str) -> Answer {
        let document = match PolicyDocument::of_trust(trust) {
            Ok(document) => document,
            Err(why) => {
                return Answer::undecided(Reason::whole(format!("the trust policy cannot be read: {why}")));
            }
        };
        let anything = Pattern::new("*");
        let call = PrincipalCall {
            principal: Principal::service("cloudtrail.amazonaws.com"),
            action: "sts:AssumeRole",
            on: &anything,
            context: cloudtrail(&self.trail.arn, self.organization),
        };
        let in_trust = |reason: Reason| Reason::whole(format!("{reason} in the trust policy"));
        let (denied, mut doubts) = call.denied(&document);
        if !denied.is_empty() {
            return Answer::No(denied.into_iter().map(in_trust).collect());
        }
        let found = call.allowed(&document);
        if found.proven.is_empty() {
            doubts.extend(found.doubts);
        }
        match (found.proven.is_empty(), doubts.is_empty()) {
            (_, false) => Answer::Unknown(doubts),
            (false, true) => Answer::Yes(found.proven.into_iter().map(in_trust).collect()),
            (true, true) => {
                let mut missing =
                    vec![Reason::whole("the trust policy does not let cloudtrail.amazonaws.com assume the role")];
                missing.extend(found.near);
                Answer::No(missing)
            }
        }
    }

    /// Whether the role lets CloudTrail create its log streams and put events into them.
    fn writes(&self, open: &mut OpenQuestions, boundary: Option<&Arn>) -> Result<Answer, Gaps> {
        let read = self.read;
        let (inline, attached) = read.map_or((None, None), |role| (role.inline.as_ref(), role.attached.as_ref()));
        let mut unread = Gaps::none();
        if inline.is_none() {
            unread = unread.union(&self.why(open, &["iam:ListRolePolicies", "iam:GetRolePolicy"]));
        }
        if attached.is_none() {
            let calls = ["iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion"];
            unread = unread.union(&self.why(open, &calls));
        }
        let bound = read.and_then(|role| role.boundary.as_ref()).map(|read| managed(&read.value));
        if boundary.is_some() && bound.is_none() {
            unread = unread.union(&self.why(open, &["iam:GetPolicy", "iam:GetPolicyVersion"]));
        }
        let inline = inline.into_iter().flat_map(|read| &read.value);
        let inline =
            inline.map(|policy| NamedPolicy::of_identity(format!("inline policy {}", policy.name), &policy.document));
        let attached = attached.into_iter().flat_map(|read| &read.value).map(managed);
        let policies: Vec<NamedPolicy> = inline.chain(attached).collect();
        let answer = self.wishes().iter().map(|wish| can(&policies, bound.as_ref(), wish)).reduce(both);
        let answer = answer.unwrap_or_else(|| Answer::No(vec![Reason::whole("the trail names no log group")]));
        if unread.is_empty() { Ok(answer) } else { Err(unread) }
    }

    /// What CloudTrail does by the role: it makes a log stream for the account, and for each account of an organization.
    ///
    /// Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
    fn wishes(&self) -> Vec<Wish> {
        let configuration = &self.trail.configuration.value;
        let Some(group) = configuration.log_group() else { return Vec::new() };
        let stream = |name: &str| Pattern::exact(group).then(":log-stream:").then(name).and_beneath();
        let owner = self.trail.arn.account();
        let mut streams = vec![stream(&format!("{owner}_CloudTrail_{}", self.trail.arn.home_region()))];
        if configuration.is_organization_trail == Some(true) {
            streams.extend(self.organization.map(|id| stream(&format!("{id}_"))));
        }
        let context = Context::default()
            .is("aws:PrincipalArn", self.arn.as_str())
            .is("aws:SecureTransport", "true")
            .is("aws:RequestedRegion", self.trail.arn.home_region().as_str())
            .with("aws:MultiFactorAuthPresent", Value::Absent);
        let context = match self.arn.account() {
            Some(account) => context
                .is("aws:PrincipalAccount", &account.to_string())
                .is("aws:ResourceAccount", &group_account(group)),
            None => context,
        };
        let context = Arc::new(context);
        let actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
        let each = actions.into_iter().flat_map(|action| streams.iter().map(move |on| (action, on.clone())));
        each.map(|(action, on)| Wish { action, on, context: Arc::clone(&context) }).collect()
    }

    fn known(&self, open: &mut OpenQuestions, answer: &Answer, operation: &str) -> Known<bool> {
        match answer {
            Answer::Yes(_) => Known::Is(true),
            Answer::No(_) => Known::Is(false),
            Answer::Unknown(doubts) => {
                let told: Vec<String> = doubts.iter().map(Doubt::to_string).collect();
                let message = format!("this does not decide it: {}", told.join("; "));
                Known::Gap(open.leave(self.question(operation), Cause::Unsupported, &message))
            }
        }
    }

    /// The gap of the first of several calls that left one.
    fn why(&self, open: &mut OpenQuestions, operations: &[&str]) -> Gaps {
        let questions: Vec<Question<'_>> = operations.iter().map(|operation| self.question(operation)).collect();
        open.why_one_of(&questions)
    }

    fn question<'b>(&'b self, operation: &'b str) -> Question<'b> {
        let question = Question::of(operation).resource(self.arn.as_str());
        self.arn.account().map_or(question, |account| question.account(account))
    }
}

fn group_account(group: &str) -> String {
    group.split(':').nth(4).unwrap_or("").to_owned()
}

fn managed(policy: &ManagedPolicy) -> NamedPolicy {
    NamedPolicy::of_identity(format!("policy {}", policy.arn), &policy.document)
}

/// Whether both are so: what speaks against it first, then what leaves it open.
fn both(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Answer::No(mut reasons), Answer::No(more)) => {
            reasons.extend(more);
            Answer::No(reasons)
        }
        (Answer::No(reasons), _) | (_, Answer::No(reasons)) => Answer::No(reasons),
        (Answer::Unknown(mut doubts), Answer::Unknown(more)) => {
            doubts.extend(more);
            Answer::Unknown(doubts)
        }
        (Answer::Unknown(doubts), _) | (_, Answer::Unknown(doubts)) => Answer::Unknown(doubts),
        (Answer::Yes(mut reasons), Answer::Yes(more)) => {
            reasons.extend(more);
            Answer::Yes(reasons)
        }
    }
}
