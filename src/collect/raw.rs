//! A look at the raw answer, where the SDK's types cannot tell a value from its absence.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Whether the answer of a call, JSON or XML, holds a key.
#[derive(Debug, Clone)]
pub(super) struct Held {
    key: &'static str,
    held: Arc<AtomicBool>,
}

impl Held {
    pub(super) fn new(key: &'static str) -> Self {
        Self { key, held: Arc::default() }
    }

    /// Whether the answer held the key; false before there is one.
    pub(super) fn was_held(&self) -> bool {
        self.held.load(Ordering::Acquire)
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Held {
    fn name(&self) -> &'static str {
        "Held"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        let answer: Option<serde_json::Value> = serde_json::from_slice(body).ok();
        let held = match answer {
            Some(json) => json.get(self.key).is_some(),
            None => {
                let text = String::from_utf8_lossy(body);
                [">", "/>", " "].iter().any(|after| text.contains(&format!("<{}{after}", self.key)))
            }
        };
        self.held.store(held, Ordering::Release);
        Ok(())
    }
}
