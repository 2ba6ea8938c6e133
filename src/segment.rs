//! Names as parts of paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a segment of a path as it is (RFC 3986, `unreserved`).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A segment of a path, with what a URI refuses encoded.
pub(crate) fn segment(text: &str) -> String {
    match text {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => utf8_percent_encode(text, ENCODED).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_hold_nothing_that_a_uri_refuses() {
        assert_eq!(segment("/aws/cloudtrail"), "%2Faws%2Fcloudtrail");
        assert_eq!(segment("a b:c"), "a%20b%3Ac");
        assert_eq!(segment(".."), "%2E%2E");
    }
}
