//! Where every fact is known, an expression means what CEL says: the CEL library's own evaluation is the measure.

use std::collections::HashMap;

use cel::objects::Key;
use cel::parser::Parser;
use cel::{Context, Value};
use proptest::prelude::*;
use trailproof::expr::{Bindings, Expression, Fact, Verdict};

use super::generate::{chance, condition, config, fact, schema};

fn to_cel(fact: &Fact) -> Value {
    let map = |entries: HashMap<Key, Value>| Value::Map(entries.into());
    match fact {
        Fact::Bool(value) => Value::Bool(*value),
        Fact::Int(value) => Value::Int(*value),
        Fact::Age(age) => Value::Int(age.0),
        Fact::String(value) => Value::String(value.to_string().into()),
        Fact::List(elements) => Value::List(elements.iter().map(to_cel).collect::<Vec<_>>().into()),
        Fact::Record(record) => map(record.iter().map(|(name, value)| (name.into(), to_cel(value))).collect()),
        Fact::Map(entries) => map(entries.iter().map(|(key, value)| (key.as_str().into(), to_cel(value))).collect()),
        Fact::Gap(_) => unreachable!("no gaps here"),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn known_facts_are_judged_as_cel_judges_them(source in condition(4, 0), seed: u64) {
        // The library is built without regular expressions.
        let source = source.replace("matches('^a?$')", "endsWith('a')");
        let schema = schema();
        let given = fact(schema.variable("thing").unwrap(), false, &mut chance(seed));
        let ours = Expression::check(&source, &schema).unwrap().evaluate(&Bindings::new().with("thing", &given));

        let tree = Parser::new().enable_optional_syntax(true).parse(&source).unwrap();
        let mut context = Context::default();
        context.add_variable_from_value("thing", to_cel(&given));
        match (ours, Value::resolve(&tree, &context)) {
            (Ok(Verdict::True), theirs) => prop_assert_eq!(theirs, Ok(Value::Bool(true)), "{}", source),
            (Ok(Verdict::False), theirs) => prop_assert_eq!(theirs, Ok(Value::Bool(false)), "{}", source),
            (Err(_), theirs) => prop_assert!(theirs.is_err(), "{}", source),
            (Ok(Verdict::Unknown(_)), _) => prop_assert!(false, "{source} is unknown without a gap"),
        }
    }
}
