//! Why nothing could be collected.

use super::classify::Refusal;
use super::ledger::{Malformed, Unit};
use crate::snapshot::Cause;

/// Why a run ended before anything was read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// There is nobody to ask as: the chain of providers came to its end.
    #[error("no AWS credentials")]
    NoCredentials,
    /// AWS did not say who asks: no credentials that work.
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
    /// What to do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::NoCredentials => Some(NO_CREDENTIALS),
            Self::Caller { message, .. } if are_strange(message) => Some(STRANGE_CREDENTIALS),
            Self::Caller { cause: Cause::ExpiredToken, .. } => Some("sign in again"),
            Self::Caller { cause: Cause::ClockSkew, .. } => Some("set this machine's clock"),
            Self::Caller { cause: Cause::Unreachable | Cause::Timeout, .. } => {
                Some("check the network, the proxy, --region and AWS_ENDPOINT_URL; `trailproof doctor` tries each")
            }
            Self::Organization { code: Some(code), .. } if code == "AWSOrganizationsNotInUseException" => {
                Some("the account is in no organization: leave out --role-name to scan it alone")
            }
            Self::Organization { cause, .. } if cause.is_of_the_way() => cause.remedy(),
            Self::Organization { .. } => Some(
                "use credentials of the management account or of a delegated administrator, or leave out \
                 --role-name to scan the caller's account alone",
            ),
            _ => None,
        }
    }

    /// Why AWS did not say who asks.
    pub(super) fn caller(refusal: Refusal) -> Self {
        let Refusal { cause, message, .. } = refusal;
        if message.contains("no providers in chain") || message.contains("credential provider was not enabled") {
            return Self::NoCredentials;
        }
        Self::Caller { cause, message }
    }

    pub(super) fn malformed_caller(message: &str) -> Self {
        Self::Caller { cause: Cause::MalformedAnswer, message: message.to_owned() }
    }

    pub(super) fn organization(unit: &Unit<'_>, refusal: Refusal) -> Self {
        let Refusal { code, status: _, bucket_region: _, cause, message } = refusal;
        Self::Organization { operation: unit.call.operation(), cause, code, message }
    }

    pub(super) fn incomplete(unit: &Unit<'_>) -> Self {
        Self::malformed(unit, Malformed::lacks("a part that AWS always gives"))
    }

    pub(super) fn malformed(unit: &Unit<'_>, Malformed(what): Malformed) -> Self {
        Self::Organization {
            operation: unit.call.operation(),
            cause: Cause::MalformedAnswer,
            code: None,
            message: format!("the answer {what}"),
        }
    }
}

const NO_CREDENTIALS: &str = "tried, in this order: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile (AWS_PROFILE, \
--profile, or `default`, with SSO, role and process), a web identity token, the container's role, the instance's role; \
`trailproof demo` needs none";

/// What to try where AWS does not know the credentials, or their signature: one partition does not know another's.
const STRANGE_CREDENTIALS: &str = "AWS does not know these credentials there: check them, and that --region is of their \
partition (us-gov-west-1 of aws-us-gov, cn-north-1 of aws-cn); temporary ones need AWS_SESSION_TOKEN too";

fn are_strange(message: &str) -> bool {
    let codes = ["InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"];
    codes.iter().any(|code| message.starts_with(code)) && !message.contains("Signature expired")
}
