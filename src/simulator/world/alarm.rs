/// What an alarm of CloudWatch watches.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// A metric.
    Metric(WatchedMetric),
    /// Other alarms, as the rule says: `ALARM("one") OR ALARM("other")`.
    Alarms(String),
}

/// A metric, and when it is alarming.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedMetric {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Its dimensions.
    pub dimensions: Vec<(String, String)>,
    /// `Sum`, `Average`, …
    pub statistic: String,
    /// Over how many seconds.
    pub period: u32,
    /// Over how many periods.
    pub evaluation_periods: u32,
    /// In how many of them it must be alarming; without it, in all.
    pub datapoints_to_alarm: Option<u32>,
    /// The threshold.
    pub threshold: f64,
    /// `GreaterThanOrEqualToThreshold`, …
    pub comparison: String,
    /// `notBreaching`, …
    pub treat_missing_data: Option<String>,
}

/// An alarm of CloudWatch.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Its ARN, which names its account, Region and name.
    pub arn: String,
    /// Whether its actions are done.
    pub actions_enabled: bool,
    /// The ARNs of what it does when it goes off: topics, mostly.
    pub actions: Vec<String>,
    /// What it watches.
    pub watched: Watched,
}

impl Alarm {
    /// An alarm that goes off with the first event that a metric counts in five minutes, and does nothing then.
    pub fn on_metric(arn: &str, namespace: &str, name: &str) -> Self {
        let watched = Watched::Metric(WatchedMetric {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: Vec::new(),
            statistic: "Sum".to_owned(),
            period: 300,
            evaluation_periods: 1,
            datapoints_to_alarm: None,
            threshold: 1.0,
            comparison: "GreaterThanOrEqualToThreshold".to_owned(),
            treat_missing_data: Some("notBreaching".to_owned()),
        });
        Self { arn: arn.to_owned(), actions_enabled: true, actions: Vec::new(), watched }
    }

    /// An alarm on other alarms.
    pub fn on_alarms(arn: &str, rule: &str) -> Self {
        let watched = Watched::Alarms(rule.to_owned());
        Self { arn: arn.to_owned(), actions_enabled: true, actions: Vec::new(), watched }
    }

    /// The alarm, with something that it does.
    #[must_use]
    pub fn telling(mut self, action: &str) -> Self {
        self.actions.push(action.to_owned());
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.splitn(7, ':').nth(6).unwrap_or("")
    }
}
