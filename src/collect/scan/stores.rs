//! Event data stores: each read once, however many accounts list it.

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::event_data_store::{leave_unread, read, readers, witnessed};
use crate::snapshot::{Cause, EventDataStore};

impl Scan<'_> {
    /// Every distinct event data store.
    pub(super) async fn event_data_stores(&self, listed: Vec<EventDataStore>) -> Vec<EventDataStore> {
        stream::iter(witnessed(listed))
            .map(|mut store| async move {
                self.event_data_store(&mut store).await;
                store
            })
            .buffer_unordered(self.at_once())
            .collect()
            .await
    }

    async fn event_data_store(&self, store: &mut EventDataStore) {
        let needs = &self.settings.needs;
        let mut refused = (Cause::MalformedAnswer, format!("{} names no account", store.arn));
        let Some(region) = store.arn.region() else {
            return leave_unread(store, &refused.0, &refused.1, needs, self.ledger);
        };
        for reader in readers(store) {
            match self.sessions.enter(reader, self.ledger).await {
                Ok(session) => return read(&session, store, &region, needs, self.ledger).await,
                Err(why) => refused = why,
            }
        }
        leave_unread(store, &refused.0, &refused.1, needs, self.ledger);
    }
}
