//! A journal that ends anywhere: what it holds is not asked again, and the answers are the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use trailproof::collect::{CALLS, Journal, Settings};
use trailproof::id::AccountId;
use trailproof::simulator::{Effect, Simulator, Weather};
use trailproof::snapshot::{ReusedUnits, Snapshot};

use super::judged::{Rules, read, timeless};
use crate::frayed::frayed_world;
use crate::simulated::{BUCKET, MEMBER};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn settings(journal: Journal) -> Settings {
    Settings { journal: Some(Arc::new(journal)), ..Rules::resting_on(&CALLS[0]).reading() }
}

fn begun(simulator: &Simulator, path: &Path) -> Snapshot {
    read(simulator, &settings(Journal::begin(path).unwrap())).0.unwrap()
}

fn resumed(simulator: &Simulator, path: &Path) -> Snapshot {
    read(simulator, &settings(Journal::resume(path, DAY).unwrap())).0.unwrap()
}

fn reused(snapshot: &Snapshot) -> u64 {
    snapshot.run.reused.values().map(|reused| reused.questions).sum()
}

/// Numbers that look like chance, the same for the same seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The seed of `TRAILPROOF_SEED`, or of the clock; it is printed.
    pub(crate) fn new() -> Self {
        let given = std::env::var("TRAILPROOF_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::try_from(jiff::Timestamp::now().as_microsecond()).unwrap());
        println!("TRAILPROOF_SEED={seed}");
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

#[test]
fn what_the_journal_holds_is_not_asked_again_and_keeps_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let simulator = Simulator::new(frayed_world());
    let whole = begun(&simulator, &path);
    assert!(whole.run.reused.is_empty());
    let again = simulator.with_weather(Vec::new());
    let resumed = resumed(&again, &path);
    assert_eq!(timeless(&resumed), timeless(&whole));
    assert_eq!(resumed.trails[0].configuration.read_at, whole.trails[0].configuration.read_at);
    assert_eq!(resumed.run.endings, whole.run.endings);
    let asked: Vec<_> = again.requests().into_iter().filter(|request| request.service != "sts").collect();
    // What was refused is asked again: it may have been mended since.
    let refused = whole.run.endings.total() - whole.run.endings.observed;
    assert!(asked.len() as u64 <= refused, "{asked:?}");
    // All that was answered, but who asks and the doors that were opened.
    let entered =
        again.requests().iter().filter(|request| request.operation == "AssumeRole" && request.status == 200).count();
    assert_eq!(reused(&resumed), whole.run.endings.observed - 1 - entered as u64);
    let units = &resumed.run.reused["cloudtrail:DescribeTrails"].units;
    let member: AccountId = MEMBER.parse().unwrap();
    let of_member = units.iter().find(|units| units.accounts.contains(&member)).unwrap();
    let regions: Vec<&str> =
        of_member.places.iter().filter_map(|place| Some(place.region.as_ref()?.as_str())).collect();
    assert_eq!(regions, ["eu-west-1", "us-east-1"]);
    let of_buckets = &resumed.run.reused["s3:GetBucketPolicy"].units;
    let named = |units: &ReusedUnits| units.places.iter().any(|place| place.resource.as_deref() == Some(BUCKET));
    assert!(of_buckets.iter().any(named), "{of_buckets:?}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn what_is_too_old_or_was_asked_by_another_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let simulator = Simulator::new(frayed_world());
    begun(&simulator, &path);
    assert!(Journal::resume(&path, DAY).unwrap().held() > 100);
    assert_eq!(Journal::resume(&path, SignedDuration::ZERO).unwrap().held(), 0);
    let mut other = settings(Journal::resume(&path, DAY).unwrap());
    other.entrance.as_mut().unwrap().role_name = "other".to_owned();
    assert_eq!(reused(&read(&simulator, &other).0.unwrap()), 0);
    let text = fs::read_to_string(&path).unwrap().replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    fs::write(&path, text).unwrap();
    assert_eq!(Journal::resume(&path, DAY).unwrap().held(), 0, "its first line is not what it was");
}

/// A journal that is cut anywhere, or damaged anywhere, is read as far as it is whole, and written on.
#[test]
fn a_journal_may_end_and_be_damaged_at_any_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let simulator = Simulator::new(frayed_world());
    let whole = timeless(&begun(&simulator, &path));
    let bytes = fs::read(&path).unwrap();
    let mut chance = Chance::new();
    let length = bytes.len() as u64;
    let ends: Vec<usize> =
        (0..24).map(|_| usize::try_from(chance.below(length)).unwrap()).chain([0, 1, 63, 64, 65]).collect();
    for end in ends {
        let mut cut = bytes[..end].to_vec();
        if end > 0 && end % 2 == 0 {
            let damaged = usize::try_from(chance.below(end as u64)).unwrap();
            cut[damaged] ^= 1 << chance.below(8);
        }
        fs::write(&path, &cut).unwrap();
        let first = resumed(&simulator, &path);
        assert_eq!(timeless(&first), whole, "cut at {end} of {length}");
        // What was asked meanwhile was added: a third run asks nothing.
        let second = resumed(&simulator, &path);
        assert_eq!(timeless(&second), whole, "gone on after a cut at {end}");
        assert!(reused(&second) >= reused(&first) && reused(&second) > 100, "cut at {end}");
    }
}

/// However a run was stopped on its way, its questions are put once altogether.
#[test]
fn a_run_that_failed_half_way_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let simulator = Simulator::new(frayed_world());
    let whole = read(&simulator, &Rules::resting_on(&CALLS[0]).reading()).0.unwrap();
    let expired = Effect::Refuse { status: 400, code: "ExpiredTokenException".into(), message: "expired".into() };
    let weather = vec![Weather::new(expired).on("*", "*").after(60)];
    let broken = begun(&simulator.with_weather(weather), &path);
    assert!(broken.gaps.len() > whole.gaps.len());
    let resumed = resumed(&simulator, &path);
    assert!(reused(&resumed) > 20);
    assert_eq!(timeless(&resumed), timeless(&whole));
}
