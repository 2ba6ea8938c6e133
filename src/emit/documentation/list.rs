//! The list of rules.

use std::io::{self, Write};

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;

use crate::emit::hyperlink::hyperlink;
use crate::emit::text::{TextStyle, colour_of, pad};
use crate::emit::website::rule_address;
use crate::policy::{Policies, Policy, Severity};

/// The schema of [`RuleList::write_json`].
const SCHEMA: &str = "trailproof.rules/1";

/// A list of rules.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "trailproof.rules/1")]
pub struct RuleList {
    schema: &'static str,
    rules: Vec<RuleRow>,
}

/// A rule of a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleRow {
    /// Its id.
    id: String,
    /// What should hold.
    title: String,
    /// How bad a failure is.
    severity: &'static str,
    /// What it judges.
    scope: &'static str,
    /// The packs that have it, sorted.
    packs: Vec<String>,
    /// Whether it comes from a folder of the user's.
    own: bool,
    /// Where its page is; null of a user's own rule.
    help: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    rank: Option<Severity>,
}

impl RuleRow {
    /// A rule, with the severity that it has where it is judged.
    pub fn new(policies: &Policies, rule: &Policy, severity: Severity) -> Self {
        let id = rule.id.as_str();
        let packs = policies.packs().filter(|pack| policies.pack(pack).is_some_and(|pack| pack.rules.contains_key(id)));
        Self {
            id: id.to_owned(),
            title: rule.title.clone(),
            severity: severity.as_str(),
            scope: rule.scope.name(),
            packs: packs.map(str::to_owned).collect(),
            own: policies.is_own(id),
            help: rule_address(rule),
            rank: Some(severity),
        }
    }
}

impl RuleList {
    /// The list of some rules.
    pub fn new(rules: Vec<RuleRow>) -> Self {
        Self { schema: SCHEMA, rules }
    }

    /// Writes the list as JSON.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_json(&self, writer: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *writer, self)?;
        writer.write_all(b"\n")
    }
}

/// Writes the list as a table.
///
/// # Errors
/// Where the writer fails.
pub fn write_rule_list(list: &RuleList, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&RuleRow) -> &str| list.rules.iter().map(|row| text(row).len()).max().unwrap_or(0);
    let (ids, scopes) = (width(|row| &row.id), width(|row| row.scope));
    for row in &list.rules {
        let severity = style.dressed(row.severity, row.rank.map_or_else(Style::new, colour_of));
        let id = hyperlink(&style.dressed(&row.id, Style::new().bold()), row.help.as_deref(), style);
        writeln!(
            writer,
            "{}  {}  {}  {}",
            pad(&severity, row.severity.len(), 8),
            pad(&id, row.id.len(), ids),
            pad(row.scope, row.scope.len(), scopes),
            row.title
        )?;
    }
    match list.rules.len() {
        0 => writeln!(writer, "no rule is of that kind"),
        1 => writeln!(writer, "1 rule"),
        many => writeln!(writer, "{many} rules"),
    }
}
