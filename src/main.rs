//! The binary: parse, run, exit code.

use std::panic::{set_hook, take_hook};
use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Judging is mostly many small allocations, on all cores; the platform's allocator takes half of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a bug exits with (`EX_SOFTWARE`).
const BUG: i32 = 70;

fn main() -> ExitCode {
    end_at_a_bug();
    trailproof::cli::run(std::env::args_os())
}

/// Lets a panic on any thread say where it was and how to report it, and end the run: what a thread leaves half done
/// must not be judged.
#[allow(clippy::exit, reason = "there is nothing to return to: the release build does not unwind")]
fn end_at_a_bug() {
    let say_where = take_hook();
    set_hook(Box::new(move |panic| {
        say_where(panic);
        anstream::eprintln!(
            "trailproof {}: internal error. Please report the lines above, and the command without account ids.",
            env!("CARGO_PKG_VERSION")
        );
        std::process::exit(BUG);
    }));
}
