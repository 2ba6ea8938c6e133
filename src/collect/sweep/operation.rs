//! An operation of the SDK by its parts: how a question is written, how an answer is read, and which errors may pass.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, run_classifiers_on_ctx};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, InterceptorContext};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::retries::classifiers::SharedRetryClassifier;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};
use aws_smithy_types::date_time::Format;

use super::super::renewal::Renewal;

/// An error that an operation of the SDK documents.
pub(super) trait OperationError: std::error::Error + Send + Sync + 'static {}

impl<E: std::error::Error + Send + Sync + 'static> OperationError for E {}

/// An input or output of the SDK.
pub(super) trait Shape: Debug + Send + Sync + 'static {}

impl<T: Debug + Send + Sync + 'static> Shape for T {}

/// How a question ended.
pub(super) enum Ending<O, E> {
    /// With its answer.
    Answered(O),
    /// With a refusal that is AWS's last word.
    Refused(SdkError<E, HttpResponse>),
    /// With something that may pass: with an error, or without an answer.
    MayPass(Option<HttpResponse>),
}

/// An operation with input `I`, output `O` and errors `E`.
#[derive(Debug)]
pub(super) struct Operation<I, O, E> {
    parts: FrozenLayer,
    classifiers: Vec<SharedRetryClassifier>,
    shapes: PhantomData<fn(I) -> Result<O, E>>,
}

impl<I: Shape, O: Shape, E: OperationError> Operation<I, O, E> {
    /// The operation that the SDK puts together by a plug-in; nothing where it is made of other parts.
    pub(super) fn of(plugin: &impl RuntimePlugin) -> Option<Self> {
        let parts = plugin.config()?;
        parts.load::<SharedRequestSerializer>()?;
        parts.load::<SharedResponseDeserializer>()?;
        let components = RuntimeComponentsBuilder::new("sweep");
        let components = plugin.runtime_components(&components);
        let by_status = SharedRetryClassifier::new(HttpStatusCodeClassifier::default());
        let classifiers = components.retry_classifiers().chain([by_status]).collect();
        Some(Self { parts, classifiers, shapes: PhantomData })
    }

    /// A question, without an address or a signature.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn request(&self, input: I) -> Result<HttpRequest, BoxError> {
        let serializer = self.parts.load::<SharedRequestSerializer>().ok_or("the operation has no serializer")?;
        serializer.serialize_input(Input::erase(input), &mut ConfigBag::base())
    }

    /// Reads an answer that came at a time by our clock. Credentials that it calls expired are renewed.
    pub(super) fn ending(&self, response: HttpResponse, now: SystemTime, renewal: &Renewal) -> Ending<O, E> {
        let Some(deserializer) = self.parts.load::<SharedResponseDeserializer>() else { return Ending::MayPass(None) };
        let error = match deserializer.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()) {
            Ok(output) => {
                return output.downcast().map_or_else(|_| Ending::MayPass(None), Ending::Answered);
            }
            Err(error) => error,
        };
        let is_out_of_time = clocks_differ(&response, now);
        let mut context = InterceptorContext::new(Input::erase(()));
        context.set_response(response);
        context.set_output_or_error(Err(error));
        let classifiers = self.classifiers.iter().cloned().chain([SharedRetryClassifier::new(renewal.clone())]);
        let may_pass = run_classifiers_on_ctx(classifiers, &context).should_retry() || is_out_of_time;
        let (_, read, _, response) = context.into_parts();
        match (read, response) {
            (Some(Err(error)), Some(response)) if !may_pass => match documented(error) {
                Some(error) => Ending::Refused(SdkError::service_error(error, response)),
                None => Ending::MayPass(Some(response)),
            },
            (_, response) => Ending::MayPass(response),
        }
    }
}

/// The error of the operation itself, where it is one.
fn documented<E: OperationError>(error: OrchestratorError<Error>) -> Option<E> {
    let mut documented = None;
    error.map_operation_error(|error| documented = error.downcast().ok());
    documented
}

/// Whether the clock of AWS tells a time so far from ours that a signature may be refused for it.
///
/// Source: IAM User Guide, "Elements of an AWS API request signature": a request is good for five minutes.
fn clocks_differ(response: &HttpResponse, now: SystemTime) -> bool {
    let date = response.headers().get("date").and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
    let Some(theirs) = date.and_then(|date| SystemTime::try_from(date).ok()) else { return false };
    let apart = theirs.duration_since(now).unwrap_or_else(|earlier| earlier.duration());
    apart > Duration::from_secs(4 * 60)
}
