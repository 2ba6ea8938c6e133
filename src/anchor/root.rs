//! The root of a repository.

use std::path::{Path, PathBuf};

use crate::segment::segment;

/// The root of a repository, which locations are relative to.
#[derive(Debug, Clone, Default)]
pub struct SourceRoot(Option<PathBuf>);

impl SourceRoot {
    /// A root that was named; what is not there is no root.
    pub fn at(path: &Path) -> Self {
        Self(path.canonicalize().ok())
    }

    /// The nearest folder with a `.git` at or above a folder.
    pub fn nearest(folder: &Path) -> Self {
        let Ok(folder) = folder.canonicalize() else { return Self(None) };
        Self(folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned))
    }

    /// A path beneath the root, in the form of a URI reference; links are followed, for GitHub shows nothing behind one.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        let beneath = path.strip_prefix(self.0.as_ref()?).ok()?;
        let parts: Option<Vec<String>> =
            beneath.components().map(|part| part.as_os_str().to_str().map(segment)).collect();
        Some(parts?.join("/"))
    }
}
