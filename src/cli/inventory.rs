//! `trailproof inventory`: what was read, as files to commit.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::destination::write_file;
use super::error::CliError;
use super::input::read_snapshot;
use super::judge::ensure_anything;
use crate::inventory::{NOT_READ, Subject, inventory};
use crate::snapshot::Snapshot;

/// Write what was read as files to commit, one a trail, bucket and account: a snapshot, without credentials. Sorted, one
/// property a line, without times: a diff shows what drifted.
#[derive(Debug, Args)]
pub(super) struct Inventory {
    /// The snapshot, plain or compressed; - for stdin
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The folder of the inventory. Files that changed are replaced, files of what the snapshot shows to be gone are
    /// removed, and files of anything else are left alone
    #[arg(long, value_name = "DIR", env = "TRAILPROOF_INVENTORY")]
    write: PathBuf,
}

impl Inventory {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let snapshot = read_snapshot(&self.snapshot)?;
        ensure_anything(&snapshot)?;
        let wrong = |place: &Path, error: &dyn std::fmt::Display| {
            CliError::Inventory(format!("cannot write the inventory {}: {error}", place.display()))
        };
        let files = inventory(&snapshot).map_err(|error| wrong(&self.write, &error))?;
        let there = files_there(&self.write).map_err(|(place, error)| wrong(&place, &error))?;
        let mut counts = Counts { unread: 0, written: 0, removed: 0, unchanged: 0, kept: 0 };
        let mut fresh = BTreeMap::new();
        for file in &files {
            counts.unread += file.text.matches(&format!("\"{NOT_READ}\"")).count();
            fresh.insert(file.subject.path(), file);
        }
        // What is gone is found before anything is written, and removed after everything is.
        let gone = gone(&self.write, &there, |path| fresh.contains_key(path), &snapshot, &mut counts);
        for (path, file) in &fresh {
            let place = self.write.join(path);
            if fs::read(&place).is_ok_and(|bytes| bytes == file.text.as_bytes()) {
                counts.unchanged += 1;
                continue;
            }
            let folder = place.parent().unwrap_or(&self.write);
            fs::create_dir_all(folder).map_err(|error| wrong(folder, &error))?;
            write_file(&place, |writer| writer.write_all(file.text.as_bytes()))?;
            counts.written += 1;
        }
        for place in gone {
            fs::remove_file(&place).map_err(|error| wrong(&place, &error))?;
            counts.removed += 1;
        }
        counts.tell(&snapshot).map_err(CliError::Stdout)?;
        Ok(0)
    }
}

/// What became of the files.
struct Counts {
    unread: usize,
    written: usize,
    removed: usize,
    unchanged: usize,
    kept: usize,
}

impl Counts {
    fn tell(&self, snapshot: &Snapshot) -> io::Result<()> {
        let Self { unread, written, removed, unchanged, kept } = self;
        let (accounts, trails, buckets) = (snapshot.accounts.len(), snapshot.trails.len(), snapshot.buckets.len());
        let mut stdout = anstream::stdout().lock();
        writeln!(stdout, "accounts {accounts}, trails {trails}, buckets {buckets}")?;
        writeln!(stdout, "files written {written}, removed {removed}, unchanged {unchanged}")?;
        if *kept > 0 {
            writeln!(stdout, "files kept {kept}: of what this snapshot does not have, and does not show to be gone")?;
        }
        if *unread > 0 {
            writeln!(stdout, "properties not read {unread}: they are {NOT_READ} in the files")?;
        }
        stdout.flush()
    }
}

/// The files in the folders of an inventory, by their paths in it; a link among them could lead anywhere, and is refused.
fn files_there(folder: &Path) -> Result<Vec<String>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    for name in Subject::FOLDERS {
        walk(folder, name, &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn walk(root: &Path, path: &str, files: &mut Vec<String>) -> Result<(), (PathBuf, io::Error)> {
    let place = root.join(path);
    let told = |error: io::Error| (place.clone(), error);
    match fs::symlink_metadata(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(told(error)),
        Ok(found) if found.is_symlink() => Err(told(io::Error::other("it is a symbolic link"))),
        Ok(found) if found.is_file() => {
            files.push(path.to_owned());
            Ok(())
        }
        Ok(found) if !found.is_dir() => Err(told(io::Error::other("it is neither a file nor a folder"))),
        Ok(_) => {
            for entry in fs::read_dir(&place).map_err(told)? {
                let name = entry.map_err(told)?.file_name();
                // No name of an inventory is anything else.
                let Some(name) = name.to_str() else { continue };
                walk(root, &format!("{path}/{name}"), files)?;
            }
            Ok(())
        }
    }
}

/// The files that are of an inventory, by their mark and by their names, and of what is gone.
fn gone(
    folder: &Path,
    there: &[String],
    is_fresh: impl Fn(&str) -> bool,
    snapshot: &Snapshot,
    counts: &mut Counts,
) -> Vec<PathBuf> {
    let mut gone = Vec::new();
    for path in there.iter().filter(|path| !is_fresh(path)) {
        let place = folder.join(path);
        let subject = fs::read_to_string(&place).ok().and_then(|text| Subject::of_file(&text));
        match subject {
            Some(subject) if subject.path() == *path && subject.is_gone(snapshot) => gone.push(place),
            Some(_) => counts.kept += 1,
            None => {}
        }
    }
    gone
}
