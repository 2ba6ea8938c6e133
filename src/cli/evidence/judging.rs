//! The rules and settings of a judgement, kept so that it can be made again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::NewFolder;
use super::manifest::Manifest;
use crate::cli::error::CliError;
use crate::cli::gate::Gate;
use crate::cli::judge::{Hand, Rules};
use crate::policy::{Given, GivenText, OwnText, built_in};

/// The file that says how it was judged.
const JUDGING: &str = "judging.json";
/// The earlier report.
const KNOWN: &str = "known.json";

/// How it was judged: what was set, and which files hold what was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Judging {
    /// What was set of rules by hand or in the environment.
    hand: Hand,
    gate: Gate,
    /// Whether an earlier report was given.
    known: bool,
    configuration: Option<KeptText>,
    waivers: Vec<KeptText>,
    /// The user's own rules and packs, in the order in which they count.
    own: Vec<KeptOwn>,
}

/// A file of the user's: what it was called, and where it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptText {
    name: String,
    file: String,
}

/// A rule or pack of the user's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptOwn {
    name: String,
    file: String,
    is_pack: bool,
}

/// Where the text of a built-in rule or pack is kept.
fn built_in_path(name: &str) -> String {
    format!("policies/{name}")
}

/// Keeps rules and settings.
pub(super) fn keep(folder: &NewFolder, rules: &Rules, gate: &Gate) -> Result<(), CliError> {
    let given = rules.given.clone().without_secrets().map_err(|error| {
        let way_out = "give it as TRAILPROOF_EXTERNAL_ID, or leave it out of the rest of the file";
        CliError::Usage(format!("--evidence: {error}, and evidence holds no secrets: {way_out}"))
    })?;
    let put = |file: String, text: &str| {
        folder.write(&file, |writer| writer.write_all(text.as_bytes()))?;
        Ok::<_, CliError>(file)
    };
    for (name, text) in built_in() {
        put(built_in_path(&name), text)?;
    }
    let mut own = Vec::new();
    for (index, OwnText { path, text, is_pack }) in given.own.iter().enumerate() {
        let file = put(format!("own/{}.yaml", index + 1), text)?;
        own.push(KeptOwn { name: path.display().to_string(), file, is_pack: *is_pack });
    }
    let mut waivers = Vec::new();
    for (index, GivenText { name, text }) in given.waivers.iter().enumerate() {
        waivers.push(KeptText { name: name.clone(), file: put(format!("waivers/{}.yaml", index + 1), text)? });
    }
    let configuration = match given.configuration {
        Some(GivenText { name, text }) => Some(KeptText { name, file: put("configuration.yaml".to_owned(), &text)? }),
        None => None,
    };
    if let Some(bytes) = gate.known() {
        folder.write(KNOWN, |writer| writer.write_all(bytes))?;
    }
    let known = gate.known().is_some();
    let judging = Judging { hand: rules.hand.clone(), gate: gate.clone(), known, configuration, waivers, own };
    folder.write(JUDGING, |writer| {
        serde_json::to_writer_pretty(&mut *writer, &judging)?;
        writer.write_all(b"\n")
    })
}

impl Judging {
    /// Reads the rules and the gate of a folder. The built-in rules are this version's own: what of the kept ones is not the
    /// same is told too.
    ///
    /// # Errors
    /// Where some of it cannot be read.
    pub(in crate::cli) fn read(folder: &Path, manifest: &Manifest) -> Result<(Rules, Gate, Vec<String>), CliError> {
        let wrong = |file: &str, what: &dyn std::fmt::Display| {
            CliError::Usage(format!("{}: {what}", folder.join(file).display()))
        };
        // A way out of the folder is in no manifest that its files fit.
        let bytes = |file: &str| match manifest.holds(file) {
            true => fs::read(folder.join(file)).map_err(|error| wrong(file, &error)),
            false => Err(wrong(file, &"the manifest does not name it")),
        };
        let text = |file: &str| String::from_utf8(bytes(file)?).map_err(|error| wrong(file, &error));
        let Self { hand, gate, known, configuration, waivers, own } =
            serde_json::from_slice(&bytes(JUDGING)?).map_err(|error| wrong(JUDGING, &error))?;
        let given_text = |kept: KeptText| Ok::<_, CliError>(GivenText { text: text(&kept.file)?, name: kept.name });
        let own_text = |kept: KeptOwn| {
            let path = PathBuf::from(kept.name);
            Ok::<_, CliError>(OwnText { path, text: text(&kept.file)?, is_pack: kept.is_pack })
        };
        let given = Given {
            own: own.into_iter().map(own_text).collect::<Result<_, _>>()?,
            configuration: configuration.map(given_text).transpose()?,
            waivers: waivers.into_iter().map(given_text).collect::<Result<_, _>>()?,
        };
        let gate = match known {
            true => gate.knowing(bytes(KNOWN)?).map_err(|error| wrong(KNOWN, &error))?,
            false => gate,
        };
        Ok((Rules::again(given, hand)?, gate, other_policies(folder)))
    }
}

/// The kept policies that are not those of this version.
fn other_policies(folder: &Path) -> Vec<String> {
    let own: BTreeMap<String, &str> = built_in().map(|(name, text)| (built_in_path(&name), text)).collect();
    let differs =
        |(name, text): &(&String, &&str)| fs::read_to_string(folder.join(name)).ok().as_deref() != Some(**text);
    own.iter().filter(differs).map(|(name, _)| format!("{name} is not the one of this version")).collect()
}
