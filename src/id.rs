//! Identifiers of AWS things, parsed once at the edge: an account, a Region, an ARN, a bucket.

mod region;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use region::RegionName;

/// Text that is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct IdError {
    text: String,
    expected: &'static str,
}

impl IdError {
    pub(crate) fn refuse<T>(text: &str, expected: &'static str) -> Result<T, Self> {
        Err(Self { text: text.chars().take(120).collect(), expected })
    }
}

/// The twelve digits that name an AWS account.
///
/// ```
/// use trailproof::id::AccountId;
/// let id: AccountId = "012345678901".parse()?;
/// assert_eq!(id.to_string(), "012345678901");
/// assert!("12345".parse::<AccountId>().is_err());
/// # Ok::<(), trailproof::id::IdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl FromStr for AccountId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() == 12
            && text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(number) = text.parse()
        {
            return Ok(Self(number));
        }
        IdError::refuse(text, "an account id (twelve digits)")
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

/// A partition of AWS, such as `aws` or `aws-us-gov`: organizations and ARNs never span two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(Arc<str>);

impl Partition {
    /// The partition as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Region where global services write their events.
    ///
    /// Source: CloudTrail's API Reference speaks of the partition's leader Region; the leaders are those
    /// of the endpoint data that AWS publishes with its SDKs (`globalServiceRegion` of IAM).
    pub fn leader_region(&self) -> Option<RegionName> {
        let name = match self.as_str() {
            "aws" => "us-east-1",
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            "aws-iso" => "us-iso-east-1",
            "aws-iso-b" => "us-isob-east-1",
            "aws-iso-e" => "eu-isoe-west-1",
            "aws-iso-f" => "us-isof-south-1",
            "aws-eusc" => "eusc-de-east-1",
            _ => return None,
        };
        name.parse().ok()
    }
}

impl FromStr for Partition {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if plain && text.starts_with("aws") {
            return Ok(Self(text.into()));
        }
        IdError::refuse(text, "a partition, such as aws or aws-us-gov")
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
///
/// ```
/// use trailproof::id::Arn;
/// let key: Arn = "arn:aws:kms:eu-west-1:111122223333:key/1234".parse()?;
/// assert_eq!(key.service(), "kms");
/// assert_eq!(key.account().map(|id| id.to_string()).as_deref(), Some("111122223333"));
/// assert_eq!(key.resource(), "key/1234");
/// # Ok::<(), trailproof::id::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn(Arc<str>);

impl Arn {
    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or("")
    }

    /// The partition, or nothing where the field is not one.
    pub fn partition(&self) -> Option<Partition> {
        self.part(1).parse().ok()
    }

    /// The service, such as `cloudtrail`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The Region, or nothing where the ARN carries none.
    pub fn region(&self) -> Option<RegionName> {
        self.part(3).parse().ok()
    }

    /// The account, or nothing where the ARN carries none.
    pub fn account(&self) -> Option<AccountId> {
        self.part(4).parse().ok()
    }

    /// All that follows the fifth colon.
    pub fn resource(&self) -> &str {
        self.part(5)
    }
}

impl FromStr for Arn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if parts.len() == 6 && parts[0] == "arn" && !parts[1].is_empty() && !parts[2].is_empty() && !parts[5].is_empty()
        {
            return Ok(Self(text.into()));
        }
        IdError::refuse(text, "an ARN (arn:partition:service:region:account:resource)")
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The ARN of a trail: it names its owner, its home Region and the trail.
///
/// Members of an organization see the organization's trail under this same ARN, so it is the trail's identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrailArn {
    arn: Arn,
    account: AccountId,
    region: RegionName,
    /// Where its name begins.
    name_at: usize,
}

impl TrailArn {
    /// The ARN itself.
    pub fn arn(&self) -> &Arn {
        &self.arn
    }

    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        self.arn.as_str()
    }

    /// The account that owns the trail: for an organization trail the management account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The trail's home Region.
    pub fn home_region(&self) -> &RegionName {
        &self.region
    }

    /// The trail's name.
    pub fn name(&self) -> &str {
        self.as_str().get(self.name_at..).unwrap_or("")
    }
}

impl FromStr for TrailArn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let expected = "the ARN of a trail (arn:partition:cloudtrail:region:account:trail/name)";
        let Ok(arn) = text.parse::<Arn>() else { return IdError::refuse(text, expected) };
        let name = arn.resource().strip_prefix("trail/").filter(|name| !name.is_empty());
        let name_at = name.map(|name| text.len() - name.len());
        match (arn.account(), arn.region(), name_at) {
            (Some(account), Some(region), Some(name_at)) if arn.service() == "cloudtrail" => {
                Ok(Self { arn, account, region, name_at })
            }
            _ => IdError::refuse(text, expected),
        }
    }
}

impl fmt::Display for TrailArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.arn.fmt(f)
    }
}

/// The name of an S3 bucket, unique within its partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketName(Arc<str>);

impl BucketName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bucket's ARN in a partition.
    pub fn arn(&self, partition: &Partition) -> String {
        format!("arn:{partition}:s3:::{self}")
    }
}

impl FromStr for BucketName {
    type Err = IdError;

    /// Old buckets of us-east-1 may be longer and carry capitals and underscores, so the form is read generously.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        if plain && (3..=255).contains(&text.len()) {
            return Ok(Self(text.into()));
        }
        IdError::refuse(text, "the name of a bucket")
    }
}

impl fmt::Display for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! written_as_text {
    ($($id:ident: $pattern:literal),+) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $id {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($id).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    )+};
}

written_as_text! {
    AccountId: "^[0-9]{12}$",
    RegionName: "^[a-z0-9-]+-[0-9]+$",
    Partition: "^aws[a-z-]*$",
    Arn: "^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$",
    TrailArn: "^arn:[^:]+:cloudtrail:[^:]+:[0-9]{12}:trail/.+$",
    BucketName: "^[A-Za-z0-9._-]{3,255}$"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_refuse_what_they_are_not() {
        for text in ["", "12345678901", "1234567890123", "12345678901a", "٠١٢٣٤٥٦٧٨٩٠١"] {
            assert!(text.parse::<AccountId>().is_err(), "{text}");
        }
        for text in ["", "us-east", "us east 1", "US-EAST-1", "a-b-"] {
            assert!(text.parse::<RegionName>().is_err(), "{text}");
        }
        for text in [
            "arn:aws:s3:::bucket",
            "arn:aws:cloudtrail:us-east-1:111122223333:channel/x",
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/",
        ] {
            assert!(text.parse::<TrailArn>().is_err(), "{text}");
        }
        assert!("a/b".parse::<BucketName>().is_err());
    }

    #[test]
    fn every_partition_has_its_leader() {
        let leader = |text: &str| text.parse::<Partition>().ok().and_then(|p| p.leader_region()).map(|r| r.to_string());
        assert_eq!(leader("aws").as_deref(), Some("us-east-1"));
        assert_eq!(leader("aws-us-gov").as_deref(), Some("us-gov-west-1"));
        assert_eq!(leader("aws-unheard-of"), None);
    }
}
