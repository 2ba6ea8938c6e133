//! `trailproof permissions`: what a run must be allowed to do.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::RuleArguments;
use super::destination::write_file;
use super::error::CliError;
use super::judge::Rules;
use super::output::to_stdout;
use crate::collect::{Holder, Permissions};
use crate::emit::{PermissionFormat, write_permissions};
use crate::id::Partition;

/// Print what a run must be allowed to do: the least that these rules need.
#[derive(Debug, Args)]
pub(super) struct PermissionsArguments {
    /// As what
    #[arg(long, value_name = "FORMAT", default_value = "iam")]
    format: Format,
    /// Whose permissions: of the role in every account, or of whoever runs the scan
    #[arg(long, value_name = "WHO", default_value = "member")]
    of: Who,
    /// The name of the role
    #[arg(long, value_name = "NAME", default_value = "trailproof-audit", env = "TRAILPROOF_ROLE_NAME")]
    role_name: String,
    /// The partition of the accounts
    #[arg(long, value_name = "PARTITION", default_value = "aws")]
    partition: Partition,
    /// The file that it goes to; otherwise stdout
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArguments,
    /// Also for `scan --deep`
    #[arg(long, help_heading = "Rules")]
    deep: bool,
    /// Also for `scan --discovery fast`
    #[arg(long, help_heading = "Rules")]
    fast: bool,
    /// For `collect --everything`, not only for these rules
    #[arg(long, help_heading = "Rules")]
    everything: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A policy document
    Iam,
    /// A template: of the role for a StackSet, or of the caller's policy
    Cloudformation,
    /// The role, or the caller's policy
    Terraform,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    Member,
    Caller,
}

impl PermissionsArguments {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let rules = Rules::load(&self.rules)?;
        let needs = if self.everything { rules.everything() } else { rules.needs() };
        let needs = if self.deep { needs.deep() } else { needs };
        let needs = if self.fast { needs.fast() } else { needs };
        let holder = match self.of {
            Who::Member => Holder::Member,
            Who::Caller => Holder::Caller,
        };
        let format = match self.format {
            Format::Iam => PermissionFormat::Iam,
            Format::Cloudformation => PermissionFormat::CloudFormation,
            Format::Terraform => PermissionFormat::Terraform,
        };
        ensure_role_name(&self.role_name)?;
        let permissions = Permissions::of(&needs, holder, &self.role_name, self.partition);
        match &self.output {
            Some(path) => write_file(path, |writer| write_permissions(&permissions, format, writer))?,
            None => to_stdout(|_, writer| write_permissions(&permissions, format, writer)).map_err(CliError::Stdout)?,
        }
        Ok(0)
    }
}

/// Refuses what IAM takes for no name of a role: it would end up in a template.
///
/// Source: IAM API Reference, CreateRole, parameters `RoleName` and `Path`.
fn ensure_role_name(name: &str) -> Result<(), CliError> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "+=,.@-_/".contains(letter);
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(CliError::Usage(format!(
            "--role-name {name}: a role's name is made of letters, digits and +=,.@-_, with a path of / before it or none"
        )));
    }
    Ok(())
}
