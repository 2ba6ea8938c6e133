//! Which trails an account sees from a Region.

use crate::simulator::call::Call;
use crate::simulator::index::TrailEntry;
use crate::simulator::region;
use crate::simulator::wire::Failure;
use crate::simulator::world::{Account, AccountState};

/// The view of one account from one Region.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    call: &'a Call<'a>,
    account: &'a Account,
}

/// The ARN that a trail's name means to the caller: CloudTrail builds it from the Region that is asked.
pub(super) fn arn_here(call: &Call<'_>, name: &str) -> String {
    format!("arn:{}:cloudtrail:{}:{}:trail/{name}", call.index.world.partition, call.region, call.account())
}

pub(super) fn arn_invalid(message: String) -> Failure {
    Failure::new(400, "CloudTrailARNInvalidException", message)
}

impl<'a> Sight<'a> {
    pub(super) fn of(call: &'a Call<'_>) -> Self {
        Self { call, account: &call.caller.entry.account }
    }

    /// Whether the account owns the trail, or administers CloudTrail for the organization that does.
    pub(super) fn manages(&self, entry: &TrailEntry) -> bool {
        entry.trail.account == self.account.id
            || (entry.trail.organization
                && self.call.index.is_delegated(&self.account.id, Some("cloudtrail.amazonaws.com")))
    }

    /// Whether an organization's trail of another account reaches this account: members see it while they are active
    /// and its home Region is on for them, once CloudTrail has brought it there.
    fn reaches(&self, entry: &TrailEntry) -> bool {
        let index = self.call.index;
        entry.trail.organization
            && entry.trail.account != self.account.id
            && self.account.member
            && self.account.state == AccountState::Active
            && !self.account.awaits_organization_trails
            && index.is_management(&entry.trail.account)
            && region::is_enabled(&index.world.partition, self.account, &entry.trail.home_region)
    }

    fn own(&self) -> impl Iterator<Item = &'a TrailEntry> {
        self.call.index.trails_of(&self.account.id)
    }

    fn of_organization(&self) -> impl Iterator<Item = &'a TrailEntry> {
        let trails = self.call.index.organization_trails.iter().map(|&place| &self.call.index.trails[place]);
        trails.filter(|entry| self.reaches(entry))
    }

    fn records_here(&self, entry: &TrailEntry) -> bool {
        entry.trail.multi_region || entry.trail.home_region == self.call.region
    }

    /// What DescribeTrails shows when no trail is named. With shadows: the Region's own trails, the copies of multi-Region
    /// trails, the organization's. Without: the Region's own, and in a member none of the organization's.
    pub(super) fn everything(&self, shadows: bool) -> Vec<&'a TrailEntry> {
        if !shadows {
            return self.own().filter(|entry| entry.trail.home_region == self.call.region).collect();
        }
        self.own().chain(self.of_organization()).filter(|entry| self.records_here(entry)).collect()
    }

    /// All trails of the account wherever their home is, and the organization's.
    pub(super) fn in_any_region(&self) -> Vec<&'a TrailEntry> {
        self.own().chain(self.of_organization()).collect()
    }

    /// The trails that are named: names match in this Region and account only, ARNs anywhere in sight; others are left out.
    pub(super) fn named(&self, names: &[&str]) -> Result<Vec<&'a TrailEntry>, Failure> {
        let mut found: Vec<&TrailEntry> = Vec::new();
        for name in names {
            let entry = if name.starts_with("arn:") { self.by_arn(name)? } else { self.by_name(name) };
            found.extend(entry.filter(|entry| !found.iter().any(|other| other.arn == entry.arn)));
        }
        Ok(found)
    }

    fn by_name(&self, name: &str) -> Option<&'a TrailEntry> {
        self.own().find(|entry| entry.trail.name == name && entry.trail.home_region == self.call.region)
    }

    fn by_arn(&self, arn: &str) -> Result<Option<&'a TrailEntry>, Failure> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let well_formed =
            matches!(parts[..], ["arn", _, "cloudtrail", _, _, resource] if resource.starts_with("trail/"));
        if !well_formed {
            return Err(arn_invalid(format!("ARN is not valid: {arn}")));
        }
        let entry = self.call.index.trail_by_arn.get(arn).map(|&place| &self.call.index.trails[place]);
        Ok(entry.filter(|entry| entry.trail.account == self.account.id || self.reaches(entry)))
    }

    /// A trail by name or ARN, asked for at the endpoint of its home Region.
    pub(super) fn at_home(&self, name: &str) -> Result<&'a TrailEntry, Failure> {
        if !name.starts_with("arn:") {
            return self.by_name(name).ok_or_else(|| self.unknown(&arn_here(self.call, name)));
        }
        let entry = self.by_arn(name)?.ok_or_else(|| self.not_in_sight(name))?;
        if entry.trail.home_region == self.call.region {
            return Ok(entry);
        }
        Err(arn_invalid(format!(
            "Region in ARN is wrong, you can only access resources in region {}.",
            self.call.region
        )))
    }

    /// A trail by name at home, or by ARN in any Region that it records: "to get the status of a shadow trail you must
    /// specify its ARN" (GetTrailStatus).
    pub(super) fn recording_here(&self, name: &str) -> Result<&'a TrailEntry, Failure> {
        if !name.starts_with("arn:") {
            return self.at_home(name);
        }
        let entry = self.by_arn(name)?.ok_or_else(|| self.not_in_sight(name))?;
        if self.records_here(entry) { Ok(entry) } else { Err(self.unknown(name)) }
    }

    fn not_in_sight(&self, arn: &str) -> Failure {
        let own = arn.split(':').nth(4) == Some(self.account.id.as_str());
        if own { self.unknown(arn) } else { self.wrong_account() }
    }

    /// The message shows the ARN that CloudTrail looked for.
    pub(super) fn unknown(&self, arn: &str) -> Failure {
        let message = format!("Unknown trail: {arn} for the user: {}", self.account.id);
        Failure::new(400, "TrailNotFoundException", message)
    }

    pub(super) fn wrong_account(&self) -> Failure {
        let id = &self.account.id;
        arn_invalid(format!("AccountID in ARN is wrong, you can only access resources with AccountID {id}."))
    }
}
