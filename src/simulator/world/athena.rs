/// A data catalog of Athena beside `AwsDataCatalog`, which every account has in every Region.
#[derive(Debug, Clone, PartialEq)]
pub struct DataCatalog {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// `GLUE`, `LAMBDA`, `HIVE` or `FEDERATED`.
    pub kind: String,
}

/// A table that Athena knows.
#[derive(Debug, Clone, PartialEq)]
pub struct AthenaTable {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The catalog.
    pub catalog: String,
    /// The database.
    pub database: String,
    /// Its name.
    pub name: String,
    /// Where its data lies; a view has none.
    pub location: Option<String>,
}

impl AthenaTable {
    /// A table of the account's own catalog, in the database `default`.
    pub fn new(account: impl std::fmt::Display, region: &str, name: &str, location: &str) -> Self {
        Self {
            account: account.to_string(),
            region: region.to_owned(),
            catalog: "AwsDataCatalog".to_owned(),
            database: "default".to_owned(),
            name: name.to_owned(),
            location: Some(location.to_owned()),
        }
    }
}
