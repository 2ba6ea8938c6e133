//! The simulator behind a socket.

use super::Simulator;
use super::delivery::{Delivery, Fate};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, DATE};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// More than any read sends.
const LONGEST_BODY: usize = 1 << 20;

type Body = UnsyncBoxBody<Bytes, io::Error>;

impl Simulator {
    /// Answers on a socket until `shutdown` is over.
    ///
    /// # Errors
    ///
    /// When the listener breaks for good.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(self.clone().hold(stream));
                    }
                    // A client that gave up, or too many open files: wait for better times.
                    Err(error) if is_passing(&error) => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(error) => return Err(error),
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    /// Answers one connection. Its errors are the client's, and the connection is over with them.
    async fn hold(self, stream: TcpStream) {
        let answer = service_fn(|request| {
            let simulator = self.clone();
            async move { simulator.answer_socket(request).await }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(30))
            .serve_connection(TokioIo::new(stream), answer);
        let _ = connection.await;
    }

    async fn answer_socket(&self, request: http::Request<Incoming>) -> io::Result<http::Response<Body>> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
            let mut refused = http::Response::new(whole(Bytes::from_static(b"the request is too long or broke off")));
            *refused.status_mut() = http::StatusCode::BAD_REQUEST;
            return Ok(refused);
        };
        let delivery = self.deliver(&http::Request::from_parts(head, body.to_bytes()));
        tokio::time::sleep(delivery.delay).await;
        let mut answer = send(delivery).await?;
        if let Ok(date) = self.date().parse() {
            answer.headers_mut().insert(DATE, date);
        }
        Ok(answer)
    }
}

fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    // 24 and 23 are EMFILE and ENFILE on every Unix.
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted | WouldBlock)
        || matches!(error.raw_os_error(), Some(23 | 24))
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// Sends a delivery; an error makes hyper close the connection there and then.
async fn send(delivery: Delivery) -> io::Result<http::Response<Body>> {
    match delivery.fate {
        Fate::Arrives => Ok(delivery.response.map(whole)),
        Fate::Broken => Ok(broken(delivery)),
        Fate::NoConnection | Fate::Lost => Err(io::ErrorKind::ConnectionReset.into()),
        Fate::Never => std::future::pending().await,
    }
}

/// A response whose body breaks off after its first half.
fn broken(delivery: Delivery) -> http::Response<Body> {
    let length = delivery.response.body().len();
    let mut response = delivery.response.map(|body| {
        let half = Ok(Frame::data(body.slice(..length / 2)));
        StreamBody::new(stream::iter([half, Err(io::ErrorKind::ConnectionReset.into())])).boxed_unsync()
    });
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}
