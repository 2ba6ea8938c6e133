//! The HTTP client: through a proxy where one is set, and past it to what no proxy can reach.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::Network;

/// The timeouts of a connector, until a connection stands and until an answer begins.
type Timeouts = (Option<Duration>, Option<Duration>);

/// A client that keeps one pool of connections for all that have the same timeouts.
#[derive(Debug)]
pub(super) struct Client {
    proxied: bool,
    tls: TlsContext,
    connectors: RwLock<HashMap<Timeouts, SharedHttpConnector>>,
}

impl Client {
    pub(super) fn new(network: &Network) -> Self {
        let tls = network.authorities.as_ref().map_or_else(TlsContext::default, |authorities| authorities.tls.clone());
        Self { proxied: !network.proxies.is_empty(), tls, connectors: RwLock::default() }
    }

    fn connect(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let through = |proxies: ProxyConfig| {
            let mut builder = Connector::builder().connector_settings(settings.clone()).proxy_config(proxies);
            builder.set_sleep_impl(components.sleep_impl());
            builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(self.tls.clone()).build()
        };
        let direct = through(ProxyConfig::disabled());
        if !self.proxied {
            return SharedHttpConnector::new(direct);
        }
        SharedHttpConnector::new(Parted { proxied: through(ProxyConfig::from_env()), direct })
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        if let Some(known) = self.connectors.read().unwrap_or_else(PoisonError::into_inner).get(&timeouts) {
            return known.clone();
        }
        let mut connectors = self.connectors.write().unwrap_or_else(PoisonError::into_inner);
        connectors.entry(timeouts).or_insert_with(|| self.connect(settings, components)).clone()
    }
}

/// A connector that sends through a proxy what is far away.
#[derive(Debug)]
struct Parted {
    proxied: Connector,
    direct: Connector,
}

impl HttpConnector for Parted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let near = request.uri().parse().is_ok_and(|uri| is_near(&uri));
        if near { self.direct.call(request) } else { self.proxied.call(request) }
    }
}

/// The addresses at which a machine and a container find the credentials of their role.
///
/// Sources: EC2 User Guide, "Use the Instance Metadata Service"; SDKs and Tools Reference Guide, "Container credential provider".
const METADATA: [&str; 5] = ["169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"];

/// Whether an address is one that no proxy can reach in our stead: this machine's own.
pub(super) fn is_near(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost")
        || METADATA.contains(&host)
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
