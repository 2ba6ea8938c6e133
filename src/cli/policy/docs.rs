//! `trailproof policy docs`: the documentation of this project, made of its rules, packs and facts.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::destination::write_file;
use super::super::error::CliError;
use super::super::judge::loaded;
use super::super::output::to_stdout;
use crate::emit::{README_TABLE, documentation, readme_table};
use crate::policy::Policies;

/// Write docs/rules, docs/packs and docs/facts.md, the table of rules of README.md, and the line by which editors find
/// the schema of a rule or pack. Pages of what is gone are removed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Docs {
    /// The root of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

impl Docs {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let policies = loaded(&[])?;
        let pages = documentation(&policies);
        let failed =
            |error: io::Error| CliError::Usage(format!("cannot write beneath {}: {error}", self.out.display()));
        let docs = self.out.join("docs");
        for folder in ["rules", "packs"] {
            fs::create_dir_all(docs.join(folder)).map_err(failed)?;
            remove_others(&docs, folder, &pages).map_err(failed)?;
        }
        for (path, text) in &pages {
            replace(&docs.join(path), text)?;
        }
        readme(&self.out.join("README.md"), &policies)?;
        for (folder, schema) in [("policies", "../schemas/rule.json"), ("policies/packs", "../../schemas/pack.json")] {
            name_schema(&self.out.join(folder), schema)?;
        }
        let written = pages.len();
        to_stdout(|_, writer| writeln!(writer, "{written} pages in {}", docs.display())).map_err(CliError::Stdout)?;
        Ok(0)
    }
}

/// Removes the pages of rules or packs that are gone.
fn remove_others(docs: &Path, folder: &str, pages: &BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(docs.join(folder))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".md") && !pages.contains_key(&format!("{folder}/{name}")) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Writes a file, unless it is so already.
fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    Ok(write_file(path, |writer| writer.write_all(text.as_bytes()))?)
}

/// Writes the table of a README that has one.
fn readme(path: &Path, policies: &Policies) -> Result<(), CliError> {
    let Ok(old) = fs::read_to_string(path) else { return Ok(()) };
    let Some((before, rest)) = old.split_once(README_TABLE) else { return Ok(()) };
    let after = rest.find("\n\n").map_or("", |end| rest.get(end + 1..).unwrap_or_default());
    replace(path, &format!("{before}{README_TABLE}{}{after}", readme_table(policies)))
}

/// What an editor looks for in a file of YAML.
const MODELINE: &str = "# yaml-language-server: $schema=";

/// Has the files of a folder that is there begin with the place of their schema.
fn name_schema(folder: &Path, schema: &str) -> Result<(), CliError> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if !text.starts_with(MODELINE) {
            replace(&path, &format!("{MODELINE}{schema}\n{text}"))?;
        }
    }
    Ok(())
}
