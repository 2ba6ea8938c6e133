//! Where logs are kept: the buckets, each read once at its owner, and what holds in the accounts that own them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt};

use super::Scan;
use super::governed::Bound;
use crate::collect::bucket;
use crate::collect::call::Call;
use crate::collect::owner::Search;
use crate::id::{AccountId, BucketName, RegionName};
use crate::snapshot::{Account, Authorization, Bucket, Cause, Observed, Owner, PublicAccessBlock, Trail};

/// What was read of where logs are kept.
pub(super) struct Kept {
    pub(super) buckets: Vec<Bucket>,
    /// Block Public Access of the accounts that own log buckets.
    pub(super) blocks: BTreeMap<AccountId, Observed<PublicAccessBlock>>,
    pub(super) authorizations: BTreeMap<AccountId, Observed<Authorization>>,
}

impl Scan<'_> {
    /// The buckets of trails; then, side by side, what holds in the accounts that hold logs.
    pub(super) async fn kept(
        &self,
        trails: &[Trail],
        accounts: &[Account],
        everyone: &[Account],
        bound: Bound<'_>,
    ) -> Kept {
        let buckets = self.buckets(trails).await;
        let governed = self.governed(trails, &buckets);
        everyone.iter().filter(|account| governed.contains(&account.id)).for_each(|account| bound.tell(account));
        // That was all: whoever reads their policies need not wait for more.
        drop(bound);
        let (blocks, authorizations) =
            tokio::join!(self.block_public_access(accounts, &buckets), self.authorization(&governed, accounts));
        Kept { buckets, blocks, authorizations }
    }

    /// Every distinct log bucket, read at its owner as far as that is needed.
    async fn buckets(&self, trails: &[Trail]) -> Vec<Bucket> {
        let mut users: BTreeMap<BucketName, BTreeSet<AccountId>> = BTreeMap::new();
        for trail in trails {
            let name = trail.configuration.value.s3_bucket_name.as_deref().and_then(|name| name.parse().ok());
            if let Some(name) = name {
                users.entry(name).or_default().insert(trail.arn.account());
            }
        }
        let needs = &self.settings.needs;
        if !needs.asks(Call::HeadBucket) {
            return users.into_keys().map(bucket::unread).collect();
        }
        let search = Search::new(self.sessions, needs, self.ledger, &self.candidates);
        let sought = users.into_iter().map(|(name, users)| (bucket::unread(name), users)).collect();
        let buckets = search.find(sought, self.at_once()).await;
        stream::iter(buckets)
            .map(|found| async move { self.bucket(found).await })
            .buffer_unordered(self.at_once())
            .collect()
            .await
    }

    async fn bucket(&self, mut found: Bucket) -> Bucket {
        let owner = match &found.owner {
            Some(Observed { value: Owner::Account(owner), .. }) => *owner,
            Some(Observed { value: Owner::OutsideOrganization, .. }) => {
                let message = "no account of the organization lists this bucket";
                self.leave_bucket_unread(&found.name, None, &Cause::OutsideOrganization, message);
                return found;
            }
            None => return found,
        };
        match (self.sessions.enter(owner, self.ledger).await, found.region.clone()) {
            (Ok(session), Some(region)) => {
                bucket::read(&session, &mut found, &region, &self.settings.needs, self.ledger).await;
            }
            (Ok(_), None) => {
                let message = "the Region of the bucket is not known";
                self.leave_bucket_unread(&found.name, Some(owner), &Cause::NotAttempted, message);
            }
            (Err((cause, message)), _) => self.leave_bucket_unread(&found.name, Some(owner), &cause, &message),
        }
        found
    }

    fn leave_bucket_unread(&self, name: &BucketName, owner: Option<AccountId>, cause: &Cause, message: &str) {
        bucket::leave_unread(name, owner, cause, message, &self.settings.needs, self.ledger);
    }

    /// Block Public Access of the accounts that own log buckets.
    async fn block_public_access(
        &self,
        accounts: &[Account],
        buckets: &[Bucket],
    ) -> BTreeMap<AccountId, Observed<PublicAccessBlock>> {
        if !self.asks(Call::GetAccountPublicAccessBlock) {
            return BTreeMap::new();
        }
        let owned = accounts.iter().filter_map(|account| {
            let is_owner = |bucket: &&Bucket| {
                matches!(&bucket.owner, Some(Observed { value: Owner::Account(owner), .. }) if *owner == account.id)
            };
            // The first by name of those whose Region is known: whichever was found first, the question is the same.
            let located = buckets.iter().filter(is_owner).filter_map(|bucket| Some((&bucket.name, bucket.region.as_ref()?)));
            Some((account.id, located.min()?.1.clone()))
        });
        let owned: Vec<(AccountId, RegionName)> = owned.collect();
        let asked = stream::iter(owned).map(|(id, region)| async move {
            let session = self.sessions.enter(id, self.ledger).await.ok()?;
            Some((id, bucket::account_public_access_block(&session, &region, self.ledger).await?))
        });
        asked.buffer_unordered(self.at_once()).filter_map(|told| async { told }).collect().await
    }
}
