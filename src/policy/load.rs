//! Loading: the built-in rules and the user's, all mistakes of all files at once.

mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::builtin;
use super::diagnostic::{Diagnostic, Source};
use super::include;
use super::pack::{ALL, Pack};
use super::read::{File, Part};
use super::rule::Policy;
use super::yaml;

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
}

/// Loads the built-in rules and packs, then those of folders, or of files that are named themselves: files beneath a folder
/// called `packs` are packs, all others are rules. A rule with a built-in's id takes its place; two of the user's with one id
/// are a mistake, and so is a pack with the id of another, unless it is a built-in one word for word.
pub fn load(folders: &[PathBuf]) -> Loaded {
    let mut loading = Loading::default();
    for (stem, text) in builtin::RULES {
        loading.rule(&format!("policies/{stem}.yaml"), text, Some(stem), None);
    }
    let all = Pack::all(builtin::RULES.iter().map(|(stem, _)| *stem).filter(|id| loading.policies.get(id).is_some()));
    let mut own_packs = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in folders {
        for found in folder::files(folder, &mut seen) {
            match found {
                Ok((path, text)) if is_pack(folder, &path) => own_packs.push((path, text)),
                Ok((path, text)) => loading.own_rule(&path, &text),
                Err((path, message)) => loading.unreadable(&path, message),
            }
        }
    }
    loading.policies.packs.insert(all.id.clone(), all);
    for (stem, text) in builtin::PACKS {
        loading.pack(&format!("policies/packs/{stem}.yaml"), text, Some(stem));
    }
    loading.policies.builtin_packs = loading.policies.packs.keys().cloned().collect();
    for (path, text) in own_packs {
        loading.pack(&path.display().to_string(), &text, path.file_stem().and_then(|stem| stem.to_str()));
    }
    loading.include();
    loading.finish()
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
    fn rule(&mut self, name: &str, text: &str, stem: Option<&str>, path: Option<&Path>) -> Option<String> {
        let Some(read) = self.document(name, text, |file, part| Policy::read(file, part, stem, path)) else {
            self.policies.broken.extend(stem.map(str::to_owned));
            return None;
        };
        let id = read.id.to_string();
        self.policies.rules.insert(id.clone(), Arc::new(read));
        Some(id)
    }

    fn own_rule(&mut self, path: &Path, text: &str) {
        let name = path.display().to_string();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let Some(id) = self.rule(&name, text, stem, Some(path)) else { return };
        if let Some(earlier) = self.rules_from.insert(id.clone(), name.clone()) {
            self.twice(&id, &earlier, &name, text);
        }
        self.policies.own.push(id);
    }

    fn pack(&mut self, name: &str, text: &str, stem: Option<&str>) {
        let policies = std::mem::take(&mut self.policies);
        let read = self.document(name, text, |file, part| Pack::read(file, part, stem, &policies));
        self.policies = policies;
        let Some(pack) = read else {
            self.broken_packs.extend(stem.map(str::to_owned));
            return;
        };
        if pack.id == ALL {
            return self.twice(ALL, "the pack of all built-in rules", name, text);
        }
        if let Some(earlier) = self.packs_from.get(&pack.id) {
            let (earlier, same) = (earlier.file.clone(), earlier.text == text);
            let is_builtin = self.policies.builtin_packs.contains(&pack.id);
            // This project's own folder holds the built-in packs: the same words are the same pack.
            if !(same && is_builtin) {
                self.twice(&pack.id, &earlier, name, text);
            }
            return;
        }
        let from = Source { file: name.to_owned(), text: text.to_owned() };
        self.packs_from.insert(pack.id.clone(), from);
        self.policies.packs.insert(pack.id.clone(), pack);
    }

    /// Takes down that an id is taken.
    fn twice(&mut self, id: &str, earlier: &str, name: &str, text: &str) {
        self.diagnostics.push(Diagnostic::at(name, 0..0, format!("the id `{id}` is taken by {earlier}")));
        self.sources.push(Source { file: name.to_owned(), text: text.to_owned() });
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

    /// Reads a document, and keeps its mistakes.
    fn document<T>(
        &mut self,
        name: &str,
        text: &str,
        read: impl FnOnce(&File<'_>, Part<'_>) -> Option<T>,
    ) -> Option<T> {
        self.hash.update((text.len() as u64).to_be_bytes());
        self.hash.update(text);
        let file = File::new(name, text);
        let made = match yaml::parse(text) {
            Err(problems) => {
                problems.into_iter().for_each(|problem| file.mistake(problem.range, problem.message));
                None
            }
            Ok(node) => match serde_yaml::from_str::<serde_yaml::Value>(text) {
                Ok(value) => read(&file, Part { file: &file, node: &node, value: &value }),
                Err(error) => {
                    let at = error.location().map_or(0, |place| place.index());
                    file.mistake(at..at, error.to_string());
                    None
                }
            },
        };
        let mistakes = file.mistakes();
        if mistakes.is_empty() {
            return made;
        }
        self.diagnostics.extend(mistakes);
        self.sources.push(Source { file: name.to_owned(), text: text.to_owned() });
        None
    }

    fn unreadable(&mut self, path: &Path, message: String) {
        self.diagnostics.push(Diagnostic::at(&path.display().to_string(), 0..0, message));
    }

    fn finish(mut self) -> Loaded {
        self.diagnostics.sort();
        self.policies.own.sort();
        self.policies.sha256 = hex(&self.hash.finalize());
        Loaded { policies: self.policies, diagnostics: self.diagnostics, sources: self.sources }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
