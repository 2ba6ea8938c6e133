//! The types of resources that data events are selected by.
//!
//! CloudTrail adds types every few weeks: a type that is not here is none that does not exist, and nothing is guessed
//! about it.

/// The service in the ARNs of a type's resources.
pub(super) fn arn_service(resource_type: &str) -> Option<&'static str> {
    ARN_SERVICES.binary_search_by_key(&resource_type, |(name, _)| name).ok().map(|at| ARN_SERVICES[at].1)
}

/// The source of a type's data events, where the records that AWS publishes show it.
///
/// Sources: S3 User Guide, "Amazon S3 CloudTrail events"; Lambda Developer Guide, "Logging AWS Lambda API calls";
/// DynamoDB Developer Guide, "Understanding DynamoDB log file entries"; Aurora User Guide, "Logging Amazon RDS Data API
/// calls" (`rdsdata.amazonaws.com` is the source of management events, those of Aurora Serverless v1); CloudTrail User
/// Guide, "Understanding CloudTrail events" (SNS, Cognito).
pub(super) fn event_source(resource_type: &str) -> Option<&'static str> {
    match resource_type {
        "AWS::Cognito::IdentityPool" => Some("cognito-identity.amazonaws.com"),
        "AWS::DynamoDB::Stream" | "AWS::DynamoDB::Table" => Some("dynamodb.amazonaws.com"),
        "AWS::Lambda::Function" => Some("lambda.amazonaws.com"),
        "AWS::RDS::DBCluster" => Some("rdsdataapi.amazonaws.com"),
        "AWS::S3::Object" => Some("s3.amazonaws.com"),
        "AWS::SNS::PlatformEndpoint" | "AWS::SNS::Topic" => Some("sns.amazonaws.com"),
        _ => None,
    }
}

/// Source: CloudTrail API Reference, AdvancedFieldSelector (`resources.ARN`: the format for each `resources.type`), as the
/// service model gave it until September 2024; later versions refer to the Service Authorization Reference instead.
/// `AWS::SSM::ManagedNode` has two services, and is left out.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>
const ARN_SERVICES: &[(&str, &str)] = &[
    ("AWS::AppConfig::Configuration", "appconfig"),
    ("AWS::B2BI::Transformer", "b2bi"),
    ("AWS::Bedrock::AgentAlias", "bedrock"),
    ("AWS::Bedrock::KnowledgeBase", "bedrock"),
    ("AWS::Cassandra::Table", "cassandra"),
    ("AWS::CloudFront::KeyValueStore", "cloudfront"),
    ("AWS::CloudTrail::Channel", "cloudtrail"),
    ("AWS::CodeWhisperer::Customization", "codewhisperer"),
    ("AWS::CodeWhisperer::Profile", "codewhisperer"),
    ("AWS::Cognito::IdentityPool", "cognito-identity"),
    ("AWS::DynamoDB::Stream", "dynamodb"),
    ("AWS::DynamoDB::Table", "dynamodb"),
    ("AWS::EC2::Snapshot", "ec2"),
    ("AWS::EMRWAL::Workspace", "emrwal"),
    ("AWS::FinSpace::Environment", "finspace"),
    ("AWS::Glue::Table", "glue"),
    ("AWS::GreengrassV2::ComponentVersion", "greengrass"),
    ("AWS::GreengrassV2::Deployment", "greengrass"),
    ("AWS::GuardDuty::Detector", "guardduty"),
    ("AWS::IoT::Certificate", "iot"),
    ("AWS::IoT::Thing", "iot"),
    ("AWS::IoTSiteWise::Asset", "iotsitewise"),
    ("AWS::IoTSiteWise::TimeSeries", "iotsitewise"),
    ("AWS::IoTTwinMaker::Entity", "iottwinmaker"),
    ("AWS::IoTTwinMaker::Workspace", "iottwinmaker"),
    ("AWS::KendraRanking::ExecutionPlan", "kendra-ranking"),
    ("AWS::KinesisVideo::Stream", "kinesisvideo"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::ManagedBlockchain::Network", "managedblockchain"),
    ("AWS::ManagedBlockchain::Node", "managedblockchain"),
    ("AWS::MedicalImaging::Datastore", "medical-imaging"),
    ("AWS::NeptuneGraph::Graph", "neptune-graph"),
    ("AWS::PCAConnectorAD::Connector", "pca-connector-ad"),
    ("AWS::QApps::QApp", "qapps"),
    ("AWS::QBusiness::Application", "qbusiness"),
    ("AWS::QBusiness::DataSource", "qbusiness"),
    ("AWS::QBusiness::Index", "qbusiness"),
    ("AWS::QBusiness::WebExperience", "qbusiness"),
    ("AWS::RDS::DBCluster", "rds"),
    ("AWS::S3::AccessPoint", "s3"),
    ("AWS::S3::Object", "s3"),
    ("AWS::S3ObjectLambda::AccessPoint", "s3-object-lambda"),
    ("AWS::S3Outposts::Object", "s3-outposts"),
    ("AWS::SCN::Instance", "scn"),
    ("AWS::SNS::PlatformEndpoint", "sns"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::SQS::Queue", "sqs"),
    ("AWS::SSMMessages::ControlChannel", "ssmmessages"),
    ("AWS::SWF::Domain", "swf"),
    ("AWS::SageMaker::Endpoint", "sagemaker"),
    ("AWS::SageMaker::ExperimentTrialComponent", "sagemaker"),
    ("AWS::SageMaker::FeatureGroup", "sagemaker"),
    ("AWS::ServiceDiscovery::Namespace", "servicediscovery"),
    ("AWS::ServiceDiscovery::Service", "servicediscovery"),
    ("AWS::ThinClient::Device", "thinclient"),
    ("AWS::ThinClient::Environment", "thinclient"),
    ("AWS::Timestream::Database", "timestream"),
    ("AWS::Timestream::Table", "timestream"),
    ("AWS::VerifiedPermissions::PolicyStore", "verifiedpermissions"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_table_is_found() {
        for (name, service) in ARN_SERVICES {
            assert_eq!(arn_service(name), Some(*service));
        }
        assert_eq!(arn_service("AWS::New::Thing"), None);
    }
}
