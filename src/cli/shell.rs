//! `trailproof completions` and `trailproof man`: what a shell and `man` know of the command line.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use super::destination::write_file;
use super::error::CliError;

/// Print what completes the command line in a shell.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, mut command: Command) -> Result<u8, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "trailproof", &mut script);
        to_stdout(&script)
    }
}

/// Print the manual page, or write those of all commands.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write a page for each command into a folder, instead of the first to stdout
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, mut command: Command) -> Result<u8, CliError> {
        command.build();
        match &self.out {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| {
                    CliError::Usage(format!("cannot make the folder {}: {error}", folder.display()))
                })?;
                write_pages(folder, "trailproof", &command)
            }
            None => to_stdout(&page(&command).map_err(CliError::Stdout)?),
        }
    }
}

/// Writes the page of a command and those of the commands beneath it that its help lists, such as `trailproof-policy-test.1`.
fn write_pages(folder: &Path, name: &str, command: &Command) -> Result<u8, CliError> {
    let text = page(command).map_err(CliError::Stdout)?;
    write_file(&folder.join(format!("{name}.1")), |writer| writer.write_all(&text))?;
    for beneath in command.get_subcommands().filter(|beneath| beneath.get_name() != "help" && !beneath.is_hide_set()) {
        write_pages(folder, &format!("{name}-{}", beneath.get_name()), beneath)?;
    }
    Ok(0)
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}

fn to_stdout(text: &[u8]) -> Result<u8, CliError> {
    let mut writer = io::stdout().lock();
    writer.write_all(text).and_then(|()| writer.flush()).map_err(CliError::Stdout)?;
    Ok(0)
}
