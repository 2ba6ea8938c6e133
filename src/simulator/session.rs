//! The sessions that AssumeRole has handed out.

use super::policy::Policy;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A session of a role.
#[derive(Debug)]
pub(super) struct Session {
    /// The account of the role.
    pub(super) account: String,
    /// `arn:…:sts::…:assumed-role/role/session`.
    pub(super) arn: Arc<str>,
    pub(super) token: String,
    pub(super) policy: Arc<Policy>,
    pub(super) expires: Timestamp,
}

/// All sessions, by access key id.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_key: RwLock<HashMap<String, Arc<Session>>>,
    /// Session policies, read once: a scan sends the same one to every account.
    policies: Mutex<HashMap<String, Arc<Policy>>>,
}

impl Sessions {
    /// The session of an access key id.
    pub(super) fn find(&self, key: &str) -> Option<Arc<Session>> {
        self.by_key.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps a session and gives the access key id to find it by.
    pub(super) fn keep(&self, session: impl FnOnce(u64) -> Session) -> (String, Arc<Session>) {
        let mut sessions = self.by_key.write().unwrap_or_else(PoisonError::into_inner);
        let number = sessions.len() as u64 + 1;
        let key = format!("ASIASIM0{number:012}");
        let session = Arc::new(session(number));
        sessions.insert(key.clone(), Arc::clone(&session));
        (key, session)
    }

    /// A session policy, or nothing where the text is no policy.
    pub(super) fn policy(&self, text: &str) -> Option<Arc<Policy>> {
        let mut policies = self.policies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(policy) = policies.get(text) {
            return Some(Arc::clone(policy));
        }
        let policy = Arc::new(Policy::read(text)?);
        policies.insert(text.to_owned(), Arc::clone(&policy));
        Some(policy)
    }
}
