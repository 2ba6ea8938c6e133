//! Questions that several parts of a run have, put once: to an account, about a thing.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::id::AccountId;

/// What accounts answered about things. Whoever asks while another waits for the answer gets it too.
#[derive(Debug)]
pub(super) struct Once<V>(Mutex<BTreeMap<(AccountId, String), Cell<V>>>);

type Cell<V> = Arc<OnceCell<V>>;

impl<V> Default for Once<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V: Clone> Once<V> {
    /// The answer of an account about a thing: of `ask`, where nobody asked before.
    pub(super) async fn ask(&self, account: AccountId, about: String, ask: impl Future<Output = V>) -> V {
        // The future of a call is large, and waits here while others wait for it.
        let ask = Box::pin(ask);
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            cells.entry((account, about)).or_default().clone()
        };
        cell.get_or_init(|| ask).await.clone()
    }
}
