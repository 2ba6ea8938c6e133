//! What a run reads: as much as its rules need, and no more.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::call::{Asker, CALLS, Call, CallDeclaration, FactGroup};
use super::session_policy::session_policy;
use crate::evaluate::Chosen;
use crate::expr::Schema;
use crate::facts::{self, Scope};
use crate::policy::Policy;
use crate::snapshot::{BucketPatterns, ConfigRegions};

/// The parts of the snapshot that a run reads.
///
/// What a rule needs is told by its expressions and texts: by the calls that the facts rest on which they name. Calls,
/// permissions and the session policy of a run all come from here.
///
/// ```
/// use trailproof::collect::{Call, Needs};
/// use trailproof::evaluate::Question;
///
/// let policies = trailproof::policy::load(&[]).policies;
/// let question = Question { policies: &policies, packs: vec!["recommended".into()], settings: &[], fail_on: None, allow_incomplete: false };
/// let all = question.chosen();
/// let signed: Vec<_> = all.iter().filter(|rule| rule.policy.id.as_str() == "log-file-validation").cloned().collect();
/// assert!(Needs::of(&all).asks(Call::GetBucketVersioning));
/// assert!(!Needs::of(&signed).asks(Call::GetBucketVersioning));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    groups: BTreeSet<FactGroup>,
    buckets: BucketPatterns,
    config: ConfigRegions,
    deep: bool,
    fast: bool,
    #[serde(default)]
    account_tags: bool,
}

/// What every run reads, whatever its rules: who and what there is to judge, and what every report's table of coverage
/// rests on. Who administers CloudTrail decides who can read a trail whose owner lets nobody in.
const ALWAYS: [FactGroup; 8] = [
    FactGroup::Caller,
    FactGroup::Organization,
    FactGroup::DelegatedAdministrators,
    FactGroup::Session,
    FactGroup::Regions,
    FactGroup::Sightings,
    FactGroup::TrailStatus,
    FactGroup::EventSelectors,
];

impl Default for Needs {
    fn default() -> Self {
        Self::everything()
    }
}

impl Needs {
    /// All that there is to read, of trails at home, and without buckets of data, which rules' parameters name.
    pub fn everything() -> Self {
        Self::of(&[]).and_everything()
    }

    /// What rules need, of trails at home. A rule that lives from a parameter needs nothing until it is given.
    pub fn of(rules: &[Chosen]) -> Self {
        let mut groups: BTreeSet<FactGroup> = ALWAYS.into();
        let mut buckets = BucketPatterns::default();
        let mut config = ConfigRegions::default();
        for rule in rules.iter().filter(|rule| rule.not_given().is_none()) {
            buckets.extend(rule.buckets());
            let scope = rule.policy.scope;
            groups.extend(of_subjects(scope));
            let Some(schema) = facts::schema(scope) else { continue };
            let needed = groups_read(&rule.policy, &schema);
            if needed.contains(&FactGroup::Config) {
                config.extend(rule.config_regions());
            }
            groups.extend(needed);
        }
        Self { groups: with_foundations(groups), buckets, config, deep: false, fast: false, account_tags: false }
    }

    /// The IAM actions that a rule needs beside those of every run, sorted.
    pub fn actions_of(policy: &Policy) -> BTreeSet<&'static str> {
        let always = with_foundations(ALWAYS.into());
        let mut groups: BTreeSet<FactGroup> = of_subjects(policy.scope).iter().copied().collect();
        if let Some(schema) = facts::schema(policy.scope) {
            groups.extend(groups_read(policy, &schema));
        }
        let groups = with_foundations(groups);
        let actions = |groups: &BTreeSet<FactGroup>| -> BTreeSet<&'static str> {
            CALLS.iter().filter(|declared| groups.contains(&declared.group)).map(|declared| declared.action).collect()
        };
        let always = actions(&always);
        actions(&groups).into_iter().filter(|action| !always.contains(action)).collect()
    }

    /// The same, and all else that there is to read. Buckets of data are still those that the rules' parameters name, and
    /// the Regions of AWS Config those that they ask for, and home.
    #[must_use]
    pub fn and_everything(mut self) -> Self {
        self.config.extend(ConfigRegions::new(["home".to_owned()]));
        Self { groups: CALLS.iter().map(|declared| declared.group).collect(), ..self }
    }

    /// The same, with the status of multi-Region trails in all their Regions where that is among what is needed: a call
    /// for each trail and Region.
    #[must_use]
    pub fn deep(self) -> Self {
        Self { deep: true, ..self }
    }

    /// The same, with the trails of each account as it lists them, instead of those that it sees in each Region.
    #[must_use]
    pub fn fast(mut self) -> Self {
        self.groups.insert(FactGroup::TrailList);
        Self { fast: true, ..self }
    }

    /// The same, with the tags of each account: a call for each of them.
    #[must_use]
    pub fn and_account_tags(mut self) -> Self {
        self.groups.insert(FactGroup::AccountTags);
        Self { account_tags: true, ..self }
    }

    /// The same, and which services the organization trusts.
    pub(super) fn and_trusted_access(mut self) -> Self {
        self.groups.insert(FactGroup::TrustedAccess);
        self
    }

    /// Whether a call is made where there is something to ask it about.
    pub fn asks(&self, call: Call) -> bool {
        self.reads(call.declaration().group)
    }

    /// Whether a part of the snapshot is read.
    pub fn reads(&self, group: FactGroup) -> bool {
        let asked_for = match group {
            FactGroup::RegionalStatus => self.deep,
            FactGroup::TrailList => self.fast,
            FactGroup::AccountTags => self.account_tags,
            FactGroup::DataBuckets => !self.buckets.is_empty(),
            FactGroup::BucketTags => !self.buckets.tags.is_empty(),
            _ => true,
        };
        asked_for && self.groups.contains(&group)
    }

    /// The buckets of data that are looked for.
    pub fn buckets(&self) -> &BucketPatterns {
        &self.buckets
    }

    /// The Regions in which AWS Config is asked.
    pub fn config_regions(&self) -> &ConfigRegions {
        &self.config
    }

    /// The parts of the snapshot that are read.
    pub fn groups(&self) -> impl Iterator<Item = FactGroup> + '_ {
        self.groups.iter().copied().filter(|group| self.reads(*group))
    }

    /// The calls that are made, in the order of the table.
    pub fn calls(&self) -> impl Iterator<Item = &'static CallDeclaration> + '_ {
        CALLS.iter().filter(|declared| self.reads(declared.group))
    }

    /// The operations of the calls, sorted: what the snapshot says of its own extent.
    pub fn operations(&self) -> Vec<String> {
        let operations: BTreeSet<&str> = self.calls().map(|declared| declared.operation).collect();
        operations.into_iter().map(str::to_owned).collect()
    }

    /// The session policy that members are entered with: these reads alone, whatever the role allows.
    pub fn session_policy(&self) -> String {
        let members = self.calls().filter(|declared| declared.asker == Asker::Member);
        session_policy(&members.flat_map(CallDeclaration::actions).collect())
    }
}

/// The parts of the snapshot that the facts of a rule rest on.
fn groups_read(policy: &Policy, schema: &Schema) -> BTreeSet<FactGroup> {
    let paths = policy.paths();
    let fields = paths.iter().flat_map(|path| schema.fields_along(path));
    fields.flat_map(|field| &field.sources).filter_map(|source| group_of(&source.operation)).collect()
}

/// The part of the snapshot that a source of facts belongs to.
fn group_of(source: &str) -> Option<FactGroup> {
    CALLS.iter().find(|declared| declared.source == source).map(|declared| declared.group)
}

/// What every result about a subject of a scope says: whose it is and where.
fn of_subjects(scope: Scope) -> &'static [FactGroup] {
    match scope {
        Scope::LogBucket => &[FactGroup::BucketOwner],
        Scope::Bucket => &[FactGroup::DataBuckets, FactGroup::BucketTags],
        // Whether a store is redundant is told by what all of them take in.
        Scope::EventDataStore => &[FactGroup::EventDataStores, FactGroup::EventDataStoreConfiguration],
        _ => &[],
    }
}

/// What has to be read before a part of the snapshot can be: the owner is whom to ask.
fn foundation(group: FactGroup) -> &'static [FactGroup] {
    match group {
        FactGroup::BucketOwner => &[FactGroup::BucketLocation],
        FactGroup::BucketTags => &[FactGroup::DataBuckets],
        FactGroup::BucketPolicy
        | FactGroup::BucketAcl
        | FactGroup::PublicAccessBlock
        | FactGroup::BucketVersioning
        | FactGroup::BucketLifecycle
        | FactGroup::BucketEncryption
        | FactGroup::BucketAccessLogging
        | FactGroup::BucketObjectLock
        | FactGroup::BucketPolicyStatus
        | FactGroup::BucketRequestPayment
        | FactGroup::BucketReplication => &[FactGroup::BucketOwner],
        FactGroup::AthenaTables => &[FactGroup::BucketOwner],
        FactGroup::Alarms => &[FactGroup::MetricFilters],
        FactGroup::EventTargets => &[FactGroup::EventRules],
        FactGroup::KeyPolicy | FactGroup::KeyRotation => &[FactGroup::KeyDescription],
        FactGroup::EventDataStoreConfiguration | FactGroup::EventDataStorePolicy => &[FactGroup::EventDataStores],
        _ => &[],
    }
}

fn with_foundations(mut groups: BTreeSet<FactGroup>) -> BTreeSet<FactGroup> {
    loop {
        let beneath: BTreeSet<FactGroup> = groups.iter().flat_map(|group| foundation(*group)).copied().collect();
        if beneath.is_subset(&groups) {
            return groups;
        }
        groups.extend(beneath);
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::SESSION_POLICY_LIMIT;
    use super::*;
    use crate::expr::Type;

    #[test]
    fn the_session_policy_fits_and_holds_no_way_out() {
        let policy = Needs::everything().session_policy();
        assert!(policy.len() <= SESSION_POLICY_LIMIT, "{}", policy.len());
        assert!(!policy.contains("sts:") && !policy.contains(":*"));
    }

    #[test]
    fn nothing_selected_reads_what_every_report_needs() {
        let needs = Needs::of(&[]);
        assert_eq!(needs.groups().collect::<BTreeSet<_>>(), ALWAYS.into());
        assert!(needs.session_policy().len() < Needs::everything().session_policy().len() / 2);
    }

    #[test]
    fn what_others_rest_on_is_read_too() {
        let whole = with_foundations([FactGroup::BucketVersioning].into());
        assert!(whole.contains(&FactGroup::BucketOwner) && whole.contains(&FactGroup::BucketLocation));
    }

    /// Every fact rests on calls that there are, under the actions that the table has.
    #[test]
    fn the_sources_of_facts_are_calls() {
        fn check(ty: &Type, path: &str, checked: &mut usize) {
            match ty {
                Type::List(element) | Type::Map(element) => check(element, path, checked),
                Type::Record(record) => {
                    for field in &record.fields {
                        let path = format!("{path}.{}", field.name);
                        assert!(!field.sources.is_empty(), "{path} names no source");
                        for source in &field.sources {
                            let found = CALLS.iter().find(|declared| declared.source == source.operation);
                            let action = found.map(|declared| declared.action);
                            assert_eq!(action, Some(source.permission.as_str()), "{path}: {}", source.operation);
                            *checked += 1;
                        }
                        check(&field.ty, &path, checked);
                    }
                }
                _ => {}
            }
        }
        let mut checked = 0;
        for scope in Scope::ALL {
            let Some(schema) = facts::schema(scope) else { continue };
            for (name, ty) in schema.variables() {
                check(ty, name, &mut checked);
            }
        }
        assert!(checked > 100, "{checked}");
    }
}
