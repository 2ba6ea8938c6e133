//! Why AWS did not answer, told from its error.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde::{Deserialize, Serialize};

use super::wire::Unreadable;
use crate::id::RegionName;
use crate::snapshot::Cause;

/// An answer that is a refusal, or none at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refusal {
    /// AWS's error code, where there was one.
    pub(super) code: Option<String>,
    /// The HTTP status, where there was one.
    pub(super) status: Option<u16>,
    /// The Region that S3 names as the bucket's, whatever else it answers.
    pub(super) bucket_region: Option<String>,
    /// Why.
    pub(super) cause: Cause,
    /// In AWS's words, or the network's.
    pub(super) message: String,
}

/// The codes by which AWS says that it does not know the credentials.
const UNKNOWN_CREDENTIALS: [&str; 4] =
    ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure"];

impl Refusal {
    /// The refusal of a question that was put to a Region. One that is not enabled for the account does not know the
    /// account's credentials, which were good where they came from.
    ///
    /// Source: AWS Account Management Reference Guide, "Specify which AWS Regions your account can use".
    pub(super) fn in_region(mut self, region: Option<&RegionName>) -> Self {
        if let Some(region) = region.filter(|_| self.is(&UNKNOWN_CREDENTIALS)) {
            self.cause = Cause::RegionDisabled;
            self.message = format!(
                "{region} does not know the account's credentials: the Region is not enabled ({})",
                self.message
            );
        }
        self
    }

    /// Whether AWS answered with one of these error codes.
    pub(super) fn is(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }
}

const LONGEST_MESSAGE: usize = 600;

/// Tells a refusal from an error of the SDK.
pub(super) fn refusal<E>(error: &SdkError<E, HttpResponse>) -> Refusal
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let code = error.code().map(str::to_owned);
    let response = error.raw_response();
    let status = response.map(|response| response.status().as_u16());
    let bucket_region = response.and_then(|response| response.headers().get("x-amz-bucket-region")).map(str::to_owned);
    let said = error.message().map(str::to_owned);
    let cause = match error {
        SdkError::TimeoutError(_) => Cause::Timeout,
        SdkError::DispatchFailure(_) if is_unreadable(error) => Cause::MalformedAnswer,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Cause::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_io() => Cause::Unreachable,
        SdkError::DispatchFailure(_) => dispatch_cause(&plain_words(error)),
        SdkError::ResponseError(_) => Cause::MalformedAnswer,
        SdkError::ConstructionFailure(_) => Cause::Unclassified,
        // An error that is none of AWS's; one without a body is AWS's answer to HEAD.
        _ if code.is_none() && matches!(status, Some(400..=428 | 430..=499)) && has_body(response) => {
            Cause::MalformedAnswer
        }
        _ => cause_of(code.as_deref(), said.as_deref().unwrap_or(""), status),
    };
    let message = match (&code, said) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (Some(code), None) => code.clone(),
        (None, _) => match status {
            Some(status) if status >= 400 => format!("HTTP status {status} without an error that could be read"),
            _ => plain_words(error),
        },
    };
    Refusal { code, status, bucket_region, cause, message: shorten(&message) }
}

/// The error and what it came from, in words; never its debug print, which may carry the request and its headers.
fn plain_words(error: &(dyn std::error::Error + 'static)) -> String {
    let chain: Vec<String> =
        std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
    without_request(without_element(&chain.join(": ")))
}

/// The words of the SDK's orchestrator without the request that it prints where an endpoint is no address: what is asked may
/// hold an external id.
fn without_request(words: &str) -> String {
    let Some((before, printed)) = words.split_once(" to request `Request {") else { return words.to_owned() };
    match printed.rsplit_once("`: ") {
        Some((_, why)) => format!("{before}: {why}"),
        None => before.to_owned(),
    }
}

/// The words of the SDK's XML reader without the element that it prints for its developers.
fn without_element(words: &str) -> &str {
    words.split_once(" got StartEl").map_or(words, |(before, _)| before.trim_end_matches(" but"))
}

/// Whether an answer came, and is none of AWS's.
fn is_unreadable(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<Unreadable>())
}

fn has_body(response: Option<&HttpResponse>) -> bool {
    response.and_then(|response| response.body().bytes()).is_some_and(|body| !body.is_empty())
}

fn dispatch_cause(words: &str) -> Cause {
    if words.contains("credentials") || words.contains("identity") { Cause::Unclassified } else { Cause::Unreachable }
}

fn shorten(message: &str) -> String {
    let one_line: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(LONGEST_MESSAGE) {
        Some((cut, _)) => format!("{}…", &one_line[..cut]),
        None => one_line,
    }
}

/// The cause that an error code, its message and the HTTP status tell.
///
/// Sources: the "Common errors" page of each service's API Reference for the codes; IAM User Guide, "Troubleshoot
/// access denied error messages", for the wordings that name the kind of policy.
pub(super) fn cause_of(code: Option<&str>, message: &str, status: Option<u16>) -> Cause {
    match code.unwrap_or("") {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "AuthorizationErrorException"
        | "NotAuthorized"
        | "Forbidden" => denied_by(message),
        // Athena hands on what Glue answered it (Athena API Reference, MetadataException).
        "MetadataException" if message.contains("AccessDeniedException") => denied_by(message),
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => Cause::ExpiredToken,
        "OptInRequired" | "OptInRequiredException" | "RegionDisabledException" => Cause::RegionDisabled,
        "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => Cause::ClockSkew,
        "SignatureDoesNotMatch" | "InvalidSignatureException" if is_about_time(message) => Cause::ClockSkew,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "BandwidthLimitExceeded"
        | "PriorRequestNotComplete"
        | "ProvisionedThroughputExceededException" => Cause::Throttled,
        "TrailNotFoundException"
        | "CloudTrailARNInvalidException"
        | "PermanentRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => Cause::NotFoundElsewhere,
        "UnsupportedOperationException"
        | "OperationNotPermittedException"
        | "NotImplemented"
        | "MethodNotAllowed"
        | "UnknownOperationException"
        | "InvalidAction" => Cause::Unsupported,
        "RequestTimeout" | "RequestTimeoutException" => Cause::Timeout,
        "InternalError"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalServiceError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "ServiceException"
        | "KMSInternalException"
        | "Unavailable" => Cause::Unreachable,
        _ => cause_of_status(status),
    }
}

fn cause_of_status(status: Option<u16>) -> Cause {
    match status {
        Some(429) => Cause::Throttled,
        Some(500..=599) => Cause::Unreachable,
        Some(200..=299) => Cause::MalformedAnswer,
        Some(301 | 302 | 307 | 308) => Cause::NotFoundElsewhere,
        _ => Cause::Unclassified,
    }
}

fn is_about_time(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("not yet current")
}

fn denied_by(message: &str) -> Cause {
    let says = |words: &str| message.contains(words);
    if says("service control policy") {
        Cause::Scp
    } else if says("resource control policy") || says("resource-based policy") || says("VPC endpoint policy") {
        Cause::ResourcePolicy
    } else if says("permissions boundary") {
        Cause::PermissionBoundary
    } else if says("session policy") {
        Cause::SessionPolicy
    } else if says("identity-based policy") {
        Cause::IdentityPolicy
    } else {
        Cause::Unclassified
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_policy_is_told_from_the_wording() {
        let user = "User: arn:aws:sts::111122223333:assumed-role/audit/x is not authorized to perform: \
                    cloudtrail:DescribeTrails on resource: arn:aws:cloudtrail:us-east-1:111122223333:trail/* ";
        let cases = [
            ("because no identity-based policy allows the cloudtrail:DescribeTrails action", Cause::IdentityPolicy),
            ("with an explicit deny in an identity-based policy", Cause::IdentityPolicy),
            ("with an explicit deny in a service control policy", Cause::Scp),
            ("because no service control policy allows the cloudtrail:DescribeTrails action", Cause::Scp),
            ("with an explicit deny in a resource control policy", Cause::ResourcePolicy),
            ("because no resource-based policy allows the kms:DescribeKey action", Cause::ResourcePolicy),
            ("because no permissions boundary allows the cloudtrail:DescribeTrails action", Cause::PermissionBoundary),
            ("because no session policy allows the cloudtrail:DescribeTrails action", Cause::SessionPolicy),
            ("", Cause::Unclassified),
        ];
        for (reason, cause) in cases {
            assert_eq!(
                cause_of(Some("AccessDeniedException"), &format!("{user}{reason}"), Some(400)),
                cause,
                "{reason}"
            );
        }
    }

    #[test]
    fn a_refusal_that_is_handed_on_is_told_too() {
        let of_glue = "User: x is not authorized to perform: glue:GetDatabases on resource: y because no identity-based \
                       policy allows the glue:GetDatabases action (Service: AmazonDataCatalog; Status Code: 400; Error \
                       Code: AccessDeniedException; Request ID: z; Proxy: null)";
        assert_eq!(cause_of(Some("MetadataException"), of_glue, Some(400)), Cause::IdentityPolicy);
        assert_eq!(cause_of(Some("MetadataException"), "Database not found", Some(400)), Cause::Unclassified);
    }

    #[test]
    fn other_refusals_are_told_by_code_then_by_status() {
        assert_eq!(cause_of(Some("ExpiredTokenException"), "", Some(400)), Cause::ExpiredToken);
        assert_eq!(cause_of(Some("OptInRequired"), "", Some(403)), Cause::RegionDisabled);
        assert_eq!(cause_of(Some("SlowDown"), "", Some(503)), Cause::Throttled);
        assert_eq!(cause_of(Some("SignatureDoesNotMatch"), "Signature expired: 2020", Some(403)), Cause::ClockSkew);
        assert_eq!(cause_of(Some("SignatureDoesNotMatch"), "does not match", Some(403)), Cause::Unclassified);
        assert_eq!(cause_of(None, "", Some(503)), Cause::Unreachable);
        assert_eq!(cause_of(Some("NeverHeardOf"), "", Some(400)), Cause::Unclassified);
    }

    #[test]
    fn an_element_is_not_printed() {
        let words = "invalid XML root: expected A but got StartEl { name: Name { prefix: \"\" } }. This is a bug";
        assert_eq!(without_element(words), "invalid XML root: expected A");
        assert_eq!(without_element("connection reset"), "connection reset");
    }

    #[test]
    fn messages_are_one_short_line() {
        let long = "x\n".repeat(2000);
        assert!(shorten(&long).chars().count() <= LONGEST_MESSAGE + 1);
        assert!(!shorten(&long).contains('\n'));
    }
}
