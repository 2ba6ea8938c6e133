//! `action.yml` and the workflows: nothing of an input is read by a shell as its own text, and every action is pinned.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn steps() -> Vec<Value> {
    yaml("action.yml")["runs"]["steps"].as_array().unwrap().clone()
}

/// The step of an id, or of a name.
pub(crate) fn step(id: &str) -> Value {
    steps().into_iter().find(|step| step["id"] == id || step["name"] == id).unwrap()
}

/// The variables of a step, as the definition has them.
pub(crate) fn variables(step: &Value) -> Vec<(String, String)> {
    let all = step["env"].as_object().into_iter().flatten();
    all.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// What an input is where nobody says it.
pub(crate) fn default(input: &str) -> String {
    yaml("action.yml")["inputs"][input]["default"].as_str().unwrap().to_owned()
}

fn workflows() -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(".github/workflows").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn no_script_holds_an_expression() {
    for step in steps() {
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "{step}");
        assert!(step.get("run").is_none() || step["shell"] == "bash", "{step}");
    }
    for path in workflows() {
        let workflow = yaml(path.to_str().unwrap());
        for job in workflow["jobs"].as_object().unwrap().values() {
            for step in job["steps"].as_array().unwrap() {
                assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{}: {step}", path.display());
            }
        }
        assert!(workflow["permissions"].is_object(), "{}: what it may do by default is not said", path.display());
    }
}

#[test]
fn every_action_is_pinned_by_its_commit_and_says_its_version() {
    let mut found = 0;
    let mut of_version = std::collections::BTreeMap::new();
    let pages = ["docs/github.md", "docs/ci.md", "docs/many-machines.md"].map(PathBuf::from);
    for path in workflows().into_iter().chain(["action.yml".into()]).chain(pages) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let Some((_, used)) = line.split_once("uses: ") else { continue };
            let at = format!("{}: {line}", path.display());
            let (action, pin) = used.split_once('@').unwrap_or_else(|| panic!("{at}"));
            // This action itself: whoever copies the example takes the commit of the release.
            if action == "trailproof/trailproof" {
                continue;
            }
            let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{at}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{at}");
            let repository = action.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
            let earlier = of_version.insert((repository, version.trim().to_owned()), commit.to_owned());
            assert!(earlier.is_none_or(|earlier| earlier == commit), "{at}: another commit of that version");
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn every_input_reaches_a_script_or_a_condition_and_every_variable_an_input() {
    let action = yaml("action.yml");
    let definition = fs::read_to_string("action.yml").unwrap();
    for name in action["inputs"].as_object().unwrap().keys() {
        assert!(definition.contains(&format!("inputs.{name}")), "{name}");
    }
    let scripts: Vec<String> = ["action/prepare", "action/install", "action/judge"]
        .map(|path| fs::read_to_string(path).unwrap())
        .into_iter()
        .chain(steps().iter().filter_map(|step| step["run"].as_str().map(str::to_owned)))
        .collect();
    let set: BTreeSet<String> = steps().iter().flat_map(variables).map(|(name, _)| name).collect();
    for name in set.iter().filter(|name| *name != "GH_TOKEN") {
        assert!(scripts.iter().any(|script| script.contains(name.as_str())), "nothing reads {name}");
    }
    for script in &scripts {
        let read = script.split("INPUT_").skip(1).map(|rest| {
            let end = rest.find(|sign: char| !sign.is_ascii_uppercase() && !sign.is_ascii_digit() && sign != '_');
            format!("INPUT_{}", &rest[..end.unwrap_or(rest.len())])
        });
        for name in read {
            assert!(set.contains(&name), "nothing sets {name}");
        }
    }
}
