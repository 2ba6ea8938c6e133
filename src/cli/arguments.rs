//! Arguments that several subcommands share.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::collect::{Entrance, Needs, Pace, Patience, Secret, Settings};
use crate::id::{AccountId, Partition, RegionName};
use crate::policy::{Hidden, OrganizationSettings};
use crate::snapshot::{Breadth, Selection};

use super::accounts::read_accounts;
use super::error::CliError;
use super::gate::GateArguments;
use super::input::read_snapshot;
use super::shard::ShardArgument;

/// The name of the sessions, where nothing else is said.
const SESSION_NAME: &str = "trailproof";

/// How to reach AWS, and as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reaching AWS")]
pub(super) struct ConnectionArguments {
    /// The profile of the AWS configuration to use
    #[arg(long, value_name = "NAME", env = "TRAILPROOF_PROFILE")]
    pub(super) profile: Option<String>,
    /// Where the first calls go; it does not choose what is scanned (see --regions)
    #[arg(long, value_name = "REGION", env = "TRAILPROOF_REGION")]
    pub(super) region: Option<RegionName>,
    /// The role that is assumed in every member account; with it, the whole organization is scanned
    #[arg(long, value_name = "NAME", env = "TRAILPROOF_ROLE_NAME")]
    role_name: Option<String>,
    /// The external id that the role asks for
    #[arg(long, value_name = "ID", env = "TRAILPROOF_EXTERNAL_ID", hide_env_values = true)]
    external_id: Option<String>,
    /// The name of the sessions, as members' trails will show it [default: trailproof]
    #[arg(long, value_name = "NAME", env = "TRAILPROOF_SESSION_NAME")]
    session_name: Option<String>,
    /// The partition that the credentials must belong to; it is taken from the caller's ARN
    #[arg(long, value_name = "PARTITION", env = "TRAILPROOF_PARTITION")]
    pub(super) partition: Option<Partition>,
    /// Scan the caller's account alone, even where a role is named
    #[arg(long, env = "TRAILPROOF_ACCOUNT_ONLY")]
    account_only: bool,
    /// At most so long for a call, all its attempts included; a call that takes longer is left unanswered
    #[arg(long, value_name = "SECONDS", env = "TRAILPROOF_CALL_TIMEOUT", default_value_t = 120, value_parser = clap::value_parser!(u16).range(1..=3600))]
    call_timeout: u16,
}

/// What is scanned.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is scanned")]
pub(super) struct SelectionArguments {
    /// Only these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', env = "TRAILPROOF_ACCOUNTS")]
    accounts: Vec<AccountId>,
    /// Only the accounts that a file lists, and those of --accounts: one id a line, # before remarks, or a JSON list of
    /// texts; - is stdin
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_ACCOUNTS_FILE")]
    accounts_file: Option<PathBuf>,
    /// Not these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', env = "TRAILPROOF_EXCLUDE_ACCOUNTS")]
    exclude_accounts: Vec<AccountId>,
    /// Only accounts beneath these organizational units, by id or by path (/Workloads/Production)
    #[arg(long, value_name = "OU", value_delimiter = ',', env = "TRAILPROOF_OU")]
    ou: Vec<String>,
    /// No accounts beneath these organizational units
    #[arg(long, value_name = "OU", value_delimiter = ',', env = "TRAILPROOF_EXCLUDE_OU")]
    exclude_ou: Vec<String>,
    /// Only these Regions
    #[arg(long, value_name = "REGION", value_delimiter = ',', env = "TRAILPROOF_REGIONS")]
    regions: Vec<RegionName>,
    /// Accounts that own log buckets: asked first, and entered though they are not of the organization
    #[arg(long, value_name = "ID", value_delimiter = ',', env = "TRAILPROOF_LOG_ARCHIVE")]
    log_archive: Vec<AccountId>,
    /// Ask in every Region whether multi-Region trails deliver there, not only in their home Regions: a call for each
    /// trail and Region
    #[arg(long, env = "TRAILPROOF_DEEP")]
    deep: bool,
    /// Visit a part of the accounts, the Kth of N such as 2/4, and let `trailproof merge` join what all N runs read; `auto`
    /// takes K and N from the variables of a Kubernetes, AWS Batch or CI job (docs/many-machines.md)
    #[arg(long, value_name = "K/N", env = "TRAILPROOF_SHARD")]
    shard: Option<ShardArgument>,
    /// How trails are found. `regions` asks each account in each of its Regions which trails it sees there. `fast` asks
    /// each account once for its trails, and assumes that it names those of all Regions, as AWS does though it does not
    /// document it; what each Region sees is not asked, and verdicts that need it, such as those on coverage, are unknown
    #[arg(long, value_name = "HOW", env = "TRAILPROOF_DISCOVERY", default_value = "regions")]
    discovery: Discovery,
    /// An earlier snapshot: what will be read is planned from what it found, not from assumptions
    #[arg(long, value_name = "SNAPSHOT", env = "TRAILPROOF_LIKE")]
    like: Option<PathBuf>,
    /// At most this many requests are under way at once
    #[arg(long, value_name = "N", env = "TRAILPROOF_MAX_CONCURRENCY", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=4096))]
    max_concurrency: u16,
    /// At most this many requests a second, retries included
    #[arg(long, value_name = "N", env = "TRAILPROOF_MAX_RPS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    max_rps: Option<u32>,
}

/// How trails are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Discovery {
    Regions,
    Fast,
}

/// Which rules there are, and with what parameters: what is read depends on them as much as what is judged.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleArguments {
    /// A pack of rules; may be repeated. Instead of those that the configuration names, or of the pack recommended
    #[arg(long = "pack", value_name = "NAME", env = "TRAILPROOF_PACK", value_delimiter = ',')]
    pub(super) packs: Vec<String>,
    /// A folder of rules, added to the built-in ones; a rule with a built-in's id takes its place
    #[arg(long, value_name = "DIR")]
    pub(super) policies: Vec<PathBuf>,
    /// Set a parameter of a rule
    #[arg(long, value_name = "RULE.PARAM=VALUE")]
    pub(super) set: Vec<String>,
    /// Set how bad it is when a rule fails, in every pack: critical, high, medium, low or info
    #[arg(long, value_name = "RULE=SEVERITY")]
    pub(super) severity: Vec<String>,
    /// Leave a rule out
    #[arg(long, value_name = "RULE", env = "TRAILPROOF_DISABLE", value_delimiter = ',')]
    pub(super) disable: Vec<String>,
    /// The file of packs, folders, parameters, severities and rules that are left out; what the command line sets
    /// counts before it [default: the nearest trailproof.yaml in this folder or above]
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_CONFIG")]
    pub(super) config: Option<PathBuf>,
}

/// How it is judged.
#[derive(Debug, Args)]
pub(super) struct JudgingArguments {
    #[command(flatten)]
    pub(super) rules: RuleArguments,
    #[command(flatten)]
    pub(super) gate: GateArguments,
}

/// What the arguments of a connection and a selection, the configuration and the rules ask the collector for: what is given
/// by hand or in the environment counts before the configuration.
pub(super) fn settings(
    connection: &ConnectionArguments,
    selection: &SelectionArguments,
    configured: &OrganizationSettings,
    needs: Needs,
) -> Result<Settings, CliError> {
    let max_requests = usize::from(selection.max_concurrency);
    let pace = Pace { max_rps: selection.max_rps, max_requests: Some(max_requests), polite: true };
    let needs = if selection.deep { needs.deep() } else { needs };
    let needs = if selection.discovery == Discovery::Fast { needs.fast() } else { needs };
    let role_name = connection.role_name.clone().or_else(|| configured.role_name.clone());
    let role_name = role_name.filter(|_| !connection.account_only);
    if role_name.is_none() {
        let narrowed = [
            ("--accounts", selection.accounts.is_empty()),
            ("--accounts-file", selection.accounts_file.is_none()),
            ("--exclude-accounts", selection.exclude_accounts.is_empty()),
            ("--ou", selection.ou.is_empty()),
            ("--exclude-ou", selection.exclude_ou.is_empty()),
            ("--shard", selection.shard.is_none()),
        ];
        if let Some((option, _)) = narrowed.iter().find(|(_, empty)| !empty) {
            let message = format!("{option} chooses among the accounts of an organization: it needs --role-name");
            return Err(CliError::Usage(message));
        }
    }
    let entrance = role_name.clone().map(|role_name| Entrance {
        role_name,
        external_id: connection
            .external_id
            .clone()
            .or_else(|| configured.external_id.as_ref().map(|Hidden(id)| id.clone()))
            .map(Secret),
        session_name: connection
            .session_name
            .clone()
            .or_else(|| configured.session_name.clone())
            .unwrap_or_else(|| SESSION_NAME.to_owned()),
    });
    // A configuration narrows an organization; one account alone is not narrowed.
    let whole = OrganizationSettings::default();
    let said = if role_name.is_some() { configured } else { &whole };
    let sorted = |given: &[AccountId], said: &[AccountId]| {
        let mut ids = first(given, said);
        ids.sort();
        ids.dedup();
        ids
    };
    let mut accounts = selection.accounts.clone();
    if let Some(file) = &selection.accounts_file {
        accounts.extend(read_accounts(file)?);
    }
    let like = selection.like.as_deref().map(read_snapshot).transpose()?.map(Arc::new);
    let shards = selection.shard.as_ref().map(ShardArgument::shards).transpose()?;
    let selection = Selection {
        shards,
        breadth: if role_name.is_some() { Breadth::Organization } else { Breadth::Account },
        role_name,
        accounts: sorted(&accounts, &said.accounts),
        exclude_accounts: sorted(&selection.exclude_accounts, &said.exclude_accounts),
        ous: first(&selection.ou, &said.ous),
        exclude_ous: first(&selection.exclude_ou, &said.exclude_ous),
        regions: first(&selection.regions, &configured.regions),
        log_archives: sorted(&selection.log_archive, &said.log_archives),
        ..Selection::default()
    };
    let patience = Patience::of_call(Duration::from_secs(connection.call_timeout.into()));
    let accounts_at_once = accounts_at_once(pace);
    Ok(Settings { selection, needs, entrance, accounts_at_once, pace, like, patience, ..Settings::default() })
}

/// What was given, where something was; else what the configuration says.
fn first<T: Clone>(given: &[T], said: &[T]) -> Vec<T> {
    if given.is_empty() { said.to_vec() } else { given.to_vec() }
}

/// As many accounts as the ceilings feed, each of which may have four requests under way: a request that waits longer for
/// its turn than an attempt may last would be lost.
fn accounts_at_once(pace: Pace) -> usize {
    let by_requests = pace.max_requests.map_or(64, |most| most / 4);
    let by_rate = pace.max_rps.map_or(usize::MAX, |rps| usize::try_from(rps).unwrap_or(usize::MAX));
    by_requests.min(by_rate).max(1)
}
