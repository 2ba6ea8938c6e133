//! What an event data store takes in.

use super::{Parts, categories};
use crate::derive::selector::{Access, Answer, Arns, EventClass, Selectors, Sources};
use crate::expr::{Gaps, Known};
use crate::snapshot::{Cause, EventDataStoreConfiguration};

/// What is known of a store's selectors.
pub(super) struct Selected {
    pub(super) categories: Known<Vec<String>>,
    pub(super) takes_management_events: Known<bool>,
    pub(super) left_out: Known<Vec<String>>,
}

/// The kinds of management events that selectors are known to tell apart, in words.
fn management(partition: &str) -> Vec<(String, EventClass)> {
    let one = |source: &str| Sources::One(format!("{source}.amazonaws.com"));
    let sources =
        [("management events", Sources::General), ("KMS events", one("kms")), ("RDS Data events", one("rdsdata"))];
    let mut classes = Vec::new();
    for (words, sources) in sources {
        for (verb, access) in [("reads", Access::Read), ("writes", Access::Write)] {
            let class = EventClass::management(partition, sources.clone(), access);
            classes.push((format!("{verb} of {words}"), class));
        }
    }
    classes
}

pub(super) fn selected(parts: &mut Parts<'_, '_>) -> Selected {
    let selectors = parts.part("AdvancedEventSelectors", |read| read.advanced_event_selectors.clone());
    let selectors = match selectors {
        Known::Is(selectors) => Selectors::of_store(&selectors),
        Known::Gap(gaps) => {
            return Selected {
                categories: Known::Gap(gaps.clone()),
                takes_management_events: Known::Gap(gaps.clone()),
                left_out: Known::Gap(gaps),
            };
        }
    };
    let partition = parts.store.arn.partition();
    let partition = partition.as_ref().map_or("aws", |partition| partition.as_str());
    let (mut takes, mut left_out, mut doubts) = (false, Vec::new(), Gaps::none());
    for (words, class) in management(partition) {
        match selectors.cover(&class) {
            Answer::All => takes = true,
            Answer::Part(missing) => {
                takes = true;
                left_out.push(format!("{words}: {missing}"));
            }
            Answer::None => left_out.push(format!("all {words}")),
            Answer::Unknown(why) => {
                doubts = doubts.union(&parts.doubt(Cause::Unsupported, &format!("{words}: {why}")));
            }
        }
    }
    Selected {
        categories: parts.part("AdvancedEventSelectors", categories),
        takes_management_events: if takes || doubts.is_empty() { Known::Is(takes) } else { Known::Gap(doubts.clone()) },
        left_out: if left_out.is_empty() && !doubts.is_empty() { Known::Gap(doubts) } else { Known::Is(left_out) },
    }
}

/// Whether a store is known to take in everything that another one does. Of categories other than management and data
/// events it is not.
pub(super) fn gives_all_of(
    one: &EventDataStoreConfiguration,
    other: &EventDataStoreConfiguration,
    partition: &str,
) -> bool {
    let (Some(given), Some(asked)) = (&one.advanced_event_selectors, &other.advanced_event_selectors) else {
        return false;
    };
    let decided =
        categories(other).is_some_and(|names| names.iter().all(|name| name == "Management" || name == "Data"));
    let (given, asked) = (Selectors::of_store(given), Selectors::of_store(asked));
    let of_data = asked.resource_types().into_iter().flat_map(|name| {
        [Access::Read, Access::Write].map(|access| EventClass::data(partition, name, Arns::All, access))
    });
    let mut classes = management(partition).into_iter().map(|(_, class)| class).chain(of_data);
    decided && classes.all(|class| asked.cover(&class) == Answer::None || given.cover(&class) == Answer::All)
}
