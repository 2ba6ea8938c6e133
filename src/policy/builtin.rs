//! The policies in the binary.

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// The built-in rules and packs: each file's path beneath the folder of policies, and its text.
pub fn built_in() -> impl Iterator<Item = (String, &'static str)> {
    let rules = RULES.iter().map(|(stem, text)| (format!("{stem}.yaml"), *text));
    rules.chain(PACKS.iter().map(|(stem, text)| (format!("packs/{stem}.yaml"), *text)))
}
