//! CloudFormation: the resources of a template, with their lines, and what the stacks made of them.

mod stack;
mod template;

pub use stack::{Stack, StackResource};
pub use template::{Declared, Template};
