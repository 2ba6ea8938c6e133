//! `--shard`: which part of the accounts, said or taken from the variables of a parallel job.

use std::str::FromStr;

use super::error::CliError;
use crate::snapshot::Shards;

/// A shard, or where to find which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ShardArgument {
    /// This one.
    One(Shards),
    /// The one that the variables of the environment say.
    Auto,
}

impl FromStr for ShardArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::One).map_err(|error: crate::snapshot::NotAShard| format!("{error}, or auto"))
    }
}

impl ShardArgument {
    /// The shard.
    ///
    /// # Errors
    /// Where it is to be found in the environment, and is not there, or not clearly.
    pub(super) fn shards(&self) -> Result<Shards, CliError> {
        match self {
            Self::One(shards) => Ok(shards.clone()),
            Self::Auto => found(|name| std::env::var(name).ok()).map_err(CliError::Usage),
        }
    }
}

/// How many shards there are, where the job has no variable of its own for that.
const COUNT: &str = "TRAILPROOF_SHARDS";

/// The variables by which a kind of parallel job numbers its parts.
struct Numbering {
    /// The kind of job.
    of: &'static str,
    index: &'static str,
    count: &'static str,
    /// The number of the first part.
    first: u32,
    /// A variable that tells the kind of job from others that use the same names.
    only_with: Option<&'static str>,
}

/// Sources: Kubernetes, "Job", Completion mode (the index is set, the count is not); AWS Batch User Guide, "AWS Batch job
/// environment variables"; GitLab, "Predefined CI/CD variables reference" (from 1; other systems number from 0 by the same
/// names); CircleCI, "Built-in environment variables"; Buildkite, "Environment variables".
const NUMBERINGS: [Numbering; 5] = [
    Numbering { of: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: COUNT, first: 0, only_with: None },
    Numbering {
        of: "AWS Batch",
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        count: "AWS_BATCH_JOB_ARRAY_SIZE",
        first: 0,
        only_with: None,
    },
    Numbering { of: "GitLab", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", first: 1, only_with: Some("GITLAB_CI") },
    Numbering { of: "CircleCI", index: "CIRCLE_NODE_INDEX", count: "CIRCLE_NODE_TOTAL", first: 0, only_with: None },
    Numbering {
        of: "Buildkite",
        index: "BUILDKITE_PARALLEL_JOB",
        count: "BUILDKITE_PARALLEL_JOB_COUNT",
        first: 0,
        only_with: None,
    },
];

/// The shard that the environment says, by its variables.
fn found(variable: impl Fn(&str) -> Option<String>) -> Result<Shards, String> {
    let set = |name: &str| variable(name).filter(|text| !text.is_empty());
    let is_there = |job: &&Numbering| set(job.index).is_some() && job.only_with.is_none_or(|name| set(name).is_some());
    let jobs: Vec<&Numbering> = NUMBERINGS.iter().filter(is_there).collect();
    let job = match jobs.as_slice() {
        [job] => job,
        [] => {
            let names: Vec<&str> = NUMBERINGS.iter().map(|job| job.index).collect();
            return Err(format!("--shard auto: none of {} is set: give K/N", names.join(", ")));
        }
        several => {
            let names: Vec<&str> = several.iter().map(|job| job.index).collect();
            return Err(format!(
                "--shard auto: {} are set, and which of them counts is not clear: give K/N",
                names.join(" and ")
            ));
        }
    };
    let number = |name: &str| {
        let text = set(name).ok_or_else(|| {
            let many = if name == COUNT { ": set it to the number of completions" } else { "" };
            format!("--shard auto: {} is set, and {name} is not{many}", job.index)
        })?;
        text.trim().parse::<u32>().map_err(|_| format!("--shard auto: {name} is `{text}`, not a number"))
    };
    let (index, count) = (number(job.index)?, number(job.count)?);
    let shard = index.checked_add(1).and_then(|next| next.checked_sub(job.first));
    shard.and_then(|shard| Shards::one(shard, count)).ok_or_else(|| {
        format!("--shard auto: {} jobs number from {}, and {} is {index} of {count}", job.of, job.first, job.index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<String, String> {
        let of = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        found(of).map(|shards| shards.to_string())
    }

    #[test]
    fn each_job_numbers_its_parts_its_own_way() {
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[("JOB_COMPLETION_INDEX", "0"), (COUNT, "4")], "1/4"),
            (&[("JOB_COMPLETION_INDEX", "3"), (COUNT, "4")], "4/4"),
            (&[("AWS_BATCH_JOB_ARRAY_INDEX", "9"), ("AWS_BATCH_JOB_ARRAY_SIZE", "10")], "10/10"),
            (&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "3")], "1/3"),
            (&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "3")], "3/3"),
            (&[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "2")], "2/2"),
            (&[("BUILDKITE_PARALLEL_JOB", "0"), ("BUILDKITE_PARALLEL_JOB_COUNT", "2"), ("CI_NODE_INDEX", "7")], "1/2"),
        ];
        for (variables, expected) in cases {
            assert_eq!(with(variables).as_deref(), Ok(expected), "{variables:?}");
        }
    }

    #[test]
    fn what_is_not_clear_is_no_shard() {
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[], "none of JOB_COMPLETION_INDEX"),
            (&[("JOB_COMPLETION_INDEX", "")], "none of"),
            (&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "2")], "none of"),
            (&[("JOB_COMPLETION_INDEX", "1")], "TRAILPROOF_SHARDS is not: set it to the number of completions"),
            (&[("JOB_COMPLETION_INDEX", "4"), (COUNT, "4")], "is 4 of 4"),
            (&[("JOB_COMPLETION_INDEX", "one"), (COUNT, "4")], "is `one`, not a number"),
            (&[("JOB_COMPLETION_INDEX", "1"), ("CIRCLE_NODE_INDEX", "1")], "which of them counts"),
        ];
        for (variables, expected) in cases {
            let error = with(variables).unwrap_err();
            assert!(error.contains(expected), "{variables:?}: {error}");
        }
        assert!(with(&[("GITLAB_CI", "true"), ("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "2")]).is_err());
    }
}
