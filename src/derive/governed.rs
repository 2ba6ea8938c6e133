//! The accounts that hold logs, and what service control policies keep from everybody there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::unread;
use super::permission::{NamedPolicy, Wish};
use super::policy_document::{Context, Pattern, Value};
use super::question::{OpenQuestions, Question};
use super::service_control::{Control, Level, control};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Listed};
use crate::facts::account::ServiceControl as Facts;
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Account, Cause, Owner, Snapshot};

/// By what a trail is stopped, deleted or narrowed.
pub(super) const CHANGES: [&str; 5] = [
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
];

/// What one account holds of the logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Holding {
    /// Its own trails that log and are not redundant.
    pub(super) trails: Vec<TrailArn>,
    /// The organization trails that it administers for the management account.
    pub(super) administered: Vec<TrailArn>,
    /// Whether it is a delegated administrator of CloudTrail.
    pub(super) administers: bool,
    /// The log buckets that it owns, by name.
    pub(super) buckets: Vec<String>,
    /// What keeps from knowing whether there is more.
    pub(super) unread: Gaps,
}

/// What every account holds of the logs.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    by_account: BTreeMap<AccountId, Holding>,
    /// What may be held by anybody.
    unread: Gaps,
}

impl Holding {
    /// What it holds, in words.
    pub(super) fn told(&self) -> Vec<String> {
        let trails = self.trails.iter().map(|trail| format!("trail {trail}"));
        let buckets = self.buckets.iter().map(|bucket| format!("log bucket {bucket}"));
        let administers = self.administers.then(|| "delegated administrator of CloudTrail".to_owned());
        trails.chain(buckets).chain(administers).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.trails.is_empty() && self.buckets.is_empty() && !self.administers
    }

    /// Whether it holds anything.
    pub(super) fn known(&self) -> Known<bool> {
        match (self.is_empty(), self.unread.is_empty()) {
            (false, _) => Known::Is(true),
            (true, true) => Known::Is(false),
            (true, false) => Known::Gap(self.unread.clone()),
        }
    }
}

impl Holdings {
    pub(super) fn of(derivation: &mut Derivation<'_>) -> Self {
        let mut holdings = Self::default();
        let snapshot = derivation.snapshot;
        for read in &snapshot.trails {
            let Some(facts) = derivation.trails.get(&read.arn).cloned() else { continue };
            let logs = match &facts.status {
                Known::Is(status) => status.is_logging.clone(),
                Known::Gap(gaps) => Known::Gap(gaps.clone()),
            };
            let holding = holdings.by_account.entry(read.arn.account()).or_default();
            match (&logs, &facts.redundant) {
                (Known::Is(false), _) | (_, Known::Is(true)) => {}
                (Known::Is(true), Known::Is(false)) => holding.trails.push(read.arn.clone()),
                (Known::Gap(gaps), _) | (_, Known::Gap(gaps)) => holding.unread = holding.unread.union(gaps),
            }
        }
        holdings.add_buckets(derivation);
        holdings.add_administrators(derivation);
        for account in snapshot.accounts.iter().filter(|account| account.is_active()) {
            let unseen = unread(&mut derivation.open, snapshot, account);
            let holding = holdings.by_account.entry(account.id).or_default();
            holding.unread = holding.unread.union(&unseen).union(&holdings.unread);
        }
        holdings
    }

    fn add_buckets(&mut self, derivation: &mut Derivation<'_>) {
        for bucket in &derivation.snapshot.buckets {
            match bucket.owner.as_ref().map(|read| &read.value) {
                Some(Owner::Account(owner)) => {
                    self.by_account.entry(*owner).or_default().buckets.push(bucket.name.to_string());
                }
                Some(Owner::OutsideOrganization) => {}
                None if bucket.is_missing() => {}
                None => self.add_unowned(derivation, bucket.name.as_str()),
            }
        }
    }

    /// A bucket of which no account is known to be the owner: whoever was asked, and answered, does not list it.
    fn add_unowned(&mut self, derivation: &mut Derivation<'_>, bucket: &str) {
        let question = Question::of("s3:ListBuckets").resource(bucket);
        if !derivation.open.is_asked("s3:ListBuckets") {
            self.unread = self.unread.union(&derivation.open.why(question));
            return;
        }
        for account in derivation.snapshot.accounts.iter().filter(|account| account.is_active()) {
            if let Some(why) = derivation.open.left_by(account.id, question) {
                let holding = self.by_account.entry(account.id).or_default();
                holding.unread = holding.unread.union(&why);
            }
        }
    }

    fn add_administrators(&mut self, derivation: &mut Derivation<'_>) {
        let Some(organization) = &derivation.snapshot.organization else { return };
        let Some(listed) = &organization.delegated_administrators else {
            let why = derivation.open.why(Question::of("organizations:ListDelegatedAdministrators"));
            self.unread = self.unread.union(&why);
            return;
        };
        let trails = derivation.trails.values().filter(|trail| {
            trail.is_organization == Known::Is(true) && trail.account == organization.management_account
        });
        let trails: Vec<TrailArn> = trails.map(|trail| trail.arn.clone()).collect();
        for administrator in &listed.value {
            let holding = self.by_account.entry(administrator.account).or_default();
            holding.administers = true;
            holding.administered.clone_from(&trails);
        }
    }

    /// What an account holds.
    pub(super) fn of_account(&self, account: AccountId) -> Holding {
        self.by_account.get(&account).cloned().unwrap_or_default()
    }
}

/// The levels from the root down to an account; what of them was not read, as gaps.
pub(super) fn levels(open: &mut OpenQuestions, snapshot: &Snapshot, account: &Account) -> (Vec<Level>, Gaps) {
    let (mut levels, mut unread) = (Vec::new(), Gaps::none());
    let read = snapshot.organization.as_ref().and_then(|organization| organization.service_control.as_ref());
    let own = account.id.to_string();
    if account.ou_ids.is_empty() {
        unread = unread.union(&open.why(Question::of("organizations:ListAccountsForParent")));
    }
    for id in account.ou_ids.iter().chain([&own]) {
        let target = read.and_then(|read| read.targets.iter().find(|target| target.id == *id));
        let Some(target) = target else {
            unread = unread.union(&open.why(Question::of("organizations:ListPoliciesForTarget").resource(id)));
            continue;
        };
        let mut level = Level { name: name_of(id), policies: Vec::new(), complete: true };
        for id in &target.policies.value {
            let policy = read.and_then(|read| read.policies.iter().find(|policy| policy.id == *id));
            let Some(policy) = policy else {
                unread = unread.union(&open.why(Question::of("organizations:DescribePolicy").resource(id)));
                level.complete = false;
                continue;
            };
            let name = match &policy.name {
                Some(name) => format!("policy {id} ({name})"),
                None => format!("policy {id}"),
            };
            level.policies.push(NamedPolicy::of_identity(name, &policy.document.value));
        }
        levels.push(level);
    }
    (levels, unread)
}

fn name_of(id: &str) -> String {
    match id.split('-').next() {
        Some("r") => format!("the root {id}"),
        Some("ou") => format!("unit {id}"),
        _ => format!("account {id}"),
    }
}

/// What is known of every request of the users and roles of an account, and of its root user.
pub(super) fn requests(snapshot: &Snapshot, account: &Account) -> Context {
    let partition = &snapshot.caller.partition;
    let anybody = Pattern::new(&format!("arn:{partition}:*::{}:*", account.id));
    let context = Context::default()
        .is("aws:PrincipalAccount", &account.id.to_string())
        .is("aws:PrincipalIsAWSService", "false")
        .with("aws:PrincipalArn", Value::Is(anybody));
    let Some(organization) = &snapshot.organization else { return context };
    let path = format!("{}/{}/", organization.id, account.ou_ids.join("/"));
    let context = context.is("aws:PrincipalOrgID", &organization.id);
    if account.ou_ids.is_empty() { context } else { context.is("aws:PrincipalOrgPaths", &path) }
}

/// Trails that are to be kept as they are.
struct Kept {
    on: Pattern,
    region: Option<RegionName>,
    owner: AccountId,
}

fn kept(snapshot: &Snapshot, account: AccountId, holding: &Holding) -> Vec<Kept> {
    let each = holding.trails.iter().chain(&holding.administered).map(|trail| Kept {
        on: Pattern::exact(trail.as_str()),
        region: Some(trail.home_region().clone()),
        owner: trail.account(),
    });
    let mut kept: Vec<Kept> = each.collect();
    if kept.is_empty() {
        // It keeps logs, and no trail yet: any trail of the account.
        let all = format!("arn:{}:cloudtrail:*:{account}:trail/*", snapshot.caller.partition);
        kept.push(Kept { on: Pattern::new(&all), region: None, owner: account });
    }
    kept
}

/// What service control policies keep from everybody in an account that holds logs; nothing for the management account,
/// which they do not bind, and for accounts that hold none.
pub(super) fn service_control(derivation: &mut Derivation<'_>, account: &Account, holding: &Holding) -> Option<Facts> {
    let snapshot = derivation.snapshot;
    let is_management = snapshot.organization.as_ref().is_some_and(|listed| listed.management_account == account.id);
    if is_management || holding.is_empty() {
        return None;
    }
    let (levels, unread) = levels(&mut derivation.open, snapshot, account);
    let context = requests(snapshot, account);
    let mut facts = Facts {
        open: Listed { found: Vec::new(), unread: holding.unread.clone() },
        spares: Vec::new(),
        denied_by: Vec::new(),
    };
    let mut spares = BTreeSet::new();
    for kept in kept(snapshot, account.id, holding) {
        let context = context.clone().is("aws:ResourceAccount", &kept.owner.to_string());
        let context = match &kept.region {
            Some(region) => context.is("aws:RequestedRegion", region.as_str()),
            None => context,
        };
        let context = Arc::new(context);
        for action in CHANGES {
            let wish = Wish { action, on: kept.on.clone(), context: Arc::clone(&context) };
            match control(&levels, &wish, account.id) {
                Control::Denied { by, spares: more } if more.is_empty() || unread.is_empty() => {
                    facts.denied_by.push(format!("{} on {}: {by}", action, kept.on.as_text()));
                    spares.extend(more);
                }
                Control::Open(near) if unread.is_empty() => {
                    let mut told = format!("{action} on {}", kept.on.as_text());
                    if !near.is_empty() {
                        told.push_str(&format!(": {}", near.join("; ")));
                    }
                    facts.open.found.push(told);
                }
                Control::Undecided(doubts) if !doubts.is_empty() => {
                    let id = account.id.to_string();
                    let question = Question::of("organizations:DescribePolicy").resource(&id);
                    let message = format!("this does not decide whether {action} is denied: {}", doubts.join("; "));
                    let gap = derivation.open.leave(question, Cause::Unsupported, &message);
                    facts.open.unread = facts.open.unread.union(&gap).union(&unread);
                }
                Control::Denied { .. } | Control::Open(_) | Control::Undecided(_) => {
                    facts.open.unread = facts.open.unread.union(&unread);
                }
            }
        }
    }
    facts.spares = spares.into_iter().collect();
    Some(facts)
}

/// Whether service control policies deny to everybody in the account, but fixed principals, all of some actions on all
/// of some resources; by what, or why not.
pub(super) fn denies(
    open: &mut OpenQuestions,
    snapshot: &Snapshot,
    account: &Account,
    wishes: &[(&'static str, Pattern)],
) -> (Known<bool>, Vec<String>) {
    let (levels, mut gaps) = levels(open, snapshot, account);
    let context = Arc::new(requests(snapshot, account));
    let (mut denied, mut not) = (Vec::new(), Vec::new());
    for (action, on) in wishes {
        let wish = Wish { action, on: on.clone(), context: Arc::clone(&context) };
        match control(&levels, &wish, account.id) {
            Control::Denied { by, spares } if spares.is_empty() => denied.push(by),
            _ if !gaps.is_empty() => return (Known::Gap(gaps), Vec::new()),
            Control::Denied { by, spares } => not.push(format!("{by}, but spares {}", spares.join(", "))),
            Control::Open(near) if near.is_empty() => {
                not.push(format!("no service control policy denies {action} on {}", on.as_text()));
            }
            Control::Open(near) => not.extend(near),
            Control::Undecided(doubts) => {
                let id = account.id.to_string();
                let question = Question::of("organizations:DescribePolicy").resource(&id);
                let message = format!("this does not decide whether {action} is denied: {}", doubts.join("; "));
                gaps = gaps.union(&open.leave(question, Cause::Unsupported, &message));
            }
        }
    }
    for reasons in [&mut denied, &mut not] {
        reasons.sort();
        reasons.dedup();
    }
    if !not.is_empty() {
        (Known::Is(false), not)
    } else if !gaps.is_empty() {
        (Known::Gap(gaps), Vec::new())
    } else {
        (Known::Is(true), denied)
    }
}
