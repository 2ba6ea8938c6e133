//! What a run is expected to take, as text for people.

use std::io::{self, Write};

use crate::snapshot::{Plan, PlanBasis};

/// A plan in one line, as a scan begins.
pub fn plan_line(plan: &Plan) -> String {
    let Plan { accounts, regions, total, .. } = plan;
    let basis = match plan.basis {
        PlanBasis::Assumed => "",
        PlanBasis::Snapshot => " from an earlier snapshot",
    };
    let accounts = if *accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") };
    let (time, memory) = (duration(plan.seconds), plan.bytes / 1_000_000);
    format!("{accounts} × {regions} Regions · {total} calls planned{basis} · about {time} and {memory} MB")
}

/// Writes a plan as text: the line, what binds, and the calls, most first.
///
/// # Errors
/// Where the writer fails.
pub fn write_plan(plan: &Plan, organization: Option<&str>, writer: &mut dyn Write) -> io::Result<()> {
    let of = organization.map(|id| format!("{id} · ")).unwrap_or_default();
    writeln!(writer, "{of}{}", plan_line(plan))?;
    writeln!(writer, "the time is that of {}\n", plan.bound_by)?;
    let mut calls: Vec<(&String, &u64)> = plan.calls.iter().collect();
    calls.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (operation, count) in calls {
        writeln!(writer, "  {count:>9}  {operation}")?;
    }
    writeln!(writer)?;
    match plan.basis {
        PlanBasis::Assumed => writeln!(
            writer,
            "assumed: the Regions that every account has, and one organization trail with a bucket, key, topic and log group; \
             --like SNAPSHOT counts what an earlier run found"
        ),
        PlanBasis::Snapshot => writeln!(writer, "what there is is taken from the earlier snapshot"),
    }
}

fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_at_a_glance() {
        assert_eq!([0, 59, 61, 3_725].map(duration), ["0 s", "59 s", "1 min 1 s", "1 h 2 min"]);
    }
}
