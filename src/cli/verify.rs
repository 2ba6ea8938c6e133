//! `trailproof verify`: a folder of evidence, held against itself, without AWS.

mod again;

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::evidence::{Manifest, ManifestError, REPORT, answers_of, differences};
use super::output::to_stdout;

/// Check a folder of evidence without AWS: its hashes, its verdicts judged again, its snapshot read again.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The folder that --evidence wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The hash of the manifest, as it was told when the folder was written and kept elsewhere: who can change the folder
    /// can change its manifest too
    #[arg(long, value_name = "SHA256")]
    manifest: Option<String>,
    /// Check the hashes alone: neither judge nor read again. For evidence of another version
    #[arg(long)]
    hashes_only: bool,
}

/// What a check came to.
enum Said {
    Same(String),
    Different(Vec<String>),
}

impl Verify {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let folder = &self.folder;
        if !folder.is_dir() {
            return Err(CliError::Usage(format!("{}: there is no such folder", folder.display())));
        }
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(error @ ManifestError::Edited) => {
                return tell(None, &[("manifest", Said::Different(vec![error.to_string()]))]);
            }
            Err(error) => return Err(CliError::Usage(format!("{}: {error}", folder.display()))),
        };
        let unreadable = |error| CliError::Usage(format!("the hash of the manifest cannot be worked out: {error}"));
        let sha256 = manifest.sha256().map_err(unreadable)?;
        let mut checks = Vec::new();
        checks.push((
            "manifest",
            match &self.manifest {
                Some(expected) if !expected.eq_ignore_ascii_case(&sha256) => {
                    Said::Different(vec![format!("its hash is {sha256}, and not {expected}")])
                }
                Some(_) => Said::Same(format!("{sha256}, as expected")),
                None => Said::Same(sha256),
            },
        ));
        let different = differences(folder, &manifest);
        checks.push((
            "files",
            match different.is_empty() {
                true => Said::Same(format!("{}, each as it was written", manifest.files.len())),
                false => Said::Different(different),
            },
        ));
        let as_written = checks.iter().all(|(_, said)| matches!(said, Said::Same(_)));
        if !as_written || self.hashes_only {
            return tell(Some(&manifest), &checks);
        }
        if manifest.version != env!("CARGO_PKG_VERSION") {
            tell(Some(&manifest), &checks)?;
            return Err(CliError::Usage(format!(
                "trailproof {} wrote this and this is {}, which may judge otherwise: install that version, or check the \
                 hashes alone with --hashes-only",
                manifest.version,
                env!("CARGO_PKG_VERSION")
            )));
        }
        if manifest.holds(REPORT) {
            checks.push((
                "verdicts",
                said(again::judged(folder, &manifest)?, "judged again: the same report, byte for byte"),
            ));
        } else {
            checks.push(("verdicts", Said::Same("no report is kept: nothing was judged".to_owned())));
        }
        let answers = answers_of(folder, &manifest);
        if answers.is_empty() {
            let what = "none are kept: the snapshot is taken as it is".to_owned();
            checks.push(("answers", Said::Same(what)));
        } else {
            let (questions, different) = again::read(folder, &answers)?;
            let same = format!("{questions} questions, read again: the same snapshot");
            checks.push(("answers", said(different, &same)));
        }
        tell(Some(&manifest), &checks)
    }
}

fn said(different: Vec<String>, same: &str) -> Said {
    if different.is_empty() { Said::Same(same.to_owned()) } else { Said::Different(different) }
}

/// Prints what the checks came to; the exit code.
fn tell(manifest: Option<&Manifest>, checks: &[(&str, Said)]) -> Result<u8, CliError> {
    let same = checks.iter().all(|(_, said)| matches!(said, Said::Same(_)));
    to_stdout(|_, writer| {
        if let Some(manifest) = manifest {
            let of = manifest.organization.as_deref().unwrap_or("one account");
            writeln!(
                writer,
                "{of}, read {:.19}Z by {}, trailproof {}",
                manifest.taken_at, manifest.caller, manifest.version
            )?;
        }
        for (what, said) in checks {
            match said {
                Said::Same(how) => writeln!(writer, "{what:<10} {how}")?,
                Said::Different(how) => {
                    writeln!(writer, "{what:<10} different")?;
                    how.iter().try_for_each(|line| writeln!(writer, "  {line}"))?;
                }
            }
        }
        writeln!(writer, "{}", if same { "same" } else { "different" })
    })
    .map_err(CliError::Stdout)?;
    Ok(u8::from(!same))
}
