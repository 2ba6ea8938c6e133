//! What collecting takes as organizations grow: `cargo bench --bench collect`, or with `-- ACCOUNTS…` for other sizes and
//! `-- --latency MILLISECONDS` for another latency. Linux only.
//!
//! Client and simulated organization are two processes over loopback; the client is the binary. Beside each figure stands
//! the least that it could be: docs/speed.md has the formula.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and stops where its input is wrong")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::Value;
use trailproof::simulator::DEMO_ROLE;

#[path = "support/organization.rs"]
mod organization;
#[path = "support/process.rs"]
mod process;

use process::Taken;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const LATENCIES: [u64; 2] = [0, 50];

/// As many requests as the binary has under way at once: 64 accounts, four Regions each.
const AT_ONCE: f64 = 256.0;
const REGIONS_AT_ONCE: f64 = 4.0;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [serve, accounts, latency] = arguments.as_slice()
        && serve == "--serve"
    {
        let latency = Duration::from_millis(latency.parse().unwrap());
        return organization::serve(accounts.parse().unwrap(), latency).unwrap();
    }
    let (mut sizes, mut latencies) = (Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--latency" => latencies.push(rest.next().unwrap().parse().unwrap()),
            size => sizes.push(size.parse().unwrap()),
        }
    }
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    if latencies.is_empty() {
        latencies.extend(LATENCIES);
    }
    println!(
        "| accounts | latency | command | time | at least | × | requests | planned = made | CPU a request | peak memory |"
    );
    println!("|---:|---:|---|---:|---:|---:|---:|---|---:|---:|");
    for latency in latencies {
        for accounts in &sizes {
            measure(*accounts, latency);
        }
    }
}

/// Collects an organization, and scans it, each against a simulator of its own.
fn measure(accounts: usize, latency: u64) {
    for command in ["collect", "scan"] {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = folder.path().join("snapshot.json");
        let server = Server::start(accounts, latency);
        let taken = server.run(command, &snapshot);
        assert!(matches!(taken.status.code(), Some(0 | 1)), "{command} ended with {}", taken.status);
        let read: Value = serde_json::from_slice(&fs::read(&snapshot).unwrap()).unwrap();
        let made = Made::of(&read);
        // What there is beside the accounts is only known from an earlier run.
        let planned = server.planned(&snapshot);
        let (seconds, bound) = (taken.time.as_secs_f64(), made.bound(latency as f64 / 1000.0));
        println!(
            "| {accounts} | {latency} ms | `{command}` | {seconds:.2} s | {bound:.2} s | {} | {} | {} | {:.0} µs | {:.0} MB |",
            if bound > 0.0 { format!("{:.2}", seconds / bound) } else { "–".to_owned() },
            made.requests,
            if planned == made.calls() { "yes".to_owned() } else { format!("{planned}, {}", made.calls()) },
            taken.cpu * 1e6 / made.requests as f64,
            taken.peak as f64 / 1e6,
        );
    }
}

/// The simulated organization, in a process of its own.
struct Server {
    process: Child,
    /// The endpoint, and the key's id and secret.
    told: [String; 3],
}

impl Server {
    fn start(accounts: usize, latency: u64) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--serve", &accounts.to_string(), &latency.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Self { process, told: told.try_into().unwrap() }
    }

    fn client(&self, command: &str) -> Command {
        let [endpoint, key, secret] = &self.told;
        let mut client = Command::new(env!("CARGO_BIN_EXE_trailproof"));
        client.args([command, "--role-name", DEMO_ROLE]).env_clear().stderr(Stdio::null());
        client.envs([("AWS_ENDPOINT_URL", endpoint.as_str()), ("AWS_REGION", "us-east-1"), ("HOME", "/nonexistent")]);
        client.envs([("AWS_ACCESS_KEY_ID", key), ("AWS_SECRET_ACCESS_KEY", secret)]);
        client
    }

    fn run(&self, command: &str, snapshot: &Path) -> Taken {
        let mut client = self.client(command);
        match command {
            "collect" => client.arg("-o").arg(snapshot),
            _ => {
                let report = snapshot.with_file_name("report.json");
                client.arg("--snapshot").arg(snapshot).args(["--output", &format!("json={}", report.display())])
            }
        };
        let began = Instant::now();
        process::wait(client.spawn().unwrap(), began).unwrap()
    }

    /// How many calls are planned for what a snapshot has.
    fn planned(&self, like: &Path) -> u64 {
        let output = self.client("plan").args(["--format", "json", "--like"]).arg(like).output().unwrap();
        assert!(output.status.success(), "plan ended with {}", output.status);
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        plan["total"].as_u64().unwrap()
    }
}

impl Drop for Server {
    /// It ends with its standard input.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

/// What a run made, by its snapshot.
struct Made {
    requests: u64,
    calls: Vec<(String, u64)>,
    accounts: f64,
    regions: f64,
}

impl Made {
    fn of(snapshot: &Value) -> Self {
        let run = &snapshot["run"];
        let count = |call: &Value| ["answered", "unanswered"].iter().filter_map(|how| call[how].as_u64()).sum();
        let calls: Vec<(String, u64)> =
            run["calls"].as_object().unwrap().iter().map(|(name, call)| (name.clone(), count(call))).collect();
        let regions = run["plan"]["regions"].as_f64().unwrap();
        Self {
            requests: run["requests"].as_u64().unwrap(),
            accounts: snapshot["accounts"].as_array().unwrap().len() as f64,
            calls,
            regions,
        }
    }

    /// How many calls were made.
    fn calls(&self) -> u64 {
        self.calls.iter().map(|(_, count)| count).sum()
    }

    fn of_call(&self, operation: &str) -> f64 {
        self.calls.iter().filter(|(name, _)| name == operation).map(|(_, count)| *count as f64).sum()
    }

    /// The least that the run could take, in seconds: the longest of three waits.
    fn bound(&self, latency: f64) -> f64 {
        let listings = self.of_call("organizations:ListAccountsForParent");
        let pages = listings.max(self.accounts / 20.0) + self.of_call("organizations:ListOrganizationalUnitsForParent");
        // Entering, its Regions, the sweeps four at a time, then what hangs on its trail: status, selectors, tags.
        let sweeps = (self.of_call("cloudtrail:DescribeTrails") / self.accounts / self.regions).round()
            + (self.of_call("cloudtrail:ListEventDataStores") / self.accounts / self.regions).round();
        let chain = 2.0 + sweeps * (self.regions / REGIONS_AT_ONCE).ceil() + 3.0;
        let waits = [
            (pages + chain) * latency,
            self.calls() as f64 * latency / AT_ONCE,
            (pages - 8.0).max(0.0) / 5.0,
            self.of_call("sts:AssumeRole") / 600.0,
            (self.of_call("organizations:ListPoliciesForTarget") - 8.0).max(0.0) / 5.0,
            (self.of_call("organizations:DescribePolicy") - 2.0).max(0.0) / 2.0,
        ];
        waits.into_iter().fold(0.0, f64::max)
    }
}
