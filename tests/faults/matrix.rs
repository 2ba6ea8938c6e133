//! Every call under every fault: what becomes of it, and that nothing else comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use trailproof::collect::{Asker, CALLS, CallDeclaration, FactGroup, Settings};
use trailproof::evaluate::{Judgement, Outcome};
use trailproof::simulator::{Simulator, Weather};
use trailproof::snapshot::{Gap, Snapshot};

use super::fault::{Fault, faults, named};
use super::judged::{Results, Rules, causeless, read, timeless};
use crate::frayed::frayed_world;
use crate::simulated::MEMBER;

/// The calls, those of one operation once.
pub(crate) fn operations() -> Vec<&'static CallDeclaration> {
    let mut seen = BTreeSet::new();
    CALLS.iter().filter(|declared| seen.insert(declared.operation)).collect()
}

/// A frayed organization in fair weather, against which the others are held.
pub(crate) struct Fair {
    pub(crate) settings: Settings,
    pub(crate) simulator: Simulator,
    rules: Rules,
    snapshot: Snapshot,
    timeless: Value,
    results: Results,
    /// Every promise that was not kept.
    broken: Mutex<Vec<String>>,
}

/// What becomes of a run under a fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// It is read as in fair weather.
    Read,
    /// It is read, and says something else.
    Changed,
    /// It is a gap, of these causes.
    Gap(BTreeSet<String>),
    /// The run ends, and says why.
    Ends,
}

/// What goes wrong where.
pub(crate) struct Spoilt<'a> {
    pub(crate) call: &'static CallDeclaration,
    pub(crate) account: &'a str,
    pub(crate) name: &'a str,
    pub(crate) weather: Weather,
    /// Whether the answer says something else than it would.
    pub(crate) misleads: bool,
    /// The causes that its gaps may have.
    pub(crate) causes: &'a [&'a str],
}

impl Fair {
    /// Reads what the rules need that rest on a call; of calls that every run makes, what all rules need.
    pub(crate) fn of(simulator: &Simulator, call: &CallDeclaration) -> Self {
        let rules = Rules::resting_on(call);
        let settings = rules.reading();
        let simulator = simulator.with_weather(Vec::new());
        let snapshot = read(&simulator, &settings).0.unwrap();
        let (timeless, results) = (timeless(&snapshot), rules.judge(&snapshot));
        Self { rules, settings, simulator, snapshot, timeless, results, broken: Mutex::default() }
    }

    /// The account that a call is spoilt in: a member that makes it, where one does.
    pub(crate) fn victim(&self, call: &CallDeclaration) -> String {
        let (service, operation) = named(call);
        let requests = self.simulator.requests();
        let asked = requests.iter().filter(|request| request.service == service && request.operation == operation);
        let accounts: BTreeSet<&str> = asked.map(|request| request.account.as_str()).collect();
        let found = accounts.get(MEMBER).or(accounts.iter().next_back());
        found
            .unwrap_or_else(|| panic!("tests/support/frayed.rs has nothing to ask {} about", call.operation))
            .to_string()
    }

    /// Reads under a fault, and holds the run against all that is promised. `known` remembers what was judged already.
    pub(crate) fn under(&self, spoilt: &Spoilt<'_>, known: &mut Vec<Value>) -> Fate {
        let place = format!("{} of {}: {}", spoilt.call.operation, spoilt.account, spoilt.name);
        let simulator = self.simulator.with_weather(vec![spoilt.weather.clone()]).without_log();
        let (read, passed) = read(&simulator, &self.settings);
        let snapshot = match read {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let first = matches!(spoilt.call.group, FactGroup::Caller | FactGroup::Organization);
                self.hold(first && !error.to_string().is_empty(), || format!("{place}: {error}"));
                return Fate::Ends;
            }
        };
        let new: Vec<&Gap> = snapshot.gaps.iter().filter(|gap| !self.snapshot.gaps.contains(gap)).collect();
        let unanswered: Vec<&&Gap> = new.iter().filter(|gap| gap.operation == spoilt.call.operation).collect();
        let causes: BTreeSet<String> = unanswered.iter().map(|gap| gap.cause.to_string()).collect();
        let allowed = |cause: &String| {
            // Whose a bucket is was asked of many.
            let search = spoilt.call.operation == "s3:ListBuckets" && cause == "not-found-elsewhere";
            // An answer to HEAD has no body to say why in.
            let mute =
                spoilt.call.operation == "s3:HeadBucket" && ["unclassified", "unreachable"].contains(&cause.as_str());
            spoilt.causes.contains(&cause.as_str()) || spoilt.misleads || mute || search
        };
        self.hold(causes.iter().all(allowed), || format!("{place}: {unanswered:?}"));
        let longest = self.settings.patience.call * (u32::try_from(unanswered.len()).unwrap() + 1);
        self.hold(passed <= longest, || format!("{place}: {passed:?}"));
        let timeless = timeless(&snapshot);
        if timeless == self.timeless {
            return Fate::Read;
        }
        let fate = if causes.is_empty() { Fate::Changed } else { Fate::Gap(causes) };
        self.hold(fate != Fate::Changed || spoilt.misleads, || format!("{place}: it was read as something else"));
        let causeless = causeless(timeless);
        if !known.contains(&causeless) {
            self.compare(spoilt, &self.rules.judge(&snapshot), &place);
            known.push(causeless);
        }
        fate
    }

    /// The promises that were not kept.
    pub(crate) fn into_broken(self) -> Vec<String> {
        self.broken.into_inner().unwrap()
    }

    /// Takes down a promise that was not kept.
    fn hold(&self, kept: bool, told: impl FnOnce() -> String) {
        if !kept {
            self.broken.lock().unwrap().push(told());
        }
    }

    fn compare(&self, spoilt: &Spoilt<'_>, results: &Results, place: &str) {
        for (key, (written, before)) in &self.results {
            match results.get(key) {
                Some((now, _)) if now == written => {}
                Some((_, now)) => self.ensure_honest(spoilt, before, now, &format!("{place}: {key}")),
                None => self.hold(vanishes(spoilt, before), || format!("{place}: {key} is judged no more: {before:?}")),
            }
        }
        for (key, (_, now)) in results.iter().filter(|(key, _)| !self.results.contains_key(*key)) {
            self.hold(matches!(now.outcome, Outcome::Unknown { .. }), || {
                format!("{place}: {key} is judged of a sudden: {now:?}")
            });
        }
    }

    /// A result that is another: not known, because of this account; or proven by what is left.
    fn ensure_honest(&self, spoilt: &Spoilt<'_>, before: &Judgement, now: &Judgement, place: &str) {
        if let Outcome::Unknown { gaps } = &now.outcome {
            let ours = |gap: &Gap| gap.account.is_none_or(|id| id.to_string() == spoilt.account);
            let foreign = gaps.iter().find(|gap| !ours(gap) && !self.snapshot.gaps.contains(gap));
            self.hold(foreign.is_none() || spoilt.call.asker == Asker::Caller, || format!("{place}: {foreign:?}"));
            return;
        }
        let (was, is) = (before.outcome.as_str(), now.outcome.as_str());
        if spoilt.misleads {
            self.hold(is != "pass" || was == "pass" || was == "not-applicable", || {
                format!("{place}: {was} became {is}: {now:?}")
            });
        } else {
            self.hold(was == is, || format!("{place}: {before:?}\n\n{now:?}"));
        }
    }
}

/// Whether a subject can be known only by the account that is spoilt, or by the organization.
fn vanishes(spoilt: &Spoilt<'_>, result: &Judgement) -> bool {
    let of_account = |arn: &String| arn.split(':').nth(4) == Some(spoilt.account);
    spoilt.call.asker == Asker::Caller
        || result.account.is_some_and(|id| id.to_string() == spoilt.account)
        || (!result.related.is_empty() && result.related.iter().all(of_account))
}

/// What becomes of each call under each fault, call by call, and the promises that were not kept.
pub(crate) fn matrix() -> (BTreeMap<&'static str, Vec<Fate>>, Vec<String>) {
    let simulator = Simulator::new(frayed_world());
    let row = |call: &'static CallDeclaration| {
        let fair = Fair::of(&simulator, call);
        let account = fair.victim(call);
        let mut known = Vec::new();
        let fate = |fault: &Fault| {
            let weather = fault.weather(call, &account);
            let Fault { name, misleads, causes, .. } = *fault;
            fair.under(&Spoilt { call, account: &account, name, weather, misleads, causes }, &mut known)
        };
        let fates: Vec<Fate> = faults().iter().map(fate).collect();
        (call.operation, (fates, fair.into_broken()))
    };
    let mut broken = Vec::new();
    let mut fates = BTreeMap::new();
    for (operation, (row, told)) in in_parallel(&operations(), row) {
        fates.insert(operation, row);
        broken.extend(told);
    }
    (fates, broken)
}

/// Does something for each call, on two threads.
pub(crate) fn in_parallel<T: Send>(
    calls: &[&'static CallDeclaration],
    work: impl Fn(&'static CallDeclaration) -> (&'static str, T) + Sync,
) -> BTreeMap<&'static str, T> {
    let (even, odd): (Vec<_>, Vec<_>) = calls.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let all = |calls: Vec<(usize, &&'static CallDeclaration)>| {
        calls.into_iter().map(|(_, call)| work(call)).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| all(odd));
        let mut done = all(even);
        done.extend(other.join().unwrap());
        done.into_iter().collect()
    })
}

/// How long the calls of a fair run take: no time at all.
#[test]
fn the_clock_stands_still_in_fair_weather() {
    let simulator = Simulator::new(frayed_world());
    let fair = Fair::of(&simulator, &CALLS[0]);
    assert_eq!(read(&fair.simulator, &fair.settings).1, Duration::ZERO);
}
