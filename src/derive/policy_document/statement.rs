//! One statement: who, what, on what, and under which conditions.

use super::Unreadable;
use super::condition::{self, Condition};
use super::json::{self, Json};
use super::pattern::Pattern;
use super::principal::{Principal, Principals};

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

impl Effect {
    /// Source: "IAM JSON policy elements: Effect": the values are case-sensitive.
    pub(super) fn of(json: &Json) -> Option<Self> {
        match json {
            Json::Text(text) if text == "Allow" => Some(Self::Allow),
            Json::Text(text) if text == "Deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// Which actions a statement is about. They are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actions {
    all_but: bool,
    patterns: Vec<Pattern>,
}

impl Actions {
    /// Whether the statement is about an action, such as `s3:PutObject`.
    pub fn include(&self, action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers_in_lower_case(action)) != self.all_but
    }

    /// Whether it is about every action of a service, such as `s3`.
    pub fn include_all_of(&self, service: &str) -> bool {
        let all = Pattern::new(&format!("{service}:*")).lower_case();
        if self.all_but {
            !self.patterns.iter().any(|pattern| pattern.meets(&all))
        } else {
            self.patterns.iter().any(|pattern| pattern.covers(&all))
        }
    }
}

/// Which resources a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    all_but: bool,
    patterns: Vec<Pattern>,
}

impl Resources {
    /// Whether it may be about something in a set of resources.
    pub fn meet(&self, set: &Pattern) -> bool {
        if self.all_but {
            !self.patterns.iter().any(|pattern| pattern.covers(set))
        } else {
            self.patterns.iter().any(|pattern| pattern.meets(set))
        }
    }

    /// Whether it surely is about everything in a set of resources.
    pub fn cover(&self, set: &Pattern) -> bool {
        if self.all_but {
            !self.patterns.iter().any(|pattern| pattern.meets(set))
        } else {
            self.patterns.iter().any(|pattern| pattern.covers(set))
        }
    }

    /// Whether it surely is about everything in a set that other resources are about.
    pub fn cover_what(&self, others: &Self, set: &Pattern) -> bool {
        if self.cover(set) {
            return true;
        }
        !others.all_but && others.patterns.iter().filter(|other| other.meets(set)).all(|other| self.cover(other))
    }
}

/// What a policy is attached to, and so which elements its statements have.
///
/// Source: IAM User Guide, "IAM JSON policy elements: Principal" (not in identity-based policies) and "IAM JSON policy
/// elements: Resource" (not in trust policies).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A resource.
    Resource,
    /// A user, group or role, or an account through the organization.
    Identity,
    /// A role, to say who may assume it.
    Trust,
}

/// One statement of a policy. In a policy of an identity it is about everybody; in a trust policy, on everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub effect: Effect,
    /// Whom it is about.
    pub principals: Principals,
    /// Which actions.
    pub actions: Actions,
    /// Which resources.
    pub resources: Resources,
    /// Under which conditions; all of them must hold.
    pub conditions: Vec<Condition>,
}

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

pub(super) fn read(json: &Json, form: Form) -> Result<Statement, Unreadable> {
    let Json::Object(elements) = json else { return Unreadable::because("it is not an object") };
    json::no_duplicates(elements)?;
    if let Some((name, _)) = elements.iter().find(|(name, _)| !ELEMENTS.contains(&name.as_str())) {
        return Unreadable::because(format!("it has an element that is not known: `{}`", json::brief(name)));
    }
    if json::get(elements, "Sid").is_some_and(|sid| !matches!(sid, Json::Text(_))) {
        return Unreadable::because("its Sid is not a string");
    }
    let effect = match json::get(elements, "Effect") {
        Some(effect) => Effect::of(effect),
        None => return Unreadable::because("it has no Effect"),
    };
    let Some(effect) = effect else { return Unreadable::because("its Effect is neither Allow nor Deny") };
    let principals = match form {
        Form::Identity => nobody_named(elements)?,
        Form::Resource | Form::Trust => Principals::read(elements)?,
    };
    let (all_but, texts) = one_of(elements, "Action", "NotAction")?;
    let actions = Actions { all_but, patterns: texts.iter().map(|text| Pattern::new(text).lower_case()).collect() };
    let (all_but, texts) = match form {
        Form::Trust => no_resource(elements)?,
        Form::Resource | Form::Identity => one_of(elements, "Resource", "NotResource")?,
    };
    let resources = Resources { all_but, patterns: texts.iter().map(|text| Pattern::new(text)).collect() };
    let conditions = condition::read(json::get(elements, "Condition"))?;
    Ok(Statement { effect, principals, actions, resources, conditions })
}

fn nobody_named(elements: &[(String, Json)]) -> Result<Principals, Unreadable> {
    match json::get(elements, "Principal").or_else(|| json::get(elements, "NotPrincipal")) {
        Some(_) => Unreadable::because("it names principals, which a policy of an identity does not"),
        None => Ok(Principals::Are(vec![Principal::Everyone])),
    }
}

fn no_resource(elements: &[(String, Json)]) -> Result<(bool, Vec<String>), Unreadable> {
    match json::get(elements, "Resource").or_else(|| json::get(elements, "NotResource")) {
        Some(_) => Unreadable::because("it names resources, which a trust policy does not"),
        None => Ok((false, vec!["*".to_owned()])),
    }
}

fn one_of(elements: &[(String, Json)], is: &str, is_not: &str) -> Result<(bool, Vec<String>), Unreadable> {
    match (json::get(elements, is), json::get(elements, is_not)) {
        (Some(json), None) => Ok((false, json.texts(is)?)),
        (None, Some(json)) => Ok((true, json.texts(is_not)?)),
        (None, None) => Unreadable::because(format!("it names no {is}")),
        (Some(_), Some(_)) => Unreadable::because(format!("it has both {is} and {is_not}")),
    }
}
