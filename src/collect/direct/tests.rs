//! Questions, answers and errors, held against the SDK's own crates of the services.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};

use super::super::listening::{self, Listening, Reply, Sent};
use super::*;

fn listening(status: u16, body: &'static str) -> Listening {
    Listening::answering(vec![Reply { status, header: None, body }])
}

fn config(network: &Listening) -> SdkConfig {
    listening::config(network, 1)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests_with_session_token()))
        .identity_cache(IdentityCache::lazy().build())
        .build()
}

/// A request without what tells one run or one crate from another.
fn comparable(mut sent: Sent) -> Sent {
    for (name, value) in &mut sent.headers {
        match name.as_str() {
            "authorization" => *value = value.split(", Signature=").next().unwrap().to_owned(),
            "amz-sdk-invocation-id" | "user-agent" | "x-amz-user-agent" => *value = "…".to_owned(),
            _ => {}
        }
    }
    sent
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
        let sent: Vec<Sent> = network.take().into_iter().map(comparable).collect();
        assert_eq!(sent.len(), 2 * pairs);
        for pair in sent.chunks(2) {
            assert_eq!(pair[0], pair[1]);
        }
    }
}

async fn refused(reply: Reply) -> (Option<String>, Option<String>) {
    let network = Listening::answering(vec![reply]);
    let error = match reply.body.starts_with('<') {
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
    let refusal = |status, body| Reply { status, header: None, body };
    let plain = refusal(400, r#"{"__type": "com.amazonaws.config#ThrottlingException:http://x", "message": "slow"}"#);
    assert_eq!(refused(plain).await, told("ThrottlingException", "slow"));
    let shouted = refusal(400, r#"{"code": "AccessDeniedException", "Message": "no"}"#);
    assert_eq!(refused(shouted).await, told("AccessDeniedException", "no"));
    let by_header = Reply {
        header: Some(("x-amzn-errortype", "InvalidSignatureException:")),
        ..refusal(403, r#"{"__type": "other", "message": "old"}"#)
    };
    assert_eq!(refused(by_header).await, told("InvalidSignatureException", "old"));
    for none in ["", "[]", "null", "{\"__type\": 3}", "no JSON"] {
        assert_eq!(refused(refusal(500, none)).await, (None, None), "{none}");
    }
    let wrapped = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>a &lt; b</Message>\
                   </Error><RequestId>1</RequestId></ErrorResponse>";
    assert_eq!(refused(refusal(403, wrapped)).await, told("AccessDenied", "a < b"));
    let bare = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>less</Message></Error>";
    assert_eq!(refused(refusal(503, bare)).await, told("SlowDown", "less"));
    assert_eq!(refused(refusal(502, "<html><body>Bad Gateway</body></html>")).await, (None, None));
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
