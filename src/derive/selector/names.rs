//! Data events by name: which only read and which write, as far as that is documented.
//!
//! So a selector that names only writes does not make a hole in the reads. Names that are not here, or whose access is
//! not documented, may be either.
//!
//! What counts as reading: CloudTrail User Guide, "Read-only and write-only events" (read events "do not change the state
//! of a resource, such as Get* or Describe* events"; write events "add, change, or delete resources, attributes, or
//! artifacts, such as Put*, Delete*, or Write* events"), and the `readOnly` of the records that AWS publishes. The
//! second goes first: DynamoDB's `ExecuteStatement` is no read there, even of a SELECT.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>

use super::class::Access;
use super::resource_type::event_source;

/// Events of a type of resource by name, and whether each only reads; nothing where that is not documented.
type Names = &'static [(&'static str, Option<bool>)];

const READ: Option<bool> = Some(true);
const WRITE: Option<bool> = Some(false);

/// Whether an event of this name can be one of a class.
pub(super) fn may_be(resource_type: Option<&str>, name: &str, access: Access) -> bool {
    let listed = resource_type.map_or(&[][..], of);
    let known = listed.iter().find(|(listed, _)| *listed == name).and_then(|(_, read_only)| *read_only);
    known.is_none_or(|read_only| access.includes(read_only))
}

/// The types of resources whose data events are known by name.
const TYPES: &[(&str, Names)] = &[
    ("AWS::DynamoDB::Table", TABLES),
    ("AWS::Lambda::Function", FUNCTIONS),
    ("AWS::RDS::DBCluster", CLUSTERS),
    ("AWS::S3::Object", OBJECTS),
    ("AWS::SNS::Topic", TOPICS),
];

fn of(resource_type: &str) -> Names {
    TYPES.iter().find(|(name, _)| *name == resource_type).map_or(&[], |(_, names)| names)
}

/// The documented data events of a source.
fn of_source(source: &str) -> impl Iterator<Item = (&'static str, &'static (&'static str, Option<bool>))> {
    let types = TYPES.iter().filter(move |(name, _)| event_source(name) == Some(source));
    types.flat_map(|(name, names)| names.iter().map(move |event| (*name, event)))
}

/// The type of resource of a documented data event, and whether it only reads, where that is documented.
pub(crate) fn data_event(source: &str, name: &str) -> Option<(&'static str, Option<bool>)> {
    of_source(source).find(|(_, (known, _))| *known == name).map(|(resource, (_, read_only))| (resource, *read_only))
}

/// The names of the documented data events of a source.
pub(crate) fn data_event_names(source: &str) -> impl Iterator<Item = &'static str> {
    of_source(source).map(|(_, (name, _))| *name)
}

/// Events of objects in general purpose buckets.
///
/// Source: S3 User Guide, "Amazon S3 CloudTrail events" (Data APIs logged to CloudTrail for `AWS::S3::Object`).
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>
const OBJECTS: Names = &[
    ("AbortMultipartUpload", WRITE),
    ("CompleteMultipartUpload", WRITE),
    ("CopyObject", WRITE),
    ("CreateMultipartUpload", WRITE),
    ("DeleteObject", WRITE),
    ("DeleteObjectAnnotation", WRITE),
    ("DeleteObjectTagging", WRITE),
    ("DeleteObjects", WRITE),
    ("GetObject", READ),
    ("GetObjectAcl", READ),
    ("GetObjectAnnotation", READ),
    ("GetObjectAttributes", READ),
    ("GetObjectLegalHold", READ),
    ("GetObjectRetention", READ),
    ("GetObjectTagging", READ),
    ("GetObjectTorrent", READ),
    ("HeadBucket", READ),
    ("HeadObject", READ),
    ("ListObjectAnnotations", READ),
    ("ListObjectVersions", READ),
    ("ListObjects", READ),
    ("ListParts", READ),
    ("PutObject", WRITE),
    ("PutObjectAcl", WRITE),
    ("PutObjectAnnotation", WRITE),
    ("PutObjectLegalHold", WRITE),
    ("PutObjectRetention", WRITE),
    ("PutObjectTagging", WRITE),
    ("RestoreObject", WRITE),
    // A query, as DynamoDB's statements are, and no record of it is published.
    ("SelectObjectContent", None),
    ("UpdateObjectEncryption", WRITE),
    ("UploadPart", WRITE),
    ("UploadPartCopy", WRITE),
];

/// Events of functions. Whether `Invoke` counts as a write is not documented: no record of it is published.
///
/// Source: Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail".
/// <https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html>
const FUNCTIONS: Names = &[("Invoke", None), ("LambdaESMDisabled", None)];

/// Events of tables, and of their streams, whose records name the table too.
///
/// Source: DynamoDB Developer Guide, "Logging DynamoDB operations by using AWS CloudTrail" (data plane events) and
/// "Understanding DynamoDB log file entries".
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html>
const TABLES: Names = &[
    ("BatchExecuteStatement", WRITE),
    ("BatchGetItem", READ),
    ("BatchWriteItem", WRITE),
    ("DeleteItem", WRITE),
    ("ExecuteStatement", WRITE),
    ("ExecuteTransaction", None),
    ("GetItem", READ),
    ("GetRecords", READ),
    ("GetShardIterator", READ),
    ("PutItem", WRITE),
    ("Query", READ),
    ("Scan", READ),
    ("TransactGetItems", READ),
    ("TransactWriteItems", WRITE),
    ("UpdateItem", WRITE),
];

/// Data API events of Aurora clusters that are not Serverless v1. Their records, as published, have no `readOnly`.
///
/// Source: Aurora User Guide, "Logging Amazon RDS Data API calls with AWS CloudTrail".
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/logging-using-cloudtrail-data-api.html>
const CLUSTERS: Names = &[
    ("BatchExecuteStatement", None),
    ("BeginTransaction", None),
    ("CommitTransaction", None),
    ("ExecuteStatement", None),
    ("RollbackTransaction", None),
];

/// Events of topics.
///
/// Source: CloudTrail User Guide, "Understanding CloudTrail events" (data events; the record of `Publish`).
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-events.html>
const TOPICS: Names = &[("Publish", WRITE), ("PublishBatch", None)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_sorted_and_names_each_event_once() {
        for (_, list) in TYPES {
            assert!(list.is_sorted_by(|a, b| a.0 < b.0), "{list:?}");
        }
    }
}
