//! Loading: the built-in rules and the user's, all mistakes of all files at once.

mod document;
mod file;
mod folder;
mod given;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::document::Reading;
use self::file::{PolicyFile, read_all};
pub use self::given::{Given, GivenText, OwnText, SecretStays};
use super::builtin;
use super::configuration::{self, Configuration};
use super::diagnostic::{Diagnostic, Source};
use super::include;
use super::pack::{ALL, Pack};
use super::read::Part;
use super::rule::Policy;
use super::waiver::{Waiver, Waivers};
use crate::expr;

/// The rules and packs of a run.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    rules: BTreeMap<String, Arc<Policy>>,
    own: Vec<String>,
    packs: BTreeMap<String, Pack>,
    builtin_packs: Vec<String>,
    /// Rules whose files have mistakes: they are there, and no pack that names them is at fault.
    broken: Vec<String>,
    sha256: String,
}

impl Policies {
    /// The rule of an id.
    pub fn get(&self, id: &str) -> Option<&Arc<Policy>> {
        self.rules.get(id)
    }

    /// The ids of all rules, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }

    /// All rules, sorted by id.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.rules.values()
    }

    /// Whether a rule came from the user's own folders: such a rule is always judged.
    pub fn is_own(&self, id: &str) -> bool {
        self.own.iter().any(|own| own == id)
    }

    /// Whether the file of a rule has mistakes.
    pub(super) fn is_broken(&self, id: &str) -> bool {
        self.broken.iter().any(|broken| broken == id)
    }

    /// The ids of all packs, sorted.
    pub fn packs(&self) -> impl Iterator<Item = &str> {
        self.packs.keys().map(String::as_str)
    }

    /// The pack of an id.
    pub fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.get(id)
    }

    /// The controls that a rule proves, or a part of each, by the ids of the built-in packs that say so.
    pub fn controls(&self, rule: &str) -> BTreeMap<String, Vec<String>> {
        let packs = self.builtin_packs.iter().filter_map(|id| self.packs.get(id));
        let named = packs.map(|pack| (pack.id.clone(), pack.controls_of(rule).map(|control| control.id.clone())));
        named.map(|(id, controls)| (id, controls.collect::<Vec<_>>())).filter(|(_, ids)| !ids.is_empty()).collect()
    }

    /// The SHA-256 over all rules and packs, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// What loading came to.
#[derive(Debug)]
pub struct Loaded {
    /// The rules and packs without a mistake.
    pub policies: Policies,
    /// The mistakes, by file, then by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that have any, by which their mistakes are shown.
    pub sources: Vec<Source>,
    /// What is accepted for a while, in the order of the files.
    pub waivers: Vec<Arc<Waiver>>,
    /// The texts that all of this was read from, but for what is built in.
    pub given: Given,
    broken_packs: Vec<String>,
}

impl Loaded {
    /// Whether there is a pack of an id, with or without mistakes in its file.
    pub fn has_pack(&self, id: &str) -> bool {
        self.policies.pack(id).is_some() || self.broken_packs.iter().any(|broken| broken == id)
    }

    /// Whether there is a rule of an id whose file has mistakes: who names it is not at fault.
    pub fn is_broken(&self, id: &str) -> bool {
        self.policies.is_broken(id)
    }
}

/// Loads the built-in rules and packs, then those of folders, or of files that are named themselves: files beneath a folder
/// called `packs` are packs, all others are rules. A rule with a built-in's id takes its place; two of the user's with one id
/// are a mistake, and so is a pack with the id of another, unless it is a built-in one word for word.
pub fn load(folders: &[PathBuf]) -> Loaded {
    load_configured(folders, None, &[]).0
}

/// Loads as [`load`] does, and with them a configuration, whose folders come before those named, and files of waivers; the
/// mistakes of all are told at once.
pub fn load_configured(
    folders: &[PathBuf],
    configuration: Option<&Path>,
    waiver_files: &[PathBuf],
) -> (Loaded, Configuration) {
    let mut loading = Loading::default();
    let configuration = configuration.and_then(|path| loading.text(path));
    let mut all_folders = Vec::new();
    if let Some(text) = &configuration {
        let home = Path::new(&text.name).parent().unwrap_or(Path::new(""));
        loading.configuration(text, |part| all_folders = configuration::read_folders(part, home));
    }
    all_folders.extend_from_slice(folders);
    let own = loading.own(&all_folders);
    let waivers = waiver_files.iter().filter_map(|path| loading.text(path)).collect();
    loading.load(Given { own, configuration, waivers })
}

/// Loads as [`load_configured`] did that was given the same texts.
pub fn load_given(given: Given) -> (Loaded, Configuration) {
    Loading::default().load(given)
}

fn built_in(folder: &'static str, files: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = PolicyFile> {
    files.iter().map(move |(stem, text)| PolicyFile::built_in(folder, stem, text))
}

/// Whether a file of a folder is a pack: it stands beneath a folder called `packs`. Of a file that is named itself, its own
/// folder tells.
fn is_pack(folder: &Path, file: &Path) -> bool {
    if folder == file {
        return file.parent().and_then(Path::file_name).is_some_and(|parent| parent == "packs");
    }
    let within = file.strip_prefix(folder).unwrap_or(file).parent();
    within.is_some_and(|within| within.iter().any(|part| part == "packs"))
}

#[derive(Default)]
struct Loading {
    policies: Policies,
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Source>,
    /// Where the user's rules stand, by id.
    rules_from: BTreeMap<String, String>,
    /// Where packs stand, by id, and their texts.
    packs_from: BTreeMap<String, Source>,
    broken_packs: Vec<String>,
    hash: Sha256,
}

impl Loading {
    /// Reads everything from texts.
    fn load(mut self, given: Given) -> (Loaded, Configuration) {
        self.policies(&given.own);
        self.include();
        let mut waivers = Waivers::default();
        let policies = std::mem::take(&mut self.policies);
        let broken = self.broken_packs.clone();
        let configured = given.configuration.as_ref().and_then(|text| {
            self.configuration(text, |part| Configuration::read(part, &policies, &broken, &mut waivers))
        });
        for text in &given.waivers {
            self.configuration(text, |part| waivers.read_file(part, &policies));
        }
        self.policies = policies;
        (self.finish(waivers.all(), given), configured.unwrap_or_default())
    }

    /// The text of a file that the user names.
    fn text(&mut self, path: &Path) -> Option<GivenText> {
        match folder::read(path) {
            Ok(text) => Some(GivenText { name: path.display().to_string(), text }),
            Err(message) => {
                self.unreadable(path, message);
                None
            }
        }
    }

    /// The user's own rules and packs, of folders.
    fn own(&mut self, folders: &[PathBuf]) -> Vec<OwnText> {
        let (mut own, mut seen) = (Vec::new(), BTreeSet::new());
        for folder in folders {
            for found in folder::files(folder, &mut seen) {
                match found {
                    Ok((path, text)) => own.push(OwnText { is_pack: is_pack(folder, &path), path, text }),
                    Err((path, message)) => self.unreadable(&path, message),
                }
            }
        }
        own
    }

    /// Reads the built-in rules and packs, and the user's own.
    fn policies(&mut self, own: &[OwnText]) {
        let readers = expr::readers();
        let mut rules: Vec<PolicyFile> = built_in("policies", builtin::RULES).collect();
        let mut packs: Vec<PolicyFile> = built_in("policies/packs", builtin::PACKS).collect();
        for own in own {
            let files = if own.is_pack { &mut packs } else { &mut rules };
            files.push(PolicyFile::own(own.path.clone(), own.text.clone()));
        }
        let read = read_all(readers.as_ref(), &rules, |of, file, part| Policy::read(file, part, of.stem(), of.path()));
        for (file, reading) in rules.iter().zip(read) {
            self.rule(file, reading);
        }
        let built_in = builtin::RULES.iter().map(|(stem, _)| *stem);
        let all = Pack::all(built_in.filter(|id| self.policies.get(id).is_some()));
        self.policies.packs.insert(all.id.clone(), all);
        let known = &self.policies;
        let read = read_all(readers.as_ref(), &packs, |of, file, part| Pack::read(file, part, of.stem(), known));
        for (file, reading) in packs.iter().zip(read) {
            self.pack(file, reading);
        }
    }

    fn rule(&mut self, file: &PolicyFile, reading: Reading<Policy>) {
        let Some(read) = self.take(file, reading) else {
            self.policies.broken.extend(file.stem().map(str::to_owned));
            return;
        };
        let id = read.id.to_string();
        self.policies.rules.insert(id.clone(), Arc::new(read));
        if file.path().is_none() {
            return;
        }
        if let Some(earlier) = self.rules_from.insert(id.clone(), file.name.clone()) {
            self.twice(&id, &earlier, file);
        }
        self.policies.own.push(id);
    }

    fn pack(&mut self, file: &PolicyFile, reading: Reading<Pack>) {
        let Some(pack) = self.take(file, reading) else {
            self.broken_packs.extend(file.stem().map(str::to_owned));
            return;
        };
        if pack.id == ALL {
            return self.twice(ALL, "the pack of all built-in rules", file);
        }
        if let Some(earlier) = self.packs_from.get(&pack.id) {
            let (earlier, same) = (earlier.file.clone(), earlier.text == file.text);
            // This project's own folder holds the built-in packs: the same words are the same pack.
            if !(same && self.policies.builtin_packs.contains(&pack.id)) {
                self.twice(&pack.id, &earlier, file);
            }
            return;
        }
        self.packs_from.insert(pack.id.clone(), file.source());
        if file.path().is_none() {
            self.policies.builtin_packs.push(pack.id.clone());
        }
        self.policies.packs.insert(pack.id.clone(), pack);
    }

    /// Takes down that an id is taken.
    fn twice(&mut self, id: &str, earlier: &str, file: &PolicyFile) {
        self.diagnostics.push(Diagnostic::at(&file.name, 0..0, format!("the id `{id}` is taken by {earlier}")));
        self.sources.push(file.source());
    }

    /// Gives packs the rules of those that they include.
    fn include(&mut self) {
        let resolved = include::resolve(&self.policies.packs, &self.broken_packs, &self.policies);
        for (id, rules) in resolved.rules {
            if let Some(pack) = self.policies.packs.get_mut(&id) {
                pack.rules = rules;
            }
        }
        for bad in resolved.bad {
            let Some(from) = self.packs_from.get(&bad.pack) else { continue };
            self.diagnostics.push(Diagnostic::at(&from.file, bad.range, bad.message).help(bad.help));
            self.sources.push(from.clone());
        }
    }

    /// Takes in what reading a file came to, and keeps its mistakes.
    fn take<T>(&mut self, file: &PolicyFile, reading: Reading<T>) -> Option<T> {
        self.hash.update((file.text.len() as u64).to_be_bytes());
        self.hash.update(file.text.as_bytes());
        self.made(&file.name, &file.text, reading)
    }

    /// Reads something from the configuration, which is no policy: what it sets is in the report by what it does.
    fn configuration<T>(&mut self, given: &GivenText, read: impl FnOnce(Part<'_>) -> T) -> Option<T> {
        let reading = document::read(&given.name, &given.text, |_, part| Some(read(part)));
        self.made(&given.name, &configuration::without_secrets(&given.text), reading)
    }

    fn made<T>(&mut self, name: &str, text: &str, reading: Reading<T>) -> Option<T> {
        reading.unwrap_or_else(|mistakes| {
            self.diagnostics.extend(mistakes);
            self.sources.push(Source { file: name.to_owned(), text: text.to_owned() });
            None
        })
    }

    fn unreadable(&mut self, path: &Path, message: String) {
        self.diagnostics.push(Diagnostic::at(&path.display().to_string(), 0..0, message));
    }

    fn finish(mut self, waivers: Vec<Arc<Waiver>>, given: Given) -> Loaded {
        self.diagnostics.sort();
        // The configuration is read twice: for its folders, and for what it says.
        self.diagnostics.dedup();
        self.policies.own.sort();
        self.policies.sha256 = hex::encode(self.hash.finalize());
        Loaded {
            policies: self.policies,
            diagnostics: self.diagnostics,
            sources: self.sources,
            waivers,
            given,
            broken_packs: self.broken_packs,
        }
    }
}
