//! Where a result stands in a repository: GitHub takes no file in which one stands nowhere.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::evaluate::Judgement;
use crate::facts::Scope;
use crate::policy::Policy;

/// The root of a repository, which locations are relative to.
#[derive(Debug, Clone, Default)]
pub struct SourceRoot(Option<PathBuf>);

impl SourceRoot {
    /// A root that was named; what is not there is no root.
    pub fn at(path: &Path) -> Self {
        Self(path.canonicalize().ok())
    }

    /// The nearest folder with a `.git` at or above a folder.
    pub fn nearest(folder: &Path) -> Self {
        let Ok(folder) = folder.canonicalize() else { return Self(None) };
        Self(folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned))
    }

    /// A path beneath the root, in the form of a URI reference.
    pub(super) fn relative(&self, path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        let beneath = path.strip_prefix(self.0.as_ref()?).ok()?;
        let parts: Option<Vec<String>> =
            beneath.components().map(|part| part.as_os_str().to_str().map(segment)).collect();
        Some(parts?.join("/"))
    }
}

/// Where a result stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// A path relative to the root of the repository, percent-encoded.
    pub(super) uri: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// How the place was found: `policy` or `path`.
    pub(super) anchor: &'static str,
}

/// The place of a result: the rule's line where the user's own file in the repository holds it, else a path that is
/// made of the subject's names and never changes.
pub(super) fn place(judgement: &Judgement, policy: &Policy, root: &SourceRoot) -> Place {
    if let Some((path, line)) = policy.place()
        && let Some(uri) = root.relative(path)
    {
        return Place { uri, line, anchor: "policy" };
    }
    Place { uri: stable_path(judgement), line: 1, anchor: "path" }
}

fn stable_path(judgement: &Judgement) -> String {
    let account = judgement.account.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    let region = judgement.region.as_ref().map_or("global", |region| region.as_str());
    match judgement.scope {
        Scope::Organization => "aws/organization".to_owned(),
        Scope::Account => format!("aws/{account}/account"),
        _ => {
            let (service, name) = service_and_name(judgement.resource.as_deref().unwrap_or(""));
            format!("aws/{account}/{region}/{service}/{}", segment(name))
        }
    }
}

/// The service of an ARN, and the name in it without its kind.
fn service_and_name(resource: &str) -> (&str, &str) {
    let mut parts = resource.splitn(6, ':').skip(2);
    let service = parts.next().filter(|service| !service.is_empty()).unwrap_or("unknown");
    let rest = parts.nth(2).unwrap_or(resource);
    let name = match service {
        "s3" | "sns" => rest,
        "logs" => rest.strip_prefix("log-group:").unwrap_or(rest),
        _ => rest.split_once('/').map_or(rest, |(_, name)| name),
    };
    (service, name)
}

/// What may stand in a segment of a path as it is (RFC 3986, `unreserved`).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn segment(text: &str) -> String {
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
    fn names_come_from_arns() {
        let cases = [
            ("arn:aws:cloudtrail:us-east-1:111122223333:trail/main", ("cloudtrail", "main")),
            ("arn:aws:s3:::logs", ("s3", "logs")),
            ("arn:aws:kms:us-east-1:111122223333:key/abc", ("kms", "abc")),
            ("arn:aws:logs:us-east-1:111122223333:log-group:/aws/x", ("logs", "/aws/x")),
            ("arn:aws:sns:us-east-1:111122223333:topic", ("sns", "topic")),
        ];
        for (arn, expected) in cases {
            assert_eq!(service_and_name(arn), expected);
        }
    }

    #[test]
    fn segments_hold_nothing_that_a_uri_refuses() {
        assert_eq!(segment("/aws/cloudtrail"), "%2Faws%2Fcloudtrail");
        assert_eq!(segment("a b:c"), "a%20b%3Ac");
        assert_eq!(segment(".."), "%2E%2E");
    }
}
