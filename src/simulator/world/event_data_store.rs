use serde_json::{Value, json};

/// An event data store of CloudTrail Lake.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDataStore {
    /// Its ARN, which names its account and Region; of an organization's store, the management account.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `ENABLED`, `STOPPED_INGESTION`, `PENDING_DELETION` …
    pub status: String,
    /// What it takes in.
    pub advanced_event_selectors: Vec<Value>,
    /// Whether it takes in all Regions.
    pub multi_region: bool,
    /// Whether it takes in the whole organization.
    pub organization: bool,
    /// For how many days it keeps events.
    pub retention_days: u32,
    /// Whether it is protected from deletion.
    pub termination_protection: bool,
    /// The KMS key that encrypts it; without it, one of AWS's.
    pub kms_key: Option<String>,
    /// Its resource-based policy, if it has one.
    pub policy: Option<String>,
    /// Fields that AWS's answers leave out.
    pub left_out: Vec<String>,
}

impl EventDataStore {
    /// A store as the console makes it: it takes in all management events of the account in all Regions, keeps them for a
    /// year and can be extended, and is protected from deletion.
    pub fn new(arn: &str, name: &str) -> Self {
        Self {
            arn: arn.to_owned(),
            name: name.to_owned(),
            status: "ENABLED".to_owned(),
            advanced_event_selectors: vec![json!({ "Name": "Default management events",
                "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] })],
            multi_region: true,
            organization: false,
            retention_days: 366,
            termination_protection: true,
            kms_key: None,
            policy: None,
            left_out: Vec::new(),
        }
    }

    /// The store, taking in the whole organization.
    #[must_use]
    pub fn of_organization(mut self) -> Self {
        self.organization = true;
        self
    }

    /// The store, encrypted with a key.
    #[must_use]
    pub fn encrypted_with(mut self, key_arn: &str) -> Self {
        self.kms_key = Some(key_arn.to_owned());
        self
    }

    /// The store, in a status.
    #[must_use]
    pub fn in_status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.status);
        self
    }

    /// The store, with selectors.
    #[must_use]
    pub fn selecting(mut self, selectors: impl IntoIterator<Item = Value>) -> Self {
        self.advanced_event_selectors = selectors.into_iter().collect();
        self
    }

    /// The store, with a policy.
    #[must_use]
    pub fn with_policy(mut self, policy: &Value) -> Self {
        self.policy = Some(policy.to_string());
        self
    }

    /// The store, of which AWS's answers leave out a field.
    #[must_use]
    pub fn leaving_out(mut self, field: &str) -> Self {
        self.left_out.push(field.to_owned());
        self
    }
}
