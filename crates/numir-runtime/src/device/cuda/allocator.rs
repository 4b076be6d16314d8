//! Device memory that is kept for the next array: allocating from the driver waits for the GPU, and freeing does.
//!
//! Blocks have sizes of few classes, and belong to a stream. What is given back is given out at once to who uses it in the same stream, though what was begun
//! there before may still use it: it comes first. A block that was used in several streams, or in one of another library's, is waited for.
//! A stream of ours also takes blocks of the default stream, as its work comes after all that was begun there.

use std::collections::{BTreeMap, BTreeSet};

use super::driver::Failed;
use super::errors::OUT_OF_MEMORY;
use crate::device::streams::{StreamHandle, Use};

/// The least block.
const LEAST: usize = 512;

/// The default stream.
const DEFAULT: StreamHandle = 0;

/// Where memory comes from.
pub(super) trait Source {
    /// Memory of so many bytes.
    fn take(&self, bytes: usize) -> Result<u64, Failed>;

    /// Gives it back, once nothing uses it any more.
    fn give(&self, address: u64);

    /// Waits for all streams. Whether that could be done.
    fn wait(&self) -> bool;
}

/// The blocks that are kept.
pub(super) struct Allocator {
    /// By the stream and their bytes.
    kept: BTreeMap<(StreamHandle, usize), Vec<u64>>,
    bytes_kept: usize,
    /// The most bytes that are kept.
    limit: usize,
    /// The streams that are ours.
    streams: BTreeSet<StreamHandle>,
}

impl Allocator {
    pub(super) const fn new(limit: usize) -> Self {
        Self { kept: BTreeMap::new(), bytes_kept: 0, limit, streams: BTreeSet::new() }
    }

    /// From now on there is a stream of ours.
    pub(super) fn add_stream(&mut self, stream: StreamHandle) {
        self.streams.insert(stream);
    }

    /// From now on there is not. If it was waited for, its blocks are the default stream's.
    pub(super) fn remove_stream(&mut self, stream: StreamHandle, is_done: bool) {
        self.streams.remove(&stream);
        let classes: Vec<_> = self.kept.range((stream, 0)..=(stream, usize::MAX)).map(|(key, _)| *key).collect();
        for key in classes {
            let blocks = self.kept.remove(&key).unwrap_or_default();
            if is_done {
                self.kept.entry((DEFAULT, key.1)).or_default().extend(blocks);
            } else {
                self.bytes_kept -= key.1 * blocks.len();
            }
        }
    }

    fn is_ours(&self, stream: StreamHandle) -> bool {
        stream == DEFAULT || self.streams.contains(&stream)
    }

    /// A block of at least so many bytes, to be used in a stream.
    pub(super) fn allocate(&mut self, bytes: usize, stream: StreamHandle, source: &impl Source) -> Result<u64, Failed> {
        let class = class_of(bytes).ok_or(OUT_OF_MEMORY)?;
        if self.is_ours(stream) {
            for owner in [stream, DEFAULT] {
                if let Some(address) = self.kept.get_mut(&(owner, class)).and_then(Vec::pop) {
                    self.bytes_kept -= class;
                    return Ok(address);
                }
            }
        }
        match source.take(class) {
            Err(OUT_OF_MEMORY) if self.bytes_kept > 0 => {
                self.give_all(source);
                source.take(class)
            }
            taken => taken,
        }
    }

    /// Gives back all that is kept.
    pub(super) fn give_all(&mut self, source: &impl Source) {
        std::mem::take(&mut self.kept).into_values().flatten().for_each(|address| source.give(address));
        self.bytes_kept = 0;
    }

    /// Takes back a block for which so many bytes were asked.
    pub(super) fn free(&mut self, address: u64, bytes: usize, used: Use, source: &impl Source) {
        let class = class_of(bytes).unwrap_or(usize::MAX);
        let stream = match used {
            Use::One(stream) if self.is_ours(stream) => Some(stream),
            _ => source.wait().then_some(DEFAULT),
        };
        let sum = self.bytes_kept.checked_add(class).filter(|sum| *sum <= self.limit);
        match stream.zip(sum) {
            Some((stream, sum)) => {
                self.bytes_kept = sum;
                self.kept.entry((stream, class)).or_default().push(address);
            }
            None => source.give(address),
        }
    }
}

/// The size of the block for so many bytes: at most an eighth more than is needed.
fn class_of(bytes: usize) -> Option<usize> {
    let bytes = bytes.max(LEAST);
    bytes.checked_next_multiple_of(1 << (bytes.ilog2() - 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    /// A source of so many bytes.
    struct Bytes {
        waits: Cell<usize>,
        left: Cell<usize>,
        out: RefCell<BTreeMap<u64, usize>>,
        next: Cell<u64>,
    }

    impl Bytes {
        fn new(bytes: usize) -> Self {
            Self { waits: Cell::new(0), left: Cell::new(bytes), out: RefCell::default(), next: Cell::new(1) }
        }
    }

    impl Source for Bytes {
        fn take(&self, bytes: usize) -> Result<u64, Failed> {
            self.left.set(self.left.get().checked_sub(bytes).ok_or(OUT_OF_MEMORY)?);
            let address = self.next.replace(self.next.get() + 1);
            self.out.borrow_mut().insert(address, bytes);
            Ok(address)
        }

        fn give(&self, address: u64) {
            let bytes = self.out.borrow_mut().remove(&address).expect("given out before");
            self.left.set(self.left.get() + bytes);
        }

        fn wait(&self) -> bool {
            self.waits.set(self.waits.get() + 1);
            true
        }
    }

    #[test]
    fn classes_waste_little() {
        for bytes in [1, 511, 512, 513, 1000, 1 << 20, (1 << 20) + 1, 3 << 30, 12_345_678_901] {
            let class = class_of(bytes).unwrap();
            assert!(class >= bytes && (class - bytes <= bytes / 8 || class == LEAST), "{bytes}: {class}");
            assert_eq!(class_of(class), Some(class));
        }
        assert_eq!(class_of(usize::MAX), None);
    }

    #[test]
    fn blocks_are_kept_for_others_of_their_class() {
        let source = Bytes::new(1 << 20);
        let mut allocator = Allocator::new(1 << 20);
        let first = allocator.allocate(1000, DEFAULT, &source).unwrap();
        let second = allocator.allocate(1000, DEFAULT, &source).unwrap();
        assert_ne!(first, second);
        allocator.free(first, 1000, Use::One(DEFAULT), &source);
        assert_eq!(allocator.allocate(1020, DEFAULT, &source), Ok(first));
        allocator.free(second, 1000, Use::One(DEFAULT), &source);
        assert_ne!(allocator.allocate(2000, DEFAULT, &source), Ok(second));
    }

    #[test]
    fn what_is_kept_goes_where_memory_is_short_or_it_is_too_much() {
        let source = Bytes::new(8192);
        let mut allocator = Allocator::new(4096);
        let blocks: Vec<_> = (0..4).map(|_| allocator.allocate(2048, DEFAULT, &source).unwrap()).collect();
        assert_eq!(allocator.allocate(512, DEFAULT, &source), Err(OUT_OF_MEMORY));
        for block in blocks {
            allocator.free(block, 2048, Use::One(DEFAULT), &source);
        }
        assert_eq!((source.left.get(), allocator.bytes_kept), (4096, 4096), "half is kept");
        assert!(allocator.allocate(8192, DEFAULT, &source).is_ok(), "which goes for a larger block");
        assert_eq!((source.left.get(), allocator.bytes_kept), (0, 0));
    }

    #[test]
    fn blocks_are_kept_for_the_streams_that_may_have_them() {
        let source = Bytes::new(1 << 20);
        let mut allocator = Allocator::new(1 << 20);
        let (ours, other, foreign) = (7, 8, 9);
        allocator.add_stream(ours);
        allocator.add_stream(other);
        let block = allocator.allocate(1000, ours, &source).unwrap();
        allocator.free(block, 1000, Use::One(ours), &source);
        assert_ne!(allocator.allocate(1000, other, &source), Ok(block));
        assert_ne!(allocator.allocate(1000, DEFAULT, &source), Ok(block));
        assert_eq!(allocator.allocate(1000, ours, &source), Ok(block));
        // What was used in the default stream is done before what others begin later.
        allocator.free(block, 1000, Use::One(DEFAULT), &source);
        assert_eq!(allocator.allocate(1000, other, &source), Ok(block));
        assert_eq!(source.waits.get(), 0);
        allocator.free(block, 1000, Use::Several, &source);
        assert_eq!(source.waits.get(), 1);
        assert_ne!(allocator.allocate(1000, foreign, &source), Ok(block), "whose order is not known");
        assert_eq!(allocator.allocate(1000, DEFAULT, &source), Ok(block));
        allocator.free(block, 1000, Use::One(foreign), &source);
        assert_eq!(source.waits.get(), 2);
        let block = allocator.allocate(1000, ours, &source).unwrap();
        allocator.free(block, 1000, Use::One(ours), &source);
        allocator.remove_stream(ours, true);
        assert_eq!(allocator.allocate(1000, DEFAULT, &source), Ok(block), "the stream was waited for");
    }
}
