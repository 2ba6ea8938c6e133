//! What may be asked of a value.

use std::net::IpAddr;

use serde_json::{Number, Value, json};

use super::anything_but::AnythingBut;
use super::text::{Part, Wildcard};

/// One of the values of a field in a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Matcher {
    /// This very value: text, number, true, false or null.
    Exactly(Value),
    Text(Part),
    Wildcard(Wildcard),
    AnythingBut(AnythingBut),
    Numeric(Vec<(Comparison, Number)>),
    Exists(bool),
    Cidr(Block),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) const ALL: [(&str, Self); 5] = [
        ("=", Self::Equal),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
    ];

    fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }
}

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) address: IpAddr,
    pub(super) width: u8,
}

impl Block {
    /// Reads `10.0.0.0/24` or `2001:db8::/32`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (address, width) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let plain = !width.is_empty() && width.bytes().all(|byte| byte.is_ascii_digit());
        let width = width.parse().ok().filter(|_| plain)?;
        (width <= if address.is_ipv4() { 32 } else { 128 }).then_some(Self { address, width })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        let (own, other, bits) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (u128::from(own.to_bits()), u128::from(other.to_bits()), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let dropped = bits - u32::from(self.width);
        own.checked_shr(dropped).unwrap_or(0) == other.checked_shr(dropped).unwrap_or(0)
    }
}

impl Matcher {
    /// Values that it leaves out, of a kind that it else lets through; none for absence.
    pub(super) fn left_out(&self) -> Vec<Option<Value>> {
        match self {
            Self::AnythingBut(but) => but.texts().into_iter().map(|text| Some(Value::from(text))).collect(),
            Self::Exists(true) => vec![None],
            Self::Exists(false) => vec![Some(Value::from("something"))],
            _ => Vec::new(),
        }
    }

    /// The matcher, as a pattern has it.
    pub(super) fn written(&self) -> Value {
        match self {
            Self::Exactly(value) => value.clone(),
            Self::Text(part) => part.written(),
            Self::Wildcard(wildcard) => json!({ "wildcard": wildcard.source() }),
            Self::AnythingBut(but) => json!({ "anything-but": but.written() }),
            Self::Numeric(range) => {
                let range: Vec<Value> =
                    range.iter().flat_map(|(comparison, number)| [json!(comparison.sign()), json!(number)]).collect();
                json!({ "numeric": range })
            }
            Self::Exists(exists) => json!({ "exists": exists }),
            Self::Cidr(block) => json!({ "cidr": format!("{}/{}", block.address, block.width) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_their_addresses() {
        let holds =
            |block: &str, address: &str| Block::read(block).map(|block| block.contains(address.parse().unwrap()));
        assert_eq!(holds("10.0.0.0/24", "10.0.0.255"), Some(true));
        assert_eq!(holds("10.0.0.0/24", "10.0.1.0"), Some(false));
        assert_eq!(holds("0.0.0.0/0", "203.0.113.7"), Some(true));
        assert_eq!(holds("::/0", "2001:db8::1"), Some(true));
        assert_eq!(holds("2001:db8::/32", "2001:db9::"), Some(false));
        assert_eq!(holds("10.0.0.0/8", "::1"), Some(false));
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "10.0.0.0/+8"] {
            assert!(Block::read(text).is_none(), "{text}");
        }
    }
}
