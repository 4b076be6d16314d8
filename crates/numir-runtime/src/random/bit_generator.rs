//! Bit generators as NumPy lays them out: the state's address and four functions of C. A `Generator` in compiled code is an array that begins
//! with these five words: those of a bit generator that the program made in Python, whose own state so goes on, or
//! those of a PCG64 that [`numir_generator_seed`] puts there, whose state follows them in the array.
//!
//! PCG64 is O'Neill's PCG XSL RR 128/64 (PCG: A family of simple fast space-efficient statistically good algorithms for random
//! number generation, 2014), seeded as NumPy's `SeedSequence` does it.

use super::seeding;
use super::ziggurat;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What draws are made of.
pub(super) trait Source {
    /// The next 64 bits.
    fn next64(&mut self) -> u64;
    /// The next 32 bits.
    fn next32(&mut self) -> u32;
    /// The next float in [0, 1).
    fn double(&mut self) -> f64;

    /// The next float in [0, 1) of single precision.
    fn single(&mut self) -> f32 {
        (self.next32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }
}

/// NumPy's `bitgen_t`.
#[repr(C)]
#[derive(Clone, Copy)]
struct BitGenerator {
    state: *mut c_void,
    next64: unsafe extern "C" fn(*mut c_void) -> u64,
    next32: unsafe extern "C" fn(*mut c_void) -> u32,
    double: unsafe extern "C" fn(*mut c_void) -> f64,
    raw: unsafe extern "C" fn(*mut c_void) -> u64,
}

/// The words of an array that holds a PCG64: the five, and the state.
#[repr(C)]
struct Seeded {
    generator: BitGenerator,
    state: Pcg64,
}

/// The state of a PCG64: low and high words. `half` is the upper half of a draw of which the lower has been given, with a one above it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Pcg64 {
    state: [u64; 2],
    increment: [u64; 2],
    half: u64,
}

/// The factor of PCG64's 128-bit congruential generator, which compiled code multiplies by itself.
pub const PCG64_FACTOR: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;

/// The function that draws 64 bits from NumPy's PCG64; 0 until [`know_pcg64`] tells it.
static NUMPYS_PCG64: AtomicUsize = AtomicUsize::new(0);

/// Tells that the bit generator of these words is NumPy's PCG64: its state begins with the address of four words, state and increment.
///
/// # Safety
/// At the address lie the five words of a bit generator, and that is what it is.
pub unsafe fn know_pcg64(words: *const u8) {
    // SAFETY: the caller's promise.
    let generator = unsafe { &*words.cast::<BitGenerator>() };
    NUMPYS_PCG64.store(generator.next64 as usize, Ordering::Relaxed);
}

/// Where the four words of the bit generator's state and increment are, if it is a PCG64.
fn place(generator: &BitGenerator) -> Option<*mut [[u64; 2]; 2]> {
    let next64: unsafe extern "C" fn(*mut c_void) -> u64 = pcg64_next64;
    if std::ptr::fn_addr_eq(generator.next64, next64) {
        return Some(generator.state.cast());
    }
    let is_numpys = generator.next64 as usize == NUMPYS_PCG64.load(Ordering::Relaxed);
    // SAFETY: its state begins with that address.
    is_numpys.then(|| unsafe { *generator.state.cast() })
}

fn wide(words: [u64; 2]) -> u128 {
    u128::from(words[1]) << 64 | u128::from(words[0])
}

impl Pcg64 {
    fn new(seed: [u64; 4]) -> Self {
        let increment = (wide([seed[3], seed[2]]) << 1) | 1;
        // A step from 0, the seed added, and another step.
        let state = increment.wrapping_add(wide([seed[1], seed[0]])).wrapping_mul(PCG64_FACTOR).wrapping_add(increment);
        let words = |number: u128| [number as u64, (number >> 64) as u64];
        Self { state: words(state), increment: words(increment), half: 0 }
    }
}

impl Source for Pcg64 {
    #[inline]
    fn next64(&mut self) -> u64 {
        let state = wide(self.state).wrapping_mul(PCG64_FACTOR).wrapping_add(wide(self.increment));
        self.state = [state as u64, (state >> 64) as u64];
        (self.state[1] ^ self.state[0]).rotate_right((state >> 122) as u32)
    }

    #[inline]
    fn next32(&mut self) -> u32 {
        if self.half != 0 {
            return std::mem::take(&mut self.half) as u32;
        }
        let bits = self.next64();
        self.half = (bits >> 32) | (1 << 32);
        bits as u32
    }

    #[inline]
    fn double(&mut self) -> f64 {
        (self.next64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}

impl Source for BitGenerator {
    #[inline]
    fn next64(&mut self) -> u64 {
        // SAFETY: whoever made it promises that the functions take the state; so below.
        unsafe { (self.next64)(self.state) }
    }

    #[inline]
    fn next32(&mut self) -> u32 {
        unsafe { (self.next32)(self.state) }
    }

    #[inline]
    fn double(&mut self) -> f64 {
        unsafe { (self.double)(self.state) }
    }
}

unsafe extern "C" fn pcg64_next64(state: *mut c_void) -> u64 {
    // SAFETY: a `Seeded` has the address of its own state; so below.
    unsafe { &mut *state.cast::<Pcg64>() }.next64()
}

unsafe extern "C" fn pcg64_next32(state: *mut c_void) -> u32 {
    unsafe { &mut *state.cast::<Pcg64>() }.next32()
}

unsafe extern "C" fn pcg64_double(state: *mut c_void) -> f64 {
    unsafe { &mut *state.cast::<Pcg64>() }.double()
}

/// The generator at an address.
///
/// # Safety
/// There lie the five words of one.
unsafe fn at(address: i64) -> BitGenerator {
    unsafe { *std::ptr::with_exposed_provenance::<BitGenerator>(address as usize) }
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address there is room for ten words, and there are so many words of 32 bits at that of the entropy.
pub(crate) unsafe extern "C" fn numir_generator_seed(address: i64, entropy: i64, count: i64) -> i64 {
    let entropy = match usize::try_from(count) {
        // SAFETY: the caller's promise.
        Ok(count) => unsafe {
            std::slice::from_raw_parts(std::ptr::with_exposed_provenance::<u32>(entropy as usize), count).to_vec()
        },
        Err(_) => seeding::entropy().to_vec(),
    };
    let place = std::ptr::with_exposed_provenance_mut::<Seeded>(address as usize);
    // SAFETY: the caller's promise.
    unsafe {
        (*place).state = Pcg64::new(seeding::words(&entropy));
        (*place).generator = BitGenerator {
            state: (&raw mut (*place).state).cast(),
            next64: pcg64_next64,
            next32: pcg64_next32,
            double: pcg64_double,
            raw: pcg64_next64,
        };
    }
    0
}

macro_rules! draws {
    ($($name:ident = $draw:expr;)*) => {
        $(
            /// See [`abi`](crate::abi).
            ///
            /// # Safety
            /// At the address lie the five words of a bit generator that nobody else uses.
            pub(crate) unsafe extern "C" fn $name(address: i64) -> i64 {
                let draw: fn(&mut BitGenerator) -> i64 = $draw;
                // SAFETY: the caller's promise.
                draw(&mut unsafe { at(address) })
            }
        )*
    };
}

/// A float as what compiled code takes apart.
fn bits(number: f64) -> i64 {
    number.to_bits().cast_signed()
}

draws! {
    numir_generator_bits64 = |source| source.next64().cast_signed();
    numir_generator_bits32 = |source| source.next32().into();
    numir_generator_double = |source| bits(source.double());
    numir_generator_normal = |source| bits(ziggurat::normal(source));
    numir_generator_normal_single = |source| bits(ziggurat::normal_single(source).into());
    numir_generator_exponential = |source| bits(ziggurat::exponential(source));
    numir_generator_exponential_single = |source| bits(ziggurat::exponential_single(source).into());
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie the five words of a bit generator.
pub(crate) unsafe extern "C" fn numir_generator_place(address: i64) -> i64 {
    // SAFETY: the caller's promise.
    place(&unsafe { at(address) }).map_or(0, |place| place.expose_provenance() as i64)
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie the five words of a bit generator that nobody else uses.
pub(crate) unsafe extern "C" fn numir_generator_unsure_normal(address: i64, drawn: i64) -> i64 {
    // SAFETY: the caller's promise; so below.
    bits(ziggurat::normal_of(&mut unsafe { at(address) }, drawn.cast_unsigned()))
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie the five words of a bit generator that nobody else uses.
pub(crate) unsafe extern "C" fn numir_generator_unsure_exponential(address: i64, drawn: i64) -> i64 {
    bits(ziggurat::exponential_of(&mut unsafe { at(address) }, drawn.cast_unsigned()))
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the first address lie the five words of a bit generator that nobody else uses, at the other so many floats of the kind's width.
pub(crate) unsafe extern "C" fn numir_generator_fill(address: i64, kind: i64, result: i64, count: i64) -> i64 {
    // SAFETY: the caller's promise; so below.
    let mut source = unsafe { at(address) };
    let Ok(count) = usize::try_from(count) else { return 0 };
    // Floats in single precision take half a draw each, and what a generator keeps of the other half is its own affair.
    match place(&source).filter(|_| matches!(kind, 0 | 2 | 4)) {
        // A known one stays in registers.
        Some(place) => unsafe {
            let [state, increment] = *place;
            let mut local = Pcg64 { state, increment, half: 0 };
            fill(&mut local, kind, result, count);
            (*place)[0] = local.state;
        },
        None => unsafe { fill(&mut source, kind, result, count) },
    }
    0
}

unsafe fn fill<S: Source>(source: &mut S, kind: i64, result: i64, count: usize) {
    // SAFETY: the caller's promise, with the width that the kind has.
    unsafe {
        match kind {
            0 => each(result, count, || source.double()),
            1 => each(result, count, || source.single()),
            2 => each(result, count, || ziggurat::normal(source)),
            3 => each(result, count, || ziggurat::normal_single(source)),
            4 => each(result, count, || ziggurat::exponential(source)),
            _ => each(result, count, || ziggurat::exponential_single(source)),
        }
    }
}

unsafe fn each<T>(result: i64, count: usize, mut draw: impl FnMut() -> T) {
    let place = std::ptr::with_exposed_provenance_mut::<T>(result as usize);
    for index in 0..count {
        // SAFETY: the caller's promise.
        unsafe { place.add(index).write(draw()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_numbers_of_numpy() {
        let mut words = [0_u64; 10];
        assert_eq!(size_of_val(&words), size_of::<Seeded>());
        let address = words.as_mut_ptr().expose_provenance() as i64;
        let seed = [42_u32];
        // SAFETY: the array has room, and is used here alone.
        unsafe {
            numir_generator_seed(address, seed.as_ptr().expose_provenance() as i64, 1);
            let drawn = f64::from_bits(numir_generator_double(address).cast_unsigned());
            assert_eq!(drawn, 0.773_956_048_555_963_3);
            let mut filled = [0.0_f64; 2];
            numir_generator_fill(address, 0, filled.as_mut_ptr().expose_provenance() as i64, 2);
            assert_eq!(filled, [0.438_878_439_752_052_3, 0.858_597_919_911_382_5]);
        }
    }
}
