//! Settings of the network that cannot be used, and what a scan makes of them.

use crate::problem;
use crate::simulated::{ROLE, code, good_world, serve, stderr, stdout};
use trailproof::simulator::Simulator;

#[test]
fn settings_that_cannot_be_used_end_every_run() {
    let served = serve(Simulator::new(good_world()));
    let with = |variable: &str, value: &str, arguments: &[&str]| {
        served.trailproof().args(arguments).env(variable, value).output().unwrap()
    };
    for (variable, value, said, fix) in [
        (
            "HTTPS_PROXY",
            "socks5://user:hunter2@one:1080",
            "HTTPS_PROXY cannot be used: `socks5://…@one:1080`",
            "http://HOST:PORT",
        ),
        ("http_proxy", "http://", "http_proxy cannot be used: `http://` is no address", "http://HOST:PORT"),
        ("AWS_CA_BUNDLE", "/no/such/file", "AWS_CA_BUNDLE cannot be used: /no/such/file cannot be read", "PEM"),
    ] {
        let output = with(variable, value, &["doctor", "--format", "json"]);
        problem(&output, "proxy", said, fix);
        for command in [&["scan", "--role-name", ROLE][..], &["plan", "--account-only"]] {
            let output = with(variable, value, command);
            assert_eq!(code(&output), 2, "{}", stdout(&output));
            assert!(stderr(&output).contains(said) && !stderr(&output).contains("hunter2"), "{}", stderr(&output));
        }
    }
    assert!(served.simulator.requests().is_empty());
}
