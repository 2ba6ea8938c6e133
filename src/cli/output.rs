//! `--output FORMAT[=PATH]`: which formats go where.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::anchors::{AnchorArguments, AnchorSources};
use super::destination::write_file;
use super::error::CliError;
use super::hyperlink;
use super::input;
use super::judge::Rules;
use super::sarif::{SarifArguments, SarifSettings};
use crate::anchor::SourceRoot;
use crate::emit::{
    TextStyle, write_asff, write_csv, write_full_sarif, write_github, write_html, write_json, write_json_lines,
    write_junit, write_markdown, write_ocsf, write_oscal, write_sarif, write_text,
};
use crate::evaluate::{EarlierStanding, Report, trend};
use crate::policy::OutputSetting;
use crate::snapshot::Snapshot;

/// Where the report goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArguments {
    /// A format (text, json, jsonl, csv, markdown, html, junit, github, sarif, sarif-full, ocsf, asff, oscal) and the file
    /// that it goes to, - or nothing for stdout; may be repeated. Without any, text on stdout
    #[arg(long, short, value_name = "FORMAT[=PATH]", env = "TRAILPROOF_OUTPUT", value_delimiter = ',')]
    output: Vec<Output<Format>>,
    /// The root that locations in SARIF are relative to; otherwise the nearest folder with a .git
    #[arg(long, value_name = "DIR", env = "TRAILPROOF_SOURCE_ROOT")]
    source_root: Option<PathBuf>,
    /// An earlier report as JSON, for how findings and observed accounts changed, in HTML and Markdown; may be repeated
    #[arg(long, value_name = "REPORT", env = "TRAILPROOF_TREND", value_delimiter = ',')]
    trend: Vec<PathBuf>,
    #[command(flatten)]
    anchors: AnchorArguments,
    #[command(flatten)]
    sarif: SarifArguments,
}

/// Where an answer goes that has no SARIF form.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct PlainOutputArguments {
    /// A format (text, json) and the file that it goes to, - or nothing for stdout; may be repeated. Without any, text
    /// on stdout
    #[arg(long, short, value_name = "FORMAT[=PATH]")]
    output: Vec<Output<PlainFormat>>,
}

/// Where a difference goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct DiffOutputArguments {
    /// A format (text, markdown, json) and the file that it goes to, - or nothing for stdout; may be repeated. Without any,
    /// text on stdout
    #[arg(long, short, value_name = "FORMAT[=PATH]")]
    output: Vec<Output<DiffFormat>>,
}

/// One output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output<F> {
    format: F,
    /// Nothing for stdout.
    path: Option<PathBuf>,
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    JsonLines,
    Csv,
    Markdown,
    Html,
    Junit,
    Github,
    Sarif,
    FullSarif,
    Ocsf,
    Asff,
    Oscal,
}

/// The formats of other answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainFormat {
    Text,
    Json,
}

/// The formats of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DiffFormat {
    Text,
    Markdown,
    Json,
}

impl Format {
    /// Whether its results stand at places in a repository.
    fn has_places(self) -> bool {
        matches!(self, Self::Sarif | Self::FullSarif | Self::Github)
    }
}

impl FromStr for DiffFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            _ => Err("the formats are text, markdown and json".to_owned()),
        }
    }
}

impl DiffOutputArguments {
    /// The outputs asked for, refusing two to one place.
    pub(super) fn outputs(&self) -> Result<Vec<Output<DiffFormat>>, CliError> {
        one_for_each_place(&self.output, DiffFormat::Text)
    }
}

/// The formats, as they are named.
const FORMATS: &str = "text, json, jsonl, csv, markdown, html, junit, github, sarif, sarif-full, ocsf, asff and oscal";

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "jsonl" => Ok(Self::JsonLines),
            "csv" => Ok(Self::Csv),
            "markdown" => Ok(Self::Markdown),
            "html" => Ok(Self::Html),
            "junit" => Ok(Self::Junit),
            "github" => Ok(Self::Github),
            "sarif" => Ok(Self::Sarif),
            "sarif-full" => Ok(Self::FullSarif),
            "ocsf" => Ok(Self::Ocsf),
            "asff" => Ok(Self::Asff),
            "oscal" => Ok(Self::Oscal),
            _ => Err(format!("the formats are {FORMATS}")),
        }
    }
}

impl FromStr for PlainFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("the formats are text and json".to_owned()),
        }
    }
}

impl<F: FromStr<Err = String>> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = match text.split_once('=') {
            Some((format, path)) => (format, Some(path)),
            None => (text, None),
        };
        let format = format.parse()?;
        if path == Some("") {
            return Err("there is no path after =".to_owned());
        }
        Ok(Self { format, path: path.filter(|path| *path != "-").map(PathBuf::from) })
    }
}

impl OutputArguments {
    /// The outputs asked for, else those of the configuration; refusing what cannot be: two on stdout, two to one file, a
    /// source root that is not there.
    pub(super) fn outputs(&self, rules: &Rules) -> Result<Outputs, CliError> {
        let asked = if self.output.is_empty() { configured(rules)? } else { self.output.clone() };
        let outputs = one_for_each_place(&asked, Format::Text)?;
        if let Some(root) = self.source_root.as_ref().filter(|root| !root.is_dir()) {
            return Err(CliError::Usage(format!("--source-root {}: no such folder", root.display())));
        }
        let read = |path: &PathBuf| -> Result<_, CliError> {
            Ok((path.clone(), EarlierStanding::of(&input::read_report(path)?)))
        };
        let earlier = self.trend.iter().map(read).collect::<Result<_, CliError>>()?;
        let root = match &self.source_root {
            Some(root) => SourceRoot::at(root),
            None => SourceRoot::nearest(Path::new(".")),
        };
        let anchors = match outputs.iter().any(|output| output.format.has_places()) {
            true => self.anchors.sources(rules, &root)?,
            false => AnchorSources::default(),
        };
        Ok(Outputs { outputs, root, anchors, earlier, sarif: self.sarif.settings()? })
    }
}

/// The outputs that the configuration names; a path is by its way from there.
fn configured(rules: &Rules) -> Result<Vec<Output<Format>>, CliError> {
    let (named, file) = rules.outputs();
    let file = file.unwrap_or(Path::new(""));
    let home = file.parent().unwrap_or(Path::new(""));
    let read = |setting: &OutputSetting| match setting.text.parse::<Output<Format>>() {
        Ok(output) => Ok(Output { path: output.path.map(|path| home.join(path)), ..output }),
        Err(message) => Err(format!("{}:{}: output `{}`: {message}", file.display(), setting.line, setting.text)),
    };
    let (mut outputs, mut wrong) = (Vec::new(), Vec::new());
    for read in named.iter().map(read) {
        match read {
            Ok(output) => outputs.push(output),
            Err(message) => wrong.push(message),
        }
    }
    if wrong.is_empty() { Ok(outputs) } else { Err(CliError::Usage(wrong.join("\n  "))) }
}

impl PlainOutputArguments {
    /// The outputs asked for, refusing two to one place.
    pub(super) fn outputs(&self) -> Result<Vec<Output<PlainFormat>>, CliError> {
        one_for_each_place(&self.output, PlainFormat::Text)
    }
}

/// The outputs, or one on stdout where none was asked for.
fn one_for_each_place<F: Copy>(asked: &[Output<F>], default: F) -> Result<Vec<Output<F>>, CliError> {
    if asked.is_empty() {
        return Ok(vec![Output { format: default, path: None }]);
    }
    for (index, output) in asked.iter().enumerate() {
        if asked[..index].iter().any(|earlier| earlier.path == output.path) {
            let place = output.path.as_ref().map_or("stdout".to_owned(), |path| path.display().to_string());
            return Err(CliError::Usage(format!("two outputs go to {place}: give each a path of its own")));
        }
    }
    Ok(asked.iter().map(|output| Output { format: output.format, path: output.path.clone() }).collect())
}

/// The outputs of a run.
#[derive(Debug)]
pub(super) struct Outputs {
    outputs: Vec<Output<Format>>,
    root: SourceRoot,
    anchors: AnchorSources,
    /// Earlier reports, by the files that they came from.
    earlier: Vec<(PathBuf, EarlierStanding)>,
    sarif: SarifSettings,
}

impl Outputs {
    /// The report, with how things stood in the earlier ones that were named.
    ///
    /// # Errors
    /// Where one of them is of another organization.
    pub(super) fn with_trend(&self, report: Report) -> Result<Report, CliError> {
        if self.earlier.is_empty() {
            return Ok(report);
        }
        let mut standings = Vec::new();
        for (path, earlier) in &self.earlier {
            standings.push(
                earlier
                    .seen_from(&report)
                    .map_err(|error| CliError::Usage(format!("--trend {}: {error}", path.display())))?,
            );
        }
        Ok(Report { trend: trend(standings, &report), ..report })
    }

    /// Writes the report of a snapshot to all of them.
    pub(super) fn write(self, report: &Report, snapshot: &Snapshot) -> Result<(), CliError> {
        let incomplete = self.sarif.incomplete(report)?;
        let anchors = self.anchors.anchors(self.root, report, snapshot);
        write_each(&self.outputs, |format, style, writer| match format {
            Format::Text => write_text(report, style, writer),
            Format::Json => write_json(report, writer),
            Format::JsonLines => write_json_lines(report, writer),
            Format::Csv => write_csv(report, writer),
            Format::Markdown => write_markdown(report, writer),
            Format::Html => write_html(report, writer),
            Format::Junit => write_junit(report, writer),
            Format::Github => write_github(report, &anchors, writer),
            Format::Sarif => write_sarif(report, &anchors, incomplete, writer),
            Format::FullSarif => write_full_sarif(report, &anchors, writer),
            Format::Ocsf => write_ocsf(report, writer),
            Format::Asff => write_asff(report, writer),
            Format::Oscal => write_oscal(report, writer),
        })
    }
}

/// Writes all outputs; one that fails does not keep the others from being written.
pub(super) fn write_each<F: Copy>(
    outputs: &[Output<F>],
    write: impl Fn(F, TextStyle, &mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let mut failed = None;
    for output in outputs {
        let written = match &output.path {
            Some(path) => {
                write_file(path, |writer| write(output.format, TextStyle::Plain, writer)).map_err(CliError::from)
            }
            None => to_stdout(|style, writer| write(output.format, style, writer)).map_err(CliError::Stdout),
        };
        if let Err(error) = written
            && let Some(earlier) = failed.replace(error)
        {
            super::error::print(&earlier);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Writes to stdout, dressed where it is a terminal that wants colours.
pub(super) fn to_stdout(write: impl FnOnce(TextStyle, &mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let style = match io::stdout().is_terminal() && !plain {
        true if hyperlink::is_taken(|name| std::env::var(name).ok()) => TextStyle::Linked,
        true => TextStyle::Colour,
        false => TextStyle::Plain,
    };
    let mut writer = io::BufWriter::new(anstream::stdout().lock());
    write(style, &mut writer)?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_a_format_and_a_path() {
        assert_eq!("json".parse(), Ok(Output { format: Format::Json, path: None }));
        assert_eq!("sarif=-".parse(), Ok(Output { format: Format::Sarif, path: None }));
        assert_eq!("text=a=b".parse(), Ok(Output { format: Format::Text, path: Some("a=b".into()) }));
        assert!("yaml".parse::<Output<Format>>().is_err());
        assert!("json=".parse::<Output<Format>>().is_err());
        assert_eq!("json=a".parse(), Ok(Output { format: PlainFormat::Json, path: Some("a".into()) }));
        assert!("sarif".parse::<Output<PlainFormat>>().is_err());
    }
}
