//! The organization of the demo: a company of thirty accounts, well run in the middle and frayed at the edges.

mod accounts;
mod central;
mod stories;

use super::world::World;
use jiff::Timestamp;

/// The name of the role that may be assumed in the demo's accounts.
pub const DEMO_ROLE: &str = "trailproof-audit";

/// The organization of the demo, as it stands at a time.
///
/// One good trail records the whole organization but two accounts that have just joined; fourteen members have a trail of
/// their own, each with a story.
///
/// ```
/// use trailproof::simulator::demo_organization;
/// let world = demo_organization("2026-11-20T18:00:00Z".parse()?);
/// assert_eq!(world.accounts.iter().filter(|account| account.member).count(), 30);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn demo_organization(now: Timestamp) -> World {
    let mut world = accounts::world();
    central::add(&mut world, now);
    stories::add(&mut world, now);
    world
}
