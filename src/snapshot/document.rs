//! A snapshot as a document: JSON, plain or compressed.

use std::io::{Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use serde::Deserialize;

use super::{SCHEMA, Snapshot};

/// A document that is not a snapshot that this version reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The compressed data ends early or is damaged.
    #[error("the compressed data is damaged or cut short: {0}")]
    Compression(std::io::Error),
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON of another kind.
    #[error("no snapshot: there is no key `schema` that begins with `trailproof.snapshot/`")]
    NotASnapshot,
    /// It is a snapshot of another version.
    #[error("schema `{found}`, and this version reads `{SCHEMA}`: collect anew, or use the version that wrote it")]
    Version {
        /// The schema found.
        found: String,
    },
    /// It says that it is a snapshot, and some part is not as the schema demands.
    #[error("does not fit the schema `{SCHEMA}`: {0}")]
    Shape(serde_json::Error),
}

impl Snapshot {
    /// Reads a snapshot from JSON, plain or compressed with gzip (told by its first two bytes).
    ///
    /// # Errors
    /// Where it is damaged, not JSON, of another schema, or not shaped as the schema demands.
    pub fn from_document(bytes: &[u8]) -> Result<Self, SnapshotError> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            MultiGzDecoder::new(bytes).read_to_end(&mut plain).map_err(SnapshotError::Compression)?;
            return Self::from_json(&plain);
        }
        Self::from_json(bytes)
    }

    fn from_json(bytes: &[u8]) -> Result<Self, SnapshotError> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => SnapshotError::NotASnapshot,
            _ => SnapshotError::NotJson(error),
        })?;
        match head.schema {
            Some(schema) if schema == SCHEMA => serde_json::from_slice(bytes).map_err(SnapshotError::Shape),
            Some(schema) if schema.starts_with("trailproof.snapshot/") => {
                Err(SnapshotError::Version { found: schema.chars().take(60).collect() })
            }
            _ => Err(SnapshotError::NotASnapshot),
        }
    }

    /// Writes the snapshot as JSON.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_json(&self, writer: &mut dyn Write) -> std::io::Result<()> {
        serde_json::to_writer_pretty(&mut *writer, self)?;
        writer.write_all(b"\n")
    }

    /// Writes the snapshot as JSON compressed with gzip; the same snapshot gives the same bytes.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_compressed(&self, writer: &mut dyn Write) -> std::io::Result<()> {
        let mut encoder: GzEncoder<&mut dyn Write> = GzBuilder::new().mtime(0).write(writer, Compression::default());
        self.write_json(&mut encoder)?;
        encoder.finish().map(drop)
    }
}
