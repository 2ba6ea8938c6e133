//! CBOR, as far as AWS's services write and read it: values of JSON, and times.
//!
//! Source: RFC 8949; Smithy, "Smithy RPC v2 CBOR protocol". A field whose name ends in `Timestamp` is a time, in seconds
//! (tag 1), as the protocol has it.

use serde_json::{Map, Value};

/// Deeper values are not read.
const DEEPEST: usize = 64;

/// A value as CBOR.
pub(in crate::simulator) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, false, &mut bytes);
    bytes
}

fn write(value: &Value, is_time: bool, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(0xf6),
        Value::Bool(false) => bytes.push(0xf4),
        Value::Bool(true) => bytes.push(0xf5),
        Value::Number(number) => {
            if is_time {
                bytes.push(0xc1);
            }
            match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => head(0, number, bytes),
                (None, Some(number)) => head(1, number.unsigned_abs() - 1, bytes),
                (None, None) => {
                    bytes.push(0xfb);
                    bytes.extend(number.as_f64().unwrap_or(f64::NAN).to_be_bytes());
                }
            }
        }
        Value::String(text) => write_text(text, bytes),
        Value::Array(items) => {
            head(4, items.len() as u64, bytes);
            items.iter().for_each(|item| write(item, false, bytes));
        }
        Value::Object(fields) => {
            head(5, fields.len() as u64, bytes);
            for (name, value) in fields {
                write_text(name, bytes);
                write(value, name.ends_with("Timestamp"), bytes);
            }
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    head(3, text.len() as u64, bytes);
    bytes.extend(text.bytes());
}

/// The first byte of an item, and its number.
fn head(major: u8, number: u64, bytes: &mut Vec<u8>) {
    let first = major << 5;
    let full = number.to_be_bytes();
    match number {
        0..=23 => bytes.push(first | full[7]),
        24..=0xff => bytes.extend([first | 24, full[7]]),
        0x100..=0xffff => bytes.extend([&[first | 25], &full[6..]].concat()),
        0x1_0000..=0xffff_ffff => bytes.extend([&[first | 26], &full[4..]].concat()),
        _ => bytes.extend([&[first | 27], &full[..]].concat()),
    }
}

/// The value that bytes are, or nothing where they are no CBOR of this kind.
pub(in crate::simulator) fn decode(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(0)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// The number that belongs to a first byte, or nothing for an item without an end.
    fn number(&mut self, low: u8) -> Option<Option<u64>> {
        let width = match low {
            0..=23 => return Some(Some(u64::from(low))),
            24..=27 => 1 << (low - 24),
            31 => return Some(None),
            _ => return None,
        };
        let taken = self.take(width)?;
        Some(Some(taken.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let first = *self.take(1)?.first()?;
        if depth > DEEPEST {
            return None;
        }
        let (major, low) = (first >> 5, first & 0x1f);
        match (major, low) {
            (7, 20) => return Some(Value::Bool(false)),
            (7, 21) => return Some(Value::Bool(true)),
            (7, 22 | 23) => return Some(Value::Null),
            (7, 26) => return self.take(4)?.try_into().ok().map(|bytes| Value::from(f32::from_be_bytes(bytes))),
            (7, 27) => return self.take(8)?.try_into().ok().map(|bytes| Value::from(f64::from_be_bytes(bytes))),
            (7, _) => return None,
            _ => {}
        }
        let number = self.number(low)?;
        match (major, number) {
            (0, Some(number)) => Some(Value::from(number)),
            (1, Some(number)) => i64::try_from(number).ok()?.checked_neg()?.checked_sub(1).map(Value::from),
            (3, Some(length)) => {
                let text = self.take(usize::try_from(length).ok()?)?;
                std::str::from_utf8(text).ok().map(Value::from)
            }
            (4, length) => self.items(length, |reader| reader.value(depth + 1)).map(Value::Array),
            (5, length) => {
                let fields = self.items(length, |reader| {
                    let Value::String(name) = reader.value(depth + 1)? else { return None };
                    Some((name, reader.value(depth + 1)?))
                });
                fields.map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()))
            }
            (6, Some(_)) => self.value(depth + 1),
            _ => None,
        }
    }

    /// So many items, or as many as come before the end.
    fn items<T>(&mut self, length: Option<u64>, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        loop {
            match length {
                Some(length) if items.len() as u64 == length => return Some(items),
                None if self.rest.first() == Some(&0xff) => {
                    self.take(1)?;
                    return Some(items);
                }
                _ => items.push(one(self)?),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use serde_json::json;

    #[test]
    fn what_is_written_reads_back() {
        for value in [
            json!(null),
            json!([true, false, 0, 23, 24, 255, 256, 65_535, 65_536, u64::MAX, -1, -24, -25, i64::MIN, 1.5]),
            json!({ "text": "é", "inner": { "list": [] }, "StateUpdatedTimestamp": 1_700_000_000 }),
            json!("x".repeat(70_000)),
        ] {
            assert_eq!(decode(&encode(&value)), Some(value));
        }
    }

    #[test]
    fn lists_and_maps_without_a_length_are_read() {
        assert_eq!(decode(&[0xbf, 0x61, b'a', 0x9f, 1, 2, 0xff, 0xff]), Some(json!({ "a": [1, 2] })));
        assert_eq!(decode(&[0xc1, 0x1a, 0, 0, 0, 5]), Some(json!(5)));
    }

    #[test]
    fn what_is_no_cbor_is_nothing() {
        let deep = [vec![0x81; 200], vec![0]].concat();
        for bytes in [
            &[][..],
            &[0xff],
            &[0x61],
            &[0x9f, 1],
            &[0xa1, 1, 1],
            &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0, 0],
            &deep,
        ] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
