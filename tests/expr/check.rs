//! Expressions that are refused, with the place and the words.

use trailproof::expr::{Expression, Schema, Type};
use trailproof::facts::{self, Scope};

fn schema(scope: Scope) -> Schema {
    let parameters =
        [("days", Type::Int), ("strict", Type::Bool), ("trusted", Type::list(Type::String)), ("name", Type::String)];
    let parameters = parameters.map(|(name, ty)| (name.to_owned(), ty, String::new()));
    facts::schema(scope).unwrap().with_parameters(parameters)
}

/// The mistakes as a reader sees them: the source, a line under each place, the sentence and the help.
fn mistakes(scope: Scope, source: &str) -> String {
    let Err(mistakes) = Expression::check(source, &schema(scope)) else { return "accepted".to_owned() };
    let mut shown = vec![source.to_owned()];
    for mistake in mistakes {
        let before = source[..mistake.range.start].chars().count();
        let width = source[mistake.range.clone()].chars().count().max(1);
        shown.push(format!("{}{} {}", " ".repeat(before), "^".repeat(width), mistake.message));
        shown.extend(mistake.help.map(|help| format!("{}help: {help}", " ".repeat(before))));
    }
    shown.join("\n")
}

fn all(scope: Scope, sources: &[&str]) -> String {
    sources.iter().map(|source| mistakes(scope, source)).collect::<Vec<_>>().join("\n")
}

#[test]
fn good_expressions_are_accepted() {
    let trail = [
        "trail.log_file_validation",
        "trail.is_multi_region && !trail.redundant",
        "has(trail.kms_key_id)",
        "has(trail.kms_key_id) && trail.kms_key_id.startsWith('arn:')",
        "!has(trail.kms_key_id) || trail.kms_key_id.matches('^arn:aws[a-z-]*:kms:')",
        "has(trail.kms_key_id) ? trail.kms_key_id != '' : params.strict",
        "!(!has(trail.prefix) || !has(trail.kms_key_id)) && trail.prefix != trail.kms_key_id",
        "trail.?kms_key_id.orValue('') != ''",
        "trail.?topic.?exists.orValue(false)",
        "trail.?topic.exists.orValue(false)",
        "has(trail.topic) && trail.topic.exists",
        "trail.?topic.?arn.hasValue() && trail.topic.exists",
        "trail.status.is_logging && !has(trail.status.latest_delivery_error)",
        "trail.status.?seconds_since_delivery.orValue(-1) <= params.days * 24 * 60 * 60 - 1",
        "'owner' in trail.tags && trail.tags['owner'] == trail.tags.owner",
        "has(trail.tags.owner) && trail.tags.owner in params.trusted",
        "trail.tags[?params.name].orValue('').endsWith('x')",
        "trail.tags.exists(tag, tag.contains('é'))",
        "size(trail.tags) > 0 && trail.name.size() < 10",
        "trail.name in ['a', 'b'] && trail.bucket != trail.name + '-logs'",
        "params.trusted.filter(t, t != '').map(t, t + '/').exists_one(t, t == trail.account)",
        "params.trusted[?0].orValue('') == trail.account",
        "true",
    ];
    for source in trail {
        assert_eq!(mistakes(Scope::Trail, source), "accepted", "{source}");
    }
    let account = [
        "account.trails.exists(t, t.status.is_logging && t.is_multi_region)",
        "account.trails.all(t, has(t.topic) && t.topic.exists)",
        "account.trails.exists(t, t.is_multi_region) && account.trails.exists(t, t.is_organization)",
        "account.trails.map(t, t.is_multi_region, t.name).size() == 1",
        "account.trails.filter(t, t.is_multi_region).exists(t, t.is_organization)",
        "account.?ou_path.orValue('/').startsWith('/Workloads') // all of them",
    ];
    for source in account {
        assert_eq!(mistakes(Scope::Account, source), "accepted", "{source}");
    }
}

#[test]
fn names_that_are_not_there() {
    insta::assert_snapshot!(all(
        Scope::Trail,
        &[
            "trial.is_multi_region",
            "bucket.versioning",
            "trail.is_mutli_region && trail.status.logging",
            "trail.kms_key",
            "params.day > 1 && params.colour",
            "trail.name.startWith('a') || lenght(trail.name) > 1",
            "optional.of(trail.name).hasValue()",
            "account.trails.exists(t, t.x)",
            "trail.name.length",
        ]
    ));
}

#[test]
fn types_that_do_not_fit() {
    insta::assert_snapshot!(all(
        Scope::Trail,
        &[
            "trail.name",
            "trail.name && trail.is_multi_region || 1",
            "trail.account == 111122223333",
            "trail.is_multi_region == 'true'",
            "trail.name < 3",
            "trail.is_multi_region < true",
            "trail.name - 'a' == 'b'",
            "-trail.name == 'b'",
            "!trail.name",
            "trail.status == trail.status",
            "params.trusted == []",
            "trail.tags == trail.tags",
            "trail.name ? true : false",
            "(trail.is_multi_region ? 1 : 'a') == 1",
            "trail.name in trail.name",
            "params.days in params.trusted",
            "trail.name.all(c, true)",
            "trail.name.startsWith(3)",
            "params.trusted.contains('a')",
            "size(params.days) > 1",
            "params.days / 0 > 1 && params.days % 0 > 1",
            "params.trusted.all(t, t)",
            "params.trusted.map(t, t)",
            "trail.status",
        ]
    ));
}

#[test]
fn facts_that_may_be_absent() {
    insta::assert_snapshot!(all(
        Scope::Trail,
        &[
            "trail.kms_key_id != ''",
            "trail.kms_key_id != '' && has(trail.kms_key_id)",
            "has(trail.kms_key_id) || trail.kms_key_id != ''",
            "(has(trail.kms_key_id) || trail.is_multi_region) && trail.kms_key_id != ''",
            "has(trail.prefix) ? trail.kms_key_id != '' : trail.prefix == ''",
            "has(trail.topic.arn)",
            "has(trail.name)",
            "has(trail.topic) && has(trail.topic.arn)",
            "trail.?name.orValue('') == ''",
            "trail.?kms_key_id == ''",
            "trail.?kms_key_id.startsWith('a')",
            "trail.?kms_key_id",
            "trail.?kms_key_id.orValue(3) == ''",
            "trail.name.orValue('') == ''",
            "trail.kms_key_id == null",
            "trail.tags.owner == 'x'",
            "trail.tags['owner'] == 'x'",
            "trail.tags[params.name] == 'x'",
            "params.trusted[0] == 'x'",
            "'other' in trail.tags && trail.tags['owner'] == 'x'",
            "trail.mutli && has(trail.kms_key_id) && trail.kms_key_id == ''",
            "has(trail.tags) && has(trail.name.x)",
            "trail.?status.is_logging.orValue(true)",
        ]
    ));
    insta::assert_snapshot!(all(
        Scope::Account,
        &[
            "account.trails.exists(t, has(t.kms_key_id)) && account.trails.exists(t, t.kms_key_id == '')",
            "account.trails.all(t, t.topic.exists)",
            "account.trails.map(t, t.?kms_key_id).size() == 0",
            "account.trails == account.trails",
            "account.id in account.trails",
            "account.trails.exists(account, account.is_multi_region)",
            "account.trails.all(t, account.trails.all(t, t.is_multi_region))",
            "account.trails[?0].name.orValue('') == ''",
        ]
    ));
}

#[test]
fn syntax_in_plain_words() {
    insta::assert_snapshot!(all(
        Scope::Trail,
        &[
            "",
            "trail.is_multi_region &&",
            "trail.is_multi_region & true",
            "trail.is_multi_region = true",
            "trail.name == 'abc",
            "trail.name == 'a\\qb'",
            "trail.name == “abc”",
            "(trail.is_multi_region",
            "trail.is_multi_region)",
            "trail is_multi_region",
            "trail..name",
            "trail.name == 9999999999999999999999",
            "if == 1",
            "has(trail)",
            "has(trail, 1)",
            "params.trusted.all(t.x, true)",
            "params.trusted.all(true)",
            "trail.`name` == ''",
            "trail.name == 1.5 || trail.name == 1u || trail.name == b'x'",
            "{'a': 1}.a == 1",
            "Trail{name: 'x'}.name == 'x'",
            "[1, ?trail.name].size() == 1",
            "[1, 'a'].size() == 1",
            "[trail.status].size() == 1",
            "trail.name.matches('(')",
            "trail.name.matches(params.name)",
            "has.x",
            ".trail.is_multi_region",
            "trail.name == 'é' && trail.nmae == 'ü' && treil.name == ''",
            "trail.is_multi_region\n  && trail.x\n  && )",
        ]
    ));
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let deep = |open: &str, close: &str, times: usize| {
        let source = format!("{}true{}", open.repeat(times), close.repeat(times));
        Expression::check(&source, &schema(Scope::Trail)).err().map(|mistakes| mistakes[0].message.clone())
    };
    assert_eq!(deep("(", ")", 30), None);
    insta::assert_snapshot!(deep("(", ")", 40).unwrap(), @"brackets are nested too deeply");
    insta::assert_snapshot!(deep("(", "", 4000).unwrap(), @"brackets are nested too deeply");
    insta::assert_snapshot!(deep("true ? true : ", "", 200).unwrap(), @"the expression is nested too deeply");
    insta::assert_snapshot!(deep("1 + ", "", 500).unwrap(), @"the expression is nested too deeply");
    insta::assert_snapshot!(deep("", ".a", 1500).unwrap(), @"the expression is nested too deeply");
    insta::assert_snapshot!(deep("(", ")", 1_000_000).unwrap(), @"the expression is longer than 4096 bytes");
    assert_eq!(deep("!", "", 4000), None);
    assert_eq!(deep("true && ", "", 400), None);
}
