//! Writing reports: one file a format. Pure: a report in, bytes out.

mod json;
mod permissions;
mod place;
mod sarif;
mod text;
mod trace;

pub use json::{COVERAGE_SCHEMA, JsonCoverage, JsonReport, REPORT_SCHEMA, write_coverage_json, write_json};
pub use permissions::{PermissionFormat, write_permissions};
pub use place::SourceRoot;
pub use sarif::write_sarif;
pub use text::{TextStyle, write_coverage_text, write_text};
pub use trace::{JsonTraces, TRACE_SCHEMA, write_trace_json, write_trace_text};
