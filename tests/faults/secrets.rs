//! No secret comes out: of files, of lines that are logged, of what is printed.

use std::fs;

use trailproof::collect::{Entrance, Secret, Settings};
use trailproof::simulator::{Effect, Simulator, Weather};

use crate::simulated::{MANAGEMENT, ROLE, good_world, serve, stderr, stdout};

const EXTERNAL_ID: &str = "canary-external-id";

/// What no output may hold: the caller's key and secret, those of every session, their tokens, and the external id.
const CANARIES: [&str; 5] = ["AKIASIM0", "ASIASIM0", "simulated-secret-of-", "simulated-session-token-", EXTERNAL_ID];

#[test]
fn no_secret_comes_out_anywhere() {
    let mut world = good_world();
    for account in &mut world.accounts {
        for role in &mut account.roles {
            *role = role.clone().with_external_id(EXTERNAL_ID);
        }
    }
    let simulator = Simulator::new(world);
    assert!(simulator.credentials().0.starts_with(CANARIES[0]) && simulator.credentials().1.starts_with(CANARIES[2]));
    let fates: [Option<Effect>; 6] = [
        None,
        Some(Effect::Throttle),
        Some(Effect::Status(500)),
        Some(Effect::MalformedBody),
        Some(Effect::HalfAnswer),
        Some(Effect::ResetBeforeAnswer),
    ];
    for effect in fates {
        for (service, operation) in [("sts", "AssumeRole"), ("cloudtrail", "*")] {
            let weather = effect.clone().map(|effect| Weather::new(effect).on(service, operation)).into_iter();
            let served = serve(simulator.with_weather(weather.collect()));
            let folder = tempfile::tempdir().unwrap();
            let path = |name: &str| folder.path().join(name).display().to_string();
            let filter = "trace,trailproof=trace,aws_smithy_runtime=trace,aws_runtime=trace,aws_config=trace,hyper=trace,\
                          hyper_util=trace,aws_smithy_http_client=trace,aws_sdk_sts=trace,aws_sigv4=trace";
            let output = served
                .trailproof()
                .env("TRAILPROOF_EXTERNAL_ID", EXTERNAL_ID)
                .args(["--log", filter, "scan", "--role-name", ROLE, "--regions", "us-east-1", "--call-timeout", "4"])
                .args(["--snapshot", &path("snapshot.json"), "--journal", &path("kept.journal")])
                .args(["--evidence", &path("evidence")])
                .args(["--output", "text", "--output", &format!("json={}", path("report.json"))])
                .args(["--output", &format!("sarif={}", path("findings.sarif"))])
                .output()
                .unwrap();
            assert!(stderr(&output).contains("DescribeOrganization"), "{}", stderr(&output));
            let mut outputs = vec![("stdout".to_owned(), stdout(&output)), ("stderr".to_owned(), stderr(&output))];
            let mut open = vec![folder.path().to_owned()];
            while let Some(next) = open.pop() {
                for entry in fs::read_dir(next).unwrap() {
                    let path = entry.unwrap().path();
                    match path.is_dir() {
                        true => open.push(path),
                        false => outputs.push((path.display().to_string(), fs::read_to_string(&path).unwrap())),
                    }
                }
            }
            let answers = outputs.iter().find(|(name, _)| name.ends_with("answers/1.jsonl")).unwrap();
            assert!(answers.1.contains("sts:AssumeRole"), "what is withheld is told");
            for (name, text) in outputs {
                for canary in CANARIES {
                    assert!(!text.contains(canary), "{canary} is in {name} where {effect:?} befalls {service}");
                }
            }
        }
    }
}

/// The journal of a run that ended early, which stays.
#[test]
fn no_secret_is_left_in_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("kept.journal");
    let served =
        serve(Simulator::new(good_world()).with_weather(vec![Weather::new(Effect::Status(503)).on("kms", "*")]));
    let output = served
        .trailproof()
        .args(["scan", "--role-name", ROLE, "--call-timeout", "1", "--journal"])
        .arg(&journal)
        .output()
        .unwrap();
    let text = fs::read_to_string(&journal).unwrap();
    assert!(text.contains("cloudtrail:DescribeTrails") && text.contains(MANAGEMENT), "{}", stderr(&output));
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary}");
    }
    assert!(!text.contains("sts:") && !text.to_lowercase().contains("authorization:"));
}

/// What a panic would print of what is held.
#[test]
fn no_secret_is_printed_for_developers() {
    let entrance = Entrance {
        role_name: ROLE.to_owned(),
        external_id: Some(Secret(EXTERNAL_ID.to_owned())),
        session_name: "test".to_owned(),
    };
    let settings = Settings { entrance: Some(entrance), ..Settings::default() };
    assert!(!format!("{settings:?} {settings:#?}").contains(EXTERNAL_ID));
}
