//! Where the documentation is read.

use crate::policy::Policy;

/// The repository, from the package's own description: the one place that says where the documentation is.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of a page by its path in the documentation; nothing, where the package names no repository.
pub(super) fn page_address(page: &str) -> Option<String> {
    (!REPOSITORY.is_empty()).then(|| format!("{}/blob/main/docs/{page}", REPOSITORY.trim_end_matches('/')))
}

/// The address of a rule's page; nothing of a user's own rule, which has none.
pub(super) fn rule_address(policy: &Policy) -> Option<String> {
    let own = policy.place().is_some();
    page_address(&format!("rules/{}.md", policy.id)).filter(|_| !own)
}
