//! The bucket and key that a request names, in its host or in its path.

use crate::simulator::service::host;
use crate::simulator::wire::Request;
use percent_encoding::percent_decode_str;

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) bucket: Option<String>,
    /// Empty where the bucket itself is meant.
    pub(super) key: String,
}

impl Address {
    pub(super) fn of(request: &Request) -> Self {
        let path = request.uri().path().trim_start_matches('/');
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        if let Some(bucket) = bucket_in_host(host(request)) {
            return Self { bucket: Some(bucket.to_owned()), key: decode(path) };
        }
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        Self { bucket: (!bucket.is_empty()).then(|| decode(bucket)), key: decode(key) }
    }
}

/// The bucket of a virtual-host style address: `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3-fips.…`, `bucket.localhost`.
fn bucket_in_host(host: &str) -> Option<&str> {
    if let Some(bucket) = host.strip_suffix(".localhost") {
        return Some(bucket).filter(|bucket| *bucket != "s3");
    }
    if !host.contains(".amazonaws.") {
        return None;
    }
    // From the right: a bucket's name may itself contain `.s3.`.
    let at = host.rfind(".s3.").max(host.rfind(".s3-"))?;
    Some(&host[..at])
}

#[cfg(test)]
mod tests {
    use super::Address;
    use bytes::Bytes;

    #[test]
    fn host_and_path_styles() {
        for (uri, bucket, key) in [
            ("https://b.s3.eu-west-1.amazonaws.com/?acl", Some("b"), ""),
            ("https://a.b.s3.amazonaws.com/x/y", Some("a.b"), "x/y"),
            ("https://b.s3.dualstack.eu-west-1.amazonaws.com/", Some("b"), ""),
            ("https://b.s3-fips.us-east-1.amazonaws.com/", Some("b"), ""),
            ("https://s3.eu-west-1.amazonaws.com/b?acl", Some("b"), ""),
            ("https://s3.eu-west-1.amazonaws.com/", None, ""),
            ("http://127.0.0.1:4566/b/k%20k", Some("b"), "k k"),
            ("http://b.localhost:4566/", Some("b"), ""),
        ] {
            let request = http::Request::builder().uri(uri).body(Bytes::new()).unwrap();
            let expected = Address { bucket: bucket.map(str::to_owned), key: key.to_owned() };
            assert_eq!(Address::of(&request), expected, "{uri}");
        }
    }
}
