//! Which accounts of the organization are scanned.

use std::collections::BTreeSet;

use super::CollectError;
use crate::id::AccountId;
use crate::snapshot::{Account, Selection};

/// Keeps the accounts that a selection chooses, in whatever state they are.
///
/// # Errors
/// Where it names an account or an organizational unit that the organization does not have: a typing error would
/// otherwise pass for a clean result.
pub(super) fn choose(accounts: Vec<Account>, selection: &Selection) -> Result<Vec<Account>, CollectError> {
    let all: BTreeSet<AccountId> = accounts.iter().map(|account| account.id).collect();
    let strange: Vec<String> = selection
        .accounts
        .iter()
        .chain(&selection.exclude_accounts)
        .filter(|id| !all.contains(id))
        .map(ToString::to_string)
        .collect();
    if !strange.is_empty() {
        return Err(CollectError::Selection(format!("the organization has no account {}", strange.join(", "))));
    }
    for wanted in selection.ous.iter().chain(&selection.exclude_ous) {
        if !accounts.iter().any(|account| account.is_beneath(wanted)) {
            let message = format!("no account is beneath the organizational unit `{wanted}` (give its id or its path)");
            return Err(CollectError::Selection(message));
        }
    }
    let [named, excluded] = [&selection.accounts, &selection.exclude_accounts]
        .map(|ids| ids.iter().copied().collect::<BTreeSet<AccountId>>());
    let chosen = |account: &Account| {
        (named.is_empty() || named.contains(&account.id))
            && !excluded.contains(&account.id)
            && !selection.exclude_ous.iter().any(|unwanted| account.is_beneath(unwanted))
            && (selection.ous.is_empty() || selection.ous.iter().any(|wanted| account.is_beneath(wanted)))
    };
    Ok(accounts.into_iter().filter(chosen).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::organization::lone_account;

    fn account(id: &str, path: &str) -> Account {
        Account { ou_path: Some(path.to_owned()), ou_ids: vec!["r-1".into()], ..lone_account(id.parse().unwrap()) }
    }

    #[test]
    fn a_path_chooses_what_is_beneath_it_and_no_namesake() {
        let accounts = vec![
            account("000000000001", "/Prod"),
            account("000000000002", "/Prod/Web"),
            account("000000000003", "/Production"),
        ];
        let chosen = |ou: &str| {
            let selection = Selection { ous: vec![ou.to_owned()], ..Selection::default() };
            choose(accounts.clone(), &selection).map(|chosen| chosen.len())
        };
        assert_eq!(chosen("/Prod").unwrap(), 2);
        assert_eq!(chosen("/").unwrap(), 3);
        assert_eq!(chosen("r-1").unwrap(), 3);
        assert!(chosen("/Prod/We").is_err());
    }

    #[test]
    fn a_stranger_is_an_error() {
        let selection = Selection { accounts: vec!["000000000009".parse().unwrap()], ..Selection::default() };
        let error = choose(vec![account("000000000001", "/")], &selection).unwrap_err();
        assert!(error.to_string().contains("000000000009"));
    }
}
