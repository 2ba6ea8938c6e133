//! `trailproof policy new`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::destination::write_file;
use super::super::error::CliError;
use super::super::output::to_stdout;
use crate::facts::Scope;
use crate::policy::{PolicyId, draft, rule_schema};

/// The schema that is written beside a new rule, where none is at hand.
const SCHEMA: &str = "rule.schema.json";

/// Write a rule to begin with: it loads, its examples hold, and its comments say what each part is for.
#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// The id of the rule: words in lower case with hyphens between them
    #[arg(value_name = "ID")]
    id: PolicyId,
    /// What it judges
    #[arg(long, value_name = "SCOPE", default_value = "trail")]
    scope: Scope,
    /// The folder that it is written to; it is made where there is none
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

impl New {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let path = self.out.join(format!("{}.yaml", self.id));
        if path.exists() {
            return Err(CliError::Usage(format!("{} is there already", path.display())));
        }
        let (schema, beside) = schema(&self.out);
        let Some(text) = draft(&self.id, self.scope, &schema) else {
            return Err(CliError::Usage(format!("this version has no facts of the scope `{}` yet", self.scope)));
        };
        fs::create_dir_all(&self.out)
            .map_err(|error| CliError::Usage(format!("cannot make the folder {}: {error}", self.out.display())))?;
        if let Some(beside) = beside {
            write_file(&beside, |writer| {
                serde_json::to_writer_pretty(&mut *writer, &rule_schema())?;
                writer.write_all(b"\n")
            })?;
        }
        write_file(&path, |writer| writer.write_all(text.as_bytes()))?;
        let path = path.display();
        to_stdout(|_, writer| writeln!(writer, "{path}\nnext: trailproof policy test {path}"))
            .map_err(CliError::Stdout)?;
        Ok(0)
    }
}

/// Where a rule in a folder finds its schema, and where that has to be written first: in this project's own folder of
/// rules, the published one is at hand.
fn schema(folder: &Path) -> (String, Option<PathBuf>) {
    if folder.join("../schemas/rule.json").is_file() {
        return ("../schemas/rule.json".to_owned(), None);
    }
    let beside = folder.join(SCHEMA);
    (SCHEMA.to_owned(), Some(beside).filter(|beside| !beside.exists()))
}
