//! What trails name beside their buckets: keys, topics and log groups, each asked once, at its owner.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::call::Call;
use crate::collect::session::Session;
use crate::collect::{destination, key, log_group};
use crate::id::{Arn, RegionName};
use crate::snapshot::{Cause, Key, LogGroup, Topic, Trail};

impl Scan<'_> {
    /// The session of an account that owns a key, topic or log group.
    pub(super) async fn owner_of(&self, arn: &Arn) -> Result<(Session, RegionName), (Cause, String)> {
        let (Some(owner), Some(region)) = (arn.account(), arn.region()) else {
            return Err((Cause::MalformedAnswer, format!("{arn} names no account or no Region")));
        };
        let reachable = self.everyone.contains(&owner) || self.settings.selection.log_archives.contains(&owner);
        if self.organization.is_some() && !reachable {
            return Err((Cause::OutsideOrganization, format!("account {owner} is not of the organization")));
        }
        self.sessions.enter(owner, self.ledger).await.map(|session| (session, region))
    }

    /// Every distinct KMS key.
    pub(super) async fn keys(&self, trails: &[Trail]) -> Vec<Key> {
        let arns = distinct(trails.iter().filter_map(|trail| trail.configuration.value.kms_key_arn()));
        let needs = &self.settings.needs;
        if !needs.asks(Call::DescribeKey) {
            return arns.into_iter().map(key::unread).collect();
        }
        let read = arns.into_iter().map(key::unread).map(|mut key| async move {
            match self.owner_of(&key.arn).await {
                Ok((session, region)) => key::read(&session, &mut key, &region, needs, self.ledger).await,
                Err((cause, message)) => key::leave_unread(&key, &cause, &message, needs, self.ledger),
            }
            key
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }

    /// Every distinct topic.
    pub(super) async fn topics(&self, trails: &[Trail]) -> Vec<Topic> {
        let named = trails.iter().filter_map(|trail| trail.configuration.value.sns_topic_arn.as_deref());
        let arns = distinct(named.filter_map(|arn| arn.parse().ok()));
        let unread = arns.into_iter().map(|arn| Topic { arn, existence: None, policy: None });
        if !self.asks(Call::GetTopicAttributes) {
            return unread.collect();
        }
        let read = unread.map(|mut topic| async move {
            match self.owner_of(&topic.arn).await {
                Ok((session, region)) => destination::read_topic(&session, &mut topic, &region, self.ledger).await,
                Err((cause, message)) => {
                    self.ledger.not_asked(&destination::unit_of_topic(&topic), cause, &message);
                }
            }
            topic
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }

    /// Every distinct log group.
    pub(super) async fn log_groups(&self, trails: &[Trail]) -> Vec<LogGroup> {
        let named = trails.iter().filter_map(|trail| trail.configuration.value.log_group());
        let unread = distinct(named.filter_map(|arn| arn.parse().ok())).into_iter().map(log_group::unread);
        let needs = &self.settings.needs;
        if !log_group::is_needed(needs) {
            return unread.collect();
        }
        let read = unread.map(|mut group| async move {
            match self.owner_of(&group.arn).await {
                Ok((session, region)) => log_group::read(&session, &mut group, &region, needs, self.ledger).await,
                Err((cause, message)) => log_group::leave_unread(&group, &cause, &message, needs, self.ledger),
            }
            group
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }
}

fn distinct(arns: impl Iterator<Item = Arn>) -> BTreeSet<Arn> {
    arns.collect()
}
