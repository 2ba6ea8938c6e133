//! An answer on its way: what it says, when it comes, and whether it arrives.

use super::answer::Heard;
use super::weather::{Effect, damage};
use super::wire::{Failure, Response};
use std::time::Duration;

/// How an answer fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fate {
    #[default]
    Arrives,
    /// Nobody listens.
    NoConnection,
    /// The connection breaks before the answer.
    Lost,
    /// The connection breaks in the middle of the body.
    Broken,
    /// Nothing ever comes.
    Never,
}

/// An answer and what becomes of it.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) response: Response,
    pub(super) delay: Duration,
    pub(super) fate: Fate,
}

impl Delivery {
    /// A response after all that the weather does to it.
    pub(super) fn new(mut response: Response, effects: &[&Effect]) -> Self {
        let (mut delay, mut fate) = (Duration::ZERO, Fate::Arrives);
        for effect in effects {
            match effect {
                Effect::Latency(time) => delay += *time,
                Effect::ConnectionRefused => fate = Fate::NoConnection,
                Effect::ResetBeforeAnswer => fate = Fate::Lost,
                Effect::ResetInBody => fate = Fate::Broken,
                Effect::NeverAnswers => fate = Fate::Never,
                other => damage(&mut response, other),
            }
        }
        Self { response, delay, fate }
    }

    /// The status that the client sees, or 0 where it sees none.
    pub(super) fn status(&self) -> u16 {
        match self.fate {
            Fate::Arrives | Fate::Broken => self.response.status().as_u16(),
            Fate::NoConnection | Fate::Lost | Fate::Never => 0,
        }
    }
}

/// The refusal that the weather puts in the place of the service's answer, if it does.
pub(super) fn refusal(effects: &[&Effect], heard: &Heard<'_>) -> Option<Failure> {
    let codes = heard.codes();
    effects.iter().find_map(|effect| match effect {
        Effect::Throttle => Some(codes.throttled()),
        Effect::Status(503) => Some(Failure::new(503, codes.unavailable.1, "Service is unavailable.")),
        Effect::Status(500) => Some(Failure::new(500, codes.broken.1, "We encountered an internal error.")),
        Effect::Status(status) => Some(Failure::new(*status, format!("Status{status}"), "")),
        Effect::Refuse { status, code, message } => Some(Failure::new(*status, code.clone(), message.as_str())),
        Effect::Deny(message) => Some(codes.denied(message.as_str())),
        Effect::RedirectLoop(one, other) => {
            let region = if heard.region == one { other } else { one };
            let failure = Failure::new(301, "PermanentRedirect", "Please send all future requests to this endpoint.");
            Some(Failure { bucket_region: Some(region.clone()), ..failure })
        }
        _ => None,
    })
}
