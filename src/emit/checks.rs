//! What was checked before a scan: as text for people, and as JSON.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::text::{TextStyle, clean};
use crate::collect::{Check, Examined, State};

/// The schema of the JSON form.
pub const CHECKS_SCHEMA: &str = "trailproof.doctor/1";

/// The longest word for a state, and two blanks.
const STATE_WIDTH: usize = 13;
/// The longest matter, and two blanks.
const MATTER_WIDTH: usize = 25;

/// Writes what was checked as text: a line for each check, and one beneath it that says what to do.
///
/// # Errors
/// Where the writer fails.
pub fn write_checks(examined: &Examined, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    for check in &examined.checks {
        let Check { check: matter, state, message, remedy } = check;
        let (word, colour) = match state {
            State::Ok => ("ok", AnsiColor::Green),
            State::Problem => ("problem", AnsiColor::Red),
            State::NotChecked => ("not checked", AnsiColor::Yellow),
        };
        let word = style.dressed(&format!("{word:STATE_WIDTH$}"), colour.on_default());
        writeln!(writer, "{word}{}{}", format_args!("{:MATTER_WIDTH$}", matter.as_str()), clean(message))?;
        if let Some(remedy) = remedy {
            let fix = style.dressed(&format!("{:MATTER_WIDTH$}", "fix"), Style::new().dimmed());
            writeln!(writer, "{}{fix}{remedy}", " ".repeat(STATE_WIDTH))?;
        }
    }
    let count = |state: State| examined.checks.iter().filter(|check| check.state == state).count();
    let next = match (count(State::Problem), count(State::NotChecked)) {
        (0, 0) => "all is well; next: trailproof plan, with the same options".to_owned(),
        (problems, unchecked) => {
            let problems = if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") };
            let more = if unchecked > 0 { format!(", {unchecked} not checked") } else { String::new() };
            format!("{problems}{more}")
        }
    };
    writeln!(writer, "\n{next}")
}

/// Writes what was checked as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_checks_json(examined: &Examined, writer: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Checks<'a> {
        schema: &'static str,
        ok: bool,
        checks: &'a [Check],
    }
    let checks = Checks { schema: CHECKS_SCHEMA, ok: examined.is_well(), checks: &examined.checks };
    serde_json::to_writer_pretty(&mut *writer, &checks)?;
    writeln!(writer)
}
