use crate::simulator::clients::{of_account, of_role, refusal};
use aws_sdk_athena::Client;
use aws_sdk_athena::types::DataCatalogType;
use trailproof::simulator::{Account, AthenaTable, DataCatalog, Denial, PolicyKind, Role, Simulator, World};

const OWNER: &str = "222222222222";

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "log-archive").with_role(Role::new("audit", "111111111111")));
    let table = |name: &str, location: &str| AthenaTable::new(OWNER, "eu-west-1", name, location);
    world.athena_tables = vec![
        AthenaTable { database: "security".into(), ..table("trails", "s3://logs/AWSLogs/") },
        AthenaTable { location: None, ..table("view", "") },
        table("sales", "s3://sales/"),
        AthenaTable::new("111111111111", "eu-west-1", "other", "s3://other/"),
    ];
    let (account, region) = (OWNER.to_owned(), "eu-west-1".to_owned());
    world.data_catalogs.push(DataCatalog { account, region, name: "orders".into(), kind: "LAMBDA".into() });
    world
}

fn client(world: World) -> Client {
    Client::new(&of_account(&Simulator::new(world), OWNER, "eu-west-1"))
}

#[tokio::test]
async fn catalogs_hold_databases_that_hold_tables() {
    let client = client(world());
    let catalogs = client.list_data_catalogs().send().await.unwrap();
    let catalogs: Vec<_> = catalogs
        .data_catalogs_summary()
        .iter()
        .map(|one| (one.catalog_name().unwrap(), one.r#type().unwrap()))
        .collect();
    assert_eq!(catalogs, [("AwsDataCatalog", &DataCatalogType::Glue), ("orders", &DataCatalogType::Lambda)]);
    let databases = client.list_databases().catalog_name("AwsDataCatalog").send().await.unwrap();
    assert_eq!(databases.database_list().iter().map(|one| one.name()).collect::<Vec<_>>(), ["default", "security"]);
    let listed = client.list_table_metadata().catalog_name("AwsDataCatalog").database_name("security").send();
    let listed = listed.await.unwrap();
    let [trails] = listed.table_metadata_list() else { panic!("{listed:?}") };
    assert_eq!((trails.name(), trails.table_type()), ("trails", Some("EXTERNAL_TABLE")));
    assert_eq!(trails.parameters().unwrap()["location"], "s3://logs/AWSLogs/");
}

#[tokio::test]
async fn tables_come_in_pages_and_views_have_no_location() {
    let request = client(world()).list_table_metadata().catalog_name("AwsDataCatalog").database_name("default");
    let pages = request.max_results(1).into_paginator().send().try_collect().await.unwrap();
    let tables: Vec<_> = pages.iter().flat_map(|page| page.table_metadata_list()).collect();
    assert_eq!(tables.iter().map(|table| table.name()).collect::<Vec<_>>(), ["sales", "view"]);
    assert!(!tables[1].parameters().unwrap().contains_key("location"));
    let refused = refusal(client(world()).list_data_catalogs().max_results(51).send().await);
    assert_eq!(refused.1, "InvalidRequestException");
    let refused = refusal(client(world()).list_data_catalogs().next_token("zz").send().await);
    assert_eq!(refused.1, "InvalidRequestException");
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let client = client(world());
    assert_eq!(refusal(client.list_databases().catalog_name("gone").send().await).1, "InvalidRequestException");
    let listed = client.list_table_metadata().catalog_name("AwsDataCatalog").database_name("gone").send().await;
    let (_, code, message) = refusal(listed);
    assert_eq!(code, "MetadataException");
    assert!(message.contains("EntityNotFoundException"), "{message}");
    assert_eq!(refusal(client.list_databases().catalog_name("orders").send().await).1, "MetadataException");
    assert_eq!(refusal(client.stop_query_execution().query_execution_id("x").send().await).0, 403);
}

#[tokio::test]
async fn athena_and_glue_must_both_allow() {
    let denied = |action: &str| {
        let mut world = world();
        world.account_mut(OWNER).unwrap().denials.push(Denial::explicit(PolicyKind::ServiceControl, action));
        client(world)
    };
    let (_, code, message) = refusal(denied("athena:List*").list_data_catalogs().send().await);
    assert_eq!(code, "AccessDeniedException");
    assert!(message.starts_with("You are not authorized to perform: athena:ListDataCatalogs"), "{message}");
    let client = denied("glue:GetTables");
    assert!(client.list_databases().catalog_name("AwsDataCatalog").send().await.is_ok());
    let listed = client.list_table_metadata().catalog_name("AwsDataCatalog").database_name("default").send().await;
    let (status, code, message) = refusal(listed);
    assert_eq!((status, code.as_str()), (400, "MetadataException"));
    assert!(message.contains("glue:GetTables on resource: arn:aws:glue:eu-west-1:222222222222:catalog"), "{message}");
    assert!(message.contains("AccessDeniedException"), "{message}");
    let simulator = Simulator::new(world());
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"athena:*","Resource":"*"}]}"#;
    let role = of_role(&simulator, "arn:aws:iam::222222222222:role/audit", policy, "eu-west-1").await;
    let refused = refusal(Client::new(&role).list_databases().catalog_name("AwsDataCatalog").send().await);
    assert!(refused.2.contains("no session policy allows the glue:GetDatabases action"), "{refused:?}");
    assert!(simulator.requests().iter().any(|request| request.also == Some("glue:GetDatabases")));
}
