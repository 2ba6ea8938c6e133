//! Loading: the built-in rules and the user's, all mistakes of all files at once.

mod folder;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::builtin;
use super::diagnostic::{Diagnostic, Source};
use super::pack::Pack;
use super::read::{File, Part};
use super::rule::Policy;
use super::yaml;

/// The rules and packs of a run.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    rules: BTreeMap<String, Arc<Policy>>,
    own: Vec<String>,
    packs: BTreeMap<String, Pack>,
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

/// Loads the built-in rules, then those of folders. A rule with a built-in's id takes its place; two of the user's with
/// one id are a mistake.
pub fn load(folders: &[PathBuf]) -> Loaded {
    let mut loading = Loading::default();
    for (stem, text) in builtin::RULES {
        loading.rule(&format!("policies/{stem}.yaml"), text, Some(stem), None);
    }
    let mut origin: BTreeMap<String, String> = BTreeMap::new();
    for folder in folders {
        for found in folder::files(folder) {
            match found {
                Ok((path, text)) => loading.own_rule(&path, &text, &mut origin),
                Err((path, message)) => loading.unreadable(&path, message),
            }
        }
    }
    for (stem, text) in builtin::PACKS {
        loading.pack(&format!("policies/packs/{stem}.yaml"), text, Some(stem));
    }
    let all = Pack::all(builtin::RULES.iter().map(|(stem, _)| *stem).filter(|id| loading.policies.get(id).is_some()));
    loading.policies.packs.insert(all.id.clone(), all);
    loading.finish()
}

#[derive(Default)]
struct Loading {
    policies: Policies,
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Source>,
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

    fn own_rule(&mut self, path: &Path, text: &str, origin: &mut BTreeMap<String, String>) {
        let name = path.display().to_string();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let Some(id) = self.rule(&name, text, stem, Some(path)) else { return };
        if let Some(earlier) = origin.insert(id.clone(), name.clone()) {
            let message = format!("the id `{id}` is taken by {earlier}");
            self.diagnostics.push(Diagnostic::at(&name, 0..0, message));
            self.sources.push(Source { file: name, text: text.to_owned() });
        }
        self.policies.own.push(id);
    }

    fn pack(&mut self, name: &str, text: &str, stem: Option<&str>) {
        let policies = std::mem::take(&mut self.policies);
        let read = self.document(name, text, |file, part| Pack::read(file, part, stem, &policies));
        self.policies = policies;
        self.policies.packs.extend(read.map(|pack| (pack.id.clone(), pack)));
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
