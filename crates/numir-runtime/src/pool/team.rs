//! The threads of the pool: who sleeps, who helps whom, and what becomes of them at fork.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::job::Job;
use crate::interrupt;

/// The stack of each worker in bytes; compiled code recurses on it as deep as on a main thread.
const STACK_BYTES: usize = 16 << 20;

/// Pauses that a thread makes, hoping for news, before it goes to sleep: some ten microseconds.
const PAUSES: usize = 1000;

/// The threads that run parallel loops. One per process, never torn down.
pub(super) struct Team {
    threads: usize,
    /// Do the threads have a core each? Else waiting goes to sleep at once.
    pauses: usize,
    state: Mutex<State>,
    /// Counts the loops that were opened, for threads that wait without the lock.
    opened: AtomicU64,
    /// Sleeping workers wait here for loops to open.
    news: Condvar,
    /// Callers wait here for their helpers to leave, or for loops within theirs to open.
    progress: Condvar,
}

/// What the lock guards. A loop that is listed is alive; helpers count themselves in and out under the lock.
struct State {
    open: Vec<Listed>,
    sleeping: usize,
    waiting: usize,
}

#[derive(Clone, Copy)]
struct Listed(*const Job);

// SAFETY: jobs are Sync, and are listed only while they live.
unsafe impl Send for Listed {}

static TEAM: AtomicPtr<Team> = AtomicPtr::new(std::ptr::null_mut());

thread_local! {
    /// The lane of this thread: 0 for threads that are not the pool's.
    static THREAD: Cell<usize> = const { Cell::new(0) };
}

/// The number of this thread: 0 for threads that are not the pool's.
pub(super) fn number() -> usize {
    THREAD.get()
}

impl Team {
    /// The process's team, made on first use, and again in a child after fork.
    pub(super) fn current() -> &'static Self {
        let team = TEAM.load(Ordering::Acquire);
        // SAFETY: a team, once published, is never freed.
        unsafe { team.as_ref() }.unwrap_or_else(Self::create)
    }

    #[cold]
    fn create() -> &'static Self {
        // No lock here: a fork in another thread could leave it taken for ever in the child.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let wish = std::env::var("NUMIR_NUM_THREADS").ok().and_then(|text| text.trim().parse().ok());
        let threads = wish.filter(|threads| (1..=1024).contains(threads)).unwrap_or(cores);
        let team = Box::into_raw(Box::new(Self {
            threads,
            pauses: if threads <= cores { PAUSES } else { 0 },
            state: Mutex::new(State { open: Vec::new(), sleeping: 0, waiting: 0 }),
            opened: AtomicU64::new(0),
            news: Condvar::new(),
            progress: Condvar::new(),
        }));
        match TEAM.compare_exchange(std::ptr::null_mut(), team, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => {
                // SAFETY: published, so never freed.
                let team = unsafe { &*team };
                forget_at_fork();
                team.start();
                team
            }
            Err(other) => {
                // SAFETY: ours was not published, and the other one is never freed.
                unsafe {
                    drop(Box::from_raw(team));
                    &*other
                }
            }
        }
    }

    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    fn start(&'static self) {
        let mask = block_signals();
        for thread in 1..self.threads {
            let builder = std::thread::Builder::new().name(format!("numir-{thread}")).stack_size(STACK_BYTES);
            // A thread that cannot be had is no error: the others take its lanes.
            drop(builder.spawn(move || self.serve(thread)));
        }
        restore_signals(&mask);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a loop: opens it to helpers, works along, and waits until the last helper has left.
    pub(super) fn run(&self, job: &Job) {
        self.open(job);
        job.work(THREAD.get());
        let mut state = self.lock();
        state.open.retain(|listed| !std::ptr::eq(listed.0, job));
        drop(state);
        // Nobody joins any more. A helper does not touch the job after it has counted itself out.
        for _ in 0..self.pauses {
            if job.helpers.load(Ordering::Acquire) == 0 {
                return;
            }
            std::hint::spin_loop();
        }
        let mut state = self.lock();
        while job.helpers.load(Ordering::Acquire) != 0 {
            state = match find(&state, |other| other.is_within(job) && other.has_room()) {
                Some(nested) => self.help(state, nested),
                None => {
                    state.waiting += 1;
                    let mut state = self.await_progress(state);
                    state.waiting -= 1;
                    drop(state);
                    // Perhaps this is the one thread that the host's signals reach. The host may take its time: no lock here.
                    if interrupt::numir_poll() != 0 {
                        job.interrupt();
                    }
                    self.lock()
                }
            };
        }
    }

    /// Waits for progress, and where the host wants to be asked no longer than a question's period.
    fn await_progress<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        if interrupt::is_installed() {
            let waited = self.progress.wait_timeout(state, interrupt::PERIOD);
            return waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        self.progress.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, job: &Job) {
        let mut state = self.lock();
        state.open.push(Listed(job));
        let (sleeping, waiting) = (state.sleeping > 0, state.waiting > 0);
        drop(state);
        self.opened.fetch_add(1, Ordering::Release);
        if sleeping {
            // It wakes others in turn.
            self.news.notify_one();
        }
        if waiting {
            self.progress.notify_all();
        }
    }

    /// Joins an open loop, works until it has no unclaimed chunk, and leaves.
    fn help<'a>(&'a self, state: MutexGuard<'a, State>, listed: Listed) -> MutexGuard<'a, State> {
        // SAFETY: it was listed under the lock that is still held, so it lives; counted in, it lives until counted out.
        let job = unsafe { &*listed.0 };
        job.helpers.fetch_add(1, Ordering::Relaxed);
        let sleeping = state.sleeping;
        drop(state);
        for _ in 0..sleeping.min(2) {
            self.news.notify_one();
        }
        job.work(THREAD.get());
        let state = self.lock();
        if job.helpers.fetch_sub(1, Ordering::Release) == 1 && state.waiting > 0 {
            self.progress.notify_all();
        }
        state
    }

    /// The life of a worker.
    fn serve(&self, thread: usize) {
        THREAD.set(thread);
        let mut state = self.lock();
        loop {
            if let Some(listed) = find(&state, Job::is_for_all) {
                state = self.help(state, listed);
                continue;
            }
            let seen = self.opened.load(Ordering::Acquire);
            drop(state);
            let news = (0..self.pauses).any(|_| {
                std::hint::spin_loop();
                self.opened.load(Ordering::Acquire) != seen
            });
            state = self.lock();
            // `opened` is counted up after the lock is given back: only the list itself tells for certain.
            if !news && find(&state, Job::is_for_all).is_none() {
                state.sleeping += 1;
                state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.sleeping -= 1;
            }
        }
    }
}

/// The oldest open loop that has work and is wanted.
fn find(state: &State, wanted: impl Fn(&Job) -> bool) -> Option<Listed> {
    // SAFETY: what is listed lives while the lock is held.
    state.open.iter().copied().find(|listed| unsafe { (*listed.0).has_work() && wanted(&*listed.0) })
}

/// Has a child after fork make a team of its own: it has none of the threads, and locks may be taken for ever.
fn forget_at_fork() {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    extern "C" fn child() {
        TEAM.store(std::ptr::null_mut(), Ordering::Release);
        THREAD.set(0);
    }
    if !REGISTERED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handler only stores. Without memory for it, children lack the pool's threads; nothing else breaks.
        unsafe { libc::pthread_atfork(None, None, Some(child)) };
    }
}

/// Blocks the signals that are sent to a process, which its own threads are to get, and returns the mask that was.
fn block_signals() -> libc::sigset_t {
    const OWN: [libc::c_int; 7] =
        [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGABRT, libc::SIGTRAP, libc::SIGPROF];
    // SAFETY: both sets are initialised before they are read.
    unsafe {
        let (mut blocked, mut before) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&raw mut blocked);
        for signal in OWN {
            libc::sigdelset(&raw mut blocked, signal);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const blocked, &raw mut before);
        before
    }
}

fn restore_signals(mask: &libc::sigset_t) {
    // SAFETY: the mask was read from this thread.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, std::ptr::null_mut()) };
}
