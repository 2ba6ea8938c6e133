//! From text to a tree.
//!
//! "Compound expressions support parentheses and follow standard order of operations: () > && > ||."

use super::PatternError;
use super::expression::{Condition, Expression, Operand, Operator, Test};
use super::number::Number;
use super::regular::Regular;
use super::selector::{Selector, Step, is_plain};
use super::token::Text;

/// How deep parentheses may be nested.
const DEEPEST: usize = 64;

/// Reads a pattern in braces.
pub(super) fn parse(pattern: &str) -> Result<Expression, PatternError> {
    let mut text = Text::new(pattern);
    text.expect("{", "`{`")?;
    let expression = any(&mut text, 0)?;
    text.expect("}", "`&&`, `||` or `}`")?;
    text.skip_blanks();
    if text.peek().is_some() {
        return text.fail(format!("nothing is expected after the closing brace, not {}", text.next()));
    }
    Ok(expression)
}

fn any(text: &mut Text, depth: usize) -> Result<Expression, PatternError> {
    joined(text, "||", Expression::Any, |text| joined(text, "&&", Expression::All, |text| one(text, depth)))
}

/// One part or several, joined by a sign.
fn joined(
    text: &mut Text,
    sign: &str,
    join: impl Fn(Vec<Expression>) -> Expression,
    part: impl Fn(&mut Text) -> Result<Expression, PatternError>,
) -> Result<Expression, PatternError> {
    let first = part(text)?;
    let mut parts = vec![first];
    loop {
        text.skip_blanks();
        if !text.take(sign) {
            break;
        }
        parts.push(part(text)?);
    }
    match parts.pop() {
        Some(only) if parts.is_empty() => Ok(only),
        last => Ok(join(parts.into_iter().chain(last).collect())),
    }
}

fn one(text: &mut Text, depth: usize) -> Result<Expression, PatternError> {
    text.skip_blanks();
    if !text.take("(") {
        return condition(text).map(Expression::One);
    }
    if depth >= DEEPEST {
        return text.fail(format!("parentheses are nested more than {DEEPEST} deep"));
    }
    let inner = any(text, depth + 1)?;
    text.expect(")", "`&&`, `||` or `)`")?;
    Ok(inner)
}

fn condition(text: &mut Text) -> Result<Condition, PatternError> {
    let selector = selector(text)?;
    text.skip_blanks();
    let at = text.at();
    if let Some((_, operator)) = Operator::ALL.iter().find(|(sign, _)| text.take(sign)) {
        let operand = operand(text, *operator)?;
        return Ok(Condition { selector, test: Test::Compare(*operator, operand) });
    }
    let words = (text.word(), text.word());
    let test = match (words.0.as_str(), words.1.as_str()) {
        ("IS", "NULL") => Test::IsNull,
        ("IS", "TRUE") => Test::Is(true),
        ("IS", "FALSE") => Test::Is(false),
        ("NOT", "EXISTS") => Test::NotExists,
        ("IS", "NOT") | ("EXISTS", _) => {
            return text.fail_at(at, "`IS NOT` and `EXISTS` are not supported by CloudWatch Logs");
        }
        _ => {
            let known = "`=`, `!=`, `<`, `<=`, `>`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE` or `NOT EXISTS`";
            return text.fail_at(at, format!("{known} is expected"));
        }
    };
    Ok(Condition { selector, test })
}

fn selector(text: &mut Text) -> Result<Selector, PatternError> {
    text.expect("$", "a selector such as `$.eventName`")?;
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let at = text.at();
        let step = if text.take(".*") {
            Step::AnyField
        } else if text.take(".[") {
            bracketed_key(text)?
        } else if text.take(".") {
            let key = text.take_while(is_plain);
            if key.is_empty() {
                return text.fail("the name of a field is expected after the period");
            }
            Step::Key(key)
        } else if steps.is_empty() {
            return text.fail("`.` is expected after `$`");
        } else if text.take("[*]") {
            Step::AnyElement
        } else if text.take("[") {
            let digits = text.take_while(|letter| letter.is_ascii_digit());
            let Ok(index) = digits.parse() else { return text.fail("the number of an element, or `*`, is expected") };
            text.expect("]", "`]`")?;
            Step::Index(index)
        } else {
            return Ok(Selector::new(steps));
        };
        steps.push(step);
        if steps.iter().filter(|step| matches!(step, Step::AnyField | Step::AnyElement)).count() > 1 {
            return text.fail_at(at, "a selector may have one wildcard");
        }
    }
}

/// `.['cluster.name']`, once the first bracket has been read.
fn bracketed_key(text: &mut Text) -> Result<Step, PatternError> {
    let Some(mark) = text.peek().filter(|letter| matches!(letter, '\'' | '"')) else {
        return text.fail("the name of a field in quotes is expected after `.[`");
    };
    text.take(&mark.to_string());
    let key = text.enclosed(mark, "the name")?;
    if key.contains('\\') {
        return text.fail("what a backslash means in the name of a field is not documented");
    }
    text.expect("]", "`]`")?;
    Ok(Step::Key(key))
}

fn operand(text: &mut Text, operator: Operator) -> Result<Operand, PatternError> {
    text.skip_blanks();
    let at = text.at();
    let operand = if text.take("\"") {
        let quoted = text.enclosed('"', "the text")?;
        if quoted.contains('\\') {
            return text.fail_at(at, "what a backslash means in a text is not documented");
        }
        Operand::Quoted(quoted)
    } else if text.take("%") {
        let source = text.enclosed('%', "the regular expression")?;
        match Regular::read(&source) {
            Ok(regular) => Operand::Regular(regular),
            Err((within, message)) => return text.fail_at(at + 1 + within, message),
        }
    } else {
        bare(text)?
    };
    if operator.orders() && !matches!(operand, Operand::Number(_)) {
        return text.fail_at(at, format!("`{operator}` compares with a number"));
    }
    Ok(operand)
}

/// A text without quotes. Documented are letters, digits, `_` and `*`; `.` and `-` stand in AWS's own examples
/// (`123.123.*`, `kms.amazonaws.com`) and in numbers, as `+` does.
fn bare(text: &mut Text) -> Result<Operand, PatternError> {
    let word = text.take_while(|letter| letter.is_ascii_alphanumeric() || "_*.-+".contains(letter));
    if word.is_empty() {
        return text.fail(format!("a text or a number is expected, not {}", text.next()));
    }
    if let Some(number) = Number::read(&word) {
        return Ok(Operand::Number(number));
    }
    match word.find('+') {
        Some(_) => text.fail("a text with other characters than letters, digits and `_` must be in quotes"),
        None => Ok(Operand::Bare(word)),
    }
}
