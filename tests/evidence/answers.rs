//! Answers that were kept, read again: whatever befell the run, they give its snapshot.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use trailproof::collect::{AnswerLog, Answers, Needs, Patience, Settings, replay};
use trailproof::simulator::{Effect, Simulator, Weather};
use trailproof::snapshot::{Run, Snapshot};

use crate::frayed::frayed_world;
use crate::simulated::{settings, try_read};

fn read_again(path: &Path) -> Snapshot {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let answers = Answers::open(path).unwrap();
    assert!(answers.questions() > 100);
    runtime.block_on(replay(Arc::new(answers))).unwrap()
}

fn timeless(snapshot: Snapshot) -> Snapshot {
    Snapshot { run: Run::default(), ..snapshot }
}

#[test]
fn whatever_befell_the_run_its_answers_give_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let deny = || Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
    let refuse = |code: &str| Effect::Refuse { status: 400, code: code.into(), message: "canned".into() };
    let services =
        ["cloudtrail", "s3", "s3control", "kms", "sns", "logs", "iam", "events", "config", "athena", "account"];
    let some = |effect: &Effect, percent: u64, seed: u64| -> Vec<Weather> {
        services.map(|service| Weather::new(effect.clone()).on(service, "*").percent(percent, seed)).to_vec()
    };
    let weathers: Vec<Vec<Weather>> = vec![
        vec![],
        some(&deny(), 20, 7),
        some(&Effect::Throttle, 40, 3),
        some(&Effect::Status(503), 30, 5),
        some(&Effect::MalformedBody, 30, 9),
        some(&Effect::HalfAnswer, 20, 1),
        some(&Effect::ResetBeforeAnswer, 25, 2),
        vec![Weather::new(refuse("ExpiredTokenException")).on("*", "*").after(80)],
        vec![Weather::new(deny()).on("sts", "AssumeRole").every(3)],
    ];
    for (number, weather) in weathers.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.jsonl"));
        let log = Arc::new(AnswerLog::begin(&path).unwrap());
        let patience = Patience { attempts: 3, ..Patience::of_call(Duration::from_secs(2)) };
        let settings =
            Settings { answers: Some(Arc::clone(&log)), needs: Needs::everything().deep(), patience, ..settings() };
        let simulator = Simulator::new(frayed_world()).with_weather(weather);
        let read = try_read(&simulator, &settings).unwrap();
        assert_eq!(log.close().unwrap(), std::fs::read_to_string(&path).unwrap().lines().count() as u64 - 1);
        let (again, read) = (timeless(read_again(&path)), timeless(read));
        if again != read {
            let lines = |snapshot: &Snapshot| serde_json::to_string_pretty(snapshot).unwrap();
            let (again, read) = (lines(&again), lines(&read));
            let first = again.lines().zip(read.lines()).position(|(again, read)| again != read);
            let around = |text: &str| {
                text.lines().skip(first.unwrap_or(0).saturating_sub(8)).take(16).collect::<Vec<_>>().join("\n")
            };
            panic!("weather {number}:\n{}\n\nand not\n\n{}", around(&again), around(&read));
        }
    }
}
