//! Security Token Service: who am I, and may I be that role.

use super::{Codes, Service, operation_in_form};
use crate::simulator::call::Call;
use crate::simulator::index::AccountEntry;
use crate::simulator::session::Session;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{AccountState, Role};
use jiff::SignedDuration;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "sts",
    signing_name: "sts",
    target: None,
    protocol: Protocol::Query,
    codes: Codes::QUERY,
    reads: &[("AssumeRole", "sts:AssumeRole"), ("GetCallerIdentity", "sts:GetCallerIdentity")],
    operation: operation_in_form,
    resource: |call| call.parameters.text("RoleArn").map(str::to_owned),
    answer,
};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match call.operation {
        "AssumeRole" => assume_role(call),
        _ => Ok(caller_identity(call)),
    }
}

fn caller_identity(call: &Call<'_>) -> Answer {
    let user_id = match &call.caller.session {
        Some(session) => format!("AROASIM0ROLE:{}", session.arn.rsplit('/').next().unwrap_or("")),
        None => "AIDASIM0USER".to_owned(),
    };
    let mut xml = Xml::document("GetCallerIdentityResponse", Some(NAMESPACE));
    xml.open("GetCallerIdentityResult").leaf("Arn", &call.caller.arn).leaf("UserId", &user_id);
    xml.leaf("Account", call.account()).close("GetCallerIdentityResult");
    Answer::text(xml.finish("GetCallerIdentityResponse"))
}

fn assume_role(call: &Call<'_>) -> Result<Answer, Failure> {
    let role_arn = call.required("RoleArn")?;
    let name = call.required("RoleSessionName")?;
    let policy_text = session_policy(call)?;
    let (entry, role) = find_role(call, role_arn).ok_or_else(|| refused(call, role_arn))?;
    let policy = call
        .sessions
        .policy(policy_text)
        .ok_or_else(|| Failure::new(400, "MalformedPolicyDocument", "The policy is not in the valid JSON format."))?;
    let seconds = duration(call)?;
    let partition = &call.index.world.partition;
    let role_name = role.name.rsplit('/').next().unwrap_or("");
    let arn = format!("arn:{partition}:sts::{}:assumed-role/{role_name}/{name}", entry.account.id);
    let (key, session) = call.sessions.keep(|number| Session {
        account: entry.account.id.clone(),
        arn: arn.as_str().into(),
        token: format!("simulated-session-token-{number}"),
        policy,
        expires: call.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(call.now),
    });
    Ok(credentials(&key, &session, name))
}

/// The session policy of a request. That there must be one is the simulator's own rule: nothing else would keep a
/// reader of other people's accounts from acting with more than it needs.
fn session_policy<'a>(call: &'a Call<'_>) -> Result<&'a str, Failure> {
    let policy = call.parameters.text("Policy").ok_or_else(|| {
        call.service.codes.validation("the simulator refuses to assume a role without a session policy")
    })?;
    // STS API Reference: "the plaintext that you use for both inline and managed session policies can't exceed 2,048 characters".
    if policy.chars().count() > 2_048 {
        return Err(call.service.codes.validation(
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: \
             Member must have length less than or equal to 2048",
        ));
    }
    Ok(policy)
}

/// The role, if it exists in an account in use and lets the caller in.
fn find_role<'a>(call: &Call<'a>, arn: &str) -> Option<(&'a AccountEntry, &'a Role)> {
    let mut parts = arn.splitn(6, ':');
    let prefix = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if prefix != ("arn", call.index.world.partition.as_str(), "iam", "") {
        return None;
    }
    let (account, resource) = (parts.next()?, parts.next()?);
    let entry = call.index.account(account).filter(|entry| entry.account.state == AccountState::Active)?;
    let name = resource.strip_prefix("role/")?;
    let role = entry.account.roles.iter().find(|role| role.name == name)?;
    let trusted = role.trusts.iter().any(|trusted| {
        trusted == "*"
            || trusted == call.account()
            || trusted.as_str() == &*call.caller.arn
            || is_root(trusted, call.account())
    });
    let proven = role.external_id.is_none() || role.external_id.as_deref() == call.parameters.text("ExternalId");
    (trusted && proven).then_some((entry, role))
}

fn is_root(principal: &str, account: &str) -> bool {
    principal.ends_with(":root") && principal.split(':').nth(4) == Some(account)
}

/// STS does not tell a missing role from one that lets nobody in.
fn refused(call: &Call<'_>, role_arn: &str) -> Failure {
    let user = &call.caller.arn;
    call.service
        .codes
        .denied(format!("User: {user} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"))
}

fn duration(call: &Call<'_>) -> Result<i64, Failure> {
    let seconds = call.parameters.number("DurationSeconds").unwrap_or(3_600);
    if !(900..=43_200).contains(&seconds) {
        return Err(call.service.codes.validation(format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: \
             Member must have value between 900 and 43200"
        )));
    }
    if call.caller.session.is_some() && seconds > 3_600 {
        return Err(call.service.codes.validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    Ok(seconds)
}

fn credentials(key: &str, session: &Session, name: &str) -> Answer {
    let mut xml = Xml::document("AssumeRoleResponse", Some(NAMESPACE));
    xml.open("AssumeRoleResult").open("AssumedRoleUser");
    xml.leaf("Arn", &session.arn).leaf("AssumedRoleId", &format!("AROASIM0ROLE:{name}")).close("AssumedRoleUser");
    xml.open("Credentials").leaf("AccessKeyId", key).leaf("SecretAccessKey", &format!("simulated-secret-of-{key}"));
    xml.leaf("SessionToken", &session.token);
    xml.leaf("Expiration", &session.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).close("Credentials");
    xml.close("AssumeRoleResult");
    Answer::text(xml.finish("AssumeRoleResponse"))
}
