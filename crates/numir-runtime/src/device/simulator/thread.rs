//! A thread of a simulated kernel.

use super::launch::Launch;

/// What a kernel is given of the thread that it runs as. Compiled code reads the first five fields.
#[repr(C)]
pub struct Thread {
    /// Its place in its block.
    pub thread: [u32; 3],
    /// Its block's place in the grid.
    pub block: [u32; 3],
    /// Threads of a block along each axis.
    pub block_extent: [u32; 3],
    /// Blocks of the grid along each axis.
    pub grid_extent: [u32; 3],
    /// The block's shared memory.
    pub shared: *mut u8,
    pub(super) launch: *const Launch,
    /// Its number in the grid: threads of a block one behind the other, blocks one behind the other.
    pub(super) number: u64,
}
