//! A folder of evidence: made new, and later held against its manifest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::manifest::{FileHash, MANIFEST, Manifest};
use crate::cli::destination::write_file;
use crate::cli::error::CliError;
use crate::cli::hashing::Hashing;
use crate::snapshot::Snapshot;

/// A folder while it is written.
#[derive(Debug)]
pub(super) struct NewFolder(PathBuf);

impl NewFolder {
    /// Makes a folder, or takes one that is empty. Nobody but its owner may look into one that is made.
    pub(super) fn make(path: &Path) -> Result<Self, CliError> {
        let refuse = |what: &str| Err(CliError::Usage(format!("--evidence {}: {what}", path.display())));
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => return refuse("it is a symbolic link: name the folder itself"),
            Ok(found) if !found.is_dir() => return refuse("it is no folder"),
            Ok(_) if path.join(MANIFEST).exists() => return refuse("it holds evidence already: name a new folder"),
            Ok(_) => match clear(path) {
                Ok(true) => {}
                Ok(false) => return refuse("it holds something else, and is left as it is: name a new folder"),
                Err(error) => return refuse(&error.to_string()),
            },
            Err(_) => {
                let mut made = fs::DirBuilder::new();
                made.recursive(true);
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
                if let Err(error) = made.create(path) {
                    return refuse(&format!("it cannot be made: {error}"));
                }
            }
        }
        let folder = Self(path.to_owned());
        folder.write(INCOMPLETE, |writer| writer.write_all(b"the run that writes this has not come to its end\n"))?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What to say where something could not be written.
    pub(super) fn failed(&self, path: &Path, source: io::Error) -> CliError {
        CliError::Evidence { path: path.to_owned(), source }
    }

    /// The place of a file, whose folder is there then.
    pub(super) fn place(&self, name: &str) -> Result<PathBuf, CliError> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| self.failed(folder, source))?;
        }
        Ok(path)
    }

    /// Writes a file that is not there yet. That it is whole is said by the manifest.
    pub(super) fn write(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let path = self.place(name)?;
        let written = File::create_new(&path).and_then(|file| {
            let mut writer = BufWriter::new(file);
            write(&mut writer)?;
            writer.flush()
        });
        written.map_err(|source| self.failed(&path, source))
    }

    /// Writes the manifest over all that is there; its hash.
    pub(super) fn seal(&self, snapshot: &Snapshot) -> Result<String, CliError> {
        let incomplete = self.0.join(INCOMPLETE);
        fs::remove_file(&incomplete).map_err(|source| self.failed(&incomplete, source))?;
        let mut files = Vec::new();
        for name in names(&self.0).map_err(|source| self.failed(&self.0, source))?.0 {
            let path = self.0.join(&name);
            let (bytes, sha256) = hash(&path).map_err(|source| self.failed(&path, source))?;
            files.push(FileHash { path: name, bytes, sha256 });
        }
        let path = self.0.join(MANIFEST);
        let failed = |source| self.failed(&path, source);
        let manifest = Manifest::of(snapshot, files).map_err(failed)?;
        let bytes = manifest.bytes().map_err(failed)?;
        write_file(&path, |writer| writer.write_all(&bytes))?;
        manifest.sha256().map_err(failed)
    }
}

/// Says of a folder that the run which writes it has not come to its end.
const INCOMPLETE: &str = "INCOMPLETE";

/// Whether a folder is empty, once what a run is taken out that did not come to its end. Whatever no such run writes stays.
fn clear(folder: &Path) -> io::Result<bool> {
    let (files, strange) = names(folder)?;
    if files.is_empty() && strange.is_empty() {
        return Ok(true);
    }
    let ours = |name: &String| {
        let first = name.split('/').next().unwrap_or_default();
        [INCOMPLETE, "answers", "policies", "own", "waivers"].contains(&first)
            || ["judging.json", "configuration.yaml", "known.json", "snapshot.json", "report.json"].contains(&first)
    };
    if !files.contains(INCOMPLETE) || !strange.is_empty() || !files.iter().all(ours) {
        return Ok(false);
    }
    // The mark goes last: whatever happens meanwhile, it can be done again.
    for name in files.iter().filter(|name| *name != INCOMPLETE) {
        fs::remove_file(folder.join(name))?;
    }
    fs::remove_file(folder.join(INCOMPLETE))?;
    Ok(true)
}

/// The files beneath a folder by their ways from it, sorted, and what is neither file nor folder.
fn names(folder: &Path) -> io::Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (mut files, mut strange) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, way)) = open.pop() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = format!("{way}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                files.insert(name);
            } else {
                strange.insert(name);
            }
        }
    }
    Ok((files, strange))
}

/// The size and the SHA-256 of a file.
fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut hash = Hashing::default();
    let bytes = io::copy(&mut File::open(path)?, &mut hash)?;
    Ok((bytes, hash.finish()))
}

/// How a folder differs from its manifest, file by file.
pub(in crate::cli) fn differences(folder: &Path, manifest: &Manifest) -> Vec<String> {
    let (found, strange) = match names(folder) {
        Ok(found) => found,
        Err(error) => return vec![format!("the folder cannot be read: {error}")],
    };
    let mut told: Vec<String> = strange.iter().map(|name| format!("{name} is no regular file")).collect();
    for file in &manifest.files {
        if !found.contains(&file.path) {
            told.push(format!("{} is missing", file.path));
            continue;
        }
        match hash(&folder.join(&file.path)) {
            Ok((bytes, sha256)) if bytes == file.bytes && sha256 == file.sha256 => {}
            Ok(_) => told.push(format!("{} is not as it was written", file.path)),
            Err(error) => told.push(format!("{} cannot be read: {error}", file.path)),
        }
    }
    let known = |name: &&String| *name == MANIFEST || manifest.holds(name);
    told.extend(found.iter().filter(|name| !known(name)).map(|name| format!("{name} was added")));
    told.sort();
    told
}
