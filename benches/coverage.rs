//! How fast the coverage of a large organization is worked out: `cargo bench --bench coverage`.
//!
//! The snapshot is synthetic (`benches/support/large.rs`): 10,000 accounts of 17 Regions that see 3 organization trails,
//! and 1,000 of which have a trail of their own. In `hard`, every local trail has selectors unlike all others, and every
//! twentieth account refuses some Regions. The table tells the time and the most memory that
//! was allocated at once beside the snapshot; the last lines give the rows.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and stops where its input is wrong")]

use std::time::Instant;

use trailproof::derive::coverage::coverage_of;
use trailproof::snapshot::{
    AdvancedEventSelector, Cause, EventSelectors, FieldSelector, Gap, Observed, Snapshot, Trail,
};

#[path = "support/large.rs"]
mod large;

/// As the binary has it, and counting: the table tells the most that was allocated at once.
#[global_allocator]
static ALLOCATOR: divan::AllocProfiler<mimalloc::MiMalloc> = divan::AllocProfiler::new(mimalloc::MiMalloc);

fn main() {
    divan::main();
    for (name, snapshot) in [("plain", large::snapshot(10_000)), ("hard", hard(10_000))] {
        let began = Instant::now();
        let (coverage, _open) = coverage_of(&snapshot);
        let (took, rows, shown) = (began.elapsed(), coverage.rows.len(), coverage.shown().len());
        println!("{name}: {rows} rows, {shown} shown, {took:.0?}");
    }
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn plain(bencher: divan::Bencher<'_, '_>, accounts: usize) {
    let snapshot = large::snapshot(accounts);
    bencher.bench(|| coverage_of(&snapshot));
}

#[divan::bench(args = [10_000], sample_count = 10)]
fn with_differing_selectors_and_refused_regions(bencher: divan::Bencher<'_, '_>, accounts: usize) {
    let snapshot = hard(accounts);
    bencher.bench(|| coverage_of(&snapshot));
}

/// Local trails with selectors of their own, organization trails that leave KMS out, and refused Regions.
fn hard(accounts: usize) -> Snapshot {
    let mut snapshot = large::snapshot(accounts);
    for (number, trail) in snapshot.trails.iter_mut().enumerate() {
        let is_organization = trail.configuration.value.is_organization_trail == Some(true);
        set_selectors(trail, number, is_organization);
    }
    for account in snapshot.accounts.iter_mut().step_by(20) {
        let refused: Vec<_> = account.sightings[0].regions.drain(..5).collect();
        snapshot.gaps.extend(refused.into_iter().map(|region| Gap {
            account: Some(account.id),
            region: Some(region),
            operation: "cloudtrail:DescribeTrails".to_owned(),
            resource: None,
            cause: Cause::Scp,
            message: "explicit deny in a service control policy".to_owned(),
        }));
    }
    snapshot.sort();
    snapshot
}

fn set_selectors(trail: &mut Trail, number: usize, is_organization: bool) {
    let field = |name: &str, equals: &str| FieldSelector {
        field: name.to_owned(),
        equals: vec![equals.to_owned()],
        ..FieldSelector::default()
    };
    let buckets = (0..20).map(|bucket| format!("arn:aws:s3:::bucket-{number}-{bucket}/")).collect();
    let arns = FieldSelector { field: "resources.ARN".to_owned(), starts_with: buckets, ..FieldSelector::default() };
    let excluded = FieldSelector {
        field: "eventSource".to_owned(),
        not_equals: vec!["kms.amazonaws.com".to_owned()],
        ..FieldSelector::default()
    };
    let management = vec![field("eventCategory", "Management"), excluded];
    let objects = vec![field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object"), arns];
    let selectors = if is_organization { vec![management] } else { vec![management, objects] };
    let advanced = selectors.into_iter().map(|field_selectors| AdvancedEventSelector { name: None, field_selectors });
    let read_at = trail.configuration.read_at;
    trail.event_selectors = Some(Observed::new(read_at, EventSelectors::Advanced(advanced.collect())));
}
