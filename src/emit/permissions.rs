//! What a run must be allowed to do, as policies to paste or to deploy.

mod cloudformation;
mod iam;
mod terraform;

use std::io::{self, Write};

use crate::collect::{Holder, Permissions};

/// How permissions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionFormat {
    /// An IAM policy document.
    Iam,
    /// A CloudFormation template, for a stack or a StackSet.
    CloudFormation,
    /// Terraform.
    Terraform,
}

/// Writes permissions in a format.
///
/// # Errors
/// Where the writer fails.
pub fn write_permissions(
    permissions: &Permissions,
    format: PermissionFormat,
    writer: &mut dyn Write,
) -> io::Result<()> {
    match (format, permissions.holder()) {
        (PermissionFormat::Iam, _) => iam::write(permissions, writer),
        (PermissionFormat::CloudFormation, Holder::Member) => cloudformation::write_role(permissions, writer),
        (PermissionFormat::CloudFormation, Holder::Caller) => cloudformation::write_policy(permissions, writer),
        (PermissionFormat::Terraform, Holder::Member) => terraform::write_role(permissions, writer),
        (PermissionFormat::Terraform, Holder::Caller) => terraform::write_policy(permissions, writer),
    }
}
