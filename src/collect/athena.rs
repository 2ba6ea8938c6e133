//! Athena's tables over log buckets, from the account that may have them, in the buckets' Region.

use std::collections::BTreeSet;

use aws_sdk_athena::types::{DataCatalogType, TableMetadata};
use futures_util::stream::{self, StreamExt};

use super::account::REGIONS_AT_ONCE;
use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::{AccountId, BucketName, RegionName};
use crate::snapshot::{AthenaTable, Cause, Observed, TableListing, UnreadTables};

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
    let one = One { session, client: session.athena(region), region, buckets, ledger };
    let catalogs = one.catalogs().await?;
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    let mut databases = Vec::new();
    for (catalog, kind) in catalogs.value {
        let names = if kind == DataCatalogType::Glue {
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
    client: aws_sdk_athena::Client,
    region: &'a RegionName,
    buckets: &'a BTreeSet<BucketName>,
    ledger: &'a Ledger,
}

impl One<'_> {
    fn unit(&self, call: Call) -> Unit<'_> {
        Unit::of(call).account(self.session.account).region(self.region)
    }

    async fn catalogs(&self) -> Option<Observed<Vec<(String, DataCatalogType)>>> {
        let unit = self.unit(Call::ListDataCatalogs);
        let request = self.client.list_data_catalogs().into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
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
    fn leave_unread(&self, catalog: &str, kind: &DataCatalogType) {
        let message =
            format!("the catalog {catalog} is of the type {}: reading it would run what is behind it", kind.as_str());
        self.ledger.not_asked(&self.unit(Call::ListDatabases).resource(catalog), Cause::Unsupported, &message);
    }

    async fn databases(&self, catalog: &str) -> Option<Vec<String>> {
        let unit = self.unit(Call::ListDatabases).resource(catalog);
        let request = self.client.list_databases().catalog_name(catalog).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
        let read = self.ledger.read(&unit, pages, |pages| {
            let mut names = Vec::new();
            for page in pages.whole()? {
                let listed = page.database_list.ok_or_else(|| Malformed::lacks("DatabaseList"))?;
                names.extend(listed.into_iter().map(|database| database.name));
            }
            Ok(names)
        });
        read.map(|names| names.value)
    }

    async fn tables(&self, catalog: &str, database: &str) -> Option<Vec<AthenaTable>> {
        let resource = format!("{catalog}.{database}");
        let unit = self.unit(Call::ListTableMetadata).resource(&resource);
        let request = self.client.list_table_metadata().catalog_name(catalog).database_name(database).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
        let read = self.ledger.read(&unit, pages, |pages| {
            let mut tables = Vec::new();
            for page in pages.whole()? {
                let listed = page.table_metadata_list.ok_or_else(|| Malformed::lacks("TableMetadataList"))?;
                tables.extend(listed.into_iter().filter_map(|table| self.over_bucket(catalog, database, table)));
            }
            Ok(tables)
        });
        read.map(|tables| tables.value)
    }

    /// A table whose data lies in one of the buckets. A view has no location.
    fn over_bucket(&self, catalog: &str, database: &str, mut table: TableMetadata) -> Option<AthenaTable> {
        let location = table.parameters.as_mut()?.remove("location")?;
        let (catalog, database) = (catalog.to_owned(), database.to_owned());
        let found = AthenaTable { catalog, database, name: table.name, location };
        let (bucket, _) = found.place()?;
        self.buckets.iter().any(|name| name.as_str() == bucket).then_some(found)
    }
}
