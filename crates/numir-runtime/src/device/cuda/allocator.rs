//! Device memory that is kept for the next array: allocating from the driver waits for the GPU, and freeing does.
//!
//! Blocks have sizes of few classes. What is given back may be given out at once, though kernels that were launched before may still use it: all work goes to one
//! stream, where what uses the memory next comes after them.

use std::collections::BTreeMap;

use super::driver::Failed;
use super::errors::OUT_OF_MEMORY;

/// The least block.
const LEAST: usize = 512;

/// Where memory comes from.
pub(super) trait Source {
    /// Memory of so many bytes.
    fn take(&self, bytes: usize) -> Result<u64, Failed>;

    /// Gives it back, once nothing uses it any more.
    fn give(&self, address: u64);
}

/// The blocks that are kept.
pub(super) struct Allocator {
    kept: BTreeMap<usize, Vec<u64>>,
    bytes_kept: usize,
    /// The most bytes that are kept.
    limit: usize,
}

impl Allocator {
    pub(super) const fn new(limit: usize) -> Self {
        Self { kept: BTreeMap::new(), bytes_kept: 0, limit }
    }

    /// A block of at least so many bytes.
    pub(super) fn allocate(&mut self, bytes: usize, source: &impl Source) -> Result<u64, Failed> {
        let class = class_of(bytes).ok_or(OUT_OF_MEMORY)?;
        if let Some(address) = self.kept.get_mut(&class).and_then(Vec::pop) {
            self.bytes_kept -= class;
            return Ok(address);
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
    pub(super) fn free(&mut self, address: u64, bytes: usize, source: &impl Source) {
        let class = class_of(bytes).unwrap_or(usize::MAX);
        match self.bytes_kept.checked_add(class).filter(|sum| *sum <= self.limit) {
            Some(sum) => {
                self.bytes_kept = sum;
                self.kept.entry(class).or_default().push(address);
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
        left: Cell<usize>,
        out: RefCell<BTreeMap<u64, usize>>,
        next: Cell<u64>,
    }

    impl Bytes {
        fn new(bytes: usize) -> Self {
            Self { left: Cell::new(bytes), out: RefCell::default(), next: Cell::new(1) }
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
        let first = allocator.allocate(1000, &source).unwrap();
        let second = allocator.allocate(1000, &source).unwrap();
        assert_ne!(first, second);
        allocator.free(first, 1000, &source);
        assert_eq!(allocator.allocate(1020, &source), Ok(first));
        allocator.free(second, 1000, &source);
        assert_ne!(allocator.allocate(2000, &source), Ok(second));
    }

    #[test]
    fn what_is_kept_goes_where_memory_is_short_or_it_is_too_much() {
        let source = Bytes::new(8192);
        let mut allocator = Allocator::new(4096);
        let blocks: Vec<_> = (0..4).map(|_| allocator.allocate(2048, &source).unwrap()).collect();
        assert_eq!(allocator.allocate(512, &source), Err(OUT_OF_MEMORY));
        for block in blocks {
            allocator.free(block, 2048, &source);
        }
        assert_eq!((source.left.get(), allocator.bytes_kept), (4096, 4096), "half is kept");
        assert!(allocator.allocate(8192, &source).is_ok(), "which goes for a larger block");
        assert_eq!((source.left.get(), allocator.bytes_kept), (0, 0));
    }
}
