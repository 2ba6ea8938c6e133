use crate::simulator::clients::{of_account, refusal};
use aws_sdk_sns::Client;
use trailproof::simulator::{Account, Simulator, Subscription, Topic, World};

const OWNER: &str = "222222222222";
const TOPIC: &str = "arn:aws:sns:eu-west-1:222222222222:delivered";

fn simulator() -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "payments"));
    let mut topic = Topic::new(TOPIC);
    for number in 0..101 {
        topic = topic.heard_by("email", &format!("{number}@example.com"));
    }
    topic.subscriptions[1].filter_policy = Some(r#"{"severity":["high"]}"#.into());
    let pending = Subscription { confirmed: false, ..Subscription::new("https", "https://example.com") };
    topic.subscriptions.push(pending);
    topic.kms_key = Some("alias/topics".into());
    world.topics.push(topic);
    Simulator::new(world)
}

#[tokio::test]
async fn a_topic_has_attributes_and_subscriptions() {
    let sns = Client::new(&of_account(&simulator(), OWNER, "eu-west-1"));
    let topic = sns.get_topic_attributes().topic_arn(TOPIC).send().await.unwrap();
    let attribute = |name: &str| topic.attributes().unwrap().get(name).map(String::as_str);
    assert_eq!(attribute("Owner"), Some(OWNER));
    assert_eq!(attribute("SubscriptionsConfirmed"), Some("101"));
    assert_eq!(attribute("KmsMasterKeyId"), Some("alias/topics"));
    assert!(attribute("Policy").unwrap().contains("cloudtrail.amazonaws.com"));
    let first = sns.list_subscriptions_by_topic().topic_arn(TOPIC).send().await.unwrap();
    assert_eq!(first.subscriptions().len(), 100);
    let rest =
        sns.list_subscriptions_by_topic().topic_arn(TOPIC).set_next_token(first.next_token).send().await.unwrap();
    assert_eq!(rest.subscriptions()[1].subscription_arn(), Some("PendingConfirmation"));
}

#[tokio::test]
async fn a_confirmed_subscription_has_attributes() {
    let sns = Client::new(&of_account(&simulator(), OWNER, "eu-west-1"));
    let listed = sns.list_subscriptions_by_topic().topic_arn(TOPIC).send().await.unwrap();
    let mut filters = Vec::new();
    for subscription in &listed.subscriptions()[..2] {
        let arn = subscription.subscription_arn().unwrap();
        let answer = sns.get_subscription_attributes().subscription_arn(arn).send().await.unwrap();
        let attributes = answer.attributes().unwrap();
        assert_eq!(attributes.get("SubscriptionArn").map(String::as_str), Some(arn));
        assert_eq!(attributes.get("PendingConfirmation").map(String::as_str), Some("false"));
        filters.push(attributes.get("FilterPolicy").cloned());
    }
    assert_eq!(filters, [None, Some(r#"{"severity":["high"]}"#.to_owned())]);
    for gone in ["101", "102", "none"] {
        let arn = format!("{TOPIC}:{gone}");
        let refused = refusal(sns.get_subscription_attributes().subscription_arn(arn).send().await);
        assert_eq!(refused, (404, "NotFound".into(), "Subscription does not exist".into()));
    }
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_not_found() {
    let simulator = simulator();
    let ask = |account: &str, region: &'static str, arn: &'static str| {
        let sns = Client::new(&of_account(&simulator, account, region));
        async move { refusal(sns.get_topic_attributes().topic_arn(arn).send().await) }
    };
    let gone = "arn:aws:sns:eu-west-1:222222222222:gone";
    assert_eq!(ask(OWNER, "eu-west-1", gone).await, (404, "NotFound".into(), "Topic does not exist".into()));
    assert_eq!(ask(OWNER, "us-east-1", TOPIC).await.1, "InvalidParameter");
    let (status, code, message) = ask("111111111111", "eu-west-1", TOPIC).await;
    assert_eq!((status, code.as_str()), (403, "AuthorizationError"));
    assert!(
        message.ends_with("because no resource-based policy allows the sns:GetTopicAttributes action"),
        "{message}"
    );
}
