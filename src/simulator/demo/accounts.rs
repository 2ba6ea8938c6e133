//! Who is in the company.

use super::DEMO_ROLE;
use crate::simulator::world::{Account, AccountState, Denial, PolicyKind, PublicAccessBlock, Role, World};

pub(super) const MANAGEMENT: &str = "111122223333";
pub(super) const LOG_ARCHIVE: &str = "222233334444";
pub(super) const AUDIT: &str = "333344445555";
/// A log collector's account, in nobody's organization.
pub(super) const VENDOR: &str = "909192939495";

/// Id, name, unit.
const ACCOUNTS: [(&str, &str, &str); 29] = [
    (LOG_ARCHIVE, "log-archive", "Security"),
    (AUDIT, "audit", "Security"),
    ("444455556666", "security-tooling", "Security"),
    ("555566667777", "network", "Infrastructure"),
    ("666677778888", "shared-services", "Infrastructure"),
    ("777788889999", "backup", "Infrastructure"),
    ("888899990000", "identity", "Infrastructure"),
    ("999900001111", "ci-cd", "Infrastructure"),
    ("301120484701", "payments-prod", "Workloads/Production"),
    ("302238915526", "orders-prod", "Workloads/Production"),
    ("303947702318", "checkout-prod", "Workloads/Production"),
    ("304410938275", "catalog-prod", "Workloads/Production"),
    ("305583361940", "search-prod", "Workloads/Production"),
    ("306674829103", "customers-prod", "Workloads/Production"),
    ("307719254486", "billing-prod", "Workloads/Production"),
    ("308862047531", "website-prod", "Workloads/Production"),
    ("309905316872", "mobile-api-prod", "Workloads/Production"),
    ("310128746359", "data-lake", "Workloads/Production"),
    ("401273905518", "payments-dev", "Workloads/Development"),
    ("402386117294", "orders-dev", "Workloads/Development"),
    ("403491552807", "catalog-dev", "Workloads/Development"),
    ("404527768341", "search-dev", "Workloads/Development"),
    ("405633980476", "customers-dev", "Workloads/Development"),
    ("406748291653", "data-science", "Workloads/Development"),
    ("501384620917", "sandbox-anna", "Sandbox"),
    ("502495731028", "sandbox-bruno", "Sandbox"),
    ("503516842139", "sandbox-chen", "Sandbox"),
    ("504627953240", "sandbox-legacy", "Sandbox"),
    ("601739064351", "acquired-webshop", "Suspended"),
];

/// The organization and its accounts, with nothing in them.
pub(super) fn world() -> World {
    let mut world = World::with_organization("o-acmeretail", MANAGEMENT);
    if let Some(organization) = &mut world.organization {
        organization.delegate_cloudtrail(AUDIT);
    }
    if let Some(management) = world.account_mut(MANAGEMENT) {
        management.roles.push(role());
        management.public_access_block = Some(PublicAccessBlock::ALL);
    }
    world.accounts.extend(ACCOUNTS.iter().map(|&(id, name, unit)| account(id, name, unit)));
    world.accounts.push(Account::new(VENDOR, "loghost").outside());
    world
}

/// May be assumed from the management account and from the delegated administrator's.
fn role() -> Role {
    Role::new(DEMO_ROLE, MANAGEMENT).and_trusting(AUDIT)
}

fn account(id: &str, name: &str, unit: &str) -> Account {
    let environment = unit.rsplit('/').next().unwrap_or(unit).to_ascii_lowercase();
    let account = Account::new(id, name).in_unit(unit).with_tag("environment", &environment);
    // Sandboxes, and the website that serves files from a bucket, were exempted.
    let exempted = unit == "Sandbox" || name == "website-prod";
    let account = if exempted { account } else { account.with_public_access_block(PublicAccessBlock::ALL) };
    match name {
        // Nobody has deployed the role here yet.
        "data-lake" => account,
        "acquired-webshop" => account.with_role(role()).in_state(AccountState::Suspended),
        "mobile-api-prod" => account.with_role(role()).opted_in("me-central-1"),
        // Both came with a company that was bought, and were invited an hour ago.
        "sandbox-chen" | "sandbox-legacy" => account.with_role(role()).awaiting_organization_trails(),
        // A guard-rail keeps customers' data out of two Regions.
        "customers-prod" => account
            .with_role(role())
            .with_denial(Denial::explicit(PolicyKind::ServiceControl, "*").in_region("ap-southeast-1"))
            .with_denial(Denial::explicit(PolicyKind::ServiceControl, "*").in_region("sa-east-1")),
        _ => account.with_role(role()),
    }
}
