/// A metric filter of a log group: it counts events in a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFilter {
    /// Its name.
    pub name: String,
    /// Which events it counts.
    pub pattern: String,
    /// The namespace of the metric.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// What an event adds.
    pub value: String,
    /// What the metric is where no event is counted.
    pub default_value: Option<f64>,
    /// The metric's dimensions: names, and the fields that their values come from.
    pub dimensions: Vec<(String, String)>,
    /// Whether it looks at what a transformer has made of the events.
    pub on_transformed_logs: bool,
    /// The expression over system fields that events must fulfil besides.
    pub field_selection: Option<String>,
}

impl MetricFilter {
    /// A filter that counts the events that a pattern matches.
    pub fn new(name: &str, pattern: &str, namespace: &str, metric: &str) -> Self {
        Self {
            name: name.to_owned(),
            pattern: pattern.to_owned(),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            value: "1".to_owned(),
            default_value: None,
            dimensions: Vec::new(),
            on_transformed_logs: false,
            field_selection: None,
        }
    }
}

/// A subscription filter of a log group: it sends events on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionFilter {
    /// Its name.
    pub name: String,
    /// Which events it sends; empty, all.
    pub pattern: String,
    /// The ARN of the function, stream or destination that they go to.
    pub destination: String,
}
