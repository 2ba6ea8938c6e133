//! Runs behind a proxy: one that sends on, one that opens TLS, one that refuses.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use trailproof::simulator::Simulator;

use crate::simulated::{ROLE, Served, code, good_world, serve, stderr, stdout, trailproof};
use crate::{about, problem};

/// What a proxy heard first of each connection.
type Heard = Arc<Mutex<Vec<String>>>;

/// A proxy that refuses every tunnel.
fn refusing() -> (SocketAddr, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
    let kept = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            kept.lock().unwrap().push(head.join("\n"));
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (address, heard)
}

/// A proxy that opens the TLS of every tunnel with a certificate of its own, and sends on to a simulator.
fn opening(to: SocketAddr, names: &[&str]) -> (SocketAddr, Heard, String) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let issued = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::try_from(issued.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
    let kept = heard.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept) = (acceptor.clone(), kept.clone());
                tokio::spawn(async move {
                    let mut stream = tokio::io::BufReader::new(stream);
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).await.unwrap_or(0) > 0 {}
                    kept.lock().unwrap().push(head);
                    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                    let Ok(mut opened) = acceptor.accept(stream.into_inner()).await else { return };
                    let mut onward = tokio::net::TcpStream::connect(to).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut opened, &mut onward).await;
                });
            }
        });
    });
    (address, heard, issued.cert.pem())
}

fn doctor(served: &Served, variables: &[(&str, &str)]) -> std::process::Output {
    let mut command = served.trailproof();
    command.env_remove("AWS_ENDPOINT_URL").envs(variables.iter().copied());
    command
        .args(["doctor", "--role-name", ROLE, "--regions", "us-east-1,eu-west-1", "--format", "json"])
        .output()
        .unwrap()
}

#[test]
fn http_goes_through_the_proxy_unless_it_is_excepted() {
    let served = serve(Simulator::new(good_world()));
    let proxy = format!("http://{}", served.address);
    // The simulator answers as a proxy would send on: whatever the host.
    let set = [("AWS_ENDPOINT_URL", "http://aws.example.invalid"), ("HTTP_PROXY", &proxy)];
    let output = doctor(&served, &set);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(about(&output, "endpoints").1[0].1.contains("2 of them through the proxy"), "{}", stdout(&output));
    let output = doctor(&served, &[set[0], set[1], ("NO_PROXY", "example.invalid")]);
    problem(&output, "endpoints", "http://aws.example.invalid: its name is not known", "--region");
    let planned = served.trailproof().envs(set).args(["plan", "--role-name", ROLE]).output().unwrap();
    assert_eq!(code(&planned), 0, "{}", stderr(&planned));
    assert!(stdout(&planned).contains("3 accounts"), "{}", stdout(&planned));
}

#[test]
fn a_proxy_that_opens_tls_is_trusted_by_its_authority() {
    let served = serve(Simulator::new(good_world()));
    let (address, heard, pem) = opening(served.address, &["aws.example.invalid", "*.aws.example.invalid"]);
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("corporate.pem");
    std::fs::write(&bundle, pem).unwrap();
    let proxy = format!("http://user:hunter2@{address}");
    let set = [("AWS_ENDPOINT_URL", "https://aws.example.invalid"), ("HTTPS_PROXY", proxy.as_str())];
    let output = doctor(&served, &[set[0], set[1], ("AWS_CA_BUNDLE", bundle.to_str().unwrap())]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let first = heard.lock().unwrap().iter().find(|head| head.starts_with("CONNECT aws.example.invalid:443")).cloned();
    // RFC 7617: user and password, in base64.
    assert!(first.unwrap().contains("Basic dXNlcjpodW50ZXIy"), "{heard:?}");
    assert!(!stdout(&output).contains("hunter2"));
    let output = doctor(&served, &set);
    problem(&output, "endpoints", "its certificate is not trusted", "AWS_CA_BUNDLE");
}

#[test]
fn a_proxy_that_refuses_is_told_from_a_service_that_does() {
    let served = serve(Simulator::new(good_world()));
    let (address, heard) = refusing();
    let proxy = format!("http://{address}");
    let output = doctor(&served, &[("HTTPS_PROXY", &proxy)]);
    problem(&output, "endpoints", "the proxy does not let us through", "user and password");
    problem(&output, "credentials", "", "doctor");
    let heard = heard.lock().unwrap();
    assert!(heard.iter().any(|head| head.starts_with("CONNECT sts.us-east-1.amazonaws.com:443")), "{heard:?}");
    assert!(heard.iter().any(|head| head.starts_with("CONNECT cloudtrail.eu-west-1.amazonaws.com:443")), "{heard:?}");
    let scan = trailproof()
        .envs([("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("https_proxy", &proxy)])
        .args(["scan", "--account-only", "--call-timeout", "4"])
        .output()
        .unwrap();
    assert_eq!(code(&scan), 2);
    assert!(stderr(&scan).contains("trailproof doctor"), "{}", stderr(&scan));
}
