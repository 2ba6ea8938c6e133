//! Embeds the built-in policies: a table of their names and texts, sorted.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let policies = root.join("policies");
    println!("cargo::rerun-if-changed={}", policies.display());
    println!("cargo::rerun-if-changed={}", policies.join("packs").display());
    let table = format!(
        "pub(super) const RULES: &[(&str, &str)] = {};\npub(super) const PACKS: &[(&str, &str)] = {};\n",
        table(&policies)?,
        table(&policies.join("packs"))?
    );
    fs::write(out.join("policies.rs"), table)
}

fn table(folder: &Path) -> io::Result<String> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(table, "    ({stem:?}, include_str!({:?})),", file.display().to_string()).map_err(io::Error::other)?;
    }
    table.push(']');
    Ok(table)
}
