//! Installing: what is not what was released is not run.

use std::fs;
use std::process::{Command, Output};

use super::Runner;
use super::simulated::stdout;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A mirror with one release, packed as releases are, whose binary says that it is it.
fn released(runner: &Runner) -> String {
    let folder = runner.path("mirror").join(format!("v{VERSION}"));
    fs::create_dir_all(&folder).unwrap();
    let binary = runner.path("released");
    fs::write(&binary, "#!/bin/sh\necho released\n").unwrap();
    let mut sums = String::new();
    for target in
        ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "aarch64-apple-darwin", "x86_64-apple-darwin"]
    {
        let packed = Command::new(".ci/package").arg(target).arg(&folder).arg(&binary).output().unwrap();
        assert!(packed.status.success(), "{packed:?}");
        let summed = Command::new("sha256sum")
            .arg(format!("trailproof-{VERSION}-{target}.tar.gz"))
            .current_dir(&folder)
            .output();
        sums += &stdout(&summed.unwrap());
    }
    fs::write(folder.join("SHA256SUMS"), sums).unwrap();
    format!("file://{}", runner.path("mirror").display())
}

fn installed(runner: &Runner, inputs: &[(&str, &str)]) -> Output {
    runner.step("install", inputs, &[])
}

fn checksum(runner: &Runner) -> String {
    let sums = fs::read_to_string(runner.path("mirror").join(format!("v{VERSION}/SHA256SUMS"))).unwrap();
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    sums.lines().find(|line| line.contains(&target)).unwrap()[..64].to_owned()
}

#[test]
fn a_release_is_that_of_the_actions_own_version_and_attested() {
    let runner = Runner::new();
    let mirror = released(&runner);
    runner.put_program("gh", "echo \"$@\" > \"$RUNNER_TEMP/gh\"");
    let output = installed(&runner, &[("mirror", &mirror), ("sha256", &checksum(&runner))]);
    assert!(output.status.success() && stdout(&output).contains("released"), "{output:?}");
    let asked = fs::read_to_string(runner.path("temp/gh")).unwrap();
    assert!(asked.starts_with("attestation verify "), "{asked}");
    assert!(asked.contains(&format!("--source-ref refs/tags/v{VERSION}")), "{asked}");
    assert!(asked.contains("--signer-workflow trailproof/trailproof/.github/workflows/release.yml"), "{asked}");
    assert!(runner.outputs()["binary"].ends_with("/trailproof"));
}

#[test]
fn what_is_not_what_was_released_is_not_run() {
    let runner = Runner::new();
    let mirror = released(&runner);
    let refused = |inputs: &[(&str, &str)], message: &str| {
        let output = installed(&runner, inputs);
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(said.contains("::error") && said.contains(message) && !said.contains("released"), "{said}");
        assert!(!runner.outputs().contains_key("binary"));
    };
    let from = ("mirror", mirror.as_str());
    runner.put_program("gh", "exit 1");
    refused(&[from], "has no attestation by the release workflow");
    runner.put_program("gh", "exit 0");
    refused(&[from, ("sha256", &"0".repeat(64))], "and the input sha256 is 000");
    refused(&[from, ("version", "9.9.9")], "cannot download");
    refused(&[("install", "no-such-program")], "neither release, source nor a program");

    let folder = runner.path("mirror").join(format!("v{VERSION}"));
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let swapped = sums.lines().map(|line| format!("{}{}\n", "0".repeat(64), &line[64..])).collect::<String>();
    fs::write(folder.join("SHA256SUMS"), swapped).unwrap();
    refused(&[from], "and SHA256SUMS says 000");
    fs::write(folder.join("SHA256SUMS"), "").unwrap();
    refused(&[from], "does not say which checksum");
}

#[test]
fn without_a_way_to_verify_who_built_it_that_is_said() {
    let runner = Runner::new();
    let mirror = released(&runner);
    // A runner with all that the script needs, and no GitHub CLI.
    let programs = ["uname", "sed", "head", "awk", "curl", "sha256sum", "tar", "gzip", "rm", "mkdir", "sh", "bash"];
    for name in programs {
        let at = stdout(&Command::new("bash").args(["-c", &format!("command -v {name}")]).output().unwrap());
        runner.put_program(name, &format!("exec {} \"$@\"", at.trim()));
    }
    let only = runner.path("programs").display().to_string();
    let output = runner.step("install", &[("mirror", &mirror)], &[("PATH", &only)]);
    assert!(stdout(&output).contains("::warning title=trailproof::there is no GitHub CLI"), "{output:?}");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_binary_that_is_there_is_taken() {
    let runner = Runner::new();
    let output = installed(&runner, &[("install", env!("CARGO_BIN_EXE_trailproof"))]);
    assert_eq!(stdout(&output).trim(), format!("trailproof {VERSION}"), "{output:?}");
    assert_eq!(runner.outputs()["binary"], env!("CARGO_BIN_EXE_trailproof"));
}
