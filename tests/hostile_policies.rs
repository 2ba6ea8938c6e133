//! Folders of policies that nobody meant well with: every file's mistakes are told in one run, in order, and none ends it.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use trailproof::policy::{Loaded, Source, load, render};

/// A rule that loads.
fn good() -> String {
    fs::read_to_string("policies/log-file-validation.yaml").unwrap().replace("log-file-validation", "NAME")
}

/// How a rule is broken, by the number of its file.
fn broken(number: usize, name: &str) -> Vec<u8> {
    let good = good().replace("NAME", name);
    let text = match number % 12 {
        0 => good.replace("severity: medium", "severity: dire"),
        1 => good.replace("assert:", "asert:"),
        2 => good.replace("trail.log_file_validation", "trail.no_such_fact"),
        3 => good.replace(name, "other-name"),
        4 => format!("{good}\nextra: &anchor 1\nmore: *anchor\n"),
        5 => String::new(),
        6 => "[".repeat(50_000),
        7 => format!("a: {}1{}", "{b: ".repeat(5_000), "}".repeat(5_000)),
        8 => return vec![0xff, 0xfe, b'i', 0x00, b'd', 0x00],
        9 => format!("{good}\n---\n{good}"),
        10 => "\u{0}\u{7}\u{feff}: \t- ? !!binary |\n  %\n".to_owned(),
        _ => format!("{}: 1\n", "é".repeat(3_000)),
    };
    text.into_bytes()
}

fn rendered(loaded: &Loaded, folder: &Path) -> String {
    render(&loaded.diagnostics, &loaded.sources, false).replace(&folder.display().to_string(), "")
}

#[test]
fn a_hundred_broken_files_are_told_in_one_run_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..100 {
        let name = format!("rule-{number:03}");
        fs::write(folder.path().join(format!("{name}.yaml")), broken(number, &name)).unwrap();
    }
    fs::write(folder.path().join("sound.yaml"), good().replace("NAME", "sound")).unwrap();
    let paths = [folder.path().to_owned()];
    let loaded = load(&paths);
    let files: Vec<&str> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.file.as_str()).collect();
    assert!(files.is_sorted());
    let mut named = files;
    named.dedup();
    assert_eq!(named.len(), 100);
    assert!(loaded.policies.get("sound").is_some());
    let text = rendered(&loaded, folder.path());
    assert!(text.ends_with("in 100 files\n"), "{}", text.lines().last().unwrap());
    assert_eq!(text, rendered(&load(&paths), folder.path()));
}

fn mistakes_of(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    rendered(&load(&[folder.path().to_owned()]), folder.path())
}

fn with_assert(expression: &str) -> String {
    let good = good().replace("NAME", "long");
    let start = good.find("\nassert:").unwrap();
    let end = good[start + 1..].find('\n').unwrap() + start + 1;
    format!("{}\nassert: {}{}", &good[..start], expression, &good[end..])
}

#[test]
fn an_expression_of_a_megabyte_is_refused_soon() {
    let start = Instant::now();
    let almost = "true && ".repeat(((1 << 20) - 20_000) / 8) + "true";
    let told = mistakes_of(&[("long.yaml", &with_assert(&almost))]);
    assert!(told.contains("1 mistake in 1 file"), "{}", &told[told.len().saturating_sub(300)..]);
    assert!(told.contains("the expression is longer than"), "{}", told.chars().take(300).collect::<String>());
    let nested = format!("{}true{}", "(".repeat(200_000), ")".repeat(200_000));
    assert!(mistakes_of(&[("long.yaml", &with_assert(&nested))]).contains("1 mistake in 1 file"));
    // `!` is undone two by two while it is read, and `-` is not.
    let minus = format!("\"{}1 == 1\"", "- ".repeat(100_000));
    assert!(mistakes_of(&[("long.yaml", &with_assert(&minus))]).contains("1 mistake in 1 file"));
    let chain = format!("\"{}true\"", "true ? true : ".repeat(4_000));
    assert!(mistakes_of(&[("long.yaml", &with_assert(&chain))]).contains("1 mistake in 1 file"));
    let larger = mistakes_of(&[("long.yaml", &with_assert(&"true && ".repeat(1 << 18)))]);
    assert!(larger.contains("at most 1048576 are read"), "{larger}");
    // Far from any hang; not a measurement.
    assert!(start.elapsed().as_secs() < 120);
}

#[test]
fn ids_that_are_taken_are_told_with_who_has_them() {
    let one = good().replace("NAME", "twice");
    let told = mistakes_of(&[("a/twice.yaml", &one), ("b/twice.yaml", &one)]);
    assert!(told.contains("b/twice.yaml") && told.contains("the id `twice` is taken by /a/twice.yaml"), "{told}");
    let pack = "id: mine\ntitle: Mine\nversion: 1\nrules: {}\n";
    let told = mistakes_of(&[("packs/mine.yaml", pack), ("x/packs/mine.yaml", pack)]);
    assert!(told.contains("the id `mine` is taken by /packs/mine.yaml"), "{told}");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end_and_what_is_no_file_is_told() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    symlink(folder.path(), deep.join("up")).unwrap();
    symlink(deep.join("self.yaml"), deep.join("self.yaml")).unwrap();
    symlink(deep.join("nowhere"), deep.join("gone.yaml")).unwrap();
    fs::write(deep.join("sound.yaml"), good().replace("NAME", "sound")).unwrap();
    let loaded = load(&[folder.path().to_owned(), folder.path().to_owned()]);
    let told: Vec<PathBuf> = loaded.diagnostics.iter().map(|mistake| PathBuf::from(&mistake.file)).collect();
    assert_eq!(told, [deep.join("gone.yaml"), deep.join("self.yaml")]);
    assert!(loaded.policies.get("sound").is_some());
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let loaded = load(&[PathBuf::from("no/such/folder")]);
    assert_eq!(loaded.diagnostics.len(), 1);
    assert!(loaded.diagnostics[0].message.contains("there is no such file or folder"));
}

/// Every file that ships, cut off and with a piece of another in it: what the fuzz target holds, on stable Rust.
#[test]
fn pieces_of_files_are_read_or_refused() {
    let policies = load(&[]).policies;
    let mut texts: Vec<String> = ["policies", "policies/packs"]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    texts.sort();
    let mut refused = 0;
    for (number, text) in texts.iter().enumerate() {
        let other = &texts[(number * 7 + 3) % texts.len()];
        for cut in [text.len() / 7, text.len() / 3, text.len() / 2, text.len() * 5 / 6] {
            let head = &text[..text.floor_char_boundary(cut)];
            let tail = &other[other.floor_char_boundary(cut.min(other.len()))..];
            for made in [head.to_owned(), format!("{head}{tail}"), format!("{head}\n{tail}")] {
                let rule = policies.read_rule("piece.yaml", &made);
                let mistakes = match rule {
                    Ok(rule) => {
                        rule.iter().for_each(|rule| drop(rule.run_examples()));
                        continue;
                    }
                    Err(mistakes) => mistakes,
                };
                refused += 1;
                assert!(mistakes.is_sorted() && mistakes.iter().all(|mistake| mistake.start <= made.len()));
                let source = Source { file: "piece.yaml".to_owned(), text: made.clone() };
                assert!(render(&mistakes, &[source], false).contains("piece.yaml"));
                let _ = (policies.read_pack("piece.yaml", &made), policies.read_configuration("piece.yaml", &made));
            }
        }
    }
    assert!(refused > texts.len() * 6, "{refused} of {}", texts.len() * 12);
}
