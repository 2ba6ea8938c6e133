//! The tags of accounts: whoever administers the organization has them, not the accounts.

use std::collections::BTreeMap;

use aws_sdk_organizations::Client;
use futures_util::future;
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::UnboundedReceiver;

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::AccountId;
use crate::snapshot::Observed;

/// The tags of an account, by key.
type Tags = BTreeMap<String, String>;

/// Reads the tags of accounts as they are named, with the caller's credentials. An account whose tags were not told is not
/// among the answers: it has a gap.
pub(super) async fn read(
    session: &Session,
    mut named: UnboundedReceiver<AccountId>,
    ledger: &Ledger,
) -> BTreeMap<AccountId, Observed<Tags>> {
    let client = session.organizations(&session.first_region);
    let named = stream::poll_fn(|context| named.poll_recv(context));
    let asked = named.map(|id| tags(&client, id, ledger)).buffer_unordered(AT_ONCE);
    asked.filter_map(future::ready).collect().await
}

/// At most this many questions at once: their quota lets few through in a second.
const AT_ONCE: usize = 4;

/// No tags is an answer: `Tags` is then empty (Organizations API Reference, ListTagsForResource).
async fn tags(client: &Client, account: AccountId, ledger: &Ledger) -> Option<(AccountId, Observed<Tags>)> {
    let id = account.to_string();
    let unit = Unit::of(Call::ListAccountTags).resource(&id);
    let request = client.list_tags_for_resource().resource_id(&id).into_paginator().send();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request, |page| page.next_token())).await;
    let tags = ledger.read(&unit, pages, |pages| {
        let mut tags = Tags::new();
        for page in pages.whole()? {
            let listed = page.tags.ok_or_else(|| Malformed::lacks("Tags"))?;
            for tag in listed {
                // The SDK fills in an empty key where there is none.
                if tag.key.is_empty() {
                    return Err(Malformed::lacks("the key of a tag"));
                }
                tags.insert(tag.key, tag.value);
            }
        }
        Ok(tags)
    })?;
    Some((account, tags))
}
