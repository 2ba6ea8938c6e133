//! Logging to stderr, when it is asked for.

use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::error::CliError;

/// Starts logging by `--log`, else by `RUST_LOG`; without either, nothing is logged.
pub(super) fn start(filter: Option<&str>) -> Result<(), CliError> {
    let filter = match (filter, std::env::var("RUST_LOG")) {
        (Some(filter), _) => filter.to_owned(),
        (None, Ok(filter)) if !filter.is_empty() => filter,
        _ => return Ok(()),
    };
    let ours = if filter.contains('=') { filter } else { format!("trailproof={filter}") };
    let parsed = EnvFilter::try_new(&ours).map_err(|error| CliError::Usage(format!("--log `{ours}`: {error}")))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    // A second start, in tests of the library, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(parsed.and(filter_fn(is_ours)))).try_init();
    Ok(())
}

/// Whether logging was asked for: then there are log lines instead of a progress bar.
pub(super) fn is_asked_for() -> bool {
    tracing::enabled!(tracing::Level::ERROR)
}

/// Whether a line is of this program. Those of the SDK and of what it is built on can hold requests whole, credentials
/// among them: they are left out, whatever is asked for.
fn is_ours(line: &Metadata<'_>) -> bool {
    line.target().split("::").next() == Some("trailproof")
}
