//! Ways to query the logs: what counts as one for which account, and what is said where some could not be looked for.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, good_world, settings, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Judgement, Outcome, Question, evaluate};
use trailproof::policy::{Setting, load};
use trailproof::simulator::{
    Account, AthenaTable, DataCatalog, Denial, EventDataStore, PolicyKind, RequestRecord, Simulator,
    SubscriptionFilter, Trail, TrailStatus, World,
};

const RULE: &str = "analysis-path";

/// The result of every account, and what was asked.
fn judged(world: World, settings_of_rule: &[&str]) -> (Vec<Judgement>, Vec<RequestRecord>) {
    let policies = load(&[]).policies;
    let set: Vec<Setting> = settings_of_rule.iter().map(|text| Setting::parse(text, &policies).unwrap()).collect();
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &set,
        fail_on: None,
        allow_incomplete: false,
    };
    let mut chosen = question.chosen();
    chosen.retain(|rule| rule.policy.id.as_str() == RULE);
    let simulator = Simulator::new(world);
    let mut settings = Settings { needs: Needs::of(&chosen), ..settings() };
    settings.selection.regions = ["eu-west-1", "us-east-1"].map(|region| region.parse().unwrap()).to_vec();
    let snapshot = try_read(&simulator, &settings).unwrap();
    let judgements = evaluate(&snapshot, String::new(), &question).judgements;
    (judgements.into_iter().filter(|judgement| judgement.policy.as_str() == RULE).collect(), simulator.requests())
}

/// The outcomes for the management account, the log archive and the member.
fn outcomes(world: World) -> [&'static str; 3] {
    let judgements = judged(world, &[]).0;
    [MANAGEMENT, ARCHIVE, MEMBER].map(|account| {
        let own = |judgement: &&Judgement| judgement.account.is_some_and(|id| id.to_string() == account);
        judgements.iter().find(own).unwrap().outcome.as_str()
    })
}

/// The good organization without its store and log group: its files can be read, and nothing queries them.
fn bare() -> World {
    let mut world = good_world();
    world.event_data_stores.clear();
    world.log_groups.clear();
    world.trails[0].log_group = None;
    world
}

fn with_table(account: &str, region: &str, location: &str) -> World {
    let mut world = bare();
    world.athena_tables.push(AthenaTable::new(account, region, "trails", location));
    world
}

fn deny(mut world: World, account: &str, action: &str) -> World {
    world.account_mut(account).unwrap().denials.push(Denial::explicit(PolicyKind::ServiceControl, action));
    world
}

const ALL: [&str; 3] = ["pass"; 3];
const NONE: [&str; 3] = ["fail"; 3];
const UNKNOWN: [&str; 3] = ["unknown"; 3];

#[test]
fn a_store_a_log_group_or_a_table_is_enough() {
    assert_eq!(outcomes(bare()), NONE);
    assert_eq!(outcomes(good_world()), ALL);
    let mut world = good_world();
    world.event_data_stores.clear();
    assert_eq!(outcomes(world), ALL, "the log group");
    let mut world = good_world();
    world.log_groups.clear();
    assert_eq!(outcomes(world), ALL, "the store");
    for (account, location) in [
        (ARCHIVE, format!("s3://{BUCKET}/AWSLogs/o-exampleorg/")),
        (MANAGEMENT, format!("s3://{BUCKET}")),
        (ARCHIVE, format!("s3://{BUCKET}/AWSLogs/o-exampleorg")),
    ] {
        assert_eq!(outcomes(with_table(account, "us-east-1", &location)), ALL, "{location} of {account}");
    }
}

#[test]
fn a_store_counts_while_it_takes_the_accounts_events_in() {
    let with = |change: fn(&mut EventDataStore)| {
        let mut world = bare();
        let mut store = good_world().event_data_stores.remove(0);
        change(&mut store);
        world.event_data_stores.push(store);
        outcomes(world)
    };
    assert_eq!(with(|_| {}), ALL);
    assert_eq!(with(|store| store.organization = false), ["pass", "fail", "fail"]);
    assert_eq!(with(|store| store.status = "STOPPED_INGESTION".into()), NONE);
    let configuration =
        serde_json::json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["ConfigurationItem"] }] });
    let mut world = bare();
    let store = good_world().event_data_stores.remove(0).selecting([configuration]);
    world.event_data_stores.push(store);
    assert_eq!(outcomes(world), NONE);
}

#[test]
fn a_log_group_counts_while_it_can_be_queried_and_the_trail_logs() {
    let with = |class: Option<&str>, filter: bool| {
        let mut world = good_world();
        world.event_data_stores.clear();
        world.log_groups[0].class = class.map(str::to_owned);
        if filter {
            world.log_groups[0].subscription_filters.push(SubscriptionFilter {
                name: "siem".into(),
                pattern: String::new(),
                destination: "arn:aws:kinesis:us-east-1:111111111111:stream/siem".into(),
            });
        }
        world
    };
    assert_eq!(outcomes(with(Some("INFREQUENT_ACCESS"), false)), ALL);
    assert_eq!(outcomes(with(None, false)), ALL);
    assert_eq!(outcomes(with(Some("DELIVERY"), false)), NONE);
    assert_eq!(outcomes(with(Some("DELIVERY"), true)), ALL);
    assert_eq!(outcomes(with(Some("SOMETHING_NEW"), false)), UNKNOWN);
    let mut gone = with(None, false);
    gone.log_groups.clear();
    assert_eq!(outcomes(gone), NONE);
    let mut stopped = with(None, false);
    stopped.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    assert_eq!(outcomes(stopped), NONE);
    let unread = deny(with(None, true), MANAGEMENT, "logs:DescribeLogGroups");
    assert_eq!(outcomes(unread), ALL, "a subscription filter is on a log group that is there");
    assert_eq!(outcomes(deny(with(None, false), MANAGEMENT, "logs:DescribeLogGroups")), UNKNOWN);
}

#[test]
fn a_table_counts_for_the_accounts_whose_files_lie_under_it() {
    let folder = |rest: &str| format!("s3://{BUCKET}/AWSLogs/o-exampleorg/{rest}");
    let of_member = ["fail", "fail", "pass"];
    assert_eq!(outcomes(with_table(ARCHIVE, "us-east-1", &folder(&format!("{MEMBER}/CloudTrail/")))), of_member);
    let narrow = folder(&format!("{MEMBER}/CloudTrail/eu-west-1/2026/"));
    assert_eq!(outcomes(with_table(ARCHIVE, "us-east-1", &narrow)), of_member);
    for other in [
        folder(&format!("{MEMBER}/CloudTrail-Digest/")),
        folder(&format!("{MEMBER}/Config/")),
        "s3://example-access-logs/AWSLogs/".to_owned(),
        format!("s3://{BUCKET}/other/"),
    ] {
        assert_eq!(outcomes(with_table(ARCHIVE, "us-east-1", &other)), NONE, "{other}");
    }
    let whole = format!("s3://{BUCKET}/");
    assert_eq!(outcomes(with_table(ARCHIVE, "eu-west-1", &whole)), NONE, "a Region in which Athena is not asked");
    assert_eq!(outcomes(with_table(MEMBER, "us-east-1", &whole)), NONE, "an account in which Athena is not asked");
}

#[test]
fn athena_is_asked_only_where_it_can_matter() {
    let asked = |world: World| {
        let (_, requests) = judged(world, &[]);
        let mut of_athena: Vec<String> = requests
            .into_iter()
            .filter(|request| request.service == "athena")
            .map(|request| format!("{} {} {}", request.account, request.region, request.operation))
            .collect();
        of_athena.sort();
        of_athena
    };
    assert_eq!(asked(good_world()), [""; 0]);
    assert_eq!(
        asked(with_table(ARCHIVE, "us-east-1", "s3://elsewhere/")),
        [
            "111111111111 us-east-1 ListDataCatalogs",
            "111111111111 us-east-1 ListDatabases",
            "222222222222 us-east-1 ListDataCatalogs",
            "222222222222 us-east-1 ListDatabases",
            "222222222222 us-east-1 ListTableMetadata",
        ]
    );
    let mut stopped = bare();
    stopped.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    assert_eq!(asked(stopped), [""; 0]);
}

#[test]
fn what_could_not_be_looked_for_hides_the_absence_and_no_proof() {
    let deny_athena = |world: World, action: &str| deny(world, ARCHIVE, action);
    for action in ["athena:ListDataCatalogs", "athena:ListDatabases", "glue:GetDatabases"] {
        assert_eq!(outcomes(deny_athena(bare(), action)), UNKNOWN, "{action}");
    }
    let elsewhere = with_table(ARCHIVE, "us-east-1", "s3://elsewhere/");
    for action in ["athena:ListTableMetadata", "glue:GetTables"] {
        assert_eq!(outcomes(deny_athena(elsewhere.clone(), action)), UNKNOWN, "{action}");
    }
    assert_eq!(outcomes(deny(bare(), MANAGEMENT, "cloudtrail:ListEventDataStores")), UNKNOWN);
    assert_eq!(outcomes(deny(bare(), MEMBER, "cloudtrail:ListEventDataStores")), ["fail", "fail", "unknown"]);
    let proven = with_table(MANAGEMENT, "us-east-1", &format!("s3://{BUCKET}/"));
    assert_eq!(outcomes(deny_athena(proven, "athena:*")), ALL);
    let unlisted = deny(deny(good_world(), MEMBER, "cloudtrail:ListEventDataStores"), ARCHIVE, "athena:*");
    assert_eq!(outcomes(unlisted), ALL);
}

#[test]
fn a_catalog_behind_a_function_is_not_run() {
    let mut world = bare();
    let (account, region) = (ARCHIVE.to_owned(), "us-east-1".to_owned());
    world.data_catalogs.push(DataCatalog { account, region, name: "hive".into(), kind: "LAMBDA".into() });
    let (judgements, requests) = judged(world, &[]);
    assert!(judgements.iter().all(|judgement| matches!(judgement.outcome, Outcome::Unknown { .. })), "{judgements:?}");
    let of_catalog = requests.iter().filter(|request| request.resource.contains("hive"));
    assert_eq!(of_catalog.count(), 0);
}

#[test]
fn a_declaration_is_no_proof() {
    let declared = "analysis-path.declared=our SIEM, security team, 2026-11-20";
    let (judgements, _) = judged(bare(), &[declared]);
    for judgement in &judgements {
        let Outcome::NotApplicable { reason } = &judgement.outcome else { panic!("{judgement:?}") };
        assert_eq!(&**reason, "declared: our SIEM, security team, 2026-11-20");
    }
    let (judgements, _) = judged(good_world(), &[declared]);
    assert!(judgements.iter().all(|judgement| judgement.outcome == Outcome::Pass));
    let policies = load(&[]).policies;
    let mistake = Setting::parse("analysis-path.declared=our SIEM", &policies).unwrap_err();
    assert!(mistake.contains("by whom and when"), "{mistake}");
}

#[test]
fn an_account_alone_has_its_own_ways() {
    let now = jiff::Timestamp::now();
    let mut world = World::with_account(Account::new(MEMBER, "alone"));
    world.buckets.push(trailproof::simulator::Bucket::new("own-logs", MEMBER, "eu-west-1"));
    world.trails.push(Trail::new(MEMBER, "own", "eu-west-1", "own-logs").with_status(TrailStatus::logging(now)));
    let outcome = |world: &World| {
        let policies = load(&[]).policies;
        let question = Question {
            policies: &policies,
            packs: vec!["recommended".into()],
            settings: &[],
            fail_on: None,
            allow_incomplete: false,
        };
        let mut settings = settings();
        settings.selection.breadth = trailproof::snapshot::Breadth::Account;
        let snapshot = try_read(&Simulator::new(world.clone()), &settings).unwrap();
        let judgements = evaluate(&snapshot, String::new(), &question).judgements;
        judgements.iter().find(|judgement| judgement.policy.as_str() == RULE).unwrap().outcome.as_str()
    };
    assert_eq!(outcome(&world), "fail");
    let location = format!("s3://own-logs/AWSLogs/{MEMBER}/CloudTrail/");
    world.athena_tables.push(AthenaTable::new(MEMBER, "eu-west-1", "trails", &location));
    assert_eq!(outcome(&world), "pass");
}
