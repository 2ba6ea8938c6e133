//! Pace: how fast requests go out. The user's ceilings are never exceeded; what accounts share is used politely.
//!
//! It lies beneath the SDK's retries, so these count too. Waiting here takes of the time that an attempt may last: the
//! ceilings come with as many accounts at once as they feed.

mod limit;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::wire::{is_throttle, load_error};
use limit::{Limit, Moment};

/// How fast requests may go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// At most so many requests a second, retries included: no two are nearer than that.
    pub max_rps: Option<u32>,
    /// At most so many requests under way at once.
    pub max_requests: Option<usize>,
    /// Whether what accounts share (STS, Organizations, the S3, KMS and IAM of one account) is used below its quotas from
    /// the start. Throttling slows down in any case.
    pub polite: bool,
}

/// A client that sends at a pace.
pub(super) fn paced(inner: SharedHttpClient, pace: Pace) -> SharedHttpClient {
    SharedHttpClient::new(PacedClient { inner, gate: Arc::new(Gate::new(pace)) })
}

#[derive(Debug, Clone)]
struct PacedClient {
    inner: SharedHttpClient,
    gate: Arc<Gate>,
}

impl HttpClient for PacedClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        let clock = Clock { sleep: components.sleep_impl(), time: components.time_source().unwrap_or_default() };
        SharedHttpConnector::new(PacedConnector { inner, gate: self.gate.clone(), clock })
    }
}

#[derive(Debug)]
struct PacedConnector {
    inner: SharedHttpConnector,
    gate: Arc<Gate>,
    clock: Clock,
}

/// What the SDK waits by between attempts too.
#[derive(Debug, Clone)]
struct Clock {
    sleep: Option<SharedAsyncSleep>,
    time: SharedTimeSource,
}

impl Clock {
    fn now(&self) -> Moment {
        self.time.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    async fn sleep(&self, time: Duration) {
        match &self.sleep {
            Some(sleep) => sleep.sleep(time).await,
            None => tokio::time::sleep(time).await,
        }
    }
}

impl HttpConnector for PacedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, gate, clock) = (self.inner.clone(), self.gate.clone(), self.clock.clone());
        HttpConnectorFuture::new(async move {
            let scope = scope(&request);
            gate.wait_for(scope.as_deref(), &clock).await;
            // It is given back when the answer is there. No permit is only where the semaphore is closed: never.
            let _under_way = match &gate.under_way {
                Some(permits) => permits.acquire().await.ok(),
                None => None,
            };
            gate.space().await;
            let response = inner.call(request).await?;
            if response.status().is_success() {
                gate.heard(scope, None, clock.now());
                return Ok(response);
            }
            let response = load_error(response).await?;
            let throttled = is_throttle(&response).then(|| hint(&response));
            gate.heard(scope, throttled, clock.now());
            Ok(response)
        })
    }
}

/// Whose quota a request counts against: the service, with the operation where it has a quota of its own, and the Region
/// and credentials of its signature.
///
/// Source: IAM User Guide, "Elements of an AWS API request signature" (Credential).
fn scope(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get("authorization")?;
    let credential = header.split("Credential=").nth(1)?.split(',').next()?;
    let mut parts = credential.split('/');
    let (key, _day, region, service) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let operation = if service == ORGANIZATIONS { own_quota(request) } else { None };
    Some(match operation {
        Some(operation) => format!("{service}:{operation}/{region}/{key}"),
        None => format!("{service}/{region}/{key}"),
    })
}

const ORGANIZATIONS: &str = "organizations";

/// The operation of a request to Organizations, which has a quota of its own; nothing for the lists of what is in a unit,
/// which share one.
///
/// Source: Organizations User Guide, "Quotas and service limits", Throttling limits.
fn own_quota(request: &HttpRequest) -> Option<&str> {
    let operation = request.headers().get("x-amz-target")?.rsplit('.').next()?;
    let shares = matches!(operation, "ListAccountsForParent" | "ListOrganizationalUnitsForParent");
    (!shares).then_some(operation)
}

/// How long AWS, or a proxy, asks us to wait.
///
/// Source: RFC 9110, Retry-After (seconds); `x-amz-retry-after` in milliseconds, as the AWS SDKs read it.
fn hint(response: &HttpResponse) -> Duration {
    let number = |name: &str| response.headers().get(name)?.trim().parse::<u64>().ok();
    let hint = number("x-amz-retry-after").map(Duration::from_millis);
    hint.or_else(|| number("retry-after").map(Duration::from_secs)).unwrap_or_default().min(LONGEST_WAIT)
}

/// No request waits longer for a quota: the attempt would be over before it began.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// What is used politely: the service, or of it an operation with a limit of its own, requests a second to begin with, how
/// many may go out at once before, and the most requests a second that answers lift it to.
///
/// Sources: Organizations User Guide, "Quotas and service limits" (5 a second, 8 at once, for lists; 2 a second for
/// DescribePolicy; 1 a second for ListAWSServiceAccessForOrganization): never more; IAM User Guide, "IAM and AWS STS quotas" (600 a second): a sixth of it, and never more than half. Of S3 and KMS
/// the share is a guess that leaves the owner's own work undisturbed; of IAM no number is published.
const POLITE: [(&str, f64, f64, f64); 7] = [
    (ORGANIZATIONS, 5.0, 8.0, 5.0),
    ("organizations:ListAWSServiceAccessForOrganization", 1.0, 2.0, 1.0),
    ("organizations:DescribePolicy", 2.0, 2.0, 2.0),
    ("sts", 100.0, 20.0, 300.0),
    ("s3", 50.0, 20.0, 200.0),
    ("kms", 50.0, 20.0, 200.0),
    ("iam", 10.0, 10.0, 20.0),
];

#[derive(Debug)]
struct Gate {
    pace: Pace,
    under_way: Option<Semaphore>,
    /// When the last request went out: held while one waits, so that none overtakes it.
    last: tokio::sync::Mutex<Option<Instant>>,
    limits: Mutex<HashMap<String, Limit>>,
}

impl Gate {
    fn new(pace: Pace) -> Self {
        let under_way = pace.max_requests.map(|most| Semaphore::new(most.max(1)));
        Self { pace, under_way, last: tokio::sync::Mutex::default(), limits: Mutex::default() }
    }

    /// Waits until the quota of a scope has room; a throttle meanwhile makes the wait anew, at the slower rate.
    async fn wait_for(&self, scope: Option<&str>, clock: &Clock) {
        let Some(scope) = scope else { return };
        let mut left = LONGEST_WAIT;
        while let Some((wait, slowed)) = self.turn(scope, clock.now()) {
            let wait = wait.min(left);
            left -= wait;
            if wait.is_zero() {
                return;
            }
            clock.sleep(wait).await;
            if self.slowed(scope) == slowed {
                return;
            }
        }
    }

    fn slowed(&self, scope: &str) -> Option<Moment> {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.get(scope).and_then(|limit| limit.slowed)
    }

    /// How long the next request of a scope waits, and when the scope was last slowed down; nothing where it has no limit.
    fn turn(&self, scope: &str, now: Moment) -> Option<(Duration, Option<Moment>)> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if self.pace.polite && !limits.contains_key(scope) {
            let service = scope.split('/').next().unwrap_or_default();
            let whole = service.split(':').next().unwrap_or_default();
            let named = |name: &str| POLITE.iter().find(|(polite, ..)| *polite == name);
            if let Some((_, rate, burst, most)) = named(service).or_else(|| named(whole)) {
                limits.insert(scope.to_owned(), Limit::new(*rate, *burst, now).at_most(*most));
            }
        }
        let limit = limits.get_mut(scope)?;
        Some((limit.next(now).saturating_sub(now), limit.slowed))
    }

    /// Waits until the ceiling of the user lets a request go.
    async fn space(&self) {
        let Some(rps) = self.pace.max_rps.filter(|rps| *rps > 0) else { return };
        let mut last = self.last.lock().await;
        if let Some(last) = *last {
            sleep_until(last + Duration::from_secs(1) / rps).await;
        }
        *last = Some(Instant::now());
    }

    /// Learns from an answer: a throttle, with how long to wait, or none.
    fn heard(&self, scope: Option<String>, throttled: Option<Duration>, now: Moment) {
        let Some(scope) = scope else { return };
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        match throttled {
            Some(hint) => limits.entry(scope).or_insert_with(|| Limit::none(now)).throttled(hint, now),
            None => {
                if let Some(limit) = limits.get_mut(&scope) {
                    limit.answered();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_that_of_the_signature() {
        let mut request = HttpRequest::empty();
        assert_eq!(scope(&request), None);
        let header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0";
        request.headers_mut().insert("authorization", header);
        assert_eq!(scope(&request).as_deref(), Some("sts/us-east-1/AKIDEXAMPLE"));
    }

    #[test]
    fn operations_of_organizations_have_quotas_of_their_own_and_lists_of_units_share_one() {
        let mut request = HttpRequest::empty();
        let header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=0";
        request.headers_mut().insert("authorization", header);
        let mut of = |operation: &str| {
            request.headers_mut().insert("x-amz-target", format!("AWSOrganizationsV20161128.{operation}"));
            scope(&request)
        };
        let lists = of("ListAccountsForParent");
        assert_eq!(lists, of("ListOrganizationalUnitsForParent"));
        let policies = of("ListPoliciesForTarget");
        assert_eq!(policies.as_deref(), Some("organizations:ListPoliciesForTarget/us-east-1/AKIDEXAMPLE"));
        assert!(lists != policies && policies != of("DescribePolicy"));
    }
}
