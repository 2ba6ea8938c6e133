//! Writing answers down as they come.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use super::{Asked, Head, Kept, KeptAnswer, is_secret, key};
use crate::collect::classify::Refusal;
use crate::collect::journal::{Conversation, Recorded};
use crate::collect::ledger::Unit;

/// A file of answers while it is written.
#[derive(Debug)]
pub struct AnswerLog {
    writing: Mutex<Writing>,
    asked: Asked,
}

#[derive(Debug)]
struct Writing {
    file: BufWriter<File>,
    questions: u64,
    /// Why a line could not be written: those after it are not either.
    failed: Option<io::Error>,
}

impl AnswerLog {
    /// Begins a file, which must not be there yet. Nobody but its owner may read it.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::new(options.open(path)?);
        Ok(Self { writing: Mutex::new(Writing { file, questions: 0, failed: None }), asked: Asked::default() })
    }

    /// Forces everything to the disk; how many questions there are.
    ///
    /// # Errors
    /// Where some line could not be written.
    pub fn close(&self) -> io::Result<u64> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = writing.failed.take() {
            return Err(error);
        }
        writing.file.flush()?;
        writing.file.get_ref().sync_all()?;
        Ok(writing.questions)
    }

    /// Writes the first line.
    pub(in crate::collect) fn head(&self, head: &Head) {
        self.line(head);
    }

    /// Takes down that a question is asked; how often it was before.
    pub(in crate::collect) fn ask(&self, unit: &Unit<'_>) -> usize {
        self.asked.before(key(unit))
    }

    /// Keeps a question with what became of it: `refusal`, where it was refused, and whether an answer came at all.
    pub(in crate::collect) fn keep(
        &self,
        unit: &Unit<'_>,
        (asked_before, read_at): (usize, Timestamp),
        conversation: &Conversation,
        refusal: Option<&Refusal>,
        came: bool,
    ) {
        let (operation, account, region, resource) = key(unit);
        let secret = is_secret(unit);
        let withheld = |answer: &Recorded| KeptAnswer {
            request_id: answer.request_id().map(str::to_owned),
            sha256: None,
            answer: answer.withheld(),
        };
        let whole = |answer: &Recorded| KeptAnswer {
            request_id: answer.request_id().map(str::to_owned),
            sha256: Some(answer.sha256()),
            answer: answer.clone(),
        };
        // An earlier attempt was answered, and the last one was not: the answer is none to the question.
        let answers =
            conversation.answers.iter().filter(|answer| came || Some(&answer.request) != conversation.last.as_ref());
        let answers = if secret { answers.map(withheld).collect() } else { answers.map(whole).collect() };
        let refusal = refusal.filter(|_| secret || !came).cloned();
        self.line(&Kept { operation, account, region, resource, asked_before, read_at, refusal, answers });
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).questions += 1;
    }

    fn line(&self, line: &impl Serialize) {
        let text = serde_json::to_string(line);
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if writing.failed.is_none() {
            let written = text.map_err(io::Error::from).and_then(|text| writeln!(writing.file, "{text}"));
            writing.failed = written.err();
        }
    }
}
