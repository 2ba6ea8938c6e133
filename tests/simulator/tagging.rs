use crate::simulator::clients::{of_account, refusal};
use aws_sdk_resourcegroupstagging::Client;
use aws_sdk_resourcegroupstagging::types::TagFilter;
use trailproof::simulator::{Account, Bucket, Denial, PolicyKind, Simulator, World};

const OWNER: &str = "222222222222";

fn simulator() -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "payments"));
    let bucket = |name: &str, region: &str| Bucket::new(name, OWNER, region);
    world.buckets.push(bucket("untagged", "eu-west-1"));
    world.buckets.push(bucket("secret", "eu-west-1").with_tag("class", "secret").with_tag("team", "payments"));
    world.buckets.push(bucket("public", "eu-west-1").with_tag("class", "public"));
    world.buckets.push(bucket("elsewhere", "us-east-1").with_tag("class", "secret"));
    world.buckets.push(Bucket::new("of-another", "111111111111", "eu-west-1").with_tag("class", "secret"));
    Simulator::new(world)
}

fn filter(key: &str, values: &[&str]) -> TagFilter {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    TagFilter::builder().key(key).set_values(Some(values)).build()
}

async fn found(region: &'static str, filters: &[TagFilter]) -> Vec<String> {
    let client = Client::new(&of_account(&simulator(), OWNER, region));
    let request = client.get_resources().resource_type_filters("s3:bucket").set_tag_filters(Some(filters.to_vec()));
    let answer = request.send().await.unwrap();
    let arns = answer.resource_tag_mapping_list().iter().map(|resource| resource.resource_arn().unwrap());
    arns.map(|arn| arn.strip_prefix("arn:aws:s3:::").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn tagged_buckets_of_the_account_and_region_are_found() {
    assert_eq!(found("eu-west-1", &[]).await, ["public", "secret"]);
    assert_eq!(found("us-east-1", &[]).await, ["elsewhere"]);
    assert_eq!(found("eu-west-1", &[filter("class", &["secret", "top"])]).await, ["secret"]);
    assert_eq!(found("eu-west-1", &[filter("class", &[])]).await, ["public", "secret"]);
    assert_eq!(found("eu-west-1", &[filter("class", &[]), filter("team", &[])]).await, ["secret"], "filters add up");
    assert_eq!(found("eu-west-1", &[filter("Class", &[])]).await, Vec::<String>::new());
}

#[tokio::test]
async fn other_resources_are_not_tagged() {
    let client = Client::new(&of_account(&simulator(), OWNER, "eu-west-1"));
    let answer = client.get_resources().resource_type_filters("ec2:instance").send().await.unwrap();
    assert_eq!((answer.resource_tag_mapping_list().len(), answer.pagination_token()), (0, Some("")));
    let answer = client.get_resources().resource_type_filters("s3").send().await.unwrap();
    let secret = &answer.resource_tag_mapping_list()[1];
    let tags: Vec<(&str, &str)> = secret.tags().iter().map(|tag| (tag.key(), tag.value())).collect();
    assert_eq!(tags, [("class", "secret"), ("team", "payments")]);
}

#[tokio::test]
async fn pages_follow_each_other_and_strange_requests_are_refused() {
    let client = Client::new(&of_account(&simulator(), OWNER, "eu-west-1"));
    let pages = client.get_resources().resources_per_page(1).into_paginator().send();
    let pages = pages.try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.resource_tag_mapping_list().len()).collect::<Vec<_>>(), [1, 1]);
    let refused = refusal(client.get_resources().pagination_token("zz").send().await);
    assert_eq!((refused.0, refused.1.as_str()), (400, "PaginationTokenExpiredException"));
    let refused = refusal(client.get_resources().resources_per_page(101).send().await);
    assert_eq!(refused.1, "InvalidParameterException");
    let values: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    let many = TagFilter::builder().key("k").set_values(Some(values)).build();
    assert_eq!(refusal(client.get_resources().tag_filters(many).send().await).1, "InvalidParameterException");
}

#[tokio::test]
async fn a_denial_is_told_as_aws_tells_it() {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    let denial = Denial::explicit(PolicyKind::ServiceControl, "tag:*");
    world.accounts.push(Account::new(OWNER, "payments").with_denial(denial));
    let client = Client::new(&of_account(&Simulator::new(world), OWNER, "eu-west-1"));
    let (status, code, message) = refusal(client.get_resources().send().await);
    assert_eq!((status, code.as_str()), (400, "AccessDeniedException"));
    assert!(message.contains("tag:GetResources with an explicit deny in a service control policy"), "{message}");
}
