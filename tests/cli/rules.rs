//! Parameters and one's own rules on the command line.

use std::fs;

use crate::simulated::{code, good_world, stderr, stdout, trailproof};
use crate::{run, snapshot_of};

#[test]
fn parameters_are_set_and_change_the_identity_of_a_result() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let result = |arguments: &[&str]| {
        let output = run(trailproof().arg("check").arg(&good).args(["--output", "json"]).args(arguments));
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let results = report["results"].as_array().unwrap().clone();
        results.into_iter().find(|result| result["policy"] == "log-bucket-retention").unwrap()
    };
    let default = result(&[]);
    let longer = result(&["--set", "log-bucket-retention.retention_days=3650"]);
    assert_eq!((default["outcome"].as_str(), longer["outcome"].as_str()), (Some("pass"), Some("fail")));
    assert_eq!(longer["parameters"]["retention_days"], 3650);
    assert_ne!(default["fingerprint"], longer["fingerprint"]);
    let same = result(&["--set", "log-bucket-retention.retention_days=365"]);
    assert_eq!(default["fingerprint"], same["fingerprint"]);
}

#[test]
fn own_rules_are_judged_and_anchored_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let root = folder.path().join("repository");
    fs::create_dir_all(root.join("rules")).unwrap();
    let rule = "id: trail-is-called-main\ntitle: Called main\nseverity: high\nscope: trail\nassert: trail.name == \"main\"\n\
                message: \"{trail.name} is not main\"\nwhy: So.\nfix: { text: Rename. }\nexamples: []\n";
    fs::write(root.join("rules/trail-is-called-main.yaml"), rule).unwrap();
    let output = run(trailproof().current_dir(folder.path()).arg("check").arg(&good).args([
        "--policies",
        "repository/rules",
        "--source-root",
        "repository",
        "--output",
        "sarif",
    ]));
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let location = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "rules/trail-is-called-main.yaml");
    assert_eq!(location["region"]["startLine"], 5);
    let output =
        run(trailproof().arg("check").arg(&good).arg("--policies").arg(root.join("rules")).args(["--output", "sarif"]));
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "aws/111111111111/us-east-1/cloudtrail/org-trail");
}
