//! Random numbers: the two generators that Python programs know, equal to theirs number by number, and the streams of parallel
//! loops.
//!
//! A thread has NumPy's legacy generator (`numpy.random.seed`, `numpy.random.random`) and that of Python's module `random`, both
//! MT19937, each seeded by the operating system until the program seeds it. An iteration of a parallel loop draws from a stream of
//! its own in place of both: Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011), whose
//! key is drawn from the generator when the loop begins and whose counter holds the iteration's number. So what a loop draws depends on the
//! seed alone, and neither on the number of threads nor on who runs which iteration.

//!
//! What NumPy's `Generator` draws from is in [`bit_generator`].

mod bit_generator;
mod seeding;
mod widths;
mod ziggurat;

pub(crate) use bit_generator::*;
pub use bit_generator::{PCG64_FACTOR, know_pcg64};
pub use ziggurat::{EXPONENTIAL_STRIPS, NORMAL_STRIPS, Strips};

use rand_mt::Mt;
use std::cell::RefCell;

/// NumPy's generator, as compiled code calls it.
pub const NUMPY: i32 = 0;

/// That of Python's module `random`.
pub const PYTHON: i32 = 1;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { generators: [None, None], stream: None }) };
}

/// What a thread draws from.
struct State {
    generators: [Option<Box<Generator>>; 2],
    /// Takes the place of the generators within an iteration of a parallel loop.
    stream: Option<Stream>,
}

/// A generator that goes on and on, and the second number of the last normal pair.
struct Generator {
    bits: Mt,
    gauss: Option<f64>,
}

/// The numbers of one iteration.
#[derive(Clone, Copy)]
pub(crate) struct Stream {
    key: [u32; 2],
    iteration: u64,
    block: u64,
    drawn: [u32; 4],
    /// How many of `drawn` are still to be given.
    left: usize,
    gauss: Option<f64>,
}

impl State {
    #[inline]
    fn generator(&mut self, generator: i32) -> &mut Generator {
        self.generators[usize::from(generator == PYTHON)].get_or_insert_with(Generator::unseeded)
    }

    #[inline]
    fn next(&mut self, generator: i32) -> u32 {
        match &mut self.stream {
            Some(stream) => stream.next(),
            None => self.generator(generator).bits.next_u32(),
        }
    }

    /// 53 bits in [0, 1): `genrand_res53` of MT19937's authors.
    #[inline]
    fn double(&mut self, generator: i32) -> f64 {
        let (high, low) = match &mut self.stream {
            Some(stream) => (stream.next(), stream.next()),
            None => {
                let bits = &mut self.generator(generator).bits;
                (bits.next_u32(), bits.next_u32())
            }
        };
        (f64::from(high >> 5) * 67_108_864.0 + f64::from(low >> 6)) / 9_007_199_254_740_992.0
    }

    fn spare(&mut self, generator: i32) -> &mut Option<f64> {
        if self.stream.is_none() {
            return &mut self.generator(generator).gauss;
        }
        match &mut self.stream {
            Some(stream) => &mut stream.gauss,
            None => unreachable!("it is there"),
        }
    }

    /// A number of the standard normal distribution: NumPy's polar method, or Python's `random.gauss`.
    fn gauss(&mut self, generator: i32) -> f64 {
        if let Some(spare) = self.spare(generator).take() {
            return spare;
        }
        let (first, second) = if generator == NUMPY {
            loop {
                let (x, y) = (2.0 * self.double(generator) - 1.0, 2.0 * self.double(generator) - 1.0);
                let square = x * x + y * y;
                if square < 1.0 && square != 0.0 {
                    let factor = (-2.0 * square.ln() / square).sqrt();
                    break (factor * y, factor * x);
                }
            }
        } else {
            let angle = self.double(generator) * std::f64::consts::TAU;
            let radius = (-2.0 * (1.0 - self.double(generator)).ln()).sqrt();
            (angle.cos() * radius, angle.sin() * radius)
        };
        *self.spare(generator) = Some(second);
        first
    }
}

impl Generator {
    /// One that the operating system has seeded.
    #[cold]
    fn unseeded() -> Box<Self> {
        let mut seed = [0_u32; 8];
        // SAFETY: as many bytes as the array has. Where the system gives none, zeros are the seed.
        unsafe { libc::getrandom(seed.as_mut_ptr().cast(), size_of_val(&seed), 0) };
        Box::new(Self { bits: Mt::new_with_key(seed), gauss: None })
    }
}

impl Stream {
    #[inline]
    fn next(&mut self) -> u32 {
        if self.left == 0 {
            let [low, high] = [self.block as u32, (self.block >> 32) as u32];
            self.drawn = philox([low, high, self.iteration as u32, (self.iteration >> 32) as u32], self.key);
            self.block += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.drawn[3 - self.left]
    }
}

/// Philox4x32-10: ten rounds of a bijection of the counter that the key chooses.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [first, second] = [0xD251_1F53_u64 * u64::from(counter[0]), 0xCD9E_8D57_u64 * u64::from(counter[2])];
        counter = [
            (second >> 32) as u32 ^ counter[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ counter[3] ^ key[1],
            first as u32,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// The stream that the thread is in, if any: a parallel loop puts it back when it is done.
pub(crate) fn swap_stream(stream: Option<Stream>) -> Option<Stream> {
    STATE.with_borrow_mut(|state| std::mem::replace(&mut state.stream, stream))
}

/// The next 32 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_bits(generator: i32) -> i64 {
    STATE.with_borrow_mut(|state| i64::from(state.next(generator)))
}

/// The next float in [0, 1), of 53 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_double(generator: i32) -> f64 {
    STATE.with_borrow_mut(|state| state.double(generator))
}

/// The next number of the standard normal distribution.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_gauss(generator: i32) -> f64 {
    STATE.with_borrow_mut(|state| state.gauss(generator))
}

/// Seeds the thread's generator: NumPy's with 32 bits, Python's with the magnitude of an int. Within an iteration of a parallel loop it is the
/// iteration's stream that begins anew, with this as its key.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_seed(generator: i32, seed: i64) {
    STATE.with_borrow_mut(|state| {
        if state.stream.is_some() {
            state.stream = Some(stream(seed, 0));
            return;
        }
        let magnitude = seed.unsigned_abs();
        let words = [magnitude as u32, (magnitude >> 32) as u32];
        let used = if words[1] == 0 { 1 } else { 2 };
        let bits = match generator {
            NUMPY => Mt::new(words[0]),
            _ => Mt::new_with_key(words.into_iter().take(used)),
        };
        *state.generator(generator) = Generator { bits, gauss: None };
    });
}

/// The key of a parallel loop's streams: the next 64 bits of the generator.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_fork(generator: i32) -> i64 {
    STATE.with_borrow_mut(|state| {
        let (low, high) = (state.next(generator), state.next(generator));
        (i64::from(high) << 32) | i64::from(low)
    })
}

/// Begins the stream of an iteration of the loop with this key, on this thread.
#[unsafe(no_mangle)]
pub extern "C" fn numir_random_enter(key: i64, iteration: i64) {
    STATE.with_borrow_mut(|state| state.stream = Some(stream(key, iteration)));
}

fn stream(key: i64, iteration: i64) -> Stream {
    Stream {
        key: [key as u32, (key >> 32) as u32],
        iteration: iteration as u64,
        block: 0,
        drawn: [0; 4],
        left: 0,
        gauss: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of the authors' Random123.
    #[test]
    fn philox_gives_the_known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        assert_eq!(philox(pi, [0xa409_3822, 0x299f_31d0]), [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn a_seed_gives_the_numbers_of_numpy_and_python() {
        numir_random_seed(NUMPY, 42);
        assert_eq!([0; 2].map(|_| numir_random_double(NUMPY)), [0.3745401188473625, 0.9507143064099162]);
        numir_random_seed(PYTHON, 42);
        assert_eq!([0; 2].map(|_| numir_random_double(PYTHON)), [0.6394267984578837, 0.025010755222666936]);
    }

    #[test]
    fn an_iteration_has_its_own_numbers_and_leaves_the_generator_alone() {
        numir_random_seed(NUMPY, 1);
        let key = numir_random_fork(NUMPY);
        let iteration = |number| {
            numir_random_enter(key, number);
            [0; 5].map(|_| numir_random_bits(NUMPY))
        };
        let (first, second, again) = (iteration(0), iteration(1), iteration(0));
        swap_stream(None);
        assert_ne!(first, second);
        assert_eq!(first, again);
        let next = numir_random_double(NUMPY);
        numir_random_seed(NUMPY, 1);
        numir_random_fork(NUMPY);
        assert_eq!(next, numir_random_double(NUMPY));
    }
}
