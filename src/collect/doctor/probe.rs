//! Whether endpoints answer, and what their clocks say: one request to each, without credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::check::{Check, Matter};
use crate::collect::Settings;
use crate::collect::account::default_regions;
use crate::collect::call::Call;
use crate::collect::direct::{self, Nothing};
use crate::collect::network::Network;
use crate::collect::session::{Session, Sessions};
use crate::id::{AccountId, Partition, RegionName};

/// At most this many endpoints are asked at once.
const AT_ONCE: usize = 32;

/// How far clocks may be apart, in seconds.
///
/// Source: IAM User Guide, "Create a signed AWS API request": in most cases, a request must reach AWS within five minutes
/// of its time stamp.
const APART: i64 = 300;

/// What the environment says of proxies and authorities.
pub(super) fn proxy(network: &Network) -> Check {
    let settings = network.settings();
    let message = match settings.is_empty() {
        true => "no proxy is set, and the system's certificate authorities are trusted".to_owned(),
        false => settings.join("; "),
    };
    Check::ok(Matter::Proxy, message)
}

/// What became of a request to an endpoint.
#[derive(Debug, Clone)]
struct Probed {
    origin: String,
    /// How far this machine's clock is ahead of the endpoint's in seconds, where it told the time; or what went wrong.
    answer: Result<Option<i64>, Trouble>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Trouble {
    words: String,
    remedy: &'static str,
}

/// Asks every endpoint that the scan will need, as far as that is known before it: all services in the first Region, and
/// CloudTrail in every Region.
pub(super) async fn endpoints(
    base: &SdkConfig,
    network: &Network,
    http: &SharedHttpClient,
    settings: &Settings,
) -> Vec<Check> {
    let region: Option<RegionName> = base.region().and_then(|region| region.as_ref().parse().ok());
    let Some((region, nobody)) = region.and_then(|region| Some((region.clone(), Nobody::of(base, &region)?))) else {
        return vec![Check::not_done(Matter::Endpoints, "no Region is known to begin with: give --region")];
    };
    let only = &settings.selection.regions;
    let mut wanted: BTreeSet<Place> =
        settings.needs.calls().map(|declared| (service(declared.operation), region.clone())).collect();
    if !settings.is_of_organization() {
        wanted.remove(&("organizations", region.clone()));
    }
    let swept = default_regions(&nobody.partition).into_iter().chain(only.clone());
    wanted.extend(swept.filter(|region| only.is_empty() || only.contains(region)).map(|region| ("cloudtrail", region)));
    let places = nobody.origins(&wanted).await;
    let origins: BTreeSet<&String> = places.values().collect();
    let probed: Vec<Probed> = stream::iter(origins)
        .map(|origin| {
            let first = places.iter().find(|(_, known)| *known == origin).map(|(place, _)| place.clone());
            nobody.probe(http, origin, first)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut checks = told(&places, &probed, network);
    checks.push(clock(&probed));
    checks
}

/// The service of an operation.
fn service(operation: &'static str) -> &'static str {
    operation.split(':').next().unwrap_or_default()
}

/// Who asks without credentials.
struct Nobody<'a> {
    base: &'a SdkConfig,
    partition: Partition,
    account: AccountId,
}

impl<'a> Nobody<'a> {
    /// Nobody, in the partition that a Region's name tells.
    fn of(base: &'a SdkConfig, region: &RegionName) -> Option<Self> {
        let name = region.as_str();
        let partition = match () {
            () if name.starts_with("cn-") => "aws-cn",
            () if name.starts_with("us-gov-") => "aws-us-gov",
            () => "aws",
        };
        Some(Self { base, partition: partition.parse().ok()?, account: "000000000000".parse().ok()? })
    }

    /// Where the SDK would send what is asked of each service in each Region, the user's own endpoints included.
    async fn origins(&self, wanted: &BTreeSet<Place>) -> BTreeMap<Place, String> {
        let mut found = BTreeMap::new();
        for place in wanted {
            if let Some(probed) = self.ask(None, place).await {
                found.insert(place.clone(), probed.origin);
            }
        }
        found
    }

    async fn probe(&self, http: &SharedHttpClient, origin: &str, place: Option<Place>) -> Probed {
        let told = match &place {
            Some(place) => self.ask(Some(http.clone()), place).await,
            None => None,
        };
        told.unwrap_or_else(|| Probed {
            origin: origin.to_owned(),
            answer: Err(Trouble { words: "nothing answers in time".to_owned(), remedy: SILENT }),
        })
    }

    /// Sends to a place by a client, or by none.
    async fn ask(&self, http: Option<SharedHttpClient>, place: &Place) -> Option<Probed> {
        let told: Told = Arc::default();
        let client = Unsigned { inner: http, told: told.clone() };
        let nobody = Credentials::new("nobody", "nothing", None, None, "doctor");
        let config = self
            .base
            .to_builder()
            .http_client(SharedHttpClient::new(client))
            .credentials_provider(SharedCredentialsProvider::new(nobody))
            .retry_config(RetryConfig::disabled())
            .build();
        let (service, region) = place;
        let sessions =
            Sessions::new(&config, self.account, self.partition.clone(), region.clone(), None, String::new());
        touch(sessions.caller(), service, region).await;
        told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Asks a service something: what it is asked never leaves the client.
async fn touch(session: &Session, service: &str, region: &RegionName) {
    macro_rules! send {
        ($request:expr) => {
            drop(Box::pin($request.send()).await)
        };
    }
    match service {
        "account" => send!(session.account_management(region).list_regions()),
        "athena" => touch_directly(session, &direct::ATHENA, region, Call::ListDataCatalogs).await,
        "cloudtrail" => send!(session.cloudtrail(region).describe_trails()),
        "cloudwatch" => send!(session.cloudwatch(region).describe_alarms()),
        "config" => touch_directly(session, &direct::CONFIG, region, Call::DescribeConfigurationRecorders).await,
        "events" => send!(session.events(region).describe_event_bus()),
        "iam" => send!(session.iam(region).get_account_authorization_details()),
        "kms" => send!(session.kms(region).describe_key().key_id("nothing")),
        "logs" => send!(session.logs(region).describe_log_groups()),
        "organizations" => send!(session.organizations(region).describe_organization()),
        "s3" => send!(session.s3(region).list_buckets()),
        "s3control" => {
            let control = session.direct(&direct::S3_CONTROL, region);
            drop(control.document::<IgnoredAny>(Call::GetAccountPublicAccessBlock, "/", session.account).await);
        }
        "sns" => send!(session.sns(region).get_topic_attributes().topic_arn("nothing")),
        "sts" => send!(session.sts(region).get_caller_identity()),
        "tag" => send!(session.tagging(region).get_resources()),
        _ => {}
    }
}

async fn touch_directly(session: &Session, service: &'static direct::Service, region: &RegionName, call: Call) {
    drop(session.direct(service, region).ask::<IgnoredAny>(call, &Nothing {}).await);
}

/// A service in a Region.
type Place = (&'static str, RegionName);

type Told = Arc<Mutex<Option<Probed>>>;

/// A client that sends nothing of what it is given but its place: a plain request without credentials, or none at all.
#[derive(Debug, Clone)]
struct Unsigned {
    inner: Option<SharedHttpClient>,
    told: Told,
}

impl HttpClient for Unsigned {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.as_ref().map(|inner| inner.http_connector(settings, components));
        SharedHttpConnector::new(UnsignedConnector { inner, told: self.told.clone() })
    }
}

#[derive(Debug)]
struct UnsignedConnector {
    inner: Option<SharedHttpConnector>,
    told: Told,
}

impl HttpConnector for UnsignedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, told) = (self.inner.clone(), self.told.clone());
        HttpConnectorFuture::new(async move {
            let origin = origin(request.uri());
            let tell = |answer| {
                let probed = Probed { origin: origin.clone(), answer };
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(probed);
            };
            let Some(inner) = inner else {
                tell(Ok(None));
                return Err(ConnectorError::user("nothing is sent".into()));
            };
            let plain = HttpRequest::get(format!("{origin}/")).map_err(|error| ConnectorError::user(error.into()))?;
            let answer = inner.call(plain).await;
            match &answer {
                Ok(response) => {
                    let date = response.headers().get("date").and_then(ahead);
                    tell(Ok(date));
                }
                Err(error) => tell(Err(trouble(error))),
            }
            answer
        })
    }
}

/// Scheme, host and port of an address.
fn origin(uri: &str) -> String {
    let Ok(parsed) = uri.parse::<http::Uri>() else { return uri.to_owned() };
    let authority = parsed.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", parsed.scheme_str().unwrap_or("https"))
}

/// How many seconds this machine's clock is ahead of a `Date` header.
///
/// Source: RFC 9110, 5.6.7, Date/Time Formats.
fn ahead(date: &str) -> Option<i64> {
    let told = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(Timestamp::now().as_second() - told.as_second())
}

const SILENT: &str =
    "let requests out to it: a firewall, a missing VPC endpoint or a proxy that must be named (HTTPS_PROXY)";
const STRANGE: &str =
    "trust the authority of its certificate, such as that of a proxy that opens TLS: AWS_CA_BUNDLE=FILE.pem";
const NAMELESS: &str =
    "check --region, AWS_ENDPOINT_URL and the resolver of names; behind a proxy, name it (HTTPS_PROXY)";
const BY_PROXY: &str = "check the proxy, and its user and password";

fn trouble(error: &ConnectorError) -> Trouble {
    let chain: Vec<String> =
        std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
            .map(ToString::to_string)
            .collect();
    let all = chain.join(": ");
    let says = |words: &[&str]| words.iter().any(|word| all.contains(word));
    let (words, remedy) = if says(&["certificate"]) {
        ("its certificate is not trusted", STRANGE)
    } else if says(&["dns error", "failed to lookup"]) {
        ("its name is not known", NAMELESS)
    } else if says(&["CONNECT", "tunnel", "proxy"]) {
        ("the proxy does not let us through", BY_PROXY)
    } else if error.is_timeout() {
        ("nothing answers in time", SILENT)
    } else {
        ("no connection", SILENT)
    };
    let last = chain.last().map_or("", String::as_str);
    Trouble { words: format!("{words} ({last})"), remedy }
}

/// What was found of the endpoints: one line for those that answer, one for each kind of trouble.
fn told(places: &BTreeMap<Place, String>, probed: &[Probed], network: &Network) -> Vec<Check> {
    let mut trouble: BTreeMap<&Trouble, Vec<&str>> = BTreeMap::new();
    for Probed { origin, answer } in probed {
        if let Err(found) = answer {
            trouble.entry(found).or_default().push(origin);
        }
    }
    let good = probed.iter().filter(|probed| probed.answer.is_ok()).count();
    let services: BTreeSet<&str> = places.keys().map(|(service, _)| *service).collect();
    let regions: BTreeSet<&RegionName> = places.keys().map(|(_, region)| region).collect();
    let mut message =
        format!("{good} of {} answer, for {} services and {} Regions", probed.len(), services.len(), regions.len());
    let proxied = probed.iter().filter(|probed| network.is_proxied(&probed.origin)).count();
    if proxied > 0 {
        message.push_str(&format!(", {proxied} of them through the proxy"));
    }
    let own = own_endpoints();
    if !own.is_empty() {
        message.push_str(&format!("; {}", own.join("; ")));
    }
    let mut checks = Vec::new();
    if good > 0 || trouble.is_empty() {
        checks.push(Check::ok(Matter::Endpoints, message));
    }
    checks.extend(trouble.into_iter().map(|(found, origins)| {
        let own = if own.is_empty() || good > 0 { String::new() } else { format!("; {}", own.join("; ")) };
        Check::problem(Matter::Endpoints, format!("{}: {}{own}", some(&origins), found.words), Some(found.remedy))
    }));
    checks
}

fn some(origins: &[&str]) -> String {
    match origins {
        [first, second, third, _, more @ ..] => format!("{first}, {second}, {third} and {} more", more.len() + 1),
        few => few.join(", "),
    }
}

/// The variables by which the user sends requests elsewhere.
///
/// Source: SDKs and Tools Reference Guide, "Service-specific endpoints".
fn own_endpoints() -> Vec<String> {
    let mut found: Vec<String> = std::env::vars()
        .filter(|(name, value)| name.starts_with("AWS_ENDPOINT_URL") && !value.is_empty())
        .map(|(name, value)| format!("{name} is {value}"))
        .collect();
    found.sort();
    found
}

/// How this machine's clock stands to those of AWS: the least difference that was told.
fn clock(probed: &[Probed]) -> Check {
    let told = probed.iter().filter_map(|probed| probed.answer.as_ref().ok().copied().flatten());
    let Some(ahead) = told.min_by_key(|ahead| ahead.abs()) else {
        return Check::not_done(Matter::Clock, "no endpoint told the time");
    };
    let message = match ahead {
        -2..=2 => "this machine's clock is AWS's".to_owned(),
        ahead if ahead > 0 => format!("this machine's clock is {ahead} seconds ahead of AWS's"),
        ahead => format!("this machine's clock is {} seconds behind AWS's", -ahead),
    };
    if ahead.abs() < APART {
        return Check::ok(Matter::Clock, message);
    }
    Check::problem(
        Matter::Clock,
        format!("{message}: requests that are signed by it are refused"),
        Some("set this machine's clock, by NTP"),
    )
}
