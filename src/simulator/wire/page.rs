//! Pages of a list and the tokens between them.

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Page<'a, T> {
    pub(in crate::simulator) items: &'a [T],
    pub(in crate::simulator) next: Option<String>,
}

/// A token that nobody can read at a glance, as AWS's are.
pub(in crate::simulator) fn token(offset: usize) -> String {
    hex::encode(format!("page/{offset}"))
}

/// A token for the first page that is like no other with another number.
pub(in crate::simulator) fn another(number: u64) -> String {
    hex::encode(format!("page/0.{number}"))
}

fn offset(token: &str) -> Option<usize> {
    String::from_utf8(hex::decode(token).ok()?).ok()?.strip_prefix("page/")?.split('.').next()?.parse().ok()
}

/// The page that a token names, or nothing where the token is none of ours.
pub(in crate::simulator) fn page<'a, T>(items: &'a [T], token_text: Option<&str>, size: usize) -> Option<Page<'a, T>> {
    let start = match token_text {
        Some(text) => offset(text).filter(|&start| start <= items.len())?,
        None => 0,
    };
    let end = start.saturating_add(size).min(items.len());
    let next = (end < items.len()).then(|| token(end));
    Some(Page { items: &items[start..end], next })
}

#[cfg(test)]
mod tests {
    use super::{page, token};

    #[test]
    fn pages_follow_each_other() {
        let items = [1, 2, 3, 4, 5];
        let first = page(&items, None, 2).unwrap();
        assert_eq!(first.items, [1, 2]);
        let second = page(&items, first.next.as_deref(), 2).unwrap();
        let third = page(&items, second.next.as_deref(), 2).unwrap();
        assert_eq!((third.items, third.next), (&[5][..], None));
    }

    #[test]
    fn foreign_tokens_are_refused() {
        for text in ["", "zz", "70", "é", &token(9), "706167652f"] {
            assert!(page(&[1], Some(text), 1).is_none(), "{text}");
        }
    }
}
