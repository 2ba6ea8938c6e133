//! Results on the line of Terraform code that made the resource.

use crate::repository::{BUCKET_ARN, OWN_TRAIL, Repository, SECRET, printed_state, state, with_terraform, world};
use crate::simulated::{KEY, LOG_GROUP, MANAGEMENT, TRAIL, code, stderr, stdout};

const STATE: [&str; 2] = ["--terraform", "infra=infra/terraform.tfstate"];

#[test]
fn a_state_leads_to_the_attribute_or_to_the_block() {
    let repository = Repository::new();
    with_terraform(&repository);
    let places = repository.places(&STATE);
    let main = |text| ("infra/main.tf", text);
    let logs = |text| ("infra/modules/logs/bucket.tf", text);
    let cases = [
        // Written, and not written.
        (("log-file-validation", TRAIL), main("enable_log_file_validation = true")),
        (("kms-cmk-encryption", TRAIL), main("kms_key_id ")),
        (("sns-notifications", TRAIL), main("resource \"aws_cloudtrail\" \"org\"")),
        (("selector-blind-spots", TRAIL), main("# of the trail")),
        // In a module of ours: what is a resource of its own, and what is not there.
        (("log-bucket-versioning", BUCKET_ARN), logs("# versions")),
        (("log-bucket-not-public", BUCKET_ARN), logs("# of the bucket")),
        (("log-bucket-retention", BUCKET_ARN), logs("days = 2555")),
        (("log-bucket-access-logging", BUCKET_ARN), logs("resource \"aws_s3_bucket\" \"this\"")),
        // In a module of somebody else's: our call of it.
        (("log-file-validation", OWN_TRAIL), main("# of the module call")),
        (("kms-cmk-encryption", OWN_TRAIL), main("module \"trail\"")),
        // A state of an older provider has `:*` behind the ARN.
        (("log-group-retention", LOG_GROUP), main("resource \"aws_cloudwatch_log_group\" \"trail\"")),
        (("kms-key-rotation", KEY), main("enable_key_rotation")),
    ];
    for (what, at) in cases {
        repository.stands(&places, what, at, "terraform");
    }
}

#[test]
fn what_terraform_show_prints_leads_to_the_same_lines() {
    let repository = Repository::new();
    with_terraform(&repository).write("show.json", &printed_state());
    assert_eq!(repository.places(&["--terraform", "infra=show.json"]), repository.places(&STATE));
}

#[test]
fn what_the_code_has_no_more_falls_to_the_next_rung() {
    let repository = Repository::new();
    with_terraform(&repository).write("infra/main.tf", "module \"gone\" {\n  source = \"elsewhere\"\n}\n");
    let places = repository.places(&STATE);
    assert_eq!(places[&("log-file-validation".to_owned(), TRAIL.to_owned())].2, "stable");
}

#[test]
fn a_unique_name_and_a_trace_lead_to_the_code_without_a_state() {
    let trace = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let mut snapshot = world();
    let own = snapshot.trails.iter_mut().find(|trail| trail.arn.as_str() == OWN_TRAIL).unwrap();
    own.tags.as_mut().unwrap().value.insert("yor_trace".to_owned(), trace.to_owned());
    let repository = Repository::of(&snapshot);
    let code = format!(
        "resource \"aws_cloudtrail\" \"main\" {{\n  name = \"org-trail\"\n}}\n\
         resource \"aws_cloudtrail\" \"traced\" {{\n  name = var.name\n  tags = merge(var.tags, {{\n    yor_trace = \"{trace}\"\n  }})\n}}\n\
         resource \"aws_s3_bucket\" \"logs\" {{\n  bucket = \"example-trail-logs\"\n}}\n\
         resource \"aws_s3_bucket_versioning\" \"logs\" {{\n  bucket = \"example-trail-logs\"\n  versioning_configuration {{\n    status = \"Enabled\"\n  }}\n}}\n"
    );
    repository.write("infra/main.tf", &code);
    let places = repository.places(&["--terraform", "infra"]);
    repository.stands(
        &places,
        ("log-file-validation", TRAIL),
        ("infra/main.tf", "\"aws_cloudtrail\" \"main\""),
        "literal",
    );
    repository.stands(
        &places,
        ("log-file-validation", OWN_TRAIL),
        ("infra/main.tf", "\"aws_cloudtrail\" \"traced\""),
        "yor",
    );
    repository.stands(&places, ("log-bucket-versioning", BUCKET_ARN), ("infra/main.tf", "status ="), "literal");
    // Two blocks of one name: none of them is known to have made it.
    let twice = format!("{code}resource \"aws_cloudtrail\" \"copy\" {{\n  name = \"org-trail\"\n}}\n");
    repository.write("infra/main.tf", &twice);
    let places = repository.places(&["--terraform", "infra"]);
    assert_eq!(places[&("log-file-validation".to_owned(), TRAIL.to_owned())].2, "stable");
    // Two trails of one name: the block has made one of them, and nobody knows which.
    let mut other = snapshot.trails[0].clone();
    other.arn = format!("arn:aws:cloudtrail:eu-west-2:{MANAGEMENT}:trail/org-trail").parse().unwrap();
    snapshot.trails.push(other);
    snapshot.sort();
    let repository = Repository::of(&snapshot);
    repository.write("infra/main.tf", &code);
    let places = repository.places(&["--terraform", "infra"]);
    assert_eq!(places[&("log-file-validation".to_owned(), TRAIL.to_owned())].2, "stable");
}

#[test]
fn the_same_report_gives_the_same_bytes_and_the_fingerprints_stay() {
    let repository = Repository::new();
    with_terraform(&repository);
    let log = |arguments: &[&str]| {
        let output = repository.check(&[&["--output", "sarif-full"], arguments].concat());
        crate::done(&output)
    };
    assert_eq!(log(&STATE), log(&STATE));
    let fingerprints = |text: &str| {
        let log: serde_json::Value = serde_json::from_str(text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(fingerprints(&log(&STATE)), fingerprints(&log(&[])));
}

#[test]
fn mistakes_are_told_all_at_once_and_nothing_is_written() {
    let repository = Repository::new();
    with_terraform(&repository);
    repository.write("infra/broken.tf", "resource \"aws_cloudtrail\" \"x\" {\n  name = \n}\n");
    repository
        .write("infra/modules/logs/latin.tf", "")
        .write("infra/far.tf", "module \"far\" {\n  source = \"../nowhere\"\n}\n");
    std::fs::write(repository.root().join("infra/modules/logs/latin.tf"), b"# fine\n# \xe9\n").unwrap();
    repository.write("cut.json", &state()[..900]).write("template.yaml", "Resources:\n  a: [\n");
    let output = repository.check(&[
        "--terraform",
        "infra=cut.json",
        "--terraform",
        "missing",
        "--cloudformation",
        "template.yaml",
        "--inventory",
        "nowhere",
        "--output",
        "sarif=out.sarif",
    ]);
    assert_eq!(code(&output), 2);
    let told = stderr(&output);
    for wrong in [
        "infra/broken.tf:2:",
        "this is not HCL",
        "infra/far.tf:2:1: there is no folder ../nowhere of the module",
        "infra/modules/logs/latin.tf:2:1: this is not UTF-8",
        "cut.json:",
        "the file is cut off",
        "missing: ",
        "template.yaml:3:",
        "nowhere: ",
    ] {
        assert!(told.contains(wrong), "{wrong}\n\n{told}");
    }
    assert!(!told.contains(SECRET) && !repository.root().join("out.sarif").exists());
}

#[test]
fn a_state_that_cannot_be_read_is_refused_without_a_word_of_it() {
    let repository = Repository::new();
    with_terraform(&repository);
    let cases = [
        ("not json", "this is not JSON"),
        ("", "the file is cut off"),
        ("{\"version\": 3, \"modules\": []}", "a state of version 3"),
        ("{\"serial\": 1}", "this is no Terraform state"),
        ("[]", "this is not what a Terraform state has here"),
        (
            "{\"version\": 4, \"resources\": [{\"mode\": \"hunter2-of-the-state\"}]}",
            "this is not what a Terraform state has here",
        ),
        ("{\"version\": \"hunter2-of-the-state\"}", "this is not what a Terraform state has here"),
        ("{\"version\": 4, \"encrypted_data\": \"hunter2-of-the-state\"}", "the state is encrypted"),
        ("{\"format_version\": \"1.2\", \"planned_values\": {}}", "this is a plan"),
        ("{\"version\": 4, \"resources\": []} hunter2-of-the-state", "this is not JSON"),
    ];
    for (text, wrong) in cases {
        repository.write("bad.json", text);
        let output = repository.check(&["--output", "sarif", "--terraform", "infra=bad.json"]);
        assert_eq!(code(&output), 2, "{text}");
        let told = stderr(&output);
        assert!(told.contains(wrong) && told.contains("bad.json"), "{text}: {told}");
        assert!(!told.contains(SECRET) && stdout(&output).is_empty(), "{told}");
    }
}

#[test]
fn hostile_code_is_an_error_and_no_crash() {
    let repository = Repository::new();
    let deep = format!("a = {}", "[".repeat(100_000));
    let operators = format!("a = {}1", "!".repeat(100_000));
    let blocks = "a {\n".repeat(50_000);
    let templates = format!("a = {}", "\"${".repeat(50_000));
    for text in [&deep[..], &operators, &blocks, &templates, "\u{0}", "a = <<EOF\n", "resource {", "\u{202e}"] {
        repository.write("infra/main.tf", text);
        let output = repository.check(&["--output", "sarif", "--terraform", "infra"]);
        assert_eq!(code(&output), 2, "{}: {}", &text[..text.len().min(20)], stderr(&output));
        assert!(stderr(&output).contains("infra/main.tf:"));
    }
}

#[test]
fn a_huge_state_is_read_as_a_stream() {
    let repository = Repository::new();
    with_terraform(&repository);
    let mut state: serde_json::Value = serde_json::from_str(&state()).unwrap();
    let filler = serde_json::json!({
        "mode": "managed", "type": "aws_secretsmanager_secret_version", "name": "x", "provider": "p",
        "instances": [{ "attributes": { "arn": "arn:aws:x", "secret_string": "s".repeat(2_000) } }],
    });
    let resources = state["resources"].as_array_mut().unwrap();
    for _ in 0..4_000 {
        resources.insert(0, filler.clone());
    }
    repository.write("huge.json", &state.to_string());
    assert!(std::fs::metadata(repository.root().join("huge.json")).unwrap().len() > 8_000_000);
    assert_eq!(repository.places(&["--terraform", "infra=huge.json"]), repository.places(&STATE));
}

#[test]
fn sources_are_read_where_an_output_has_places() {
    let repository = Repository::new();
    let output = repository.check(&["--output", "json", "--terraform", "missing"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    with_terraform(&repository);
    let mut snapshot = world();
    for trail in &mut snapshot.trails {
        trail.configuration.value.log_file_validation_enabled = Some(false);
    }
    crate::keep(&repository.root().join(".."), &snapshot);
    let output = repository.check(&["--output", "github", "--terraform", "infra=infra/terraform.tfstate"]);
    let line = repository.line("infra/main.tf", "enable_log_file_validation = true");
    let told = crate::done(&output);
    assert!(told.contains(&format!("file=infra/main.tf,line={line},title=log-file-validation")), "{told}");
}

#[test]
fn the_configuration_names_sources_by_their_way_from_it() {
    let repository = Repository::new();
    with_terraform(&repository);
    repository.write("ci/trailproof.yaml", "anchors:\n  terraform: [\"../infra=../infra/terraform.tfstate\"]\n");
    let configured = ["--config", "ci/trailproof.yaml"];
    assert_eq!(repository.places(&configured), repository.places(&STATE));
    // What is given by hand counts before it.
    let by_hand = repository.places(&[&configured[..], &["--terraform", "infra"]].concat());
    assert_ne!(by_hand, repository.places(&STATE));
    repository.write("ci/trailproof.yaml", "anchors:\n  teraform: []\n");
    let output = repository.check(&configured);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("did you mean `terraform`?"), "{}", stderr(&output));
}
