//! What a configuration says of where results stand in the repository.

use super::super::read::Part;
use super::organization::texts;

/// What a configuration says of where results stand; each is an option of the command line, and a variable of the
/// environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnchorSettings {
    /// The folder of the inventory, as it is committed.
    pub inventory: Option<String>,
    /// Folders of Terraform root modules, each as `DIR` or `DIR=STATE`.
    pub terraform: Vec<String>,
    /// CloudFormation templates, each as `TEMPLATE` or `TEMPLATE=RESOURCES`.
    pub cloudformation: Vec<String>,
}

/// The keys.
pub(super) const KEYS: [&str; 3] = ["inventory", "terraform", "cloudformation"];

impl AnchorSettings {
    /// Reads it; what is wrong is taken down.
    pub(super) fn read(part: Part<'_>) -> Self {
        part.only(&KEYS);
        Self {
            inventory: part.get("inventory").and_then(|part| part.text()),
            terraform: texts(part, "terraform"),
            cloudformation: texts(part, "cloudformation"),
        }
    }
}
