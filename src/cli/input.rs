//! Reading files that the command line names, - standing for stdin.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::CliError;
use crate::earlier::EarlierReport;
use crate::snapshot::Snapshot;

/// Reads a file, or stdin.
pub(super) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}

/// The bytes beneath a compression with gzip; nothing, where there is none or it is damaged.
pub(super) fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    bytes.starts_with(&[0x1f, 0x8b]).then(|| MultiGzDecoder::new(bytes).read_to_end(&mut plain).ok())??;
    Some(plain)
}

/// Reads a snapshot, plain or compressed.
pub(super) fn read_snapshot(path: &Path) -> Result<Snapshot, CliError> {
    let bytes = read(path).map_err(|source| CliError::SnapshotUnreadable { path: path.to_owned(), source })?;
    Snapshot::from_document(&bytes).map_err(|source| CliError::SnapshotRefused { path: path.to_owned(), source })
}

/// Reads an earlier report, plain or compressed.
pub(super) fn read_report(path: &Path) -> Result<EarlierReport, CliError> {
    let bytes = read(path).map_err(|source| CliError::ReportUnreadable { path: path.to_owned(), source })?;
    EarlierReport::from_document(&bytes).map_err(|source| CliError::ReportRefused { path: path.to_owned(), source })
}
