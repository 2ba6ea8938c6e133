//! What the policy denies to everybody.

use super::LogTrail;
use super::rights::Resources;
use crate::derive::policy_document::{
    Answer, Condition, Context, Doubt, Effect, Pattern, PolicyDocument, Principal, Principals, Quantifier, Reason,
    Statement, Test, Truth,
};

/// Whether everybody who comes without TLS is denied all of S3, on the bucket and on its objects.
///
/// Source: S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in transit".
pub(super) fn insecure_transport(document: &PolicyDocument, bucket: &Resources<'_>) -> Answer {
    let context = Context::default().is("aws:SecureTransport", "false");
    let everything = |statement: &Statement| -> Result<(), &'static str> {
        if context.satisfies(statement) != Truth::Yes {
            return Err("denies only under conditions that insecure requests need not meet");
        }
        if !is_everyone(&statement.principals) {
            return Err("denies insecure requests to some principals only");
        }
        if !statement.actions.include_all_of("s3") {
            return Err("denies some actions only to insecure requests");
        }
        Ok(())
    };
    let speaks_of_it = |statement: &Statement| statement.conditions.iter().any(|one| one.key == "aws:securetransport");
    let wanted = [("the bucket", bucket.bucket.clone()), ("its objects", bucket.objects.clone())];
    let targets = wanted.map(|(what, on)| Target { what: format!("insecure requests for {what}"), action: None, on });
    search(document, &targets, &everything, &speaks_of_it)
}

/// Whether deleting log files, and their versions, is denied to everybody but fixed ARNs.
pub(super) fn deletes(document: &PolicyDocument, bucket: &Resources<'_>, trails: &[LogTrail<'_>]) -> Answer {
    const DELETES: [&str; 2] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];
    let mut keys: Vec<Pattern> = trails.iter().flat_map(|trail| bucket.all_keys(trail)).collect();
    if keys.is_empty() {
        keys.push(bucket.objects.clone());
    }
    let targets: Vec<Target> = DELETES
        .iter()
        .flat_map(|action| {
            keys.iter().map(move |on| Target {
                what: format!("{action} on all log files"),
                action: Some(*action),
                on: on.clone(),
            })
        })
        .collect();
    let everybody = |statement: &Statement| -> Result<(), &'static str> {
        let spares_fixed = match &statement.principals {
            Principals::AllBut(spared) => spared.iter().all(|one| one.is_fixed() && one.account().is_some()),
            Principals::Are(_) => is_everyone(&statement.principals),
        };
        if !spares_fixed {
            Err("denies deleting to some principals only")
        } else if !statement.conditions.iter().all(spares_fixed_arns) {
            Err("denies deleting only under conditions, not just with exceptions for fixed ARNs")
        } else {
            Ok(())
        }
    };
    let speaks_of_it = |statement: &Statement| DELETES.iter().any(|action| statement.actions.include(action));
    search(document, &targets, &everybody, &speaks_of_it)
}

/// Something that is to be denied.
struct Target {
    what: String,
    /// The action; nothing, where the statement is asked itself.
    action: Option<&'static str>,
    on: Pattern,
}

/// Whether for every target some statement that denies fits; those that nearly do are the reasons why not.
fn search(
    document: &PolicyDocument,
    targets: &[Target],
    fits: &dyn Fn(&Statement) -> Result<(), &'static str>,
    speaks_of_it: &dyn Fn(&Statement) -> bool,
) -> Answer {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for target in targets {
        let denied = document.having(Effect::Deny).find(|(_, statement)| {
            target.action.is_none_or(|action| statement.actions.include(action))
                && statement.resources.cover(&target.on)
                && fits(statement).is_ok()
        });
        match denied {
            Some((place, _)) => found.push(Reason::at(place, format!("denies {}", target.what))),
            None => missing.push(Reason::whole(format!("no statement denies {} to everybody", target.what))),
        }
    }
    found.dedup();
    missing.dedup();
    if missing.is_empty() {
        return Answer::Yes(found);
    }
    let doubts: Vec<Doubt> = document.unreadable(Effect::Deny).map(Doubt::Undecided).collect();
    if !doubts.is_empty() {
        return Answer::Unknown(doubts);
    }
    for (place, statement) in document.having(Effect::Deny).filter(|(_, statement)| speaks_of_it(statement)) {
        if let Err(why) = fits(statement) {
            missing.push(Reason::at(place, why));
        }
    }
    Answer::No(missing)
}

fn is_everyone(principals: &Principals) -> bool {
    matches!(principals, Principals::Are(principals) if principals.contains(&Principal::Everyone))
}

/// Whether a condition only spares principals by their full ARN.
fn spares_fixed_arns(condition: &Condition) -> bool {
    let operator = condition.operator;
    condition.key == "aws:principalarn"
        && operator.negated
        && operator.quantifier != Some(Quantifier::Any)
        && matches!(operator.test, Test::Arn | Test::Like | Test::Equals)
        && condition.values.iter().all(|value| value.starts_with("arn:") && Pattern::new(value).is_fixed())
}
