//! The path of last resort: made of the subject's names, so that it is the same in every run.

use crate::evaluate::Judgement;
use crate::facts::Scope;
use crate::segment::segment;

/// The path of a subject.
pub(super) fn stable_path(judgement: &Judgement) -> String {
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
}
