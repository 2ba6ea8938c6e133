//! Athena: the tables that lie over log buckets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;
use crate::id::{AccountId, BucketName, RegionName};

/// The tables over log buckets that Athena knows in a Region of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableListing {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: RegionName,
    /// The log buckets that were looked for, sorted.
    pub buckets: Vec<BucketName>,
    /// The tables that were found, sorted by catalog, database and name.
    pub tables: Observed<Vec<AthenaTable>>,
    /// The catalogs and databases that were not read, sorted; each has a gap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadTables>,
}

/// A table over a log bucket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AthenaTable {
    /// The data catalog, such as `AwsDataCatalog`.
    pub catalog: String,
    /// The database.
    pub database: String,
    /// The table's name.
    pub name: String,
    /// Where its data lies, such as `s3://bucket/AWSLogs/`.
    pub location: String,
}

/// A catalog or database of which the tables are not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnreadTables {
    /// The operation that left it unread: `athena:ListDatabases` or `athena:ListTableMetadata`.
    pub operation: String,
    /// The catalog, or `catalog.database`.
    pub resource: String,
}

impl AthenaTable {
    /// The bucket and the beginning of the keys that the table's data has; nothing where it does not lie in S3.
    ///
    /// ```
    /// let table = trailproof::snapshot::AthenaTable {
    ///     catalog: "AwsDataCatalog".into(), database: "default".into(), name: "trails".into(),
    ///     location: "s3://logs/AWSLogs/".into(),
    /// };
    /// assert_eq!(table.place(), Some(("logs", "AWSLogs/")));
    /// ```
    pub fn place(&self) -> Option<(&str, &str)> {
        // Athena User Guide, "Specify a table location in Amazon S3": `s3://`; tables of Hive and EMR have the others.
        let path = ["s3://", "s3a://", "s3n://"].iter().find_map(|scheme| self.location.strip_prefix(scheme))?;
        Some(path.split_once('/').unwrap_or((path, "")))
    }
}
