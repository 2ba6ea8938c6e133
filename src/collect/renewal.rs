//! Renewal: credentials that AWS calls expired before their time are asked for anew, on the spot, and the call is made again.
//!
//! The SDK renews credentials by their own date alone. That date may be wrong: this machine's clock may be behind, a session
//! may be ended early, and a user's process may hand out what has run out.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::identity::{
    Identity, IdentityFuture, ResolveCachedIdentity, SharedIdentityCache, SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::retry::ErrorKind;

use super::journal::unheard;

/// How long before they run out credentials are renewed: longer than a call may take, and than clocks should differ.
const EARLY: Duration = Duration::from_secs(240);

/// The access key that signed the request of a response.
#[derive(Debug, Clone)]
pub(super) struct SignedBy(pub(super) String);

/// The credentials of one session: kept until they run out, or AWS says that they have.
#[derive(Debug, Clone)]
pub(super) struct Renewal(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    cache: SharedIdentityCache,
    /// How often credentials were thrown away.
    generation: u64,
    /// The credentials in use, once they are known.
    current: Option<Identity>,
    /// The access key that was thrown away last, and when.
    expired: Option<(String, Instant)>,
}

fn fresh() -> SharedIdentityCache {
    IdentityCache::lazy().buffer_time(EARLY).build()
}

impl Renewal {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { cache: fresh(), generation: 0, current: None, expired: None })))
    }

    fn with<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The credentials in use, where they are known and good for longer than a call may take. Of those without an end only the
    /// cache knows for how long it takes them.
    pub(super) fn current(&self, now: SystemTime) -> Option<Identity> {
        let good = |identity: &Identity| identity.expiration().is_some_and(|end| end > now + EARLY);
        self.with(|state| state.current.clone().filter(good))
    }

    /// Throws credentials away that AWS calls expired; whether it is worth asking again, with others. Credentials that are
    /// new and expired already are not renewed again: something else is wrong.
    fn renew(&self, used: &str) -> bool {
        self.with(|state| {
            if let Some((expired, at)) = &state.expired {
                if expired == used {
                    return state.current.as_ref().and_then(access_key) != Some(used);
                }
                if at.elapsed() < EARLY {
                    return false;
                }
            }
            state.cache = fresh();
            state.generation += 1;
            state.current = None;
            state.expired = Some((used.to_owned(), Instant::now()));
            true
        })
    }
}

fn access_key(identity: &Identity) -> Option<&str> {
    identity.data::<Credentials>().map(Credentials::access_key_id)
}

impl ResolveCachedIdentity for Renewal {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        let (cache, generation) = self.with(|state| (state.cache.clone(), state.generation));
        IdentityFuture::new(async move {
            let identity = unheard(cache.resolve_cached_identity(resolver, components, config)).await?;
            self.with(|state| {
                if state.generation == generation {
                    state.current = Some(identity.clone());
                }
            });
            Ok(identity)
        })
    }
}

impl ClassifyRetry for Renewal {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let expired = context.response().filter(|response| says_expired(response));
        let used = expired.and_then(|response| response.extension::<SignedBy>());
        match used {
            Some(SignedBy(key)) if self.renew(key) => RetryAction::retryable_error(ErrorKind::TransientError),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "renewal of credentials"
    }
}

/// Whether AWS says that credentials have expired: `ExpiredToken` or `ExpiredTokenException`, in whatever form. An answer to
/// HEAD has no body to say so in.
///
/// Source: the "Common errors" page of each service's API Reference.
fn says_expired(response: &HttpResponse) -> bool {
    let words: &[u8] = b"ExpiredToken";
    let says = |bytes: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    let header = response.headers().get("x-amzn-errortype").unwrap_or_default();
    response.status().is_client_error() && (says(header.as_bytes()) || response.body().bytes().is_some_and(says))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now_uses(renewal: &Renewal, key: &str) {
        let end = SystemTime::now() + 2 * EARLY;
        let credentials = Credentials::new(key, "secret", None, Some(end), "tests");
        renewal.with(|state| state.current = Some(Identity::new(credentials, Some(end))));
    }

    #[test]
    fn what_expired_is_renewed_once_for_all_that_used_it() {
        let renewal = Renewal::new();
        now_uses(&renewal, "one");
        assert!(renewal.renew("one") && renewal.renew("one"), "two requests were under way");
        assert_eq!(renewal.with(|state| state.generation), 1);
        now_uses(&renewal, "two");
        assert!(renewal.renew("one"), "a late answer to a request with the old key");
        assert!(!renewal.renew("two"), "it is new, and expired already");
    }

    #[test]
    fn credentials_that_cannot_be_renewed_are_tried_once() {
        let renewal = Renewal::new();
        assert!(renewal.renew("fixed"));
        now_uses(&renewal, "fixed");
        assert!(!renewal.renew("fixed"));
    }
}
