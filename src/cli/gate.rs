//! The gate: which findings close it, and what is excepted.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::error::CliError;
use super::input;
use crate::earlier::{EarlierError, EarlierReport};
use crate::evaluate::{Exceptions, REMINDER_DAYS};
use crate::policy::{GateSettings, Severity};
use crate::snapshot::Snapshot;

/// A snapshot that is older is said to be.
const STALE: i64 = 7;

/// Which findings close the gate, and what is excepted.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is judged")]
pub(super) struct GateArguments {
    /// Findings of this severity or above close the gate [default: medium]
    #[arg(long, value_name = "SEVERITY", env = "TRAILPROOF_FAIL_ON", value_parser = FailOn::parse)]
    fail_on: Option<FailOn>,
    /// Exit with 0 though the picture is incomplete
    #[arg(
        long,
        value_name = "BOOL",
        env = "TRAILPROOF_ALLOW_INCOMPLETE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_incomplete: Option<bool>,
    /// A file of waivers, besides those of the configuration; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) waivers: Vec<PathBuf>,
    /// Leave all waivers aside, and show what lies beneath
    #[arg(long, env = "TRAILPROOF_NO_WAIVERS")]
    no_waivers: bool,
    /// The day by which waivers are judged, in UTC, and the age of the snapshot is told [default: the snapshot's day, and
    /// today]
    #[arg(long, value_name = "DATE", env = "TRAILPROOF_AS_OF")]
    as_of: Option<Date>,
    /// Tell of waivers that end within so many days [default: 14]
    #[arg(long, value_name = "DAYS", env = "TRAILPROOF_WAIVER_REMINDER_DAYS")]
    waiver_reminder_days: Option<u32>,
    /// A waiver that lives longer than so many days waives nothing
    #[arg(long, value_name = "DAYS", env = "TRAILPROOF_WAIVER_LONGEST_DAYS")]
    waiver_longest_days: Option<u32>,
    /// An earlier report as JSON: what failed there does not close the gate
    #[arg(long, value_name = "REPORT", env = "TRAILPROOF_KNOWN")]
    known: Option<PathBuf>,
}

/// The severity of the gate; nothing where there is none.
#[derive(Debug, Clone, Copy)]
struct FailOn(Option<Severity>);

impl FailOn {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(None));
        }
        text.parse()
            .map(|severity| Self(Some(severity)))
            .map_err(|_| "give one of critical, high, medium, low, info, none".to_owned())
    }
}

/// The gate of a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gate {
    #[serde(with = "severity")]
    pub(super) fail_on: Option<Severity>,
    pub(super) allow_incomplete: bool,
    /// Whether they were given by hand: then they count for all accounts.
    pub(super) fail_on_is_given: bool,
    pub(super) allow_incomplete_is_given: bool,
    no_waivers: bool,
    as_of: Option<Date>,
    reminder_days: u32,
    longest_days: Option<u32>,
    #[serde(skip)]
    known: Option<Known>,
}

/// An earlier report, and its bytes.
#[derive(Debug, Clone)]
struct Known {
    report: EarlierReport,
    bytes: Vec<u8>,
}

/// The severity of a gate in a document; null where nothing closes it.
mod severity {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::policy::Severity;

    pub(super) fn serialize<S: Serializer>(severity: &Option<Severity>, serializer: S) -> Result<S::Ok, S::Error> {
        severity.map(Severity::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Severity>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

impl Gate {
    /// A gate at a severity, with nothing excepted.
    pub(super) fn at(severity: Severity) -> Self {
        Self { fail_on: Some(severity), ..Self::default() }
    }

    /// What is excepted.
    pub(super) fn exceptions(&self) -> Exceptions<'_> {
        let Self { no_waivers, as_of, reminder_days, longest_days, .. } = *self;
        let known = self.known.as_ref().map(|known| &known.report);
        Exceptions { no_waivers, as_of, reminder_days, longest_days, known, ..Exceptions::default() }
    }

    /// The bytes of the earlier report.
    pub(super) fn known(&self) -> Option<&[u8]> {
        self.known.as_ref().map(|known| known.bytes.as_slice())
    }

    /// The same with an earlier report.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) fn knowing(self, bytes: Vec<u8>) -> Result<Self, EarlierError> {
        let report = EarlierReport::from_document(&bytes)?;
        Ok(Self { known: Some(Known { report, bytes }), ..self })
    }

    /// Refuses an earlier report of another organization: nothing of it would be known, and all of it gone.
    pub(super) fn ensure_known_is_of(&self, snapshot: &Snapshot) -> Result<(), CliError> {
        let Some(Known { report: known, .. }) = &self.known else { return Ok(()) };
        let organization = snapshot.organization.as_ref().map(|listed| listed.id.as_str());
        let named = |id: Option<&str>| id.map_or_else(|| "no organization".to_owned(), str::to_owned);
        let (before, now) = (known.snapshot.organization.as_deref(), organization);
        if before != now || known.snapshot.partition != snapshot.caller.partition.as_str() {
            let message = format!("--known: that report is of {}, and this snapshot of {}", named(before), named(now));
            return Err(CliError::Usage(message));
        }
        Ok(())
    }

    /// How many days old a snapshot is, where it is older than a week: by the day that was given, else by this machine's
    /// clock.
    pub(super) fn stale_days(&self, snapshot: &Snapshot) -> Option<u32> {
        let now = match self.as_of {
            // The end of that day.
            Some(day) => day.checked_add(1.day()).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
            None => Timestamp::now(),
        };
        let days = now.duration_since(snapshot.taken_at).as_hours() / 24;
        u32::try_from(days).ok().filter(|_| days > STALE)
    }
}

impl GateArguments {
    /// The gate: what the command line or the environment says counts before the configuration, whose folder is `home`.
    ///
    /// # Errors
    /// Where an earlier report is named and cannot be read.
    pub(super) fn gate(&self, configured: &GateSettings, home: Option<&Path>) -> Result<Gate, CliError> {
        let fail_on = self.fail_on.map(|FailOn(severity)| severity).or(configured.fail_on);
        let beside = |path: &String| home.unwrap_or(Path::new("")).join(path);
        let known = self.known.clone().or_else(|| configured.known.as_ref().map(beside));
        let gate = Gate {
            fail_on: fail_on.unwrap_or(Some(Severity::Medium)),
            allow_incomplete: self.allow_incomplete.or(configured.allow_incomplete).unwrap_or(false),
            fail_on_is_given: self.fail_on.is_some(),
            allow_incomplete_is_given: self.allow_incomplete.is_some(),
            no_waivers: self.no_waivers,
            as_of: self.as_of,
            reminder_days: self.waiver_reminder_days.or(configured.waiver_reminder_days).unwrap_or(REMINDER_DAYS),
            longest_days: self.waiver_longest_days.or(configured.waiver_longest_days),
            known: None,
        };
        let Some(path) = known else { return Ok(gate) };
        let bytes = input::read(&path).map_err(|source| CliError::ReportUnreadable { path: path.clone(), source })?;
        gate.knowing(bytes).map_err(|source| CliError::ReportRefused { path, source })
    }
}
