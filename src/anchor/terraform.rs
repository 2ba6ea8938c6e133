//! Terraform: the blocks of a tree of modules, with their lines, and what a state says of where resources come from.

mod module;
mod source;
mod state;

pub(super) use module::Found;
pub use module::{Tree as ModuleTree, beneath};
pub use source::SourceFile;
pub(super) use source::{Block, Kind as BlockKind, TIES, fragment};
pub use state::{Made, read_state};
