//! Where evidence cannot be kept, and what is left of a run that did not come to its end.

use std::fs;

use trailproof::simulator::{Effect, Simulator, Weather};

use crate::simulated::{ROLE, code, good_world, serve, stderr, trailproof};
use crate::{scan, verify};

#[test]
fn a_run_that_broke_off_is_incomplete_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let weather = vec![Weather::new(Effect::Status(503)).on("organizations", "*")];
    let broken = serve(Simulator::new(good_world()).with_weather(weather));
    assert_eq!(code(&scan(&broken, &kept, &[])), 2);
    assert!(kept.join("INCOMPLETE").exists() && kept.join("answers/1.jsonl").exists());
    let output = verify(&kept, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("has not come to its end"), "{}", stderr(&output));

    let served = serve(Simulator::new(good_world()));
    fs::write(kept.join("mine.txt"), "mine").unwrap();
    let output = scan(&served, &kept, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("it holds something else, and is left as it is"), "{}", stderr(&output));
    fs::remove_file(kept.join("mine.txt")).unwrap();
    assert_eq!(code(&scan(&served, &kept, &[])), 0);
    assert_eq!(code(&verify(&kept, &[])), 0);
    let output = scan(&served, &kept, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("it holds evidence already"), "{}", stderr(&output));
}

#[test]
fn foreign_folders_links_and_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let served = serve(Simulator::new(good_world()));
    fs::create_dir(path("mine")).unwrap();
    fs::write(path("mine/snapshot.json"), "mine").unwrap();
    fs::write(path("file"), "mine").unwrap();
    fs::create_dir(path("empty")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("empty", path("link")).unwrap();
    for (name, why) in [("mine", "something else"), ("file", "no folder"), ("link", "symbolic link")] {
        let output = scan(&served, &path(name), &[]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(why), "{name}: {}", stderr(&output));
    }
    assert_eq!(fs::read_to_string(path("mine/snapshot.json")).unwrap(), "mine");
    assert_eq!(served.simulator.requests().len(), 0, "nothing is read for evidence that cannot be kept");
    for name in ["mine", "file", "nowhere", "empty"] {
        assert_eq!(code(&verify(&path(name), &[])), 2, "{name}");
    }
    assert_eq!(code(&scan(&served, &path("empty"), &[])), 0);
}

#[test]
fn a_secret_that_cannot_be_left_out_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("organization: {{ external_id: canary-id, role_name: {ROLE} }} # canary-id\n");
    fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
    let output = trailproof().current_dir(folder.path()).args(["scan", "--evidence", "kept"]).output().unwrap();
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("TRAILPROOF_EXTERNAL_ID") && !said.contains("canary-id"), "{said}");
}
