//! The coverage in the report: accounts and Regions in which the same is recorded by the same trails are one row.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::derive::coverage::{Covered, ReadWrite, Row};

/// Accounts and Regions in which the same is recorded by the same trails.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonRow<'a> {
    accounts: Vec<String>,
    /// Empty where an account did not say which Regions it has.
    regions: Vec<&'a str>,
    /// Management events but those of KMS and RDS Data.
    management: JsonReadWrite<'a>,
    /// Global service events; null but in the partition's leader Region.
    global: Option<JsonReadWrite<'a>>,
    /// Management events of KMS.
    kms: JsonReadWrite<'a>,
    /// Management events of the RDS Data API.
    rdsdata: JsonReadWrite<'a>,
    /// Data events, by type of resource.
    data: BTreeMap<&'a str, JsonReadWrite<'a>>,
}

/// The reads and the writes of a class of events.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonReadWrite<'a> {
    read: JsonCovered<'a>,
    write: JsonCovered<'a>,
}

/// What logging trails record of a class of events.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonCovered<'a> {
    /// `all`, `part`, `none` or `unknown`.
    state: &'static str,
    /// The ARNs of the logging trails that record it or a part of it.
    trails: Vec<&'a str>,
    /// Whether there are such trails, and the latest delivery of each of them failed.
    failing: bool,
}

/// The rows of a coverage.
pub(super) fn rows(rows: &[Row]) -> Vec<JsonRow<'_>> {
    rows.iter().map(row).collect()
}

fn row(row: &Row) -> JsonRow<'_> {
    JsonRow {
        accounts: row.accounts.iter().map(ToString::to_string).collect(),
        regions: row.regions.iter().map(|region| region.as_str()).collect(),
        management: both(&row.cell.management),
        global: row.cell.global.as_ref().map(both),
        kms: both(&row.cell.kms),
        rdsdata: both(&row.cell.rdsdata),
        data: row.cell.data.iter().map(|(name, data)| (name.as_str(), both(data))).collect(),
    }
}

fn both(both: &ReadWrite) -> JsonReadWrite<'_> {
    JsonReadWrite { read: covered(&both.read), write: covered(&both.write) }
}

fn covered(covered: &Covered) -> JsonCovered<'_> {
    JsonCovered {
        state: covered.state.as_str(),
        trails: covered.trails.iter().map(|arn| arn.as_str()).collect(),
        failing: covered.failing,
    }
}
