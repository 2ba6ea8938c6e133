//! The command line: one file a subcommand.

mod accounts;
mod anchors;
mod arguments;
mod check;
mod collect;
mod connection;
mod coverage;
mod demo;
mod destination;
mod diff;
mod doctor;
mod error;
mod evidence;
mod explain;
mod facts;
mod gate;
mod hashing;
mod hyperlink;
mod init;
mod input;
mod inventory;
mod journal;
mod judge;
mod log;
mod merge;
mod output;
mod permissions;
mod plan;
mod policy;
mod progress;
mod redact;
mod sarif;
mod scan;
mod shard;
mod shell;
mod trace;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use error::CliError;

/// Prove that an AWS organization's audit trail records everything, arrives, and cannot be erased.
#[derive(Debug, Parser)]
#[command(name = "trailproof", version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
struct CommandLine {
    /// What to log to stderr: error, warn, info, debug, or a filter such as trailproof=debug [env: RUST_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 nothing at or above the gate · 1 findings · 2 usage, configuration, or nothing \
could be read · 3 incomplete · 4 no account selected · 5 an output could not be written · 70 a bug · 130 interrupted";

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the trails of an organization, or of one account, and judge them
    Scan(Box<scan::Scan>),
    /// Check before a scan: credentials, organization, role, Regions, endpoints, proxy and clock
    Doctor(doctor::Doctor),
    /// Say what a scan will take: calls, time, memory, and what binds
    Plan(plan::PlanArguments),
    /// Only read: write what was read to a snapshot
    Collect(collect::Collect),
    /// Join the snapshots of all shards to that of one run
    Merge(merge::Merge),
    /// Only judge: a snapshot, without credentials
    Check(check::Check),
    /// Check a folder of evidence without AWS: its hashes, its verdicts judged again, its snapshot read again
    Verify(verify::Verify),
    /// Say what changed between two reports, or two snapshots
    Diff(diff::Diff),
    /// Say which trails record what, account by Region: a snapshot, without rules
    Coverage(coverage::Coverage),
    /// Write what was read as files to commit: one a trail, bucket and account
    Inventory(inventory::Inventory),
    /// Say which trails record an event: a CloudTrail record, or a template of one
    Trace(trace::Trace),
    /// Say what holds for an account, and what made it so
    Explain(explain::Explain),
    /// Write a commented configuration to begin with
    Init(init::Init),
    /// Print what a run must be allowed to do: the least that these rules need
    Permissions(permissions::PermissionsArguments),
    /// List, show, write and test rules
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Print every name that a rule may use: type, meaning, source and permission
    Facts(facts::Facts),
    /// Scan a bundled, simulated organization: no AWS account needed
    Demo(demo::Demo),
    /// Print what completes the command line in a shell
    Completions(shell::Completions),
    /// Print the manual page, or write those of all commands
    Man(shell::Man),
}

/// Runs a command line, the program's name first, and says how it went.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = CommandLine::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    let line = match parsed {
        Ok(line) => line,
        Err(error) => {
            // Help and version go to stdout and are no errors; clap uses 2 for the rest, as we do.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if let Err(error) = log::start(line.log.as_deref()) {
        return fail(&error);
    }
    let result = match line.command {
        Command::Scan(scan) => scan.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Plan(plan) => plan.run(),
        Command::Collect(collect) => collect.run(),
        Command::Merge(merge) => merge.run(),
        Command::Check(check) => check.run(),
        Command::Verify(verify) => verify.run(),
        Command::Diff(diff) => diff.run(),
        Command::Coverage(coverage) => coverage.run(),
        Command::Inventory(inventory) => inventory.run(),
        Command::Trace(trace) => trace.run(),
        Command::Explain(explain) => explain.run(),
        Command::Init(init) => init.run(),
        Command::Permissions(permissions) => permissions.run(),
        Command::Policy(policy) => policy.run(),
        Command::Facts(facts) => facts.run(),
        Command::Demo(demo) => demo.run(),
        Command::Completions(completions) => completions.run(CommandLine::command()),
        Command::Man(man) => man.run(CommandLine::command()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error),
    }
}

fn fail(error: &CliError) -> ExitCode {
    error::print(error);
    ExitCode::from(error.exit_code())
}

#[cfg(test)]
mod tests {
    use clap::ArgAction;

    use super::*;

    /// What is no setting of a run: help, and what the log's own variable says.
    const NO_SETTINGS: [&str; 3] = ["help", "version", "log"];

    /// Rows of the table of settings: options, variable.
    fn table() -> Vec<(String, String)> {
        let page = include_str!("../docs/gate.md");
        let rows = page.split("| by hand |").nth(1).unwrap_or_default().lines().skip(2);
        rows.take_while(|row| row.starts_with('|'))
            .map(|row| {
                let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
                (cells[0].to_owned(), cells[1].trim_matches('`').to_owned())
            })
            .collect()
    }

    /// One order for all: by hand, the environment, the file, the default. So each setting needs its variable.
    #[test]
    fn every_setting_has_its_variable_and_stands_in_the_table() {
        let table = table();
        let mut command = CommandLine::command();
        command.build();
        let mut seen = std::collections::BTreeSet::new();
        for name in ["scan", "check", "collect"] {
            let command = command.find_subcommand(name).unwrap();
            for option in command.get_arguments().filter(|argument| !argument.is_positional()) {
                let long = option.get_long().unwrap();
                if NO_SETTINGS.contains(&long) {
                    continue;
                }
                let variable = option.get_env().map(|variable| variable.to_string_lossy().into_owned());
                let is_list = matches!(option.get_action(), ArgAction::Append);
                let Some(variable) = variable else {
                    assert!(is_list, "{name} --{long} has no variable: give it `env = \"TRAILPROOF_…\"`");
                    continue;
                };
                assert!(variable.starts_with("TRAILPROOF_"), "{variable}");
                let stands = |(options, named): &&(String, String)| {
                    let option = options.split('`').any(|part| part.split('[').next() == Some(&*format!("--{long}")));
                    *named == variable && option
                };
                assert!(table.iter().any(|row| stands(&row)), "docs/gate.md has no row `--{long}` | `{variable}`");
                seen.insert(variable);
            }
        }
        for (options, variable) in &table {
            assert!(seen.contains(variable), "docs/gate.md: {options} has no {variable}");
        }
        assert!(seen.len() > 35, "{seen:?}");
    }

    /// The definition is well-formed: clap finds out what contradicts itself.
    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
