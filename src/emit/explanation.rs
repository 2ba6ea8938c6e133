//! What holds for an account, and what made it so: as text, Markdown and JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::document::{Document, Words};
use super::text::clean;

/// The schema of the explanations that this version writes.
pub const EXPLANATION_SCHEMA: &str = "trailproof.explanation/1";

/// What holds for an account. Every key is always there, null where there is nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// Always [`EXPLANATION_SCHEMA`].
    pub schema: &'static str,
    /// The account.
    pub account: ExplainedAccount,
    /// The baseline that the account is held to; nothing, where it is held to what holds for the rest.
    pub baseline: Option<ExplainedBaseline>,
    /// The names of the baselines that the account may be held to instead: its tags decide, and are not known.
    pub may_be: Vec<String>,
    /// The packs of rules, in their order.
    pub packs: Said<Vec<String>>,
    /// The severity that closes the gate, or `none`.
    pub fail_on: Said<&'static str>,
    /// Whether an incomplete picture may pass the gate.
    pub allow_incomplete: bool,
    /// How many rules are judged.
    pub rules: usize,
    /// The rules of which something is not as their files have it, by id.
    pub changed: Vec<ChangedRule>,
    /// The rules that are left out, with what leaves them out.
    pub left_out: Vec<Said<String>>,
    /// The waivers that may be of something that the account has.
    pub waivers: Vec<ExplainedWaiver>,
}

/// The account, as far as it is known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainedAccount {
    /// Its id, of twelve digits.
    pub id: String,
    /// Its name, from a snapshot.
    pub name: Option<String>,
    /// The path of its organizational unit, from a snapshot.
    pub ou_path: Option<String>,
}

/// The baseline that an account is held to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainedBaseline {
    /// Its name.
    pub name: String,
    /// By what it matches the account.
    pub matched_by: Vec<String>,
    /// The file that holds it.
    pub file: String,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// A value, and what says so: `by hand`, a baseline, the configuration, a pack or the default.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// What says so.
    pub by: String,
}

/// A rule of which something is not as its file has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedRule {
    /// The rule's id.
    pub rule: String,
    /// The parameters that are not as in the rule's file, by name.
    pub parameters: BTreeMap<String, Said<Value>>,
    /// The severity, where it is not that of the rule's file.
    pub severity: Option<Said<&'static str>>,
    /// The severity of the rule's file.
    pub own_severity: &'static str,
}

/// A waiver that may be of something that the account has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainedWaiver {
    /// What it is about, in words.
    pub subject: String,
    /// `results` or `gaps`.
    pub covers: &'static str,
    /// The last day on which it holds, in UTC.
    pub expires: String,
    /// The file that holds it.
    pub file: String,
    /// The line on which it begins, from 1.
    pub line: usize,
}

impl Explanation {
    /// Writes it as text.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_text(&self, writer: &mut dyn Write) -> io::Result<()> {
        writeln!(writer, "{}\n", self.title())?;
        writeln!(writer, "baseline  {}", self.baseline_in_words())?;
        writeln!(writer, "packs     {} ({})", self.packs.value.join(", "), clean(&self.packs.by))?;
        writeln!(writer, "gate      {}", self.gate_in_words())?;
        writeln!(writer, "rules     {}", self.rules)?;
        for rule in &self.changed {
            writeln!(writer, "  {}  {}", rule.rule, rule.in_words())?;
        }
        for rule in &self.left_out {
            writeln!(writer, "  {}  left out ({})", rule.value, clean(&rule.by))?;
        }
        for (index, waiver) in self.waivers.iter().enumerate() {
            let word = if index == 0 { "waivers " } else { "        " };
            writeln!(writer, "{word}  {}", waiver.in_words())?;
        }
        Ok(())
    }

    /// Writes it as Markdown.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_markdown(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut page = Document::new(Words::new().text(self.title()));
        page.list(vec![
            Words::new().text(format!("baseline: {}", self.baseline_in_words())),
            Words::new().text(format!("packs: {} ({})", self.packs.value.join(", "), clean(&self.packs.by))),
            Words::new().text(format!("gate: {}", self.gate_in_words())),
            Words::new().text(format!("rules: {}", self.rules)),
        ]);
        let row = |rule: &str, what: String| vec![Words::new().code(rule), Words::new().text(what)];
        let changed = self.changed.iter().map(|rule| row(&rule.rule, rule.in_words()));
        let left_out = self.left_out.iter().map(|rule| row(&rule.value, format!("left out ({})", clean(&rule.by))));
        let rows: Vec<_> = changed.chain(left_out).collect();
        if !rows.is_empty() {
            page.heading("Rules that are not as their files have them");
            page.table(&["rule", "what holds"], rows);
        }
        if !self.waivers.is_empty() {
            page.heading("Waivers");
            page.list(self.waivers.iter().map(|waiver| Words::new().text(waiver.in_words())).collect());
        }
        writer.write_all(page.markdown("").as_bytes())
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_json(&self, writer: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *writer, self)?;
        writer.write_all(b"\n")
    }

    fn title(&self) -> String {
        let ExplainedAccount { id, name, ou_path } = &self.account;
        let name = name.as_deref().map_or_else(String::new, |name| format!("{} ", clean(name)));
        let unit = ou_path.as_deref().map_or_else(String::new, |path| format!(" · OU {}", clean(path)));
        format!("{name}{id}{unit}")
    }

    fn baseline_in_words(&self) -> String {
        let certain = match &self.baseline {
            Some(ExplainedBaseline { name, matched_by, file, line }) => {
                let (name, by) = (clean(name), clean(&matched_by.join(", ")));
                format!("{name}, the first that matches: {by} ({file}:{line})")
            }
            None => "none: what holds for the rest".to_owned(),
        };
        match &self.may_be[..] {
            [] => certain,
            open => format!("{certain}; or {}, by tags of the account that are not known", clean(&open.join(", "))),
        }
    }

    fn gate_in_words(&self) -> String {
        let incomplete = if self.allow_incomplete { ", an incomplete picture may pass" } else { "" };
        format!("{} ({}){incomplete}", self.fail_on.value, clean(&self.fail_on.by))
    }
}

impl ChangedRule {
    fn in_words(&self) -> String {
        let parameters = self.parameters.iter().map(|(name, said)| format!("{name} = {} ({})", said.value, said.by));
        let severity =
            self.severity.iter().map(|said| format!("{} instead of {} ({})", said.value, self.own_severity, said.by));
        clean(&parameters.chain(severity).collect::<Vec<_>>().join(", "))
    }
}

impl ExplainedWaiver {
    fn in_words(&self) -> String {
        let Self { subject, covers, expires, file, line } = self;
        format!("{} until {expires}: may cover {covers} ({file}:{line})", clean(subject))
    }
}
