//! The documentation of rules, packs and facts, made of what they say of themselves.

mod fact;
mod list;
mod pack;
mod rule;

use std::collections::BTreeMap;

pub use self::fact::{FactList, fact_document, write_fact_list};
pub use self::list::{RuleList, RuleRow, write_rule_list};
pub use self::pack::pack_document;
pub use self::rule::rule_document;

use super::document::Document;
use crate::policy::Policies;

/// What stands above every page: who reads it in a repository knows where to write.
const MADE: &str = "<!-- Written by `trailproof policy docs`: edit the rule, pack or facts, not this page. -->";

/// All pages, by their paths beneath the folder of the documentation, as Markdown.
pub fn documentation(policies: &Policies) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut add = |folder: &str, name: &str, page: &Document| {
        let path = if folder.is_empty() { format!("{name}.md") } else { format!("{folder}/{name}.md") };
        pages.insert(path, format!("{MADE}\n\n{}", page.markdown(folder)));
    };
    for rule in policies.rules() {
        add("rules", rule.id.as_str(), &rule_document(policies, rule));
    }
    for pack in policies.packs().filter_map(|id| policies.pack(id)) {
        add("packs", &pack.id, &pack_document(policies, pack));
    }
    add("", "facts", &fact_document(&FactList::new(None)));
    pages
}

/// What stands in a README before the rows of the table of rules.
pub const README_TABLE: &str = "| rule | judges | severity |\n|---|---|---|\n";

/// The rows of the README's table of rules.
pub fn readme_table(policies: &Policies) -> String {
    let row = |rule: &std::sync::Arc<crate::policy::Policy>| {
        let (id, title, scope) = (&rule.id, &rule.title, rule.scope);
        format!("| [`{id}`](docs/rules/{id}.md): {title} | {scope} | {} |\n", rule.severity.as_str())
    };
    policies.rules().map(row).collect()
}
