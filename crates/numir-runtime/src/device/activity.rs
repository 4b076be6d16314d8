//! What was launched and copied, for people who ask what ran where: by kernel, with the line that launches it.
//!
//! A kernel's counters are made when it is first used, and stay for as long as the process, whatever becomes of its module; after that a launch adds to a
//! number. A kernel that is compiled again goes on with those of its name and line.

use std::ffi::CStr;
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use super::Kernel;
use super::counters::{Transfers, transfers};
use crate::error::Site;

/// The counters of a kernel.
#[derive(Debug)]
pub struct Counted {
    name: String,
    place: Option<String>,
    launches: AtomicU64,
    copies: AtomicU64,
    bytes: AtomicU64,
    /// Those of the kernel that was first used before.
    before: AtomicPtr<Counted>,
}

/// The counters of the kernel that was first used last. A list without a lock: a fork in another thread could leave one taken for ever in the child.
static LAST: AtomicPtr<Counted> = AtomicPtr::new(std::ptr::null_mut());

/// The counters of a kernel.
///
/// # Safety
/// The kernel is a record as [`Kernel`] says.
pub(super) unsafe fn of(kernel: &Kernel) -> &'static Counted {
    // SAFETY: counters stay for as long as the process.
    let known = unsafe { kernel.counted.load(Ordering::Acquire).as_ref() };
    // SAFETY: the caller's promise.
    known.unwrap_or_else(|| unsafe { find(kernel) })
}

/// # Safety
/// As [`of`].
#[cold]
unsafe fn find(kernel: &Kernel) -> &'static Counted {
    // SAFETY: the caller's promise.
    let name = unsafe { CStr::from_ptr(kernel.name) }.to_string_lossy().into_owned();
    // SAFETY: as above.
    let site = (!kernel.site.is_null()).then(|| unsafe { Site::decode(kernel.site) });
    let place = site.map(|site| format!("{}:{}", site.file, site.span[0]));
    let counted = Counted::find(name, place);
    kernel.counted.store(std::ptr::from_ref(counted).cast_mut(), Ordering::Release);
    counted
}

impl Counted {
    /// All of them, the last one first.
    fn all() -> impl Iterator<Item = &'static Self> {
        let at = |address: *mut Self| {
            // SAFETY: counters stay for as long as the process, and are whole before they are in the list.
            unsafe { address.as_ref() }
        };
        std::iter::successors(at(LAST.load(Ordering::Acquire)), move |counted| {
            at(counted.before.load(Ordering::Relaxed))
        })
    }

    /// Those of a name and place, which are made if they are not there.
    fn find(name: String, place: Option<String>) -> &'static Self {
        let [launches, copies, bytes] = [const { AtomicU64::new(0) }; 3];
        // Where there are some already, these stay behind unseen: a name and a place, when two threads use a kernel for the first time at once.
        let fresh: &'static Self = match Self::all().find(|known| known.name == name && known.place == place) {
            Some(known) => return known,
            None => Box::leak(Box::new(Self { name, place, launches, copies, bytes, before: AtomicPtr::default() })),
        };
        let mut last = LAST.load(Ordering::Acquire);
        loop {
            if let Some(known) = Self::all().find(|known| known.name == fresh.name && known.place == fresh.place) {
                return known;
            }
            fresh.before.store(last, Ordering::Relaxed);
            let address = std::ptr::from_ref(fresh).cast_mut();
            match LAST.compare_exchange(last, address, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return fresh,
                // Another thread has added some: perhaps these.
                Err(other) => last = other,
            }
        }
    }

    pub(super) fn launched(&self) {
        self.launches.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn copied(&self, transfers: Transfers) {
        self.copies.fetch_add(transfers.to_device, Ordering::Relaxed);
        self.bytes.fetch_add(transfers.bytes_to_device, Ordering::Relaxed);
    }
}

/// What was done for one kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelActivity {
    /// Its name in the compiled module.
    pub name: String,
    /// FILE:LINE of what launches it, if that is known.
    pub place: Option<String>,
    /// How often it was launched.
    pub launches: u64,
    /// Copies to the device of what it was about to use.
    pub copies: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What was launched by any thread, and copied by this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Kernels in the order in which they were first used.
    pub kernels: Vec<KernelActivity>,
    /// All copies between host and device.
    pub transfers: Transfers,
}

impl Activity {
    /// Of the process so far.
    #[must_use]
    pub fn so_far() -> Self {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let kernels = Counted::all().map(|kernel| KernelActivity {
            name: kernel.name.clone(),
            place: kernel.place.clone(),
            launches: read(&kernel.launches),
            copies: read(&kernel.copies),
            bytes: read(&kernel.bytes),
        });
        let mut kernels: Vec<_> = kernels.collect();
        kernels.reverse();
        Self { kernels, transfers: transfers() }
    }

    /// What has come since an earlier moment.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        // Kernels keep their places.
        let mut kernels = self.kernels.clone();
        for (kernel, before) in kernels.iter_mut().zip(&before.kernels) {
            kernel.launches -= before.launches;
            kernel.copies -= before.copies;
            kernel.bytes -= before.bytes;
        }
        kernels.retain(|kernel| kernel.launches > 0 || kernel.copies > 0);
        Self { kernels, transfers: self.transfers - before.transfers }
    }
}

/// A number of things.
fn count(number: u64, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn copies(number: u64, bytes: u64) -> String {
    match number {
        0 => "nothing".to_owned(),
        _ => format!("{} of {} in all", count(number, "copy", "copies"), count(bytes, "byte", "bytes")),
    }
}

impl Display for Activity {
    /// A line for each kernel, and one for all copies.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for kernel in &self.kernels {
            let place = kernel.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
            let launches = count(kernel.launches, "launch", "launches");
            write!(f, "{place}kernel {}: {launches}", kernel.name)?;
            match kernel.copies {
                0 => writeln!(f)?,
                number => writeln!(f, ", to the device for it: {}", copies(number, kernel.bytes))?,
            }
        }
        let Transfers { to_device, bytes_to_device, to_host, bytes_to_host } = self.transfers;
        writeln!(
            f,
            "to the device: {}; to the host: {}",
            copies(to_device, bytes_to_device),
            copies(to_host, bytes_to_host)
        )
    }
}
