//! The simulator as the SDK's HTTP client, in process.

use super::Simulator;
use super::delivery::Fate;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use std::io;

impl HttpClient for Simulator {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Simulator {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let simulator = self.clone();
        HttpConnectorFuture::new(async move { simulator.answer_sdk(request).await })
    }
}

impl Simulator {
    async fn answer_sdk(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        // No operation of the simulator reads a streaming body; such a request is a write, and refused.
        let request = request.map(|body| Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
        let delivery = self.deliver(&request);
        if !delivery.delay.is_zero() {
            tokio::time::sleep(delivery.delay).await;
        }
        let response = match delivery.fate {
            Fate::Arrives => delivery.response.map(SdkBody::from),
            Fate::Broken => delivery.response.map(broken),
            Fate::NoConnection => {
                return Err(ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into()));
            }
            Fate::Lost => return Err(ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionReset).into())),
            Fate::Never => std::future::pending().await,
        };
        HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
    }
}

/// A body that breaks off after its first half.
fn broken(body: Bytes) -> SdkBody {
    let half = Ok(Frame::data(body.slice(..body.len() / 2)));
    SdkBody::from_body_1_x(StreamBody::new(stream::iter([half, Err(io::Error::from(io::ErrorKind::ConnectionReset))])))
}
