//! Generated expressions and facts for the property tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};
use trailproof::expr::{Fact, GapId, Gaps, Known, Listed, Schema, Shared, Type, facts};

facts! {
    /// One of many.
    pub struct Item {
        /// Text.
        name: String,
        /// A condition.
        on: Known<bool>,
        /// An optional number.
        count: Option<Known<i64>>,
    }

    /// Something with facts of every kind.
    pub struct Thing {
        /// A condition.
        flag: Known<bool>,
        /// Another.
        other: Known<bool>,
        /// An optional condition.
        maybe: Option<Known<bool>>,
        /// A number.
        n: Known<i64>,
        /// An optional number.
        m: Option<Known<i64>>,
        /// Text.
        s: Known<String>,
        /// Optional text.
        t: Option<Known<String>>,
        /// Many texts.
        names: Listed<String>,
        /// A record.
        inner: Known<Item>,
        /// An optional record.
        opt: Option<Known<Item>>,
        /// Many records.
        items: Listed<Shared<Item>>,
        /// Texts by name.
        tags: Known<BTreeMap<String, String>>,
    }
}

pub(crate) fn schema() -> Schema {
    Schema::of::<Thing>("thing")
}

/// Enough cases to find what rare combinations break; more by `PROPTEST_CASES`.
pub(crate) fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(600), failure_persistence: None, ..default }
}

/// A source of chance that proptest seeds.
pub(crate) fn chance(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// A fact of a type; with gaps where they are wanted.
pub(crate) fn fact(ty: &Type, gaps: bool, chance: &mut TestRng) -> Fact {
    if gaps && chance.random_ratio(1, 4) {
        return Fact::Gap(Gaps::one(GapId(chance.random_range(0..6))));
    }
    match ty {
        Type::Bool => Fact::Bool(chance.random()),
        Type::Int => Fact::Int(*pick(&[-1, 0, 1, 2, 3, i64::MAX, i64::MIN], chance)),
        Type::String => Fact::from(*pick(&["", "a", "b", "ab", "é"], chance)),
        Type::List(element) => {
            let length = chance.random_range(0..4);
            Fact::list((0..length).map(|_| fact(element, gaps, chance)).collect::<Vec<_>>())
        }
        Type::Map(element) => {
            let keys = ["a", "b"].into_iter().filter(|_| chance.random()).collect::<Vec<_>>();
            Fact::Map(Arc::new(keys.into_iter().map(|key| (key.to_owned(), fact(element, gaps, chance))).collect()))
        }
        Type::Record(record) => Fact::record(record.fields.iter().map(|field| {
            let present = !field.optional || chance.random();
            (field.name.clone(), present.then(|| fact(&field.ty, gaps, chance)))
        })),
        other => unreachable!("no fact is {other}"),
    }
}

/// What the facts may be where every gap is answered, in one of many ways.
pub(crate) fn completed(given: &Fact, ty: &Type, chance: &mut TestRng) -> Fact {
    match (given, ty) {
        (Fact::Gap(_), _) => fact(ty, false, chance),
        (Fact::List(elements), Type::List(of)) => Fact::list(elements.iter().flat_map(|element| match element {
            Fact::Gap(_) => (0..chance.random_range(0..3)).map(|_| fact(of, false, chance)).collect::<Vec<_>>(),
            known => vec![completed(known, of, chance)],
        })),
        (Fact::Map(entries), Type::Map(of)) => Fact::Map(Arc::new(
            entries.iter().map(|(key, value)| (key.clone(), completed(value, of, chance))).collect(),
        )),
        (Fact::Record(record), Type::Record(of)) => Fact::record(of.fields.iter().map(|field| {
            let value = record.get(&field.name);
            let absent = field.optional && matches!(value, Some(Fact::Gap(_))) && chance.random();
            (field.name.clone(), value.filter(|_| !absent).map(|value| completed(value, &field.ty, chance)))
        })),
        (known, _) => known.clone(),
    }
}

fn pick<'a, T>(choices: &'a [T], chance: &mut TestRng) -> &'a T {
    &choices[chance.random_range(0..choices.len())]
}

/// A condition, written out; inside `level` macros, whose elements are `x1`, `x2`, ….
pub(crate) fn condition(depth: u32, level: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        select(&["thing.flag", "thing.other", "thing.inner.on", "true", "false"]),
        select(&["has(thing.m)", "has(thing.t)", "has(thing.opt)", "has(thing.inner.count)", "has(thing.tags.a)"]),
        select(&["thing.?maybe.orValue(true)", "thing.?maybe.orValue(false)", "thing.?opt.?on.orValue(true)"]),
        select(&["thing.?opt.?count.hasValue()", "thing.items[?1].hasValue()", "thing.tags[?'b'].hasValue()"]),
        select(&["(has(thing.maybe) && thing.maybe)", "(!has(thing.maybe) || thing.maybe)"]),
        element(level, &["X.on", "has(X.count)", "X.?count.hasValue()", "X.name == 'a'"], "thing.flag"),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || condition(depth - 1, level);
    let within = condition(depth - 1, level + 1);
    let (numbers, texts) = (number(depth - 1, level), text(depth - 1, level));
    let macros = (select(&["all", "exists", "exists_one"]), lists(), within);
    prop_oneof![
        2 => leaf,
        1 => inner().prop_map(|a| format!("!({a})")),
        3 => (inner(), inner()).prop_map(|(a, b)| format!("({a} && {b})")),
        3 => (inner(), inner()).prop_map(|(a, b)| format!("({a} || {b})")),
        1 => (inner(), select(&["==", "!="]), inner()).prop_map(|(a, op, b)| format!("(({a}) {op} ({b}))")),
        2 => (inner(), inner(), inner()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        2 => (numbers.clone(), comparison(), numbers).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => (texts.clone(), comparison(), texts.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => texts.clone().prop_map(|a| format!("({a} in thing.names)")),
        1 => texts.clone().prop_map(|a| format!("({a} in thing.tags)")),
        1 => (texts.clone(), texts.clone()).prop_map(|(a, b)| format!("({a} in ['a', {b}])")),
        1 => (texts, select(&["startsWith('a')", "contains('b')", "endsWith('')", "matches('^a?$')"]))
            .prop_map(|(a, test)| format!("({a}).{test}")),
        3 => macros.prop_map(move |(name, list, body)| format!("{list}.{name}(x{}, {body})", level + 1)),
        1 => guarded(inner(), number(depth - 1, level)),
    ]
    .boxed()
}

/// Conditions that guard what may be absent, in each of the forms that the checker knows.
fn guarded(others: BoxedStrategy<String>, numbers: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    (others, numbers, 0..6).prop_map(|(other, number, form)| match form {
        0 => format!("(has(thing.m) && {other} && thing.m < {number})"),
        1 => format!("(!has(thing.m) || {other} || thing.m < {number})"),
        2 => format!("(has(thing.m) ? thing.m < {number} : {other})"),
        3 => format!("(!(has(thing.m) && {other}) || thing.m == {number})"),
        4 => format!("(has(thing.opt) && has(thing.opt.count) && ({other} || thing.opt.count > {number}))"),
        _ => format!("('a' in thing.tags && {other} && thing.tags['a'] != thing.s)"),
    })
}

fn number(depth: u32, level: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        select(&["0", "1", "2", "-1", "9223372036854775807", "thing.n", "thing.?m.orValue(1)"]),
        select(&["size(thing.names)", "size(thing.items)", "size(thing.tags)", "size(thing.s)"]),
        select(&["thing.inner.?count.orValue(0)", "thing.items[?0].?count.orValue(2)"]),
        element(level, &["X.?count.orValue(3)", "size(X.name)"], "thing.n"),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || number(depth - 1, level);
    let counted = (lists(), condition(depth - 1, level + 1));
    prop_oneof![
        3 => leaf,
        2 => (inner(), select(&["+", "-", "*", "/", "%"]), inner()).prop_filter_map("zero", |(a, op, b)| {
            let by_zero = b == "0" && matches!(op.as_str(), "/" | "%");
            (!by_zero).then(|| format!("({a} {op} {b})"))
        }),
        1 => inner().prop_map(|a| format!("-({a})")),
        1 => (condition(depth - 1, level), inner(), inner()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        1 => counted.prop_map(move |(list, body)| format!("size({list}.filter(x{}, {body}))", level + 1)),
        1 => number(depth - 1, level + 1)
            .prop_map(move |a| format!("size(thing.items.map(x{0}, {a}).filter(y{0}, y{0} > 0))", level + 1)),
    ]
    .boxed()
}

fn text(depth: u32, level: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        select(&["''", "'a'", "'é'", "thing.s", "thing.?t.orValue('a')", "thing.inner.name"]),
        select(&["thing.tags[?'a'].orValue('b')", "thing.names[?0].orValue('')", "thing.?opt.name.orValue('a')"]),
        element(level, &["X.name"], "thing.s"),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || text(depth - 1, level);
    prop_oneof![
        3 => leaf,
        1 => (inner(), inner()).prop_map(|(a, b)| format!("({a} + {b})")),
        1 => (condition(depth - 1, level), inner(), inner()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
    ]
    .boxed()
}

fn lists() -> impl Strategy<Value = String> + Clone {
    select(&["thing.items", "thing.items", "thing.items.filter(f, f.on)"])
}

fn comparison() -> impl Strategy<Value = String> + Clone {
    select(&["==", "!=", "<", "<=", ">", ">="])
}

/// A form with the element of one of the macros around in the place of `X`.
fn element(level: u32, forms: &[&str], otherwise: &str) -> BoxedStrategy<String> {
    if level == 0 {
        return Just(otherwise.to_owned()).boxed();
    }
    (select(forms), 1..=level).prop_map(|(form, number)| form.replace('X', &format!("x{number}"))).boxed()
}

fn select(choices: &[&str]) -> impl Strategy<Value = String> + Clone + use<> {
    proptest::sample::select(choices.iter().map(|choice| (*choice).to_owned()).collect::<Vec<_>>())
}
