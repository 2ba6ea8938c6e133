//! Block Public Access of a bucket and of its account, together.

use crate::snapshot::PublicAccessBlock;

/// The four flags as they take effect; nothing, where it depends on what was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveBlock {
    /// New public ACLs are refused.
    pub block_public_acls: Option<bool>,
    /// Public ACLs have no effect.
    pub ignore_public_acls: Option<bool>,
    /// New public policies are refused.
    pub block_public_policy: Option<bool>,
    /// A public policy lets in only the own account and AWS services.
    pub restrict_public_buckets: Option<bool>,
}

/// The most restrictive combination of the settings of a bucket and of its account.
///
/// Source: S3 User Guide, "Blocking public access to your Amazon S3 storage". The account's setting that S3 answers with
/// has the organization's in it (S3 API Reference, GetPublicAccessBlock of S3 Control).
pub fn effective_block(bucket: Option<&PublicAccessBlock>, account: Option<&PublicAccessBlock>) -> EffectiveBlock {
    let flag = |get: fn(&PublicAccessBlock) -> bool| match (bucket.map(get), account.map(get)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    EffectiveBlock {
        block_public_acls: flag(|block| block.block_public_acls),
        ignore_public_acls: flag(|block| block.ignore_public_acls),
        block_public_policy: flag(|block| block.block_public_policy),
        restrict_public_buckets: flag(|block| block.restrict_public_buckets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_that_blocks_is_enough() {
        let (off, on) = (
            PublicAccessBlock::default(),
            PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::default() },
        );
        assert_eq!(effective_block(None, Some(&on)).restrict_public_buckets, Some(true));
        assert_eq!(effective_block(Some(&off), Some(&off)).restrict_public_buckets, Some(false));
        assert_eq!(effective_block(Some(&off), None).restrict_public_buckets, None);
        assert_eq!(effective_block(None, None).ignore_public_acls, None);
    }
}
