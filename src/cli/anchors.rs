//! Where results stand in a repository: the sources of anchors are read here, before anything else is done.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::error::CliError;
use super::input::read;
use super::judge::Rules;
use crate::anchor::cloudformation::{Stack, Template};
use crate::anchor::terraform::{Made, ModuleTree, SourceFile, beneath, read_state};
use crate::anchor::{Anchors, Committed, Infrastructure, Mistake, SourceRoot, Sources};
use crate::evaluate::Report;
use crate::inventory::Subject;
use crate::snapshot::Snapshot;

/// Where results stand.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct AnchorArguments {
    /// The folder of a Terraform root module, and its state: version 4, or what `terraform show -json` prints; - is stdin.
    /// Results of SARIF stand on the line that made the resource; may be repeated
    #[arg(long, value_name = "DIR[=STATE]", env = "TRAILPROOF_TERRAFORM", value_delimiter = ',')]
    terraform: Vec<Pair>,
    /// A CloudFormation template, and what `aws cloudformation describe-stack-resources` prints of a stack of it; - is
    /// stdin; may be repeated
    #[arg(long, value_name = "TEMPLATE[=RESOURCES]", env = "TRAILPROOF_CLOUDFORMATION", value_delimiter = ',')]
    cloudformation: Vec<Pair>,
    /// The folder of the inventory, as `trailproof inventory --write` wrote it: results stand on the line of the property
    /// that failed, where no code is known to have made the resource
    #[arg(long, value_name = "DIR", env = "TRAILPROOF_INVENTORY")]
    inventory: Option<PathBuf>,
}

/// Source code, and what says what it made.
#[derive(Debug, Clone)]
struct Pair {
    source: PathBuf,
    made: Option<PathBuf>,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (source, made) = match text.split_once('=') {
            Some((source, made)) => (source, Some(made)),
            None => (text, None),
        };
        if source.is_empty() || made == Some("") {
            return Err("there is no path before or after =".to_owned());
        }
        Ok(Self { source: source.into(), made: made.map(PathBuf::from) })
    }
}

impl Pair {
    /// The same, from a folder on.
    fn beneath(self, home: &Path) -> Self {
        let made = self.made.map(|made| if made.as_os_str() == "-" { made } else { home.join(made) });
        Self { source: home.join(self.source), made }
    }
}

/// The sources, as they were read.
#[derive(Debug, Default)]
pub(super) struct AnchorSources {
    sources: Sources,
    committed: Committed,
}

impl AnchorSources {
    /// The anchors of a report.
    pub(super) fn anchors(self, root: SourceRoot, report: &Report, snapshot: &Snapshot) -> Anchors {
        Anchors::new(root, Infrastructure::new(self.sources, snapshot), self.committed, report)
    }
}

impl AnchorArguments {
    /// Reads the sources that are given, else those that the configuration names.
    ///
    /// # Errors
    /// Where one cannot be read: what is wrong with any of them is told at once. Results would else fall to another line,
    /// and alerts with them.
    pub(super) fn sources(&self, rules: &Rules, root: &SourceRoot) -> Result<AnchorSources, CliError> {
        let (configured, home) = rules.anchors();
        let mut reading = Reading { root, wrong: Vec::new() };
        let mut first = |given: &[Pair], configured: &[String]| {
            if !given.is_empty() {
                return given.to_vec();
            }
            let mut pairs = Vec::new();
            for text in configured {
                match text.parse::<Pair>() {
                    Ok(pair) => pairs.push(pair.beneath(home)),
                    Err(message) => reading.wrong.push(format!("anchors: `{text}`: {message}")),
                }
            }
            pairs
        };
        let terraform = first(&self.terraform, &configured.terraform);
        let cloudformation = first(&self.cloudformation, &configured.cloudformation);
        let inventory = self.inventory.clone().or_else(|| configured.inventory.as_ref().map(|path| home.join(path)));
        let stdin = terraform.iter().chain(&cloudformation).filter(|pair| pair.made.as_deref() == Some(Path::new("-")));
        if stdin.count() > 1 {
            return Err(CliError::Usage(
                "only one of --terraform and --cloudformation can be read from stdin".to_owned(),
            ));
        }
        let mut sources = Sources::default();
        for pair in &terraform {
            sources.terraform.extend(reading.terraform(pair));
        }
        for (at, pair) in cloudformation.iter().enumerate() {
            // A template of several stacks is one source.
            if !cloudformation[..at].iter().any(|earlier| earlier.source == pair.source) {
                let stacks = cloudformation.iter().filter(|other| other.source == pair.source);
                sources.cloudformation.extend(reading.cloudformation(pair, stacks));
            }
        }
        let committed = inventory.map(|folder| reading.inventory(&folder)).unwrap_or_default();
        match reading.wrong.is_empty() {
            true => Ok(AnchorSources { sources, committed }),
            false => Err(CliError::Usage(reading.wrong.join("\n  "))),
        }
    }
}

/// Sources under way, and what was found wrong.
struct Reading<'a> {
    root: &'a SourceRoot,
    wrong: Vec<String>,
}

impl Reading<'_> {
    fn note(&mut self, path: &Path, error: impl Display) {
        self.wrong.push(format!("{}: {error}", path.display()));
    }

    fn mistake(&mut self, path: &Path, mistake: &Mistake) {
        self.wrong.push(format!("{}{mistake}", path.display()));
    }

    /// The place of a source in the repository.
    fn uri(&mut self, path: &Path) -> Option<String> {
        let uri = self.root.relative(path);
        if uri.is_none() {
            let error = match path.canonicalize() {
                Err(error) => error.to_string(),
                Ok(_) => "it is not beneath the root of the repository; --source-root names another".to_owned(),
            };
            self.note(path, error);
        }
        uri
    }

    fn text(&mut self, path: &Path) -> Option<String> {
        let bytes = read(path).map_err(|error| self.note(path, error)).ok()?;
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
                self.mistake(path, &Mistake { line, column: 1, message: "this is not UTF-8".to_owned() });
                None
            }
        }
    }

    /// A root module, the modules beside it that it calls, and what its state names.
    fn terraform(&mut self, pair: &Pair) -> Option<(ModuleTree, Vec<Made>)> {
        self.uri(&pair.source)?;
        let root = pair.source.canonicalize().map_err(|error| self.note(&pair.source, error)).ok()?;
        let mut tree = ModuleTree::new(root.clone());
        let mut open = vec![root.clone()];
        while let Some(folder) = open.pop() {
            let shown = folder.strip_prefix(&root).map_or_else(|_| folder.clone(), |way| pair.source.join(way));
            let files = self.source_files(&folder, &shown);
            if files.is_empty() && folder == root {
                self.note(&shown, "there is no file of Terraform code (*.tf) in it");
            }
            for (path, file) in &files {
                for (way, line) in file.local_modules() {
                    let inside = beneath(&folder, way);
                    if !inside.is_dir() {
                        let message = format!("there is no folder {way} of the module");
                        self.mistake(path, &Mistake { line, column: 1, message });
                    } else if self.root.relative(&inside).is_some()
                        && !tree.has(&inside)
                        && inside != folder
                        && !open.contains(&inside)
                    {
                        open.push(inside);
                    }
                }
            }
            tree.take(folder, files.into_iter().map(|(_, file)| file).collect());
        }
        let made = pair.made.as_deref().map_or(Some(Vec::new()), |path| self.state(path))?;
        Some((tree, made))
    }

    /// The files of code in a folder, which Terraform takes together.
    fn source_files(&mut self, folder: &Path, shown: &Path) -> Vec<(PathBuf, SourceFile)> {
        let mut names = Vec::new();
        match fs::read_dir(folder) {
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        Ok(entry) => names.push(entry.file_name()),
                        Err(error) => self.note(shown, error),
                    }
                }
            }
            Err(error) => self.note(shown, error),
        }
        names.sort();
        let mut files = Vec::new();
        for name in names {
            // What begins with a dot, or ends with ~, Terraform leaves aside.
            let is_code = name.to_str().is_some_and(|name| name.ends_with(".tf") && !name.starts_with('.'));
            if !is_code {
                continue;
            }
            let path = shown.join(&name);
            let Some(uri) = self.uri(&path) else { continue };
            let Some(text) = self.text(&path) else { continue };
            match SourceFile::read(&uri, &text) {
                Ok(file) => files.push((path, file)),
                Err(mistake) => self.mistake(&path, &mistake),
            }
        }
        files
    }

    fn state(&mut self, path: &Path) -> Option<Vec<Made>> {
        let types = Sources::terraform_types();
        let read = if path.as_os_str() == "-" {
            read_state(io::stdin().lock(), &types)
        } else {
            let file = File::open(path).map_err(|error| self.note(path, error)).ok()?;
            read_state(BufReader::with_capacity(1 << 16, file), &types)
        };
        read.map_err(|mistake| self.mistake(path, &mistake)).ok()
    }

    fn cloudformation<'p>(
        &mut self,
        pair: &Pair,
        same: impl Iterator<Item = &'p Pair>,
    ) -> Option<(Template, Vec<Stack>)> {
        let template = self.uri(&pair.source).and_then(|uri| {
            let text = self.text(&pair.source)?;
            Template::read(uri, &text).map_err(|mistake| self.mistake(&pair.source, &mistake)).ok()
        });
        let mut stacks = Vec::new();
        for path in same.filter_map(|pair| pair.made.as_deref()) {
            let Some(text) = self.text(path) else { continue };
            match Stack::read(&text) {
                Ok(stack) => stacks.push(stack),
                Err(mistake) => self.mistake(path, &mistake),
            }
        }
        Some((template?, stacks))
    }

    fn inventory(&mut self, folder: &Path) -> Committed {
        let mut committed = Committed::default();
        if self.uri(folder).is_none() {
            return committed;
        }
        if !folder.is_dir() {
            self.note(folder, "it is no folder");
        }
        for name in Subject::FOLDERS {
            self.inventory_files(&folder.join(name), &mut committed);
        }
        committed
    }

    fn inventory_files(&mut self, folder: &Path, committed: &mut Committed) {
        let mut paths: Vec<PathBuf> = match fs::read_dir(folder) {
            Ok(entries) => entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect(),
            // Nothing of the kind was there to write.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.note(folder, error),
        };
        paths.sort();
        for path in paths {
            if path.is_dir() && !path.is_symlink() {
                self.inventory_files(&path, committed);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let Some(uri) = self.uri(&path) else { continue };
                let Some(text) = self.text(&path) else { continue };
                if let Err(mistake) = committed.take(uri, &text) {
                    self.mistake(&path, &mistake);
                }
            }
        }
    }
}
