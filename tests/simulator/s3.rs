use crate::simulator::clients::{of_account, refusal};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{BucketLocationConstraint, ExpirationStatus, Permission};
use serde_json::json;
use trailproof::simulator::{Account, Bucket, Grant, PublicAccessBlock, Simulator, World};

const OWNER: &str = "222222222222";
const MEMBER: &str = "333333333333";
const STRANGER: &str = "999999999999";

fn world(bucket: Bucket) -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "log-archive"));
    world.accounts.push(Account::new(MEMBER, "payments"));
    world.accounts.push(Account::new(STRANGER, "vendor").outside());
    world.buckets.push(bucket);
    world
}

fn client(simulator: &Simulator, account: &str, region: &'static str) -> Client {
    Client::new(&of_account(simulator, account, region))
}

fn owner_of(bucket: Bucket) -> Client {
    client(&Simulator::new(world(bucket)), OWNER, "eu-west-1")
}

fn bucket() -> Bucket {
    Bucket::new("acme-trails", OWNER, "eu-west-1")
}

#[tokio::test]
async fn the_wrong_region_is_told_the_right_one() {
    let simulator = Simulator::new(world(bucket()));
    let wrong = client(&simulator, OWNER, "us-west-2");
    let head = wrong.head_bucket().bucket("acme-trails").send().await.unwrap_err();
    let raw = head.raw_response().unwrap();
    assert_eq!((raw.status().as_u16(), raw.headers().get("x-amz-bucket-region")), (301, Some("eu-west-1")));
    assert_eq!(raw.body().bytes(), Some(&b""[..]));
    let policy = wrong.get_bucket_policy().bucket("acme-trails").send().await.unwrap_err();
    assert_eq!(policy.code(), Some("PermanentRedirect"));
    assert_eq!(policy.raw_response().unwrap().headers().get("x-amz-bucket-region"), Some("eu-west-1"));
    let location = wrong.get_bucket_location().bucket("acme-trails").send().await.unwrap();
    assert_eq!(location.location_constraint(), Some(&BucketLocationConstraint::EuWest1));
    let right = client(&simulator, OWNER, "eu-west-1").head_bucket().bucket("acme-trails").send().await.unwrap();
    assert_eq!(right.bucket_region(), Some("eu-west-1"));
}

#[tokio::test]
async fn virtual_hosts_and_paths_mean_the_same() {
    let simulator = Simulator::new(world(bucket().versioned()));
    let config = of_account(&simulator, OWNER, "eu-west-1");
    for path_style in [false, true] {
        let config = aws_sdk_s3::config::Builder::from(&config).force_path_style(path_style).build();
        let versioning = Client::from_conf(config).get_bucket_versioning().bucket("acme-trails").send().await.unwrap();
        assert_eq!(versioning.status().map(|status| status.as_str()), Some("Enabled"));
    }
    let asked: Vec<_> = simulator.requests().into_iter().map(|record| record.resource).collect();
    assert!(asked[0].contains("://acme-trails.s3.eu-west-1."), "{asked:?}");
    assert!(asked[1].contains("amazonaws.com/acme-trails"), "{asked:?}");
}

#[tokio::test]
async fn what_was_never_set_has_an_error_of_its_own() {
    let bare = Bucket { encryption: None, public_access_block: None, ownership: None, ..bucket() };
    let s3 = owner_of(bare);
    let name = "acme-trails";
    let missing = [
        ("NoSuchBucketPolicy", refusal(s3.get_bucket_policy().bucket(name).send().await)),
        ("NoSuchBucketPolicy", refusal(s3.get_bucket_policy_status().bucket(name).send().await)),
        ("NoSuchPublicAccessBlockConfiguration", refusal(s3.get_public_access_block().bucket(name).send().await)),
        ("OwnershipControlsNotFoundError", refusal(s3.get_bucket_ownership_controls().bucket(name).send().await)),
        ("NoSuchLifecycleConfiguration", refusal(s3.get_bucket_lifecycle_configuration().bucket(name).send().await)),
        (
            "ServerSideEncryptionConfigurationNotFoundError",
            refusal(s3.get_bucket_encryption().bucket(name).send().await),
        ),
        ("ObjectLockConfigurationNotFoundError", refusal(s3.get_object_lock_configuration().bucket(name).send().await)),
        ("ReplicationConfigurationNotFoundError", refusal(s3.get_bucket_replication().bucket(name).send().await)),
        ("NoSuchTagSet", refusal(s3.get_bucket_tagging().bucket(name).send().await)),
        ("NoSuchBucket", refusal(s3.get_bucket_tagging().bucket("acme-nothing").send().await)),
    ];
    for (expected, (status, code, _)) in missing {
        assert_eq!((status, code.as_str()), (404, expected));
    }
    assert!(s3.head_bucket().bucket("acme-nothing").send().await.unwrap_err().into_service_error().is_not_found());
    assert!(s3.get_bucket_logging().bucket(name).send().await.unwrap().logging_enabled().is_none());
    assert!(s3.get_bucket_versioning().bucket(name).send().await.unwrap().status().is_none());
    let payer = s3.get_bucket_request_payment().bucket(name).send().await.unwrap();
    assert_eq!(payer.payer().map(|payer| payer.as_str()), Some("BucketOwner"));
}

#[tokio::test]
async fn configuration_is_read_as_it_was_set() {
    let mut full = bucket().versioned().logging_to("acme-access", "trails/").with_tag("team", "red & blue");
    full.mfa_delete = Some("Enabled".into());
    full.encryption = bucket().encrypted_with("arn:aws:kms:eu-west-1:222222222222:key/1").encryption;
    full.lifecycle = Some(json!({ "Rules": [
        { "ID": "<1>", "Status": "Enabled", "Filter": { "And": { "Prefix": "AWSLogs/", "Tags": [{ "Key": "k", "Value": "v" }] } },
          "Expiration": { "Days": 2555 }, "Transitions": [{ "Days": 90, "StorageClass": "GLACIER" }, { "Days": 400, "StorageClass": "DEEP_ARCHIVE" }],
          "NoncurrentVersionExpiration": { "NoncurrentDays": 30, "NewerNoncurrentVersions": 2 },
          "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 7 } },
        { "ID": "2", "Status": "Disabled", "Filter": { "Prefix": "" }, "Expiration": { "ExpiredObjectDeleteMarker": true } } ] }));
    full.object_lock = Some(
        json!({ "ObjectLockEnabled": "Enabled", "Rule": { "DefaultRetention": { "Mode": "COMPLIANCE", "Years": 7 } } }),
    );
    full.replication = Some(
        json!({ "Role": "arn:aws:iam::222222222222:role/copy", "Rules": [{ "ID": "r", "Priority": 1, "Status": "Enabled",
        "Filter": { "Prefix": "" }, "DeleteMarkerReplication": { "Status": "Disabled" },
        "Destination": { "Bucket": "arn:aws:s3:::acme-copy", "Account": "333333333333" } }] }),
    );
    full.payer = Some("Requester".into());
    let s3 = owner_of(full);
    let name = "acme-trails";

    let versioning = s3.get_bucket_versioning().bucket(name).send().await.unwrap();
    assert_eq!(versioning.mfa_delete().map(|status| status.as_str()), Some("Enabled"));
    let logging = s3.get_bucket_logging().bucket(name).send().await.unwrap().logging_enabled.unwrap();
    assert_eq!((logging.target_bucket(), logging.target_prefix()), ("acme-access", "trails/"));
    let tags = s3.get_bucket_tagging().bucket(name).send().await.unwrap();
    assert_eq!(tags.tag_set()[0].value(), "red & blue");
    let encryption = s3.get_bucket_encryption().bucket(name).send().await.unwrap();
    let encryption = encryption.server_side_encryption_configuration().unwrap().rules()[0].clone();
    let by_default = encryption.apply_server_side_encryption_by_default().unwrap();
    assert_eq!(by_default.kms_master_key_id(), Some("arn:aws:kms:eu-west-1:222222222222:key/1"));

    let lifecycle = s3.get_bucket_lifecycle_configuration().bucket(name).send().await.unwrap();
    let [first, second] = lifecycle.rules() else { panic!("{lifecycle:?}") };
    assert_eq!((first.id(), first.expiration().unwrap().days()), (Some("<1>"), Some(2555)));
    assert_eq!(first.transitions().len(), 2);
    assert_eq!(first.filter().unwrap().and().unwrap().tags()[0].key(), "k");
    assert_eq!(first.noncurrent_version_expiration().unwrap().newer_noncurrent_versions(), Some(2));
    assert_eq!(second.status(), &ExpirationStatus::Disabled);
    assert_eq!(second.filter().unwrap().prefix(), Some(""));

    let lock = s3.get_object_lock_configuration().bucket(name).send().await.unwrap().object_lock_configuration.unwrap();
    assert_eq!(lock.rule().unwrap().default_retention().unwrap().years(), Some(7));
    let replication = s3.get_bucket_replication().bucket(name).send().await.unwrap().replication_configuration.unwrap();
    assert_eq!(replication.rules()[0].destination().unwrap().account(), Some("333333333333"));
    let payer = s3.get_bucket_request_payment().bucket(name).send().await.unwrap();
    assert_eq!(payer.payer().map(|payer| payer.as_str()), Some("Requester"));
    let block = s3.get_public_access_block().bucket(name).send().await.unwrap();
    assert_eq!(block.public_access_block_configuration().unwrap().restrict_public_buckets(), Some(true));
    let ownership = s3.get_bucket_ownership_controls().bucket(name).send().await.unwrap();
    assert_eq!(ownership.ownership_controls().unwrap().rules()[0].object_ownership().as_str(), "BucketOwnerEnforced");
}

#[tokio::test]
async fn the_acl_is_the_one_that_is_enforced() {
    let open = |bucket: Bucket| Bucket { grants: vec![Grant::to_everyone("READ")], ..bucket };
    let old = || Bucket::old("acme-trails", OWNER, "eu-west-1");
    for (bucket, everyone) in [
        (open(old()), true),
        (open(Bucket { public_access_block: Some(PublicAccessBlock::ALL), ..old() }), false),
        (open(Bucket { ownership: Some("BucketOwnerEnforced".into()), ..old() }), false),
    ] {
        let acl = owner_of(bucket).get_bucket_acl().bucket("acme-trails").send().await.unwrap();
        let grants = acl.grants();
        assert_eq!(grants[0].permission(), Some(&Permission::FullControl));
        assert_eq!(grants[0].grantee().unwrap().id(), acl.owner().unwrap().id());
        let uri = grants.get(1).map(|grant| grant.grantee().unwrap().uri().unwrap());
        assert_eq!(uri, everyone.then_some("http://acs.amazonaws.com/groups/global/AllUsers"));
    }
    let mut world = world(open(old()));
    world.account_mut(OWNER).unwrap().public_access_block = Some(PublicAccessBlock::ALL);
    let s3 = client(&Simulator::new(world), OWNER, "eu-west-1");
    assert_eq!(s3.get_bucket_acl().bucket("acme-trails").send().await.unwrap().grants().len(), 1);
}

#[tokio::test]
async fn outsiders_are_kept_out_unless_the_policy_lets_them_in() {
    let simulator = Simulator::new(world(bucket()));
    let stranger = client(&simulator, STRANGER, "eu-west-1").get_bucket_policy().bucket("acme-trails").send().await;
    let region = stranger.as_ref().unwrap_err().raw_response().unwrap().headers().get("x-amz-bucket-region");
    assert_eq!(region, Some("eu-west-1"));
    assert_eq!(refusal(stranger), (403, "AccessDenied".into(), "Access Denied".into()));
    let member = client(&simulator, MEMBER, "eu-west-1").get_bucket_acl().bucket("acme-trails").send().await;
    let told = "User: arn:aws:iam::333333333333:user/auditor is not authorized to perform: s3:GetBucketAcl on resource: \
                \"arn:aws:s3:::acme-trails\" because no resource-based policy allows the s3:GetBucketAcl action";
    assert_eq!(refusal(member), (403, "AccessDenied".into(), told.into()));

    let welcome = bucket().with_policy(
        &json!({ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "*" }] }),
    );
    let s3 = client(&Simulator::new(world(welcome)), STRANGER, "eu-west-1");
    assert!(s3.get_bucket_acl().bucket("acme-trails").send().await.is_ok());
    let policy = refusal(s3.get_bucket_policy().bucket("acme-trails").send().await);
    assert_eq!((policy.0, policy.1.as_str()), (405, "MethodNotAllowed"));
    assert_eq!(refusal(s3.get_bucket_versioning().bucket("acme-trails").send().await).0, 403);
}

#[tokio::test]
async fn the_expected_owner_must_own() {
    let s3 = owner_of(bucket());
    let expecting = |owner: &'static str| s3.get_bucket_acl().bucket("acme-trails").expected_bucket_owner(owner).send();
    assert!(expecting(OWNER).await.is_ok());
    assert_eq!(refusal(expecting(STRANGER).await).0, 403);
}

#[tokio::test]
async fn aws_judges_policies_too() {
    let statement = |condition| {
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::acme-trails/*", "Condition": condition }] })
    };
    let tls = statement(json!({ "Bool": { "aws:SecureTransport": "true" } }));
    let organization = statement(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-exampleorgid" } }));
    for (policy, public) in [(tls, true), (organization, false)] {
        let s3 = owner_of(bucket().with_policy(&policy));
        let status = s3.get_bucket_policy_status().bucket("acme-trails").send().await.unwrap();
        assert_eq!(status.policy_status().unwrap().is_public(), Some(public));
        let text = s3.get_bucket_policy().bucket("acme-trails").send().await.unwrap().policy.unwrap();
        assert_eq!(text, policy.to_string());
    }
}

#[tokio::test]
async fn buckets_are_listed_with_their_regions_when_parameters_are_given() {
    let mut world = world(bucket());
    world.buckets.push(Bucket::new("acme-access", OWNER, "us-east-1"));
    world.buckets.push(Bucket::new("other", OWNER, "us-east-1"));
    world.buckets.push(Bucket::new("acme-foreign", MEMBER, "us-east-1"));
    let s3 = client(&Simulator::new(world), OWNER, "us-west-2");
    let plain = s3.list_buckets().send().await.unwrap();
    assert_eq!((plain.buckets().len(), plain.buckets()[0].bucket_region()), (3, None));
    let first = s3.list_buckets().prefix("acme").max_buckets(1).send().await.unwrap();
    assert_eq!(
        (first.buckets()[0].name(), first.buckets()[0].bucket_region()),
        (Some("acme-access"), Some("us-east-1"))
    );
    let token = first.continuation_token().unwrap();
    let second = s3.list_buckets().prefix("acme").max_buckets(1).continuation_token(token).send().await.unwrap();
    assert_eq!((second.buckets()[0].name(), second.continuation_token()), (Some("acme-trails"), None));
    let here = s3.list_buckets().bucket_region("eu-west-1").send().await.unwrap();
    assert_eq!(here.buckets().len(), 1);
}

#[tokio::test]
async fn the_account_has_a_public_access_block_of_its_own() {
    let mut world = world(bucket());
    world.account_mut(OWNER).unwrap().public_access_block =
        Some(PublicAccessBlock { block_public_acls: false, ..PublicAccessBlock::ALL });
    let simulator = Simulator::new(world);
    let control = |account: &str| aws_sdk_s3control::Client::new(&of_account(&simulator, account, "eu-west-1"));
    let own = control(OWNER).get_public_access_block().account_id(OWNER).send().await.unwrap();
    let own = own.public_access_block_configuration().unwrap();
    assert_eq!((own.block_public_acls(), own.block_public_policy()), (Some(false), Some(true)));
    let never_set = control(MEMBER).get_public_access_block().account_id(MEMBER).send().await;
    let never_set = refusal(never_set);
    assert_eq!((never_set.0, never_set.1.as_str()), (404, "NoSuchPublicAccessBlockConfiguration"));
    assert_eq!(refusal(control(MEMBER).get_public_access_block().account_id(OWNER).send().await).0, 403);
}
