//! Time that passes only when nothing else can happen: a run that waits for minutes takes none.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;

/// A clock that the SDK sleeps by and tells the time by.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    start: SystemTime,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    count: u64,
    /// Who sleeps until when, and in what order they fell asleep.
    sleepers: BTreeMap<(Duration, u64), Waker>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { start: SystemTime::now(), state: Arc::default() }
    }

    /// How much time has passed.
    pub(crate) fn passed(&self) -> Duration {
        self.state.lock().unwrap().passed
    }

    /// Wakes whoever would wake first; false where nobody sleeps.
    fn advance(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some(((until, _), waker)) = state.sleepers.pop_first() else { return false };
        state.passed = state.passed.max(until);
        waker.wake();
        true
    }

    /// Runs a future to its end.
    ///
    /// # Panics
    /// Where it waits for something that never comes.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        let signal = Arc::new(Signal { woken: AtomicBool::new(false), thread: std::thread::current() });
        let waker = Waker::from(signal.clone());
        let mut future = Box::pin(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
            if signal.take() || self.advance() {
                continue;
            }
            // Another thread may still have something to say.
            std::thread::park_timeout(Duration::from_secs(5));
            assert!(signal.take(), "the run hangs: nothing more can happen, and it is not at its end");
        }
    }
}

struct Signal {
    woken: AtomicBool,
    thread: Thread,
}

impl Signal {
    fn take(&self) -> bool {
        self.woken.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

struct Sleeping {
    clock: Clock,
    length: Duration,
    until: Option<(Duration, u64)>,
}

impl Future for Sleeping {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (clock, length) = (self.clock.clone(), self.length);
        let mut state = clock.state.lock().unwrap();
        let key = *self.until.get_or_insert_with(|| {
            state.count += 1;
            (state.passed + length, state.count)
        });
        if state.passed >= key.0 {
            state.sleepers.remove(&key);
            return Poll::Ready(());
        }
        state.sleepers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        if let (Some(key), Ok(mut state)) = (self.until, self.clock.state.lock()) {
            state.sleepers.remove(&key);
        }
    }
}

impl AsyncSleep for Clock {
    fn sleep(&self, length: Duration) -> Sleep {
        Sleep::new(Sleeping { clock: self.clone(), length, until: None })
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.start + self.passed()
    }
}
