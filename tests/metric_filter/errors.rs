//! What cannot be read, and where.

use trailproof::derive::metric_filter::FilterPattern;

fn error(text: &str) -> String {
    text.parse::<FilterPattern>().unwrap_err().to_string()
}

#[test]
fn mistakes_are_told_with_their_place() {
    let cases = [
        ("{ $.a = 1", "at character 10: `&&`, `||` or `}` is expected, not the end"),
        ("{ $.a = 1 } x", "at character 13: nothing is expected after the closing brace, not `x`"),
        ("{ }", "at character 3: a selector such as `$.eventName` is expected, not `}`"),
        ("{ $.a = }", "at character 9: a text or a number is expected, not `}`"),
        ("{ $.a == 1 }", "at character 8: a text or a number is expected, not `=`"),
        ("{ ($.a = 1 }", "at character 12: `&&`, `||` or `)` is expected, not `}`"),
        ("{ $.a = \"x }", "at character 10: the text that begins here is not closed"),
        ("{ $.a = %x! }", "at character 10: the regular expression that begins here is not closed"),
        ("{ $.a = %x!% }", "at character 11: `!` as it stands here is not documented for regular expressions"),
        ("{ $a = 1 }", "at character 4: `.` is expected after `$`"),
        ("{ $. = 1 }", "at character 5: the name of a field is expected after the period"),
        ("{ $[0] = 1 }", "at character 4: `.` is expected after `$`"),
        ("{ $.a[x] = 1 }", "at character 7: the number of an element, or `*`, is expected"),
        ("{ $.*.* = 1 }", "at character 6: a selector may have one wildcard"),
        ("{ $.a > x }", "at character 9: `>` compares with a number"),
        (
            "{ $.a is null }",
            "at character 7: `=`, `!=`, `<`, `<=`, `>`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE` or `NOT EXISTS` is expected",
        ),
        ("{ $.a EXISTS }", "at character 7: `IS NOT` and `EXISTS` are not supported by CloudWatch Logs"),
        ("{ $.a = \"x\\\"y\" }", "at character 9: what a backslash means in a text is not documented"),
        ("{ $.é = 1 }", "at character 5: the name of a field is expected after the period"),
        (
            "{ $.a = a+b }",
            "at character 12: a text with other characters than letters, digits and `_` must be in quotes",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let long = format!("{{ $.a = \"{}\" }}", "x".repeat(5000));
    assert_eq!(error(&long), "at character 1: it is 5012 bytes long, more than CloudWatch Logs takes");
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(500), ")".repeat(500));
    assert_eq!(error(&deep), "at character 68: parentheses are nested more than 64 deep");
    let fitting = format!("{{ {}$.a = 1{} }}", "(".repeat(64), ")".repeat(64));
    assert!(fitting.parse::<FilterPattern>().is_ok());
}
