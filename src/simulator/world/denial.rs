/// The kind of policy that denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// A policy of the user or role.
    Identity,
    /// A service control policy of the organization.
    ServiceControl,
    /// A resource control policy of the organization.
    ResourceControl,
    /// A policy of the resource.
    Resource,
    /// A permissions boundary.
    PermissionsBoundary,
    /// A session policy.
    Session,
}

impl PolicyKind {
    /// The words that AWS uses when nothing in policies of this kind allows an action, or when one denies it.
    ///
    /// Source: IAM User Guide, "Access denied error message examples".
    pub(in crate::simulator) fn wording(self) -> (&'static str, &'static str) {
        match self {
            Self::Identity => ("identity-based policy", "an identity-based policy"),
            Self::ServiceControl => ("service control policy", "a service control policy"),
            Self::ResourceControl => ("resource control policy", "a resource control policy"),
            Self::Resource => ("resource-based policy", "a resource-based policy"),
            Self::PermissionsBoundary => ("permissions boundary", "a permissions boundary"),
            Self::Session => ("session policy", "a session policy"),
        }
    }
}

/// Something that the principals of an account are not allowed.
///
/// The patterns know `*` and `?`, as in policies. The action is IAM's: `s3:GetLifecycleConfiguration`, not the operation's name.
///
/// ```
/// use trailproof::simulator::{Account, Denial, PolicyKind};
/// let frozen = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("ap-*");
/// let account = Account::new("222222222222", "payments").with_denial(frozen);
/// assert_eq!(account.denials[0].regions, "ap-*");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What denies.
    pub kind: PolicyKind,
    /// Whether a statement denies it, or none allows it.
    pub explicit: bool,
    /// The IAM actions, such as `kms:Get*`.
    pub actions: String,
    /// The Regions.
    pub regions: String,
    /// The ARNs of the resources; operations on no single resource have `*`.
    pub resources: String,
}

impl Denial {
    fn new(kind: PolicyKind, explicit: bool, actions: &str) -> Self {
        Self { kind, explicit, actions: actions.to_owned(), regions: "*".to_owned(), resources: "*".to_owned() }
    }

    /// A statement that denies actions: "with an explicit deny in …".
    pub fn explicit(kind: PolicyKind, actions: &str) -> Self {
        Self::new(kind, true, actions)
    }

    /// The lack of a statement that allows actions: "because no … allows …".
    pub fn implicit(kind: PolicyKind, actions: &str) -> Self {
        Self::new(kind, false, actions)
    }

    /// The denial, in some Regions only.
    #[must_use]
    pub fn in_region(mut self, pattern: &str) -> Self {
        self.regions = pattern.to_owned();
        self
    }

    /// The denial, on some resources only.
    #[must_use]
    pub fn on(mut self, resources: &str) -> Self {
        self.resources = resources.to_owned();
        self
    }
}
