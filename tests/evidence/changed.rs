//! Whatever is changed in a folder of evidence is found, and named.

use std::fs;
use std::path::Path;

use crate::simulated::{code, stderr, stdout};
use crate::{WAIVERS, files, forge, reseal, scan, served, verify};

fn kept(folder: &Path) -> std::path::PathBuf {
    let (kept, waivers) = (folder.join("kept"), folder.join("waivers.yaml"));
    fs::write(&waivers, WAIVERS).unwrap();
    let output = scan(&served(), &kept, &["--waivers", waivers.to_str().unwrap()]);
    assert!(kept.join("manifest.json").exists(), "{}", stderr(&output));
    kept
}

/// What verify says of a folder that is not as it was; it must not say that it is.
fn different(folder: &Path, arguments: &[&str]) -> String {
    let output = verify(folder, arguments);
    let said = stdout(&output) + &stderr(&output);
    assert!(code(&output) != 0 && !said.contains("\nsame\n"), "{said}");
    said
}

#[test]
fn one_changed_byte_in_any_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let kept = kept(folder.path());
    let all = files(&kept);
    assert!(all.len() > 50);
    for (index, file) in all.iter().enumerate() {
        let path = kept.join(file);
        let before = fs::read(&path).unwrap();
        // Begin, end and somewhere between, for the manifest each.
        let places = match file.to_str().unwrap() {
            "manifest.json" => (0..before.len()).step_by(before.len() / 40).chain([before.len() - 1]).collect(),
            _ => vec![(index * 7919) % before.len()],
        };
        for place in places {
            let mut after = before.clone();
            after[place] ^= 1;
            fs::write(&path, &after).unwrap();
            let said = different(&kept, &["--hashes-only"]);
            assert!(said.contains(file.to_str().unwrap()), "byte {place} of {}: {said}", file.display());
        }
        fs::write(&path, before).unwrap();
    }
    assert_eq!(code(&verify(&kept, &[])), 0);
}

#[test]
fn files_that_are_added_or_missing_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let kept = kept(folder.path());
    fs::write(kept.join("policies/strange.yaml"), "").unwrap();
    assert!(different(&kept, &[]).contains("policies/strange.yaml was added"));
    fs::remove_file(kept.join("policies/strange.yaml")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("snapshot.json", kept.join("link")).unwrap();
        assert!(different(&kept, &[]).contains("link is no regular file"));
        fs::remove_file(kept.join("link")).unwrap();
    }
    for file in ["snapshot.json", "answers/1.jsonl", "waivers/1.yaml"] {
        let bytes = fs::read(kept.join(file)).unwrap();
        fs::remove_file(kept.join(file)).unwrap();
        assert!(different(&kept, &[]).contains(&format!("{file} is missing")));
        fs::write(kept.join(file), bytes).unwrap();
    }
    let output = verify(&kept, &["--manifest", &"0".repeat(64)]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("and not 0000"), "{}", stdout(&output));
    fs::remove_file(kept.join("manifest.json")).unwrap();
    assert!(different(&kept, &[]).contains("has not come to its end"));
}

/// Who makes the hashes fit has still to make verdicts and answers fit.
#[test]
fn what_is_forged_with_its_hashes_is_judged_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = kept(folder.path());
    let again = |file: &str, from: &str, to: &str, found: &[&str]| {
        let before = (fs::read(kept.join(file)).unwrap(), fs::read(kept.join("manifest.json")).unwrap());
        forge(&kept, file, |text| text.replacen(from, to, 1));
        let said = different(&kept, &[]);
        for found in found {
            assert!(said.contains(found), "{file}: {found}: {said}");
        }
        fs::write(kept.join(file), before.0).unwrap();
        fs::write(kept.join("manifest.json"), before.1).unwrap();
    };
    let unsigned = "log-file-validation of arn:aws:cloudtrail:eu-west-1:333333333333:trail/unsigned";
    again("waivers/1.yaml", "2099-03-31", "2020-03-31", &[unsigned, "waived in the report, fail judged again"]);
    again("waivers/1.yaml", "it goes soon", "it went away", &[unsigned]);
    again("report.json", "\"outcome\": \"fail\"", "\"outcome\": \"pass\"", &["pass in the report, fail judged again"]);
    again("judging.json", "\"fail_on\": \"medium\"", "\"fail_on\": \"high\"", &["fail_on"]);
    let validation = ["\"log_file_validation_enabled\": false", "\"log_file_validation_enabled\": true"];
    again("snapshot.json", validation[0], validation[1], &["log_file_validation_enabled", "verdicts   different"]);
    again("policies/log-file-validation.yaml", "severity: medium", "severity: info", &["not the one of this version"]);
    let raw = ["\\\"LogFileValidationEnabled\\\":false", "\\\"LogFileValidationEnabled\\\":true"];
    again("answers/1.jsonl", raw[0], raw[1], &["a body is not the one that its hash was made of"]);
    again(
        "answers/1.jsonl",
        "\"operation\":\"cloudtrail:GetEventSelectors\"",
        "\"operation\":\"cloudtrail:GetTrail\"",
        &["answers    different"],
    );
}

#[test]
fn another_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let kept = kept(folder.path());
    reseal(&kept, |manifest| manifest["version"] = "9.9.9".into());
    let output = verify(&kept, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("trailproof 9.9.9 wrote this"), "{}", stderr(&output));
    assert!(stdout(&output).contains("each as it was written"), "{}", stdout(&output));
    assert_eq!(code(&verify(&kept, &["--hashes-only"])), 0);
}
