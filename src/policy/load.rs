//! Loading: the built-in rules and the user's, all mistakes of all files at once.

mod document;
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::document::{Document, Reading, read_all};
use super::builtin;
use super::diagnostic::{Diagnostic, Source};
use super::include;
use super::pack::{ALL, Pack};
use super::rule::Policy;
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
}

/// Loads the built-in rules and packs, then those of folders, or of files that are named themselves: files beneath a folder
/// called `packs` are packs, all others are rules. A rule with a built-in's id takes its place; two of the user's with one id
/// are a mistake, and so is a pack with the id of another, unless it is a built-in one word for word.
pub fn load(folders: &[PathBuf]) -> Loaded {
    let readers = expr::readers();
    let mut loading = Loading::default();
    let mut rules: Vec<Document> = built_in("policies", builtin::RULES).collect();
    let mut packs: Vec<Document> = built_in("policies/packs", builtin::PACKS).collect();
    let mut seen = BTreeSet::new();
    for folder in folders {
        for found in folder::files(folder, &mut seen) {
            match found {
                Ok((path, text)) if is_pack(folder, &path) => packs.push(Document::own(path, text)),
                Ok((path, text)) => rules.push(Document::own(path, text)),
                Err((path, message)) => loading.unreadable(&path, message),
            }
        }
    }
    let read = read_all(readers.as_ref(), &rules, |document, file, part| {
        Policy::read(file, part, document.stem(), document.path())
    });
    for (document, reading) in rules.into_iter().zip(read) {
        loading.rule(&document, reading);
    }
    let built_in = builtin::RULES.iter().map(|(stem, _)| *stem);
    let all = Pack::all(built_in.filter(|id| loading.policies.get(id).is_some()));
    loading.policies.packs.insert(all.id.clone(), all);
    let read = read_all(readers.as_ref(), &packs, |document, file, part| {
        Pack::read(file, part, document.stem(), &loading.policies)
    });
    for (document, reading) in packs.into_iter().zip(read) {
        loading.pack(&document, reading);
    }
    loading.include();
    loading.finish()
}

fn built_in(folder: &'static str, files: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = Document> {
    files.iter().map(move |(stem, text)| Document::built_in(folder, stem, text))
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
    fn rule(&mut self, document: &Document, reading: Reading<Policy>) {
        let Some(read) = self.take(document, reading) else {
            self.policies.broken.extend(document.stem().map(str::to_owned));
            return;
        };
        let id = read.id.to_string();
        self.policies.rules.insert(id.clone(), Arc::new(read));
        if document.path().is_none() {
            return;
        }
        if let Some(earlier) = self.rules_from.insert(id.clone(), document.name.clone()) {
            self.twice(&id, &earlier, document);
        }
        self.policies.own.push(id);
    }

    fn pack(&mut self, document: &Document, reading: Reading<Pack>) {
        let Some(pack) = self.take(document, reading) else {
            self.broken_packs.extend(document.stem().map(str::to_owned));
            return;
        };
        if pack.id == ALL {
            return self.twice(ALL, "the pack of all built-in rules", document);
        }
        if let Some(earlier) = self.packs_from.get(&pack.id) {
            let (earlier, same) = (earlier.file.clone(), earlier.text == document.text);
            // This project's own folder holds the built-in packs: the same words are the same pack.
            if !(same && self.policies.builtin_packs.contains(&pack.id)) {
                self.twice(&pack.id, &earlier, document);
            }
            return;
        }
        self.packs_from.insert(pack.id.clone(), document.source());
        if document.path().is_none() {
            self.policies.builtin_packs.push(pack.id.clone());
        }
        self.policies.packs.insert(pack.id.clone(), pack);
    }

    /// Takes down that an id is taken.
    fn twice(&mut self, id: &str, earlier: &str, document: &Document) {
        self.diagnostics.push(Diagnostic::at(&document.name, 0..0, format!("the id `{id}` is taken by {earlier}")));
        self.sources.push(document.source());
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
    fn take<T>(&mut self, document: &Document, reading: Reading<T>) -> Option<T> {
        self.hash.update((document.text.len() as u64).to_be_bytes());
        self.hash.update(document.text.as_bytes());
        if !reading.mistakes.is_empty() {
            self.diagnostics.extend(reading.mistakes);
            self.sources.push(document.source());
        }
        reading.made
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
