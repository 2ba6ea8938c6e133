//! What gaps leave open, case by case.

use trailproof::expr::{Bindings, Expression, Fact, GapId, Gaps, Schema, Type, Verdict};
use trailproof::facts::{self, Scope};

fn gap(id: u64) -> Fact {
    Fact::Gap(Gaps::one(GapId(id)))
}

fn trail(name: &'static str, is_multi_region: Fact) -> Fact {
    Fact::record([("name", Some(Fact::from(name))), ("is_multi_region", Some(is_multi_region))])
}

/// An account with a trail in each state of knowledge; there may be more trails.
fn account() -> Fact {
    let trails = [trail("single", false.into()), trail("unread", gap(1)), gap(2)];
    Fact::record([
        ("id", Some(Fact::from("111122223333"))),
        ("is_management", Some(false.into())),
        ("trails", Some(Fact::list(trails))),
        ("regions_enabled", Some(gap(3))),
        ("ou_path", Some(gap(4))),
    ])
}

fn schema() -> Schema {
    facts::schema(Scope::Account).unwrap().with_parameters([("n".to_owned(), Type::Int, String::new())])
}

/// `true`, `false`, the gaps, or the fault.
fn outcome(source: &str) -> String {
    let expression = Expression::check(source, &schema()).unwrap();
    let (account, parameters) = (account(), Fact::record([("n", Some(Fact::Int(i64::MAX)))]));
    match expression.evaluate(&Bindings::new().with("account", &account).with("params", &parameters)) {
        Ok(Verdict::True) => "true".to_owned(),
        Ok(Verdict::False) => "false".to_owned(),
        Ok(Verdict::Unknown(gaps)) => format!("unknown {:?}", gaps.iter().map(|gap| gap.0).collect::<Vec<_>>()),
        Err(fault) => format!("fault: {fault} at {}", &source[fault.range.clone()]),
    }
}

#[test]
fn gaps_stay_gaps_unless_logic_settles_without_them() {
    for (source, expected) in [
        // One element that meets the condition is enough; all that do not are not.
        ("account.trails.exists(t, t.name == 'unread')", "true"),
        ("account.trails.exists(t, t.is_multi_region)", "unknown [1, 2]"),
        ("account.trails.exists(t, t.name == 'none')", "unknown [2]"),
        ("account.trails.all(t, t.is_multi_region)", "false"),
        ("account.trails.all(t, t.name != '')", "unknown [2]"),
        ("account.trails.exists_one(t, t.name != '')", "false"),
        ("account.trails.exists_one(t, t.name == 'single')", "unknown [2]"),
        // Counts and places beyond a gap are not known.
        ("size(account.trails) > 1", "unknown [2]"),
        ("account.trails[?1].name.orValue('') == 'unread'", "true"),
        ("account.trails[?5].hasValue()", "unknown [2]"),
        ("account.trails.filter(t, t.is_multi_region).size() == 0", "unknown [1, 2]"),
        ("account.trails.filter(t, t.is_multi_region).exists(t, t.name == 'single')", "unknown [1, 2]"),
        ("account.trails.map(t, t.name).exists(n, n == 'single')", "true"),
        ("'single' in account.trails.map(t, t.name)", "true"),
        ("'x' in account.trails.map(t, t.name)", "unknown [2]"),
        // A whole fact that was not read.
        ("'eu-west-1' in account.regions_enabled", "unknown [3]"),
        ("account.regions_enabled.all(r, true)", "unknown [3]"),
        ("has(account.ou_path)", "unknown [4]"),
        ("has(account.ou_path) && account.ou_path == '/'", "unknown [4]"),
        ("account.?ou_path.orValue('/') == '/'", "unknown [4]"),
        ("account.?ou_path.hasValue()", "unknown [4]"),
        ("account.?ou_path.orValue('/') != account.?ou_path.orValue('/')", "unknown [4]"),
        // Logic in both orders.
        ("has(account.ou_path) && account.is_management", "false"),
        ("account.is_management && has(account.ou_path)", "false"),
        ("has(account.ou_path) || !account.is_management", "true"),
        ("!has(account.ou_path) || 'x' in account.regions_enabled", "unknown [3, 4]"),
        ("has(account.ou_path) || (size(account.regions_enabled) > 1 && account.is_management)", "unknown [4]"),
        // A condition that is unknown.
        ("has(account.ou_path) ? account.is_management : false", "false"),
        ("has(account.ou_path) ? account.is_management : true", "unknown [4]"),
        ("(has(account.ou_path) ? 'a' : 'a') == 'a'", "true"),
        ("(has(account.ou_path) ? [1] : [1]).size() == 1", "unknown [4]"),
        // Arithmetic out of range is neither true nor false, nor unknown; logic may do without it.
        ("params.n + 1 > 0", "fault: the number is out of range at params.n + 1"),
        ("1 / (params.n - params.n) > 0", "fault: the number is divided by zero at 1 / (params.n - params.n"),
        ("params.n + 1 > 0 || true", "true"),
        ("params.n + 1 > 0 && has(account.ou_path)", "fault: the number is out of range at params.n + 1"),
    ] {
        assert_eq!(outcome(source), expected, "{source}");
    }
}

#[test]
fn facts_of_another_type_are_a_fault_and_never_a_verdict() {
    let wrong = Fact::record([("id", Some(Fact::Int(3))), ("is_management", Some(Fact::from("yes")))]);
    for source in [
        "account.is_management",
        "!account.is_management",
        "account.id != 'x'",
        "account.id == 'x'",
        "account.name == ''",
    ] {
        let expression = Expression::check(source, &schema()).unwrap();
        assert!(expression.evaluate(&Bindings::new().with("account", &wrong)).is_err(), "{source}");
        assert!(expression.evaluate(&Bindings::new()).is_err(), "{source}");
    }
}

#[test]
fn paths_are_the_longest_that_are_read() {
    let paths = |source: &str| {
        let expression = Expression::check(source, &schema()).unwrap();
        expression.paths().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let source =
        "account.trails.filter(t, t.status.is_logging).exists(t, t.?topic.?exists.orValue(false) && 'a' in t.tags)";
    assert_eq!(paths(source), "account.trails[].status.is_logging account.trails[].tags account.trails[].topic.exists");
    assert_eq!(
        paths("account.id == 'a' && params.n > 1 && size(account.trails) > 0"),
        "account.id account.trails params.n"
    );
    let schema = facts::schema(Scope::Account).unwrap();
    let expression = Expression::check("account.trails.exists(t, t.status.is_logging)", &schema).unwrap();
    let sources: Vec<&str> = expression
        .paths()
        .iter()
        .flat_map(|path| schema.fields_along(path))
        .flat_map(|field| &field.sources)
        .map(|source| source.operation.as_str())
        .collect();
    let status = "cloudtrail:GetTrailStatus";
    assert_eq!(sources, ["cloudtrail:DescribeTrails", "account:ListRegions", status, status]);
}

#[test]
fn evidence_shows_what_was_read() {
    let source =
        "account.trails.exists(t, t.is_multi_region) && account.id != '' && has(account.ou_path) && params.n > 0";
    let expression = Expression::check(source, &schema()).unwrap();
    let (account, parameters) = (account(), Fact::record([("n", Some(Fact::Int(1)))]));
    let bindings = Bindings::new().with("account", &account).with("params", &parameters);
    let evidence = serde_json::to_string(&expression.evidence(&bindings)).unwrap();
    assert_eq!(evidence, r#"{"account.id":"111122223333","account.trails":["single","unread"]}"#);
}

#[test]
fn an_explanation_names_the_value_of_each_part() {
    let source = "account.trails.exists(t, t.is_multi_region) ||\n  account.id == '1' && has(account.ou_path)";
    let expression = Expression::check(source, &schema()).unwrap();
    let account = account();
    let explained = expression.explain(&Bindings::new().with("account", &account));
    let lines: Vec<String> =
        explained.iter().map(|part| format!("{}{} = {}", "  ".repeat(part.depth), part.source, part.value)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    account.trails.exists(t, t.is_multi_region) || account.id == '1' && has(account.ou_path) = not known
      account.trails.exists(t, t.is_multi_region) = not known
        account.trails = ["single", "unread", not known]
      account.id == '1' && has(account.ou_path) = false
        account.id == '1' = false
          account.id = "111122223333"
        has(account.ou_path) = not known
    "#);
}
