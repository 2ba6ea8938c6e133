//! Where an output goes: a file is replaced whole or not at all; a device or pipe is written directly.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// An output that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {source}")]
pub(super) struct DestinationError {
    path: PathBuf,
    source: io::Error,
}

/// Writes a file by way of another that takes its place when it is whole; symbolic links are followed, and what is no
/// regular file (a device, a pipe) is written directly.
///
/// # Errors
/// Where the destination, or what writes to it, fails. A regular file is then left as it was.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), DestinationError> {
    let written = match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::Error::other("it is a directory")),
        Ok(found) if !found.is_file() => write_directly(path, write),
        Ok(found) => fs::canonicalize(path).and_then(|target| replace(&target, Some(found.permissions()), write)),
        Err(_) => follow(path).and_then(|target| replace(&target, None, write)),
    };
    written.map_err(|source| DestinationError { path: path.to_owned(), source })
}

/// The place that a path leads to, though nothing is there yet: a dangling link is followed.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&place) {
            Ok(target) if target.is_absolute() => place = target,
            Ok(target) => place = place.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

fn write_directly(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut writer = BufWriter::new(OpenOptions::new().write(true).open(path)?);
    write(&mut writer)?;
    writer.flush()
}

fn replace(
    path: &Path,
    permissions: Option<fs::Permissions>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = NamedTempFile::new_in(folder)?;
    let mut writer = BufWriter::new(beside);
    write(&mut writer)?;
    let beside = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    match permissions {
        Some(permissions) => beside.as_file().set_permissions(permissions)?,
        None => beside.as_file().set_permissions(as_created(folder)?)?,
    }
    beside.as_file().sync_all()?;
    beside.persist(path).map(drop).map_err(|error| error.error)
}

/// The permissions that a file created here gets: a temporary file is made for its owner alone, an output is not.
fn as_created(folder: &Path) -> io::Result<fs::Permissions> {
    let probe = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    Ok(probe.as_file().metadata()?.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write_file(&path, |writer| writer.write_all(b"old")).unwrap();
        let failed = write_file(&path, |writer| {
            writer.write_all(b"half")?;
            Err(io::Error::other("broke off"))
        });
        assert!(failed.unwrap_err().to_string().contains("report.json"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_devices_written() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("target", &link).unwrap();
        write_file(&link, |writer| writer.write_all(b"one")).unwrap();
        write_file(&link, |writer| writer.write_all(b"two")).unwrap();
        assert_eq!(fs::read(folder.path().join("target")).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write_file(Path::new("/dev/null"), |writer| writer.write_all(b"gone")).unwrap();
        assert!(write_file(folder.path(), |_| Ok(())).is_err());
    }
}
