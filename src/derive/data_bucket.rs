//! The buckets that a rule's parameters name, and whether events of their objects are recorded.
//!
//! Nothing that is named may vanish: what was not looked for, an account whose buckets could not be looked through, and
//! a bucket that no account lists are subjects too, of which nothing is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::coverage::{ClassQuestion, Covered, State};
use super::question::{OpenQuestions, Question};
use super::selector::{Access, EventClass};
use super::subject::{Derived, Subject, root_of, to_fact, whole};
use crate::expr::{Fact, Gaps, Known, Listed};
use crate::facts::data_bucket::ObjectEvents;
use crate::facts::{self, Scope};
use crate::id::{AccountId, BucketName, TrailArn};
use crate::snapshot::{Account, BucketPatterns, Cause, DataBucket, Snapshot};

const LIST: &str = "s3:ListBuckets";

impl Derived {
    /// The buckets that patterns name, as subjects of a rule.
    pub fn buckets_named(&mut self, snapshot: &Snapshot, wanted: &BucketPatterns) -> Vec<Subject> {
        if wanted.is_empty() {
            let reason = "no bucket is named by the parameters of the rule";
            return vec![Subject::of_none(snapshot, Scope::Bucket, reason)];
        }
        let mut subjects: Vec<Subject> = Vec::new();
        for bucket in snapshot.data_buckets.iter().filter(|bucket| wanted.mean(bucket)) {
            subjects.push(self.bucket(snapshot, bucket));
        }
        let asked = &snapshot.selection.buckets;
        let mut hidden = Hidden { snapshot, open: &mut self.open, by_resource: BTreeMap::new() };
        hidden.not_looked_for(&wanted.without(asked));
        hidden.not_looked_through(&wanted.and(asked));
        subjects.extend(hidden.subjects());
        if subjects.is_empty() {
            let reason = "no bucket of the scanned accounts and Regions is named by the parameters of the rule";
            subjects.push(Subject::of_none(snapshot, Scope::Bucket, reason));
        }
        subjects
    }

    fn bucket(&mut self, snapshot: &Snapshot, bucket: &DataBucket) -> Subject {
        let partition = &snapshot.caller.partition;
        let mut recorded = |access| {
            let class = EventClass::objects(partition.as_str(), bucket.name.as_str(), access);
            let question =
                ClassQuestion { class: &class, account: bucket.account, region: &bucket.region, without: &[] };
            self.coverage.of_class(&question, &mut self.open)
        };
        let (reads, writes) = (recorded(Access::Read), recorded(Access::Write));
        let name = snapshot.account(bucket.account).and_then(|account| account.name.clone());
        let facts = facts::DataBucket {
            name: bucket.name.clone(),
            arn: bucket.name.arn(partition),
            account: bucket.account,
            account_name: name.unwrap_or_else(|| bucket.account.to_string()),
            region: bucket.region.clone(),
            tags: bucket.tags.clone(),
            not_recorded: not_recorded(&reads, &writes),
            reads: events(&reads),
            writes: events(&writes),
            recorded_by: recorded_by(&reads, &writes),
        };
        Subject {
            scope: Scope::Bucket,
            resource: Some(bucket.name.arn(partition).into()),
            account: Some(bucket.account),
            region: Some(bucket.region.clone()),
            related: [].into(),
            redundant: false,
            not_applicable: None,
            facts: to_fact(&facts),
        }
    }
}

fn events(covered: &Covered) -> Known<ObjectEvents> {
    match covered.state {
        State::Unknown => Known::Gap(covered.gaps.clone()),
        state => Known::Is(ObjectEvents {
            state: state.as_str().to_owned(),
            missing: covered.missing.as_deref().map(str::to_owned),
        }),
    }
}

fn recorded_by(reads: &Covered, writes: &Covered) -> Listed<TrailArn> {
    let trails: BTreeSet<&TrailArn> = reads.trails.iter().chain(writes.trails.iter()).collect();
    let hidden = [reads, writes].into_iter().filter(|covered| covered.state == State::Unknown);
    let unread = hidden.fold(Gaps::none(), |all, covered| all.union(&covered.gaps));
    Listed { found: trails.into_iter().cloned().collect(), unread }
}

fn not_recorded(reads: &Covered, writes: &Covered) -> Listed<String> {
    let mut listed = Listed::complete(Vec::new());
    for (what, covered) in [("reads", reads), ("writes", writes)] {
        match (covered.state, &covered.missing) {
            (State::All, _) => {}
            (State::None, _) => listed.found.push(format!("no {what} of objects")),
            (State::Part, Some(missing)) => listed.found.push(format!("{what}: {missing}")),
            (State::Part, None) => listed.found.push(format!("some {what} of objects")),
            (State::Unknown, _) => listed.unread = listed.unread.union(&covered.gaps),
        }
    }
    listed
}

/// What hides buckets that may be meant: the gaps by the ARN that a result stands under.
struct Hidden<'a> {
    snapshot: &'a Snapshot,
    open: &'a mut OpenQuestions,
    by_resource: BTreeMap<Arc<str>, (Option<AccountId>, Gaps)>,
}

impl Hidden<'_> {
    fn subjects(self) -> Vec<Subject> {
        let unknown = |(resource, (account, gaps))| Subject {
            scope: Scope::Bucket,
            resource: Some(resource),
            account,
            region: None,
            related: [].into(),
            redundant: false,
            not_applicable: None,
            facts: Fact::Gap(gaps),
        };
        self.by_resource.into_iter().map(unknown).collect()
    }

    fn hide(&mut self, resource: Option<Arc<str>>, account: Option<AccountId>, gaps: &Gaps) {
        let resource = resource.unwrap_or_else(|| root_of(self.snapshot, self.snapshot.caller.account));
        let entry = self.by_resource.entry(resource).or_insert_with(|| (account, Gaps::none()));
        entry.1 = entry.1.union(gaps);
    }

    /// What the snapshot was not collected for.
    fn not_looked_for(&mut self, missing: &BucketPatterns) {
        if missing.is_empty() {
            return;
        }
        let named: Vec<&str> = missing.names.iter().chain(&missing.tags).map(String::as_str).collect();
        let message = format!(
            "no bucket named by {} was looked for when this was collected: collect again with the --pack, --policies and \
             --set of this check",
            named.join(", ")
        );
        let gaps = self.open.leave(Question::of(LIST), Cause::NotCollected, &message);
        let (resource, account) = whole(self.snapshot);
        self.hide(Some(resource), Some(account), &gaps);
    }

    /// What was looked for in accounts that could not be looked through, and what was found in none.
    fn not_looked_through(&mut self, asked: &BucketPatterns) {
        if asked.is_empty() {
            return;
        }
        for account in self.snapshot.accounts.iter().filter(|account| account.is_active()) {
            self.account(account, !asked.tags.is_empty());
        }
        asked.exact_names().for_each(|name| self.nowhere(name));
    }

    /// An account whose buckets were not all listed, or not all asked for their tags.
    fn account(&mut self, account: &Account, by_tags: bool) {
        let mut gaps = Gaps::none();
        match &account.buckets {
            None => gaps = self.open.why(Question::of(LIST).account(account.id)),
            Some(listing) if by_tags => {
                for region in &listing.value.regions {
                    if listing.value.tagged_regions.binary_search(region).is_err() {
                        let question = Question::of("tag:GetResources").account(account.id).region(region);
                        gaps = gaps.union(&self.open.why(question));
                    }
                }
            }
            Some(_) => {}
        }
        if !gaps.is_empty() {
            self.hide(Some(root_of(self.snapshot, account.id)), Some(account.id), &gaps);
        }
    }

    /// A bucket that is named by itself and that no account lists: a name that is wrong would else pass for a clean one.
    fn nowhere(&mut self, name: &str) {
        if self.snapshot.data_buckets.iter().any(|bucket| bucket.name.as_str() == name) {
            return;
        }
        let message = "no account whose buckets could be listed has a bucket of this name in a Region that was scanned";
        let gaps = self.open.leave(Question::of(LIST).resource(name), Cause::NotFoundElsewhere, message);
        let arn = match name.parse::<BucketName>() {
            Ok(bucket) => bucket.arn(&self.snapshot.caller.partition),
            Err(_) => name.to_owned(),
        };
        self.hide(Some(arn.into()), None, &gaps);
    }
}
