//! A rule to begin with: it loads, its examples hold, and its comments say what each part is for.

use super::id::PolicyId;
use super::rule::BUCKET_NAMES;
use crate::expr::{Field, RecordType, Type};
use crate::facts::{self, Scope};

/// The text of a rule to begin with, for an editor that finds its schema at a place beside it; nothing where this version
/// has no facts of the scope.
///
/// ```
/// use trailproof::facts::Scope;
/// use trailproof::policy::draft;
/// let text = draft(&"my-rule".parse().unwrap(), Scope::Trail, "rule.schema.json").unwrap();
/// assert!(text.contains("scope: trail"));
/// ```
pub fn draft(id: &PolicyId, scope: Scope, schema: &str) -> Option<String> {
    let variable = scope.variable();
    let facts = facts::schema(scope)?;
    let Type::Record(record) = facts.variable(variable)? else { return None };
    let naming = ["name", "arn", "id"].into_iter().find(|name| record.field(name).is_some())?;
    let asked = Asked::of(record)?;
    let (fact, good, bad) = (&asked.field.name, asked.good, asked.bad);
    let condition = asked.condition(variable);
    let meaning = &asked.field.doc;
    let (parameters, given) = parameters(scope);
    Some(format!(
        r#"# yaml-language-server: $schema={schema}
# A rule of your own. `trailproof facts --scope {scope}` prints every name that it may use, `trailproof policy test` runs its
# examples, and `trailproof check SNAPSHOT --policies FOLDER` judges by it.

# The name of this file.
id: {id}
# What should hold, as a sentence.
title: What should hold of {judged}
# critical, high, medium, low or info.
severity: medium
# What is judged one by one: {judged}, as `{variable}`.
scope: {scope}
# Where the rule applies. Elsewhere it is not applicable. Leave it out, if it applies to every subject.
# when: {condition}
# True where all is well. Guard what may be absent: `has({variable}.x) && {variable}.x == "y"`. What could not be read makes the
# rule unknown by itself: there is nothing to write for that.
# {variable}.{fact}: {meaning}
assert: {condition}
# What is said where it fails. A fact in braces is filled in.
message: "{{{variable}.{naming}}} is not as it should be"
# Why it matters: what goes wrong, for whom.
why: |
  Say here what goes wrong where this does not hold.
fix:
  # What to do, in words; `cli` and `terraform` may follow, with facts in braces in the former.
  text: Say here what to do.
# Where AWS says so.
# references:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
{parameters}# The tests of the rule: the facts that it reads, and the outcome that it must come to. Have one that passes, one that fails,
# one that could not be read, and one for every absent fact that the rule meets.
examples:
  - name: as it should be
    given: {{ {variable}: {{ {naming}: example, {fact}: {good} }} }}{given}
    expect: pass
  - name: not as it should be
    given: {{ {variable}: {{ {naming}: example, {fact}: {bad} }} }}{given}
    expect: fail
  - name: not known, as the call was denied
    given: {{ {variable}: {{ {naming}: example, {fact}: {{ $gap: scp }} }} }}{given}
    expect: unknown
"#,
        judged = scope.subjects(),
    ))
}

/// The fact that the rule asks for, with a value that passes and one that fails.
struct Asked<'s> {
    field: &'s Field,
    good: &'static str,
    bad: &'static str,
}

impl<'s> Asked<'s> {
    /// The first fact of a record that is always there: one that is true or false, or else a text.
    fn of(record: &'s RecordType) -> Option<Self> {
        let first =
            |ty: &Type| record.fields.iter().find(|field| field.ty == *ty && !field.optional && !is_naming(field));
        let bool = first(&Type::Bool).map(|field| Self { field, good: "true", bad: "false" });
        bool.or_else(|| first(&Type::String).map(|field| Self { field, good: "expected", bad: "another" }))
    }

    fn condition(&self, variable: &str) -> String {
        match self.field.ty {
            Type::Bool => format!("{variable}.{}", self.field.name),
            _ => format!("{variable}.{} == \"{}\"", self.field.name, self.good),
        }
    }
}

fn is_naming(field: &Field) -> bool {
    matches!(field.name.as_str(), "name" | "arn" | "id")
}

/// The parameters of the rule, and what its examples give of them.
fn parameters(scope: Scope) -> (String, String) {
    match scope {
        Scope::Bucket => (
            format!(
                "# Which buckets are judged: a rule about buckets lives from this parameter, or from `tags`.\nparameters:\n  {BUCKET_NAMES}:\n    type: list\n    default: []\n    needed: no bucket is named\n    description: The names of the buckets; * stands for any letters.\n"
            ),
            format!("\n    parameters: {{ {BUCKET_NAMES}: [example] }}"),
        ),
        _ => (
            "# Values that packs and `--set RULE.PARAM=VALUE` may set; `params.days` in expressions.\n# parameters:\n#   days: { type: int, default: 365, description: At least this many days. }\n".to_owned(),
            String::new(),
        ),
    }
}
