use crate::simulator::clients::{of_account, refusal};
use aws_sdk_kms::Client;
use aws_sdk_kms::types::{KeyState, MultiRegionKeyType};
use serde_json::json;
use trailproof::simulator::{Account, Key, MultiRegion, Simulator, World};

const OWNER: &str = "222222222222";
const KEY: &str = "arn:aws:kms:eu-west-1:222222222222:key/1111";

fn simulator(change: impl FnOnce(&mut Key)) -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "log-archive"));
    let mut key = Key::new(KEY);
    change(&mut key);
    world.keys.push(key);
    Simulator::new(world)
}

fn client(simulator: &Simulator, account: &str, region: &'static str) -> Client {
    Client::new(&of_account(simulator, account, region))
}

#[tokio::test]
async fn a_key_is_found_by_id_alias_and_arn() {
    let simulator = simulator(|key| key.aliases.push("arn:aws:kms:eu-west-1:222222222222:alias/trails".into()));
    let kms = client(&simulator, OWNER, "eu-west-1");
    for id in ["1111", "alias/trails", "arn:aws:kms:eu-west-1:222222222222:alias/trails", KEY] {
        let key = kms.describe_key().key_id(id).send().await.unwrap().key_metadata.unwrap();
        assert_eq!((key.arn(), key.key_state()), (Some(KEY), Some(&KeyState::Enabled)), "{id}");
    }
    assert_eq!(refusal(kms.describe_key().key_id("2222").send().await).1, "NotFoundException");
    let elsewhere = client(&simulator, OWNER, "us-east-1").describe_key().key_id(KEY).send().await;
    assert_eq!(refusal(elsewhere), (400, "NotFoundException".into(), "Invalid arn eu-west-1".into()));
}

#[tokio::test]
async fn other_accounts_need_the_keys_policy() {
    let closed = simulator(|_| {});
    let told = format!(
        "User: arn:aws:iam::111111111111:user/auditor is not authorized to perform: kms:DescribeKey on resource: {KEY} \
         because no resource-based policy allows the kms:DescribeKey action"
    );
    let outside = client(&closed, "111111111111", "eu-west-1");
    let expected = (400, "AccessDeniedException".to_owned(), told);
    assert_eq!(refusal(outside.describe_key().key_id(KEY).send().await), expected);
    let open = simulator(|key| {
        key.policy =
            json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "kms:*", "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-exampleorgid" } } }] })
            .to_string();
    });
    let inside = client(&open, "111111111111", "eu-west-1");
    assert!(inside.describe_key().key_id(KEY).send().await.is_ok());
    assert!(inside.get_key_rotation_status().key_id(KEY).send().await.is_ok());
    // The policy is never another account's to read.
    assert_eq!(refusal(inside.get_key_policy().key_id(KEY).send().await).1, "AccessDeniedException");
    let own = client(&closed, OWNER, "eu-west-1").get_key_policy().key_id(KEY).send().await.unwrap();
    assert!(own.policy().unwrap().contains("arn:aws:iam::222222222222:root"));
}

#[tokio::test]
async fn rotation_is_for_keys_that_can_rotate() {
    let status = |simulator: Simulator| async move {
        client(&simulator, OWNER, "eu-west-1").get_key_rotation_status().key_id(KEY).send().await
    };
    let on = status(simulator(|_| {})).await.unwrap();
    assert_eq!((on.key_rotation_enabled(), on.rotation_period_in_days()), (true, Some(365)));
    assert!(!status(simulator(|key| key.rotation = None)).await.unwrap().key_rotation_enabled());
    assert!(!status(simulator(|key| key.state = "PendingDeletion".into())).await.unwrap().key_rotation_enabled());
    for change in [|key: &mut Key| key.spec = "RSA_2048".into(), |key: &mut Key| key.origin = "EXTERNAL".into()] {
        assert_eq!(refusal(status(simulator(change)).await).1, "UnsupportedOperationException");
    }
}

#[tokio::test]
async fn what_a_key_is_about_to_become_is_told() {
    let when = "2026-12-01T00:00:00Z".parse().unwrap();
    let replica = "arn:aws:kms:us-east-1:222222222222:key/1111";
    let simulator = simulator(|key| {
        *key = key.clone().deleted_at(when);
        key.multi_region = Some(MultiRegion { primary: replica.into(), replicas: vec![KEY.into()] });
        key.valid_to = Some(when);
    });
    let key =
        client(&simulator, OWNER, "eu-west-1").describe_key().key_id(KEY).send().await.unwrap().key_metadata.unwrap();
    assert_eq!((key.key_state(), key.enabled()), (Some(&KeyState::PendingDeletion), false));
    assert_eq!(key.deletion_date().unwrap().secs(), when.as_second());
    assert_eq!(key.valid_to().unwrap().secs(), when.as_second());
    let copies = key.multi_region_configuration().unwrap();
    assert_eq!(copies.multi_region_key_type(), Some(&MultiRegionKeyType::Replica));
    assert_eq!(copies.primary_key().unwrap().region(), Some("us-east-1"));
}
