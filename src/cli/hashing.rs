//! The SHA-256 of what is written.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// A writer that keeps nothing of what is written but its hash.
#[derive(Debug, Default)]
pub(super) struct Hashing(Sha256);

impl Hashing {
    /// The hash, in hexadecimal.
    pub(super) fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
