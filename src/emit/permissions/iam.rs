//! The policy document alone.

use std::io::{self, Write};

use serde_json::json;

use crate::collect::{ENTERING_ACTION, Permissions};

pub(super) fn write(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    let reads: Vec<&str> = permissions.reads().collect();
    let mut statements = vec![json!({ "Sid": "Read", "Effect": "Allow", "Action": reads, "Resource": "*" })];
    if let Some(roles) = permissions.entered_roles() {
        statements
            .push(json!({ "Sid": "EnterMembers", "Effect": "Allow", "Action": ENTERING_ACTION, "Resource": roles }));
    }
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    serde_json::to_writer_pretty(&mut *writer, &document)?;
    writeln!(writer)
}
