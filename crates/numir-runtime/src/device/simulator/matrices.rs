//! Matrices that a warp has in its lanes: products as `mma.sync` makes them, and `ldmatrix`, by the layouts of the PTX manual.

use super::block::LANES;
use super::thread::{Thread, error_at};
use super::warp::{Operation, take_part};
use crate::format::half;

/// All lanes of a warp.
const ALL: i32 = -1;

/// What all lanes of a warp do with matrices. A lane's words lie on its stack, or are registers that its code has put there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Matrices {
    /// A product is added to a sum: four words of the one factor, two of the other, four items of the sum, which become the result's.
    Multiply { form: i32, words: *mut u32 },
    /// Four matrices are read, of each of which a lane gives the place of a row and gets a word.
    Load { transposed: bool, row: *const u8, words: *mut u32 },
}

impl Matrices {
    /// What lanes do together has the same key.
    pub(super) fn key(&self) -> i32 {
        match self {
            Self::Multiply { form, .. } => *form,
            Self::Load { transposed, .. } => -1 - i32::from(*transposed),
        }
    }
}

/// Does what all lanes of a warp wait for. Where one has ended, what the others get is left open, as on hardware.
pub(super) fn happen(parts: &[Option<Operation>; LANES]) {
    let Some(Operation::Matrices(first)) = parts[0] else { return };
    let mut lanes = [first; LANES];
    for (lane, part) in lanes.iter_mut().zip(parts) {
        let Some(Operation::Matrices(own)) = part else { return };
        *lane = *own;
    }
    match lanes[0] {
        Matrices::Multiply { form, .. } => multiply(&lanes, form),
        Matrices::Load { transposed, .. } => load(&lanes, transposed),
    }
}

/// The floats of a word: two halves, two of the upper halves of floats, or a float of which the lowest 13 bits are not looked at.
fn floats(form: i32, word: u32) -> [f32; 2] {
    let halves = [word as u16, (word >> 16) as u16];
    match form {
        0 => halves.map(|bits| half::to_f64(bits) as f32),
        1 => halves.map(|bits| f32::from_bits(u32::from(bits) << 16)),
        _ => [f32::from_bits(word & !0x1FFF), 0.0],
    }
}

fn multiply(lanes: &[Matrices; LANES], form: i32) {
    let per_word = if form == 2 { 1 } else { 2 };
    let (mut a, mut b) = ([[0.0; 16]; 16], [[0.0; 8]; 16]);
    let words = lanes.map(|lane| match lane {
        Matrices::Multiply { words, .. } | Matrices::Load { words, .. } => words,
    });
    // SAFETY: each lane that waits has ten words there, which nobody else uses.
    let at = |lane: usize, word: usize| unsafe { words[lane].add(word) };
    for lane in 0..LANES {
        let (group, within) = (lane / 4, lane % 4);
        for word in 0..4 {
            // SAFETY: see above.
            let items = floats(form, unsafe { *at(lane, word) });
            let (row, column) = (group + 8 * (word & 1), per_word * (within + 4 * (word >> 1)));
            a[row][column..column + per_word].copy_from_slice(&items[..per_word]);
        }
        for word in 0..2 {
            // SAFETY: see above.
            let items = floats(form, unsafe { *at(lane, 4 + word) });
            for (item, value) in items[..per_word].iter().enumerate() {
                b[per_word * (within + 4 * word) + item][group] = *value;
            }
        }
    }
    for lane in 0..LANES {
        for item in 0..4 {
            let (row, column) = (lane / 4 + 8 * (item >> 1), 2 * (lane % 4) + (item & 1));
            // SAFETY: see above.
            let place = unsafe { &mut *at(lane, 6 + item) };
            let products = (0..8 * per_word).map(|k| a[row][k] * b[k][column]);
            *place = products.fold(f32::from_bits(*place), |sum, product| sum + product).to_bits();
        }
    }
}

fn load(lanes: &[Matrices; LANES], transposed: bool) {
    // SAFETY: each lane has checked that 16 bytes may be read there.
    let half = |matrix: usize, row: usize, column: usize| match lanes[8 * matrix + row] {
        Matrices::Load { row, .. } => u32::from(unsafe { row.cast::<u16>().add(column).read_unaligned() }),
        Matrices::Multiply { .. } => 0,
    };
    for (lane, own) in lanes.iter().enumerate() {
        let Matrices::Load { words, .. } = own else { continue };
        let (group, pair) = (lane / 4, 2 * (lane % 4));
        for matrix in 0..4 {
            let word = match transposed {
                true => half(matrix, pair, group) | half(matrix, pair + 1, group) << 16,
                false => half(matrix, group, pair) | half(matrix, group, pair + 1) << 16,
            };
            // SAFETY: each lane that waits has four words there, which nobody else uses.
            unsafe { *words.add(matrix) = word };
        }
    }
}

/// Adds the product of two matrices of a warp to a third, which becomes the result: of float16 (form 0), bfloat16 (1) or float32, of which 19 bits
/// are taken (2). `words` are four of the first, two of the second and four of the third.
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site; ten words may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_mma(thread: *mut Thread, form: i32, words: *mut u32, site: *const u8) {
    let operation = Operation::Matrices(Matrices::Multiply { form, words });
    // SAFETY: the caller's promise.
    unsafe { take_part(thread, ALL, operation, site) };
}

/// Reads four matrices of eight rows of 16 bytes, which have been checked; lane `8 * m + r` gives row `r` of matrix `m`, and each lane gets a word of each.
///
/// # Safety
/// As [`numir_sim_mma`]; four words may be written, and 16 bytes of the row read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_load_matrix(
    thread: *mut Thread,
    row: *const u8,
    transposed: i32,
    words: *mut u32,
    site: *const u8,
) {
    if !row.addr().is_multiple_of(16) {
        let text = "a row of a matrix begins at a place of shared memory that is no multiple of 16 bytes".to_owned();
        // SAFETY: the caller's promise.
        unsafe { (*thread).fail(error_at("ValueError", text, site)) };
    }
    let operation = Operation::Matrices(Matrices::Load { transposed: transposed != 0, row, words });
    // SAFETY: the caller's promise.
    unsafe { take_part(thread, ALL, operation, site) };
}
