//! Questions, answers and errors, held against the SDK's own crates of the services.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};

use super::*;

/// What is sent: the first line, the headers that do not tell one run or one crate from another, and the body.
type Sent = (String, Vec<(String, String)>, String);

/// A network on which everything is written down, and answered alike.
#[derive(Debug, Clone)]
struct Listening {
    sent: Arc<Mutex<Vec<Sent>>>,
    status: u16,
    header: Option<(&'static str, &'static str)>,
    answer: &'static str,
}

impl HttpConnector for Listening {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let line = format!("{} {}", request.method(), request.uri());
        let told = |name: &str, value: &str| match name {
            "authorization" => value.split(", Signature=").next().unwrap().to_owned(),
            "amz-sdk-invocation-id" | "user-agent" | "x-amz-user-agent" => "…".to_owned(),
            _ => value.to_owned(),
        };
        let mut headers: Vec<_> =
            request.headers().iter().map(|(name, value)| (name.to_owned(), told(name, value))).collect();
        headers.sort();
        let body = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
        self.sent.lock().unwrap().push((line, headers, body));
        let mut response = HttpResponse::new(self.status.try_into().unwrap(), SdkBody::from(self.answer));
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn listening(status: u16, answer: &'static str) -> Listening {
    Listening { sent: Arc::default(), status, header: None, answer }
}

fn config(network: &Listening) -> SdkConfig {
    let connector = SharedHttpConnector::new(network.clone());
    let client = SharedHttpClient::new(http_client_fn(move |_, _| connector.clone()));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests_with_session_token()))
        .identity_cache(IdentityCache::lazy().build())
        .app_name(AppName::new("trailproof").unwrap())
        .retry_config(RetryConfig::standard().with_max_attempts(1))
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(StaticTimeSource::new(now)))
        .http_client(client)
        .build()
}

fn client(service: &'static Service, network: &Listening) -> Client {
    let region = "eu-west-1".parse().unwrap();
    Client::new(service, config(network), region, RetryPartition::new("tests"), Renewal::new())
}

#[tokio::test]
async fn the_crates_ask_the_same_questions() {
    let network = listening(200, "{}");
    let config = config(&network);
    let of_crate = aws_sdk_config::Client::new(&config);
    of_crate.describe_configuration_recorders().send().await.unwrap();
    let asked = client(&CONFIG, &network).ask::<Value>(Call::DescribeConfigurationRecorders, &Nothing {}).await;
    assert_eq!(asked.unwrap(), json!({}));

    let of_crate = aws_sdk_athena::Client::new(&config);
    let request = of_crate.list_table_metadata().catalog_name("AwsDataCatalog").database_name("logs");
    request.next_token("2").send().await.unwrap();
    let input = json!({"CatalogName": "AwsDataCatalog", "DatabaseName": "logs", "NextToken": "2"});
    client(&ATHENA, &network).ask::<Value>(Call::ListTableMetadata, &input).await.unwrap();

    let control = listening(200, "<PublicAccessBlockConfiguration/>");
    let of_crate = aws_sdk_s3control::Client::new(&self::config(&control));
    of_crate.get_public_access_block().account_id("111122223333").send().await.unwrap();
    let path = "/v20180820/configuration/publicAccessBlock";
    let account = "111122223333".parse().unwrap();
    client(&S3_CONTROL, &control).document::<Value>(Call::GetAccountPublicAccessBlock, path, account).await.unwrap();

    for (network, pairs) in [(network, 2), (control, 1)] {
        let sent = network.sent.lock().unwrap();
        assert_eq!(sent.len(), 2 * pairs);
        for pair in sent.chunks(2) {
            assert_eq!(pair[0], pair[1]);
        }
    }
}

async fn refused(network: Listening) -> (Option<String>, Option<String>) {
    let error = match network.answer.starts_with('<') {
        true => {
            let account = "111122223333".parse().unwrap();
            client(&S3_CONTROL, &network)
                .document::<Value>(Call::GetAccountPublicAccessBlock, "/", account)
                .await
                .unwrap_err()
        }
        false => {
            client(&CONFIG, &network).ask::<Value>(Call::DescribeConfigurationRecorders, &Nothing {}).await.unwrap_err()
        }
    };
    assert!(matches!(error, SdkError::ServiceError(_)), "{error:?}");
    (error.code().map(str::to_owned), error.message().map(str::to_owned))
}

#[tokio::test]
async fn errors_tell_their_code_and_message() {
    let told = |code: &str, message: &str| (Some(code.to_owned()), Some(message.to_owned()));
    let plain = listening(400, r#"{"__type": "com.amazonaws.config#ThrottlingException:http://x", "message": "slow"}"#);
    assert_eq!(refused(plain).await, told("ThrottlingException", "slow"));
    let shouted = listening(400, r#"{"code": "AccessDeniedException", "Message": "no"}"#);
    assert_eq!(refused(shouted).await, told("AccessDeniedException", "no"));
    let by_header = Listening {
        header: Some(("x-amzn-errortype", "InvalidSignatureException:")),
        ..listening(403, r#"{"__type": "other", "message": "old"}"#)
    };
    assert_eq!(refused(by_header).await, told("InvalidSignatureException", "old"));
    for none in ["", "[]", "null", "{\"__type\": 3}", "no JSON"] {
        assert_eq!(refused(listening(500, none)).await, (None, None), "{none}");
    }
    let wrapped = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>a &lt; b</Message>\
                   </Error><RequestId>1</RequestId></ErrorResponse>";
    assert_eq!(refused(listening(403, wrapped)).await, told("AccessDenied", "a < b"));
    let bare = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>less</Message></Error>";
    assert_eq!(refused(listening(503, bare)).await, told("SlowDown", "less"));
    assert_eq!(refused(listening(502, "<html><body>Bad Gateway</body></html>")).await, (None, None));
}

#[tokio::test]
async fn what_is_no_answer_of_the_operation_is_none() {
    #[derive(Debug, serde::Deserialize)]
    enum Document {
        #[expect(dead_code, reason = "read for its shape")]
        PublicAccessBlockConfiguration(Value),
    }
    for body in ["<html/>", "", "{}", "<PublicAccessBlockConfiguration>"] {
        let account = "111122223333".parse().unwrap();
        let asked = client(&S3_CONTROL, &listening(200, body))
            .document::<Document>(Call::GetAccountPublicAccessBlock, "/", account)
            .await;
        assert!(matches!(asked, Err(SdkError::ResponseError(_))), "{body}: {asked:?}");
    }
    for body in ["", "<html/>", "[1]", "{"] {
        let client = client(&CONFIG, &listening(200, body));
        let asked = client.ask::<BTreeMap<String, Value>>(Call::DescribeConfigurationRecorders, &Nothing {}).await;
        assert!(matches!(asked, Err(SdkError::ResponseError(_))), "{body}: {asked:?}");
    }
}

#[test]
fn a_list_in_the_place_of_an_object_is_malformed() {
    #[derive(Debug, serde::Deserialize)]
    struct Group {
        #[expect(dead_code, reason = "read for its shape")]
        all: Option<bool>,
        #[serde(flatten)]
        _rest: Rest,
    }
    for (body, is_read) in [("{}", true), ("{\"all\":true,\"more\":[1]}", true), ("[true]", false), ("[null]", false)] {
        assert_eq!(answer::json::<Group>(body.as_bytes()).is_ok(), is_read, "{body}");
    }
}
