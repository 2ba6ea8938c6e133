//! The raw answers of a run, kept for whoever doubts the snapshot: each question with what AWS answered, or that it did not.
//!
//! A file of JSON lines. The first says what was to be read; each of the others is a question, in the order in which they
//! ended. What was read from such a file goes through the same code as what is read from AWS. Of entering an account only
//! the outcome is kept: credentials, tokens, external ids and signatures never come in.

mod log;
mod replay;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Needs;
use super::classify::Refusal;
use super::journal::Recorded;
use super::ledger::Unit;
use crate::id::{AccountId, RegionName};
use crate::snapshot::Selection;

pub use log::AnswerLog;
pub(super) use replay::from_nowhere;
pub use replay::{Answers, AnswersError};

/// The schema of these files.
const SCHEMA: &str = "trailproof.answers/1";

/// The first line: what was to be read, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    schema: String,
    version: String,
    pub(super) started_at: Timestamp,
    /// The Region of the first calls, where one was configured.
    pub(super) region: Option<String>,
    pub(super) selection: Selection,
    pub(super) needs: Needs,
    /// How many accounts were asked at once: who is asked for the owner of a bucket depends on it.
    pub(super) accounts_at_once: usize,
}

impl Head {
    /// The first line of a run that begins.
    pub(super) fn of(settings: &super::Settings, region: Option<String>, started_at: Timestamp) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at,
            region,
            selection: settings.selection(),
            needs: settings.needs.clone(),
            accounts_at_once: settings.accounts_at_once,
        }
    }
}

/// A question, and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    /// The operation, and what for where it is called for two things.
    operation: String,
    account: Option<AccountId>,
    region: Option<RegionName>,
    resource: Option<String>,
    /// How often the same was asked before.
    asked_before: usize,
    read_at: Timestamp,
    /// Why there is no answer, or none that is kept; nothing, where the answers below say all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    /// The last answer to each request: what came before was asked again.
    answers: Vec<KeptAnswer>,
}

/// An answer, with what AWS and an auditor find it by.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptAnswer {
    request_id: Option<String>,
    /// The SHA-256 of the body, in hexadecimal; nothing, where the body is withheld.
    sha256: Option<String>,
    answer: Recorded,
}

/// Whether what is asked, and answered, holds secrets.
fn is_secret(unit: &Unit<'_>) -> bool {
    unit.call == super::Call::AssumeRole
}

/// A question, by which its answers are found.
type Key = (String, Option<AccountId>, Option<RegionName>, Option<String>);

/// How often each question was asked so far.
#[derive(Debug, Default)]
struct Asked(Mutex<HashMap<Key, usize>>);

impl Asked {
    /// How often this one was asked before.
    fn before(&self, key: Key) -> usize {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry(key).or_default();
        *count += 1;
        *count - 1
    }
}

fn key(unit: &Unit<'_>) -> Key {
    let source = unit.call.declaration().source.to_owned();
    (source, unit.account, unit.region.cloned(), unit.resource.map(str::to_owned))
}
