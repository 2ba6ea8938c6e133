//! What a policy lets whom do, after what it denies.
//!
//! Source: IAM User Guide, "Policy evaluation logic": an explicit Deny wins. Here it wins only where it surely applies:
//! it names the action, everything that was allowed and everybody to whom, and its conditions hold for all of their requests.

use super::PolicyDocument;
use super::answer::{Doubt, Place, Reason};
use super::context::{Context, Truth, Value};
use super::pattern::Pattern;
use super::principal::{Kind, Principal, Principals};
use super::standing::{Scope, Standing};
use super::statement::{Effect, Statement};

/// Something that may be done: an action, and the resources that it is done to.
#[derive(Debug, Clone)]
pub struct Right {
    /// The action, such as `s3:PutObject`.
    pub action: &'static str,
    /// The resources.
    pub on: Pattern,
}

/// To whom something is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grantee {
    /// Everybody whom the conditions let through.
    Everyone,
    /// Everybody but some, whom the conditions let through.
    AllBut,
    /// A named principal that is not a service.
    Principal(Principal),
    /// An AWS service.
    Service(String),
}

/// What one statement lets one grantee do.
#[derive(Debug, Clone)]
pub struct Grant<'a> {
    /// The statement.
    pub place: &'a Place,
    /// What it says.
    pub statement: &'a Statement,
    /// To whom.
    pub grantee: Grantee,
    /// The actions.
    pub actions: Vec<&'static str>,
    /// Where the grantee stands, conditions included; nothing, for a service that no condition bounds.
    pub standing: Option<Standing>,
}

/// What a policy grants.
#[derive(Debug, Clone, Default)]
pub struct Grants<'a> {
    /// The grants, in the order of the statements.
    pub held: Vec<Grant<'a>>,
    /// Statements that could not be read and may grant more.
    pub doubts: Vec<Doubt>,
}

impl Grantee {
    fn of(principal: &Principal) -> Self {
        match principal {
            Principal::Everyone => Self::Everyone,
            Principal::Named(Kind::Service, name) => Self::Service(name.clone()),
            other => Self::Principal(other.clone()),
        }
    }

    /// Whether it is the service of CloudTrail.
    pub fn is_cloudtrail(&self) -> bool {
        matches!(self, Self::Service(name) if name == "cloudtrail.amazonaws.com")
    }
}

impl std::fmt::Display for Grantee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everyone => f.write_str("*"),
            Self::AllBut => f.write_str("everybody but some"),
            Self::Principal(principal) => principal.fmt(f),
            Self::Service(name) => f.write_str(name),
        }
    }
}

/// At most this many actions are named in words.
const ACTIONS_NAMED: usize = 4;

impl Grant<'_> {
    /// The grant in words.
    pub fn reason(&self) -> Reason {
        let mut actions = self.actions[..self.actions.len().min(ACTIONS_NAMED)].join(", ");
        if let Some(more @ 1..) = self.actions.len().checked_sub(ACTIONS_NAMED) {
            actions.push_str(&format!(" and {more} more"));
        }
        let mut text = format!("allows {} {actions}", self.grantee);
        let conditions: Vec<String> = self.statement.conditions.iter().map(super::Condition::describe).collect();
        if !conditions.is_empty() {
            text.push_str(&format!(" where {}", conditions.join(" and ")));
        }
        Reason::at(self.place, text)
    }
}

impl<'a> Grants<'a> {
    /// What a document grants of some rights.
    pub fn of(document: &'a PolicyDocument, rights: &[Right], scope: &Scope<'_>) -> Self {
        let mut grants = Self::default();
        for (place, statement) in document.having(Effect::Allow) {
            let given: Vec<&Right> = rights
                .iter()
                .filter(|right| statement.actions.include(right.action) && statement.resources.meet(&right.on))
                .collect();
            if given.is_empty() {
                continue;
            }
            let denials = Denials::of(document, statement, &given);
            for grantee in grantees(statement) {
                let requests = requests(&grantee, statement, scope);
                let left = |at: &usize| !requests.iter().all(|request| denials.hit(*at, request));
                let actions: Vec<&'static str> = (0..given.len()).filter(left).map(|at| given[at].action).collect();
                if !actions.is_empty() {
                    let fenced = || {
                        let mut outsiders = requests.iter().filter(|request| request.outsider);
                        outsiders.all(|request| (0..given.len()).all(|at| denials.hit(at, request)))
                    };
                    let standing = standing(&grantee, statement, scope, fenced);
                    grants.held.push(Grant { place, statement, grantee, actions, standing });
                }
            }
        }
        grants.doubts = document.unreadable(Effect::Allow).map(Doubt::Undecided).collect();
        grants
    }
}

fn grantees(statement: &Statement) -> Vec<Grantee> {
    match &statement.principals {
        Principals::Are(principals) => {
            principals.iter().filter(|principal| !principal.is_deleted()).map(Grantee::of).collect()
        }
        Principals::AllBut(_) => vec![Grantee::AllBut],
    }
}

/// Some of the requests of a grantee, and what is known of them.
struct Request {
    principal: Option<Principal>,
    context: Context,
    outsider: bool,
}

/// The requests of a grantee: of everybody, those of insiders, outsiders and of nobody in particular apart.
fn requests(grantee: &Grantee, statement: &Statement, scope: &Scope<'_>) -> Vec<Request> {
    let request = |principal: Option<Principal>, context: Context, outsider: bool| Request {
        principal,
        context: context.narrowed(statement),
        outsider,
    };
    let signed = || Context::default().is("aws:PrincipalIsAWSService", "false");
    match grantee {
        Grantee::Service(name) => {
            vec![request(Some(Principal::Named(Kind::Service, name.clone())), Context::service(name), false)]
        }
        Grantee::Principal(principal) => {
            let context = signed().of_principal(principal, scope);
            vec![request(Some(principal.clone()), context, false)]
        }
        Grantee::Everyone | Grantee::AllBut => {
            let outside = || match scope.organization.id {
                Some(id) => signed().with("aws:PrincipalOrgID", Value::Unlike(vec![Pattern::exact(id)])),
                None => signed(),
            };
            let anonymous =
                ["aws:PrincipalOrgID", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalIsAWSService"]
                    .iter()
                    .fold(Context::default(), |context, key| context.with(key, Value::Absent));
            vec![
                request(None, Context::default(), false),
                request(None, outside(), true),
                request(None, anonymous, true),
            ]
        }
    }
}

impl Context {
    /// What is known of every request that a service makes in its own name.
    ///
    /// Source: IAM User Guide, "AWS global condition context keys": the keys of the caller's account and organization
    /// are not in such requests.
    pub fn service(name: &str) -> Self {
        let users = ["arn:*:iam::*", "arn:*:sts::*"].map(Pattern::new).to_vec();
        Self::default()
            .is("aws:PrincipalIsAWSService", "true")
            .is("aws:PrincipalServiceName", name)
            .with("aws:PrincipalOrgID", Value::Absent)
            .with("aws:PrincipalOrgPaths", Value::Absent)
            .with("aws:PrincipalArn", Value::Unlike(users))
            .with("aws:PrincipalAccount", Value::Unlike(vec![Pattern::new("????????????")]))
    }

    /// Adds what is known of every request of an account, user or role.
    fn of_principal(self, principal: &Principal, scope: &Scope<'_>) -> Self {
        let Some(account) = principal.account() else { return self };
        let named = principal.to_string();
        let arn = if named.contains(":role/") || named.contains(":user/") {
            Pattern::exact(&named)
        } else {
            Pattern::new(&format!("arn:*:*::{account}:*"))
        };
        let known = self.is("aws:PrincipalAccount", &account.to_string()).with("aws:PrincipalArn", Value::Is(arn));
        let Some(id) = scope.organization.id else { return known };
        if scope.organization.accounts.contains(&account) {
            known.is("aws:PrincipalOrgID", id)
        } else if scope.organization.complete {
            known.with("aws:PrincipalOrgID", Value::Unlike(vec![Pattern::exact(id)]))
        } else {
            known
        }
    }
}

/// The statements that deny, and which of the rights that one statement gives they take back altogether.
struct Denials<'a>(Vec<(&'a Statement, Vec<bool>)>);

impl<'a> Denials<'a> {
    /// Resources are compared here, once, whoever asks: they may be long.
    fn of(document: &'a PolicyDocument, allow: &Statement, given: &[&Right]) -> Self {
        let taken = |deny: &Statement| {
            let mut before: Option<(&Pattern, bool)> = None;
            let each = given.iter().map(|right| {
                let covers = match before {
                    Some((on, covers)) if *on == right.on => covers,
                    _ => deny.resources.cover_what(&allow.resources, &right.on),
                };
                before = Some((&right.on, covers));
                covers && deny.actions.include(right.action)
            });
            each.collect()
        };
        Self(document.having(Effect::Deny).map(|(_, deny)| (deny, taken(deny))).collect())
    }

    /// Whether a right is surely denied to some requests.
    fn hit(&self, right: usize, request: &Request) -> bool {
        self.0.iter().any(|(deny, taken)| {
            taken.get(right) == Some(&true)
                && surely_about(&deny.principals, request.principal.as_ref())
                && request.context.satisfies(deny) == Truth::Yes
        })
    }
}

/// Whether a statement that denies surely is about a principal; nobody in particular stands for everybody.
///
/// Source: "AWS JSON policy elements: Principal": an account in a Deny stands for everybody in it.
pub(super) fn surely_about(principals: &Principals, whom: Option<&Principal>) -> bool {
    match (principals, whom) {
        (Principals::Are(principals), whom) => principals.iter().any(|principal| match whom {
            _ if *principal == Principal::Everyone => true,
            Some(whom) => principal == whom || (principal.is_account() && principal.account() == whom.account()),
            None => false,
        }),
        // Whom an exception spares is proven only where every one of them is of another account, or another service.
        (Principals::AllBut(spared), Some(Principal::Named(Kind::Service, name))) => spared
            .iter()
            .all(|spared| matches!(spared, Principal::Named(kind, other) if *kind != Kind::Service || other != name)),
        (Principals::AllBut(spared), Some(whom)) => spared.iter().all(|spared| {
            matches!(spared, Principal::Named(Kind::Service, _))
                || (spared.account().is_some() && whom.account().is_some() && spared.account() != whom.account())
        }),
        (Principals::AllBut(_), None) => false,
    }
}

/// Where a grantee stands. `fenced` tells whether outsiders are denied all that is allowed: a fence around the
/// organization.
fn standing(
    grantee: &Grantee,
    statement: &Statement,
    scope: &Scope<'_>,
    fenced: impl Fn() -> bool,
) -> Option<Standing> {
    let bound = scope.bound(statement);
    match grantee {
        Grantee::Service(_) => bound,
        Grantee::Principal(principal) => {
            let own = scope.principal(principal);
            Some(bound.map_or(own, |bound| bound.min(own)))
        }
        Grantee::Everyone | Grantee::AllBut if fenced() => Some(Standing::Inside),
        Grantee::Everyone | Grantee::AllBut => Some(bound.unwrap_or(Standing::Outside)),
    }
}
