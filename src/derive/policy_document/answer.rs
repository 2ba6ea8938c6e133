//! Answers that say why.

use std::fmt;

/// Where a statement stands in its document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its number, from 1.
    pub number: usize,
    /// Its `Sid`, where it has one.
    pub sid: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sid {
            Some(sid) => write!(f, "statement {} (\"{sid}\")", self.number),
            None => write!(f, "statement {}", self.number),
        }
    }
}

/// One fact that an answer rests on, in words that can stand as evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The statement that it is about, where it is about one.
    pub place: Option<Place>,
    /// What is so, beginning with a verb where there is a statement.
    pub text: String,
}

impl Reason {
    /// What a statement does.
    pub fn at(place: &Place, text: impl Into<String>) -> Self {
        Self { place: Some(place.clone()), text: text.into() }
    }

    /// What is so of the whole.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { place: None, text: text.into() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place} {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Something that an answer needs and that was not given: the caller knows which call would have told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The policy of the bucket.
    BucketPolicy,
    /// The ACL of the bucket.
    BucketAcl,
    /// Who owns the bucket's objects.
    Ownership,
    /// Block Public Access of the bucket.
    BucketBlock,
    /// Block Public Access of the account that owns the bucket.
    AccountBlock,
    /// The policy of the key.
    KeyPolicy,
    /// The policy of the topic.
    TopicPolicy,
    /// The organization: its id, or which accounts are in it.
    Organization,
    /// The configuration of a trail.
    Trail,
}

/// Why an answer is unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// This was not read.
    NotRead(Source),
    /// This was read, and does not decide it.
    Undecided(Reason),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self {
            Self::Undecided(reason) => return reason.fmt(f),
            Self::NotRead(Source::BucketPolicy) => "the policy of the bucket",
            Self::NotRead(Source::BucketAcl) => "the ACL of the bucket",
            Self::NotRead(Source::Ownership) => "the ownership of the bucket's objects",
            Self::NotRead(Source::BucketBlock) => "Block Public Access of the bucket",
            Self::NotRead(Source::AccountBlock) => "Block Public Access of the account",
            Self::NotRead(Source::KeyPolicy) => "the policy of the key",
            Self::NotRead(Source::TopicPolicy) => "the policy of the topic",
            Self::NotRead(Source::Organization) => "the accounts of the organization",
            Self::NotRead(Source::Trail) => "the configuration of the trail",
        };
        write!(f, "{source} could not be read")
    }
}

/// The answer to a question of yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is so, because.
    Yes(Vec<Reason>),
    /// It is not so, because.
    No(Vec<Reason>),
    /// It is not known, because.
    Unknown(Vec<Doubt>),
}

impl Answer {
    /// Yes, where some part is so; unknown, where some part may be so; else no, for a reason.
    ///
    /// This is the form of "can anybody …": one proven case is enough, and no doubt elsewhere undoes it.
    pub fn any(proven: Vec<Reason>, doubts: Vec<Doubt>, otherwise: impl FnOnce() -> Vec<Reason>) -> Self {
        if !proven.is_empty() {
            Self::Yes(proven)
        } else if !doubts.is_empty() {
            Self::Unknown(doubts)
        } else {
            Self::No(otherwise())
        }
    }

    /// The answer to the opposite question.
    pub fn opposite(self) -> Self {
        match self {
            Self::Yes(reasons) => Self::No(reasons),
            Self::No(reasons) => Self::Yes(reasons),
            Self::Unknown(doubts) => Self::Unknown(doubts),
        }
    }

    /// Unknown for one reason.
    pub fn undecided(reason: Reason) -> Self {
        Self::Unknown(vec![Doubt::Undecided(reason)])
    }

    /// Unknown because one thing was not read.
    pub fn not_read(source: Source) -> Self {
        Self::Unknown(vec![Doubt::NotRead(source)])
    }

    /// True, false, or nothing where it is unknown.
    pub fn known(&self) -> Option<bool> {
        match self {
            Self::Yes(_) => Some(true),
            Self::No(_) => Some(false),
            Self::Unknown(_) => None,
        }
    }

    /// What the answer rests on, in words.
    pub fn because(&self) -> Vec<String> {
        match self {
            Self::Yes(reasons) | Self::No(reasons) => reasons.iter().map(Reason::to_string).collect(),
            Self::Unknown(doubts) => doubts.iter().map(Doubt::to_string).collect(),
        }
    }
}
