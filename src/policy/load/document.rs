//! The files of rules and packs, read each on its own, and so at the same time.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rayon::ThreadPool;
use rayon::prelude::*;

use super::super::diagnostic::{Diagnostic, Source};
use super::super::read::{File, Part};
use super::super::yaml::{self, Node};

/// A file of a rule or pack.
pub(super) struct Document {
    /// The file, as the user named it.
    pub(super) name: String,
    pub(super) text: Cow<'static, str>,
    /// Where it is, of a user's own file.
    path: Option<PathBuf>,
    stem: Option<String>,
}

/// What reading a file came to.
pub(super) struct Reading<T> {
    /// What it holds; nothing where there is a mistake.
    pub(super) made: Option<T>,
    /// The mistakes, in the order of their places.
    pub(super) mistakes: Vec<Diagnostic>,
}

impl Document {
    /// A file that is built in.
    pub(super) fn built_in(folder: &str, stem: &str, text: &'static str) -> Self {
        let (name, stem) = (format!("{folder}/{stem}.yaml"), Some(stem.to_owned()));
        Self { name, text: Cow::Borrowed(text), path: None, stem }
    }

    /// A file of the user's.
    pub(super) fn own(path: PathBuf, text: String) -> Self {
        let stem = path.file_stem().and_then(OsStr::to_str).map(str::to_owned);
        Self { name: path.display().to_string(), text: Cow::Owned(text), path: Some(path), stem }
    }

    /// The name of the file without its folder and its ending.
    pub(super) fn stem(&self) -> Option<&str> {
        self.stem.as_deref()
    }

    /// Where it is, of a user's own file.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The file, by which its mistakes are shown.
    pub(super) fn source(&self) -> Source {
        Source { file: self.name.clone(), text: self.text.to_string() }
    }

    fn read<T>(&self, make: impl Fn(&Self, &File<'_>, Part<'_>) -> Option<T>) -> Reading<T> {
        let file = File::new(&self.name, &self.text);
        let made = self
            .nodes(&file)
            .and_then(|(node, value)| make(self, &file, Part { file: &file, node: &node, value: &value }));
        let mistakes = file.mistakes();
        Reading { made: made.filter(|_| mistakes.is_empty()), mistakes }
    }

    /// The text's values with their places, and as `serde_yaml` reads them. Of built-in files a test says that both are
    /// the same, so that these are read once.
    fn nodes(&self, file: &File<'_>) -> Option<(Node, serde_yaml::Value)> {
        let node = match yaml::parse(&self.text) {
            Ok(node) => node,
            Err(problems) => {
                problems.into_iter().for_each(|problem| file.mistake(problem.range, problem.message));
                return None;
            }
        };
        if self.path.is_none() {
            let value = node.to_value();
            return Some((node, value));
        }
        match serde_yaml::from_str::<serde_yaml::Value>(&self.text) {
            Ok(value) => Some((node, value)),
            Err(error) => {
                let at = error.location().map_or(0, |place| place.index());
                file.mistake(at..at, error.to_string());
                None
            }
        }
    }
}

/// Reads files, in their order.
pub(super) fn read_all<T: Send>(
    readers: Option<&ThreadPool>,
    documents: &[Document],
    make: impl Fn(&Document, &File<'_>, Part<'_>) -> Option<T> + Sync,
) -> Vec<Reading<T>> {
    match readers {
        Some(readers) => readers.install(|| documents.par_iter().map(|document| document.read(&make)).collect()),
        None => documents.iter().map(|document| document.read(&make)).collect(),
    }
}
