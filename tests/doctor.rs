//! `trailproof doctor`: each thing that may be wrong before a scan, through the binary, over loopback.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod doctor {
    mod network;
    mod proxied;
}

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, Served, code, good_world, serve, stderr, stdout, trailproof};
use trailproof::simulator::{Account, Denial, Effect, PolicyKind, Role, Simulator, Weather, World};

/// `trailproof demo --serve` as a process of its own, ended with the test.
struct Demo {
    child: Child,
    exports: Vec<(String, String)>,
}

impl Demo {
    fn start() -> Self {
        let mut child = trailproof().args(["demo", "--serve", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut exports = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(variables) = line.strip_prefix("export ") else {
                match exports.is_empty() {
                    true => continue,
                    false => break,
                }
            };
            let pairs = variables.split(' ').filter_map(|pair| pair.split_once('='));
            exports.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        Self { child, exports }
    }

    fn doctor(&self, arguments: &[&str]) -> Command {
        let mut command = trailproof();
        command.arg("doctor").args(arguments).envs(self.exports.clone());
        command
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn doctor(served: &Served, arguments: &[&str]) -> Output {
    served.trailproof().args(["doctor", "--role-name", ROLE]).args(arguments).output().unwrap()
}

/// The exit code, and the lines about a matter: state and message.
fn about(output: &Output, matter: &str) -> (i32, Vec<(String, String, Option<String>)>) {
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(output), stderr(output)));
    assert_eq!(told["schema"], "trailproof.doctor/1");
    assert_eq!(told["ok"], Value::Bool(code(output) == 0));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let found = told["checks"].as_array().unwrap().iter().filter(|check| check["check"] == matter);
    let lines =
        found.map(|check| (text(&check["state"]).unwrap(), text(&check["message"]).unwrap(), text(&check["remedy"])));
    (code(output), lines.collect())
}

/// Holds that there is one problem about a matter, which says something, and what to do.
fn problem(output: &Output, matter: &str, said: &str, fix: &str) {
    let (code, lines) = about(output, matter);
    let found = lines.iter().find(|(state, ..)| state == "problem");
    let (_, message, remedy) = found.unwrap_or_else(|| panic!("{matter}: {}", stdout(output)));
    assert_eq!(code, 1);
    assert!(message.contains(said), "{message}");
    assert!(remedy.as_deref().unwrap_or_default().contains(fix), "{remedy:?}");
}

#[test]
fn the_demo_is_well_but_for_the_doors_that_are_closed_in_it() {
    let demo = Demo::start();
    let output = demo.doctor(&["--role-name", "trailproof-audit", "--all"]).output().unwrap();
    let text = stdout(&output);
    assert_eq!(code(&output), 1, "{text}{}", stderr(&output));
    for said in [
        "ok           proxy                    no proxy is set",
        "AWS_ENDPOINT_URL is http://127.0.0.1:",
        "ok           clock                    this machine's clock is AWS's",
        "ok           credentials              arn:aws:iam::",
        "30 accounts, 29 of them active",
        "ok           trusted access",
        "problem      role                     trailproof-audit cannot be assumed in 1 of",
        "trailproof permissions --format cloudformation",
        "17 to 18 Regions are enabled in",
    ] {
        assert!(text.contains(said), "{said}\n\n{text}");
    }
    let alone = demo.doctor(&[]).output().unwrap();
    assert_eq!(code(&alone), 0, "{}", stdout(&alone));
    assert!(stdout(&alone).contains("all is well; next: trailproof plan"), "{}", stdout(&alone));
    let hurried = demo.doctor(&["--sample", "0"]).output().unwrap();
    assert_eq!(code(&hurried), 2, "{}", stdout(&hurried));
}

#[test]
fn without_credentials_or_with_wrong_ones_it_says_so_and_asks_no_more() {
    let demo = Demo::start();
    let mut none = demo.doctor(&["--role-name", "trailproof-audit", "--format", "json"]);
    let output = none.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").output().unwrap();
    problem(&output, "credentials", "no AWS credentials", "AWS_ACCESS_KEY_ID");
    assert_eq!(about(&output, "endpoints").1[0].0, "ok");
    assert_eq!(about(&output, "role").1[0].0, "not-checked");
    let mut wrong = demo.doctor(&["--format", "json"]);
    let output = wrong.env("AWS_ACCESS_KEY_ID", "AKIAWRONG").output().unwrap();
    problem(&output, "credentials", "InvalidClientTokenId", "AWS does not know these credentials");
    let output = demo.doctor(&["--format", "json", "--partition", "aws-cn"]).output().unwrap();
    problem(&output, "credentials", "not of aws-cn", "each partition");
}

#[test]
fn an_organization_that_is_none_or_cannot_be_listed_is_told() {
    let lonely = serve(Simulator::new(World::with_account(Account::new(MEMBER, "alone"))));
    problem(
        &doctor(&lonely, &["--format", "json"]),
        "organization",
        "AWSOrganizationsNotInUse",
        "leave out --role-name",
    );
    let refused = Weather::new(Effect::Deny(String::new())).on("organizations", "ListAccountsForParent");
    let served = serve(Simulator::new(good_world()).with_weather(vec![refused]));
    let output = doctor(&served, &["--format", "json"]);
    problem(&output, "organization", "organizations:ListAccountsForParent", "management account");
    let served = serve(Simulator::new(good_world()));
    let output = doctor(&served, &["--format", "json", "--accounts", "555555555555"]);
    assert!(about(&output, "selection").1[0].1.contains("no account 555555555555"), "{}", stdout(&output));
}

#[test]
fn trust_and_administrators_are_told() {
    let mut world = good_world();
    let organization = world.organization.as_mut().unwrap();
    organization.trusted_services.clear();
    organization.delegate_cloudtrail(ARCHIVE);
    let output = doctor(&serve(Simulator::new(world)), &["--format", "json"]);
    problem(&output, "trusted-access", "does not trust cloudtrail.amazonaws.com", "enable-aws-service-access");
    assert_eq!(about(&output, "delegated-administrator").1[0].1, format!("of CloudTrail: {ARCHIVE} (log-archive)"));
}

#[test]
fn a_role_that_is_missing_in_one_member_is_told_with_the_member() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    for number in 0..40 {
        let id = format!("5000000000{number:02}");
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let served = serve(Simulator::new(world));
    let output = doctor(&served, &["--all", "--format", "json"]);
    problem(&output, "role", "in 1 of 43 accounts: 444444444444 (closed-door): role-missing", "permissions --format");
    let sampled = doctor(&served, &["--format", "json"]);
    assert_eq!(code(&sampled), 0, "{}", stdout(&sampled));
    assert!(about(&sampled, "role").1[0].1.contains("a sample of 10 of 44; --all tries each"), "{}", stdout(&sampled));
    let entered = |served: &Served| {
        let asked: Vec<_> = served.simulator.requests();
        asked.iter().filter(|asked| asked.operation == "AssumeRole").count()
    };
    assert!(entered(&served) <= 43 + 10, "{}", entered(&served));
}

#[test]
fn a_region_that_a_policy_closes_is_told_with_its_account() {
    let mut world = good_world();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("eu-west-3");
    world.account_mut(MEMBER).unwrap().denials.push(denial);
    let output = doctor(&serve(Simulator::new(world)), &["--format", "json"]);
    problem(
        &output,
        "regions",
        "cloudtrail:DescribeTrails is not answered in eu-west-3, of 333333333333 (payments): scp",
        "service control policy",
    );
}

#[test]
fn a_clock_that_is_wrong_is_told() {
    let served = serve(Simulator::new(good_world()));
    served.simulator.advance(Duration::from_secs(1000));
    let output = doctor(&served, &["--format", "json"]);
    problem(&output, "clock", "seconds behind AWS's", "NTP");
}

#[test]
fn endpoints_that_refuse_are_told_with_the_variable_that_names_them() {
    let served = serve(Simulator::new(good_world()));
    let mut command = served.trailproof();
    // Nobody listens at the port of a listener that is gone.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    command.env("AWS_ENDPOINT_URL_KMS", format!("http://{gone}")).args([
        "doctor",
        "--role-name",
        ROLE,
        "--format",
        "json",
    ]);
    let output = command.output().unwrap();
    problem(&output, "endpoints", &format!("http://{gone}: no connection"), "VPC endpoint");
    let (_, lines) = about(&output, "endpoints");
    let good = &lines.iter().find(|(state, ..)| state == "ok").unwrap().1;
    assert!(good.contains(&format!("AWS_ENDPOINT_URL_KMS is http://{gone}")), "{good}");
    assert!(good.contains(&format!("AWS_ENDPOINT_URL is http://{}", served.address)), "{good}");
    let asked = served.simulator.requests();
    assert!(asked.iter().all(|asked| asked.service != "kms"), "nothing is asked with credentials that no check needs");
}
