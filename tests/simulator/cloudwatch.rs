use crate::simulator::clients::{of_account, of_role, refusal};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, Statistic};
use std::time::Duration;
use trailproof::simulator::{Account, Alarm, Denial, Effect, PolicyKind, Role, Simulator, Watched, Weather, World};

const OWNER: &str = "222222222222";
const TOPIC: &str = "arn:aws:sns:eu-west-1:222222222222:security";

fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:cloudwatch:{region}:{OWNER}:alarm:{name}")
}

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "payments").with_role(Role::new("audit", "111111111111")));
    let mut odd = Alarm::on_metric(&arn("eu-west-1", "odd"), "LogMetrics", "Odd");
    if let Watched::Metric(metric) = &mut odd.watched {
        metric.dimensions.push(("Account".into(), "222222222222".into()));
        metric.threshold = 2.5;
        metric.datapoints_to_alarm = Some(1);
        metric.treat_missing_data = None;
    }
    odd.actions_enabled = false;
    world.alarms.push(odd);
    world.alarms.push(Alarm::on_metric(&arn("eu-west-1", "changes"), "LogMetrics", "Changes").telling(TOPIC));
    world.alarms.push(Alarm::on_metric(&arn("us-east-1", "elsewhere"), "LogMetrics", "Changes"));
    world.alarms.push(Alarm::on_alarms(&arn("eu-west-1", "both"), "ALARM(changes) AND ALARM(odd)").telling(TOPIC));
    world
}

fn client(simulator: &Simulator) -> Client {
    Client::new(&of_account(simulator, OWNER, "eu-west-1"))
}

#[tokio::test]
async fn alarms_on_metrics_are_told_whole() {
    let answer = client(&Simulator::new(world())).describe_alarms().send().await.unwrap();
    let names: Vec<_> = answer.metric_alarms().iter().map(|alarm| alarm.alarm_name().unwrap()).collect();
    assert_eq!(names, ["changes", "odd"]);
    assert_eq!(answer.composite_alarms().len(), 0, "they must be asked for");
    let changes = &answer.metric_alarms()[0];
    assert_eq!(changes.alarm_arn(), Some(arn("eu-west-1", "changes").as_str()));
    assert_eq!((changes.namespace(), changes.metric_name()), (Some("LogMetrics"), Some("Changes")));
    assert_eq!((changes.actions_enabled(), changes.alarm_actions()), (Some(true), &[TOPIC.to_owned()][..]));
    assert_eq!(
        (changes.statistic(), changes.period(), changes.threshold()),
        (Some(&Statistic::Sum), Some(300), Some(1.0))
    );
    assert_eq!(changes.comparison_operator(), Some(&ComparisonOperator::GreaterThanOrEqualToThreshold));
    assert_eq!((changes.evaluation_periods(), changes.treat_missing_data()), (Some(1), Some("notBreaching")));
    assert_eq!(changes.state_updated_timestamp().map(|time| time.secs()), Some(1_609_459_200));
    let odd = &answer.metric_alarms()[1];
    assert_eq!((odd.threshold(), odd.datapoints_to_alarm(), odd.treat_missing_data()), (Some(2.5), Some(1), None));
    assert_eq!((odd.dimensions()[0].name(), odd.actions_enabled()), (Some("Account"), Some(false)));
}

#[tokio::test]
async fn alarms_are_found_by_type_name_and_action() {
    let client = client(&Simulator::new(world()));
    let both = client.describe_alarms().alarm_types(AlarmType::CompositeAlarm).alarm_types(AlarmType::MetricAlarm);
    let both = both.send().await.unwrap();
    assert_eq!((both.metric_alarms().len(), both.composite_alarms().len()), (2, 1));
    assert_eq!(both.composite_alarms()[0].alarm_rule(), Some("ALARM(changes) AND ALARM(odd)"));
    let named = client.describe_alarms().alarm_names("odd").alarm_names("gone").send().await.unwrap();
    assert_eq!(named.metric_alarms().len(), 1);
    let prefixed = client.describe_alarms().alarm_name_prefix("ch").send().await.unwrap();
    assert_eq!(prefixed.metric_alarms()[0].alarm_name(), Some("changes"));
    let telling = client.describe_alarms().action_prefix("arn:aws:sns:").send().await.unwrap();
    assert_eq!(telling.metric_alarms().len(), 1);
    let refused = refusal(client.describe_alarms().alarm_names("odd").alarm_name_prefix("o").send().await);
    assert_eq!((refused.0, refused.1.as_str()), (400, "ValidationError"));
}

#[tokio::test]
async fn pages_follow_each_other() {
    let mut world = world();
    for number in 0..120 {
        world.alarms.push(Alarm::on_metric(&arn("eu-west-1", &format!("n{number:03}")), "N", "N"));
    }
    let simulator = Simulator::new(world);
    let pages = client(&simulator).describe_alarms().into_paginator().send().try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.metric_alarms().len()).collect::<Vec<_>>(), [50, 50, 22]);
    let refused = refusal(client(&simulator).describe_alarms().next_token("zz").send().await);
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidNextToken"));
    let refused = refusal(client(&simulator).describe_alarms().max_records(101).send().await);
    assert_eq!(refused.1, "ValidationError");
    let asked = simulator.requests();
    assert!(asked.iter().any(|request| request.resource.contains("\"MaxRecords\":101")), "{asked:?}");
}

#[tokio::test]
async fn refusals_come_as_they_do_from_a_service_that_spoke_query() {
    let mut denied = world();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudwatch:Describe*");
    *denied.account_mut(OWNER).unwrap() = Account::new(OWNER, "payments").with_denial(denial);
    let (status, code, message) = refusal(client(&Simulator::new(denied)).describe_alarms().send().await);
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    let resource = "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:*";
    assert!(message.contains(&format!("cloudwatch:DescribeAlarms on resource: {resource}")), "{message}");
    let simulator = Simulator::new(world());
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:*","Resource":"*"}]}"#;
    let role = of_role(&simulator, "arn:aws:iam::222222222222:role/audit", policy, "eu-west-1").await;
    let (_, code, message) = refusal(Client::new(&role).describe_alarms().send().await);
    assert_eq!(code, "AccessDenied");
    assert!(message.contains("no session policy allows"), "{message}");
    let throttled = simulator.with_weather(vec![Weather::new(Effect::Throttle).on("cloudwatch", "*")]);
    assert_eq!(refusal(client(&throttled).describe_alarms().send().await).1, "Throttling");
}

#[tokio::test]
async fn writes_are_refused() {
    let simulator = Simulator::new(world());
    let refused = refusal(client(&simulator).disable_alarm_actions().alarm_names("changes").send().await);
    assert_eq!(refused.0, 403);
    assert_eq!(simulator.refused_writes()[0].operation, "DisableAlarmActions");
}

#[tokio::test]
async fn weather_damages_cbor_as_it_does_json() {
    let simulator = Simulator::new(world());
    let under = |effect: Effect| client(&simulator.with_weather(vec![Weather::new(effect).on("cloudwatch", "*")]));
    let without = under(Effect::WithoutField("AlarmName".into())).describe_alarms().send().await.unwrap();
    assert!(without.metric_alarms().iter().all(|alarm| alarm.alarm_name().is_none()));
    let looping = under(Effect::LoopingToken).describe_alarms().send().await.unwrap();
    assert!(looping.next_token().is_some());
    let huge = under(Effect::HugeBody(100_000)).describe_alarms().send().await.unwrap();
    assert_eq!(huge.metric_alarms().len(), 2);
    for effect in [Effect::HalfAnswer, Effect::MalformedBody, Effect::EmptyBody] {
        let answer = tokio::time::timeout(Duration::from_secs(30), under(effect.clone()).describe_alarms().send());
        assert!(answer.await.unwrap().is_err(), "{effect:?}");
    }
}
