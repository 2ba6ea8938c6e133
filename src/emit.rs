//! Writing reports: one file a format. Pure: a report in, bytes out.

mod alike;
mod asff;
mod cause;
mod checks;
mod controls;
mod csv;
mod difference;
mod document;
mod documentation;
mod example;
mod explanation;
mod github;
mod html;
mod hyperlink;
mod json;
mod junit;
mod markdown;
mod ocsf;
mod oscal;
mod permissions;
mod plan;
mod sarif;
mod text;
mod trace;
mod website;

pub use asff::write_asff;
pub use checks::{CHECKS_SCHEMA, write_checks, write_checks_json};
pub use csv::write_csv;
pub use difference::{
    DIFFERENCE_SCHEMA, JsonDifference, write_difference_json, write_difference_markdown, write_difference_text,
};
pub use document::Document;
pub use documentation::{
    FactList, README_TABLE, RuleList, RuleRow, documentation, fact_document, pack_document, readme_table,
    rule_document, write_fact_list, write_rule_list,
};
pub use example::write_example_results;
pub use explanation::{
    ChangedRule, EXPLANATION_SCHEMA, ExplainedAccount, ExplainedBaseline, ExplainedWaiver, Explanation, Said,
};
pub use github::write_github;
pub use html::write_html;
pub use json::{
    COVERAGE_SCHEMA, JsonCoverage, JsonReport, REPORT_SCHEMA, write_coverage_json, write_json, write_json_lines,
};
pub use junit::write_junit;
pub use markdown::write_markdown;
pub use ocsf::write_ocsf;
pub use oscal::write_oscal;
pub use permissions::{PermissionFormat, write_permissions};
pub use plan::{plan_line, write_plan};
pub use sarif::{EarlierAlerts, Incomplete, write_full_sarif, write_sarif};
pub use text::{TextStyle, write_coverage_text, write_text};
pub use trace::{JsonTraces, TRACE_SCHEMA, write_trace_json, write_trace_text};
