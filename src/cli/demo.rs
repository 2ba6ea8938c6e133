//! `trailproof demo`: the whole way, over a simulated organization.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use clap::Args;
use jiff::Timestamp;

use super::collect::{until_interrupted, write_snapshot};
use super::destination::write_file;
use super::error::CliError;
use super::gate::Gate;
use super::judge::{Rules, digest, judge};
use super::progress::Display;
use crate::anchor::Anchors;
use crate::collect::{Entrance, Needs, Progress, Settings, collect};
use crate::emit::{Incomplete, write_json, write_sarif, write_text};
use crate::policy::Severity;
use crate::simulator::{DEMO_ROLE, Simulator, demo_organization};
use crate::snapshot::{Breadth, Selection, Snapshot};

/// Scan a bundled, simulated organization: no AWS account needed.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where report.json, findings.sarif and snapshot.json go
    #[arg(long, value_name = "DIR", default_value = "trailproof-demo")]
    out: PathBuf,
    /// Serve the simulated organization on a loopback port instead, for other clients
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "out")]
    serve: Option<SocketAddr>,
}

impl Demo {
    pub(super) fn run(self) -> Result<u8, CliError> {
        match self.serve {
            Some(address) => serve(address),
            None => tour(&self.out),
        }
    }
}

fn tour(out: &Path) -> Result<u8, CliError> {
    let rules = Rules::recommended();
    let simulator = Simulator::new(demo_organization(Timestamp::now()));
    let snapshot = until_interrupted(|| None, read(&simulator))?;
    let report = judge(&snapshot, digest(&snapshot), &rules, &Gate::at(Severity::Medium))?;
    fs::create_dir_all(out)
        .map_err(|error| CliError::Usage(format!("cannot make the folder {}: {error}", out.display())))?;
    write_snapshot(&snapshot, &out.join("snapshot.json"))?;
    write_file(&out.join("report.json"), |writer| write_json(&report, writer))?;
    write_file(&out.join("findings.sarif"), |writer| {
        write_sarif(&report, &Anchors::default(), Incomplete::Accept, writer)
    })?;
    super::output::to_stdout(|style, writer| {
        write_text(&report, style, writer)?;
        writeln!(writer, "\nreport.json, findings.sarif and snapshot.json are in {}\n\nnext:", out.display())?;
        let snapshot = out.join("snapshot.json");
        writeln!(writer, "  trailproof check {} --fail-on high", snapshot.display())?;
        writeln!(writer, "  trailproof scan --account-only")?;
        writeln!(writer, "  trailproof scan --role-name ROLE --output text --output sarif=findings.sarif")
    })
    .map_err(CliError::Stdout)?;
    Ok(0)
}

async fn read(simulator: &Simulator) -> Result<Snapshot, CliError> {
    let (key, secret) = simulator.credentials();
    let base = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "simulator")))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SystemTimeSource::new())
        .build();
    let settings = Settings {
        selection: Selection {
            breadth: Breadth::Organization,
            role_name: Some(DEMO_ROLE.to_owned()),
            ..Selection::default()
        },
        // So that the snapshot can be judged by any pack.
        needs: Needs::everything(),
        entrance: Some(Entrance {
            role_name: DEMO_ROLE.to_owned(),
            external_id: None,
            session_name: "trailproof".to_owned(),
        }),
        accounts_at_once: 16,
        ..Settings::default()
    };
    let progress = Arc::new(Progress::default());
    let display = Display::start(progress.clone());
    let collected = collect(&base, simulator.http_client(), &settings, progress).await;
    drop(display);
    Ok(collected?)
}

fn serve(address: SocketAddr) -> Result<u8, CliError> {
    if !address.ip().is_loopback() {
        let message =
            format!("--serve {address}: the simulator is served on a loopback address only, such as 127.0.0.1:4599");
        return Err(CliError::Usage(message));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Start)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| CliError::Usage(format!("cannot listen on {address}: {error}")))?;
        let bound = listener.local_addr().map_err(CliError::Start)?;
        let simulator = Simulator::new(demo_organization(Timestamp::now()));
        announce(&simulator, bound).map_err(CliError::Stdout)?;
        let interrupted = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        simulator.serve(listener, interrupted).await.map_err(CliError::Start)?;
        Ok(0)
    })
}

/// Prints what another client needs, in a form that a shell can read.
fn announce(simulator: &Simulator, bound: SocketAddr) -> std::io::Result<()> {
    let (key, secret) = simulator.credentials();
    super::output::to_stdout(|_, writer| {
        writeln!(writer, "# a simulated organization; Ctrl-C ends it. In another shell:")?;
        writeln!(writer, "export AWS_ENDPOINT_URL=http://{bound} AWS_REGION=us-east-1")?;
        writeln!(writer, "export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}")?;
        writeln!(writer, "trailproof scan --role-name {DEMO_ROLE}")
    })
}
