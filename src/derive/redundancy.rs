//! Whether a trail is redundant: everything it records, a logging organization trail records too.

use super::question::Question;
use super::subject::Derivation;
use crate::expr::Known;
use crate::snapshot::{BasicEventSelector, Cause, EventSelectors, Snapshot, Trail};

/// Whether a logging multi-Region organization trail records everything that this trail records.
///
/// Decided where both record management events in a way that is plain to see: all of them by the organization trail, and
/// nothing else by this one. A trail that records more than that is taken as not redundant only where the organization
/// trail plainly records less; otherwise it is not decided.
pub(super) fn is_redundant(derivation: &mut Derivation<'_>, trail: &Trail, all: &[&Trail]) -> Known<bool> {
    let reaching: Vec<&Trail> =
        all.iter().copied().filter(|other| other.arn != trail.arn && reaches(derivation, other, trail)).collect();
    if reaching.is_empty() || trail.configuration.value.is_organization_trail != Some(false) {
        return Known::Is(false);
    }
    let stopped = trail.status.as_ref().is_some_and(|status| status.value.is_logging == Some(false));
    if stopped {
        return Known::Is(true);
    }
    let beside_all = reaching.iter().any(|other| selectors(other).is_some_and(records_all_management));
    match selectors(trail) {
        Some(own) if records_management_alone(own) && beside_all => Known::Is(true),
        _ => Known::Gap(derivation.open.leave(
            Question::of("cloudtrail:GetEventSelectors").account(trail.arn.account()).resource(trail.arn.as_str()),
            Cause::Unsupported,
            "whether an organization trail records all that this trail records is not decided",
        )),
    }
}

/// The multi-Region organization trails that log.
pub(super) fn organization_trails(snapshot: &Snapshot) -> Vec<&Trail> {
    snapshot.trails.iter().filter(|trail| covers_organization(trail)).collect()
}

fn selectors(trail: &Trail) -> Option<&EventSelectors> {
    trail.event_selectors.as_ref().map(|selectors| &selectors.value)
}

fn covers_organization(trail: &Trail) -> bool {
    let configuration = &trail.configuration.value;
    let logs = trail.status.as_ref().is_some_and(|status| status.value.is_logging == Some(true));
    configuration.is_organization_trail == Some(true) && configuration.is_multi_region_trail == Some(true) && logs
}

/// Whether the account of a trail sees the organization trail in every Region that it has.
fn reaches(derivation: &Derivation<'_>, organization_trail: &Trail, trail: &Trail) -> bool {
    let Some(account) = derivation.snapshot.account(trail.arn.account()) else { return false };
    let everywhere = account.sightings.iter().all(|sighting| sighting.trails.contains(&organization_trail.arn));
    everywhere && !account.sightings.is_empty()
}

/// Whether selectors record every management event: one that includes them, of both kinds, without exclusions.
fn records_all_management(selectors: &EventSelectors) -> bool {
    let all = |selector: &BasicEventSelector| {
        selector.include_management_events == Some(true)
            && selector.read_write_type.as_deref() == Some("All")
            && selector.exclude_management_event_sources.is_empty()
    };
    match selectors {
        EventSelectors::Basic(selectors) => selectors.iter().any(all),
        EventSelectors::Advanced(selectors) => selectors.iter().any(|selector| {
            let fields = &selector.field_selectors;
            fields.len() == 1 && fields[0].field == "eventCategory" && fields[0].equals == ["Management"]
        }),
    }
}

/// Whether selectors record management events and nothing else.
fn records_management_alone(selectors: &EventSelectors) -> bool {
    match selectors {
        EventSelectors::Basic(selectors) => selectors.iter().all(|selector| selector.data_resources.is_empty()),
        EventSelectors::Advanced(selectors) => selectors.iter().all(|selector| {
            selector
                .field_selectors
                .iter()
                .any(|field| field.field == "eventCategory" && field.equals == ["Management"])
        }),
    }
}
