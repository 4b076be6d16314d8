//! A matrix times a vector. Every item of the matrix is read once, so what counts is that it is read in the order of memory, by vectors
//! without a scalar end: where the items of a row lie side by side, rows are multiplied with the vector; where those of a column do,
//! columns are added up.
//!
//! Which lane an item goes to, and when lanes are added, follows from the matrix alone, so that a result is the same whoever computes it.

mod lanes;

pub(super) use lanes::Item;
use lanes::Lanes;

/// A matrix in memory, times a vector of `depth` items, which lie `step` apart.
pub(super) struct Product<T> {
    pub(super) matrix: *const T,
    pub(super) vector: *const T,
    /// Where the `rows` items of the result go, one after the other.
    pub(super) result: *mut T,
    pub(super) rows: usize,
    pub(super) depth: usize,
    /// How far apart, in items, the rows of the matrix are, its columns, and the items of the vector.
    pub(super) row: isize,
    pub(super) column: isize,
    pub(super) step: isize,
    /// How many columns are added up before their sum goes to the result.
    pub(super) chunk: usize,
}

/// So many items of a matrix stay near while its columns are added up.
const NEAR: usize = 4096;

/// The chunk of a matrix of so many rows.
pub(super) fn chunk(rows: usize) -> usize {
    (NEAR / rows.max(1)).clamp(32, 512)
}

impl<T: Item> Product<T> {
    /// Whether this is for such a matrix, some of whose items lie side by side, on this processor.
    pub(super) fn is_served(&self) -> bool {
        (self.column == 1 && self.step == 1 || self.row == 1) && T::has_vectors()
    }

    /// Computes it.
    ///
    /// # Safety
    /// The matrix and the vector are there, and the result, which is nobody else's. The processor has the instructions of `L`.
    #[inline(always)]
    unsafe fn by<L: Lanes<Item = T>>(&self) {
        // SAFETY: the caller's promise.
        unsafe {
            if self.column == 1 && self.step == 1 {
                let mut first = 0;
                while first + 4 <= self.rows {
                    self.rows_from::<L, 4>(first);
                    first += 4;
                }
                while first < self.rows {
                    self.rows_from::<L, 1>(first);
                    first += 1;
                }
            } else {
                self.columns::<L>();
            }
        }
    }

    /// Some rows: two vectors of sums for each, so that additions do not wait for one another.
    #[inline(always)]
    unsafe fn rows_from<L: Lanes<Item = T>, const ROWS: usize>(&self, first: usize) {
        // SAFETY: all places are within the rows and the vector.
        unsafe {
            let mut sums = [[L::zero(); 2]; ROWS];
            let mut rows = [self.matrix; ROWS];
            for (number, row) in rows.iter_mut().enumerate() {
                *row = self.matrix.offset((first + number) as isize * self.row);
            }
            let mut place = 0;
            while place + 2 * L::COUNT <= self.depth {
                let items = [L::load(self.vector.add(place)), L::load(self.vector.add(place + L::COUNT))];
                for number in 0..ROWS {
                    let row = rows[number].add(place);
                    sums[number][0] = L::load(row).times_plus(items[0], sums[number][0]);
                    sums[number][1] = L::load(row.add(L::COUNT)).times_plus(items[1], sums[number][1]);
                }
                place += 2 * L::COUNT;
            }
            if place + L::COUNT <= self.depth {
                let items = L::load(self.vector.add(place));
                for number in 0..ROWS {
                    sums[number][0] = L::load(rows[number].add(place)).times_plus(items, sums[number][0]);
                }
                place += L::COUNT;
            }
            if place < self.depth {
                let left = self.depth - place;
                let items = L::load_part(self.vector.add(place), left);
                for number in 0..ROWS {
                    let own = L::load_part(rows[number].add(place), left);
                    sums[number][1] = own.times_plus(items, sums[number][1]);
                }
            }
            for (number, [one, other]) in sums.into_iter().enumerate() {
                *self.result.add(first + number) = one.plus(other).sum();
            }
        }
    }

    /// The sum of the columns, each times an item of the vector.
    #[inline(always)]
    unsafe fn columns<L: Lanes<Item = T>>(&self) {
        let mut start = 0;
        // SAFETY: all places are within the columns and the result.
        unsafe {
            loop {
                let count = self.chunk.min(self.depth - start);
                let mut first = 0;
                while first < self.rows {
                    let left = self.rows - first;
                    let vectors = left.div_ceil(L::COUNT).min(L::AT_ONCE);
                    let last = (left - (vectors - 1) * L::COUNT).min(L::COUNT);
                    match vectors {
                        1 => self.add_columns::<L, 1>(start, count, first, last),
                        2 => self.add_columns::<L, 2>(start, count, first, last),
                        3 => self.add_columns::<L, 3>(start, count, first, last),
                        _ => self.add_columns::<L, 4>(start, count, first, last),
                    }
                    first += vectors * L::COUNT;
                }
                start += count;
                if start >= self.depth {
                    return;
                }
            }
        }
    }

    /// Columns `start` to `start + count`, of `VECTORS` vectors of rows, of which the last has `last` items. Four columns in turn go to
    /// sums of their own.
    #[inline(always)]
    unsafe fn add_columns<L: Lanes<Item = T>, const VECTORS: usize>(
        &self,
        start: usize,
        count: usize,
        first: usize,
        last: usize,
    ) {
        // SAFETY: all places are within the columns and the result.
        unsafe {
            let mut sums = [[L::zero(); VECTORS]; 4];
            let mut number = 0;
            while number + 4 <= count {
                sums[0] = self.add_column(sums[0], start + number, first, last);
                sums[1] = self.add_column(sums[1], start + number + 1, first, last);
                sums[2] = self.add_column(sums[2], start + number + 2, first, last);
                sums[3] = self.add_column(sums[3], start + number + 3, first, last);
                number += 4;
            }
            // Sums are numbered by constants, so that they stay in registers.
            if number < count {
                sums[0] = self.add_column(sums[0], start + number, first, last);
            }
            if number + 1 < count {
                sums[1] = self.add_column(sums[1], start + number + 1, first, last);
            }
            if number + 2 < count {
                sums[2] = self.add_column(sums[2], start + number + 2, first, last);
            }
            let [one, two, three, four] = sums;
            for (vector, one) in one.into_iter().enumerate() {
                let place = self.result.add(first + vector * L::COUNT);
                let size = if vector + 1 < VECTORS { L::COUNT } else { last };
                let sum = one.plus(two[vector]).plus(three[vector].plus(four[vector]));
                let sum = if start == 0 { sum } else { L::load_part(place, size).plus(sum) };
                sum.store_part(place, size);
            }
        }
    }

    #[inline(always)]
    unsafe fn add_column<L: Lanes<Item = T>, const VECTORS: usize>(
        &self,
        mut sums: [L; VECTORS],
        number: usize,
        first: usize,
        last: usize,
    ) -> [L; VECTORS] {
        // SAFETY: all places are within the column.
        unsafe {
            let item = L::splat(*self.vector.offset(number as isize * self.step));
            let column = self.matrix.offset(number as isize * self.column).add(first);
            for (vector, sum) in sums.iter_mut().enumerate() {
                let place = column.add(vector * L::COUNT);
                let own = if vector + 1 < VECTORS { L::load(place) } else { L::load_part(place, last) };
                *sum = own.times_plus(item, *sum);
            }
        }
        sums
    }
}
