//! Terraform: the role of members, and the policy of the caller.

use std::io::{self, Write};

use crate::collect::{ENTERING_ACTION, Permissions};

const ROLE_HEAD: &str = r#"# The role that trailproof assumes in an account: reads alone, trusted by one caller. Apply it in every account that is
# scanned; for whole organizational units, deploy `trailproof permissions --format cloudformation` as an
# aws_cloudformation_stack_set.

variable "caller_arn" {
  description = "The user or role that runs trailproof; nobody else may assume the role"
  type        = string
}

variable "external_id" {
  description = "The external id that the caller must give; none where it is null"
  type        = string
  default     = null
  sensitive   = true
}

"#;

const ROLE_BODY: &str = r#"
data "aws_iam_policy_document" "trailproof_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.caller_arn]
    }

    dynamic "condition" {
      for_each = var.external_id == null ? [] : [1]

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [var.external_id]
      }
    }
  }
}

resource "aws_iam_role" "trailproof" {
  name               = var.role_name
  description        = "Read by trailproof; it changes nothing"
  assume_role_policy = data.aws_iam_policy_document.trailproof_trust.json
}

resource "aws_iam_role_policy" "trailproof" {
  name   = "trailproof-reads"
  role   = aws_iam_role.trailproof.id
  policy = data.aws_iam_policy_document.trailproof.json
}

output "role_arn" {
  value = aws_iam_role.trailproof.arn
}

"#;

pub(super) fn write_role(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(ROLE_HEAD.as_bytes())?;
    writeln!(writer, "variable \"role_name\" {{\n  type    = string")?;
    writeln!(writer, "  default = \"{}\"\n}}", permissions.role_name())?;
    writer.write_all(ROLE_BODY.as_bytes())?;
    write_document(permissions, writer)
}

const POLICY_HEAD: &str = r#"# What the caller of trailproof must be allowed: attach the policy to the user or role that runs it, in the management
# account or in that of a delegated administrator.

resource "aws_iam_policy" "trailproof" {
  name   = "trailproof-caller"
  policy = data.aws_iam_policy_document.trailproof.json
}

output "policy_arn" {
  value = aws_iam_policy.trailproof.arn
}

"#;

pub(super) fn write_policy(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(POLICY_HEAD.as_bytes())?;
    write_document(permissions, writer)
}

fn write_document(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    writeln!(writer, "data \"aws_iam_policy_document\" \"trailproof\" {{")?;
    if let Some(roles) = permissions.entered_roles() {
        writeln!(writer, "  statement {{\n    sid       = \"EnterMembers\"\n    actions   = [\"{ENTERING_ACTION}\"]")?;
        writeln!(writer, "    resources = [\"{roles}\"]\n  }}\n")?;
    }
    writeln!(writer, "  statement {{\n    sid       = \"Read\"\n    resources = [\"*\"]\n\n    actions = [")?;
    for action in permissions.reads() {
        writeln!(writer, "      \"{action}\",")?;
    }
    writer.write_all(b"    ]\n  }\n}\n")
}
