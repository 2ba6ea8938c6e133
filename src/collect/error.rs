//! Why nothing could be collected.

use super::classify::Refusal;
use super::ledger::Unit;
use crate::snapshot::Cause;

/// Why a run ended before anything was read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// AWS did not say who asks: no credentials, or none that work.
    #[error("cannot tell who is asking: {message}")]
    Caller {
        /// Why.
        cause: Cause,
        /// In AWS's words, or the network's.
        message: String,
    },
    /// The organization could not be listed.
    #[error("the organization cannot be listed: {operation}: {message}")]
    Organization {
        /// The call that failed.
        operation: &'static str,
        /// Why.
        cause: Cause,
        /// AWS's error code, where there was one.
        code: Option<String>,
        /// In AWS's words, or the network's.
        message: String,
    },
    /// A selection names what is not there.
    #[error("{0}")]
    Selection(String),
}

impl CollectError {
    pub(super) fn malformed_caller(message: &str) -> Self {
        Self::Caller { cause: Cause::MalformedAnswer, message: message.to_owned() }
    }

    pub(super) fn organization(unit: &Unit<'_>, refusal: Refusal) -> Self {
        let Refusal { code, status: _, bucket_region: _, cause, message } = refusal;
        Self::Organization { operation: unit.call.operation(), cause, code, message }
    }

    pub(super) fn incomplete(unit: &Unit<'_>) -> Self {
        Self::Organization {
            operation: unit.call.operation(),
            cause: Cause::MalformedAnswer,
            code: None,
            message: "the answer lacks a part that AWS always gives".to_owned(),
        }
    }
}
