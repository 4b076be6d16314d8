//! Discrete Fourier transforms, as compiled code calls them: rows in place, by plans that the thread keeps.
//!
//! A plan holds the factors of one length, which take longer to compute than a transform; a thread keeps the last few that it used.

use crate::interrupt::{ENDED, numir_poll};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftNum, FftPlanner};
use std::cell::RefCell;
use std::sync::Arc;

/// How many plans of each precision a thread keeps.
const KEPT: usize = 16;

/// What a plan is for: the length, whether it is forward, whether one side is real.
type Purpose = (usize, bool, bool);

/// The plans of a thread, the last used at the end.
type Plans<T> = RefCell<Vec<(Purpose, Plan<T>)>>;

/// How one row is transformed.
enum Plan<T> {
    Complex(Arc<dyn Fft<T>>),
    FromReal(Arc<dyn RealToComplex<T>>),
    ToReal(Arc<dyn ComplexToReal<T>>),
}

impl<T> Clone for Plan<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Complex(plan) => Self::Complex(Arc::clone(plan)),
            Self::FromReal(plan) => Self::FromReal(Arc::clone(plan)),
            Self::ToReal(plan) => Self::ToReal(Arc::clone(plan)),
        }
    }
}

thread_local! {
    static SINGLE: Plans<f32> = const { RefCell::new(Vec::new()) };
    static DOUBLE: Plans<f64> = const { RefCell::new(Vec::new()) };
}

/// So many numbers are transformed between two questions whether to go on, or one row.
const STRETCH: usize = 1 << 18;

/// There is no memory.
const NO_MEMORY: i64 = 1;

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie count · length complex numbers of 64 bits that nobody else uses.
pub(crate) unsafe extern "C" fn numir_fourier_single(address: i64, count: i64, length: i64, forward: i64) -> i64 {
    SINGLE.with(|plans| unsafe { transform::<f32>(plans, address, count, (length, forward, false)) })
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie count · length complex numbers of 128 bits that nobody else uses.
pub(crate) unsafe extern "C" fn numir_fourier_double(address: i64, count: i64, length: i64, forward: i64) -> i64 {
    DOUBLE.with(|plans| unsafe { transform::<f64>(plans, address, count, (length, forward, false)) })
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie count · (length / 2 + 1) complex numbers of 64 bits that nobody else uses.
pub(crate) unsafe extern "C" fn numir_fourier_real_single(address: i64, count: i64, length: i64, forward: i64) -> i64 {
    SINGLE.with(|plans| unsafe { transform::<f32>(plans, address, count, (length, forward, true)) })
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// At the address lie count · (length / 2 + 1) complex numbers of 128 bits that nobody else uses.
pub(crate) unsafe extern "C" fn numir_fourier_real_double(address: i64, count: i64, length: i64, forward: i64) -> i64 {
    DOUBLE.with(|plans| unsafe { transform::<f64>(plans, address, count, (length, forward, true)) })
}

/// 0, or 1 where there is no memory.
///
/// # Safety
/// As above.
unsafe fn transform<T: FftNum>(plans: &Plans<T>, address: i64, count: i64, purpose: (i64, i64, bool)) -> i64 {
    let (length, forward, real) = (purpose.0, purpose.1 != 0, purpose.2);
    let (Ok(count), Ok(length)) = (usize::try_from(count), usize::try_from(length)) else { return 0 };
    if count == 0 || length == 0 {
        return 0;
    }
    let width = if real { length / 2 + 1 } else { length };
    let first = std::ptr::with_exposed_provenance_mut::<Complex<T>>(address.cast_unsigned() as usize);
    // SAFETY: the caller's promise.
    let items = unsafe { std::slice::from_raw_parts_mut(first, count * width) };
    let done = match plan(plans, (length, forward, real)) {
        Plan::Complex(plan) => zeros(plan.get_inplace_scratch_len()).map(|mut scratch| {
            // Some rows between two questions whether to go on; so below.
            for rows in items.chunks_mut(width * (STRETCH / width).max(1)) {
                if numir_poll() != 0 {
                    return false;
                }
                plan.process_with_scratch(rows, &mut scratch);
            }
            true
        }),
        Plan::FromReal(plan) => zeros(plan.get_scratch_len()).zip(reals(length)).map(|(mut scratch, mut row)| {
            for (number, complex) in items.chunks_exact_mut(width).enumerate() {
                if number.is_multiple_of((STRETCH / width).max(1)) && numir_poll() != 0 {
                    return false;
                }
                row.copy_from_slice(&flat(complex)[..length]);
                // Its error is one of lengths, and these are right.
                plan.process_with_scratch(&mut row, complex, &mut scratch).ok();
            }
            true
        }),
        Plan::ToReal(plan) => zeros(plan.get_scratch_len()).zip(reals(length)).map(|(mut scratch, mut row)| {
            for (number, complex) in items.chunks_exact_mut(width).enumerate() {
                if number.is_multiple_of((STRETCH / width).max(1)) && numir_poll() != 0 {
                    return false;
                }
                // What cannot be there if the result is real is left out, as NumPy does.
                complex[0].im = T::zero();
                if length % 2 == 0 {
                    complex[width - 1].im = T::zero();
                }
                plan.process_with_scratch(complex, &mut row, &mut scratch).ok();
                flat(complex)[..length].copy_from_slice(&row);
            }
            true
        }),
    };
    match done {
        Some(true) => 0,
        Some(false) => ENDED,
        None => NO_MEMORY,
    }
}

/// The parts of complex numbers, one after the other.
fn flat<T>(items: &mut [Complex<T>]) -> &mut [T] {
    // SAFETY: a complex number is its two parts, in C's layout.
    unsafe { std::slice::from_raw_parts_mut(items.as_mut_ptr().cast(), 2 * items.len()) }
}

/// So many complex zeros, if there is memory for them.
fn zeros<T: FftNum>(count: usize) -> Option<Vec<Complex<T>>> {
    filled(count, Complex::new(T::zero(), T::zero()))
}

fn reals<T: FftNum>(count: usize) -> Option<Vec<T>> {
    filled(count, T::zero())
}

fn filled<T: Clone>(count: usize, item: T) -> Option<Vec<T>> {
    let mut items = Vec::new();
    items.try_reserve_exact(count).ok()?;
    items.resize(count, item);
    Some(items)
}

/// The plan for a purpose.
fn plan<T: FftNum>(plans: &Plans<T>, purpose: Purpose) -> Plan<T> {
    let mut plans = plans.borrow_mut();
    let plan = match plans.iter().position(|(known, _)| *known == purpose) {
        Some(place) => plans.remove(place).1,
        None => match purpose {
            (length, true, false) => Plan::Complex(FftPlanner::new().plan_fft_forward(length)),
            (length, false, false) => Plan::Complex(FftPlanner::new().plan_fft_inverse(length)),
            (length, true, true) => Plan::FromReal(RealFftPlanner::new().plan_fft_forward(length)),
            (length, false, true) => Plan::ToReal(RealFftPlanner::new().plan_fft_inverse(length)),
        },
    };
    if plans.len() >= KEPT {
        plans.remove(0);
    }
    plans.push((purpose, plan.clone()));
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for length in [1_i64, 2, 7, 12, 97] {
            let item = |place: i64| Complex::new(place as f64, 1.0);
            let mut items: Vec<Complex<f64>> = (0..2 * length).map(item).collect();
            let address = items.as_mut_ptr().expose_provenance() as i64;
            // SAFETY: the items are there, and nobody else's.
            unsafe {
                assert_eq!(numir_fourier_double(address, 2, length, 1), 0);
                assert!((items[0].re - (length * (length - 1) / 2) as f64).abs() < 1e-9);
                assert_eq!(numir_fourier_double(address, 2, length, 0), 0);
            }
            for (place, found) in items.iter().enumerate() {
                assert!((found / length as f64 - item(place as i64)).norm() < 1e-9);
            }
        }
    }

    #[test]
    fn of_real_numbers() {
        for length in [1_i64, 2, 5, 8, 30] {
            let width = length / 2 + 1;
            let mut items = vec![Complex::new(0.0_f32, 0.0); 3 * width as usize];
            for row in items.chunks_exact_mut(width as usize) {
                (0..length as usize).for_each(|place| flat(row)[place] = place as f32 + 1.0);
            }
            let address = items.as_mut_ptr().expose_provenance() as i64;
            // SAFETY: the items are there, and nobody else's.
            unsafe {
                assert_eq!(numir_fourier_real_single(address, 3, length, 1), 0);
                assert_eq!(items[width as usize], Complex::new((length * (length + 1) / 2) as f32, 0.0));
                assert_eq!(numir_fourier_real_single(address, 3, length, 0), 0);
            }
            for row in items.chunks_exact_mut(width as usize) {
                let found = &flat(row)[..length as usize];
                assert!(
                    found.iter().enumerate().all(|(place, x)| (x / length as f32 - place as f32 - 1.0).abs() < 1e-4)
                );
            }
        }
    }

    #[test]
    fn few_plans_are_kept() {
        let plans = Plans::<f32>::default();
        for length in 1..=3 * KEPT {
            plan(&plans, (length, true, length % 2 == 0));
        }
        assert_eq!(plans.borrow().len(), KEPT);
        assert_eq!(plans.borrow().last().map(|(purpose, _)| purpose.0), Some(3 * KEPT));
    }
}
