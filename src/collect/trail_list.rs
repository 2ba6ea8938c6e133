//! The fast discovery: an account names its trails at once, instead of being asked in each Region which ones it sees there.

use std::collections::BTreeMap;

use super::account::{Description, describe};
use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::{RegionName, TrailArn};
use crate::snapshot::{Cause, Observed};

/// What stays open about an account of which only the trails were listed.
const NOT_SWEPT: &str = "--discovery fast: which trails the account sees in which Region was not asked";

/// The trails that an account names, and how it describes its own: one question for the names, and one for each Region
/// that is home to some of them. Which of them reach which Region stays open.
///
/// Source: CloudTrail API Reference, ListTrails, "Lists trails that are in the current account"; that those of all Regions
/// are among them is AWS's practice (its Quotas page counts trails so), and is not written there.
pub(super) async fn read(session: &Session, ledger: &Ledger) -> (Option<Observed<Vec<TrailArn>>>, Vec<Description>) {
    let unseen = Unit::of(Call::DescribeTrails).account(session.account);
    ledger.not_asked(&unseen, Cause::NotCollected, NOT_SWEPT);
    let Some(listed) = list(session, ledger).await else { return (None, Vec::new()) };
    let mut homes: BTreeMap<&RegionName, Vec<&TrailArn>> = BTreeMap::new();
    for arn in listed.value.iter().filter(|arn| arn.account() == session.account) {
        homes.entry(arn.home_region()).or_default().push(arn);
    }
    let mut descriptions = Vec::new();
    for (home, arns) in homes {
        descriptions.extend(described(session, home, &arns, ledger).await);
    }
    (Some(listed), descriptions)
}

/// How an account describes some trails, at their home.
pub(super) async fn described(
    session: &Session,
    home: &RegionName,
    arns: &[&TrailArn],
    ledger: &Ledger,
) -> Vec<Description> {
    let names = arns.iter().map(|arn| arn.to_string()).collect();
    describe(&session.sweep(), session.account, home, Some(names), ledger)
        .await
        .map(|read| read.value)
        .unwrap_or_default()
}

async fn list(session: &Session, ledger: &Ledger) -> Option<Observed<Vec<TrailArn>>> {
    let unit = Unit::of(Call::ListTrails).account(session.account);
    let request = session.cloudtrail(&session.first_region).list_trails().into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    ledger.read(&unit, pages, |pages| {
        let mut found: Vec<TrailArn> = Vec::new();
        for page in pages.whole()? {
            for trail in page.trails.ok_or_else(|| Malformed::lacks("Trails"))? {
                let arn = trail.trail_arn.as_deref().and_then(|arn| arn.parse().ok());
                found.push(arn.ok_or_else(|| Malformed::lacks("the ARN of a trail"))?);
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    })
}
