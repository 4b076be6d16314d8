//! The specialisations of a function by the codes of its arguments. Readers take no lock: a table never changes once it is
//! published, and what it replaced is kept until the function goes.

use crate::codes::Code;
use crate::specialisation::Specialisation;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

struct Entry {
    codes: Box<[Code]>,
    specialisation: Arc<Specialisation>,
}

/// Open addressing; at most half full.
#[derive(Default)]
struct Snapshot {
    places: Box<[Option<Entry>]>,
    count: usize,
}

/// FNV-1a over the codes, of which the low bits choose a place.
fn hash(codes: &[Code]) -> usize {
    let hash = codes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, code| (hash ^ u64::from(*code)).wrapping_mul(0x100_0000_01b3));
    (hash ^ (hash >> 29)) as usize
}

impl Snapshot {
    fn find(&self, codes: &[Code]) -> Option<&Arc<Specialisation>> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash(codes) & mask;
        while let Some(entry) = &self.places[place] {
            if *entry.codes == *codes {
                return Some(&entry.specialisation);
            }
            place = (place + 1) & mask;
        }
        None
    }

    fn with(&self, codes: &[Code], specialisation: Arc<Specialisation>) -> Self {
        let size = (2 * (self.count + 1)).next_power_of_two().max(4);
        let mut places: Box<[Option<Entry>]> = (0..size).map(|_| None).collect();
        let added = Entry { codes: codes.into(), specialisation };
        let kept = self.places.iter().flatten().filter(|entry| *entry.codes != *codes);
        let kept = kept.map(|entry| Entry { codes: entry.codes.clone(), specialisation: entry.specialisation.clone() });
        let mut count = 0;
        for entry in kept.chain([added]) {
            let mut place = hash(&entry.codes) & (size - 1);
            while places[place].is_some() {
                place = (place + 1) & (size - 1);
            }
            places[place] = Some(entry);
            count += 1;
        }
        Self { places, count }
    }
}

/// The specialisations of one function.
pub(crate) struct Table {
    current: AtomicPtr<Snapshot>,
    /// Every snapshot there was: a reader may still be looking at one.
    kept: Mutex<Vec<Arc<Snapshot>>>,
}

impl Table {
    pub(crate) fn new() -> Self {
        let first = Arc::<Snapshot>::default();
        let current = AtomicPtr::new(Arc::as_ptr(&first).cast_mut());
        Self { current, kept: Mutex::new(vec![first]) }
    }

    /// The specialisation for arguments of these codes.
    pub(crate) fn find(&self, codes: &[Code]) -> Option<&Arc<Specialisation>> {
        // SAFETY: snapshots live as long as the table.
        unsafe { &*self.current.load(Ordering::Acquire) }.find(codes)
    }

    /// Adds a specialisation, in place of one for the same codes.
    pub(crate) fn insert(&self, codes: &[Code], specialisation: Arc<Specialisation>) {
        self.replace(|current| current.with(codes, specialisation));
    }

    /// Forgets all specialisations.
    pub(crate) fn clear(&self) {
        self.replace(|_| Snapshot::default());
    }

    fn replace(&self, change: impl FnOnce(&Snapshot) -> Snapshot) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: as in `find`.
        let next = Arc::new(change(unsafe { &*self.current.load(Ordering::Acquire) }));
        self.current.store(Arc::as_ptr(&next).cast_mut(), Ordering::Release);
        kept.push(next);
    }

    /// Calls `visit` with every specialisation that calls may still use.
    pub(crate) fn each(&self, mut visit: impl FnMut(&[Code], &Arc<Specialisation>)) {
        // SAFETY: as in `find`.
        let current = unsafe { &*self.current.load(Ordering::Acquire) };
        current.places.iter().flatten().for_each(|entry| visit(&entry.codes, &entry.specialisation));
    }
}
