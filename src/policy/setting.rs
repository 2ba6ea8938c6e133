//! What is set of rules beside their packs: parameters, severities, and rules that are not judged.

use super::declared::{VAGUE, is_vague};
use super::id::PolicyId;
use super::load::Policies;
use super::parameter::ParameterValue;
use super::read::nearest;
use super::severity::Severity;

/// Something that was set of a rule. Of two that set the same, the later one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The rule.
    pub policy: PolicyId,
    /// What was set.
    pub change: Change,
}

/// What can be set of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A parameter has this value, in every pack.
    Parameter {
        /// Its name.
        name: String,
        /// Its value.
        value: ParameterValue,
    },
    /// A failure is this bad, in every pack.
    Severity(Severity),
    /// Whether the rule is left out.
    Disabled(bool),
}

impl Setting {
    /// Reads a parameter that was set, `RULE.PARAM=VALUE`, by the types that the rules declare.
    ///
    /// # Errors
    /// In words for the user: where the form is another, where there is no such rule or parameter (with the nearest
    /// name), or where the value is not of the parameter's type.
    pub fn parse(text: &str, policies: &Policies) -> Result<Self, String> {
        let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
        let Some(((id, name), value)) = parts else {
            return Err(format!("`{text}`: give RULE.PARAM=VALUE, such as log-bucket-retention.retention_days=730"));
        };
        let Some(policy) = policies.get(id) else {
            return Err(format!("`{text}`: {}", no_rule(id, policies)));
        };
        let Some(parameter) = policy.parameters.get(name) else {
            let known = policy.parameters.keys().map(String::as_str);
            let help = match policy.parameters.is_empty() {
                true => "; it has none".to_owned(),
                false => meant(name, known),
            };
            return Err(format!("`{text}`: the rule `{id}` has no parameter `{name}`{help}"));
        };
        match parameter.kind.of_text(value) {
            Some(value) if is_vague(name, &value) => Err(format!("`{text}`: {VAGUE}")),
            Some(value) => {
                let change = Change::Parameter { name: name.to_owned(), value };
                Ok(Self { policy: policy.id.clone(), change })
            }
            None => Err(format!("`{text}`: `{value}` is no value of the type {}", parameter.kind)),
        }
    }

    /// Reads a severity that was set, `RULE=SEVERITY`.
    ///
    /// # Errors
    /// In words for the user: where the form is another, or where there is no such rule (with the nearest name) or
    /// severity.
    pub fn parse_severity(text: &str, policies: &Policies) -> Result<Self, String> {
        let Some((id, severity)) = text.split_once('=') else {
            return Err(format!("`{text}`: give RULE=SEVERITY, such as log-file-validation=high"));
        };
        let Some(policy) = policies.get(id) else {
            return Err(format!("`{text}`: {}", no_rule(id, policies)));
        };
        let severity = severity.parse().map_err(|error| format!("`{text}`: {error}"))?;
        Ok(Self { policy: policy.id.clone(), change: Change::Severity(severity) })
    }

    /// Reads the id of a rule that is left out.
    ///
    /// # Errors
    /// In words for the user: where there is no such rule, with the nearest name.
    pub fn parse_disabled(id: &str, policies: &Policies) -> Result<Self, String> {
        let policy = policies.get(id).ok_or_else(|| no_rule(id, policies))?;
        Ok(Self { policy: policy.id.clone(), change: Change::Disabled(true) })
    }
}

fn no_rule(id: &str, policies: &Policies) -> String {
    format!("there is no rule `{id}`{}", meant(id, policies.ids()))
}

fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
