use crate::simulator::clients::{READ_EVERYTHING, of_account, of_management, of_role, refusal};
use trailproof::simulator::{Account, AccountState, Role, Simulator, World};

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    let role = || Role::new("audit", "111111111111");
    world.accounts.push(Account::new("222222222222", "payments").with_role(role()));
    world.accounts.push(Account::new("333333333333", "guarded").with_role(role().with_external_id("secret-word")));
    world.accounts.push(Account::new("444444444444", "gone").with_role(role()).in_state(AccountState::Suspended));
    world
}

#[tokio::test]
async fn a_role_is_assumed_and_acts_for_its_account() {
    let simulator = Simulator::new(world());
    let config = of_role(&simulator, "arn:aws:iam::222222222222:role/audit", READ_EVERYTHING, "eu-west-1").await;
    let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("222222222222"));
    assert_eq!(identity.arn(), Some("arn:aws:sts::222222222222:assumed-role/audit/test"));
}

#[tokio::test]
async fn a_role_that_does_not_let_one_in_is_denied() {
    let simulator = Simulator::new(world());
    let sts = aws_sdk_sts::Client::new(&of_management(&simulator, "us-east-1"));
    let assume = |arn: &'static str, external: Option<&'static str>| {
        let call = sts.assume_role().role_arn(arn).role_session_name("test").policy(READ_EVERYTHING);
        call.set_external_id(external.map(str::to_owned)).send()
    };
    for (arn, external) in [
        ("arn:aws:iam::222222222222:role/nobody", None),
        ("arn:aws:iam::333333333333:role/audit", None),
        ("arn:aws:iam::333333333333:role/audit", Some("wrong")),
        ("arn:aws:iam::444444444444:role/audit", None),
        ("arn:aws:iam::999999999999:role/audit", None),
        ("not an arn, but long enough", None),
    ] {
        let expected = format!(
            "User: arn:aws:iam::111111111111:user/auditor is not authorized to perform: sts:AssumeRole on resource: {arn}"
        );
        assert_eq!(refusal(assume(arn, external).await), (403, "AccessDenied".into(), expected));
    }
    assume("arn:aws:iam::333333333333:role/audit", Some("secret-word")).await.unwrap();
}

#[tokio::test]
async fn a_session_policy_is_wanted_and_may_not_be_long() {
    let simulator = Simulator::new(world());
    let sts = aws_sdk_sts::Client::new(&of_management(&simulator, "us-east-1"));
    let assume = |policy: Option<String>| {
        let call = sts.assume_role().role_arn("arn:aws:iam::222222222222:role/audit").role_session_name("test");
        call.set_policy(policy).send()
    };
    let (status, code, message) = refusal(assume(None).await);
    assert_eq!((status, code.as_str()), (400, "ValidationError"));
    assert!(message.contains("the simulator refuses"), "{message}");
    let (_, code, message) = refusal(assume(Some(format!("{{{}}}", " ".repeat(2_047)))).await);
    assert_eq!(code, "ValidationError");
    assert!(message.contains("2048"), "{message}");
    let (_, code, _) = refusal(assume(Some("{}".to_owned())).await);
    assert_eq!(code, "MalformedPolicyDocument");
}

#[tokio::test]
async fn unknown_keys_and_regions_that_are_off_are_told_apart_by_nobody() {
    let simulator = Simulator::new(world());
    for (account, region) in
        [("999999999999", "us-east-1"), ("222222222222", "me-south-1"), ("444444444444", "us-east-1")]
    {
        let sts = aws_sdk_sts::Client::new(&of_account(&simulator, account, region));
        let expected =
            (403, "InvalidClientTokenId".into(), "The security token included in the request is invalid.".into());
        assert_eq!(refusal(sts.get_caller_identity().send().await), expected, "{account} {region}");
    }
}
