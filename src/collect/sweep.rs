//! The sweep: the two questions that an account is asked in every Region, which are nine of ten requests of a run.
//!
//! They take a [short path](ShortPath) past the SDK's client, which makes its layers of settings, its interceptors and a copy for
//! repetitions anew for every call: a third of the CPU of a run. The short path is for fair weather. A refusal that no
//! repetition would change is the answer; with whatever may pass, the question goes to the client and its repetitions, and
//! so does all that this account is asked after it.

mod operation;
mod short_path;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::{Builder, Region};
use aws_sdk_cloudtrail::operation::describe_trails::{DescribeTrailsError, DescribeTrailsOutput};
use aws_sdk_cloudtrail::operation::list_event_data_stores::{ListEventDataStoresError, ListEventDataStoresOutput};
use aws_smithy_async::future::timeout::Timeout;
use aws_smithy_async::rt::sleep::AsyncSleep;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::renewal::Renewal;
use crate::id::RegionName;
use operation::{Operation, OperationError, Shape};
use short_path::Open;
pub(super) use short_path::ShortPath;

/// What a question came to.
type Asked<O, E> = Result<O, SdkError<E, HttpResponse>>;

/// The end of a call's time, in the words of the client.
#[derive(Debug, thiserror::Error)]
#[error("operation timeout (all attempts including retries) occurred after {0:?}")]
struct OutOfTime(Duration);

/// Asks one account in many Regions.
#[derive(Debug)]
pub(super) struct Sweep {
    client: Client,
    config: SdkConfig,
    renewal: Renewal,
    path: Option<Arc<ShortPath>>,
    /// Whether something went wrong that may pass.
    trouble: AtomicBool,
}

impl Sweep {
    /// A sweep with the credentials and settings of a session: `client` is one of CloudTrail with both, in any Region. Where there
    /// is no short path, it asks all.
    pub(super) fn new(client: Client, config: SdkConfig, renewal: Renewal, path: Option<Arc<ShortPath>>) -> Self {
        Self { client, config, renewal, path, trouble: AtomicBool::new(false) }
    }

    /// The trails that are seen in a Region, shadows of others' among them, or those that are named.
    ///
    /// # Errors
    /// As the SDK's client.
    pub(super) async fn describe_trails(
        &self,
        region: &RegionName,
        named: Option<Vec<String>>,
    ) -> Asked<DescribeTrailsOutput, DescribeTrailsError> {
        let request = self.client.describe_trails().include_shadow_trails(true).set_trail_name_list(named);
        let input = request.as_input().clone().build().ok();
        let by_client = |settings| request.customize().config_override(settings).send();
        self.ask(|path| path.describe_trails(), input, region, by_client).await
    }

    /// A page of the event data stores of a Region.
    ///
    /// # Errors
    /// As the SDK's client.
    pub(super) async fn list_event_data_stores(
        &self,
        region: &RegionName,
        token: Option<String>,
    ) -> Asked<ListEventDataStoresOutput, ListEventDataStoresError> {
        let request = self.client.list_event_data_stores().set_next_token(token);
        let input = request.as_input().clone().build().ok();
        let by_client = |settings| request.customize().config_override(settings).send();
        self.ask(|path| path.list_event_data_stores(), input, region, by_client).await
    }

    /// Puts a question on the short path, and leaves it to the client where it stays open.
    async fn ask<I: Shape, O: Shape, E: OperationError, F: Future<Output = Asked<O, E>>>(
        &self,
        operation: impl Fn(&ShortPath) -> &Operation<I, O, E>,
        input: Option<I>,
        region: &RegionName,
        by_client: impl FnOnce(Builder) -> F,
    ) -> Asked<O, E> {
        let asked = async {
            match self.shortly(operation, input, region).await {
                Ok(asked) => asked,
                // Large, and seldom there.
                Err(open) => Box::pin(by_client(self.settings(region, open))).await,
            }
        };
        self.in_time(asked).await
    }

    /// Waits for an answer as long as a call may take, on both paths together.
    async fn in_time<O, E>(&self, asked: impl Future<Output = Asked<O, E>>) -> Asked<O, E> {
        let patience = self.config.timeout_config().and_then(|timeouts| timeouts.operation_timeout());
        let (Some(patience), Some(clock)) = (patience, self.config.sleep_impl()) else { return asked.await };
        match Timeout::new(asked, clock.sleep(patience)).await {
            Ok(asked) => asked,
            Err(_) => Err(SdkError::timeout_error(OutOfTime(patience))),
        }
    }

    /// Puts a question on the short path, while nothing speaks against it.
    async fn shortly<I: Shape, O: Shape, E: OperationError>(
        &self,
        operation: impl Fn(&ShortPath) -> &Operation<I, O, E>,
        input: Option<I>,
        region: &RegionName,
    ) -> Result<Asked<O, E>, Open> {
        let (Some(path), Some(input), false) = (&self.path, input, self.trouble.load(Ordering::Relaxed)) else {
            return Err(Open::NotPut);
        };
        let asked = path.ask(operation(path), input, region, &self.renewal).await;
        if matches!(asked, Err(Open::MayPass)) {
            self.trouble.store(true, Ordering::Relaxed);
        }
        asked
    }

    /// The settings by which the client puts a question to a Region, with the attempts that are left. Making a client of each
    /// Region would cost more than a call.
    fn settings(&self, region: &RegionName, open: Open) -> Builder {
        let settings = Builder::new().region(Region::new(region.to_string()));
        match (open, self.config.retry_config()) {
            (Open::MayPass, Some(retry)) => {
                let left = retry.max_attempts().saturating_sub(1).max(1);
                settings.retry_config(retry.clone().with_max_attempts(left))
            }
            _ => settings,
        }
    }
}
