//! What holds for every expression: no gap is ever taken for an answer.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trailproof::expr::{Bindings, Expression, Fact, GapId, Path, Step, Type, Verdict};

use super::generate::{chance, completed, condition, config, fact, schema};

fn thing() -> Type {
    schema().variable("thing").unwrap().clone()
}

fn verdict(expression: &Expression, thing: &Fact) -> Result<Verdict, String> {
    expression.evaluate(&Bindings::new().with("thing", thing)).map_err(|fault| fault.message)
}

fn gaps_in(fact: &Fact, found: &mut BTreeSet<GapId>) {
    match fact {
        Fact::Gap(gaps) => found.extend(gaps.iter()),
        Fact::List(elements) => elements.iter().for_each(|element| gaps_in(element, found)),
        Fact::Record(record) => record.iter().for_each(|(_, value)| gaps_in(value, found)),
        Fact::Map(entries) => entries.values().for_each(|value| gaps_in(value, found)),
        _ => {}
    }
}

/// Other values for everything under a record that the expression does not read.
fn with_the_rest_replaced(given: &Fact, ty: &Type, at: &Path, read: &BTreeSet<Path>, seed: u64) -> Fact {
    let (Fact::Record(record), Type::Record(of)) = (given, ty) else { return given.clone() };
    Fact::record(of.fields.iter().enumerate().map(|(number, field)| {
        let path = at.then(Step::Field(field.name.clone()));
        let touched = read.iter().any(|read| read == &path || read.steps().starts_with(path.steps()));
        let seed = seed.wrapping_mul(31).wrapping_add(number as u64);
        let value = match record.get(&field.name) {
            Some(value) if touched && read.contains(&path) => Some(value.clone()),
            Some(value) if touched => Some(with_the_rest_replaced(value, &field.ty, &path, read, seed)),
            None if touched => None,
            _ => Some(fact(&field.ty, true, &mut chance(seed))),
        };
        (field.name.clone(), value)
    }))
}

proptest! {
    #![proptest_config(config())]

    /// A verdict that gaps leave standing is the verdict of every way in which they could be answered.
    #[test]
    fn a_settled_verdict_holds_whatever_the_gaps_hide(source in condition(4, 0), seed: u64) {
        let expression = Expression::check(&source, &schema()).map_err(|mistakes| {
            TestCaseError::fail(format!("{source} is refused: {mistakes:?}"))
        })?;
        let given = fact(&thing(), true, &mut chance(seed));
        if let settled @ Ok(Verdict::True | Verdict::False) = verdict(&expression, &given) {
            for answer in 0..12 {
                let answered = completed(&given, &thing(), &mut chance(seed ^ answer));
                prop_assert_eq!(&settled, &verdict(&expression, &answered), "{} on {:?}", source, answered);
            }
        }
    }

    /// Facts of the schema never meet a type error, and an unknown verdict names gaps that are there.
    #[test]
    fn an_accepted_expression_never_meets_a_wrong_type(source in condition(4, 0), seed: u64) {
        let expression = Expression::check(&source, &schema()).unwrap();
        let given = fact(&thing(), true, &mut chance(seed));
        match verdict(&expression, &given) {
            Err(fault) => prop_assert!(
                fault.contains("out of range") || fault.contains("divided by zero"), "{}: {}", source, fault
            ),
            Ok(Verdict::Unknown(gaps)) => {
                let mut there = BTreeSet::new();
                gaps_in(&given, &mut there);
                prop_assert!(!gaps.is_empty() && gaps.iter().all(|gap| there.contains(&gap)));
            }
            Ok(_) => {}
        }
    }

    /// A default stands for what is absent, never for what could not be read.
    #[test]
    fn a_default_never_stands_for_a_gap(
        (read, default) in prop_oneof![
            Just(("thing.?m", "1")), Just(("thing.?maybe", "true")), Just(("thing.?t", "'a'")),
            Just(("thing.?opt.?count", "7")), Just(("thing.?opt.name", "'a'")), Just(("thing.names[?0]", "''")),
            Just(("thing.tags[?'a']", "''")), Just(("thing.items[?0].?count", "0")),
        ],
        seed: u64,
    ) {
        let hidden = Fact::Gap(GapId(9).into());
        let Type::Record(of) = thing() else { unreachable!() };
        let known = fact(&thing(), false, &mut chance(seed));
        let field = read.split(['.', '?', '[']).filter(|part| !part.is_empty()).nth(1).unwrap();
        let given = Fact::record(of.fields.iter().map(|other| {
            let value = if other.name == field { Some(hidden.clone()) } else { known.field(&other.name).cloned() };
            (other.name.clone(), value)
        }));
        for source in [format!("{read}.orValue({default}) == {default}"), format!("{read}.hasValue()")] {
            let expression = Expression::check(&source, &schema()).unwrap();
            prop_assert_eq!(verdict(&expression, &given), Ok(Verdict::Unknown(GapId(9).into())));
        }
    }

    /// Only the facts that `paths` names have a say.
    #[test]
    fn facts_that_are_not_read_have_no_say(source in condition(4, 0), seed: u64) {
        let expression = Expression::check(&source, &schema()).unwrap();
        let given = fact(&thing(), true, &mut chance(seed));
        let replaced = with_the_rest_replaced(&given, &thing(), &Path::new("thing"), expression.paths(), seed);
        prop_assert_eq!(verdict(&expression, &given), verdict(&expression, &replaced));
    }

    /// Any text is either accepted or refused with places inside of it.
    #[test]
    fn any_text_is_answered(source in ".{0,60}|[a-z(){}\\[\\]?:.,'\"\\\\&|!<>=+*/% 0-9-]{0,60}") {
        for mistake in Expression::check(&source, &schema()).err().unwrap_or_default() {
            prop_assert!(source.get(mistake.range.clone()).is_some(), "{:?} in {:?}", mistake, source);
        }
    }
}
