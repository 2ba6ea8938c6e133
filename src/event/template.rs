//! Templates: an event made from its name, as CloudTrail would record it, as far as that is known.
//!
//! A template says nothing that was not said or is not documented: what selectors and filters ask beyond it is open.

use serde_json::{Map, Value, json};

use super::known::{Known, known};
use crate::derive::selector::{Category, Event, is_in_leader_region_alone};
use crate::id::{AccountId, Arn, Partition, RegionName};

/// What somebody says of an event.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// `service:Operation`, the service as `eventSource` has it without `.amazonaws.com`, such as `s3:GetObject`.
    pub event: &'a str,
    /// The category, where the name does not tell it.
    pub category: Option<Category>,
    /// Whether it only reads, where the name does not tell it.
    pub read_only: Option<bool>,
    /// The type of resource of a data event, where the name does not tell it.
    pub resource_type: Option<&'a str>,
    /// What it is done to.
    pub resource: Option<&'a Arn>,
    /// Whose copy of the event it is; of data events, the owner of the resource.
    pub account: AccountId,
    /// Where it happens; services that write their events in one Region need none.
    pub region: Option<RegionName>,
    /// The partition of the account.
    pub partition: &'a Partition,
}

/// Something that must be said, as nothing tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Whether it is a management, a data or a network activity event.
    Category,
    /// The type of resource by which the data event is selected.
    ResourceType,
    /// The Region.
    Region,
}

/// Why no template can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The name has another form.
    #[error("{0} is no event: it takes service:Operation, such as s3:GetObject")]
    Form(String),
    /// The service goes by another name in CloudTrail.
    #[error("the events of `{service}` come from {source_is}")]
    Source {
        /// The name given.
        service: String,
        /// How CloudTrail names it.
        source_is: &'static str,
    },
    /// Something must be said.
    #[error("{}", missing(.event, *.what))]
    Missing {
        /// The event.
        event: String,
        /// What is missing.
        what: Missing,
    },
    /// Two things that were said, or are known, cannot both be.
    #[error("{0}")]
    Contradiction(String),
}

fn missing(event: &str, what: Missing) -> String {
    match what {
        Missing::Category => format!("whether {event} is a management or a data event is not known here"),
        Missing::ResourceType => format!("of which type of resource {event} is a data event is not known here"),
        Missing::Region => format!("the Region of {event} is not known"),
    }
}

/// An event made from its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    name: String,
    category: Category,
    read_only: Option<bool>,
    event_type: &'static str,
    resources: Vec<Map<String, Value>>,
    account: AccountId,
    region: RegionName,
}

impl Template {
    /// The template of what somebody says.
    ///
    /// # Errors
    /// Where the name has another form, something must be said, or what was said cannot be.
    pub fn new(asked: &Asked<'_>) -> Result<Self, TemplateError> {
        let (source, name) = source_and_name(asked.event)?;
        let known = facts(asked, &source, &name)?;
        let region = region(asked, &source)?;
        let resources = resources(asked, &name, known)?;
        Ok(Self {
            category: known.category,
            read_only: known.read_only,
            event_type: known.event_type,
            account: asked.account,
            source,
            name,
            resources,
            region,
        })
    }

    /// The record that CloudTrail would write, without what nobody said.
    pub fn record(&self) -> Value {
        let mut record = json!({
            "eventSource": self.source,
            "eventName": self.name,
            "eventType": self.event_type,
            "eventCategory": self.category.as_str(),
            "managementEvent": self.category == Category::Management,
            "awsRegion": self.region.as_str(),
            "recipientAccountId": self.account.to_string(),
        });
        if let Some(read_only) = self.read_only {
            record["readOnly"] = read_only.into();
        }
        if !self.resources.is_empty() {
            record["resources"] = self.resources.iter().cloned().map(Value::Object).collect();
        }
        record
    }

    /// The event; what the template does not say is not absent, but open.
    pub fn event(&self) -> Event {
        Event { is_complete: false, ..Event::from_record(&self.record()) }
    }
}

fn source_and_name(event: &str) -> Result<(String, String), TemplateError> {
    let refused = || TemplateError::Form(event.to_owned());
    let (service, name) = event.split_once(':').ok_or_else(refused)?;
    let service = service.strip_suffix(".amazonaws.com").unwrap_or(service);
    let plain = |text: &str, also: &[u8]| {
        let mut letters = text.bytes();
        !text.is_empty() && letters.all(|letter| letter.is_ascii_alphanumeric() || also.contains(&letter))
    };
    if !plain(service, b"-") || service.bytes().any(|letter| letter.is_ascii_uppercase()) || !plain(name, b"_") {
        return Err(refused());
    }
    // Names of IAM that CloudTrail has otherwise. Source: Aurora User Guide, "Logging Amazon RDS Data API calls"; CloudWatch
    // User Guide, "Logging Amazon CloudWatch API calls".
    let source_is = match service {
        "rds-data" => "rdsdata (Aurora Serverless v1, management events) or rdsdataapi (other clusters, data events)",
        "cloudwatch" => "monitoring",
        _ => return Ok((format!("{service}.amazonaws.com"), name.to_owned())),
    };
    Err(TemplateError::Source { service: service.to_owned(), source_is })
}

/// What is known by name and what was said, together.
fn facts(asked: &Asked<'_>, source: &str, name: &str) -> Result<Known, TemplateError> {
    if asked.category == Some(Category::NetworkActivity) {
        // A call through a VPC endpoint is recorded beside the call itself, and its records have no `readOnly`. Source:
        // CloudTrail User Guide, "Understanding CloudTrail events" (network activity events).
        return Ok(Known {
            category: Category::NetworkActivity,
            read_only: asked.read_only,
            event_type: "AwsVpceEvent",
            resource_type: None,
        });
    }
    let Some(known) = known(source, name) else {
        let what = Missing::Category;
        let category = asked.category.ok_or_else(|| TemplateError::Missing { event: asked.event.to_owned(), what })?;
        return Ok(Known { category, read_only: asked.read_only, event_type: "AwsApiCall", resource_type: None });
    };
    let contradicts = |what: &str| Err(TemplateError::Contradiction(format!("{} is {what}", asked.event)));
    match (known.category, asked.category) {
        (Category::Management, Some(Category::Data)) => return contradicts("a management event, no data event"),
        (Category::Data, Some(Category::Management)) => return contradicts("a data event, no management event"),
        _ => {}
    }
    match (known.read_only, asked.read_only) {
        (Some(true), Some(false)) => contradicts("an event that only reads"),
        (Some(false), Some(true)) => contradicts("an event that writes"),
        (documented, said) => Ok(Known { read_only: documented.or(said), ..known }),
    }
}

fn region(asked: &Asked<'_>, source: &str) -> Result<RegionName, TemplateError> {
    let leader = asked.partition.leader_region().filter(|_| is_in_leader_region_alone(source));
    match (leader, &asked.region) {
        (Some(leader), Some(region)) if leader != *region => {
            let message = format!("the events of {source} are written in {leader} alone, not in {region}");
            Err(TemplateError::Contradiction(message))
        }
        (Some(region), _) => Ok(region),
        (None, Some(region)) => Ok(region.clone()),
        (None, None) => Err(TemplateError::Missing { event: asked.event.to_owned(), what: Missing::Region }),
    }
}

fn resources(asked: &Asked<'_>, name: &str, known: Known) -> Result<Vec<Map<String, Value>>, TemplateError> {
    let other = |arn: &&Arn| arn.partition().is_some_and(|partition| partition != *asked.partition);
    if let Some(arn) = asked.resource.filter(other) {
        let message = format!("{arn} is of another partition than the snapshot, which is of {}", asked.partition);
        return Err(TemplateError::Contradiction(message));
    }
    if known.category != Category::Data {
        return Ok(asked.resource.map(|arn| resource(None, "ARN", arn.as_str())).into_iter().collect());
    }
    let missing = TemplateError::Missing { event: asked.event.to_owned(), what: Missing::ResourceType };
    let resource_type = asked.resource_type.or(known.resource_type).ok_or(missing)?;
    match asked.resource {
        Some(arn) if resource_type == "AWS::S3::Object" => object(asked.event, name, arn),
        Some(arn) => Ok(vec![resource(Some(resource_type), "ARN", arn.as_str())]),
        None => Ok(vec![of_type(resource_type)]),
    }
}

fn of_type(resource_type: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), resource_type.into())])
}

fn resource(resource_type: Option<&str>, key: &str, arn: &str) -> Map<String, Value> {
    let mut resource = resource_type.map(of_type).unwrap_or_default();
    resource.insert(key.to_owned(), arn.into());
    resource
}

/// The resources of an event of S3 objects: the object, or all of the bucket by the beginning of their ARNs, and the bucket.
///
/// Source: S3 User Guide, "Amazon S3 CloudTrail events", and the records that AWS publishes of `DeleteObjects` and
/// `ListObjects`. With which beginning a listing under a prefix is recorded is not documented, and is left out.
fn object(event: &str, name: &str, arn: &Arn) -> Result<Vec<Map<String, Value>>, TemplateError> {
    const TYPE: &str = "AWS::S3::Object";
    let refused = |what: &str| Err(TemplateError::Contradiction(format!("{event} on {arn}: {what}")));
    let (bucket, key) = arn.resource().split_once('/').unwrap_or((arn.resource(), ""));
    if arn.service() != "s3" || arn.region().is_some() || arn.account().is_some() || bucket.is_empty() {
        return refused("objects have ARNs such as arn:aws:s3:::bucket/key; what is no object has a type of its own");
    }
    let bucket_arn = &arn.as_str()[..arn.as_str().len() - arn.resource().len() + bucket.len()];
    let whole = resource(Some(TYPE), "ARNPrefix", &format!("{bucket_arn}/"));
    let objects = match (name, key) {
        ("DeleteObjects" | "HeadBucket", _) | ("ListObjects" | "ListObjectVersions", "") => whole,
        ("ListObjects" | "ListObjectVersions", _) => of_type(TYPE),
        (_, "") => return refused("the event is of one object, and this is the ARN of a bucket"),
        _ => resource(Some(TYPE), "ARN", arn.as_str()),
    };
    Ok(vec![objects, resource(Some("AWS::S3::Bucket"), "ARN", bucket_arn)])
}
