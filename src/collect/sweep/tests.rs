//! The short path, held against the SDK's client.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;

use super::super::classify::{Refusal, refusal};
use super::super::listening::{self, Listening, Reply, Sent};
use super::super::wire::{MeteredClient, Progress};
use super::*;

/// Credentials that are others whenever they are asked for.
#[derive(Debug, Default)]
struct Changing(AtomicU32);

impl ProvideCredentials for Changing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let (key, end) = (format!("AKIDEXAMPLE{number}"), listening::now() + Duration::from_secs(3600));
        future::ProvideCredentials::ready(Ok(Credentials::new(key, "secret", Some("token".into()), Some(end), "tests")))
    }
}

/// What tells the client's requests: the short path has no need of it.
const INVOCATION: &str = "amz-sdk-invocation-id";

const ATTEMPTS: u32 = 3;

const GOOD: Reply = Reply { status: 200, header: None, body: r#"{"trailList": [], "EventDataStores": []}"# };

/// A sweep over a network, which knows its credentials; without the short path, where it is to be held against.
async fn sweep(network: &Listening, short: bool, set: impl FnOnce(&mut aws_types::sdk_config::Builder)) -> Sweep {
    let renewal = Renewal::new();
    let metered = MeteredClient::new(network.client(), Arc::new(Progress::default()), 1 << 20);
    let mut config = listening::config(network, ATTEMPTS)
        .http_client(SharedHttpClient::new(metered))
        .credentials_provider(SharedCredentialsProvider::new(Changing::default()))
        .identity_cache(SharedIdentityCache::new(renewal.clone()));
    set(&mut config);
    let config = config.build();
    let client = aws_sdk_cloudtrail::config::Builder::from(&config).retry_classifier(renewal.clone());
    let client = Client::from_conf(client.build());
    let path = if short { Some(Arc::new(ShortPath::new(&config).unwrap())) } else { None };
    let _ = client.list_trails().send().await;
    network.take();
    Sweep::new(client, config, renewal, path)
}

fn region(name: &str) -> RegionName {
    name.parse().unwrap()
}

#[tokio::test]
async fn the_client_asks_the_same_questions() {
    let network = Listening::answering(vec![GOOD]);
    let sweep = sweep(&network, true, |_| {}).await;
    let place = region("us-east-2");
    sweep.describe_trails(&place, None).await.unwrap();
    sweep.describe_trails(&place, Some(vec!["one".to_owned()])).await.unwrap();
    sweep.list_event_data_stores(&place, Some("2".to_owned())).await.unwrap();
    let short = network.take();
    assert!(short.iter().all(|sent| sent.header(INVOCATION).is_none()));

    let said = |name: &str| short[0].header(name).unwrap().to_owned();
    let (agent, amz_agent) = (said("user-agent"), said("x-amz-user-agent"));
    assert!(agent.starts_with("aws-sdk-rust/") && amz_agent.contains(" api/cloudtrail/"), "{amz_agent}");
    assert!(amz_agent.contains(" app/trailproof"), "{amz_agent}");
    // The client's adds which of its features are in use.
    macro_rules! by_client {
        ($request:expr) => {{
            let (agent, amz_agent) = (agent.clone(), amz_agent.clone());
            let request = $request.customize().config_override(Builder::new().region(Region::new("us-east-2")));
            let request = request.mutate_request(move |request| {
                request.headers_mut().insert("user-agent", agent.clone());
                request.headers_mut().insert("x-amz-user-agent", amz_agent.clone());
            });
            request.send().await.unwrap();
        }};
    }
    let client = &sweep.client;
    by_client!(client.describe_trails().include_shadow_trails(true));
    by_client!(client.describe_trails().include_shadow_trails(true).trail_name_list("one"));
    by_client!(client.list_event_data_stores().next_token("2"));
    let by_client: Vec<Sent> = network.take().into_iter().map(|sent| sent.without(&[INVOCATION])).collect();
    assert_eq!(short, by_client, "with the same signatures");
}

#[tokio::test]
async fn cloudtrail_is_where_the_client_says() {
    let names = ["us-east-1", "ap-southeast-5", "cn-north-1", "us-gov-east-1", "us-iso-east-1", "eusc-de-east-1"];
    let mut reached = 0;
    for (fips, dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
        for endpoint in [None, Some("https://vpce-1.example.com/base"), Some("http://127.0.0.1:5000")] {
            let network = Listening::answering(vec![GOOD]);
            let set = |config: &mut aws_types::sdk_config::Builder| {
                config.set_use_fips(Some(fips)).set_use_dual_stack(Some(dual_stack));
                config.set_endpoint_url(endpoint.map(str::to_owned));
            };
            let short = sweep(&network, true, set).await;
            let long = sweep(&network, false, set).await;
            for name in names {
                let answer = short.describe_trails(&region(name), None).await;
                let of_short = network.take();
                assert_eq!(long.describe_trails(&region(name), None).await.is_ok(), answer.is_ok());
                let lines = |sent: &[Sent]| sent.iter().map(|sent| sent.line.clone()).collect::<Vec<_>>();
                let case = format!("{name} {fips} {dual_stack} {endpoint:?}");
                assert_eq!(lines(&of_short), lines(&network.take()), "{case}");
                reached += of_short.iter().filter(|sent| sent.header(INVOCATION).is_none()).count();
            }
        }
    }
    assert!(reached > 25, "{reached}");
}

/// What a question comes to, how many requests it takes, and whether the next one takes the short path.
async fn asked(replies: Vec<Reply>, short: bool) -> (Option<Refusal>, usize, bool) {
    let network = Listening::answering(vec![GOOD]);
    let sweep = sweep(&network, short, |_| {}).await;
    network.answer(replies);
    let answer = sweep.describe_trails(&region("us-east-2"), None).await;
    let requests = network.take().len();
    let _ = sweep.list_event_data_stores(&region("us-east-1"), None).await;
    let is_short = network.take()[0].header(INVOCATION).is_none();
    (answer.err().map(|error| refusal(&error)), requests, is_short)
}

fn refused(status: u16, body: &'static str) -> Reply {
    Reply { status, header: None, body }
}

const DENIED: &str = r#"{"__type": "AccessDeniedException", "message": "User: x is not authorized"}"#;
const THROTTLED: &str = r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#;

#[tokio::test]
async fn what_is_final_is_asked_once() {
    let cases = [
        (refused(400, DENIED), 1),
        (refused(400, r#"{"__type": "UnsupportedOperationException", "message": "not here"}"#), 1),
        (refused(400, r#"{"__type": "UnrecognizedClientException", "message": "The security token is invalid"}"#), 1),
        (refused(403, "<html>Forbidden</html>"), 1),
        (refused(400, ""), 1),
        (refused(429, "{}"), 1),
        (refused(200, "<html>cut short"), 1),
        (refused(200, "{\"trailList\": ["), 1),
        (Reply { header: Some(("date", "Wed, 18 Nov 2026 11:04:00 GMT")), ..refused(400, DENIED) }, 1),
    ];
    for (reply, requests) in cases {
        let (told, made, is_short) = asked(vec![reply], true).await;
        assert!(told.is_some() && made == requests && is_short, "{reply:?}: {told:?}, {made}, {is_short}");
        let (by_client, made_by_client, _) = asked(vec![reply], false).await;
        assert_eq!((told, made), (by_client, made_by_client), "{reply:?}");
    }
}

#[tokio::test]
async fn what_may_pass_is_left_to_the_client_with_the_attempts_that_are_left() {
    let all = ATTEMPTS as usize;
    let skewed = Reply { header: Some(("date", "Wed, 18 Nov 2026 09:06:40 GMT")), ..refused(400, DENIED) };
    let expired = refused(400, r#"{"__type": "ExpiredTokenException", "message": "it is expired"}"#);
    let cases = [
        (vec![refused(400, THROTTLED)], all),
        (vec![refused(400, THROTTLED), GOOD], 2),
        (vec![refused(503, "")], all),
        (vec![Reply { header: Some(("x-amz-retry-after", "60000")), ..refused(503, "") }, GOOD], 2),
        (vec![refused(500, "<html/>"), GOOD], 2),
        (vec![refused(0, "")], all),
        (vec![refused(0, ""), refused(503, ""), GOOD], 3),
        (vec![skewed, skewed, GOOD], 3),
        (vec![expired, GOOD], 2),
    ];
    for (replies, requests) in cases {
        let (told, made, is_short) = asked(replies.clone(), true).await;
        assert_eq!((made, is_short), (requests, false), "{replies:?}: {told:?}");
        let (by_client, made_by_client, _) = asked(replies.clone(), false).await;
        // Only the client mends its clock, for each question anew.
        assert!(told == by_client && (made == made_by_client || replies[0].header.is_some()), "{replies:?}");
    }
}

#[tokio::test]
async fn the_time_of_a_call_holds_over_both() {
    for short in [true, false] {
        let network = Listening::answering(vec![GOOD]);
        let sweep = sweep(&network, short, |config| {
            let timeouts = TimeoutConfig::builder()
                .operation_attempt_timeout(Duration::from_millis(400))
                .operation_timeout(Duration::from_millis(600));
            config.set_timeout_config(Some(timeouts.build()));
        })
        .await;
        network.answer(vec![refused(1, "")]);
        let error = sweep.describe_trails(&region("us-east-2"), None).await.unwrap_err();
        let said = refusal(&error).message;
        assert!(said.ends_with("(all attempts including retries) occurred after 600ms"), "{short}: {said}");
        assert_eq!(network.take().len(), 2, "{short}");
    }
}

#[tokio::test]
async fn without_an_end_of_credentials_only_the_client_asks() {
    let network = Listening::answering(vec![GOOD]);
    let fixed = Credentials::new("AKIDEXAMPLE", "secret", None, None, "tests");
    let sweep = sweep(&network, true, |config| {
        config.set_credentials_provider(Some(SharedCredentialsProvider::new(fixed)));
    })
    .await;
    sweep.describe_trails(&region("us-east-2"), None).await.unwrap();
    assert!(network.take()[0].header(INVOCATION).is_some());
}

#[tokio::test]
async fn one_attempt_is_the_clients() {
    let network = Listening::answering(vec![GOOD]);
    let config =
        listening::config(&network, 1).credentials_provider(SharedCredentialsProvider::new(Changing::default()));
    let config = config.identity_cache(SharedIdentityCache::new(Renewal::new())).build();
    assert!(ShortPath::new(&config).is_none());
}
