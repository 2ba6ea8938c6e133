//! The policy that members are entered with: the reads of the run alone, within STS's limit of length.

use std::collections::{BTreeMap, BTreeSet};

use super::call::SESSION_POLICY_LIMIT;

/// A session policy that allows the actions, whatever else the role allows.
///
/// Where the list is longer than [`SESSION_POLICY_LIMIT`], actions of one service whose names begin alike are folded
/// into a wildcard, those first that spare most. A wildcard begins with two words of the name, such as `s3:GetBucket*`,
/// or with `Describe` or `List`; never with `Get` alone, which in S3, Athena and Lake reads contents.
pub(super) fn session_policy(actions: &BTreeSet<&str>) -> String {
    let mut patterns: BTreeSet<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    for words in [2, 1] {
        loop {
            let policy = written(&patterns);
            if policy.len() <= SESSION_POLICY_LIMIT {
                return policy;
            }
            let Some(fold) = best_fold(&patterns, words) else { break };
            patterns.retain(|pattern| !pattern.starts_with(&fold));
            patterns.insert(format!("{fold}*"));
        }
    }
    written(&patterns)
}

fn written(patterns: &BTreeSet<String>) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": patterns, "Resource": "*" }]
    })
    .to_string()
}

/// The beginning of at least so many words that spares most characters where it takes the place of the patterns that
/// begin with it; the longest of several that spare as much.
fn best_fold(patterns: &BTreeSet<String>, words: usize) -> Option<String> {
    let mut spared: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for pattern in patterns {
        for beginning in beginnings(pattern, words) {
            let (count, length) = spared.entry(beginning).or_default();
            *count += 1;
            *length += pattern.len() + QUOTES;
        }
    }
    let folds = spared.into_iter().filter(|(_, (count, _))| *count > 1);
    let saving = folds.map(|(beginning, (_, length))| (length.saturating_sub(beginning.len() + 1 + QUOTES), beginning));
    saving.max_by_key(|(saving, beginning)| (*saving, beginning.len())).map(|(_, beginning)| beginning.to_owned())
}

/// What a list adds around an action: two quotation marks and a comma.
const QUOTES: usize = 3;

/// `service:` and the first words of an action's name, from so many words on to one word less than all.
fn beginnings(action: &str, words: usize) -> impl Iterator<Item = &str> {
    let name = action.find(':').map_or(0, |colon| colon + 1);
    let capitals = action.char_indices().skip_while(move |(at, _)| *at <= name);
    let ends = capitals.filter(|(_, letter)| letter.is_ascii_uppercase() || *letter == '*').map(|(at, _)| at);
    let whole = ends.enumerate().filter(move |(index, _)| index + 1 >= words).map(|(_, end)| end);
    whole.filter_map(|end| action.get(..end)).filter(|beginning| !beginning.ends_with(":Get"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(actions: &BTreeSet<&str>) -> Vec<String> {
        let policy: serde_json::Value = serde_json::from_str(&session_policy(actions)).unwrap();
        serde_json::from_value(policy["Statement"][0]["Action"].clone()).unwrap()
    }

    #[test]
    fn few_actions_stand_as_they_are() {
        let actions = BTreeSet::from(["s3:GetBucketAcl", "s3:GetBucketPolicy"]);
        assert_eq!(patterns(&actions), ["s3:GetBucketAcl", "s3:GetBucketPolicy"]);
    }

    #[test]
    fn many_are_folded_until_they_fit_and_all_stay_allowed() {
        let names: Vec<String> = (b'A'..=b'Z')
            .flat_map(|letter| {
                let letter = char::from(letter);
                ["s3:GetBucket", "s3:Get", "logs:Describe", "iam:ListAttached"]
                    .map(|start| format!("{start}{letter}{}", "x".repeat(20)))
            })
            .collect();
        let actions: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let policy = session_policy(&actions);
        assert!(policy.len() <= SESSION_POLICY_LIMIT, "{}", policy.len());
        let patterns = patterns(&actions);
        assert!(patterns.iter().any(|pattern| pattern == "s3:GetBucket*"), "{patterns:?}");
        assert!(!patterns.iter().any(|pattern| pattern == "s3:Get*" || pattern.ends_with(":*")), "{patterns:?}");
        for action in actions {
            let allows = |pattern: &String| {
                pattern.strip_suffix('*').map_or(pattern == action, |start| action.starts_with(start))
            };
            assert_eq!(patterns.iter().filter(|pattern| allows(pattern)).count(), 1, "{action}");
        }
    }

    #[test]
    fn a_beginning_ends_where_a_word_does() {
        let found: Vec<&str> = beginnings("s3:GetBucketAcl", 1).collect();
        assert_eq!(found, ["s3:GetBucket"]);
        let found: Vec<&str> = beginnings("logs:DescribeMetricFilters", 1).collect();
        assert_eq!(found, ["logs:Describe", "logs:DescribeMetric"]);
    }
}
