use jiff::{SignedDuration, Timestamp};

/// What GetTrailStatus says; what is `None` is left out of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrailStatus {
    /// Whether the trail logs.
    pub is_logging: Option<bool>,
    /// When logging was last started.
    pub started: Option<Timestamp>,
    /// When logging was last stopped.
    pub stopped: Option<Timestamp>,
    /// The latest delivery of log files.
    pub delivered: Option<Timestamp>,
    /// The error of the latest delivery, such as `AccessDenied`.
    pub delivery_error: Option<String>,
    /// The latest delivery of a digest.
    pub digest_delivered: Option<Timestamp>,
    /// The error of the latest digest delivery.
    pub digest_error: Option<String>,
    /// The latest delivery to CloudWatch Logs.
    pub log_group_delivered: Option<Timestamp>,
    /// The error of the latest delivery to CloudWatch Logs.
    pub log_group_error: Option<String>,
    /// The latest notification.
    pub notified: Option<Timestamp>,
    /// The error of the latest notification.
    pub notification_error: Option<String>,
}

impl TrailStatus {
    /// A trail that has logged for a month and delivered everything some minutes ago.
    ///
    /// ```
    /// use trailproof::simulator::TrailStatus;
    /// let now = "2026-11-20T18:00:00Z".parse()?;
    /// assert_eq!(TrailStatus::logging(now).is_logging, Some(true));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn logging(now: Timestamp) -> Self {
        let ago = |minutes| now.checked_sub(SignedDuration::from_mins(minutes)).ok();
        Self {
            is_logging: Some(true),
            started: ago(30 * 24 * 60),
            delivered: ago(4),
            digest_delivered: ago(35),
            log_group_delivered: ago(3),
            notified: ago(4),
            ..Self::default()
        }
    }

    /// A trail that logged until it was stopped.
    pub fn stopped(at: Timestamp) -> Self {
        Self { is_logging: Some(false), stopped: Some(at), ..Self::logging(at) }
    }
}
