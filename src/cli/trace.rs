//! `trailproof trace`: which trails record an event.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::error::CliError;
use super::input::{read, read_snapshot};
use super::judge::{digest, ensure_anything};
use super::output::{PlainFormat, PlainOutputArguments, write_each};
use crate::derive::selector::Category;
use crate::derive::trace::{Outcome, Traces};
use crate::emit::{write_trace_json, write_trace_text};
use crate::event::{Asked, DocumentError, Missing, Template, TemplateError, names, records, sources};
use crate::id::{AccountId, Arn, RegionName};
use crate::policy::nearest;
use crate::snapshot::Snapshot;

/// Say which trails record an event: a CloudTrail record, or a template of one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Trace {
    /// A CloudTrail record, or a log file with many in `Records`, plain or compressed; - for stdin
    #[arg(value_name = "EVENT.json", required_unless_present = "event")]
    record: Option<PathBuf>,
    /// The snapshot whose trails are asked, plain or compressed; - for stdin
    #[arg(long, value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    #[command(flatten)]
    template: TemplateArguments,
    #[command(flatten)]
    output: PlainOutputArguments,
}

const EXAMPLES: &str =
    "Exit codes: 0 every event is recorded by some logging trail · 1 an event is recorded by none · \
2 usage, or a file that could not be read · 3 no event is known to be recorded by none, but of one it is unknown · \
5 an output could not be written

Examples:
  trailproof trace record.json --snapshot snapshot.json.gz
  trailproof trace --event s3:DeleteObject --resource arn:aws:s3:::ledger/2026.csv --account 111122223333 \
--region eu-central-1 --snapshot snapshot.json.gz";

/// An event, where there is no record of one.
#[derive(Debug, Args)]
#[command(next_help_heading = "Instead of a record")]
struct TemplateArguments {
    /// The event, its service named as in eventSource, such as s3:GetObject
    #[arg(long, value_name = "SERVICE:OPERATION", conflicts_with = "record", requires = "account")]
    event: Option<String>,
    /// What it is done to
    #[arg(long, value_name = "ARN", requires = "event")]
    resource: Option<Arn>,
    /// Whose copy of the event it is; of data events, the owner of the resource
    #[arg(long, value_name = "ID", requires = "event")]
    account: Option<AccountId>,
    /// Where it happens; not needed for services that write their events in one Region, such as IAM
    #[arg(long, value_name = "REGION", requires = "event")]
    region: Option<RegionName>,
    /// Whether it only reads, where its name does not tell it
    #[arg(long, value_name = "BOOL", requires = "event")]
    read_only: Option<bool>,
    /// The category, where its name does not tell it
    #[arg(long, value_name = "CATEGORY", requires = "event")]
    category: Option<CategoryArgument>,
    /// The type of resource of a data event, where its name does not tell it, such as AWS::SQS::Queue
    #[arg(long, value_name = "TYPE", requires = "event")]
    resource_type: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CategoryArgument {
    Management,
    Data,
    NetworkActivity,
}

impl Trace {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        if self.record.as_ref().is_some_and(|path| path.as_os_str() == "-") && self.snapshot.as_os_str() == "-" {
            let message = "event and snapshot cannot both come from stdin: give one of them as a file";
            return Err(CliError::Usage(message.to_owned()));
        }
        let given = self.record.as_deref().map(read_records).transpose()?;
        let snapshot = read_snapshot(&self.snapshot)?;
        ensure_anything(&snapshot)?;
        let traces = match (given, self.template.event.as_deref()) {
            (Some(records), _) => Traces::of_records(&snapshot, &records),
            (None, Some(event)) => Traces::of_event(&snapshot, self.template.of(event, &snapshot)?.event()),
            (None, None) => return Err(CliError::Usage("give a CloudTrail record, or --event".to_owned())),
        };
        let sha256 = digest(&snapshot);
        write_each(&outputs, |format, style, writer| match format {
            PlainFormat::Text => write_trace_text(&traces, style, writer),
            PlainFormat::Json => write_trace_json(&traces, &sha256, writer),
        })?;
        Ok(match traces.outcome() {
            Outcome::Recorded => 0,
            Outcome::NotRecorded => 1,
            Outcome::Unknown => 3,
        })
    }
}

fn read_records(path: &Path) -> Result<Vec<Value>, CliError> {
    let refused = |message: String, help: Option<&str>| CliError::Event {
        message: format!("{}: {message}", path.display()),
        help: help.map(str::to_owned),
    };
    let bytes = read(path).map_err(|error| refused(format!("cannot be read: {error}"), None))?;
    records(&bytes).map_err(|error| refused(error.to_string(), remedy(&error)))
}

fn remedy(error: &DocumentError) -> Option<&'static str> {
    match error {
        DocumentError::Digest => {
            Some("log files are beneath AWSLogs/…/CloudTrail/, their digests beneath AWSLogs/…/CloudTrail-Digest/")
        }
        DocumentError::Own(_) => Some("a snapshot goes to --snapshot, and the event is another file"),
        DocumentError::Compression(_) => Some("fetch the file anew"),
        DocumentError::NotJson(_) | DocumentError::Empty | DocumentError::NotARecord { .. } => {
            Some("it takes a CloudTrail record as JSON, or a log file with `Records`")
        }
        _ => None,
    }
}

impl TemplateArguments {
    fn of(&self, event: &str, snapshot: &Snapshot) -> Result<Template, CliError> {
        let Some(account) = self.account else {
            return Err(CliError::Usage("--event needs --account".to_owned()));
        };
        let asked = Asked {
            event,
            category: self.category.map(|category| match category {
                CategoryArgument::Management => Category::Management,
                CategoryArgument::Data => Category::Data,
                CategoryArgument::NetworkActivity => Category::NetworkActivity,
            }),
            read_only: self.read_only,
            resource_type: self.resource_type.as_deref(),
            resource: self.resource.as_ref(),
            account,
            region: self.region.clone(),
            partition: &snapshot.caller.partition,
        };
        Template::new(&asked).map_err(|error| {
            let help = match &error {
                TemplateError::Missing { event, what } => Some(say(event, *what)),
                _ => None,
            };
            CliError::Event { message: format!("--event {error}"), help }
        })
    }
}

/// What to say where a name does not tell it.
fn say(event: &str, what: Missing) -> String {
    match what {
        Missing::Category => {
            let meant = similar(event).map_or(String::new(), |near| format!("; or is {near} meant?"));
            format!("say --category management, data or network-activity{meant}")
        }
        Missing::ResourceType => "say --resource-type, such as AWS::SQS::Queue".to_owned(),
        Missing::Region => "say --region".to_owned(),
    }
}

/// A known event of a similar name.
fn similar(event: &str) -> Option<String> {
    let (service, name) = event.split_once(':')?;
    let service = nearest(service, sources())?;
    let source = format!("{service}.amazonaws.com");
    nearest(name, names(&source)).map(|name| format!("{service}:{name}"))
}
