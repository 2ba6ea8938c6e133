//! Blocks of addresses.

use std::net::IpAddr;

/// Whether a block of addresses is narrow enough not to be the public; nothing, where it is not a block.
///
/// Source: "The meaning of public": values broader than /8 (IPv4) or /32 (IPv6) are public, private ranges of RFC 1918
/// excepted. No private range is broader than /8, so the exception changes nothing for a single value.
pub(super) fn is_narrow(value: &str) -> Option<bool> {
    let (address, width) = match value.split_once('/') {
        Some((address, width)) => (address, Some(width)),
        None => (value, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let (bits, broadest) = if address.is_ipv4() { (32, 8) } else { (128, 32) };
    let width: u8 = match width {
        Some(width) if width.bytes().all(|byte| byte.is_ascii_digit()) => width.parse().ok()?,
        Some(_) => return None,
        None => bits,
    };
    (width <= bits).then_some(width >= broadest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        let cases = [
            ("203.0.113.7", Some(true)),
            ("203.0.113.0/24", Some(true)),
            ("3.0.0.0/8", Some(true)),
            ("2.0.0.0/7", Some(false)),
            ("0.0.0.0/0", Some(false)),
            ("10.0.0.0/8", Some(true)),
            ("2001:db8::/32", Some(true)),
            ("2001:db8::/31", Some(false)),
            ("::/0", Some(false)),
            ("10.0.0.0/33", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/+8", None),
            ("10.0.0.*", None),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(is_narrow(value), expected, "{value}");
        }
    }
}
