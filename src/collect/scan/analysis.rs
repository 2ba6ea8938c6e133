//! Athena's tables over the log buckets, where nothing cheaper shows that the logs can be queried.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::athena;
use crate::collect::call::Call;
use crate::collect::ledger::Unit;
use crate::id::{AccountId, BucketName, RegionName};
use crate::snapshot::{Bucket, Cause, LogGroup, Observed, Owner, TableListing, Trail};

/// Buckets by the account that is asked about them, and the Region.
type Places = BTreeMap<(AccountId, RegionName), BTreeSet<BucketName>>;

impl Scan<'_> {
    /// The tables over the log buckets of trails that log, in the account that owns the bucket and in the one that owns the
    /// trail. A trail whose log group can be queried needs none.
    pub(super) async fn tables(&self, trails: &[Trail], buckets: &[Bucket], groups: &[LogGroup]) -> Vec<TableListing> {
        if !self.asks(Call::ListDataCatalogs) {
            return Vec::new();
        }
        let has_group = |trail: &Trail| {
            let named = trail.configuration.value.log_group();
            groups.iter().any(|group| Some(group.arn.as_str()) == named && group.answers_queries() == Some(true))
        };
        let mut places = Places::new();
        for trail in trails.iter().filter(|trail| trail.logs() && !has_group(trail)) {
            let named = trail.configuration.value.s3_bucket_name.as_deref();
            let bucket = buckets.iter().find(|bucket| Some(bucket.name.as_str()) == named && !bucket.is_missing());
            if let Some(bucket) = bucket {
                self.places_of(trail, bucket, &mut places);
            }
        }
        let read = places.into_iter().map(|((account, region), buckets)| async move {
            match self.sessions.enter(account, self.ledger).await {
                Ok(session) => athena::read(&session, &region, &buckets, self.ledger).await,
                Err((cause, message)) => {
                    self.ledger.not_asked(&athena::unit(account, &region), cause, &message);
                    None
                }
            }
        });
        stream::iter(read).buffer_unordered(self.at_once()).filter_map(|listing| async { listing }).collect().await
    }

    fn places_of(&self, trail: &Trail, bucket: &Bucket, places: &mut Places) {
        let user = trail.arn.account();
        let Some(region) = &bucket.region else {
            let unit = Unit::of(Call::ListDataCatalogs).account(user).resource(bucket.name.as_str());
            let message = "the Region of the bucket is not known";
            return self.ledger.not_asked(&unit, Cause::NotAttempted, message);
        };
        let owner = match &bucket.owner {
            Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
            _ => None,
        };
        for account in [Some(user), owner].into_iter().flatten() {
            places.entry((account, region.clone())).or_default().insert(bucket.name.clone());
        }
    }
}
