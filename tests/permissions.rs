//! The permissions that are printed are those that a run uses: nothing missing, nothing superfluous, no writes.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;
use std::process::{Command, Output};

use frayed::frayed_world;
use simulated::{MANAGEMENT, settings, try_read};
use trailproof::collect::{Holder, Needs, Permissions, Settings};
use trailproof::evaluate::{Chosen, Question};
use trailproof::policy::{Setting, load};
use trailproof::simulator::Simulator;

fn chosen() -> Vec<Chosen> {
    let policies = load(&[]).policies;
    let set = Setting::parse("sensitive-bucket-data-events.tags=class=secret", &policies).unwrap();
    let settings = [set];
    Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &settings,
        fail_on: None,
        allow_incomplete: false,
    }
    .chosen()
}

/// The actions that a run used: those of the caller's account, and those of all others.
fn used(needs: &Needs) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let simulator = Simulator::new(frayed_world());
    let snapshot = try_read(&simulator, &Settings { needs: needs.clone(), ..settings() }).unwrap();
    assert!(snapshot.accounts.len() > 2);
    assert_eq!(simulator.refused_writes(), []);
    let (mut caller, mut members) = (BTreeSet::new(), BTreeSet::new());
    for request in simulator.requests() {
        let used = if request.account == MANAGEMENT { &mut caller } else { &mut members };
        used.insert(request.action.unwrap());
        used.extend(request.also);
    }
    caller.remove("sts:GetCallerIdentity");
    (caller, members)
}

fn permitted(needs: &Needs, holder: Holder) -> BTreeSet<&'static str> {
    Permissions::of(needs, holder, "audit", "aws".parse().unwrap()).actions().collect()
}

#[test]
fn a_full_scan_uses_all_that_is_permitted_and_nothing_else() {
    let needs = Needs::of(&chosen()).and_everything().deep().and_account_tags();
    let (caller, members) = used(&needs);
    assert!(members.is_subset(&permitted(&needs, Holder::Member)), "{members:?}");
    // The caller's own account is read as the others are: what is used there is of use in a member.
    let everything: BTreeSet<&str> = caller.union(&members).copied().collect();
    assert_eq!(everything, permitted(&needs, Holder::Caller));
    let of_the_caller = ["organizations:", "sts:"];
    let reads =
        everything.into_iter().filter(|action| !of_the_caller.iter().any(|service| action.starts_with(service)));
    assert_eq!(reads.collect::<BTreeSet<_>>(), permitted(&needs, Holder::Member));
}

#[test]
fn each_rule_alone_uses_no_more_than_it_is_permitted() {
    for rule in chosen() {
        let needs = Needs::of(std::slice::from_ref(&rule));
        let (caller, members) = used(&needs);
        assert!(members.is_subset(&permitted(&needs, Holder::Member)), "{}", rule.policy.id);
        assert!(caller.is_subset(&permitted(&needs, Holder::Caller)), "{}", rule.policy.id);
    }
}

#[test]
fn nothing_that_is_permitted_writes_or_reads_contents() {
    let needs = Needs::of(&chosen()).and_everything().deep().and_account_tags();
    for action in permitted(&needs, Holder::Caller) {
        let (_, name) = action.split_once(':').unwrap();
        let reads = ["Get", "List", "Describe"].iter().any(|verb| name.starts_with(verb));
        assert!(reads || action == "sts:AssumeRole", "{action}");
        assert!(!["s3:GetObject", "cloudtrail:GetQueryResults", "athena:GetQueryResults"].contains(&action));
    }
}

fn printed(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_trailproof");
    Command::new(binary).arg("permissions").args(arguments).env_clear().output().unwrap()
}

fn text_of(arguments: &[&str]) -> String {
    let output = printed(arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every word of a text that looks like an IAM action.
fn actions_in(text: &str) -> BTreeSet<String> {
    let words = text.split([' ', '"', ',', '\n', '[', ']']);
    let action = |word: &&str| {
        word.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty()
                && service.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
                && ["Get", "List", "Describe", "Assume"].iter().any(|verb| name.starts_with(verb))
        })
    };
    words.filter(action).map(str::to_owned).collect()
}

#[test]
fn all_formats_allow_the_same() {
    let needs = Needs::of(&chosen());
    for (of, holder) in [("member", Holder::Member), ("caller", Holder::Caller)] {
        let common = [
            "--pack",
            "all",
            "--set",
            "sensitive-bucket-data-events.tags=class=secret",
            "--role-name",
            "audit",
            "--of",
            of,
        ];
        let mut allowed: BTreeSet<String> = permitted(&needs, holder).into_iter().map(str::to_owned).collect();
        // In a role for members it stands as what the trust policy allows.
        allowed.insert("sts:AssumeRole".to_owned());
        for format in ["cloudformation", "terraform"] {
            let text = text_of(&[common.as_slice(), &["--format", format]].concat());
            assert_eq!(actions_in(&text), allowed, "{format} of {of}");
        }
        let document = text_of(&common);
        let json: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(json["Version"], "2012-10-17");
        let mut found = actions_in(&document);
        found.insert("sts:AssumeRole".to_owned());
        assert_eq!(found, allowed, "{of}");
        assert_eq!(document.contains("arn:aws:iam::*:role/audit"), of == "caller");
    }
}

/// The trust of the role: one caller, by an external id where one is given.
#[test]
fn the_template_is_yaml_and_trusts_one_caller() {
    let text = text_of(&["--format", "cloudformation", "--role-name", "audit"]);
    let untagged = text
        .replace("!Ref ", "")
        .replace("!GetAtt ", "")
        .replace("!Not ", "")
        .replace("!Equals ", "")
        .replace("!If", "");
    let template: serde_yaml::Value = serde_yaml::from_str(&untagged).unwrap();
    let role = &template["Resources"]["Role"]["Properties"];
    let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trust["Principal"]["AWS"], "CallerArn");
    assert_eq!(trust["Condition"][1]["StringEquals"]["sts:ExternalId"], "ExternalId");
    assert_eq!(template["Parameters"]["RoleName"]["Default"], "audit");
    let actions = role["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"].as_sequence().unwrap();
    assert!(actions.iter().any(|action| action == "cloudtrail:DescribeTrails"));
}

#[test]
fn a_name_that_is_none_is_refused() {
    let output = printed(&["--role-name", "audit\"\n  Evil: yes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("--role-name"));
}
