//! Which property of an inventory's file a fact was read from.

use crate::facts::Scope;

/// The property that a fact comes from, by the names of the fact's steps after its variable: of a trail, bucket or account
/// in its own file, of a key, topic or log group in the file of a trail that names it. Nothing, where no file has it.
pub fn property(scope: Scope, steps: &[&str]) -> Option<&'static str> {
    let (first, second) = (steps.first().copied().unwrap_or_default(), steps.get(1).copied().unwrap_or_default());
    match scope {
        Scope::Trail => of_trail(first, second),
        Scope::LogBucket => of_bucket(first),
        Scope::Account => of_account(first),
        Scope::Key => Some("kms_key_id"),
        Scope::Topic => Some("sns_topic_arn"),
        Scope::LogGroup => Some("cloud_watch_logs_log_group_arn"),
        Scope::Organization | Scope::Bucket | Scope::EventDataStore => None,
    }
}

fn of_trail(fact: &str, detail: &str) -> Option<&'static str> {
    Some(match fact {
        "arn" | "redundant" => "arn",
        "name" => "name",
        "account" | "account_name" => "account",
        "home_region" | "leader_region" => "home_region",
        "is_multi_region" => "is_multi_region_trail",
        "is_organization" => "is_organization_trail",
        "include_global_service_events" => "include_global_service_events",
        "log_file_validation" => "log_file_validation_enabled",
        "kms_key_id" => "kms_key_id",
        "bucket" | "bucket_owner" | "bucket_owner_is_management" => "s3_bucket_name",
        "prefix" => "s3_key_prefix",
        "delivery_errors" | "late_regions" | "other_regions" => "latest_delivery_error",
        "cloudwatch_logs_delivery_errors" => "latest_cloud_watch_logs_delivery_error",
        "notification_errors" => "latest_notification_error",
        "topic" => "sns_topic_arn",
        "log_group" => "cloud_watch_logs_log_group_arn",
        "log_role" => "cloud_watch_logs_role_arn",
        "blind_spots" => "event_selectors",
        "insights" => "insight_selectors",
        "tags" | "labels" => "tags",
        "status" => match detail {
            "latest_delivery_error" | "seconds_since_delivery" => "latest_delivery_error",
            "latest_digest_delivery_error" | "seconds_since_digest_delivery" => "latest_digest_delivery_error",
            "latest_cloudwatch_logs_delivery_error" | "seconds_since_cloudwatch_logs_delivery" => {
                "latest_cloud_watch_logs_delivery_error"
            }
            "latest_notification_error" => "latest_notification_error",
            _ => "is_logging",
        },
        _ => return None,
    })
}

fn of_bucket(fact: &str) -> Option<&'static str> {
    Some(match fact {
        "name" | "arn" | "used_by" | "redundant" | "self_logging_trails" | "data_events_recorded" => "name",
        "region" => "region",
        "exists" => "existence",
        "owner" | "owner_state" | "owner_in_organization" | "owner_active" => "owner",
        "scp_denies_deletes" | "scp_because" => "owner",
        "versioning" => "versioning",
        "object_lock" => "object_lock",
        "encryption" => "encryption",
        "lifecycle" | "retention" => "lifecycle",
        "public_access_block" => "public_access_block",
        "public_access" | "access" => "policy",
        "access_logging" => "access_logging",
        "requester_pays" => "payer",
        "replication" => "replication",
        _ => return None,
    })
}

fn of_account(fact: &str) -> Option<&'static str> {
    Some(match fact {
        "id" | "holds_logs" | "holds" | "service_control" | "tamper_principals" | "cloudtrail_full_access" => "id",
        "name" => "name",
        "state" => "state",
        "is_management" => "id",
        "ou_path" => "ou_path",
        "regions_enabled" => "regions",
        "config" => "config",
        "trails" | "organization_has_trail" | "organization_trail_reaches" => "trails",
        "management_events" | "s3_data_events" | "lambda_data_events" | "dynamodb_data_events" | "named_events" => {
            "trails"
        }
        "analysis_paths" => "event_data_stores",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Type;
    use crate::facts;

    #[test]
    fn every_fact_has_a_property() {
        for scope in [Scope::Trail, Scope::LogBucket, Scope::Account] {
            let schema = facts::schema(scope).unwrap();
            let Some(Type::Record(record)) = schema.variable(scope.variable()) else { panic!("{scope} has no facts") };
            for field in &record.fields {
                assert!(property(scope, &[&field.name]).is_some(), "{}.{}", scope.variable(), field.name);
            }
        }
    }
}
