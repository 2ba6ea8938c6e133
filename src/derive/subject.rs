//! The subjects of a snapshot: everything that a rule can judge, each with its facts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::access::Insiders;
use super::coverage::{Coverage, coverage};
use super::question::OpenQuestions;
use super::{account, bucket, event_data_store, key, log_group, organization, topic, trail};
use crate::expr::{Fact, Gaps, Known, Shared, ToFact};
use crate::facts::{self, Scope};
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Bucket, Snapshot, Trail};

/// One thing that rules of a scope judge.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The kind of thing.
    pub scope: Scope,
    /// Its ARN; none only for the organization where none was listed.
    pub resource: Option<Arc<str>>,
    /// The account that owns it, as far as that is known; else the account of the first trail that uses it.
    pub account: Option<AccountId>,
    /// Its Region.
    pub region: Option<RegionName>,
    /// The trails that use it, by ARN, sorted.
    pub related: Arc<[String]>,
    /// Whether it serves redundant trails alone.
    pub redundant: bool,
    /// Why no rule applies to it, where none does.
    pub not_applicable: Option<Arc<str>>,
    /// What rules may say of it.
    pub facts: Fact,
}

/// The subjects of a snapshot, what trails cover, and the gaps that both refer to.
#[derive(Debug)]
pub struct Derived {
    /// The subjects, by scope, then by ARN.
    pub subjects: Vec<Subject>,
    /// What is recorded where.
    pub coverage: Arc<Coverage>,
    /// The gaps.
    pub open: OpenQuestions,
}

impl Derived {
    /// How many of the accounts to be scanned may see trails that were not seen: they were not entered, did not say which
    /// Regions they have, or a Region of theirs did not answer.
    pub fn accounts_with_unseen_trails(&mut self, snapshot: &Snapshot) -> usize {
        let active = snapshot.accounts.iter().filter(|account| account.is_active());
        active.filter(|account| !account::unread(&mut self.open, snapshot, account).is_empty()).count()
    }
}

/// All that is derived from one snapshot while it is derived.
pub(super) struct Derivation<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) open: OpenQuestions,
    pub(super) coverage: Arc<Coverage>,
    pub(super) trails: Arc<BTreeMap<TrailArn, Shared<facts::Trail>>>,
    pub(super) uses: Arc<Uses<'a>>,
    pub(super) insiders: Arc<Insiders>,
}

/// Which trails use a thing, by its name or ARN.
#[derive(Default)]
pub(super) struct Uses<'a> {
    pub(super) buckets: HashMap<&'a str, Vec<&'a Trail>>,
    pub(super) keys: HashMap<&'a str, Vec<&'a Trail>>,
    pub(super) topics: HashMap<&'a str, Vec<&'a Trail>>,
    pub(super) log_groups: HashMap<&'a str, Vec<&'a Trail>>,
}

impl<'a> Uses<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let mut uses = Self::default();
        for trail in &snapshot.trails {
            let configuration = &trail.configuration.value;
            if let Some(bucket) = &configuration.s3_bucket_name {
                uses.buckets.entry(bucket).or_default().push(trail);
            }
            if let Some(key) = &configuration.kms_key_id {
                uses.keys.entry(key).or_default().push(trail);
            }
            if let Some(topic) = &configuration.sns_topic_arn {
                uses.topics.entry(topic).or_default().push(trail);
            }
            if let Some(group) = configuration.log_group() {
                uses.log_groups.entry(group).or_default().push(trail);
            }
        }
        uses
    }

    /// The trails that deliver into a bucket.
    pub(super) fn of_bucket(&self, bucket: &Bucket) -> &[&'a Trail] {
        self.buckets.get(bucket.name.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// Derives every subject of a snapshot.
pub fn subjects(snapshot: &Snapshot) -> Derived {
    let mut open = OpenQuestions::of(snapshot);
    let (uses, insiders) = (Uses::of(snapshot), Insiders::of(snapshot));
    // Each takes long, and neither needs the other.
    let (coverage, policies) =
        rayon::join(|| coverage(snapshot, &mut open), || bucket::verdicts(snapshot, &uses, &insiders));
    let (coverage, uses, insiders) = (Arc::new(coverage), Arc::new(uses), Arc::new(insiders));
    let mut derivation = Derivation { snapshot, open, coverage, trails: Arc::default(), uses, insiders };
    let trails = derivation.in_parts(&snapshot.trails, |derivation, trails| {
        let derived = trails.iter().map(|read| {
            let redundant = derivation.coverage.is_redundant(&read.arn);
            (read.arn.clone(), Shared::new(trail::facts(derivation, read, redundant)))
        });
        derived.collect()
    });
    derivation.trails = Arc::new(trails.into_iter().collect());
    let mut subjects = vec![organization::subject(&mut derivation)];
    subjects.extend(account::subjects(&mut derivation));
    subjects.extend(trail::subjects(&derivation));
    subjects.extend(bucket::subjects(&mut derivation, policies));
    subjects.extend(key::subjects(&mut derivation));
    subjects.extend(topic::subjects(&mut derivation));
    subjects.extend(log_group::subjects(&mut derivation));
    subjects.extend(event_data_store::subjects(&mut derivation));
    Derived { subjects, coverage: derivation.coverage, open: derivation.open }
}

impl Subject {
    /// What stands for everything that a rule could judge, where it applies to nothing.
    pub fn of_none(snapshot: &Snapshot, scope: Scope, reason: &str) -> Self {
        let (resource, account) = whole(snapshot);
        Self {
            scope,
            resource: Some(resource),
            account: Some(account),
            region: None,
            related: [].into(),
            redundant: false,
            not_applicable: Some(reason.into()),
            facts: Fact::list([]),
        }
    }
}

/// All that was looked at: the organization, or the account that was scanned alone.
pub(super) fn whole(snapshot: &Snapshot) -> (Arc<str>, AccountId) {
    match &snapshot.organization {
        Some(organization) => (Arc::from(organization.arn.as_str()), organization.management_account),
        None => (root_of(snapshot, snapshot.caller.account), snapshot.caller.account),
    }
}

/// The ARN under which results stand that are about an account.
pub(super) fn root_of(snapshot: &Snapshot, account: AccountId) -> Arc<str> {
    format!("arn:{}:iam::{account}:root", snapshot.caller.partition).into()
}

impl<'a> Derivation<'a> {
    /// Derives something of each of many, in parts at the same time, as [`OpenQuestions::in_parts`] does.
    pub(super) fn in_parts<T: Sync, R: Send>(
        &mut self,
        things: &[T],
        derive: impl Fn(&mut Derivation<'a>, &[T]) -> Vec<R> + Sync,
    ) -> Vec<R> {
        let mut open = std::mem::take(&mut self.open);
        let whole = &*self;
        let made = open.in_parts(things, |open, things| {
            let mut part = Derivation { open: std::mem::take(open), ..whole.shared() };
            let made = derive(&mut part, things);
            *open = part.open;
            made
        });
        self.open = open;
        made
    }

    /// The same without its open questions.
    fn shared(&self) -> Self {
        Derivation {
            snapshot: self.snapshot,
            open: OpenQuestions::default(),
            coverage: Arc::clone(&self.coverage),
            trails: Arc::clone(&self.trails),
            uses: Arc::clone(&self.uses),
            insiders: Arc::clone(&self.insiders),
        }
    }

    /// The facts of trails.
    pub(super) fn facts_of(&self, trails: &[&Trail]) -> Vec<Shared<facts::Trail>> {
        trails.iter().filter_map(|trail| self.trails.get(&trail.arn).cloned()).collect()
    }

    /// The gaps behind which there may be trails that nobody has seen: accounts that could not be entered or swept.
    pub(super) fn unseen(&mut self, accounts: &[AccountId]) -> Gaps {
        let mut gaps = Gaps::none();
        for id in accounts {
            if let Some(account) = self.snapshot.account(*id) {
                gaps = gaps.union(&account::unread(&mut self.open, self.snapshot, account));
            }
        }
        gaps
    }
}

/// Whether every one of these trails is known to be redundant, of which there is at least one.
pub(super) fn all_redundant(users: &[Shared<facts::Trail>]) -> Known<bool> {
    let mut gaps = Gaps::none();
    for user in users {
        match &user.redundant {
            Known::Is(false) => return Known::Is(false),
            Known::Is(true) => {}
            Known::Gap(unknown) => gaps = gaps.union(unknown),
        }
    }
    if gaps.is_empty() { Known::Is(!users.is_empty()) } else { Known::Gap(gaps) }
}

/// The facts of a subject as expressions find them.
pub(super) fn to_fact(facts: &impl ToFact) -> Fact {
    facts.to_fact().unwrap_or_else(|| Fact::list([]))
}

/// The ARNs of trails, sorted.
pub(super) fn arns(users: &[Shared<facts::Trail>]) -> Arc<[String]> {
    let mut arns: Vec<String> = users.iter().map(|trail| trail.arn.to_string()).collect();
    arns.sort();
    arns.into()
}
