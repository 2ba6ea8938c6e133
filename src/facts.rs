//! The facts that rules may speak of: plain data, worked out of a snapshot, without AWS types and without I/O.
//!
//! One file a subject. The documentation of each field is what `trailproof facts` prints: its meaning, its unit, what
//! its absence means, the call that answers it and the IAM action that allows the call.

pub mod access;
pub mod account;
pub mod bucket;
pub mod data_bucket;
pub mod event_data_store;
pub mod key;
pub mod log_group;
pub mod organization;
pub mod scope;
pub mod topic;
pub mod trail;

pub use account::Account;
pub use bucket::Bucket;
pub use data_bucket::DataBucket;
pub use event_data_store::EventDataStore;
pub use key::Key;
pub use log_group::LogGroup;
pub use organization::Organization;
pub use scope::Scope;
pub use topic::NotifiedTopic;
pub use trail::Trail;

use std::sync::OnceLock;

use crate::expr::Schema;

/// What an expression may name in a scope; nothing where this version has no facts of that scope yet. Cheap: it is worked
/// out once in a process.
pub fn schema(scope: Scope) -> Option<Schema> {
    static SCHEMAS: [OnceLock<Option<Schema>>; Scope::ALL.len()] = [const { OnceLock::new() }; Scope::ALL.len()];
    let place = Scope::ALL.iter().position(|known| *known == scope)?;
    SCHEMAS.get(place)?.get_or_init(|| described(scope)).clone()
}

fn described(scope: Scope) -> Option<Schema> {
    let variable = scope.variable();
    match scope {
        Scope::Organization => Some(Schema::of::<Organization>(variable)),
        Scope::Account => Some(Schema::of::<Account>(variable)),
        Scope::Trail => Some(Schema::of::<Trail>(variable)),
        Scope::LogBucket => Some(Schema::of::<Bucket>(variable)),
        Scope::Key => Some(Schema::of::<Key>(variable)),
        Scope::Bucket => Some(Schema::of::<DataBucket>(variable)),
        Scope::Topic => Some(Schema::of::<NotifiedTopic>(variable)),
        Scope::LogGroup => Some(Schema::of::<LogGroup>(variable)),
        Scope::EventDataStore => Some(Schema::of::<EventDataStore>(variable)),
    }
}
