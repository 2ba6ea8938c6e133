//! Where services are: where the user said, or at AWS.

use aws_config::SdkConfig;
use aws_sdk_kms::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_types::service_config::ServiceConfigKey;

use super::direct::{CONFIG, Service};
use crate::id::{AccountId, RegionName};

/// The endpoint that the user set for a service: in code, by `AWS_ENDPOINT_URL_<SERVICE>`, the profile, or for all.
///
/// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
pub(super) fn configured(config: &SdkConfig, service_id: &'static str) -> Option<String> {
    let for_all = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return for_all;
    }
    let key =
        ServiceConfigKey::builder().service_id(service_id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok();
    key.and_then(|key| config.service_config()?.load_config(key)).or(for_all)
}

/// Whether nothing can go before the host of an endpoint: an IP address, and localhost.
pub(super) fn takes_no_prefix(endpoint: &str) -> bool {
    let Ok(uri) = endpoint.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok()
}

/// Why a service is nowhere.
#[derive(Debug, thiserror::Error)]
#[error("no endpoint of {service} in {region}: {why}")]
pub(super) struct Nowhere {
    service: &'static str,
    region: RegionName,
    why: String,
}

/// Where a service is that is asked directly; S3 Control is asked for an account, which goes before its host.
///
/// The hosts of AWS's services are alike, so that those of KMS tell them: the SDK knows the partitions, their domains, and
/// where FIPS and IPv6 are to be had.
///
/// Source: AWS General Reference, "AWS service endpoints".
///
/// # Errors
/// Where the partition does not have what the settings ask for.
pub(super) async fn of(
    service: &'static Service,
    account: Option<AccountId>,
    config: &SdkConfig,
    region: &RegionName,
) -> Result<String, Nowhere> {
    let nowhere =
        |why: &dyn std::fmt::Display| Nowhere { service: service.id, region: region.clone(), why: why.to_string() };
    let configured = configured(config, service.id);
    let (fips, dual_stack) = (config.use_fips().unwrap_or(false), config.use_dual_stack().unwrap_or(false));
    // S3 has its hosts for IPv6 beneath the domain of IPv4: S3 User Guide, "Using dual-stack endpoints".
    let dual_stack_by_host = dual_stack && configured.is_none() && account.is_some();
    if fips && account.is_some() && region.as_str().starts_with("cn-") {
        return Err(nowhere(&"the partition has no FIPS for it"));
    }
    // Of an endpoint of the user's S3 does not ask whether it is one of FIPS, and the others refuse it.
    let fips_at_aws = fips && !(configured.is_some() && account.is_some());
    let asked = Params::builder()
        .region(region.as_str())
        .use_fips(fips_at_aws)
        .use_dual_stack(dual_stack && !dual_stack_by_host)
        .set_endpoint(configured.clone())
        .build()
        .map_err(|error| nowhere(&error))?;
    let found = DefaultResolver::new().resolve_endpoint(&asked).await.map_err(|error| nowhere(&error))?;
    if let Some(endpoint) = configured {
        return Ok(account.map_or_else(|| endpoint.clone(), |account| before_host(account, &endpoint)));
    }
    let of_kms = found.url().strip_prefix("https://kms").and_then(|rest| rest.split_once('.'));
    let (kind, place) = of_kms.ok_or_else(|| nowhere(&"KMS is elsewhere than other services"))?;
    let host = service.host;
    let Some(account) = account else {
        // There the usual endpoints of AWS Config are those of FIPS: AWS General Reference, "AWS Config endpoints and quotas".
        let usual = service.host == CONFIG.host && !dual_stack && region.as_str().starts_with("us-gov-");
        let kind = if usual { "" } else { kind };
        return Ok(format!("https://{host}{kind}.{place}"));
    };
    let dual_stack = if dual_stack { ".dualstack" } else { "" };
    Ok(format!("https://{account}.{host}{kind}{dual_stack}.{place}"))
}

/// An endpoint with an account before its host, where it can have one.
fn before_host(account: AccountId, endpoint: &str) -> String {
    match endpoint.split_once("://") {
        Some((scheme, rest)) if !takes_no_prefix(endpoint) => format!("{scheme}://{account}.{rest}"),
        _ => endpoint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, SdkConfig};

    use super::super::direct::{ATHENA, CONFIG, S3_CONTROL};
    use super::*;

    const REGIONS: [&str; 14] = [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-2",
        "ap-southeast-5",
        "il-central-1",
        "mx-central-1",
        "cn-north-1",
        "cn-northwest-1",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eusc-de-east-1",
    ];

    fn config(region: &'static str, fips: bool, dual_stack: bool, endpoint: Option<&str>) -> SdkConfig {
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_config::Region::new(region))
            .use_fips(fips)
            .use_dual_stack(dual_stack);
        config.set_endpoint_url(endpoint.map(str::to_owned));
        config.build()
    }

    /// What the SDK's own crate of a service resolves, where it resolves anything.
    macro_rules! of_crate {
        ($crate_name:ident, $region:expr, $fips:expr, $dual_stack:expr, $endpoint:expr $(, $more:ident: $value:expr)*) => {{
            use $crate_name::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
            let params = Params::builder().region($region).use_fips($fips).use_dual_stack($dual_stack);
            let params = params.set_endpoint($endpoint.map(str::to_owned))$(.$more($value))*;
            let found = DefaultResolver::new().resolve_endpoint(&params.build().unwrap()).await;
            found.ok().map(|endpoint| endpoint.url().trim_end_matches('/').to_owned())
        }};
    }

    #[tokio::test]
    async fn services_are_where_their_crates_say() {
        let account: AccountId = "111122223333".parse().unwrap();
        let mut resolved = 0;
        for name in REGIONS {
            for (fips, dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
                for endpoint in [None, Some("https://vpce-1.example.com"), Some("http://127.0.0.1:5000")] {
                    let (config, region) = (config(name, fips, dual_stack, endpoint), name.parse().unwrap());
                    let case = format!("{name} {fips} {dual_stack} {endpoint:?}");
                    let found = of(&CONFIG, None, &config, &region).await.ok();
                    assert_eq!(found, of_crate!(aws_sdk_config, name, fips, dual_stack, endpoint), "{case}");
                    let found = of(&ATHENA, None, &config, &region).await.ok();
                    assert_eq!(found, of_crate!(aws_sdk_athena, name, fips, dual_stack, endpoint), "{case}");
                    resolved += usize::from(found.is_some());
                    // The crate would put the account before an IP address.
                    if endpoint.is_none_or(|endpoint| !takes_no_prefix(endpoint)) {
                        let found = of(&S3_CONTROL, Some(account), &config, &region).await.ok();
                        let told = of_crate!(aws_sdk_s3control, name, fips, dual_stack, endpoint,
                            requires_account_id: true, account_id: account.to_string());
                        assert_eq!(found, told, "{case}");
                    }
                }
            }
        }
        assert!(resolved > 60, "{resolved}");
    }

    #[test]
    fn addresses_and_localhost_take_no_prefix() {
        for endpoint in ["http://127.0.0.1:5000", "http://localhost:4566", "http://[::1]:80/"] {
            assert!(takes_no_prefix(endpoint), "{endpoint}");
        }
        for endpoint in ["https://s3.example.com", "https://vpce-1.s3.eu-west-1.vpce.amazonaws.com"] {
            assert!(!takes_no_prefix(endpoint), "{endpoint}");
        }
    }

    #[tokio::test]
    async fn an_address_takes_no_account_before_it() {
        let account: AccountId = "111122223333".parse().unwrap();
        for endpoint in ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000/path"] {
            let config = config("us-east-1", false, false, Some(endpoint));
            let found = of(&S3_CONTROL, Some(account), &config, &"us-east-1".parse().unwrap()).await.unwrap();
            assert_eq!(found, endpoint);
        }
    }
}
