//! Shadow memory: who has last read and written each byte of a block's shared memory, to find races.
//!
//! Two accesses of different threads race if one of them is a write, other than by an atomic operation, and nothing orders them: no
//! barrier of the block, and no `syncwarp` of both. The first are counted; the second are kept in vector clocks of the warps that use it.
//! What threads order by other means, such as a lock, is taken for a race.

use super::block::LANES;

/// No thread.
const NOBODY: u16 = u16::MAX;

/// One access: who, when by its own clock, and where in the program.
#[derive(Clone, Copy)]
struct Access {
    rank: u16,
    clock: u32,
    site: *const u8,
}

const NONE: Access = Access { rank: NOBODY, clock: 0, site: std::ptr::null() };

/// The accesses of a byte since the barrier of that number.
#[derive(Clone, Copy)]
struct Byte {
    barrier: u32,
    writer: Access,
    /// Two readers of different threads: a writer races with one of them or is ordered after both.
    readers: [Access; 2],
}

/// What each lane of a warp knows of the clocks of the others.
type Clocks = [[u32; LANES]; LANES];

/// The shadow of a block's shared memory.
pub(super) struct Shadow {
    /// None until one is noted: many kernels share nothing, or are not checked.
    bytes: Vec<Byte>,
    size: usize,
    /// Counts barriers, over all blocks that this is the shadow of.
    barrier: u32,
    /// Of the warps that have synchronized by themselves.
    clocks: Vec<Option<Box<Clocks>>>,
}

/// What an access races with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Race {
    /// The number of the other thread in the block.
    pub(super) rank: u32,
    /// Whether it has written.
    pub(super) wrote: bool,
    pub(super) site: *const u8,
}

impl Shadow {
    pub(super) fn new(bytes: usize, threads: usize) -> Self {
        let clocks = (0..threads.div_ceil(LANES)).map(|_| None).collect();
        Self { bytes: Vec::new(), size: bytes, barrier: 0, clocks }
    }

    /// All threads of the block have met.
    pub(super) fn pass_barrier(&mut self) {
        self.barrier = self.barrier.wrapping_add(1);
    }

    /// Lanes of a warp have met.
    pub(super) fn pass_warp_barrier(&mut self, warp: usize, mask: u32) {
        let clocks = self.clocks[warp].get_or_insert_with(|| {
            let mut clocks = [[0; LANES]; LANES];
            (0..LANES).for_each(|lane| clocks[lane][lane] = 1);
            Box::new(clocks)
        });
        let met = || (0..LANES).filter(|lane| mask >> lane & 1 != 0);
        let mut known = [0; LANES];
        for lane in met() {
            known.iter_mut().zip(clocks[lane]).for_each(|(known, clock)| *known = clock.max(*known));
        }
        for lane in met() {
            clocks[lane] = known;
            clocks[lane][lane] += 1;
        }
    }

    /// Notes an access of a thread to so many bytes from an offset on, and gives what it races with.
    pub(super) fn note(
        &mut self,
        rank: u32,
        range: std::ops::Range<usize>,
        writes: bool,
        site: *const u8,
    ) -> Option<Race> {
        if self.bytes.is_empty() {
            self.bytes.resize(self.size, Byte { barrier: self.barrier, writer: NONE, readers: [NONE; 2] });
        }
        let own = Access { rank: rank as u16, clock: self.clock(rank as usize), site };
        let mut race = None;
        for offset in range {
            let Some(mut byte) = self.bytes.get(offset).copied() else { break };
            if byte.barrier != self.barrier {
                byte = Byte { barrier: self.barrier, writer: NONE, readers: [NONE; 2] };
            }
            let races = |other: &Access| other.rank != NOBODY && other.rank != own.rank && !self.is_before(other, rank);
            let reader = byte.readers.iter().find(|reader| writes && races(reader));
            let found = Some(&byte.writer).filter(|writer| races(writer)).map(|writer| (writer, true));
            if let Some((other, wrote)) = found.or(reader.map(|reader| (reader, false))) {
                race.get_or_insert(Race { rank: other.rank.into(), wrote, site: other.site });
            }
            if writes {
                byte.writer = own;
            } else {
                let free =
                    |reader: &Access| reader.rank == NOBODY || reader.rank == own.rank || self.is_before(reader, rank);
                let place = byte.readers.iter().position(|reader| reader.rank == own.rank);
                if let Some(place) = place.or_else(|| byte.readers.iter().position(free)) {
                    byte.readers[place] = own;
                }
            }
            self.bytes[offset] = byte;
        }
        race
    }

    fn clock(&self, rank: usize) -> u32 {
        self.clocks[rank / LANES].as_ref().map_or(1, |clocks| clocks[rank % LANES][rank % LANES])
    }

    /// Whether a thread has met, since an access, the one whose it was.
    fn is_before(&self, access: &Access, rank: u32) -> bool {
        let (other, own) = (usize::from(access.rank), rank as usize);
        let clocks = self.clocks[own / LANES].as_ref().filter(|_| own / LANES == other / LANES);
        clocks.is_some_and(|clocks| clocks[own % LANES][other % LANES] >= access.clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: *const u8 = std::ptr::null();

    fn race(rank: u32, wrote: bool) -> Option<Race> {
        Some(Race { rank, wrote, site: HERE })
    }

    #[test]
    fn reads_do_not_race_and_writes_do() {
        let mut shadow = Shadow::new(16, 64);
        shadow.pass_barrier();
        for rank in [1, 2, 40] {
            assert_eq!(shadow.note(rank, 0..4, false, HERE), None);
        }
        assert_eq!(shadow.note(3, 3..8, true, HERE), race(1, false));
        assert_eq!(shadow.note(1, 4..8, false, HERE), race(3, true));
        assert_eq!(shadow.note(3, 8..12, true, HERE), None);
        assert_eq!(shadow.note(3, 8..12, true, HERE), None);
        assert_eq!(shadow.note(3, 8..12, false, HERE), None, "one thread's own accesses are in order");
        shadow.pass_barrier();
        assert_eq!(shadow.note(5, 0..16, true, HERE), None);
    }

    #[test]
    fn a_warp_orders_its_own_lanes_alone() {
        let mut shadow = Shadow::new(8, 64);
        shadow.pass_barrier();
        assert_eq!(shadow.note(0, 0..4, true, HERE), None);
        assert_eq!(shadow.note(33, 4..8, true, HERE), None);
        shadow.pass_warp_barrier(0, 0b11);
        assert_eq!(shadow.note(1, 0..4, false, HERE), None);
        assert_eq!(shadow.note(2, 0..4, false, HERE), race(0, true));
        shadow.pass_warp_barrier(0, 0b110);
        assert_eq!(shadow.note(2, 0..4, true, HERE), None, "lane 2 knows by lane 1");
        assert_eq!(shadow.note(1, 4..8, false, HERE), race(33, true));
    }

    #[test]
    fn an_access_after_the_meeting_is_not_ordered_by_it() {
        let mut shadow = Shadow::new(4, 32);
        shadow.pass_barrier();
        shadow.pass_warp_barrier(0, 0b11);
        assert_eq!(shadow.note(0, 0..4, false, HERE), None);
        assert_eq!(shadow.note(1, 0..4, true, HERE), race(0, false));
    }
}
