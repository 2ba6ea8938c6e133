//! The network as the environment sets it: proxies and certificate authorities, and the HTTP client made of them.
//!
//! The AWS SDK for Rust reads neither by itself. What is set and cannot be used is an error: a request that goes past a
//! proxy, or trusts other authorities than those that were named, is not what the user asked for.

mod client;

use std::fmt;
use std::path::PathBuf;

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The variables that name a proxy, each in two spellings, of which the first that is set counts: as curl reads them.
const PROXIES: [[&str; 2]; 3] =
    [["HTTPS_PROXY", "https_proxy"], ["HTTP_PROXY", "http_proxy"], ["ALL_PROXY", "all_proxy"]];

/// The variables that name what is reached without a proxy.
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The variable that names the certificate authorities that are trusted, instead of the system's.
///
/// Source: AWS CLI User Guide, "Environment variables".
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// How the network is reached.
#[derive(Clone, Default)]
pub struct Network {
    proxies: Vec<Setting>,
    no_proxy: Option<Setting>,
    authorities: Option<Authorities>,
}

/// A variable that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    variable: &'static str,
    value: String,
}

/// Certificate authorities that are trusted.
#[derive(Clone)]
struct Authorities {
    path: PathBuf,
    tls: TlsContext,
    count: usize,
}

/// A setting of the environment that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{variable} cannot be used: {message}")]
pub struct NetworkError {
    variable: &'static str,
    message: String,
    remedy: &'static str,
}

impl NetworkError {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }
}

const PROXY_FORM: &str =
    "give it the form http://HOST:PORT, with USER:PASSWORD@ before the host where the proxy asks for them";
const BUNDLE_FORM: &str = "name a file with one or more certificates in PEM form (-----BEGIN CERTIFICATE-----)";

impl Network {
    /// The network as the variables of this process set it.
    ///
    /// # Errors
    /// Where a variable is set to what cannot be used.
    pub fn from_environment() -> Result<Self, NetworkError> {
        Self::of(|name| std::env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NetworkError> {
        let first = |names: [&'static str; 2]| {
            let set = names.into_iter().find_map(|name| Some(Setting { variable: name, value: variable(name)? }));
            set.filter(|setting| !setting.value.trim().is_empty())
        };
        let proxies: Vec<Setting> = PROXIES.into_iter().filter_map(first).collect();
        for proxy in &proxies {
            ensure_proxy(proxy)?;
            if variable("REQUEST_METHOD").is_some() {
                let message = "REQUEST_METHOD is set too, as where a CGI program runs, and a proxy may then be a request's own header";
                let remedy = "unset REQUEST_METHOD, or the variables of proxies";
                return Err(NetworkError { variable: proxy.variable, message: message.to_owned(), remedy });
            }
        }
        let bundle = variable(CA_BUNDLE).filter(|path| !path.is_empty());
        let authorities = bundle.map(|path| Authorities::read(path.into())).transpose()?;
        Ok(Self { proxies, no_proxy: first(NO_PROXY), authorities })
    }

    /// The HTTP client of all services: TLS by rustls, and connections that are shared.
    pub fn client(&self) -> SharedHttpClient {
        SharedHttpClient::new(client::Client::new(self))
    }

    /// What is set, in words, without what is secret.
    pub fn settings(&self) -> Vec<String> {
        let told = |setting: &Setting| format!("{} is {}", setting.variable, without_password(&setting.value));
        let mut settings: Vec<String> = self.proxies.iter().map(told).collect();
        settings.extend(self.no_proxy.iter().map(|setting| format!("{} is {}", setting.variable, setting.value)));
        settings.extend(self.authorities.iter().map(|authorities| {
            let Authorities { path, count, tls: _ } = authorities;
            format!("{CA_BUNDLE} is {}: {count} authorities, and none of the system's", path.display())
        }));
        settings
    }

    /// Whether requests to an address go through a proxy.
    pub fn is_proxied(&self, address: &str) -> bool {
        let Ok(uri) = address.parse::<http::Uri>() else { return false };
        !self.proxies.is_empty() && !client::is_near(&uri) && self.matcher().intercept(&uri).is_some()
    }

    /// The same choice as the client makes.
    fn matcher(&self) -> Matcher {
        let of = |names: &[&str]| {
            let found = self.proxies.iter().find(|setting| names.contains(&setting.variable));
            found.map(|setting| setting.value.clone()).unwrap_or_default()
        };
        let none = self.no_proxy.as_ref().map(|setting| setting.value.clone()).unwrap_or_default();
        Matcher::builder().https(of(&PROXIES[0])).http(of(&PROXIES[1])).all(of(&PROXIES[2])).no(none).build()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.settings()).finish()
    }
}

impl Authorities {
    fn read(path: PathBuf) -> Result<Self, NetworkError> {
        let refuse = |what: String| NetworkError {
            variable: CA_BUNDLE,
            message: format!("{} {what}", path.display()),
            remedy: BUNDLE_FORM,
        };
        let pem = std::fs::read(&path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let mut roots = RootCertStore::empty();
        for (number, certificate) in (1..).zip(CertificateDer::pem_slice_iter(&pem)) {
            let certificate =
                certificate.map_err(|error| refuse(format!("is no PEM at certificate {number}: {error}")))?;
            roots.add(certificate).map_err(|error| {
                refuse(format!("has a certificate that cannot be trusted, number {number}: {error}"))
            })?;
        }
        let count = roots.len();
        if count == 0 {
            return Err(refuse("holds no certificate".to_owned()));
        }
        let tls = TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(pem)).build();
        let tls = tls.map_err(|error| refuse(format!("cannot be trusted: {error}")))?;
        Ok(Self { path, tls, count })
    }
}

/// Refuses what would be taken for no proxy at all, and then be gone past.
fn ensure_proxy(proxy: &Setting) -> Result<(), NetworkError> {
    let refuse = |message: &str| NetworkError {
        variable: proxy.variable,
        message: format!("`{}` {message}", without_password(&proxy.value)),
        remedy: PROXY_FORM,
    };
    let uri: http::Uri = proxy.value.parse().map_err(|_| refuse("is no address"))?;
    match uri.scheme_str() {
        None | Some("http" | "https") => {}
        Some(scheme) => return Err(refuse(&format!("is a proxy of the kind {scheme}, which is not supported"))),
    }
    match uri.host() {
        Some(host) if !host.is_empty() => Ok(()),
        _ => Err(refuse("names no host")),
    }
}

/// The address of a proxy without the user and password in it.
fn without_password(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let shown = match rest.rsplit_once('@') {
        Some((_, place)) => format!("…@{place}"),
        None => rest.to_owned(),
    };
    if scheme.is_empty() { shown } else { format!("{scheme}://{shown}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(variables: &[(&str, &str)]) -> Result<Network, String> {
        let of = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Network::of(of).map_err(|error| error.to_string())
    }

    #[test]
    fn a_proxy_is_for_what_its_variable_says() {
        let both = network(&[
            ("https_proxy", "http://one:3128"),
            ("HTTP_PROXY", "two:8080"),
            ("NO_PROXY", ".corp, 10.0.0.0/8"),
        ]);
        let both = both.unwrap();
        for (address, expected) in [
            ("https://sts.us-east-1.amazonaws.com/", true),
            ("http://s3.example.com/", true),
            ("https://s3.corp/", false),
            ("http://10.1.2.3/", false),
            ("http://169.254.169.254/latest", false),
            ("http://127.0.0.1:4599/", false),
            ("http://localhost/", false),
        ] {
            assert_eq!(both.is_proxied(address), expected, "{address}");
        }
        let secure = network(&[("HTTPS_PROXY", "http://one:3128")]).unwrap();
        assert!(!secure.is_proxied("http://s3.example.com/"));
        assert!(network(&[("ALL_PROXY", "http://one")]).unwrap().is_proxied("http://s3.example.com/"));
        assert!(!network(&[("HTTPS_PROXY", "")]).unwrap().is_proxied("https://s3.example.com/"));
    }

    #[test]
    fn what_cannot_be_used_is_an_error_and_shows_no_password() {
        for (value, said) in [
            ("socks5://one:1080", "`socks5://one:1080` is a proxy of the kind socks5"),
            ("http://", "is no address"),
            ("http://user:hunter2@ one", "is no address"),
            ("socks5://user:hunter2@one", "`socks5://…@one`"),
        ] {
            let error = network(&[("HTTPS_PROXY", value)]).unwrap_err();
            assert!(error.contains(said) && !error.contains("hunter2"), "{value}: {error}");
        }
        let error = network(&[("HTTP_PROXY", "http://one"), ("REQUEST_METHOD", "GET")]).unwrap_err();
        assert!(error.contains("REQUEST_METHOD"), "{error}");
        let shown = format!("{:?}", network(&[("HTTPS_PROXY", "http://user:hunter2@one:1")]).unwrap());
        assert!(shown.contains("http://…@one:1") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_bundle_is_read_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.pem");
        let with = |text: &str| {
            std::fs::write(&path, text).unwrap();
            network(&[(CA_BUNDLE, path.to_str().unwrap())])
        };
        assert!(with("nothing").unwrap_err().contains("holds no certificate"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(with(broken).unwrap_err().contains("number 1"));
        assert!(network(&[(CA_BUNDLE, "/no/such/file")]).unwrap_err().contains("/no/such/file cannot be read"));
        let authority = rcgen::generate_simple_self_signed(["aws.example.com".to_owned()]).unwrap();
        let good = with(&authority.cert.pem().repeat(2)).unwrap();
        assert!(good.settings()[0].contains(": 2 authorities"), "{good:?}");
    }
}
