use crate::simulator::clients::{of_account, refusal};
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::RuleState;
use trailproof::simulator::{Account, Denial, EventBus, EventRule, PolicyKind, Simulator, World};

const OWNER: &str = "222222222222";
const TOPIC: &str = "arn:aws:sns:eu-west-1:222222222222:security";
const PATTERN: &str = r#"{"source":["aws.cloudtrail"]}"#;

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "payments"));
    let bus = |name: &str| EventBus::new(&format!("arn:aws:events:eu-west-1:{OWNER}:event-bus/{name}"));
    let mut scheduled = EventRule::new("nightly", "").in_state("DISABLED");
    scheduled.pattern = None;
    scheduled.managed_by = Some("backup.amazonaws.com".into());
    let forwarded = EventRule::new("forward", PATTERN).to("arn:aws:events:eu-west-1:111111111111:event-bus/central");
    let told = EventRule::new("changes", PATTERN).in_state("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS").to(TOPIC);
    let mut told = told.to(TOPIC);
    told.targets[1].role = Some("arn:aws:iam::222222222222:role/send".into());
    world.event_buses.push(bus("default").with_rule(scheduled).with_rule(forwarded).with_rule(told));
    let mut open = bus("partners").with_rule(EventRule::new("all", r#"{"account":[{"prefix":""}]}"#));
    open.policy = Some("{}".into());
    world.event_buses.push(open);
    world
}

fn client(world: World, region: &'static str) -> Client {
    Client::new(&of_account(&Simulator::new(world), OWNER, region))
}

#[tokio::test]
async fn every_region_has_a_default_bus() {
    let here = client(world(), "eu-west-1").list_event_buses().send().await.unwrap();
    let names: Vec<_> = here.event_buses().iter().map(|bus| bus.name().unwrap()).collect();
    assert_eq!(names, ["default", "partners"]);
    assert_eq!((here.event_buses()[0].policy(), here.event_buses()[1].policy()), (None, Some("{}")));
    let elsewhere = client(world(), "us-east-1").list_event_buses().send().await.unwrap();
    let arn = "arn:aws:events:us-east-1:222222222222:event-bus/default";
    assert_eq!((elsewhere.event_buses().len(), elsewhere.event_buses()[0].arn()), (1, Some(arn)));
    let rules = client(world(), "us-east-1").list_rules().send().await.unwrap();
    assert_eq!(rules.rules().len(), 0);
    let found = client(world(), "eu-west-1").list_event_buses().name_prefix("part").send().await.unwrap();
    assert_eq!(found.event_buses().len(), 1);
}

#[tokio::test]
async fn rules_are_told_with_their_patterns_and_states() {
    let client = client(world(), "eu-west-1");
    let rules = client.list_rules().send().await.unwrap();
    let names: Vec<_> = rules.rules().iter().map(|rule| rule.name().unwrap()).collect();
    assert_eq!(names, ["changes", "forward", "nightly"]);
    let [changes, forward, nightly] = rules.rules() else { panic!("three rules") };
    assert_eq!(changes.arn(), Some("arn:aws:events:eu-west-1:222222222222:rule/changes"));
    assert_eq!(changes.state(), Some(&RuleState::EnabledWithAllCloudtrailManagementEvents));
    assert_eq!((changes.event_pattern(), changes.event_bus_name()), (Some(PATTERN), Some("default")));
    assert_eq!((forward.state(), forward.schedule_expression()), (Some(&RuleState::Enabled), None));
    assert_eq!((nightly.state(), nightly.event_pattern()), (Some(&RuleState::Disabled), None));
    assert_eq!(
        (nightly.schedule_expression(), nightly.managed_by()),
        (Some("rate(1 hour)"), Some("backup.amazonaws.com"))
    );
    for bus in ["partners", "arn:aws:events:eu-west-1:222222222222:event-bus/partners"] {
        let rules = client.list_rules().event_bus_name(bus).send().await.unwrap();
        assert_eq!(rules.rules()[0].arn(), Some("arn:aws:events:eu-west-1:222222222222:rule/partners/all"));
    }
    let found = client.list_rules().name_prefix("f").send().await.unwrap();
    assert_eq!(found.rules().len(), 1);
}

#[tokio::test]
async fn a_bus_is_told_with_its_policy() {
    let client = client(world(), "eu-west-1");
    let own = client.describe_event_bus().send().await.unwrap();
    let arn = "arn:aws:events:eu-west-1:222222222222:event-bus/default";
    assert_eq!((own.name(), own.arn(), own.policy()), (Some("default"), Some(arn), None));
    for named in ["partners", "arn:aws:events:eu-west-1:222222222222:event-bus/partners"] {
        let partners = client.describe_event_bus().name(named).send().await.unwrap();
        assert_eq!((partners.name(), partners.policy()), (Some("partners"), Some("{}")));
    }
    let (status, code, _) = refusal(client.describe_event_bus().name("gone").send().await);
    assert_eq!((status, code.as_str()), (400, "ResourceNotFoundException"));
}

#[tokio::test]
async fn targets_are_told_by_rule() {
    let client = client(world(), "eu-west-1");
    let targets = client.list_targets_by_rule().rule("changes").send().await.unwrap();
    let told: Vec<_> = targets.targets().iter().map(|target| (target.id(), target.arn(), target.role_arn())).collect();
    let role = Some("arn:aws:iam::222222222222:role/send");
    assert_eq!(told, [("target-1", TOPIC, None), ("target-2", TOPIC, role)]);
    let none = client.list_targets_by_rule().rule("all").event_bus_name("partners").send().await.unwrap();
    assert_eq!(none.targets().len(), 0);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let client = client(world(), "eu-west-1");
    let (status, code, message) = refusal(client.list_rules().event_bus_name("gone").send().await);
    assert_eq!((status, code.as_str()), (400, "ResourceNotFoundException"));
    assert_eq!(message, "Event bus gone does not exist.");
    let (_, code, message) = refusal(client.list_targets_by_rule().rule("gone").send().await);
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(message, "Rule gone does not exist on EventBus default.");
}

#[tokio::test]
async fn pages_follow_each_other() {
    let mut world = world();
    for number in 0..250 {
        world.event_buses[0].rules.push(EventRule::new(&format!("n{number:03}"), PATTERN));
    }
    let client = client(world, "eu-west-1");
    let (mut token, mut counts) = (None, Vec::new());
    loop {
        let page = client.list_rules().set_next_token(token).send().await.unwrap();
        counts.push(page.rules().len());
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(counts, [100, 100, 53]);
    assert_eq!(refusal(client.list_rules().limit(101).send().await).1, "ValidationException");
    assert_eq!(refusal(client.list_event_buses().next_token("zz").send().await).1, "ValidationException");
}

#[tokio::test]
async fn a_denial_is_told_as_aws_tells_it() {
    let denying = |actions: &str, on: &str| {
        let denial = Denial::explicit(PolicyKind::ServiceControl, actions).on(on);
        let mut world = world();
        *world.account_mut(OWNER).unwrap() = Account::new(OWNER, "payments").with_denial(denial);
        client(world, "eu-west-1")
    };
    let (status, code, message) = refusal(denying("events:ListRules", "*").list_rules().send().await);
    assert_eq!((status, code.as_str()), (400, "AccessDeniedException"));
    assert!(message.contains("events:ListRules with an explicit deny in a service control policy"), "{message}");
    let one = "arn:aws:events:eu-west-1:222222222222:rule/partners/*";
    let client = denying("events:ListTargetsByRule", one);
    assert!(client.list_targets_by_rule().rule("changes").send().await.is_ok());
    let refused = client.list_targets_by_rule().rule("all").event_bus_name("partners").send().await;
    let (_, _, message) = refusal(refused);
    assert!(message.contains("on resource: arn:aws:events:eu-west-1:222222222222:rule/partners/all"), "{message}");
}
