//! Progress on stderr, where it is a terminal and nothing else is logged there.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;

use crate::collect::Progress;

/// A bar that follows a run until it is dropped.
pub(super) struct Display {
    bar: ProgressBar,
    follower: JoinHandle<()>,
}

impl Display {
    /// Begins to show a run; nothing where stderr is no terminal or log lines go there.
    pub(super) fn start(progress: Arc<Progress>) -> Option<Self> {
        if !std::io::stderr().is_terminal() || super::log::is_asked_for() {
            return None;
        }
        let scanning = ProgressStyle::with_template("{bar:24} {pos}/{len} accounts · {msg} · {elapsed}").ok()?;
        let listing = ProgressStyle::with_template("{spinner} listing accounts · {msg} · {elapsed}").ok()?;
        let bar = ProgressBar::new(0).with_style(listing).with_message(said(&progress));
        let shown = bar.clone();
        let follower = tokio::spawn(async move {
            let mut style = Some(scanning);
            loop {
                let accounts = progress.accounts.load(Ordering::Relaxed);
                if accounts > 0
                    && let Some(scanning) = style.take()
                {
                    shown.set_style(scanning);
                }
                shown.set_length(accounts);
                shown.set_position(progress.accounts_done.load(Ordering::Relaxed));
                shown.set_message(said(&progress));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Some(Self { bar, follower })
    }

    /// The bar itself, for who prints beside it.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

fn said(progress: &Progress) -> String {
    let requests = progress.requests.load(Ordering::Relaxed);
    let throttles = progress.throttles.load(Ordering::Relaxed);
    // What trails use is read when all accounts are.
    let accounts = progress.accounts.load(Ordering::Relaxed);
    let done = accounts > 0 && progress.accounts_done.load(Ordering::Relaxed) == accounts;
    let reading = if done { "reading buckets, keys and what else trails use · " } else { "" };
    format!("{reading}{requests} requests, {throttles} throttled")
}

impl Drop for Display {
    fn drop(&mut self) {
        self.follower.abort();
        self.bar.finish_and_clear();
    }
}
