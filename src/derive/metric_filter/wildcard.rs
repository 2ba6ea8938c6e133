//! Texts with `*`.

/// Whether a text is one that a pattern with `*` stands for; nothing where it is not documented.
///
/// `*` stands for any text before or after a term. Within a term, an older edition of the User Guide says that it stands
/// for itself (`Ev*ent` "will only match the actual string `Ev*ent`"), and the present one that it is "a wild card to
/// match text": where the two differ, it is unknown. That it stands for no text too is what CIS and Security Hub rely on:
/// their `AccessDenied*` is for `AccessDenied`.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    let term = pattern.trim_matches('*');
    if term.is_empty() && !pattern.is_empty() {
        // An empty text is no text that `*` could match, or it is.
        return (!text.is_empty()).then_some(true);
    }
    let (open_start, open_end) = (pattern.starts_with('*'), pattern.ends_with('*'));
    let literal = match (open_start, open_end) {
        (false, false) => text == term,
        (true, false) => text.ends_with(term),
        (false, true) => text.starts_with(term),
        (true, true) => text.contains(term),
    };
    let wild = if term.contains('*') { globs(pattern, text) } else { literal };
    (literal == wild).then_some(wild)
}

/// Whether a text is one that a pattern stands for, every `*` being any text.
fn globs(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_at_the_ends() {
        let cases = [
            ("AccessDenied*", "AccessDenied", Some(true)),
            ("AccessDenied*", "AccessDeniedException", Some(true)),
            ("AccessDenied*", "accessdenied", Some(false)),
            ("*UnauthorizedOperation", "Client.UnauthorizedOperation", Some(true)),
            ("*UnauthorizedOperation", "UnauthorizedOperationX", Some(false)),
            ("*html*", "GET /index.html HTTP/1.0", Some(true)),
            ("123.123.*", "111.111.111.111", Some(false)),
            ("UpdateTrail", "UpdateTrail", Some(true)),
            ("", "", Some(true)),
            ("", "x", Some(false)),
            ("*", "x", Some(true)),
            ("*", "", None),
            ("**", "x", Some(true)),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn stars_within_are_certain_where_both_readings_agree() {
        assert_eq!(matches("Ev*ent", "Ev*ent"), Some(true));
        assert_eq!(matches("Ev*ent", "Evidence"), Some(false));
        assert_eq!(matches("Ev*ent", "Ev--ent"), None);
        assert_eq!(matches("*a*b*", "xaxbx"), None);
        assert_eq!(matches("*a*b*", "bxa"), Some(false));
        assert_eq!(matches("a*a", "a"), Some(false));
    }

    #[test]
    fn a_star_is_any_text() {
        assert!(globs("a*b*c", "a1b2c"));
        assert!(globs("a*c", "ac"));
        assert!(!globs("aa*aa", "aaa"));
        assert!(!globs("a*b", "a1c"));
        assert!(globs("*é*", "xéy"));
    }
}
