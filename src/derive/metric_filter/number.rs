//! Numbers, as far as their comparison is certain.

use std::cmp::Ordering;

/// More digits than this, and numbers that differ may be held for equal.
const CERTAIN_DIGITS: usize = 15;

/// A number of a pattern, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    text: String,
    value: f64,
}

impl Number {
    /// Reads a number: an integer or a decimal with an optional sign, and an exponent if it has one.
    ///
    /// Source: "Numeric Comparisons" of the User Guide's edition of 2019.
    pub(super) fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let whole = match mantissa.split_once('.') {
            Some((whole, part)) => digits(whole) && digits(part),
            None => digits(mantissa),
        };
        let exponent = exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
        if !(whole && exponent) {
            return None;
        }
        let value: f64 = text.parse().ok()?;
        value.is_finite().then(|| Self { text: text.to_owned(), value })
    }

    /// The number, as it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How a number of an event compares with it; nothing where its digits are too many to be certain.
    pub(super) fn order_of(&self, value: &serde_json::Number) -> Option<Ordering> {
        let text = value.to_string();
        let certain = |text: &str| significant(text) <= CERTAIN_DIGITS;
        let value = value.as_f64().filter(|value| value.is_finite())?;
        (certain(&text) && certain(&self.text)).then(|| value.partial_cmp(&self.value)).flatten()
    }

    /// Whether a text is a number that equals it, or may.
    pub(super) fn may_equal(&self, text: &str) -> bool {
        text == self.text || text.trim().parse::<f64>().is_ok_and(|value| (value - self.value).abs() <= f64::EPSILON)
    }
}

/// How many digits a number has that count.
fn significant(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_number_is() {
        for text in ["0", "400", "-1", "+1000", "55.5", "10e3", "1e+3", "1e-3", "3.018e2", "007"] {
            assert!(Number::read(text).is_some(), "{text}");
        }
        for text in ["", "-", "1.", ".5", "1e", "1.2.3", "4*", "0x1", "NaN", "inf", "1e999", "1_0", "--1", "١"] {
            assert!(Number::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn comparisons_are_made_where_they_are_certain() {
        let order = |pattern: &str, value: serde_json::Value| {
            Number::read(pattern).zip(value.as_number().cloned()).and_then(|(one, other)| one.order_of(&other))
        };
        assert_eq!(order("1e3", serde_json::json!(1000)), Some(Ordering::Equal));
        assert_eq!(order("500", serde_json::json!(499.5)), Some(Ordering::Less));
        assert_eq!(order("-1", serde_json::json!(0)), Some(Ordering::Greater));
        assert_eq!(order("9007199254740993", serde_json::json!(9_007_199_254_740_992_i64)), None);
        assert_eq!(order("1", serde_json::json!(u64::MAX)), None);
    }
}
