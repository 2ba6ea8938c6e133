//! Patterns with `*` and `?`, as policies have them.

/// Whether a pattern covers a text; letters match in either case, as actions in policies do.
pub(super) fn covers(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c.eq_ignore_ascii_case(&text[t]) => {
                p += 1;
                t += 1;
            }
            // The last star swallows one more byte.
            _ => match star {
                Some((at, swallowed)) => {
                    star = Some((at, swallowed + 1));
                    p = at + 1;
                    t = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "s3:GetBucketAcl"),
            ("s3:Get*", "s3:GetBucketAcl"),
            ("S3:GET*acl", "s3:GetBucketAcl"),
            ("eu-*-?", "eu-west-1"),
            ("a*b*c", "aXbXbc"),
            ("arn:*:key/*", "arn:aws:kms:x:y:key/1"),
        ] {
            assert!(covers(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("s3:Get", "s3:GetX"), ("eu-*-??", "eu-west-1"), ("a*b", "ac"), ("?", "")] {
            assert!(!covers(pattern, text), "{pattern} {text}");
        }
    }
}
