//! The facts that rules may speak of: plain data, worked out of a snapshot, without AWS types and without I/O.
//!
//! One file a subject. The documentation of each field is what `trailproof facts` prints: its meaning, its unit, what
//! its absence means, the call that answers it and the IAM action that allows the call.

pub mod account;
pub mod bucket;
pub mod key;
pub mod organization;
pub mod scope;
pub mod trail;

pub use account::Account;
pub use bucket::Bucket;
pub use key::Key;
pub use organization::Organization;
pub use scope::Scope;
pub use trail::Trail;
