//! Policies: from YAML to checked rules, with every mistake of every file at its place.

mod baseline;
mod builtin;
mod configuration;
mod control;
mod declared;
mod diagnostic;
mod draft;
mod example;
mod id;
mod include;
mod load;
mod notes;
mod pack;
mod parameter;
mod pattern;
mod read;
mod rule;
mod schema;
mod setting;
mod severity;
mod template;
mod waiver;
mod yaml;

pub use baseline::{AccountMatch, Baseline, Matched};
pub use builtin::built_in;
pub use configuration::{
    AnchorSettings, CONFIGURATION_FILE, Configuration, GateSettings, Hidden, OrganizationSettings, OutputSetting,
    UnknownGate, configuration_schema,
};
pub use control::{Control, Edge, Standing};
pub use declared::{DECLARED, declared};
pub use diagnostic::{Diagnostic, Source, render};
pub use draft::draft;
pub use example::{Example, ExampleResult, Expected};
pub use id::PolicyId;
pub use load::{Given, GivenText, Loaded, OwnText, Policies, SecretStays, load, load_configured, load_given};
pub use notes::Notes;
pub use pack::{Pack, PackRule};
pub use parameter::{Parameter, ParameterType, ParameterValue, Parameters};
pub use pattern::Pattern;
pub(crate) use read::nearest;
pub use rule::{
    ALLOWED_PRINCIPALS, BUCKET_NAMES, BUCKET_TAGS, CONFIG_REGIONS, EVENT_SOURCES, Fix, Policy, RESOURCE_TYPES,
};
pub use schema::{pack_schema, rule_schema};
pub use setting::{Change, Setting};
pub use severity::{Severity, UnknownSeverity};
pub use template::Template;
pub use waiver::{Covers, Waiver, WaiverScope};
