//! What was judged and read, judged and read again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::cli::error::CliError;
use crate::cli::evidence::{Judging, Manifest, REPORT, SNAPSHOT};
use crate::cli::input::read_snapshot;
use crate::cli::judge::{digest, judge};
use crate::collect::{Answers, AnswersError, replay};
use crate::emit::write_json;
use crate::snapshot::{Run, Snapshot, merge};

/// So many differences are named; the rest is counted.
const NAMED: usize = 40;

/// How the kept report differs from what the kept snapshot, rules and settings give.
pub(super) fn judged(folder: &Path, manifest: &Manifest) -> Result<Vec<String>, CliError> {
    let snapshot = read_snapshot(&folder.join(SNAPSHOT))?;
    let (rules, gate, mut different) = Judging::read(folder, manifest)?;
    let report = judge(&snapshot, digest(&snapshot), &rules, &gate)?;
    let mut again = Vec::new();
    // A vector takes all that is written to it.
    let _ = write_json(&report, &mut again);
    let path = folder.join(REPORT);
    let kept = fs::read(&path).map_err(|source| CliError::ReportUnreadable { path, source })?;
    if again != kept {
        different.extend(between_reports(&kept, &again));
    }
    Ok(shortened(different))
}

/// Names the results, and what else of a report, that differ.
fn between_reports(kept: &[u8], again: &[u8]) -> Vec<String> {
    let (Ok(Value::Object(kept)), Ok(Value::Object(again))) =
        (serde_json::from_slice(kept), serde_json::from_slice(again))
    else {
        return vec![format!("{REPORT} is no report")];
    };
    let mut told = Vec::new();
    let (old, new) = (results(kept.get("results")), results(again.get("results")));
    for (key, result) in &old {
        match new.get(key) {
            None => told.push(format!("{key}: is in the report, and is not judged")),
            Some(other) if other != result => {
                let outcome = |result: &Value| result["outcome"].as_str().unwrap_or("nothing").to_owned();
                told.push(match (outcome(result), outcome(other)) {
                    (kept, again) if kept != again => format!("{key}: {kept} in the report, {again} judged again"),
                    _ => format!("{key}: {}", paths(result, other).join(", ")),
                });
            }
            Some(_) => {}
        }
    }
    told.extend(new.keys().filter(|key| !old.contains_key(*key)).map(|key| format!("{key}: is not in the report")));
    for (key, value) in kept.iter().filter(|(key, _)| *key != "results") {
        if again.get(key) != Some(value) {
            told.push(format!(
                "{REPORT}: {}",
                paths(value, again.get(key).unwrap_or(&Value::Null))
                    .iter()
                    .map(|path| format!("{key}{path}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
    }
    if told.is_empty() {
        told.push(format!("{REPORT} says the same in other bytes"));
    }
    told
}

/// The results of a report by rule, resource and fingerprint.
fn results(results: Option<&Value>) -> BTreeMap<String, &Value> {
    let name = |result: &Value| {
        let part = |key: &str| result[key].as_str().unwrap_or("").to_owned();
        format!("{} of {} ({})", part("policy"), part("resource"), part("fingerprint"))
    };
    results.and_then(Value::as_array).into_iter().flatten().map(|result| (name(result), result)).collect()
}

/// How many questions the raw answers are to, and how the kept snapshot differs from what they say.
pub(super) fn read(folder: &Path, files: &[PathBuf]) -> Result<(usize, Vec<String>), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Start)?;
    let kept = read_snapshot(&folder.join(SNAPSHOT))?;
    let (mut questions, mut parts) = (0, Vec::new());
    for path in files {
        let refused = |error: AnswersError| CliError::Usage(format!("{}: {error}", path.display()));
        let answers = Answers::open(path).map_err(refused)?;
        questions += answers.questions();
        let snapshot = runtime.block_on(replay(Arc::new(answers)))?;
        parts.push((path.display().to_string(), snapshot));
    }
    let again = match parts.len() {
        1 if kept.run.shards.is_empty() => parts.remove(0).1,
        _ => merge(parts, true)?,
    };
    // How the run went is its own.
    let timeless = |snapshot: Snapshot| Snapshot { run: Run::default(), ..snapshot };
    let (kept, again) = (timeless(kept), timeless(again));
    if kept == again {
        return Ok((questions, Vec::new()));
    }
    let value = |snapshot: &Snapshot| {
        serde_json::to_value(snapshot)
            .map_err(|error| CliError::Usage(format!("{SNAPSHOT} cannot be compared: {error}")))
    };
    let different = paths(&value(&kept)?, &value(&again)?);
    let mut told: Vec<String> =
        different.into_iter().map(|path| format!("{SNAPSHOT}: {}", path.trim_start_matches('.'))).collect();
    if told.is_empty() {
        told.push(format!("{SNAPSHOT} is another than the answers give"));
    }
    Ok((questions, shortened(told)))
}

/// The paths at which two values differ.
fn paths(left: &Value, right: &Value) -> Vec<String> {
    match (left, right) {
        (Value::Object(old), Value::Object(new)) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            let beneath = |key: &String| {
                let (old, new) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
                paths(old, new).into_iter().map(move |path| format!(".{key}{path}")).collect::<Vec<_>>()
            };
            keys.flat_map(beneath).collect()
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let beneath = |(index, (old, new)): (usize, (&Value, &Value))| {
                paths(old, new).into_iter().map(move |path| format!("[{index}]{path}")).collect::<Vec<_>>()
            };
            old.iter().zip(new).enumerate().flat_map(beneath).collect()
        }
        (old, new) if old == new => Vec::new(),
        _ => vec![String::new()],
    }
}

fn shortened(mut different: Vec<String>) -> Vec<String> {
    let rest = different.len().saturating_sub(NAMED);
    different.truncate(NAMED);
    if rest > 0 {
        different.push(format!("and {rest} more"));
    }
    different
}
