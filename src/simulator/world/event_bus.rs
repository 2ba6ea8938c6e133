use serde_json::json;

/// What a rule of EventBridge sends events to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id in the rule.
    pub id: String,
    /// Its ARN: a topic, a function, another bus.
    pub arn: String,
    /// The ARN of the role by which EventBridge sends to it; in its own name without one.
    pub role: Option<String>,
}

/// A rule of EventBridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// Its name.
    pub name: String,
    /// The pattern of the events that it is for; none for a rule with a schedule.
    pub pattern: Option<String>,
    /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub state: String,
    /// The service that made it, if one did.
    pub managed_by: Option<String>,
    /// Where it sends events.
    pub targets: Vec<Target>,
}

impl EventRule {
    /// An enabled rule that sends events nowhere.
    pub fn new(name: &str, pattern: &str) -> Self {
        Self {
            name: name.to_owned(),
            pattern: Some(pattern.to_owned()),
            state: "ENABLED".to_owned(),
            managed_by: None,
            targets: Vec::new(),
        }
    }

    /// The rule, sending events somewhere too.
    #[must_use]
    pub fn to(mut self, arn: &str) -> Self {
        let id = format!("target-{}", self.targets.len() + 1);
        self.targets.push(Target { id, arn: arn.to_owned(), role: None });
        self
    }

    /// The rule, in a state.
    #[must_use]
    pub fn in_state(mut self, state: &str) -> Self {
        state.clone_into(&mut self.state);
        self
    }
}

/// A bus of EventBridge with its rules. Every account has one that is called `default` in every Region, without being told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBus {
    /// Its ARN, which names its account, Region and name.
    pub arn: String,
    /// Its policy, if it lets others in.
    pub policy: Option<String>,
    /// Its rules.
    pub rules: Vec<EventRule>,
}

impl EventBus {
    /// A bus without rules.
    pub fn new(arn: &str) -> Self {
        Self { arn: arn.to_owned(), policy: None, rules: Vec::new() }
    }

    /// The bus, with a policy that lets an account put events.
    ///
    /// Source: EventBridge User Guide, "Permissions for event buses".
    #[must_use]
    pub fn letting(mut self, account: &str) -> Self {
        let statement = json!({ "Sid": format!("from-{account}"), "Effect": "Allow", "Action": "events:PutEvents",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") }, "Resource": self.arn });
        self.policy = Some(json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string());
        self
    }

    /// The bus, with a rule.
    #[must_use]
    pub fn with_rule(mut self, rule: EventRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.split_once(":event-bus/").map_or("", |(_, name)| name)
    }
}
