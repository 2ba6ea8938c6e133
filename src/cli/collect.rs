//! `trailproof collect`: only read.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tokio::task::JoinHandle;

use super::arguments::{ConnectionArguments, RuleArguments, SelectionArguments, settings};
use super::destination::write_file;
use super::error::CliError;
use super::evidence::{Evidence, EvidenceArguments};
use super::journal::{self, JournalArguments};
use super::judge::Rules;
use super::progress::Display;
use crate::collect::{Network, Progress, Settings};
use crate::emit::plan_line;
use crate::snapshot::{Account, Breadth, Gap, Snapshot};

/// Only read: write what was read to a snapshot.
#[derive(Debug, Args)]
pub(super) struct Collect {
    /// The snapshot's file; .gz compresses
    #[arg(long, short, value_name = "PATH", env = "TRAILPROOF_SNAPSHOT")]
    output: PathBuf,
    #[command(flatten)]
    connection: ConnectionArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    rules: RuleArguments,
    #[command(flatten)]
    journal: JournalArguments,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Read what any rule might need, not only what these do
    #[arg(long, env = "TRAILPROOF_EVERYTHING", help_heading = "Rules")]
    everything: bool,
}

impl Collect {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let rules = Rules::load(&self.rules)?;
        let needs = if self.everything { rules.everything() } else { rules.needs() };
        let settings = settings(&self.connection, &self.selection, rules.organization(), needs)?;
        let mut evidence = self.evidence.begin()?;
        let journal = self.journal.open(Some(&self.output))?;
        let answers = evidence.as_mut().map(Evidence::answers).transpose()?;
        let settings = Settings { journal: journal.clone(), answers, ..settings };
        let snapshot = collect(&self.connection, settings)?;
        write_snapshot(&snapshot, &self.output)?;
        evidence.map_or(Ok(()), |evidence| evidence.finish(&snapshot, None))?;
        journal::close(journal.as_deref(), &snapshot);
        if let Some(shards) = &snapshot.selection.shards {
            let visited = accounts(&snapshot).filter(|account| shards.hold(account.id)).count();
            let gaps = gaps(&snapshot).filter(|gap| !shards.leave_out(gap)).count();
            anstream::eprintln!(
                "shard {shards}: {visited} of {} accounts, {gaps} gaps; join it with the others: trailproof merge",
                accounts(&snapshot).count()
            );
            return Ok(if gaps == 0 { 0 } else { 3 });
        }
        Ok(summed_up(&snapshot, &self.output))
    }
}

fn accounts(snapshot: &Snapshot) -> impl Iterator<Item = &Account> {
    snapshot.accounts.iter().filter(|account| account.is_active())
}

/// What was to be read and was not answered.
fn gaps(snapshot: &Snapshot) -> impl Iterator<Item = &Gap> {
    snapshot.gaps.iter().filter(|gap| !snapshot.selection.leaves_open(gap))
}

/// Says what a snapshot holds; the exit code.
pub(super) fn summed_up(snapshot: &Snapshot, path: &Path) -> u8 {
    let (accounts, gaps) = (accounts(snapshot).count(), gaps(snapshot).count());
    let left_open = if snapshot.selection.fast { "; what each Region sees was not to be read" } else { "" };
    anstream::eprintln!(
        "{accounts} accounts, {} trails, {gaps} gaps{left_open}; judge it: trailproof check {}",
        snapshot.trails.len(),
        path.display()
    );
    match (accounts, gaps) {
        (0, _) => 4,
        (_, 0) => 0,
        _ => 3,
    }
}

/// Reads what the settings ask for.
pub(super) fn collect(connection: &ConnectionArguments, settings: Settings) -> Result<Snapshot, CliError> {
    let how_to_go_on = || Some(journal::how_to_go_on(settings.journal.as_deref()));
    until_interrupted(how_to_go_on, async {
        let http = Network::from_environment()?.client();
        let base = super::connection::load(connection, http.clone()).await;
        let progress = Arc::new(Progress::default());
        let display = Display::start(progress.clone());
        let announced = announce(progress.clone(), display.as_ref());
        let collected = crate::collect::collect(&base, http, &settings, progress).await;
        if collected.is_err() {
            announced.abort();
        }
        let _ = announced.await;
        drop(display);
        let snapshot = collected?;
        if let Some(wanted) = connection.partition.as_ref().filter(|wanted| **wanted != snapshot.caller.partition) {
            let found = &snapshot.caller.partition;
            return Err(CliError::Usage(format!("the credentials are of the partition {found}, not of {wanted}")));
        }
        if snapshot.selection.breadth == Breadth::Account {
            anstream::eprintln!("only the caller's account was read; --role-name NAME reads the whole organization");
        }
        Ok(snapshot)
    })
}

/// Prints what the run will take, as soon as that is known.
fn announce(progress: Arc<Progress>, display: Option<&Display>) -> JoinHandle<()> {
    let bar = display.map(Display::bar);
    tokio::spawn(async move {
        let Some(plan) = progress.planned().await else { return };
        let say = || anstream::eprintln!("{}", plan_line(plan));
        match bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    })
}

/// Runs a future to its end, or until somebody asks to stop: then nothing is waited for.
pub(super) fn until_interrupted<T>(
    how_to_go_on: impl FnOnce() -> Option<String>,
    work: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    // One thread waits for all answers: more of them would wake each other for every one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CliError::Start)?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = work => done,
            () = asked_to_stop() => Err(CliError::Interrupted { how_to_go_on: how_to_go_on() }),
        }
    });
    runtime.shutdown_background();
    done
}

/// Waits for Ctrl-C, or for the signal by which schedulers end a process.
async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Writes a snapshot; a path that ends in `.gz` is compressed.
pub(super) fn write_snapshot(snapshot: &Snapshot, path: &Path) -> Result<(), CliError> {
    let compressed = path.extension().is_some_and(|extension| extension == "gz");
    write_file(
        path,
        |writer| {
            if compressed { snapshot.write_compressed(writer) } else { snapshot.write_json(writer) }
        },
    )?;
    Ok(())
}
