//! ARNs: which parts of one are names that somebody chose.

/// The parts of a resource that AWS names, and not its user.
const PUBLIC: [&str; 46] = [
    "",
    "*",
    "AWSLogs",
    "AWSReservedSSO",
    "CloudTrail",
    "CloudTrail-Digest",
    "CloudTrail-Insight",
    "Null",
    "OrganizationAccountAccessRole",
    "account",
    "alarm",
    "alias",
    "api-destination",
    "assumed-role",
    "aws",
    "aws-reserved",
    "aws-service-role",
    "catalog",
    "channel",
    "dashboard",
    "database",
    "datacatalog",
    "default",
    "delivery-stream",
    "event-bus",
    "eventdatastore",
    "federated-user",
    "function",
    "group",
    "instance-profile",
    "key",
    "log-group",
    "log-stream",
    "object",
    "organization",
    "ou",
    "policy",
    "role",
    "root",
    "rule",
    "service-role",
    "service_control_policy",
    "table",
    "trail",
    "user",
    "workgroup",
];

/// Whether a part of a resource, or a name, is AWS's own.
pub(super) fn is_public(part: &str) -> bool {
    PUBLIC.contains(&part)
        || part.starts_with("AWSServiceRoleFor")
        || part.starts_with("AWSControlTower")
        || part.starts_with("aws-controltower")
        || part.ends_with(".amazonaws.com")
        || !part.chars().any(char::is_alphanumeric)
}

/// An ARN in its parts.
pub(super) struct Parts<'a> {
    /// Up to the account: partition, service, Region.
    pub(super) head: [&'a str; 4],
    pub(super) account: &'a str,
    pub(super) resource: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of an ARN; nothing where it is none.
    pub(super) fn of(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let mut next = || parts.next();
        let head = [next()?, next()?, next()?, next()?];
        let (account, resource) = (next()?, next()?);
        (head[0] == "arn").then_some(Self { head, account, resource })
    }

    /// Whether it is AWS's own, such as a managed policy.
    pub(super) fn is_of_aws(&self) -> bool {
        self.account == "aws"
    }
}

/// The parts of a resource between `/`, `:` and wildcards, each with whether it is a name.
pub(super) fn names(resource: &str) -> impl Iterator<Item = (&str, bool)> {
    resource.split_inclusive(['/', ':', '*', '?', ',']).flat_map(|part| {
        let end = part.len() - usize::from(part.ends_with(['/', ':', '*', '?', ',']));
        let (name, mark) = part.split_at(end);
        [(name, !is_public(name)), (mark, false)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_somebody_chose() {
        let of = |resource: &'static str| -> Vec<&str> {
            names(resource).filter(|(_, is_name)| *is_name).map(|(name, _)| name).collect()
        };
        assert_eq!(of("trail/main"), ["main"]);
        assert_eq!(of("log-group:/aws/trails:*"), ["trails"]);
        assert_eq!(of("acme-logs/AWSLogs/111122223333/*"), ["acme-logs", "111122223333"]);
        assert_eq!(of("root"), Vec::<&str>::new());
        assert_eq!(of("role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"), Vec::<&str>::new());
        assert_eq!(of("acme-*"), ["acme-"]);
        assert_eq!(of("trail/追跡"), ["追跡"]);
        assert!(Parts::of("arn:aws:s3:::x").is_some() && Parts::of("arn:aws").is_none());
    }
}
