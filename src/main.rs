//! The binary: parse, run, exit code.

use std::panic::catch_unwind;
use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Judging is mostly many small allocations, on all cores; the platform's allocator takes half of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a bug exits with (`EX_SOFTWARE`).
const BUG: u8 = 70;

fn main() -> ExitCode {
    let ran = catch_unwind(|| trailproof::cli::run(std::env::args_os()));
    ran.unwrap_or_else(|_| {
        anstream::eprintln!(
            "trailproof {}: internal error. Please report the lines above, and the command without account ids.",
            env!("CARGO_PKG_VERSION")
        );
        ExitCode::from(BUG)
    })
}
