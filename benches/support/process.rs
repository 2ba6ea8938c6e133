//! What a process took, by what Linux says of it until it is waited for.

use std::fs;
use std::io;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// How often a process is looked at: its memory can grow by so much time unseen.
const LOOK: Duration = Duration::from_millis(2);

/// The ticks in which Linux counts the time of processors: `USER_HZ`, 100 everywhere.
const TICKS: f64 = 100.0;

/// What a process took.
pub(crate) struct Taken {
    pub(crate) time: Duration,
    /// Seconds of processors, its own and the kernel's for it.
    pub(crate) cpu: f64,
    /// The most memory that was resident at once, in bytes.
    pub(crate) peak: u64,
    pub(crate) status: ExitStatus,
}

/// Waits for a process to end. A process that has ended keeps its times until then, but not its memory.
pub(crate) fn wait(mut child: Child, began: Instant) -> io::Result<Taken> {
    let folder = format!("/proc/{}", child.id());
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(format!("{folder}/status"))?;
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if let Some(kilobytes) = line("VmHWM:").and_then(|text| text.split(' ').next()?.parse::<u64>().ok()) {
            peak = kilobytes * 1024;
        }
        if line("State:").is_some_and(|state| state.starts_with('Z')) {
            break;
        }
        thread::sleep(LOOK);
    }
    let time = began.elapsed();
    let stat = fs::read_to_string(format!("{folder}/stat"))?;
    // The name may hold blanks: the fields are counted from behind its bracket. The 14th and 15th are the times.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
    let cpu = (ticks(11) + ticks(12)) / TICKS;
    Ok(Taken { time, cpu, peak, status: child.wait()? })
}
