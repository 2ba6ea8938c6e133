//! Pseudonyms of a secret key.

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use crate::id::AccountId;

/// A secret key of pseudonyms. Who holds it can find out whom they stand for, by trying.
pub struct RedactionKey(hmac::Key);

impl std::fmt::Debug for RedactionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A key that could be found by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key for redaction has {SHORTEST} bytes or more: `openssl rand -hex 32` makes one")]
pub struct ShortKey;

/// So many bytes a key has at least.
const SHORTEST: usize = 16;

impl RedactionKey {
    /// The key of these bytes, without white space around them.
    ///
    /// # Errors
    /// Where it is too short to be secret.
    pub fn of(bytes: &[u8]) -> Result<Self, ShortKey> {
        let bytes = bytes.trim_ascii();
        if bytes.len() < SHORTEST {
            return Err(ShortKey);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }

    /// A key that nobody knows, for one run; nothing, where the system gives no random numbers.
    pub fn random() -> Option<Self> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// Bytes that stand for a text, among those of its kind.
    fn bytes(&self, kind: &str, text: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(kind.as_bytes());
        context.update(b"\0");
        context.update(text.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.sign().as_ref());
        bytes
    }

    /// Hexadecimal digits that stand for a text, at most 64.
    pub(super) fn hex(&self, kind: &str, text: &str, digits: usize) -> String {
        let mut hex = hex::encode(self.bytes(kind, text));
        hex.truncate(digits);
        hex
    }

    /// The account that stands for an account: another one for each, for the numbers of twelve digits are permuted.
    pub(super) fn account(&self, id: AccountId) -> AccountId {
        let text = id.to_string();
        let mut number = text.parse().unwrap_or_default();
        loop {
            number = self.permuted(number);
            // What is no number of twelve digits is permuted again, until it is one: they are permuted among themselves.
            if number < ACCOUNTS {
                return format!("{number:012}").parse().unwrap_or(id);
            }
        }
    }

    /// A permutation of the numbers of forty bits: a Feistel network over two halves.
    fn permuted(&self, number: u64) -> u64 {
        let (mut left, mut right) = (number >> HALF, number & MASK);
        for round in 0..ROUNDS {
            let bytes = self.bytes("account", &format!("{round} {right}"));
            let mixed = bytes.iter().take(3).fold(0, |number, byte| number << 8 | u64::from(*byte)) & MASK;
            (left, right) = (right, left ^ mixed);
        }
        left << HALF | right
    }
}

/// So many numbers have twelve digits.
const ACCOUNTS: u64 = 1_000_000_000_000;
const HALF: u32 = 20;
const MASK: u64 = (1 << HALF) - 1;
/// As many as format-preserving encryption takes (NIST SP 800-38G, FF1).
const ROUNDS: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_permuted_and_depend_on_the_key() {
        let key = RedactionKey::of(b"0123456789abcdef").unwrap();
        let other = RedactionKey::of(b"0123456789abcdeg").unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for number in (0..2_000_u64).chain(ACCOUNTS - 2_000..ACCOUNTS) {
            let id: AccountId = format!("{number:012}").parse().unwrap();
            assert!(seen.insert(key.account(id)), "{id}");
            assert_ne!(key.account(id), other.account(id));
        }
        assert_eq!(RedactionKey::of(b" short \n").err(), Some(ShortKey));
    }

    /// RFC 4231, test case 1.
    #[test]
    fn it_is_hmac_sha_256() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[0x0b; 20]);
        let tag = hmac::sign(&key, b"Hi There");
        assert_eq!(hex::encode(tag), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }
}
