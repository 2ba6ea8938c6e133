//! Completions and manual pages: what they know is what the binary takes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::run;
use crate::simulated::{code, stderr, stdout, trailproof};

/// What a help lists beneath a heading, by the first word of each entry.
fn commands(arguments: &[&str]) -> Vec<String> {
    let help = stdout(&run(trailproof().args(arguments).arg("--help")));
    let Some((_, list)) = help.split_once("Commands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    let entries = lines.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    entries.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The long options of a command, from its help.
fn options(arguments: &[&str]) -> BTreeSet<String> {
    let help = stdout(&run(trailproof().args(arguments).arg("--help")));
    let rows = help.lines().map(str::trim_start).filter(|line| line.starts_with("--") || line.starts_with("-"));
    let names = rows.filter_map(|row| row.split([' ', ',']).find(|word| word.starts_with("--")));
    names.map(|name| name.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect()).collect()
}

/// All commands, those beneath a command too, as the words that call them.
fn all_commands() -> Vec<Vec<String>> {
    let top = commands(&[]);
    let beneath = |name: &String| {
        let inner = commands(&[name]).into_iter().map(|inner| vec![name.clone(), inner]);
        inner.chain([vec![name.clone()]]).collect::<Vec<_>>()
    };
    top.iter().flat_map(beneath).collect()
}

/// What a program says of a script; nothing, where it is not on this machine.
fn checked(program: &str, arguments: &[&str], script: &str) -> Option<(bool, String)> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    // One that does not read to the end says so by its exit code.
    let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
    let output = child.wait_with_output().unwrap();
    Some((output.status.success(), format!("{}{}", stdout(&output), stderr(&output))))
}

#[test]
fn each_shell_knows_every_command_and_option() {
    let scan = options(&["scan"]);
    assert!(scan.len() > 30 && scan.contains("--fail-on") && scan.contains("--sarif-carry-from"), "{scan:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(trailproof().args(["completions", shell]));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let script = stdout(&output);
        for words in all_commands() {
            assert!(script.contains(words.last().unwrap()), "{shell}: {words:?}");
        }
        for option in &scan {
            // fish names options without their dashes.
            let named = script.contains(option) || script.contains(&format!("-l {}", option.trim_start_matches('-')));
            assert!(named, "{shell}: {option}");
        }
        let verdict = match shell {
            "bash" => checked("bash", &["-n"], &script),
            "zsh" => checked("zsh", &["-n"], &script),
            "fish" => checked("fish", &["--no-execute"], &script),
            _ => None,
        };
        assert!(verdict.as_ref().is_none_or(|(well, said)| *well && said.is_empty()), "{shell}: {verdict:?}");
        assert!(shell != "bash" || verdict.is_some(), "there is no bash to check with");
    }
    assert_eq!(code(&run(trailproof().args(["completions", "csh"]))), 2);
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = stdout(&run(trailproof().args(["completions", "bash"])));
    for (words, expected) in [
        (&["trailproof", "sc"][..], "scan"),
        (&["trailproof", "scan", "--fail-o"], "--fail-on"),
        (&["trailproof", "policy", "te"], "test"),
        (&["trailproof", "scan", "--discovery", "f"], "fast"),
        (&["trailproof", "check", "--sarif-incomplete", "ref"], "refuse"),
    ] {
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let line = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={}; _trailproof trailproof '{last}' '{before}'; echo \"${{COMPREPLY[*]}}\"",
            words.join(" "),
            words.len() - 1
        );
        let (well, said) = checked("bash", &["--norc"], &line).unwrap();
        assert!(well && said.trim() == expected, "{words:?}: {said}");
    }
}

#[test]
fn each_command_has_a_manual_page_that_names_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(trailproof().args(["man", "--out"]).arg(folder.path().join("man1")));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut expected = BTreeSet::from(["trailproof.1".to_owned()]);
    for words in all_commands() {
        let name = format!("trailproof-{}.1", words.join("-"));
        let page = fs::read_to_string(folder.path().join("man1").join(&name)).unwrap();
        let plain = page.replace("\\-", "-");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for option in options(&words) {
            assert!(plain.contains(&option), "{name}: {option}");
        }
        if let Some((well, said)) = checked("groff", &["-man", "-Tutf8", "-ww", "-z"], &page) {
            assert!(well && !said.contains("error"), "{name}: {said}");
        }
        expected.insert(name);
    }
    let there = fs::read_dir(folder.path().join("man1")).unwrap();
    let there: BTreeSet<String> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, expected);
    let first = stdout(&run(trailproof().arg("man")));
    assert!(first.contains(".TH trailproof 1") && first.contains("Exit codes"), "{}", &first[..200]);
}
