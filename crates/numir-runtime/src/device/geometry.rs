//! The extents of a launch, and what hardware allows: the same limits on the simulator, so that what runs there runs on a GPU.

use super::failure::DeviceError;

/// The most threads of a block.
const THREADS: u64 = 1024;

/// The most threads of a block along z.
const DEPTH: i64 = 64;

/// What each extent is called, and the least and the most of it; how many threads a block has is another question.
const EXTENTS: [(&str, i64, i64); 6] = [
    ("the grid's first extent", 0, i32::MAX as i64),
    ("the grid's second extent", 0, 65_535),
    ("the grid's third extent", 0, 65_535),
    ("the block's first extent", 1, u32::MAX as i64),
    ("the block's second extent", 1, u32::MAX as i64),
    ("the block's third extent", 1, DEPTH),
];

/// A grid of blocks of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Blocks along x, y and z.
    pub(super) grid: [u32; 3],
    /// Threads of a block along x, y and z.
    pub(super) block: [u32; 3],
    /// Bytes of shared memory of a block that are sized at the launch.
    pub(super) shared: u32,
}

impl Geometry {
    /// From what compiled code passes; None where there are no blocks.
    pub(super) fn read(words: [i64; 7]) -> Result<Option<Self>, DeviceError> {
        for ((name, least, most), extent) in EXTENTS.iter().zip(words) {
            if !(*least..=*most).contains(&extent) {
                return Err(wrong(format!("{name} is {extent}, and it must be from {least} to {most}")));
            }
        }
        let extents = |from: usize| [0, 1, 2].map(|axis| words[from + axis] as u32);
        let (grid, block) = (extents(0), extents(3));
        let threads: u128 = block.iter().map(|extent| u128::from(*extent)).product();
        if threads > THREADS.into() {
            let [x, y, z] = block;
            let advice = "make the blocks smaller, and the grid larger";
            return Err(wrong(format!(
                "a block of {x} x {y} x {z} has {threads} threads, of {THREADS} at most: {advice}"
            )));
        }
        let shared =
            u32::try_from(words[6]).map_err(|_| wrong(format!("{} bytes of shared memory cannot be had", words[6])))?;
        let geometry = Self { grid, block, shared };
        Ok((!grid.contains(&0)).then_some(geometry))
    }

    /// Fails where a block wants more shared memory than it can have.
    pub(super) fn check_shared(&self, most: u32) -> Result<(), DeviceError> {
        if self.shared <= most {
            return Ok(());
        }
        let (wanted, advice) = (self.shared, "use smaller shared arrays, of a smaller block or a smaller type");
        Err(wrong(format!("a block wants {wanted} bytes of shared memory, of {most} at most: {advice}")))
    }

    /// Fails where a block has more threads than the program has promised for its kernel; 0 is no promise.
    pub(super) fn check_promise(&self, most: i64) -> Result<(), DeviceError> {
        let threads = self.threads();
        if most == 0 || i64::from(threads) <= most {
            return Ok(());
        }
        let advice = "make the blocks smaller, or the bound larger";
        Err(wrong(format!("a block has {threads} threads, of {most} at most by the kernel's launch_bounds: {advice}")))
    }

    /// Threads of a block.
    pub(super) fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    /// Blocks of the grid.
    pub(super) fn blocks(&self) -> u64 {
        self.grid.iter().map(|extent| u64::from(*extent)).product()
    }
}

fn wrong(message: String) -> DeviceError {
    DeviceError::Stated("ValueError", message)
}

/// The place of a number in extents whose first varies fastest.
pub(super) fn place(number: u64, extents: [u32; 3]) -> [u32; 3] {
    let [x, y, _] = extents.map(|extent| u64::from(extent.max(1)));
    [number % x, number / x % y, number / x / y].map(|index| index as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: [i64; 7]) -> Result<Option<Geometry>, String> {
        Geometry::read(words).map_err(|error| match error {
            DeviceError::Stated(kind, message) => format!("{kind}: {message}"),
            DeviceError::Raised(_) => "raised".to_owned(),
        })
    }

    #[test]
    fn extents_are_read_and_counted() {
        let geometry = read([4, 3, 2, 32, 2, 1, 100]).unwrap().unwrap();
        assert_eq!(geometry, Geometry { grid: [4, 3, 2], block: [32, 2, 1], shared: 100 });
        assert_eq!((geometry.blocks(), geometry.threads()), (24, 64));
        assert_eq!(
            [0, 3, 4, 23].map(|number| place(number, geometry.grid)),
            [[0, 0, 0], [3, 0, 0], [0, 1, 0], [3, 2, 1]]
        );
        for empty in [[0, 1, 1, 1, 1, 1, 0], [5, 0, 1, 1, 1, 1, 0], [5, 1, 0, 1024, 1, 1, 0]] {
            assert_eq!(read(empty), Ok(None));
        }
        assert!(read([i64::from(i32::MAX), 65_535, 65_535, 16, 1, 64, 0]).is_ok());
    }

    #[test]
    fn promises_are_kept() {
        let geometry = read([1, 1, 1, 32, 2, 1, 0]).unwrap().unwrap();
        assert!([0, 64, 65].into_iter().all(|most| geometry.check_promise(most).is_ok()));
        assert!(geometry.check_promise(63).is_err());
    }

    #[test]
    fn what_no_device_allows_is_told() {
        let cases = [
            ([-1, 1, 1, 1, 1, 1, 0], "the grid's first extent is -1, and it must be from 0 to 2147483647"),
            ([1, 65_536, 1, 1, 1, 1, 0], "the grid's second extent is 65536, and it must be from 0 to 65535"),
            ([1, 1, 1, 0, 1, 1, 0], "the block's first extent is 0, and it must be from 1 to 4294967295"),
            ([1, 1, 1, 1, 1, 65, 0], "the block's third extent is 65, and it must be from 1 to 64"),
            (
                [1, 1, 1, 32, 64, 1, 0],
                "a block of 32 x 64 x 1 has 2048 threads, of 1024 at most: make the blocks smaller, and the grid larger",
            ),
            ([1, 1, 1, 1, 1, 1, -8], "-8 bytes of shared memory cannot be had"),
        ];
        for (words, text) in cases {
            assert_eq!(read(words).unwrap_err(), format!("ValueError: {text}"));
        }
    }
}
