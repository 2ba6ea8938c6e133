//! A report, part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::text::Redactor;
use crate::derive::coverage::{Cell, Covered, ReadWrite, Row};
use crate::evaluate::{
    AccountStanding, BaselineStanding, EarlierFinding, Fingerprint, JudgedPolicy, Judgement, KnownFindings, Outcome,
    Report, SnapshotIdentity, WaiverStanding,
};
use crate::id::{AccountId, TrailArn};
use crate::policy::{Pattern, Policy, Waiver, WaiverScope};
use crate::snapshot::{BucketPatterns, Gap, Place, Reused, ReusedUnits, Run, Selection};

impl Redactor<'_> {
    pub(super) fn report(&self, report: Report) -> Report {
        let built_in = report.policies.iter().filter(|rule| rule.policy.place().is_none());
        let titles: BTreeSet<&str> = built_in.map(|rule| rule.policy.title.as_str()).collect();
        let mut judgements: Vec<Judgement> =
            report.judgements.into_par_iter().map(|judgement| self.judgement(judgement, &titles)).collect();
        judgements.sort_by(|left, right| {
            let key =
                |judgement: &Judgement| (judgement.policy.clone(), judgement.resource.clone(), judgement.fingerprint);
            key(left).cmp(&key(right))
        });
        let mut accounts: Vec<AccountStanding> = report.accounts.iter().map(|account| self.standing(account)).collect();
        accounts.sort_by_key(|account| account.id);
        let mut gaps: Vec<Gap> = report.gaps.iter().map(|gap| self.gap(gap)).collect();
        gaps.sort();
        let mut coverage: Vec<Row> = report.coverage.iter().map(|row| self.row(row)).collect();
        coverage.sort_by(|left, right| (&left.accounts, &left.regions).cmp(&(&right.accounts, &right.regions)));
        let mut frameworks = report.frameworks;
        for control in frameworks.iter_mut().flat_map(|framework| &mut framework.controls) {
            control.reason = control.reason.take().map(|reason| self.text(&reason));
        }
        Report {
            judgements,
            accounts,
            gaps,
            coverage,
            frameworks,
            baselines: report.baselines.into_iter().map(|baseline| self.baseline(baseline)).collect(),
            snapshot: self.identity(report.snapshot),
            selection: self.selection(report.selection),
            run: self.run(report.run),
            policies: report.policies.into_iter().map(|rule| self.rule(rule)).collect(),
            waivers: report.waivers.into_iter().map(|standing| self.waiver_standing(standing)).collect(),
            known: report.known.map(|known| self.known(known)),
            policies_sha256: report.policies_sha256,
            packs: report.packs,
            stale_days: report.stale_days,
            trend: report.trend,
            gate: report.gate,
        }
    }

    fn account(&self, id: AccountId) -> AccountId {
        self.key.account(id)
    }

    fn accounts(&self, ids: impl IntoIterator<Item = AccountId>) -> Vec<AccountId> {
        let mut ids: Vec<AccountId> = ids.into_iter().map(|id| self.account(id)).collect();
        ids.sort();
        ids
    }

    fn shared(&self, text: &str) -> Arc<str> {
        self.text(text).into()
    }

    fn judgement(&self, judgement: Judgement, titles: &BTreeSet<&str>) -> Judgement {
        let mut related: Vec<String> = judgement.related.iter().map(|arn| self.place(arn)).collect();
        related.sort();
        let resource: Option<Arc<str>> = judgement.resource.as_deref().map(|arn| self.place(arn).into());
        let parameters = Arc::new(self.parameters(&judgement.parameters));
        let policy = judgement.policy.as_str();
        let identity =
            |resource: Option<&str>, told: Option<&str>| Fingerprint::new(policy, resource.unwrap_or(""), told);
        // Parameters are part of a result's identity where they are not the defaults.
        let told = (judgement.fingerprint != identity(judgement.resource.as_deref(), None))
            .then(|| serde_json::to_string(&*parameters).unwrap_or_default());
        let fingerprint = identity(Option::as_deref(&resource), told.as_deref());
        Judgement {
            account: judgement.account.map(|id| self.account(id)),
            outcome: self.outcome(judgement.outcome),
            baseline: judgement.baseline.map(|name| self.shared(&name)),
            // A rule's own words tell of nobody.
            message: match titles.contains(&*judgement.message) {
                true => Arc::clone(&judgement.message),
                false => self.shared(&judgement.message),
            },
            notes: judgement.notes.iter().map(|note| self.text(note)).collect(),
            evidence: judgement.evidence.with_texts(&|text| self.text(text)),
            resource,
            related: related.into(),
            parameters,
            fingerprint,
            ..judgement
        }
    }

    fn parameters(&self, parameters: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        parameters.iter().map(|(name, value)| (name.clone(), self.value(value))).collect()
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(elements) => elements.iter().map(|element| self.value(element)).collect(),
            Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), self.value(value))).collect(),
            other => other.clone(),
        }
    }

    fn outcome(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Pass => Outcome::Pass,
            Outcome::Fail => Outcome::Fail,
            Outcome::NotApplicable { reason } => Outcome::NotApplicable { reason: self.shared(&reason) },
            Outcome::Unknown { gaps } => {
                let mut gaps: Vec<Gap> = gaps.iter().map(|gap| self.gap(gap)).collect();
                gaps.sort();
                Outcome::Unknown { gaps }
            }
            Outcome::Waived { beneath, waivers } => Outcome::Waived {
                beneath: Box::new(self.outcome(*beneath)),
                waivers: waivers.iter().map(|waiver| self.waiver(waiver)).collect(),
            },
        }
    }

    fn gap(&self, gap: &Gap) -> Gap {
        Gap {
            account: gap.account.map(|id| self.account(id)),
            resource: gap.resource.as_deref().map(|resource| self.place(resource)),
            message: self.text(&gap.message),
            ..gap.clone()
        }
    }

    fn standing(&self, account: &AccountStanding) -> AccountStanding {
        let name = account.name.as_deref().map(|name| self.name(name));
        AccountStanding { id: self.account(account.id), name, ..account.clone() }
    }

    fn row(&self, row: &Row) -> Row {
        let both = |both: &ReadWrite| ReadWrite { read: self.covered(&both.read), write: self.covered(&both.write) };
        let cell = Cell {
            management: both(&row.cell.management),
            global: row.cell.global.as_ref().map(both),
            kms: both(&row.cell.kms),
            rdsdata: both(&row.cell.rdsdata),
            data: Arc::new(row.cell.data.iter().map(|(kind, told)| (kind.clone(), both(told))).collect()),
        };
        Row { accounts: self.accounts(row.accounts.iter().copied()), regions: row.regions.clone(), cell: cell.into() }
    }

    fn covered(&self, covered: &Covered) -> Covered {
        // An ARN keeps its shape, so that each can be read again.
        let mut trails: Vec<TrailArn> =
            covered.trails.iter().filter_map(|arn| self.place(arn.as_str()).parse().ok()).collect();
        trails.sort();
        Covered {
            trails: trails.into(),
            missing: covered.missing.as_deref().map(|text| self.shared(text)),
            why: covered.why.as_deref().map(|text| self.shared(text)),
            ..covered.clone()
        }
    }

    fn baseline(&self, baseline: BaselineStanding) -> BaselineStanding {
        BaselineStanding {
            name: self.shared(&baseline.name),
            place: (self.text(&baseline.place.0), baseline.place.1),
            packs: baseline.packs,
            fail_on: baseline.fail_on,
            accounts: self.accounts(baseline.accounts),
            open: self.accounts(baseline.open),
        }
    }

    fn identity(&self, identity: SnapshotIdentity) -> SnapshotIdentity {
        SnapshotIdentity {
            caller: self.place(&identity.caller),
            organization: identity.organization.map(|id| self.name(&id)),
            organization_arn: identity.organization_arn.map(|arn| self.place(&arn)),
            management_account: identity.management_account.map(|id| self.account(id)),
            ..identity
        }
    }

    /// What was to be scanned. Shards are told by the accounts that they hold, which are others now: they are left out.
    fn selection(&self, selection: Selection) -> Selection {
        let places = |units: Vec<String>| units.iter().map(|unit| self.place(unit)).collect();
        Selection {
            role_name: selection.role_name.map(|name| self.place(&name)),
            accounts: self.accounts(selection.accounts),
            exclude_accounts: self.accounts(selection.exclude_accounts),
            ous: places(selection.ous),
            exclude_ous: places(selection.exclude_ous),
            log_archives: self.accounts(selection.log_archives),
            buckets: BucketPatterns::default(),
            shards: None,
            ..selection
        }
    }

    fn run(&self, run: Run) -> Run {
        let reused = run.reused.into_iter().map(|(operation, reused)| (operation, self.reused(reused))).collect();
        Run { reused, ..run }
    }

    fn reused(&self, reused: Reused) -> Reused {
        let place = |place: &Place| Place {
            region: place.region.clone(),
            resource: place.resource.as_deref().map(|resource| self.place(resource)),
        };
        let units = reused.units.iter().map(|units| ReusedUnits {
            accounts: self.accounts(units.accounts.iter().copied()),
            places: units.places.iter().map(place).collect(),
        });
        let mut units: Vec<ReusedUnits> = units.collect();
        units.sort();
        Reused { accounts: self.accounts(reused.accounts).into_iter().collect(), units, ..reused }
    }

    /// A rule of the user's own speaks of what is theirs.
    fn rule(&self, rule: JudgedPolicy) -> JudgedPolicy {
        if rule.policy.place().is_none() {
            return rule;
        }
        let mut policy = Policy::clone(&rule.policy);
        policy.title = self.text(&policy.title);
        policy.why = self.text(&policy.why);
        policy.fix.text = self.text(&policy.fix.text);
        policy.fix.terraform = policy.fix.terraform.map(|text| self.text(&text));
        policy.fix.cli = None;
        JudgedPolicy { policy: policy.into(), ..rule }
    }

    fn waiver_standing(&self, standing: WaiverStanding) -> WaiverStanding {
        WaiverStanding { waiver: self.waiver(&standing.waiver), ..standing }
    }

    fn waiver(&self, waiver: &Waiver) -> Arc<Waiver> {
        let pattern = |pattern: &Pattern, change: &dyn Fn(&str) -> String| match pattern {
            Pattern::Exact(text) => Pattern::Exact(change(text)),
            Pattern::Glob(text) => Pattern::Glob(change(text)),
        };
        let tag = |text: &str| match text.split_once('=') {
            Some((key, value)) => format!("{}={}", self.text(key), self.place(value)),
            None => self.place(text),
        };
        let scope = &waiver.scope;
        let scope = WaiverScope {
            arn: scope.arn.as_ref().map(|arn| pattern(arn, &|text| self.place(text))),
            account: scope.account.map(|id| self.account(id)),
            ou: scope.ou.as_ref().map(|ou| pattern(ou, &|text| self.place(text))),
            tag: scope.tag.as_ref().map(|text| pattern(text, &tag)),
            region: scope.region.clone(),
        };
        Arc::new(Waiver {
            scope,
            reason: self.text(&waiver.reason),
            owner: self.name(&waiver.owner),
            ticket: self.name(&waiver.ticket),
            file: self.text(&waiver.file),
            ..waiver.clone()
        })
    }

    fn known(&self, known: KnownFindings) -> KnownFindings {
        let all = |findings: Vec<EarlierFinding>| {
            let mut findings: Vec<EarlierFinding> = findings.into_iter().map(|found| self.earlier(found)).collect();
            findings.sort();
            findings
        };
        KnownFindings { gone: all(known.gone), unobserved: all(known.unobserved), ..known }
    }

    fn earlier(&self, found: EarlierFinding) -> EarlierFinding {
        let plain = |resource: Option<&str>| Fingerprint::new(&found.policy, resource.unwrap_or(""), None).to_string();
        let resource = found.resource.as_deref().map(|arn| self.place(arn));
        let fingerprint = if plain(found.resource.as_deref()) == found.fingerprint {
            plain(resource.as_deref())
        } else {
            self.key.hex("fingerprint", &found.fingerprint, 16)
        };
        let account = found.account.as_deref().map(|id| self.name(id));
        EarlierFinding { policy: found.policy, account, resource, fingerprint }
    }
}
