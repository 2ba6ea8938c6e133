use jiff::Timestamp;

/// AWS Config in a Region of an account: a recorder, a delivery channel, either or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The customer's recorder.
    pub recorder: Option<ConfigRecorder>,
    /// The delivery channel.
    pub channel: Option<ConfigChannel>,
}

/// A recorder that the customer manages.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigRecorder {
    /// Its name.
    pub name: String,
    /// Whether it records all types of resources.
    pub all_supported: bool,
    /// Whether it records.
    pub recording: bool,
    /// `Pending`, `Success`, `Failure` or `NotApplicable`.
    pub last_status: String,
    /// The code of the latest error.
    pub last_error_code: Option<String>,
    /// When it was last started.
    pub started: Timestamp,
}

/// A delivery channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigChannel {
    /// Its name.
    pub name: String,
    /// The latest delivery of a snapshot: `Success`, `Failure` or `Not_Applicable`, and the code of its error.
    pub snapshot: Option<(String, Option<String>)>,
    /// The latest delivery of the history of changes.
    pub history: Option<(String, Option<String>)>,
    /// The latest notification.
    pub stream: Option<(String, Option<String>)>,
}

impl Config {
    /// AWS Config as it should be: it records all types of resources, and delivers.
    pub fn recording(account: impl std::fmt::Display, region: &str) -> Self {
        let done = || Some(("Success".to_owned(), None));
        Self {
            account: account.to_string(),
            region: region.to_owned(),
            recorder: Some(ConfigRecorder {
                name: "default".to_owned(),
                all_supported: true,
                recording: true,
                last_status: "Success".to_owned(),
                last_error_code: None,
                started: Timestamp::from_second(1_609_459_200).unwrap_or(Timestamp::UNIX_EPOCH),
            }),
            channel: Some(ConfigChannel {
                name: "default".to_owned(),
                snapshot: done(),
                history: done(),
                stream: Some(("Not_Applicable".to_owned(), None)),
            }),
        }
    }

    /// AWS Config, whose recorder was stopped.
    #[must_use]
    pub fn stopped(mut self) -> Self {
        if let Some(recorder) = &mut self.recorder {
            recorder.recording = false;
        }
        self
    }

    /// AWS Config, whose deliveries to the bucket fail.
    #[must_use]
    pub fn failing(mut self, code: &str) -> Self {
        if let Some(channel) = &mut self.channel {
            let failed = Some(("Failure".to_owned(), Some(code.to_owned())));
            (channel.snapshot, channel.history) = (failed.clone(), failed);
        }
        self
    }
}
