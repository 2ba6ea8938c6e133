//! Which events of a type of resource read and which write, as far as that is documented.
//!
//! So a selector that names only writes does not make a hole in the reads. Names that are not here may be either.
//! Source: S3 User Guide, "Amazon S3 object-level actions tracked by CloudTrail logging"; Lambda and DynamoDB developer
//! guides, logging with CloudTrail.

use super::class::Access;

/// Whether an event of this name can be one of a class.
pub(super) fn may_be(resource_type: Option<&str>, name: &str, access: Access) -> bool {
    let listed = match resource_type {
        Some("AWS::S3::Object") => OBJECTS,
        Some("AWS::Lambda::Function") => FUNCTIONS,
        Some("AWS::DynamoDB::Table") => TABLES,
        _ => return true,
    };
    match listed.iter().find(|(listed, _)| *listed == name) {
        Some((_, read_only)) => access.includes(*read_only),
        None => true,
    }
}

/// Events of objects; whether each only reads.
const OBJECTS: &[(&str, bool)] = &[
    ("AbortMultipartUpload", false),
    ("CompleteMultipartUpload", false),
    ("CopyObject", false),
    ("CreateMultipartUpload", false),
    ("DeleteObject", false),
    ("DeleteObjectTagging", false),
    ("DeleteObjects", false),
    ("GetObject", true),
    ("GetObjectAcl", true),
    ("GetObjectTagging", true),
    ("GetObjectTorrent", true),
    ("HeadBucket", true),
    ("HeadObject", true),
    ("ListObjects", true),
    ("ListParts", true),
    ("PutObject", false),
    ("PutObjectAcl", false),
    ("PutObjectTagging", false),
    ("RestoreObject", false),
    ("UploadPart", false),
    ("UploadPartCopy", false),
];

/// Events of functions.
const FUNCTIONS: &[(&str, bool)] = &[("Invoke", false)];

/// Events of tables.
const TABLES: &[(&str, bool)] = &[
    ("BatchGetItem", true),
    ("BatchWriteItem", false),
    ("DeleteItem", false),
    ("GetItem", true),
    ("PutItem", false),
    ("Query", true),
    ("Scan", true),
    ("TransactGetItems", true),
    ("TransactWriteItems", false),
    ("UpdateItem", false),
];
