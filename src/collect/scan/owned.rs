//! What trails name beside their buckets: keys, topics and log groups, each asked once, at its owner.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::call::Call;
use crate::collect::session::Session;
use crate::collect::{destination, key, log_group, log_role};
use crate::id::{Arn, RegionName};
use crate::snapshot::{Cause, Key, LogGroup, LogRole, Topic, Trail};

impl Scan<'_> {
    /// The session of an account that owns a key, topic or log group.
    pub(super) async fn owner_of(&self, arn: &Arn) -> Result<(Session, RegionName), (Cause, String)> {
        let Some(region) = arn.region() else {
            return Err((Cause::MalformedAnswer, format!("{arn} names no Region")));
        };
        self.account_of(arn).await.map(|session| (session, region))
    }

    /// The session of an account that something is of.
    async fn account_of(&self, arn: &Arn) -> Result<Session, (Cause, String)> {
        if let Some(partition) = arn.partition().filter(|partition| partition != self.partition) {
            let message = format!("{arn} is of the partition {partition}, the credentials are of {}", self.partition);
            return Err((Cause::WrongPartition, message));
        }
        let Some(owner) = arn.account() else {
            return Err((Cause::MalformedAnswer, format!("{arn} names no account")));
        };
        let reachable = self.everyone.contains(&owner) || self.settings.selection.log_archives.contains(&owner);
        if self.organization.is_some() && !reachable {
            return Err((Cause::OutsideOrganization, format!("account {owner} is not of the organization")));
        }
        self.sessions.enter(owner, self.ledger).await
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

    /// Every distinct role by which trails write to their log groups.
    pub(super) async fn log_roles(&self, trails: &[Trail]) -> Vec<LogRole> {
        let named = trails.iter().map(|trail| &trail.configuration.value);
        let named = named.filter(|configuration| configuration.log_group().is_some());
        let named = named.filter_map(|configuration| configuration.cloud_watch_logs_role_arn.as_deref());
        let unread = distinct(named.filter_map(|arn| arn.parse().ok())).into_iter().map(log_role::unread);
        if !log_role::is_needed(&self.settings.needs) {
            return unread.collect();
        }
        let read = unread.map(|mut role| async move {
            match self.account_of(&role.arn).await {
                Ok(session) => log_role::read(&session, &mut role, self.ledger).await,
                Err((cause, message)) => self.ledger.not_asked(&log_role::unit(&role), cause, &message),
            }
            role
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }
}

fn distinct(arns: impl Iterator<Item = Arn>) -> BTreeSet<Arn> {
    arns.collect()
}
