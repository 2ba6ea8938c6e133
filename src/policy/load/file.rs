//! The files of rules and packs, read each on its own, and so at the same time.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rayon::ThreadPool;
use rayon::prelude::*;

use super::super::diagnostic::Source;
use super::super::read::{File, Part};
use super::document::{self, Reading};

/// A file of a rule or pack.
pub(super) struct PolicyFile {
    /// The file, as the user named it.
    pub(super) name: String,
    pub(super) text: Cow<'static, str>,
    /// Where it is, of a user's own file.
    path: Option<PathBuf>,
    stem: Option<String>,
}

impl PolicyFile {
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
        let make = |file: &File<'_>, part: Part<'_>| make(self, file, part);
        match self.path {
            Some(_) => document::read(&self.name, &self.text, make),
            None => document::read_built_in(&self.name, &self.text, make),
        }
    }
}

/// Reads files, in their order.
pub(super) fn read_all<T: Send>(
    readers: Option<&ThreadPool>,
    files: &[PolicyFile],
    make: impl Fn(&PolicyFile, &File<'_>, Part<'_>) -> Option<T> + Sync,
) -> Vec<Reading<T>> {
    match readers {
        Some(readers) => readers.install(|| files.par_iter().map(|file| file.read(&make)).collect()),
        None => files.iter().map(|file| file.read(&make)).collect(),
    }
}
