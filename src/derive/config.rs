//! What rules may say about AWS Config in an account, Region by Region.

use super::question::{OpenQuestions, Question};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::account::ConfigRegion as Fact;
use crate::id::RegionName;
use crate::snapshot::{Account, Cause, ConfigDelivery, ConfigRegion, DeliveryChannelStatus, Homes, RecorderStatus};

const RECORDERS: &str = "config:DescribeConfigurationRecorders";
const STATUS: &str = "config:DescribeConfigurationRecorderStatus";
const CHANNELS: &str = "config:DescribeDeliveryChannelStatus";

/// AWS Config in accounts; where nobody asked, one gap says so for all.
pub(super) struct Config<'a> {
    not_asked: Option<Shared<Listed<Fact>>>,
    homes: Homes<'a>,
}

impl<'a> Config<'a> {
    pub(super) fn of(derivation: &mut Derivation<'a>) -> Self {
        let asked = derivation.snapshot.selection.operations.iter().any(|operation| operation == RECORDERS)
            || derivation.snapshot.accounts.iter().any(|account| !account.config.is_empty());
        let not_asked = (!asked).then(|| {
            let unread = derivation.open.why(Question::of(RECORDERS));
            Shared::new(Listed { found: Vec::new(), unread })
        });
        Self { not_asked, homes: Homes::of(&derivation.snapshot.trails) }
    }

    /// The Regions of an account, each with what is wrong there.
    pub(super) fn of_account(&self, derivation: &mut Derivation<'_>, account: &Account) -> Shared<Listed<Fact>> {
        if let Some(nothing) = &self.not_asked {
            return nothing.clone();
        }
        let Some(regions) = &account.regions else {
            let unread = derivation.open.why(Question::of("account:ListRegions").account(account.id));
            return Shared::new(Listed { found: Vec::new(), unread });
        };
        let snapshot = derivation.snapshot;
        let only = &snapshot.selection.regions;
        let home = self.homes.of_account(account, &snapshot.caller.partition);
        let mut not_asked = None;
        let mut found = Vec::new();
        for region in regions.value.enabled().into_iter().filter(|region| only.is_empty() || only.contains(region)) {
            let mut fact = Fact {
                name: region.clone(),
                is_home: home.contains(region),
                problems: Known::Is(Vec::new()),
                records_all_types: Known::Is(false),
            };
            match account.config.get(region) {
                Some(read) => {
                    let place = Place { account, region, read };
                    fact.problems = place.problems(&mut derivation.open);
                    fact.records_all_types = place.records_all_types(&mut derivation.open);
                }
                None => {
                    let question = Question::of(RECORDERS).account(account.id).region(region);
                    let gaps = not_asked.get_or_insert_with(|| derivation.open.why(question)).clone();
                    (fact.problems, fact.records_all_types) = (Known::Gap(gaps.clone()), Known::Gap(gaps));
                }
            }
            found.push(fact);
        }
        Shared::new(Listed::complete(found))
    }
}

/// AWS Config in one Region of an account.
struct Place<'a> {
    account: &'a Account,
    region: &'a RegionName,
    read: &'a ConfigRegion,
}

impl Place<'_> {
    fn why(&self, open: &mut OpenQuestions, operation: &str) -> Gaps {
        open.why(Question::of(operation).account(self.account.id).region(self.region))
    }

    fn records_all_types(&self, open: &mut OpenQuestions) -> Known<bool> {
        match &self.read.recorders {
            Some(recorders) => Known::Is(recorders.value.iter().any(|recorder| recorder.all_supported)),
            None => Known::Gap(self.why(open, RECORDERS)),
        }
    }

    /// What keeps AWS Config from recording or delivering; one thing that is known is enough.
    fn problems(&self, open: &mut OpenQuestions) -> Known<Vec<String>> {
        if self.read.recorders.as_ref().is_some_and(|recorders| recorders.value.is_empty()) {
            return Known::Is(vec!["there is no recorder".to_owned()]);
        }
        let (mut problems, mut gaps) = (Vec::new(), Gaps::none());
        match &self.read.recorder_status {
            Some(status) => problems.extend(of_recorders(&status.value)),
            None => gaps = gaps.union(&self.why(open, STATUS)),
        }
        match &self.read.channel_status {
            Some(channels) => match of_channels(&channels.value) {
                Delivery::Works => {}
                Delivery::Fails(problem) => problems.push(problem),
                Delivery::Untold(message) => {
                    let question = Question::of(CHANNELS).account(self.account.id).region(self.region);
                    gaps = gaps.union(&open.leave(question, Cause::Unsupported, &message));
                }
            },
            None => gaps = gaps.union(&self.why(open, CHANNELS)),
        }
        if problems.is_empty() && !gaps.is_empty() { Known::Gap(gaps) } else { Known::Is(problems) }
    }
}

fn of_recorders(recorders: &[RecorderStatus]) -> Option<String> {
    let Some(recorder) = recorders.iter().max_by_key(|recorder| recorder.recording) else {
        return Some("there is no recorder".to_owned());
    };
    let failed = recorder.last_status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("failure"));
    match (recorder.recording, failed, &recorder.last_error_code) {
        (false, ..) => Some(format!("the recorder {} is stopped", recorder.name)),
        (true, true, Some(code)) => Some(format!("the recorder {} fails ({code})", recorder.name)),
        (true, true, None) => Some(format!("the recorder {} fails", recorder.name)),
        (true, false, _) => None,
    }
}

/// Whether AWS Config delivers to its bucket.
enum Delivery {
    Works,
    /// It does not: the reason.
    Fails(String),
    /// The channel does not tell.
    Untold(String),
}

/// A kind of delivery that is not set up is `Not_Applicable`; one that has not happened yet has no status. A Region in
/// which nothing changes has no history to deliver, so that the absence of deliveries proves nothing.
fn of_channels(channels: &[DeliveryChannelStatus]) -> Delivery {
    let Some(channel) = channels.first() else { return Delivery::Fails("there is no delivery channel".to_owned()) };
    let is = |delivery: &&ConfigDelivery, word: &str| {
        delivery.last_status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case(word))
    };
    let all = [&channel.snapshot, &channel.history, &channel.stream].into_iter().flatten();
    if let Some(failed) = all.into_iter().find(|delivery| is(delivery, "failure")) {
        let code = failed.last_error_code.as_deref().unwrap_or("no code");
        return Delivery::Fails(format!("delivery by the channel {} fails ({code})", channel.name));
    }
    let mut to_bucket = [&channel.snapshot, &channel.history].into_iter().flatten();
    if to_bucket.any(|delivery| is(&delivery, "success")) {
        Delivery::Works
    } else {
        Delivery::Untold(format!("the channel {} reports no delivery to its bucket yet, and no failure", channel.name))
    }
}
