//! Where a waiver holds: all that it says must be so.

use std::fmt;

use super::super::pattern::{Pattern, read_tag, read_unit};
use super::super::read::Part;
use crate::id::{AccountId, RegionName};

/// Where a waiver holds. Of what is given, all must be so; something is always given.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaiverScope {
    /// The ARN that is judged; of a gap, what was asked about.
    pub arn: Option<Pattern>,
    /// The account that owns it, or that was asked.
    pub account: Option<AccountId>,
    /// The organizational unit above that account, by id or by path; as a glob, of the whole path.
    pub ou: Option<Pattern>,
    /// A tag `key=value` of the account or of the resource.
    pub tag: Option<Pattern>,
    /// The Region.
    pub region: Option<RegionName>,
}

impl WaiverScope {
    /// Reads it from the keys of a waiver; a mistake where it says nothing.
    pub(super) fn read(part: Part<'_>) -> Option<Self> {
        let keys = ["arn", "account", "ou", "tag", "region"];
        let [arn, account, ou, tag, region] = keys.map(|key| part.get(key));
        if [arn, account, ou, tag, region].iter().all(Option::is_none) {
            let start = part.node.range.start;
            let message = "a waiver says where it holds: `arn`, `account`, `ou`, `tag` or `region`";
            part.file.mistake(start..start, message);
            return None;
        }
        let mut whole = true;
        let mut kept = |read: Option<Option<Pattern>>| {
            whole &= read != Some(None);
            read.flatten()
        };
        let arn = kept(arn.map(|part| begins(part, "arn:", "an ARN")));
        let ou = kept(ou.map(read_unit));
        let tag = kept(tag.map(read_tag));
        let account: Option<Option<AccountId>> = account.map(|part| part.parse());
        let region: Option<Option<RegionName>> = region.map(|part| part.parse());
        whole &= account != Some(None) && region != Some(None);
        whole.then_some(Self { arn, account: account.flatten(), ou, tag, region: region.flatten() })
    }
}

fn begins(part: Part<'_>, start: &str, what: &str) -> Option<Pattern> {
    let pattern = Pattern::read(part)?;
    let (Pattern::Exact(text) | Pattern::Glob(text)) = &pattern;
    if !text.starts_with(start) && !text.starts_with('*') {
        part.note(format!("this is not {what}: it begins with `{start}`"), None);
        return None;
    }
    Some(pattern)
}

impl fmt::Display for WaiverScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.arn.as_ref().map(ToString::to_string),
            self.account.map(|id| format!("account {id}")),
            self.ou.as_ref().map(|unit| format!("OU {unit}")),
            self.tag.as_ref().map(|tag| format!("tag {tag}")),
            self.region.as_ref().map(|region| format!("Region {region}")),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}
