//! Whether the log files in a bucket are copied to another Region or account.

use super::settings::Settings;
use crate::derive::log_keys::LogKeys;
use crate::derive::question::Question;
use crate::derive::replication::{Copied, Doubt, LogFolder, Miss, Place, copied};
use crate::expr::{Gaps, Known};
use crate::facts::bucket::Replication;
use crate::snapshot::{self, Cause, Existence, ReplicationRule, Trail};

/// What one way to see the trails' folders comes to.
#[derive(PartialEq, Eq)]
struct Told {
    answer: Option<bool>,
    because: Vec<String>,
    doubts: Vec<(usize, Doubt)>,
}

impl Settings<'_> {
    /// Where the bucket's objects are copied to. `keys` are those of each trail, as if it wrote Insights where its Insight
    /// selectors were not read, and as if it did not.
    pub(super) fn replication(
        &mut self,
        keys: &[Vec<(LogKeys, Vec<&str>)>; 2],
        trails: &[&Trail],
    ) -> Known<Replication> {
        let Some(read) = &self.bucket.replication else { return Known::Gap(self.why("s3:GetBucketReplication")) };
        let read = &read.value;
        let told = keys.each_ref().map(|keys| self.told(read, keys, trails));
        let [with, without] = told;
        let (copies, because) = match (with.answer, without.answer) {
            (Some(true), _) => (Known::Is(true), with.because),
            (_, Some(false)) => (Known::Is(false), without.because),
            _ => {
                let mut gaps = self.doubts(read, &without.doubts);
                if with != without {
                    gaps = gaps.union(&self.insights_of(trails));
                }
                (Known::Gap(gaps), Vec::new())
            }
        };
        let markers = read.rules.iter().filter(|rule| rule.enabled && rule.copies_delete_markers);
        Known::Is(Replication {
            rules: i64::try_from(read.rules.len()).unwrap_or(i64::MAX),
            copies_all_logs_away: copies,
            copies_all_logs_away_because: because,
            notes: markers.map(|rule| format!("{} copies delete markers too", name_of(rule))).collect(),
        })
    }

    fn told(&self, read: &snapshot::Replication, keys: &[(LogKeys, Vec<&str>)], trails: &[&Trail]) -> Told {
        let (mut by, mut not, mut doubts) = (Vec::new(), Vec::new(), Vec::new());
        for ((keys, folders), trail) in keys.iter().zip(trails) {
            let configuration = &trail.configuration.value;
            for folder in folders {
                let log = LogFolder {
                    keys,
                    folder,
                    // CloudTrail's pages differ on whether digests follow the trail's key: see `bucket_policy`.
                    is_encrypted: match (&configuration.kms_key_id, *folder) {
                        (None, _) => Some(false),
                        (Some(_), "CloudTrail-Digest/") => None,
                        (Some(_), _) => Some(true),
                    },
                    of_many_regions: configuration.is_multi_region_trail == Some(true),
                };
                let files = format!("{folder} of {}", trail.arn.name());
                match copied(&read.rules, &|rule| self.place(read, rule), &log) {
                    Copied::By(rule) => by.push(rule),
                    Copied::Not(misses) if misses.is_empty() => not.push(format!("no enabled rule is for {files}")),
                    Copied::Not(misses) => {
                        let misses = misses.iter().filter_map(|(rule, miss)| Some((read.rules.get(*rule)?, miss)));
                        not.extend(misses.map(|(rule, miss)| missed(rule, *miss, &files)));
                    }
                    Copied::Open(open) => doubts.extend(open),
                }
            }
        }
        by.sort_unstable();
        by.dedup();
        let by = by
            .iter()
            .filter_map(|rule| read.rules.get(*rule))
            .map(|rule| format!("{} copies to {}", name_of(rule), rule.destination));
        let answer = match (not.is_empty(), doubts.is_empty()) {
            (false, _) => Some(false),
            (true, false) => None,
            (true, true) => Some(true),
        };
        doubts.sort_unstable();
        doubts.dedup();
        Told { answer, because: if not.is_empty() { by.collect() } else { not }, doubts }
    }

    /// Where the copies of a rule lie.
    fn place(&self, read: &snapshot::Replication, rule: &ReplicationRule) -> Place {
        let Some(found) = read.destinations.iter().find(|found| found.name == rule.destination) else {
            return Place::Unknown;
        };
        let elsewhere = found.region.as_ref().zip(self.bucket.region.as_ref()).map(|(there, here)| there != here);
        let other = rule.destination_account.zip(self.owner).map(|(theirs, own)| theirs != own);
        match (found.existence, elsewhere, other.or(found.has_same_owner.map(|same| !same))) {
            (Some(Existence::Missing), ..) => Place::Nowhere,
            (None, ..) => Place::Unknown,
            (Some(Existence::Present), Some(true), _) | (Some(Existence::Present), _, Some(true)) => Place::Away,
            (Some(Existence::Present), Some(false), Some(false)) => Place::Near,
            (Some(Existence::Present), ..) => Place::Unknown,
        }
    }

    fn doubts(&mut self, read: &snapshot::Replication, doubts: &[(usize, Doubt)]) -> Gaps {
        let mut gaps = Gaps::none();
        for (rule, doubt) in doubts {
            let Some(rule) = read.rules.get(*rule) else { continue };
            gaps = gaps.union(&self.doubt(read, rule, *doubt));
        }
        gaps
    }

    fn doubt(&mut self, read: &snapshot::Replication, rule: &ReplicationRule, doubt: Doubt) -> Gaps {
        let name = name_of(rule);
        let message = match doubt {
            Doubt::Place => {
                let found = read.destinations.iter().find(|found| found.name == rule.destination);
                let is_located = found.is_some_and(|found| found.existence.is_some() && found.region.is_some());
                let operation = if is_located { "s3:ListBuckets" } else { "s3:HeadBucket" };
                let question = Question::of(operation).resource(rule.destination.as_str());
                return self.open.why(self.owner.map_or(question, |owner| question.account(owner)));
            }
            Doubt::Tags => format!("{name} is for objects with tags; whether all log files have them is not decided"),
            Doubt::Organization => {
                format!("whether {name} is for all log files is not decided: the organization was not listed")
            }
            Doubt::Parts => {
                format!("{name} is for a part of the log files; whether it and others are for all is not decided")
            }
            Doubt::Precedence => format!(
                "another rule to {} comes before {name} and leaves out what KMS keys encrypt; which is followed is not documented",
                rule.destination
            ),
            Doubt::Encryption => format!(
                "{name} leaves out what KMS keys encrypt; AWS's pages differ on whether the trail's key encrypts digests"
            ),
        };
        let question = Question::of("s3:GetBucketReplication").resource(self.bucket.name.as_str());
        let question = self.owner.map_or(question, |owner| question.account(owner));
        self.open.leave(question, Cause::Unsupported, &message)
    }
}

fn missed(rule: &ReplicationRule, miss: Miss, files: &str) -> String {
    let name = name_of(rule);
    match miss {
        Miss::Encrypted => format!("{name} leaves out what KMS keys encrypt, such as {files}"),
        Miss::Near => format!("{name} copies {files} to {}, in the same Region and account", rule.destination),
        Miss::Nowhere => format!("{name} copies {files} to {}, which does not exist", rule.destination),
        Miss::Part => format!("{name} is for a part of {files} alone"),
    }
}

fn name_of(rule: &ReplicationRule) -> String {
    match &rule.id {
        Some(id) => format!("the rule {id}"),
        None => format!("the rule to {}", rule.destination),
    }
}
