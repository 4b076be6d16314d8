//! How a seed becomes the state of a bit generator: NumPy's `SeedSequence`, after O'Neill's `seed_seq_fe` (Developing a seed_seq
//! alternative, 2015). A pool of four words is mixed from all words of the seed, and hashed once more for every word that is wanted.

/// Words of the pool.
const POOL: usize = 4;

/// A hash whose constant changes with every word.
struct Hash {
    constant: u32,
    factor: u32,
}

impl Hash {
    fn of(&mut self, word: u32) -> u32 {
        let mixed = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.factor);
        let mixed = mixed.wrapping_mul(self.constant);
        mixed ^ (mixed >> 16)
    }
}

fn mix(left: u32, right: u32) -> u32 {
    let mixed = left.wrapping_mul(0xCA01_F9DD).wrapping_sub(right.wrapping_mul(0x4973_F715));
    mixed ^ (mixed >> 16)
}

/// The four words of 64 bits that a PCG64 begins with, from the words of a seed.
pub(super) fn words(seed: &[u32]) -> [u64; 4] {
    let mut hash = Hash { constant: 0x43B0_D7E5, factor: 0x931E_8875 };
    let mut pool: [u32; POOL] = std::array::from_fn(|place| hash.of(seed.get(place).copied().unwrap_or(0)));
    for from in 0..POOL {
        for to in 0..POOL {
            if from != to {
                pool[to] = mix(pool[to], hash.of(pool[from]));
            }
        }
    }
    for word in seed.iter().skip(POOL) {
        for place in &mut pool {
            *place = mix(*place, hash.of(*word));
        }
    }
    let mut hash = Hash { constant: 0x8B51_F9DD, factor: 0x58F3_8DED };
    let mut halves = pool.iter().cycle();
    std::array::from_fn(|_| {
        let mut next = || u64::from(hash.of(halves.next().copied().unwrap_or(0)));
        let low = next();
        low | next() << 32
    })
}

/// A seed from the operating system. Where it gives none, zeros.
pub(super) fn entropy() -> [u32; POOL] {
    let mut seed = [0; POOL];
    // SAFETY: as many bytes as the array has.
    unsafe { libc::getrandom(seed.as_mut_ptr().cast(), size_of_val(&seed), 0) };
    seed
}
