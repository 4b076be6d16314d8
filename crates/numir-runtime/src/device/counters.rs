//! What was transferred between host and device, counted per thread: for tests, and for who asks where the time went.

use std::cell::Cell;
use std::ops::Sub;

/// Transfers that a thread has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfers {
    /// Copies from the host to a device.
    pub to_device: u64,
    /// Their bytes.
    pub bytes_to_device: u64,
    /// Copies from a device to the host.
    pub to_host: u64,
    /// Their bytes.
    pub bytes_to_host: u64,
}

impl Transfers {
    const NONE: Self = Self { to_device: 0, bytes_to_device: 0, to_host: 0, bytes_to_host: 0 };
}

impl Sub for Transfers {
    type Output = Self;

    /// Those since an earlier moment.
    fn sub(self, before: Self) -> Self {
        Self {
            to_device: self.to_device.wrapping_sub(before.to_device),
            bytes_to_device: self.bytes_to_device.wrapping_sub(before.bytes_to_device),
            to_host: self.to_host.wrapping_sub(before.to_host),
            bytes_to_host: self.bytes_to_host.wrapping_sub(before.bytes_to_host),
        }
    }
}

thread_local! {
    static TRANSFERS: Cell<Transfers> = const { Cell::new(Transfers::NONE) };
}

/// The transfers of this thread so far.
#[must_use]
pub fn transfers() -> Transfers {
    TRANSFERS.get()
}

pub(super) fn count_to_device(bytes: usize) {
    let mut now = TRANSFERS.get();
    now.to_device += 1;
    now.bytes_to_device += bytes as u64;
    TRANSFERS.set(now);
}

pub(super) fn count_to_host(bytes: usize) {
    let mut now = TRANSFERS.get();
    now.to_host += 1;
    now.bytes_to_host += bytes as u64;
    TRANSFERS.set(now);
}
