//! Rows, and their order.

use super::world::{LEADER, MANAGEMENT, account, all, arn, gap, organization, snapshot, trail};
use serde_json::json;
use trailproof::derive::coverage::{Coverage, coverage_of};
use trailproof::snapshot::Snapshot;

fn large() -> Snapshot {
    let organization_trail = arn(MANAGEMENT, LEADER, "org");
    let mut accounts = vec![account(MANAGEMENT, &[&organization_trail])];
    let mut gaps = Vec::new();
    for number in 0..40 {
        let id = format!("4{number:011}");
        accounts.push(account(&id, &[&organization_trail]));
        if number % 10 == 0 {
            let last = accounts.last_mut().unwrap();
            *last = json!({ "id": id, "state": "ACTIVE" });
            gaps.push(gap(&id, None, "sts:AssumeRole", None));
        }
    }
    snapshot(accounts, vec![organization(trail(&organization_trail, all()))], gaps)
}

#[test]
fn equal_cells_are_one_row() {
    let (coverage, _) = coverage_of(&large());
    assert_eq!(
        coverage.rows.len(),
        2 + 2 * 4,
        "a Region with global services, one without; so for each refused account"
    );
    let shown = coverage.shown();
    assert_eq!(shown.len(), 4, "refusals look alike");
    assert_eq!(shown.iter().map(|row| row.accounts.len() * row.regions.len()).sum::<usize>(), 41 * 2);
}

#[test]
fn the_order_of_the_snapshot_does_not_matter() {
    let read = large();
    let mut turned = read.clone();
    turned.accounts.reverse();
    let (a, b) = (coverage_of(&read).0, coverage_of(&turned).0);
    let places = |coverage: &Coverage| {
        let rows = coverage.shown().into_iter();
        rows.map(|row| (row.accounts, row.regions, row.cell)).collect::<Vec<_>>()
    };
    assert_eq!(places(&a), places(&b));
    assert_eq!(coverage_of(&read).0, a);
}
