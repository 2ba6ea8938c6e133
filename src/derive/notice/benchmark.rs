//! Whether the events of the CIS benchmark's alarms are noticed in a log group.

use super::filter::{Demand, Filters};
use super::{Ears, Heard};
use crate::event::{CisAlarm, Place};
use crate::facts::log_group::{Alarms, Noticed};

/// What is noticed of the benchmark's events: `judge` answers for the alarm of a rule.
fn each(mut judge: impl FnMut(&str) -> Noticed) -> Alarms {
    Alarms {
        unauthorized_api: judge("alarm-unauthorized-api"),
        console_no_mfa: judge("alarm-console-no-mfa"),
        root_usage: judge("alarm-root-usage"),
        iam_policy_change: judge("alarm-iam-policy-change"),
        cloudtrail_change: judge("alarm-cloudtrail-change"),
        console_auth_failure: judge("alarm-console-auth-failure"),
        cmk_disable_delete: judge("alarm-cmk-disable-delete"),
        s3_policy_change: judge("alarm-s3-policy-change"),
        config_change: judge("alarm-config-change"),
        sg_change: judge("alarm-sg-change"),
        nacl_change: judge("alarm-nacl-change"),
        gateway_change: judge("alarm-gateway-change"),
        route_table_change: judge("alarm-route-table-change"),
        vpc_change: judge("alarm-vpc-change"),
        organizations_change: judge("alarm-organizations-change"),
    }
}

/// Whether the events, as they reach a place, raise alarms by the filters of a log group.
pub(in crate::derive) fn benchmark(ears: &mut Ears<'_>, filters: &mut Filters<'_>, place: &Place) -> Alarms {
    each(|id| {
        let alarm = CisAlarm::ALL.iter().find(|alarm| alarm.id == id);
        let kinds = alarm.map(|alarm| alarm.events(place)).unwrap_or_default();
        noticed(filters.hear(ears, &kinds, Demand::AnyAlarm))
    })
}

/// The same answer for all of them.
pub(in crate::derive) fn none_of_the_benchmark(heard: &Heard) -> Alarms {
    each(|_| noticed(heard.clone()))
}

fn noticed(heard: Heard) -> Noticed {
    let is_heard = heard.known();
    let (heard_by, problems) = heard.told();
    Noticed { is_heard, heard_by, problems }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_of_the_benchmark_is_judged() {
        let mut asked = Vec::new();
        each(|id| {
            asked.push(id.to_owned());
            noticed(Heard::no(""))
        });
        assert_eq!(asked, CisAlarm::ALL.map(|alarm| alarm.id));
    }
}
