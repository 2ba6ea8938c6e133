use crate::simulator::clients::{of_account, refusal};
use aws_sdk_cloudwatchlogs::Client;
use trailproof::simulator::{
    Account, Denial, LogGroup, MetricFilter, PolicyKind, Simulator, SubscriptionFilter, World,
};

const OWNER: &str = "222222222222";
const PATTERN: &str = r#"{ ($.eventName = StopLogging) || ($.eventName = "Delete*") }"#;

fn world() -> World {
    let mut world = World::with_account(Account::new(OWNER, "payments"));
    let group = |name: &str| LogGroup::new(&format!("arn:aws:logs:eu-west-1:{OWNER}:log-group:{name}"));
    let mut odd = MetricFilter::new("odd", "ERROR", "Other", "Errors");
    odd.default_value = Some(0.0);
    odd.dimensions = vec![("Account".into(), "$.recipientAccountId".into())];
    odd.on_transformed_logs = true;
    odd.field_selection = Some("@aws.region = \"eu-west-1\"".into());
    let mut trails = group("/trails").with_metric_filter(odd);
    trails = trails.with_metric_filter(MetricFilter::new("changes", PATTERN, "LogMetrics", "Changes"));
    let destination = "arn:aws:lambda:eu-west-1:222222222222:function:forward".to_owned();
    trails.subscription_filters =
        vec![SubscriptionFilter { name: "forward".into(), pattern: String::new(), destination }];
    world.log_groups.push(trails);
    world.log_groups.push(group("/other").with_metric_filter(MetricFilter::new("changes", "", "Other", "Changes")));
    world
}

fn client(world: World) -> Client {
    Client::new(&of_account(&Simulator::new(world), OWNER, "eu-west-1"))
}

#[tokio::test]
async fn metric_filters_of_a_log_group_are_told_whole() {
    let answer = client(world()).describe_metric_filters().log_group_name("/trails").send().await.unwrap();
    let [changes, odd] = answer.metric_filters() else { panic!("two filters") };
    assert_eq!((changes.filter_name(), changes.filter_pattern()), (Some("changes"), Some(PATTERN)));
    assert_eq!((changes.log_group_name(), changes.apply_on_transformed_logs()), (Some("/trails"), false));
    let metric = &changes.metric_transformations()[0];
    assert_eq!(
        (metric.metric_namespace(), metric.metric_name(), metric.metric_value()),
        ("LogMetrics", "Changes", "1")
    );
    assert_eq!((metric.default_value(), metric.dimensions()), (None, None));
    let metric = &odd.metric_transformations()[0];
    assert_eq!(metric.default_value(), Some(0.0));
    assert_eq!(metric.dimensions().unwrap()["Account"], "$.recipientAccountId");
    assert!(odd.apply_on_transformed_logs());
    assert_eq!(odd.field_selection_criteria(), Some("@aws.region = \"eu-west-1\""));
    let groups = client(world()).describe_log_groups().send().await.unwrap();
    assert_eq!(
        groups.log_groups().iter().map(|group| group.metric_filter_count()).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
}

#[tokio::test]
async fn metric_filters_are_found_by_metric_and_prefix() {
    let client = client(world());
    let all = client.describe_metric_filters().send().await.unwrap();
    let of: Vec<_> = all.metric_filters().iter().map(|filter| filter.log_group_name().unwrap()).collect();
    assert_eq!(of, ["/other", "/trails", "/trails"], "by the filters' names");
    let metric =
        client.describe_metric_filters().metric_namespace("Other").metric_name("Changes").send().await.unwrap();
    assert_eq!(metric.metric_filters()[0].log_group_name(), Some("/other"));
    let prefix = client.describe_metric_filters().filter_name_prefix("odd");
    assert_eq!(prefix.clone().log_group_name("/trails").send().await.unwrap().metric_filters().len(), 1);
    assert_eq!(prefix.send().await.unwrap().metric_filters().len(), 3, "it counts with a log group alone");
    let refused = refusal(client.describe_metric_filters().metric_name("Changes").send().await);
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidParameterException"));
}

#[tokio::test]
async fn subscription_filters_are_told() {
    let answer = client(world()).describe_subscription_filters().log_group_name("/trails").send().await.unwrap();
    let [forward] = answer.subscription_filters() else { panic!("one filter") };
    assert_eq!((forward.filter_name(), forward.filter_pattern()), (Some("forward"), Some("")));
    assert_eq!(forward.destination_arn(), Some("arn:aws:lambda:eu-west-1:222222222222:function:forward"));
    let none = client(world()).describe_subscription_filters().log_group_name("/other").send().await.unwrap();
    assert_eq!(none.subscription_filters().len(), 0);
}

#[tokio::test]
async fn pages_follow_each_other_and_what_is_not_there_is_not_found() {
    let mut world = world();
    for number in 0..60 {
        let filter = MetricFilter::new(&format!("n{number:02}"), "", "N", "N");
        world.log_groups[0].metric_filters.push(filter);
    }
    let client = client(world);
    let pages = client.describe_metric_filters().log_group_name("/trails").into_paginator().send();
    let pages = pages.try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.metric_filters().len()).collect::<Vec<_>>(), [50, 12]);
    for gone in ["/gone", "/trail"] {
        let refused = refusal(client.describe_metric_filters().log_group_name(gone).send().await);
        assert_eq!((refused.0, refused.1.as_str()), (400, "ResourceNotFoundException"));
        let refused = refusal(client.describe_subscription_filters().log_group_name(gone).send().await);
        assert_eq!(refused.2, "The specified log group does not exist.");
    }
    assert_eq!(refusal(client.describe_metric_filters().limit(51).send().await).1, "InvalidParameterException");
}

#[tokio::test]
async fn a_denial_names_the_log_group() {
    let mut denied = world();
    let on = "arn:aws:logs:eu-west-1:222222222222:log-group:/trails:*";
    let denial = Denial::explicit(PolicyKind::Identity, "logs:Describe*Filters").on(on);
    *denied.account_mut(OWNER).unwrap() = Account::new(OWNER, "payments").outside().with_denial(denial);
    let client = client(denied);
    assert!(client.describe_metric_filters().log_group_name("/other").send().await.is_ok());
    for refused in [
        refusal(client.describe_metric_filters().log_group_name("/trails").send().await),
        refusal(client.describe_subscription_filters().log_group_name("/trails").send().await),
    ] {
        assert_eq!(refused.1, "AccessDeniedException");
        assert!(refused.2.contains("on resource: arn:aws:logs:eu-west-1:222222222222:log-group:/trails:log-stream:"));
    }
}
