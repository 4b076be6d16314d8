//! Sorting of numbers, as compiled code calls it: rows in place, or the places of their items in order. Both are stable, and NaN is behind
//! all numbers.
//!
//! Many items are sorted by their digits, the last first: each pass moves all items to where their digit belongs, in the order in which it
//! finds them. That takes no comparisons, and a pass is left out where all items have the same digit. A few items are sorted by the
//! standard library, which is quicker as long as counting digits is most of the work.

mod keys;

use crate::interrupt::{ENDED, numir_poll};
use keys::{Key, Keyed, Placed};
use std::mem::MaybeUninit;

/// So many items are sorted on the stack.
const FEW: usize = 64;

/// From so many items on digits are counted.
const MANY: usize = 400;

/// From so many items on digits are larger, so that there are fewer passes.
const PLENTY: usize = 6000;

/// Bits of the digits of many, and of plenty of items.
const BITS: [u32; 2] = [8, 11];

/// So many items are moved between two questions whether to go on.
const STRETCH: usize = 1 << 20;

/// There is no memory.
const NO_MEMORY: i64 = 1;

/// See [`abi`](crate::abi).
///
/// # Safety
/// From the address on lie `count` numbers of the class and size, `step` apart, that nobody else uses.
pub(crate) unsafe extern "C" fn numir_sort_row(class: i64, size: i64, address: i64, count: i64, step: i64) -> i64 {
    let row = Row { address, count: usize::try_from(count).unwrap_or(0), step: step as isize };
    // SAFETY: the caller's promise.
    unsafe { keys::dispatch!(class, size, K => row.sort::<K>()) }
}

/// See [`abi`](crate::abi).
///
/// # Safety
/// From the address on lie `count` numbers of the class and size, `step` apart, and from `result` on there is room for as many integers,
/// which is nobody else's.
pub(crate) unsafe extern "C" fn numir_sort_places(
    class: i64,
    size: i64,
    address: i64,
    count: i64,
    step: i64,
    result: i64,
) -> i64 {
    let row = Row { address, count: usize::try_from(count).unwrap_or(0), step: step as isize };
    let result = std::ptr::with_exposed_provenance_mut(result.cast_unsigned() as usize);
    // SAFETY: the caller's promise.
    unsafe { keys::dispatch!(class, size, K => row.places::<K>(result)) }
}

/// Numbers in memory.
struct Row {
    address: i64,
    count: usize,
    step: isize,
}

impl Row {
    fn item<K>(&self, place: usize) -> *mut K {
        let first: *mut K = std::ptr::with_exposed_provenance_mut(self.address.cast_unsigned() as usize);
        first.wrapping_offset(self.step * place as isize)
    }

    /// Sorts the row.
    ///
    /// # Safety
    /// It is there, and nobody else's.
    unsafe fn sort<K: Key>(&self) -> i64 {
        // SAFETY: the caller's promise.
        let item = |place: usize| unsafe { self.item::<K>(place).read() };
        // SAFETY: the caller's promise.
        let store = |place: usize, item: K| unsafe { self.item::<K>(place).write(item) };
        // What an order is made of is not known of all numbers: those come back in the order in which they were.
        let mut alike = Vec::new();
        if (0..self.count).any(|place| item(place).is_odd()) {
            if alike.try_reserve_exact(self.count).is_err() {
                return NO_MEMORY;
            }
            alike.extend((0..self.count).map(item).filter(|item| K::ALIKE.contains(&item.key())));
        }
        let orders = (0..self.count).map(|place| K::Plain::from(item(place).key()));
        let status = sorted(orders, |place, order| store(place, K::of(order.key())));
        if status == 0 && !alike.is_empty() {
            for order in K::ALIKE {
                let first = (0..self.count).position(|place| item(place).key() == *order).unwrap_or(0);
                let own = alike.iter().filter(|item| item.key() == *order);
                own.enumerate().for_each(|(place, item)| store(first + place, *item));
            }
        }
        status
    }

    /// Stores the places of the row's items, in the order of the items.
    ///
    /// # Safety
    /// The row is there, and so is the room.
    unsafe fn places<K: Key>(&self, result: *mut i64) -> i64 {
        // SAFETY: the caller's promise.
        let items = (0..self.count).map(|place| unsafe { self.item::<K>(place).read() }.key());
        if u32::try_from(self.count).is_ok() {
            let items = items.enumerate().map(|(place, order)| K::Placed::of(order, place as u32));
            // SAFETY: the caller's promise.
            return sorted(items, |place, item| unsafe { result.add(place).write(i64::from(item.place())) });
        }
        // More than four thousand millions.
        let mut all = Vec::new();
        if all.try_reserve_exact(self.count).is_err() {
            return NO_MEMORY;
        }
        all.extend(items.zip(0_i64..));
        all.sort_by_key(|(order, _)| *order);
        // SAFETY: the caller's promise.
        all.into_iter().enumerate().for_each(|(place, (_, item))| unsafe { result.add(place).write(item) });
        0
    }
}

/// Sorts items, and stores each at its place.
fn sorted<K: Keyed>(items: impl ExactSizeIterator<Item = K>, store: impl FnMut(usize, K)) -> i64 {
    let count = items.len();
    if count <= FEW {
        let mut room = [MaybeUninit::uninit(); FEW];
        let (few, _) = room.split_at_mut(count);
        few.iter_mut().zip(items).for_each(|(place, item)| _ = place.write(item));
        // SAFETY: all of them were written.
        let few = unsafe { written(few) };
        few.sort_unstable_by_key(Keyed::key);
        return stored(few, store);
    }
    let mut all = Vec::new();
    if all.try_reserve_exact(count).is_err() {
        return NO_MEMORY;
    }
    all.extend(items);
    if count < MANY {
        all.sort_unstable_by_key(Keyed::key);
        return stored(&all, store);
    }
    let mut spare = Vec::new();
    if spare.try_reserve_exact(count).is_err() {
        return NO_MEMORY;
    }
    spare.extend_from_slice(&all);
    let spare = &mut spare[..];
    let back = match count < PLENTY {
        true => by_digits::<K, { 1 << BITS[0] }>(&mut all, spare, BITS[0]),
        false => by_digits::<K, { 1 << BITS[1] }>(&mut all, spare, BITS[1]),
    };
    match back {
        Some(true) => stored(spare, store),
        Some(false) => stored(&all, store),
        None => ENDED,
    }
}

/// Items that were written.
///
/// # Safety
/// All were.
unsafe fn written<K>(items: &mut [MaybeUninit<K>]) -> &mut [K] {
    // SAFETY: the caller's promise; the layout is the same.
    unsafe { &mut *(std::ptr::from_mut(items) as *mut [K]) }
}

fn stored<K: Keyed>(all: &[K], mut store: impl FnMut(usize, K)) -> i64 {
    all.iter().enumerate().for_each(|(place, item)| store(place, *item));
    0
}

/// Sorts items by digits of some bits, of which there are `SIZE`; whether the result is in the spare room. None where it has ended early.
fn by_digits<K: Keyed, const SIZE: usize>(items: &mut [K], spare: &mut [K], bits: u32) -> Option<bool> {
    let passes = K::BITS.div_ceil(bits);
    // 8 passes at most.
    let mut counts = [[0_u32; SIZE]; 8];
    if u32::try_from(items.len()).is_err() {
        items.sort_unstable_by_key(Keyed::key);
        return Some(false);
    }
    let digit = |item: K, pass: u32| (item.digits(pass * bits)) & (SIZE - 1);
    for item in items.iter() {
        for pass in 0..passes {
            counts[pass as usize][digit(*item, pass)] += 1;
        }
    }
    let (mut from, mut to) = (items, spare);
    let mut moved = false;
    for pass in 0..passes {
        let counts = &mut counts[pass as usize];
        if counts[digit(from[0], pass)] as usize == from.len() {
            continue;
        }
        let mut before = 0;
        for count in counts.iter_mut() {
            before += std::mem::replace(count, before);
        }
        for stretch in from.chunks(STRETCH) {
            if numir_poll() != 0 {
                return None;
            }
            for item in stretch {
                let place = &mut counts[digit(*item, pass)];
                to[*place as usize] = *item;
                *place += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        moved = !moved;
    }
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of numbers in order, by the routine.
    fn places<T>(class: i64, items: &[T], step: usize) -> Vec<i64> {
        let count = items.len() / step;
        let mut result = vec![-1; count];
        let address = items.as_ptr().expose_provenance() as i64;
        let to = result.as_mut_ptr().expose_provenance() as i64;
        // SAFETY: the items are there, and so is the room.
        let status = unsafe { numir_sort_places(class, size_of::<T>() as i64, address, count as i64, step as i64, to) };
        assert_eq!(status, 0);
        result
    }

    /// Numbers in order, by the routine.
    fn row<T: Copy>(class: i64, items: &[T]) -> Vec<T> {
        let mut all = items.to_vec();
        let address = all.as_mut_ptr().expose_provenance() as i64;
        // SAFETY: the items are there.
        let status = unsafe { numir_sort_row(class, size_of::<T>() as i64, address, all.len() as i64, 1) };
        assert_eq!(status, 0);
        all
    }

    fn numbers(count: usize) -> impl Iterator<Item = u64> {
        (0..count as u64).map(|place| (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (place % 40))
    }

    const COUNTS: [usize; 9] = [0, 1, 2, 17, 64, 65, 399, 400, 7000];

    #[test]
    fn integers_are_in_order() {
        for count in COUNTS {
            let items: Vec<i64> = numbers(count).map(|number| number as i64).collect();
            let mut wanted = items.clone();
            wanted.sort();
            assert_eq!(row(1, &items), wanted);
            let items: Vec<u16> = items.iter().map(|item| *item as u16).collect();
            let mut wanted: Vec<_> = (0..count as i64).collect();
            wanted.sort_by_key(|place| items[*place as usize]);
            assert_eq!(places(0, &items, 1), wanted);
        }
    }

    #[test]
    fn floats_are_in_order_and_stable() {
        for count in COUNTS {
            let special = [0.0, -0.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE / 4.0];
            let made = |(place, number): (usize, u64)| match number % 5 {
                0 => special[place % special.len()],
                1 => -f64::from_bits(number >> 2),
                _ => number as f64,
            };
            let items: Vec<f64> = numbers(count).enumerate().map(made).collect();
            let order = |left: &f64, right: &f64| {
                left.is_nan().cmp(&right.is_nan()).then(left.partial_cmp(right).unwrap_or(std::cmp::Ordering::Equal))
            };
            let mut wanted: Vec<_> = (0..count as i64).collect();
            wanted.sort_by(|left, right| order(&items[*left as usize], &items[*right as usize]));
            assert_eq!(places(2, &items, 1), wanted);
            let bits = |place: &i64| items[*place as usize].to_bits();
            let found: Vec<_> = row(2, &items).into_iter().map(f64::to_bits).collect();
            assert_eq!(found, wanted.iter().map(bits).collect::<Vec<_>>());
            let halved: Vec<f32> = items.iter().flat_map(|item| [*item as f32, 0.5]).collect();
            let mut wanted: Vec<_> = (0..count as i64).collect();
            let single = |place: &i64| f64::from(halved[*place as usize * 2]);
            wanted.sort_by(|left, right| order(&single(left), &single(right)));
            assert_eq!(places(2, &halved, 2), wanted);
        }
    }
}
