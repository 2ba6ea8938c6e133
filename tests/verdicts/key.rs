//! Keys of trails, over whole runs.

use crate::simulated::{ARCHIVE, KEY, TRAIL, good_world};
use crate::{find_each, not_passed, report, set};
use serde_json::json;
use trailproof::simulator::{Key, trail_key_policy};

/// One thing is broken at a time, and only what is about it fails.
#[test]
fn each_defect_is_found_by_its_rule_alone() {
    find_each(&[
        (
            "key disabled",
            |world| world.keys[0].state = "Disabled".to_owned(),
            &["kms-key-usable fail 00000000-0000-0000-0000-000000000001"],
        ),
        (
            "no rotation",
            |world| world.keys[0] = world.keys[0].clone().unrotated(),
            &["kms-key-rotation fail 00000000-0000-0000-0000-000000000001"],
        ),
        ("key gone", |world| world.keys.clear(), &["kms-key-usable fail 00000000-0000-0000-0000-000000000001"]),
        (
            "anybody decrypts",
            |world| {
                let mut policy = trail_key_policy(ARCHIVE, TRAIL);
                let open = json!({ "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*" });
                policy["Statement"].as_array_mut().unwrap().push(open);
                world.keys[0] = world.keys[0].clone().with_policy(&policy);
            },
            &["kms-key-policy fail 00000000-0000-0000-0000-000000000001"],
        ),
        (
            "the key encrypts for any trail",
            |world| {
                let mut policy = trail_key_policy(ARCHIVE, TRAIL);
                policy["Statement"][1].as_object_mut().unwrap().remove("Condition");
                world.keys[0] = world.keys[0].clone().with_policy(&policy);
            },
            &["kms-key-policy fail 00000000-0000-0000-0000-000000000001"],
        ),
    ]);
}

#[test]
fn a_key_in_another_region_than_the_bucket_is_not_usable() {
    let mut world = good_world();
    let elsewhere = KEY.replace("us-east-1", "eu-west-1");
    world.keys = vec![Key::new(&elsewhere).with_policy(&trail_key_policy(ARCHIVE, TRAIL))];
    world.trails[0] = world.trails[0].clone().encrypted_with(&elsewhere);
    assert_eq!(not_passed(&report(world)), set(&["kms-key-usable fail 00000000-0000-0000-0000-000000000001"]));
}
