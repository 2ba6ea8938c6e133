//! Classes of events, and which values their fields can have.

use super::clause::Field;
use super::resource_type;
use super::sample::Domain;

/// A category of events that trails can record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Management events.
    Management,
    /// Data events.
    Data,
    /// Network activity events.
    NetworkActivity,
}

impl Category {
    /// The category as `eventCategory` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Data => "Data",
            Self::NetworkActivity => "NetworkActivity",
        }
    }
}

/// Reading, writing, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Events that only read.
    Read,
    /// Events that write.
    Write,
    /// All of them.
    Both,
}

/// The services that events come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sources {
    /// All but KMS and RDS Data, which selectors can leave out.
    General,
    /// This one, such as `kms.amazonaws.com`.
    One(String),
    /// All.
    Any,
}

/// The resources of a class of data events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arns {
    /// All of the type.
    All,
    /// Those whose ARN begins so, such as `arn:aws:s3:::bucket/`.
    Under(String),
    /// One.
    Exactly(String),
}

/// A class of events: a question about many events at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventClass {
    /// The category.
    pub category: Category,
    /// Reading, writing, or both.
    pub access: Access,
    /// The services.
    pub sources: Sources,
    /// The type of resource and which of them; for data events only.
    pub resource: Option<(String, Arns)>,
    /// The partition, by which ARNs begin.
    pub partition: String,
    /// Whether only those count that CloudTrail makes when it delivers log files.
    pub(super) is_delivery: bool,
}

/// How CloudTrail writes its files.
const DELIVERY: &str = "PutObject";

impl EventClass {
    /// Management events.
    pub fn management(partition: &str, sources: Sources, access: Access) -> Self {
        Self {
            category: Category::Management,
            access,
            sources,
            resource: None,
            partition: partition.to_owned(),
            is_delivery: false,
        }
    }

    /// Data events of resources of a type.
    pub fn data(partition: &str, resource_type: &str, arns: Arns, access: Access) -> Self {
        let resource = Some((resource_type.to_owned(), arns));
        let sources =
            resource_type::event_source(resource_type).map_or(Sources::Any, |source| Sources::One(source.to_owned()));
        Self {
            category: Category::Data,
            access,
            sources,
            resource,
            partition: partition.to_owned(),
            is_delivery: false,
        }
    }

    /// Data events of all objects of a bucket.
    pub fn objects(partition: &str, bucket: &str, access: Access) -> Self {
        Self::data(partition, "AWS::S3::Object", Arns::Under(format!("arn:{partition}:s3:::{bucket}/")), access)
    }

    /// What CloudTrail itself puts into a bucket, beneath the beginning of an ARN: a service did it, and no user.
    pub fn deliveries(partition: &str, under: &str) -> Self {
        let all = Self::data(partition, "AWS::S3::Object", Arns::Under(under.to_owned()), Access::Write);
        Self { is_delivery: true, ..all }
    }

    /// Network activity events of a service.
    pub fn network(partition: &str, source: &str, access: Access) -> Self {
        let sources = Sources::One(source.to_owned());
        Self {
            category: Category::NetworkActivity,
            access,
            sources,
            resource: None,
            partition: partition.to_owned(),
            is_delivery: false,
        }
    }

    /// The values that a field can have.
    pub(super) fn domain(&self, field: &Field) -> Domain {
        match field {
            Field::Category => Domain::values([self.category.as_str()]),
            Field::ReadOnly => Domain::values(self.access.values().iter().copied()),
            Field::ResourceType => match &self.resource {
                Some((name, _)) => Domain::values([name.as_str()]),
                None => Domain::absent(),
            },
            Field::ResourceArn => self.arns(),
            Field::EventSource => match &self.sources {
                Sources::One(source) => Domain::values([source.as_str()]),
                Sources::General => Domain::Texts {
                    except: vec!["kms.amazonaws.com", "rdsdata.amazonaws.com"],
                    is_sure: true,
                    or_absent: false,
                },
                // The sources of a type's data events are few, and which, is not known here.
                Sources::Any => {
                    Domain::Texts { except: vec![], is_sure: self.category != Category::Data, or_absent: false }
                }
            },
            Field::EventName if self.is_delivery => Domain::values([DELIVERY]),
            Field::ErrorCode | Field::UserArn | Field::ConsoleSession if self.is_delivery => Domain::absent(),
            Field::EventName => Domain::Names(self.resource.as_ref().map(|(name, _)| name.clone()), self.access),
            Field::EventType | Field::VpcEndpoint => Domain::any(false),
            Field::ErrorCode | Field::UserArn => Domain::any(true),
            Field::ConsoleSession => Domain::Session,
            Field::Other(_) => Domain::absent(),
        }
    }

    fn arns(&self) -> Domain {
        let Some((name, arns)) = &self.resource else { return Domain::absent() };
        let of_objects = name == "AWS::S3::Object";
        match arns {
            Arns::Exactly(arn) if !of_objects => Domain::values([arn.as_str()]),
            Arns::Exactly(arn) => Domain::Objects { under: arn.clone(), exactly: true, access: self.access },
            Arns::Under(start) if self.is_delivery => Domain::Arns { under: start.clone(), is_namespace: true },
            Arns::Under(start) if of_objects => {
                Domain::Objects { under: start.clone(), exactly: false, access: self.access }
            }
            Arns::All if of_objects => {
                let under = format!("arn:{}:s3:::", self.partition);
                Domain::Objects { under, exactly: false, access: self.access }
            }
            Arns::Under(start) => Domain::Arns { under: start.clone(), is_namespace: true },
            Arns::All => match resource_type::arn_service(name) {
                Some(service) => {
                    Domain::Arns { under: format!("arn:{}:{service}:", self.partition), is_namespace: true }
                }
                None => Domain::Arns { under: format!("arn:{}:", self.partition), is_namespace: false },
            },
        }
    }
}

impl Access {
    fn values(self) -> &'static [&'static str] {
        match self {
            Self::Read => &["true"],
            Self::Write => &["false"],
            Self::Both => &["true", "false"],
        }
    }

    /// Whether a class of this access has events that only read, or do not.
    pub(super) fn includes(self, read_only: bool) -> bool {
        match self {
            Self::Read => read_only,
            Self::Write => !read_only,
            Self::Both => true,
        }
    }
}
