//! Athena: the data catalogs of an account, their databases and tables.

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::permission::check_also;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::AthenaTable;
use serde_json::{Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "athena",
    signing_name: "athena",
    target: Some("AmazonAthena"),
    protocol: Protocol::Json,
    codes: Codes {
        validation: (400, "InvalidRequestException"),
        broken: (500, "InternalServerException"),
        ..Codes::JSON
    },
    reads: &[
        ("ListDataCatalogs", "athena:ListDataCatalogs"),
        ("ListDatabases", "athena:ListDatabases"),
        ("ListTableMetadata", "athena:ListTableMetadata"),
    ],
    operation: operation_in_target,
    // Source: Service Authorization Reference, "Amazon Athena": ListDataCatalogs knows no resources.
    resource: |call| {
        let catalog = call.parameters.text("CatalogName")?;
        let (partition, region, account) = (&call.index.world.partition, call.region, call.account());
        Some(format!("arn:{partition}:athena:{region}:{account}:datacatalog/{catalog}"))
    },
    answer,
};

/// The catalog that every account has in every Region: Glue's.
const OWN: &str = "AwsDataCatalog";

/// The action of Glue that Athena takes in the caller's name.
pub(in crate::simulator) fn of_glue(operation: &str) -> Option<&'static str> {
    match operation {
        "ListDatabases" => Some("glue:GetDatabases"),
        "ListTableMetadata" => Some("glue:GetTables"),
        _ => None,
    }
}

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match call.operation {
        "ListDataCatalogs" => {
            let listed: Vec<Value> = catalogs(call)
                .into_iter()
                .map(|(name, kind)| json!({ "CatalogName": name, "Type": kind, "Status": "CREATE_COMPLETE" }))
                .collect();
            paged(call, "DataCatalogsSummary", &listed)
        }
        "ListDatabases" => {
            let catalog = glue_catalog(call)?;
            let mut names: Vec<&str> = tables(call, catalog).map(|table| table.database.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let listed: Vec<Value> = names.into_iter().map(|name| json!({ "Name": name })).collect();
            paged(call, "DatabaseList", &listed)
        }
        _ => {
            let catalog = glue_catalog(call)?;
            let database = call.required("DatabaseName")?;
            let mut found: Vec<&AthenaTable> =
                tables(call, catalog).filter(|table| table.database == database).collect();
            if found.is_empty() {
                let message = format!("Database {database} not found.");
                return Err(handed_on(&message, "EntityNotFoundException"));
            }
            found.sort_by(|a, b| a.name.cmp(&b.name));
            let listed: Vec<Value> = found.into_iter().map(describe).collect();
            paged(call, "TableMetadataList", &listed)
        }
    }
}

/// The catalogs of the Region, with their types.
fn catalogs<'a>(call: &Call<'a>) -> Vec<(&'a str, &'a str)> {
    let (account, region) = (call.account(), call.region);
    let others = call.index.world.data_catalogs.iter();
    let others = others.filter(|catalog| catalog.account == account && catalog.region == region);
    let mut found: Vec<(&str, &str)> =
        others.map(|catalog| (catalog.name.as_str(), catalog.kind.as_str())).chain([(OWN, "GLUE")]).collect();
    found.sort_unstable();
    found
}

/// The catalog that is asked, where Glue keeps it and may be read.
fn glue_catalog<'a>(call: &'a Call<'_>) -> Result<&'a str, Failure> {
    let asked = call.required("CatalogName")?;
    match catalogs(call).into_iter().find(|(name, _)| *name == asked) {
        None => return Err(call.service.codes.validation(format!("Datacatalog {asked} was not found"))),
        Some((_, "GLUE")) => {}
        Some(_) => return Err(handed_on("the function of the catalog failed", "ResourceNotFoundException")),
    }
    let (partition, region, account) = (&call.index.world.partition, call.region, call.account());
    let resource = format!("arn:{partition}:glue:{region}:{account}:catalog");
    match of_glue(call.operation) {
        Some(action) => check_also(call, action, &resource)
            .map_err(|refused| handed_on(&refused.message, "AccessDeniedException"))
            .map(|()| asked),
        None => Ok(asked),
    }
}

/// A refusal of Glue, as Athena hands it on.
fn handed_on(message: &str, code: &str) -> Failure {
    let id = "00000000-0000-4000-8000-000000000000";
    let words = format!(
        "{message} (Service: AmazonDataCatalog; Status Code: 400; Error Code: {code}; Request ID: {id}; Proxy: null)"
    );
    Failure::new(400, "MetadataException", words)
}

fn tables<'a>(call: &Call<'a>, catalog: &str) -> impl Iterator<Item = &'a AthenaTable> {
    let (account, region) = (call.account(), call.region);
    let all = call.index.world.athena_tables.iter();
    all.filter(move |table| table.account == account && table.region == region && table.catalog == catalog)
}

fn describe(table: &AthenaTable) -> Value {
    let Some(location) = &table.location else {
        return json!({ "Name": table.name, "TableType": "VIRTUAL_VIEW", "Columns": [], "PartitionKeys": [],
            "Parameters": { "presto_view": "true" } });
    };
    json!({
        "Name": table.name,
        "CreateTime": 1_609_459_200,
        "LastAccessTime": 0,
        "TableType": "EXTERNAL_TABLE",
        "Columns": [{ "Name": "eventname", "Type": "string" }],
        "PartitionKeys": [],
        "Parameters": {
            "EXTERNAL": "TRUE",
            "inputformat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
            "location": location,
            "outputformat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "serde.serialization.lib": "org.apache.hive.hcatalog.data.JsonSerDe",
        },
    })
}

/// At most 50 a page, or fewer where that is asked.
fn paged(call: &Call<'_>, field: &str, listed: &[Value]) -> Result<Answer, Failure> {
    let invalid = |message: &str| call.service.codes.validation(message);
    let size = usize::try_from(call.parameters.number("MaxResults").unwrap_or(50)).ok();
    let size = size.filter(|size| (1..=50).contains(size));
    let size = size.ok_or_else(|| invalid("MaxResults must be between 1 and 50"))?;
    let page = page(listed, call.parameters.text("NextToken"), size).ok_or_else(|| invalid("NextToken is invalid"))?;
    let mut body = json!({ field: page.items });
    if let Some(next) = page.next {
        body["NextToken"] = json!(next);
    }
    Ok(Answer::text(body.to_string()))
}
