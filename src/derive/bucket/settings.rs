//! What the settings of a log bucket say, and the gaps where they were not read.

use crate::derive::governed;
use crate::derive::policy_document::Pattern;
use crate::derive::question::{OpenQuestions, Question};
use crate::expr::{Gaps, Known};
use crate::facts::bucket::{AccessLogging, PublicAccessBlock};
use crate::id::AccountId;
use crate::snapshot::{Bucket, Existence, Observed, Owner, Snapshot};

/// The questions about one bucket.
pub(super) struct Settings<'a> {
    pub(super) open: &'a mut OpenQuestions,
    pub(super) bucket: &'a Bucket,
    pub(super) owner: Option<AccountId>,
}

/// What is known of whose a bucket is.
pub(super) struct Standing {
    pub(super) owner: Option<Known<AccountId>>,
    pub(super) state: Option<Known<String>>,
    pub(super) in_organization: Known<bool>,
    pub(super) active: Known<bool>,
}

impl Settings<'_> {
    pub(super) fn why(&mut self, operation: &str) -> Gaps {
        let question = Question::of(operation).resource(self.bucket.name.as_str());
        self.open.why(self.owner.map_or(question, |owner| question.account(owner)))
    }

    /// Why it is not known whether and where the bucket is: anybody may have asked.
    pub(super) fn unlocated(&mut self) -> Gaps {
        self.open.why(Question::of("s3:HeadBucket").resource(self.bucket.name.as_str()))
    }

    /// Why it is not known whose the bucket is.
    pub(super) fn unowned(&mut self) -> Gaps {
        self.open.why(Question::of("s3:ListBuckets").resource(self.bucket.name.as_str()))
    }

    pub(super) fn setting<T, F>(
        &mut self,
        read: Option<&Observed<T>>,
        operation: &str,
        fact: impl Fn(&T) -> F,
    ) -> Known<F> {
        match read {
            Some(read) => Known::Is(fact(&read.value)),
            None => Known::Gap(self.why(operation)),
        }
    }

    pub(super) fn standing(&mut self, snapshot: &Snapshot) -> Standing {
        if self.bucket.is_missing() {
            return Standing { owner: None, state: None, in_organization: Known::Is(false), active: Known::Is(false) };
        }
        match &self.bucket.owner {
            Some(Observed { value: Owner::Account(owner), .. }) => {
                let listed = snapshot.account(*owner);
                Standing {
                    owner: Some(Known::Is(*owner)),
                    state: listed
                        .and_then(|account| account.state.as_ref())
                        .map(|state| Known::Is(state.as_str().to_owned())),
                    in_organization: Known::Is(listed.is_some()),
                    active: Known::Is(listed.is_some_and(crate::snapshot::Account::is_active)),
                }
            }
            Some(Observed { value: Owner::OutsideOrganization, .. }) => {
                let stranger = self.unowned();
                Standing {
                    owner: Some(Known::Gap(stranger)),
                    state: None,
                    in_organization: Known::Is(false),
                    active: Known::Is(false),
                }
            }
            None => {
                let gaps = self.unowned();
                Standing {
                    owner: Some(Known::Gap(gaps.clone())),
                    state: Some(Known::Gap(gaps.clone())),
                    in_organization: Known::Gap(gaps.clone()),
                    active: Known::Gap(gaps),
                }
            }
        }
    }

    /// Whether service control policies deny to everybody in the owner's account, but fixed principals, to delete log
    /// files and their versions. They do not bind the management account. Source: Organizations User Guide, "Service control
    /// policies (SCPs)".
    pub(super) fn scp_denies_deletes(&mut self, snapshot: &Snapshot, keys: &[Pattern]) -> (Known<bool>, Vec<String>) {
        let management = snapshot.organization.as_ref().map(|organization| organization.management_account);
        match self.owner {
            Some(owner) if management == Some(owner) => {
                let why = "service control policies do not bind the management account".to_owned();
                (Known::Is(false), vec![why])
            }
            Some(owner) if management.is_some() => match snapshot.account(owner) {
                Some(account) => {
                    let actions = ["s3:DeleteObject", "s3:DeleteObjectVersion"];
                    let wishes: Vec<(&'static str, Pattern)> = actions
                        .into_iter()
                        .flat_map(|action| keys.iter().map(move |on| (action, on.clone())))
                        .collect();
                    governed::denies(self.open, snapshot, account, &wishes)
                }
                None => {
                    let id = owner.to_string();
                    let question = Question::of("organizations:ListPoliciesForTarget").resource(&id);
                    (Known::Gap(self.open.why(question)), Vec::new())
                }
            },
            Some(owner) => {
                let question = Question::of("organizations:ListPoliciesForTarget").account(owner);
                (Known::Gap(self.open.why(question)), Vec::new())
            }
            None => (Known::Gap(self.unowned()), Vec::new()),
        }
    }

    /// A flag takes effect where the bucket or its owner's account has it (S3 User Guide, "Blocking public access": the
    /// most restrictive combination applies).
    pub(super) fn public_access_block(&mut self, snapshot: &Snapshot) -> PublicAccessBlock {
        let own = self.bucket.public_access_block.as_ref().map(|block| block.value);
        let account = self.owner.and_then(|owner| snapshot.account(owner));
        let of_account = account.and_then(|account| account.public_access_block.as_ref()).map(|block| block.value);
        let mut flag = |flag: fn(&crate::snapshot::PublicAccessBlock) -> bool| match (
            own.map(|own| flag(&own)),
            of_account.map(|block| flag(&block)),
        ) {
            (Some(true), _) | (_, Some(true)) => Known::Is(true),
            (Some(false), Some(false)) => Known::Is(false),
            (None, _) => Known::Gap(self.why("s3:GetPublicAccessBlock")),
            (Some(false), None) => {
                let question = Question::of("s3control:GetPublicAccessBlock");
                Known::Gap(self.open.why(self.owner.map_or(question, |owner| question.account(owner))))
            }
        };
        PublicAccessBlock {
            block_public_acls: flag(|block| block.block_public_acls),
            ignore_public_acls: flag(|block| block.ignore_public_acls),
            block_public_policy: flag(|block| block.block_public_policy),
            restrict_public_buckets: flag(|block| block.restrict_public_buckets),
        }
    }

    pub(super) fn access_logging(&mut self) -> Known<AccessLogging> {
        let Some(read) = &self.bucket.access_logging else { return Known::Gap(self.why("s3:GetBucketLogging")) };
        let Some(target) = &read.value.target_bucket else {
            let off = AccessLogging {
                enabled: false,
                target_bucket: None,
                target_is_itself: false,
                target_exists: Known::Is(false),
            };
            return Known::Is(off);
        };
        let exists = match read.value.target_existence {
            Some(existence) => Known::Is(existence == Existence::Present),
            None => {
                let question = Question::of("s3:HeadBucket").resource(target);
                Known::Gap(self.open.why(self.owner.map_or(question, |owner| question.account(owner))))
            }
        };
        match target.parse() {
            Ok(name) => Known::Is(AccessLogging {
                enabled: true,
                target_bucket: Some(name),
                target_is_itself: target == self.bucket.name.as_str(),
                target_exists: exists,
            }),
            Err(_) => Known::Gap(self.why("s3:GetBucketLogging")),
        }
    }
}
