//! The policy files of a folder: all of them beneath it, sorted, each once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// No policy and no configuration is this large.
const LARGEST: u64 = 1 << 20;

/// The files beneath a folder, or the one file that is named, with their texts, or why one cannot be read. `seen` are the real folders that were walked:
/// one that is there is not walked again, so that a loop of links ends, and a folder that is named twice is read once.
pub(super) fn files(folder: &Path, seen: &mut BTreeSet<PathBuf>) -> Vec<Result<(PathBuf, String), (PathBuf, String)>> {
    if folder.is_file() {
        return vec![
            read(folder).map(|text| (folder.to_owned(), text)).map_err(|message| (folder.to_owned(), message)),
        ];
    }
    if !folder.is_dir() {
        return vec![Err((folder.to_owned(), "there is no such file or folder of policies".to_owned()))];
    }
    let mut walk = Walk { seen, found: Vec::new() };
    walk.enter(folder);
    walk.found.sort_by(|left, right| path_of(left).cmp(path_of(right)));
    walk.found
}

fn path_of(found: &Result<(PathBuf, String), (PathBuf, String)>) -> &Path {
    match found {
        Ok((path, _)) | Err((path, _)) => path,
    }
}

struct Walk<'a> {
    seen: &'a mut BTreeSet<PathBuf>,
    found: Vec<Result<(PathBuf, String), (PathBuf, String)>>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path) {
        let real = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(error) => return self.found.push(Err((folder.to_owned(), error.to_string()))),
        };
        if !self.seen.insert(real) {
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.found.push(Err((folder.to_owned(), error.to_string()))),
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.enter(&path);
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                self.found.push(read(&path).map(|text| (path.clone(), text)).map_err(|message| (path, message)));
            }
        }
    }
}

/// The text of a file, or why it cannot be read.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let found = fs::metadata(path).map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("this is no regular file".to_owned());
    }
    let size = found.len();
    if size > LARGEST {
        return Err(format!("the file has {size} bytes, and at most {LARGEST} are read"));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|error| format!("the file is not UTF-8 (byte {})", error.utf8_error().valid_up_to()))
}
