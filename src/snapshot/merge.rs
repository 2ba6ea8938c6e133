//! Merging: the shards of one organization, read by several runs, as one run would have read them.
//!
//! Every run visits the accounts of its shard, and reads all that those lead to, whosesoever it is. So a trail, a bucket
//! or a key may have been read several times: one reading is taken, whole, and with it the gaps that it left.

mod check;
mod gaps;
mod shared;

use std::collections::BTreeMap;

use super::{Account, Organization, PolicyTarget, Run, Selection, ServiceControl, ShardRun, Shards, Snapshot};
use crate::id::AccountId;

pub use check::MergeError;

use shared::{Readings, Taken};

/// Joins snapshots of different shards, each with the name that errors call it by.
///
/// The result is the snapshot of a single run; where shards are missing, it says so of itself, and their accounts have a
/// gap each.
///
/// # Errors
/// Where a snapshot is of no shard, two are of the same one, they are not of one organization, selection, version or
/// number of shards, or an account was visited by a shard that it is not of; and where a shard is missing, unless that is
/// allowed.
pub fn merge(mut parts: Vec<(String, Snapshot)>, missing_allowed: bool) -> Result<Snapshot, MergeError> {
    let shards = check::all_of_one(&parts, missing_allowed)?;
    // Whatever their order, they give the same snapshot.
    parts.sort_by(|(_, a), (_, b)| read_by(a).cmp(read_by(b)));
    let parts: Vec<Snapshot> = parts.into_iter().map(|(_, snapshot)| snapshot).collect();
    let Some(first) = parts.first() else { return Err(MergeError::Nothing) };

    let mut taken = Taken::default();
    let readings = Readings::of(&parts);
    let accounts = accounts(&parts, &shards);
    let trails = readings.trails(&mut taken, &accounts);
    let mut merged = Snapshot {
        schema: first.schema.clone(),
        tool_version: first.tool_version.clone(),
        taken_at: parts.iter().map(|part| part.taken_at).min().unwrap_or(first.taken_at),
        caller: first.caller.clone(),
        selection: Selection {
            shards: Some(shards.clone()).filter(|shards| !shards.missing().is_empty()),
            ..first.selection.clone()
        },
        organization: organization(&parts),
        buckets: readings.buckets(&mut taken, &trails),
        data_buckets: readings.data_buckets(),
        keys: readings.keys(&mut taken, &trails),
        topics: readings.topics(&mut taken, &trails),
        log_groups: readings.log_groups(&mut taken, &trails),
        log_roles: readings.log_roles(&mut taken, &trails),
        alarms: readings.alarms(),
        event_buses: readings.event_buses(&mut taken),
        alert_topics: readings.alert_topics(&mut taken),
        event_data_stores: readings.event_data_stores(&mut taken),
        athena_tables: readings.athena_tables(),
        accounts,
        trails,
        gaps: Vec::new(),
        run: run(&parts),
    };
    merged.gaps = gaps::gaps(&parts, &taken, &merged, &shards);
    // An account of another shard was not asked by one run, and was by another.
    let (by_one, by_all): (u64, u64) = (parts.iter().map(left_out).sum(), left_out(&merged));
    let not_attempted = &mut merged.run.endings.not_attempted;
    *not_attempted = not_attempted.saturating_sub(by_one) + by_all;
    merged.sort();
    Ok(merged)
}

/// The shards that a snapshot read; none of one that is whole.
fn read_by(snapshot: &Snapshot) -> &[u32] {
    snapshot.selection.shards.as_ref().map_or(&[], |shards| &shards.read)
}

/// How many accounts a snapshot leaves to the runs of other shards.
fn left_out(snapshot: &Snapshot) -> u64 {
    let shards = snapshot.selection.shards.as_ref();
    shards.map_or(0, |shards| snapshot.gaps.iter().filter(|gap| shards.leave_out(gap)).count() as u64)
}

/// Whether a snapshot is the one that visited an account.
fn visited(part: &Snapshot, account: AccountId) -> bool {
    part.selection.shards.as_ref().is_some_and(|shards| shards.hold(account))
}

/// Every account once, as the run says that visited it, with what others read of it as the owner of a bucket or a trail.
fn accounts(parts: &[Snapshot], shards: &Shards) -> Vec<Account> {
    let mut merged: BTreeMap<AccountId, Account> = BTreeMap::new();
    for part in parts {
        for account in &part.accounts {
            let known = merged.entry(account.id).or_insert_with(|| account.clone());
            let beside = (known.public_access_block.take(), known.authorization.take());
            if visited(part, account.id) && shards.hold(account.id) {
                *known = account.clone();
            }
            known.public_access_block = beside.0.or_else(|| account.public_access_block.clone());
            known.authorization = beside.1.or_else(|| account.authorization.clone());
        }
    }
    merged.into_values().collect()
}

/// The organization, as the first that knows says it.
fn organization(parts: &[Snapshot]) -> Option<Organization> {
    let all: Vec<&Organization> = parts.iter().filter_map(|part| part.organization.as_ref()).collect();
    let first = all.first()?;
    let mut merged = Organization {
        accounts_total: all.iter().map(|one| one.accounts_total).max().unwrap_or(first.accounts_total),
        units_total: all.iter().filter_map(|one| one.units_total).max(),
        delegated_administrators: all.iter().find_map(|one| one.delegated_administrators.clone()),
        trusted_services: all.iter().find_map(|one| one.trusted_services.clone()),
        ..(*first).clone()
    };
    let controls: Vec<&ServiceControl> = all.iter().filter_map(|one| one.service_control.as_ref()).collect();
    if !controls.is_empty() {
        let targets = controls.iter().flat_map(|control| &control.targets);
        let targets: BTreeMap<&str, &PolicyTarget> = targets.rev().map(|target| (target.id.as_str(), target)).collect();
        let policies = controls.iter().flat_map(|control| &control.policies).rev();
        let policies: BTreeMap<&str, _> = policies.map(|policy| (policy.id.as_str(), policy)).collect();
        merged.service_control = Some(ServiceControl {
            targets: targets.into_values().cloned().collect(),
            policies: policies.into_values().cloned().collect(),
        });
    }
    Some(merged)
}

/// How all runs went, in sum, and each.
fn run(parts: &[Snapshot]) -> Run {
    // A plan is of one run.
    let mut sum: Option<Run> = None;
    let mut shards = Vec::new();
    for part in parts {
        let run = &part.run;
        match part.run.shards.as_slice() {
            [] => shards.push(ShardRun {
                shards: part.selection.shards.as_ref().map_or_else(String::new, ToString::to_string),
                started_at: run.started_at,
                finished_at: run.finished_at,
                requests: run.requests,
                throttles: run.throttles,
            }),
            merged => shards.extend_from_slice(merged),
        }
        let Some(sum) = &mut sum else {
            sum = Some(run.clone());
            continue;
        };
        sum.started_at = sum.started_at.min(run.started_at);
        sum.finished_at = sum.finished_at.max(run.finished_at);
        sum.requests += run.requests;
        sum.throttles += run.throttles;
        for (operation, count) in &run.calls {
            let calls = sum.calls.entry(operation.clone()).or_default();
            calls.answered += count.answered;
            calls.unanswered += count.unanswered;
        }
        sum.endings.add(&run.endings);
        for (operation, reused) in &run.reused {
            sum.reused.entry(operation.clone()).or_default().add(reused);
        }
    }
    shards.sort_by(|a, b| a.shards.cmp(&b.shards));
    Run { shards, plan: None, ..sum.unwrap_or_default() }
}
