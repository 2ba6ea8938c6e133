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

/// Of a Region that no rule's parameters ask for.
const NOT_ASKED: &str = "this was not asked: no rule that was selected when this was collected needed it in this Region; \
                         collect again with the --pack, --policies and --set of this check, or with --everything";

/// AWS Config in the Regions of an account.
pub(super) type InRegions = Shared<Listed<Shared<Fact>>>;

/// AWS Config in accounts.
pub(super) struct Config<'a> {
    /// Whether anybody asked.
    asked: bool,
    /// Why nothing is known where nobody asked.
    unread: Gaps,
    homes: Homes<'a>,
}

impl<'a> Config<'a> {
    pub(super) fn of(derivation: &mut Derivation<'a>) -> Self {
        let asked = derivation.snapshot.selection.operations.iter().any(|operation| operation == RECORDERS)
            || derivation.snapshot.accounts.iter().any(|account| !account.config.is_empty());
        let unread = match asked {
            true => derivation.open.leave_for_many(RECORDERS, Cause::NotCollected, NOT_ASKED),
            false => derivation.open.why(Question::of(RECORDERS)),
        };
        Self { asked, unread, homes: Homes::of(&derivation.snapshot.trails) }
    }

    /// The Regions of an account as if none had been asked: the same for all accounts that have the same Regions and see
    /// the same trails.
    pub(super) fn unasked(&self, derivation: &mut Derivation<'_>, account: &Account) -> InRegions {
        if !self.asked {
            return Shared::new(Listed { found: Vec::new(), unread: self.unread.clone() });
        }
        let Some(regions) = &account.regions else {
            let unread = derivation.open.why(Question::of("account:ListRegions").account(account.id));
            return Shared::new(Listed { found: Vec::new(), unread });
        };
        let snapshot = derivation.snapshot;
        let only = &snapshot.selection.regions;
        let home = self.homes.of_account(account, &snapshot.caller.partition);
        let enabled = regions.value.enabled().into_iter().filter(|region| only.is_empty() || only.contains(region));
        let found = enabled.map(|region| {
            Shared::new(Fact {
                name: region.clone(),
                is_home: home.contains(region),
                problems: Known::Gap(self.unread.clone()),
                records_all_types: Known::Gap(self.unread.clone()),
            })
        });
        Shared::new(Listed::complete(found.collect()))
    }
}

/// The Regions of an account, each with what is wrong there, where it was asked.
pub(super) fn of_account(open: &mut OpenQuestions, account: &Account, unasked: &InRegions) -> InRegions {
    let question = Question::of(RECORDERS).account(account.id);
    let has_gaps = open.left(question).is_some();
    if account.config.is_empty() && !has_gaps {
        return unasked.clone();
    }
    let mut found = unasked.found.clone();
    for fact in &mut found {
        let region = &fact.name;
        let (problems, records_all_types) = match account.config.get(region) {
            Some(read) => {
                let place = Place { account, region, read };
                (place.problems(open), place.records_all_types(open))
            }
            None if !has_gaps => continue,
            None => match open.left(question.region(region)) {
                Some(why) => (Known::Gap(why.clone()), Known::Gap(why)),
                None => continue,
            },
        };
        *fact = Shared::new(Fact { name: region.clone(), is_home: fact.is_home, problems, records_all_types });
    }
    Shared::new(Listed { found, unread: unasked.unread.clone() })
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
