//! The journal: what AWS answered, as it answered it, so that a run that ended early can go on.
//!
//! One line for each question that was answered, appended when it was. A line begins with the SHA-256 of the journal's
//! first line and itself: a line that was cut short or damaged, or is another journal's, is as if it had never been
//! written. Nothing of STS is kept, and of requests only a hash: neither credentials nor signatures come in.

mod exchange;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ledger::Unit;

pub(super) use exchange::{Conversation, Exchange, Recorded, RequestKey, current, unheard};

const SCHEMA: &str = "trailproof.journal/1";

/// How long lines may be only in memory of the system: the journal is forced to the disk with the first line after. While
/// that goes on, nothing else does.
const AT_RISK: Duration = Duration::from_secs(1);

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be opened, read or written.
    #[error("the journal {} cannot be used: {source}", .path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else: it is left as it is.
    #[error("{} is no journal: it is left as it is", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another version wrote it.
    #[error("the journal {} was written by trailproof {version}: only that version can go on with it", .path.display())]
    Version {
        /// The journal.
        path: PathBuf,
        /// The version.
        version: String,
    },
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    schema: String,
    version: String,
    begun_at: Timestamp,
    process: u32,
}

/// A question that was answered.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    question: String,
    read_at: Timestamp,
    answers: Vec<Recorded>,
}

/// Where the answer to a question stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    length: usize,
    read_at: Timestamp,
}

/// The journal of a run.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    begun_at: Timestamp,
    seal: Vec<u8>,
    places: HashMap<String, Place>,
    damaged: usize,
    file: Mutex<Writing>,
}

#[derive(Debug)]
struct Writing {
    file: File,
    lines: u64,
    synced: Instant,
    /// Why a line could not be written: those after it are not either.
    failed: Option<io::ErrorKind>,
}

impl Journal {
    /// Begins a journal, in the place of one that may be there; another file is left alone. Nobody but its owner may read it.
    ///
    /// # Errors
    /// Where the file cannot be written, or is no journal.
    pub fn begin(path: &Path) -> Result<Self, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        if !may_be_one(path).map_err(failed)? {
            return Err(JournalError::Foreign { path: path.to_owned() });
        }
        let mut file = private().truncate(true).open(path).map_err(failed)?;
        let begun_at = Timestamp::now();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let head = Head { schema: SCHEMA.to_owned(), version, begun_at, process: std::process::id() };
        let line = sealed(&[], &head).map_err(|error| failed(error.into()))?;
        let seal = line[HASH + 1..line.len() - 1].to_vec();
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(failed)?;
        Ok(Self::of(path, begun_at, seal, HashMap::new(), 0, file))
    }

    /// Goes on with a journal: what was read at most `max_age` ago is not asked again. Where there is none, or not
    /// even its first line is whole, a new one begins.
    ///
    /// # Errors
    /// Where the file cannot be read and written, and where another version wrote it.
    pub fn resume(path: &Path, max_age: SignedDuration) -> Result<Self, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        let mut file = match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::begin(path),
            Err(error) => return Err(failed(error)),
        };
        let mut reader = BufReader::new(&file);
        let mut text = Vec::new();
        let mut offset = reader.read_until(b'\n', &mut text).map_err(failed)? as u64;
        let head = opened(&[], &text).and_then(|head| Some((head, serde_json::from_slice::<Head>(head).ok()?)));
        let Some((seal, head)) = head.filter(|(_, head)| head.schema == SCHEMA) else { return Self::begin(path) };
        if head.version != env!("CARGO_PKG_VERSION") {
            return Err(JournalError::Version { path: path.to_owned(), version: head.version });
        }
        let seal = seal.to_vec();
        let oldest = Timestamp::now().checked_sub(max_age).unwrap_or(Timestamp::MIN);
        let (mut places, mut damaged, mut whole) = (HashMap::new(), 0, true);
        loop {
            text.clear();
            let length = reader.read_until(b'\n', &mut text).map_err(failed)?;
            if length == 0 {
                break;
            }
            whole = text.ends_with(b"\n");
            match opened(&seal, &text).and_then(|line| serde_json::from_slice::<Line>(line).ok()) {
                Some(line) if line.read_at >= oldest => {
                    places.insert(line.question, Place { offset, length, read_at: line.read_at });
                }
                Some(_) => {}
                None => damaged += 1,
            }
            offset += length as u64;
        }
        if !whole {
            file.write_all(b"\n").map_err(failed)?;
        }
        Ok(Self::of(path, head.begun_at, seal, places, damaged, file))
    }

    fn of(
        path: &Path,
        begun_at: Timestamp,
        seal: Vec<u8>,
        places: HashMap<String, Place>,
        damaged: usize,
        file: File,
    ) -> Self {
        let file = Mutex::new(Writing { file, lines: 0, synced: Instant::now(), failed: None });
        Self { path: path.to_owned(), begun_at, seal, places, damaged, file }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When it was begun.
    pub fn begun_at(&self) -> Timestamp {
        self.begun_at
    }

    /// How many answers it held when the run began, of those that are young enough.
    pub fn held(&self) -> usize {
        self.places.len()
    }

    /// How many lines were cut short or damaged: what they held is asked again.
    pub fn damaged(&self) -> usize {
        self.damaged
    }

    /// How many answers were added.
    pub fn added(&self) -> u64 {
        self.with(|writing| writing.lines)
    }

    /// Why it could not be written to the end, where it could not.
    pub fn failed(&self) -> Option<io::ErrorKind> {
        self.with(|writing| writing.failed)
    }

    /// Forces everything to the disk.
    pub fn sync(&self) {
        self.with(|writing| {
            if let Err(error) = writing.file.sync_data() {
                writing.failed.get_or_insert(error.kind());
            }
        });
    }

    /// Removes the journal of a run that needs it no more.
    ///
    /// # Errors
    /// Where the file cannot be removed.
    pub fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }

    /// The answers to a question, and when they were read.
    pub(super) fn find(&self, question: &str) -> Option<(Timestamp, Vec<Recorded>)> {
        let place = self.places.get(question)?;
        let mut text = vec![0; place.length];
        let read = self.with(|writing| {
            writing.file.seek(SeekFrom::Start(place.offset))?;
            writing.file.read_exact(&mut text)
        });
        read.ok()?;
        let line: Line = serde_json::from_slice(opened(&self.seal, &text)?).ok()?;
        (line.question == question).then_some((place.read_at, line.answers))
    }

    /// Adds the answers to a question.
    pub(super) fn keep(&self, question: String, read_at: Timestamp, answers: Vec<Recorded>) {
        let Ok(line) = sealed(&self.seal, &Line { question, read_at, answers }) else { return };
        self.with(|writing| {
            if writing.failed.is_some() {
                return;
            }
            let due = writing.synced.elapsed() >= AT_RISK;
            let forced = |writing: &mut Writing| if due { writing.file.sync_data() } else { Ok(()) };
            match writing.file.write_all(&line).and_then(|()| forced(writing)) {
                Ok(()) => writing.lines += 1,
                Err(error) => writing.failed = Some(error.kind()),
            }
            if due {
                writing.synced = Instant::now();
            }
        });
    }

    fn with<R>(&self, change: impl FnOnce(&mut Writing) -> R) -> R {
        change(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a file is not there, or begins as a journal does, even one that was cut short or damaged.
fn may_be_one(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(96).read_to_end(&mut start)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let (told, head) = start.split_at(start.len().min(64));
    let begins = format!(" {{\"schema\":\"{SCHEMA}");
    let strange = told.iter().filter(|byte| !byte.is_ascii_hexdigit()).count();
    let different = head.iter().zip(begins.as_bytes()).filter(|(is, should)| is != should).count();
    Ok(strange + different <= DAMAGED)
}

/// So many bytes of its beginning may be damaged where a file is taken for a journal.
const DAMAGED: usize = 4;

/// How a file is opened that nobody else may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The bytes of a hash in hexadecimal, which a line begins with.
const HASH: usize = 64;

/// A line with its hash.
fn sealed(seal: &[u8], what: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = vec![b' '; HASH + 1];
    serde_json::to_writer(&mut line, what)?;
    let hash = hash(seal, &line[HASH + 1..]);
    line[..HASH].copy_from_slice(hash.as_bytes());
    line.push(b'\n');
    Ok(line)
}

/// What a line holds, if it is whole.
fn opened<'a>(seal: &[u8], line: &'a [u8]) -> Option<&'a [u8]> {
    let (told, line) = line.strip_suffix(b"\n")?.split_at_checked(HASH)?;
    let line = line.strip_prefix(b" ")?;
    (hash(seal, line).as_bytes() == told).then_some(line)
}

fn hash(seal: &[u8], line: &[u8]) -> String {
    hex::encode(Sha256::new_with_prefix(seal).chain_update(b"\0").chain_update(line).finalize())
}

/// A question, as the journal knows it again: who asks by which role, and what.
pub(super) fn question(asker: &str, unit: &Unit<'_>) -> Option<String> {
    let declared = unit.call.declaration();
    // Sessions are no answers: their credentials are never written.
    if declared.operation.starts_with("sts:") {
        return None;
    }
    let account = unit.account.map(|id| id.to_string()).unwrap_or_default();
    let region = unit.region.map_or("", |region| region.as_str());
    Some(format!("{asker} {} {account} {region} {}", declared.source, unit.resource.unwrap_or("")))
}
