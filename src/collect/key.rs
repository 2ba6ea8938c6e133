//! One KMS key: its state, rotation and policy, from its owner in its Region.

use aws_sdk_kms::operation::describe_key::DescribeKeyOutput;
use aws_sdk_kms::types::MultiRegionKeyType;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use super::trail::time;
use crate::id::{Arn, RegionName};
use crate::snapshot::{Cause, Key, KeyDescription, KeyPolicy, KeyRotation, Observed};

const CALLS: [Call; 3] = [Call::DescribeKey, Call::GetKeyRotationStatus, Call::GetKeyPolicy];

/// A key of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> Key {
    Key { arn, description: None, rotation: None, policy: None }
}

/// Leaves a gap for everything that the owner could have said of a key.
pub(super) fn leave_unread(key: &Key, cause: &Cause, message: &str, needs: &Needs, ledger: &Ledger) {
    for call in CALLS.into_iter().filter(|call| needs.asks(*call)) {
        let unit = Unit::of(call).resource(key.arn.as_str());
        let unit = key.arn.account().map_or(unit, |owner| unit.account(owner));
        ledger.not_asked(&unit, cause.clone(), message);
    }
}

/// Reads a key with its owner's credentials: first of all whether it is there and what it is.
pub(super) async fn read(session: &Session, key: &mut Key, region: &RegionName, needs: &Needs, ledger: &Ledger) {
    let client = session.kms(region);
    let arn = key.arn.clone();
    let unit = |call| Unit::of(call).account(session.account).region(region).resource(arn.as_str());

    let asked = unit(Call::DescribeKey);
    let answer = ledger.ask(&asked, client.describe_key().key_id(arn.as_str()).send()).await;
    if let Answer::Refused(at, refusal) = &answer
        && refusal.is(&["NotFoundException"])
    {
        ledger.answered(&asked);
        let state = Some(KeyDescription::NOT_FOUND.to_owned());
        key.description = Some(Observed::new(*at, KeyDescription { state, ..KeyDescription::default() }));
        return;
    }
    key.description = ledger.read(&asked, answer, description);

    if needs.asks(Call::GetKeyPolicy) {
        let asked = unit(Call::GetKeyPolicy);
        let answer = ledger.ask(&asked, client.get_key_policy().key_id(arn.as_str()).send()).await;
        key.policy = ledger.read(&asked, answer, |output| match output.policy.filter(|text| !text.trim().is_empty()) {
            Some(document) => Ok(KeyPolicy { document }),
            None => Err(Malformed::lacks("the policy")),
        });
    }

    if let Some(description) = &key.description
        && description.value.rotates()
        && needs.asks(Call::GetKeyRotationStatus)
    {
        let primary = description.value.primary.clone();
        read_rotation(session, key, primary.as_ref(), region, ledger).await;
    }
}

/// Rotation of a multi-Region key is a property of its primary (KMS Developer Guide, "Rotating multi-Region keys").
async fn read_rotation(session: &Session, key: &mut Key, primary: Option<&Arn>, region: &RegionName, ledger: &Ledger) {
    let asked_about = primary.unwrap_or(&key.arn).clone();
    let asked_in = primary.and_then(Arn::region).unwrap_or_else(|| region.clone());
    let own_arn = key.arn.to_string();
    let unit = Unit::of(Call::GetKeyRotationStatus).account(session.account).region(&asked_in).resource(&own_arn);
    let flag = super::raw::Held::new("KeyRotationEnabled");
    let request = session.kms(&asked_in).get_key_rotation_status().key_id(asked_about.as_str()).customize();
    let answer = ledger.ask(&unit, request.interceptor(flag.clone()).send()).await;
    key.rotation = ledger.read(&unit, answer, |output| {
        // The SDK's flag is a plain boolean, false where the answer does not hold it.
        if !flag.was_held() {
            return Err(Malformed::lacks("KeyRotationEnabled"));
        }
        Ok(KeyRotation { enabled: output.key_rotation_enabled, period_in_days: output.rotation_period_in_days })
    });
}

fn description(output: DescribeKeyOutput) -> Result<KeyDescription, Malformed> {
    let given = output.key_metadata.ok_or_else(|| Malformed::lacks("KeyMetadata"))?;
    let state = given.key_state.as_ref().map(|state| state.as_str().to_owned());
    if state.is_none() || given.origin.is_none() {
        return Err(Malformed::lacks("KeyState or Origin"));
    }
    let replica = given
        .multi_region_configuration
        .filter(|configuration| configuration.multi_region_key_type == Some(MultiRegionKeyType::Replica));
    let primary = match replica {
        None => None,
        Some(configuration) => {
            let arn = configuration.primary_key.and_then(|primary| primary.arn).and_then(|arn| arn.parse().ok());
            Some(arn.ok_or_else(|| Malformed::lacks("the ARN of the primary key"))?)
        }
    };
    Ok(KeyDescription {
        state,
        origin: given.origin.map(|origin| origin.as_str().to_owned()),
        manager: given.key_manager.map(|manager| manager.as_str().to_owned()),
        spec: given.key_spec.map(|spec| spec.as_str().to_owned()),
        multi_region: given.multi_region,
        primary,
        valid_to: time(given.valid_to)?,
        deletion_date: time(given.deletion_date)?,
    })
}
