//! Athena's tables over log buckets, from the account that may have them, in the buckets' Region.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use futures_util::stream::{self, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::account::REGIONS_AT_ONCE;
use super::call::Call;
use super::direct::{self, Rest};
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::page::{self, Listing};
use super::session::Session;
use crate::id::{AccountId, BucketName, RegionName};
use crate::snapshot::{AthenaTable, Cause, Observed, TableListing, UnreadTables};

/// The type of the catalogs of Glue.
const GLUE: &str = "GLUE";

/// What is to be listed, and from which page.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Catalogs {
    #[serde(flatten)]
    _rest: Rest,
    data_catalogs_summary: Option<Vec<Catalog>>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Catalog {
    #[serde(flatten)]
    _rest: Rest,
    catalog_name: Option<String>,
    r#type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Databases {
    #[serde(flatten)]
    _rest: Rest,
    database_list: Option<Vec<Database>>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Database {
    #[serde(flatten)]
    _rest: Rest,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tables {
    #[serde(flatten)]
    _rest: Rest,
    table_metadata_list: Option<Vec<Table>>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table {
    #[serde(flatten)]
    _rest: Rest,
    name: Option<String>,
    parameters: Option<BTreeMap<String, Option<String>>>,
}

/// The question for the catalogs of an account.
pub(super) fn unit(account: AccountId, region: &RegionName) -> Unit<'_> {
    Unit::of(Call::ListDataCatalogs).account(account).region(region)
}

/// The tables of an account over some buckets; nothing where it does not say which catalogs it has.
pub(super) async fn read(
    session: &Session,
    region: &RegionName,
    buckets: &BTreeSet<BucketName>,
    ledger: &Ledger,
) -> Option<TableListing> {
    let one = One { session, client: session.direct(&direct::ATHENA, region), region, buckets, ledger };
    let catalogs = one.catalogs().await?;
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    let mut databases = Vec::new();
    for (catalog, kind) in catalogs.value {
        let names = if kind == GLUE {
            one.databases(&catalog).await
        } else {
            one.leave_unread(&catalog, &kind);
            None
        };
        match names {
            Some(names) => databases.extend(names.into_iter().map(|name| (catalog.clone(), name))),
            None => unread.push(unread_by(Call::ListDatabases, catalog)),
        }
    }
    let one = &one;
    let listed: Vec<_> = stream::iter(databases)
        .map(|(catalog, database)| async move {
            let tables = one.tables(&catalog, &database).await;
            tables.ok_or_else(|| unread_by(Call::ListTableMetadata, format!("{catalog}.{database}")))
        })
        .buffered(REGIONS_AT_ONCE)
        .collect()
        .await;
    for tables in listed {
        match tables {
            Ok(tables) => found.extend(tables),
            Err(of_database) => unread.push(of_database),
        }
    }
    found.sort();
    unread.sort();
    Some(TableListing {
        account: session.account,
        region: region.clone(),
        buckets: buckets.iter().cloned().collect(),
        tables: Observed::new(catalogs.read_at, found),
        unread,
    })
}

fn unread_by(call: Call, resource: String) -> UnreadTables {
    UnreadTables { operation: call.operation().to_owned(), resource }
}

struct One<'a> {
    session: &'a Session,
    client: direct::Client,
    region: &'a RegionName,
    buckets: &'a BTreeSet<BucketName>,
    ledger: &'a Ledger,
}

impl One<'_> {
    fn unit(&self, call: Call) -> Unit<'_> {
        Unit::of(call).account(self.session.account).region(self.region)
    }

    /// The pages of a listing.
    async fn pages<T>(
        &self,
        unit: &Unit<'_>,
        wanted: Wanted<'_>,
        token: impl Fn(&T) -> Option<&str>,
    ) -> Answer<Listing<T>>
    where
        T: DeserializeOwned + Debug + Send + Sync + 'static,
    {
        let ask = async |next_token| self.client.ask(unit.call, &Wanted { next_token, ..wanted.clone() }).await;
        self.ledger.ask(unit, page::by_token(self.ledger.most_pages, ask, token)).await
    }

    async fn catalogs(&self) -> Option<Observed<Vec<(String, String)>>> {
        let unit = self.unit(Call::ListDataCatalogs);
        let pages = self.pages(&unit, Wanted::default(), |page: &Catalogs| page.next_token.as_deref()).await;
        self.ledger.read(&unit, pages, |pages| {
            let mut catalogs = Vec::new();
            for page in pages.whole()? {
                for listed in page.data_catalogs_summary.ok_or_else(|| Malformed::lacks("DataCatalogsSummary"))? {
                    let name = listed.catalog_name.ok_or_else(|| Malformed::lacks("the name of a catalog"))?;
                    let kind = listed.r#type.ok_or_else(|| Malformed::lacks("the type of a catalog"))?;
                    catalogs.push((name, kind));
                }
            }
            Ok(catalogs)
        })
    }

    /// A catalog outside Glue answers through a function or a connection of the account: to list it would run those.
    ///
    /// Source: Athena API Reference, DataCatalogSummary (`Type`).
    fn leave_unread(&self, catalog: &str, kind: &str) {
        let message = format!("the catalog {catalog} is of the type {kind}: reading it would run what is behind it");
        self.ledger.not_asked(&self.unit(Call::ListDatabases).resource(catalog), Cause::Unsupported, &message);
    }

    async fn databases(&self, catalog: &str) -> Option<Vec<String>> {
        let unit = self.unit(Call::ListDatabases).resource(catalog);
        let wanted = Wanted { catalog_name: Some(catalog), ..Wanted::default() };
        let pages = self.pages(&unit, wanted, |page: &Databases| page.next_token.as_deref()).await;
        let read = self.ledger.read(&unit, pages, |pages| {
            let mut names = Vec::new();
            for page in pages.whole()? {
                let listed = page.database_list.ok_or_else(|| Malformed::lacks("DatabaseList"))?;
                for database in listed {
                    names.push(database.name.ok_or_else(|| Malformed::lacks("the name of a database"))?);
                }
            }
            Ok(names)
        });
        read.map(|names| names.value)
    }

    async fn tables(&self, catalog: &str, database: &str) -> Option<Vec<AthenaTable>> {
        let resource = format!("{catalog}.{database}");
        let unit = self.unit(Call::ListTableMetadata).resource(&resource);
        let wanted = Wanted { catalog_name: Some(catalog), database_name: Some(database), ..Wanted::default() };
        let pages = self.pages(&unit, wanted, |page: &Tables| page.next_token.as_deref()).await;
        let read = self.ledger.read(&unit, pages, |pages| {
            let mut tables = Vec::new();
            for page in pages.whole()? {
                let listed = page.table_metadata_list.ok_or_else(|| Malformed::lacks("TableMetadataList"))?;
                for table in listed {
                    let name = table.name.ok_or_else(|| Malformed::lacks("the name of a table"))?;
                    let location = table.parameters.and_then(|mut of_table| of_table.remove("location")?);
                    tables.extend(location.and_then(|location| self.over_bucket(catalog, database, name, location)));
                }
            }
            Ok(tables)
        });
        read.map(|tables| tables.value)
    }

    /// A table whose data lies in one of the buckets. A view has no location.
    fn over_bucket(&self, catalog: &str, database: &str, name: String, location: String) -> Option<AthenaTable> {
        let (catalog, database) = (catalog.to_owned(), database.to_owned());
        let found = AthenaTable { catalog, database, name, location };
        let (bucket, _) = found.place()?;
        self.buckets.iter().any(|name| name.as_str() == bucket).then_some(found)
    }
}
