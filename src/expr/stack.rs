//! Room to read expressions in: the parser goes deep, and a thread that was not made for it would overflow its stack.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The stack for reading one expression: the parser needs about 100 KiB for each pair of brackets.
const STACK: usize = 32 << 20;

/// More threads than this are started in vain: reading all built-in rules takes some milliseconds on one.
const MOST: usize = 8;

thread_local! {
    /// Whether this thread has the stack.
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Threads on which expressions are read without a thread for each; nothing where they cannot be started.
pub fn readers() -> Option<ThreadPool> {
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get().min(MOST));
    let large = |_| IS_LARGE.set(true);
    ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).start_handler(large).build().ok()
}

/// Does something where the stack is large: here, or on a thread of its own. Nothing where that failed.
pub(super) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    if IS_LARGE.get() {
        return catch_unwind(AssertUnwindSafe(work)).ok();
    }
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        worker.ok().and_then(|worker| worker.join().ok())
    })
}
