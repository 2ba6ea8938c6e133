//! Shards: an organization read by several runs, each of which visits a part of the accounts.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Cause, Gap};
use crate::id::AccountId;

/// Which shards of how many were read; a run reads one, a merge of some of them several.
///
/// An account is of the shard that the SHA-256 of its id, as a number, leaves as the remainder of a division by their
/// count: that of an account changes only with the count.
///
/// ```
/// use trailproof::snapshot::Shards;
///
/// let second: Shards = "2/4".parse().unwrap();
/// assert_eq!((second.count, second.to_string()), (4, "2/4".to_owned()));
/// assert!("5/4".parse::<Shards>().is_err() && "0/4".parse::<Shards>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shards {
    /// How many there are.
    #[schemars(range(min = 1))]
    pub count: u32,
    /// Those that were read, from 1 to their count, sorted.
    pub read: Vec<u32>,
}

/// A text that names no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a shard: give K/N, the Kth of N, such as 2/4")]
pub struct NotAShard;

impl Shards {
    /// One of so many; nothing where there is no such one.
    pub fn one(shard: u32, count: u32) -> Option<Self> {
        (1..=count).contains(&shard).then(|| Self { count, read: vec![shard] })
    }

    /// Whether the numbers are those of shards, sorted and each once.
    pub fn is_sound(&self) -> bool {
        let in_range = self.read.iter().all(|shard| (1..=self.count).contains(shard));
        in_range && !self.read.is_empty() && self.read.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// The shard that an account is of.
    pub fn of(&self, account: AccountId) -> u32 {
        let count = u64::from(self.count.max(1));
        let digest = Sha256::digest(account.to_string());
        let rest = digest.iter().fold(0_u64, |rest, byte| (rest * 256 + u64::from(*byte)) % count);
        u32::try_from(rest).map_or(1, |rest| rest + 1)
    }

    /// Whether an account is of one that was read.
    pub fn hold(&self, account: AccountId) -> bool {
        self.read.binary_search(&self.of(account)).is_ok()
    }

    /// Those that were not read.
    pub fn missing(&self) -> Vec<u32> {
        (1..=self.count).filter(|shard| self.read.binary_search(shard).is_err()).collect()
    }

    /// The gap that an account of another shard leaves.
    pub fn gap(&self, account: AccountId) -> Gap {
        Gap {
            account: Some(account),
            region: None,
            operation: ENTERING.to_owned(),
            resource: None,
            cause: Cause::NotAttempted,
            message: format!("the account is of shard {}/{}", self.of(account), self.count),
        }
    }

    /// Whether a gap says no more than that an account is of another shard.
    pub fn leave_out(&self, gap: &Gap) -> bool {
        gap.cause == Cause::NotAttempted
            && gap.operation == ENTERING
            && gap.account.is_some_and(|account| !self.hold(account))
    }
}

/// What an account that was not visited was not asked.
const ENTERING: &str = "sts:AssumeRole";

impl fmt::Display for Shards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read: Vec<String> = self.read.iter().map(u32::to_string).collect();
        write!(f, "{}/{}", read.join(","), self.count)
    }
}

impl FromStr for Shards {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, NotAShard> {
        let (shard, count) = text.split_once('/').ok_or(NotAShard)?;
        let number = |text: &str| text.parse().map_err(|_| NotAShard);
        Self::one(number(shard)?, number(count)?).ok_or(NotAShard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The split is a contract: shards of one organization may be read by different versions.
    #[test]
    fn the_remainder_is_that_of_the_whole_digest() {
        // `printf 111122223333 | sha256sum`, and the remainder by another program.
        let account: AccountId = "111122223333".parse().unwrap();
        let of = |count| Shards { count, read: vec![1] }.of(account);
        assert_eq!([of(1), of(2), of(3), of(4), of(7), of(1000)], [1, 1, 2, 3, 7, 275]);
    }

    #[test]
    fn every_account_is_of_one_shard_and_shards_are_of_like_size() {
        let all = Shards { count: 8, read: (1..=8).collect() };
        let mut sizes = [0_usize; 8];
        for number in 0..4000_u64 {
            let account: AccountId = format!("{:012}", 100_000_000_000 + number * 7).parse().unwrap();
            assert!(all.hold(account));
            sizes[all.of(account) as usize - 1] += 1;
        }
        assert!(sizes.iter().all(|size| (400..600).contains(size)), "{sizes:?}");
    }

    #[test]
    fn what_is_missing() {
        let some = Shards { count: 4, read: vec![1, 3] };
        assert_eq!((some.missing(), some.to_string()), (vec![2, 4], "1,3/4".to_owned()));
        assert!(some.is_sound());
        for read in [vec![], vec![2, 1], vec![1, 1], vec![0], vec![5]] {
            assert!(!Shards { count: 4, read }.is_sound());
        }
    }
}
