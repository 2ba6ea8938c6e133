//! From the answers of those who read policies to facts: what was not read, and what does not decide, become gaps.

use std::collections::BTreeSet;

use super::bucket_policy::LogTrail;
use super::policy_document::{Answer, Doubt, Organization, Outsider, Scope, Source};
use super::question::{OpenQuestions, Question};
use crate::expr::{Gaps, Known};
use crate::id::AccountId;
use crate::snapshot::{Cause, Snapshot, Trail};

/// The accounts that count as one's own.
pub(super) struct Insiders {
    id: Option<String>,
    accounts: BTreeSet<AccountId>,
    complete: bool,
}

/// Rules name the accounts that they trust; what is derived trusts nobody.
static NOBODY: BTreeSet<AccountId> = BTreeSet::new();

impl Insiders {
    /// All accounts of the snapshot, and those that the organization itself names. They are all of the organization
    /// where it was listed to the end, and none was left out of the selection.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut accounts: BTreeSet<AccountId> = snapshot.accounts.iter().map(|account| account.id).collect();
        let organization = snapshot.organization.as_ref();
        let listed = !snapshot.gaps.iter().any(|gap| LISTING.contains(&gap.operation.as_str()));
        let complete = listed && organization.is_some_and(|listed| listed.accounts_total == accounts.len());
        if let Some(organization) = organization {
            accounts.insert(organization.management_account);
            let administrators = organization.delegated_administrators.iter().flat_map(|listed| &listed.value);
            accounts.extend(administrators.map(|administrator| administrator.account));
        }
        Self { id: organization.map(|listed| listed.id.clone()), accounts, complete }
    }

    /// Who counts as one's own for what an account owns.
    pub(super) fn scope(&self, owner: Option<AccountId>) -> Scope<'_> {
        let organization = Organization { id: self.id.as_deref(), accounts: &self.accounts, complete: self.complete };
        Scope { owner, organization, trusted: &NOBODY }
    }

    /// A trail as the readers of policies ask for it.
    pub(super) fn log_trail<'b>(&'b self, trail: &'b Trail) -> LogTrail<'b> {
        let configuration = &trail.configuration.value;
        LogTrail {
            arn: &trail.arn,
            prefix: configuration.s3_key_prefix.as_deref(),
            is_organization: configuration.is_organization_trail,
            organization: self.organization_of(trail.arn.account()),
            validation: configuration.log_file_validation_enabled,
            kms_key: configuration.kms_key_id.as_deref(),
        }
    }

    /// The organization of an account, where it is one of it.
    pub(super) fn organization_of(&self, account: AccountId) -> Option<&str> {
        self.id.as_deref().filter(|_| self.accounts.contains(&account))
    }
}

/// The calls by which an organization is listed.
const LISTING: [&str; 3] = [
    "organizations:ListRoots",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListAccountsForParent",
];

/// Answers about one thing, and where what they lack would have been read.
pub(super) struct Answers<'a> {
    pub(super) open: &'a mut OpenQuestions,
    /// The account that owns the thing, where it is known.
    pub(super) owner: Option<AccountId>,
    /// Its name or ARN.
    pub(super) resource: &'a str,
    /// The call that reads its policy.
    pub(super) policy: &'static str,
}

impl<'a> Answers<'a> {
    /// An answer as a fact.
    pub(super) fn known(&mut self, answer: &Answer) -> Known<bool> {
        match answer {
            Answer::Yes(_) => Known::Is(true),
            Answer::No(_) => Known::Is(false),
            Answer::Unknown(doubts) => Known::Gap(self.gaps(doubts)),
        }
    }

    /// Whether all answers are yes.
    pub(super) fn all<'b>(&mut self, answers: impl IntoIterator<Item = &'b Answer>) -> Known<bool> {
        let mut gaps = Gaps::none();
        for answer in answers {
            match self.known(answer) {
                Known::Is(true) => {}
                Known::Is(false) => return Known::Is(false),
                Known::Gap(more) => gaps = gaps.union(&more),
            }
        }
        if gaps.is_empty() { Known::Is(true) } else { Known::Gap(gaps) }
    }

    /// Whether somebody who is let in is outside.
    pub(super) fn is_outside(&mut self, outsider: &Outsider) -> Known<bool> {
        match outsider.doubts.as_slice() {
            [] => Known::Is(true),
            doubts => Known::Gap(self.gaps(doubts)),
        }
    }

    /// The gaps behind doubts.
    pub(super) fn gaps(&mut self, doubts: &[Doubt]) -> Gaps {
        doubts.iter().fold(Gaps::none(), |gaps, doubt| gaps.union(&self.gap(doubt)))
    }

    fn gap(&mut self, doubt: &Doubt) -> Gaps {
        match doubt {
            Doubt::NotRead(source) => self.not_read(*source),
            Doubt::Undecided(reason) => {
                let question = self.about(self.policy);
                self.open.leave(question, Cause::Unsupported, &format!("this does not decide it: {reason}"))
            }
        }
    }

    /// The gap of a call about the thing.
    pub(super) fn why(&mut self, operation: &'static str) -> Gaps {
        let question = self.about(operation);
        self.open.why(question)
    }

    fn not_read(&mut self, source: Source) -> Gaps {
        match source {
            Source::BucketPolicy => self.why("s3:GetBucketPolicy"),
            Source::BucketAcl => self.why("s3:GetBucketAcl"),
            Source::Ownership => self.why("s3:GetBucketOwnershipControls"),
            Source::BucketBlock => self.why("s3:GetPublicAccessBlock"),
            Source::AccountBlock => {
                let question = Question::of("s3control:GetPublicAccessBlock");
                self.open.why(self.owner.map_or(question, |owner| question.account(owner)))
            }
            Source::KeyPolicy => self.why("kms:GetKeyPolicy"),
            Source::TopicPolicy => self.why("sns:GetTopicAttributes"),
            Source::Organization => self.open.why(Question::of("organizations:ListAccountsForParent")),
            Source::Trail => self.open.why(Question::of("cloudtrail:DescribeTrails")),
        }
    }

    fn about(&self, operation: &'static str) -> Question<'a> {
        let question = Question::of(operation).resource(self.resource);
        self.owner.map_or(question, |owner| question.account(owner))
    }
}

/// What an answer rests on; nothing where it is not known.
pub(super) fn because(answer: &Answer) -> Vec<String> {
    answer.known().map(|_| answer.because()).unwrap_or_default()
}

/// What it rests on whether all answers are yes: those that are not, else all of them; nothing where it is not known.
pub(super) fn all_because<'b>(answers: impl Iterator<Item = &'b Answer> + Clone) -> Vec<String> {
    let all = !answers.clone().any(|answer| answer.known() != Some(true));
    let counts = answers.filter(|answer| answer.known() == Some(all));
    let mut reasons = Vec::new();
    for reason in counts.flat_map(Answer::because) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}
