//! Logging to stderr, when it is asked for.

use tracing_subscriber::EnvFilter;

use super::error::CliError;

/// Starts logging by `--log`, else by `RUST_LOG`; without either, nothing is logged.
pub(super) fn start(filter: Option<&str>) -> Result<(), CliError> {
    let filter = match (filter, std::env::var("RUST_LOG")) {
        (Some(filter), _) => filter.to_owned(),
        (None, Ok(filter)) if !filter.is_empty() => filter,
        _ => return Ok(()),
    };
    // The SDK's own debug output can hold requests whole, credentials among them: it is left out whatever is asked.
    let ours = if filter.contains('=') { filter } else { format!("trailproof={filter}") };
    let quiet = ["aws", "hyper", "rustls", "h2"].iter().map(|target| target.to_string());
    let parsed = EnvFilter::try_new(&ours).map_err(|error| CliError::Usage(format!("--log `{ours}`: {error}")))?;
    let parsed = quiet.fold(parsed, |parsed, target| match format!("{target}=warn").parse() {
        Ok(directive) => parsed.add_directive(directive),
        Err(_) => parsed,
    });
    let started = tracing_subscriber::fmt().with_env_filter(parsed).with_writer(std::io::stderr).with_target(false);
    // A second start, in tests of the library, keeps the first.
    let _ = started.with_ansi(false).try_init();
    Ok(())
}

/// Whether logging was asked for: then there are log lines instead of a progress bar.
pub(super) fn is_asked_for() -> bool {
    tracing::enabled!(tracing::Level::ERROR)
}
