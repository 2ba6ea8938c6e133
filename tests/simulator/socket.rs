use crate::simulator::clients::{of_management, refusal};
use aws_config::SdkConfig;
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use trailproof::simulator::{Bucket, Effect, Simulator, Trail, Weather, World};

const ACCOUNT: &str = "111111111111";

fn simulator() -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", ACCOUNT);
    world.trails.push(Trail::new(ACCOUNT, "main", "us-east-1", "acme-trails").multi_region());
    world.buckets.push(Bucket::new("acme-trails", ACCOUNT, "eu-west-1"));
    Simulator::new(world)
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

async fn serve(simulator: &Simulator) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let simulator = simulator.clone();
    let task =
        tokio::spawn(async move { simulator.serve(listener, async { stopped.await.unwrap_or_default() }).await });
    Server { address, stop, task }
}

/// A configuration that asks over the socket, with the SDK's own HTTP client.
fn over(simulator: &Simulator, server: &Server) -> SdkConfig {
    let client = aws_smithy_http_client::Builder::new().build_http();
    let config = of_management(simulator, "us-east-1").into_builder();
    config.http_client(client).endpoint_url(format!("http://{}", server.address)).build()
}

#[tokio::test]
async fn the_sdk_asks_over_a_socket() {
    let simulator = simulator();
    let server = serve(&simulator).await;
    let config = over(&simulator, &server);
    let cloudtrail = aws_sdk_cloudtrail::Client::new(&config);
    for _ in 0..3 {
        assert_eq!(cloudtrail.describe_trails().send().await.unwrap().trail_list().len(), 1);
    }
    let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some(ACCOUNT));
    let s3 = aws_sdk_s3::Client::new(&config);
    let head = s3.head_bucket().bucket("acme-trails").send().await.unwrap_err();
    assert_eq!(head.raw_response().unwrap().headers().get("x-amz-bucket-region"), Some("eu-west-1"));
    assert_eq!(simulator.requests().len(), 5);
    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn broken_connections_are_broken() {
    for effect in [Effect::ConnectionRefused, Effect::ResetBeforeAnswer, Effect::ResetInBody] {
        let simulator = simulator().with_weather(vec![Weather::new(effect.clone()).first(1)]);
        let server = serve(&simulator).await;
        let cloudtrail = aws_sdk_cloudtrail::Client::new(&over(&simulator, &server));
        let error = cloudtrail.describe_trails().send().await.unwrap_err();
        assert!(error.as_service_error().is_none(), "{effect:?} {error:?}");
        assert!(cloudtrail.describe_trails().send().await.is_ok(), "{effect:?}");
    }
}

#[tokio::test]
async fn garbage_gets_a_400() {
    let simulator = simulator();
    let server = serve(&simulator).await;
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over tls\r\n\r\n"[..],
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"POST /%ff%00 HTTP/1.1\r\nHost: x\r\nAuthorization: \xff\xfe\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\xff\xff\xff",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 Credential=///\r\nConnection: close\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(garbage).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    let cloudtrail = aws_sdk_cloudtrail::Client::new(&over(&simulator, &server));
    assert!(cloudtrail.describe_trails().send().await.is_ok());
    let malformed = http_post(&server, &simulator.credentials().0, b"[1, 2").await;
    assert!(malformed.contains("SerializationException"), "{malformed}");
    assert_eq!(refusal(cloudtrail.get_trail().name("nothing").send().await).1, "TrailNotFoundException");
}

async fn http_post(server: &Server, key: &str, body: &[u8]) -> String {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nx-amz-target: CloudTrail_20131101.GetTrail\r\nAuthorization: AWS4-HMAC-SHA256 \
         Credential={key}/20261120/us-east-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=0\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Asks one address, whatever the account: by itself S3 Control puts the account before the host, and
/// `111111111111.127.0.0.1` is no name that resolves.
#[derive(Debug)]
struct At(String);

impl ResolveEndpoint for At {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

#[tokio::test]
async fn s3_control_is_known_by_its_header() {
    let simulator = simulator();
    let server = serve(&simulator).await;
    let config = aws_sdk_s3control::config::Builder::from(&over(&simulator, &server));
    let config = config.endpoint_resolver(At(format!("http://{}", server.address))).build();
    let control = aws_sdk_s3control::Client::from_conf(config);
    let answer = refusal(control.get_public_access_block().account_id(ACCOUNT).send().await);
    assert_eq!(answer.1, "NoSuchPublicAccessBlockConfiguration");
}
