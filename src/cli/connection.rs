//! The caller's configuration of AWS: credentials, Region and endpoints, by the usual chain.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::arguments::ConnectionArguments;

/// Where the first calls go when nothing names a Region.
const FIRST_REGION: &str = "us-east-1";

/// Loads what the environment, the profile and the options say.
pub(super) async fn load(connection: &ConnectionArguments, http: SharedHttpClient) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &connection.region {
        loader = loader.region(Region::new(region.to_string()));
    }
    let loaded = loader.load().await;
    match loaded.region() {
        Some(_) => loaded,
        None => loaded.into_builder().region(Region::new(FIRST_REGION)).build(),
    }
}
