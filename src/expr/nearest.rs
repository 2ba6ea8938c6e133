//! Suggestions for names that are not there.

/// The candidate that a misspelt name most probably meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 80 {
        return None;
    }
    let name = name.to_lowercase();
    let allowed = 1 + name.chars().count() / 4;
    candidates
        .into_iter()
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Typing errors between two names; words in another order, or left out at an end, count as one.
fn distance(name: &str, candidate: &str) -> usize {
    let sorted = |text: &str| {
        let mut words: Vec<&str> = text.split(['_', '-']).filter(|word| *word != "is").collect();
        words.sort_unstable();
        words.concat()
    };
    let shortened = name.len() > 2 && (candidate.starts_with(name) || candidate.ends_with(name));
    if shortened || sorted(name) == sorted(candidate) {
        return 1;
    }
    strsim::damerau_levenshtein(name, candidate)
}

/// The sentence that offers a suggestion.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typing_errors_find_their_name() {
        let fields = ["is_multi_region", "is_organization", "kms_key_id", "home_region"];
        assert_eq!(nearest("is_mutli_region", fields), Some("is_multi_region"));
        assert_eq!(nearest("multi_region", fields), Some("is_multi_region"));
        assert_eq!(nearest("key_kms_id", fields), Some("kms_key_id"));
        assert_eq!(nearest("kms_key", fields), Some("kms_key_id"));
        assert_eq!(nearest("colour", fields), None);
        assert_eq!(nearest("", fields), None);
    }
}
