//! The manifest: what a folder of evidence holds, and the hash of each file.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::AccountId;
use crate::snapshot::Snapshot;

/// The manifest's file. It is written last: a folder without one is incomplete.
pub(in crate::cli) const MANIFEST: &str = "manifest.json";

const SCHEMA: &str = "trailproof.evidence/1";

/// What a folder of evidence holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Manifest {
    schema: String,
    pub(in crate::cli) version: String,
    /// When the snapshot was taken, by whom, and of what.
    pub(in crate::cli) taken_at: String,
    pub(in crate::cli) caller: String,
    pub(in crate::cli) organization: Option<String>,
    management_account: Option<AccountId>,
    /// Sorted by path.
    pub(in crate::cli) files: Vec<FileHash>,
    /// The SHA-256 of all of this but itself: that of its JSON without spaces, with nothing here.
    seal: String,
}

/// A file and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct FileHash {
    /// Its way from the folder, with `/` between the parts.
    pub(in crate::cli) path: String,
    pub(in crate::cli) bytes: u64,
    pub(in crate::cli) sha256: String,
}

/// Why a manifest cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum ManifestError {
    #[error("it holds no {MANIFEST}: the run that writes it has not come to its end, or this is no folder of evidence")]
    Incomplete,
    #[error("cannot read {MANIFEST}: {0}")]
    Unreadable(io::Error),
    #[error("{MANIFEST} is no manifest of evidence: {0}")]
    Foreign(String),
    #[error("{MANIFEST} is not as it was written")]
    Edited,
}

impl Manifest {
    /// The manifest of a snapshot and files.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn of(snapshot: &Snapshot, mut files: Vec<FileHash>) -> io::Result<Self> {
        files.sort_by(|left, right| left.path.cmp(&right.path));
        let organization = snapshot.organization.as_ref();
        let unsealed = Self {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at: snapshot.taken_at.to_string(),
            caller: snapshot.caller.arn.to_string(),
            organization: organization.map(|listed| listed.id.clone()),
            management_account: organization.map(|listed| listed.management_account),
            files,
            seal: String::new(),
        };
        Ok(Self { seal: unsealed.sealed()?, ..unsealed })
    }

    fn sealed(&self) -> io::Result<String> {
        let unsealed = Self { seal: String::new(), ..self.clone() };
        Ok(sha256(&serde_json::to_vec(&unsealed)?))
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads the manifest of a folder; it must be as it was written, to the byte.
    pub(in crate::cli) fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(MANIFEST);
        let bytes = match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => fs::read(&path).map_err(ManifestError::Unreadable)?,
            Ok(_) => return Err(ManifestError::Foreign("it is no regular file".to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ManifestError::Incomplete),
            Err(error) => return Err(ManifestError::Unreadable(error)),
        };
        let manifest: Self =
            serde_json::from_slice(&bytes).map_err(|error| ManifestError::Foreign(error.to_string()))?;
        if manifest.schema != SCHEMA {
            return Err(ManifestError::Foreign(format!("its schema is not {SCHEMA}")));
        }
        let sealed = manifest.sealed().map_err(ManifestError::Unreadable)?;
        if manifest.seal != sealed || manifest.bytes().map_err(ManifestError::Unreadable)? != bytes {
            return Err(ManifestError::Edited);
        }
        Ok(manifest)
    }

    /// The SHA-256 of its file, as `sha256sum` says it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(in crate::cli) fn sha256(&self) -> io::Result<String> {
        Ok(sha256(&self.bytes()?))
    }

    /// Whether a file is part of it.
    pub(in crate::cli) fn holds(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }
}

/// A SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
