use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_types::retry::RetryConfig;
use trailproof::simulator::Simulator;

/// The session policy that tests assume roles with.
pub(crate) const READ_EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A configuration that asks the simulator with some credentials in a Region, and never retries.
pub(crate) fn config(simulator: &Simulator, credentials: Credentials, region: &'static str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(simulator.http_client())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(RetryConfig::disabled())
        .build()
}

/// A configuration of the user of an account.
pub(crate) fn of_account(simulator: &Simulator, account: &str, region: &'static str) -> SdkConfig {
    let (key, secret) = simulator.credentials_of(account);
    config(simulator, Credentials::new(key, secret, None, None, "test"), region)
}

/// A configuration of the user of the management account.
pub(crate) fn of_management(simulator: &Simulator, region: &'static str) -> SdkConfig {
    let (key, secret) = simulator.credentials();
    config(simulator, Credentials::new(key, secret, None, None, "test"), region)
}

/// A configuration of a session of a role, assumed by the management account's user with a session policy.
pub(crate) async fn of_role(simulator: &Simulator, role: &str, policy: &str, region: &'static str) -> SdkConfig {
    of_role_in(simulator, role, policy, "us-east-1", region).await
}

/// The same, assumed at another Region's endpoint than us-east-1's.
pub(crate) async fn of_role_in(
    simulator: &Simulator,
    role: &str,
    policy: &str,
    asked: &'static str,
    region: &'static str,
) -> SdkConfig {
    let sts = aws_sdk_sts::Client::new(&of_management(simulator, asked));
    let answer = sts.assume_role().role_arn(role).role_session_name("test").policy(policy).send().await.unwrap();
    let given = answer.credentials().unwrap();
    let token = Some(given.session_token().to_owned());
    let credentials = Credentials::new(given.access_key_id(), given.secret_access_key(), token, None, "test");
    config(simulator, credentials, region)
}

/// The HTTP status, code and message of an error.
pub(crate) fn refusal<T, E>(answer: Result<T, SdkError<E>>) -> (u16, String, String)
where
    E: ProvideErrorMetadata + std::fmt::Debug,
    T: std::fmt::Debug,
{
    let error = answer.unwrap_err();
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (status, error.code().unwrap_or("").to_owned(), error.message().unwrap_or("").to_owned())
}
