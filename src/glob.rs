//! Globs: `*` for any letters, none too, and `?` for one.

/// Whether a pattern with `*` and `?` takes in the whole of a text. Letters are bytes; the time is at most the product of both
/// lengths.
pub(crate) fn takes_in(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // The last star, and where in the text what follows it was tried.
    let mut star = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(letter), _) if *letter == b'?' || *letter == text[t] => (p, t) = (p + 1, t + 1),
            (_, Some((at, tried))) => {
                star = Some((at, tried + 1));
                (p, t) = (at + 1, tried + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(|letter| *letter == b'*')
}
