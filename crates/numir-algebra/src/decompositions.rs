//! Decompositions of one matrix in C order, and what is solved by them. A number other than 0 tells what failed.

use crate::matrices::{DONE, FAILED, Work, dispatch, extent, pointer, rows_of};
use faer::linalg::solvers::{Llt, PartialPivLu, Qr, SelfAdjointEigen, Solve, Svd};
use faer::mat::AsMatRef;
use faer::traits::{ComplexField, DivByRef, NegByRef};
use faer::{MatRef, Side};

/// A decomposition, and the addresses and extents it is told.
struct Decomposition {
    what: What,
    numbers: [i64; 7],
}

#[derive(Clone, Copy)]
enum What {
    Solve,
    Diagonal,
    Cholesky,
    Qr,
    Svd,
    Eigh,
    Eig,
}

impl Work for Decomposition {
    fn run<T: ComplexField>(self) -> i64 {
        let numbers = self.numbers;
        // SAFETY: the promise of those who call the functions below.
        let failed = unsafe {
            match self.what {
                What::Solve => solve::<T>(numbers),
                What::Diagonal => diagonal::<T>(numbers),
                What::Cholesky => cholesky::<T>(numbers),
                What::Qr => qr::<T>(numbers),
                What::Svd => svd::<T>(numbers),
                What::Eigh => eigh::<T>(numbers),
                What::Eig => eig::<T>(numbers),
            }
        };
        if failed.is_some() { DONE } else { FAILED }
    }
}

/// The matrix at an address.
///
/// # Safety
/// So many numbers lie there.
unsafe fn given<'a, T>(address: i64, rows: i64, columns: i64) -> MatRef<'a, T> {
    // SAFETY: the caller's promise.
    unsafe { MatRef::from_raw_parts(pointer(address), extent(rows), extent(columns), columns as isize, 1) }
}

/// Writes a matrix to an address in C order, as far as it fills so many rows and columns.
///
/// # Safety
/// There is room for them.
unsafe fn put<T: ComplexField>(
    address: i64,
    rows: usize,
    columns: usize,
    from: impl AsMatRef<T = T, Rows = usize, Cols = usize>,
) {
    // SAFETY: the caller's promise.
    unsafe { rows_of(address, rows, columns) }.copy_from(from.as_mat_ref().submatrix(0, 0, rows, columns));
}

/// Writes numbers to an address.
///
/// # Safety
/// There is room for them.
unsafe fn put_all<T>(address: i64, items: impl Iterator<Item = T>) {
    for (place, item) in items.enumerate() {
        // SAFETY: the caller's promise.
        unsafe { pointer::<T>(address).add(place).write(item) };
    }
}

unsafe fn solve<T: ComplexField>([a, b, n, columns, ..]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let (a, mut b) = unsafe { (given::<T>(a, n, n), rows_of::<T>(b, extent(n), extent(columns))) };
    let factors = PartialPivLu::new(a);
    if factors.U().diagonal().column_vector().iter().any(|pivot| *pivot == T::zero_impl()) {
        return None;
    }
    let solution = factors.solve(b.as_ref());
    b.copy_from(solution);
    Some(())
}

/// The diagonal of the upper factor, the first of it with the sign of the rows' permutation; from the first zero on all are 0.
unsafe fn diagonal<T: ComplexField>([a, result, n, ..]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let factors = PartialPivLu::new(unsafe { given::<T>(a, n, n) });
    let mut items: Vec<T> = factors.U().diagonal().column_vector().iter().cloned().collect();
    if let Some(zero) = items.iter().position(|pivot| *pivot == T::zero_impl()) {
        items[zero..].fill(T::zero_impl());
    }
    if is_odd(factors.P().arrays().0)
        && let Some(first) = items.first_mut()
    {
        *first = first.neg_by_ref();
    }
    // SAFETY: as told.
    unsafe { put_all(result, items.into_iter()) };
    Some(())
}

/// Whether a permutation is an odd one.
fn is_odd(places: &[usize]) -> bool {
    let mut seen = vec![false; places.len()];
    let mut odd = false;
    for start in 0..places.len() {
        let mut place = places[start];
        while !seen[start] && place != start {
            seen[place] = true;
            odd = !odd;
            place = places[place];
        }
    }
    odd
}

unsafe fn cholesky<T: ComplexField>([a, n, upper, ..]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let (matrix, side) = unsafe { (given::<T>(a, n, n), if upper == 0 { Side::Lower } else { Side::Upper }) };
    let factor = Llt::new(matrix, side).ok()?;
    let n = extent(n);
    // SAFETY: as told.
    unsafe {
        match side {
            Side::Lower => put(a, n, n, factor.L()),
            Side::Upper => put(a, n, n, factor.L().adjoint().to_owned()),
        }
    }
    Some(())
}

unsafe fn qr<T: ComplexField>([a, m, n, q, r, columns, ..]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let factors = Qr::new(unsafe { given::<T>(a, m, n) });
    let (m, n, columns) = (extent(m), extent(n), extent(columns));
    // SAFETY: as told.
    unsafe {
        match columns {
            0 => put(r, m.min(n), n, factors.thin_R()),
            full if full > m.min(n) => {
                put(q, m, full, factors.compute_Q());
                rows_of::<T>(r, full, n).fill(T::zero_impl());
                put(r, m.min(n), n, factors.thin_R());
            }
            thin => {
                put(q, m, thin, factors.compute_thin_Q());
                put(r, thin, n, factors.thin_R());
            }
        }
    }
    Some(())
}

unsafe fn svd<T: ComplexField>([a, m, n, s, u, vh, vectors]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let matrix = unsafe { given::<T>(a, m, n) };
    if !matrix.is_all_finite() {
        return None;
    }
    if vectors == 0 {
        let values = matrix.singular_values().ok()?;
        // SAFETY: as told.
        unsafe { put_all(s, values.into_iter()) };
        return Some(());
    }
    let factors = if vectors == 1 { Svd::new_thin(matrix) } else { Svd::new(matrix) }.ok()?;
    let right = factors.V().adjoint().to_owned();
    // SAFETY: as told.
    unsafe {
        put_all(s, factors.S().column_vector().iter().map(ComplexField::real_part_impl));
        put(u, factors.U().nrows(), factors.U().ncols(), factors.U());
        put(vh, right.nrows(), right.ncols(), right.as_ref());
    }
    Some(())
}

unsafe fn eigh<T: ComplexField>([a, n, w, v, upper, vectors, _]: [i64; 7]) -> Option<()> {
    let side = if upper == 0 { Side::Lower } else { Side::Upper };
    // SAFETY: as told.
    let matrix = unsafe { given::<T>(a, n, n) };
    if !matrix.is_all_finite() {
        return None;
    }
    if vectors == 0 {
        let values = matrix.self_adjoint_eigenvalues(side).ok()?;
        // SAFETY: as told.
        unsafe { put_all(w, values.into_iter()) };
        return Some(());
    }
    let factors = SelfAdjointEigen::new(matrix, side).ok()?;
    // SAFETY: as told.
    unsafe {
        put_all(w, factors.S().column_vector().iter().map(ComplexField::real_part_impl));
        put(v, extent(n), extent(n), factors.U());
    }
    Some(())
}

/// Eigenvalues and eigenvectors as complex numbers, the vectors of length 1.
unsafe fn eig<T: ComplexField>([a, n, w, v, vectors, ..]: [i64; 7]) -> Option<()> {
    // SAFETY: as told.
    let matrix = unsafe { given::<T>(a, n, n) };
    if !matrix.is_all_finite() {
        return None;
    }
    if vectors == 0 {
        let values = matrix.eigenvalues().ok()?;
        // SAFETY: as told.
        unsafe { put_all(w, values.into_iter()) };
        return Some(());
    }
    let factors = matrix.eigen().ok()?;
    let mut directions = factors.U().to_owned();
    for column in directions.col_iter_mut() {
        let length = column.as_ref().norm_l2();
        for item in column.iter_mut() {
            item.re = item.re.div_by_ref(&length);
            item.im = item.im.div_by_ref(&length);
        }
    }
    // SAFETY: as told.
    unsafe {
        put_all(w, factors.S().column_vector().iter().cloned());
        put(v, extent(n), extent(n), directions);
    }
    Some(())
}

macro_rules! functions {
    ($($name:ident($($number:ident),*) $what:ident, $doc:literal;)*) => { $(
        #[doc = $doc]
        ///
        /// # Safety
        /// At the addresses lie the numbers, or there is room for them, and nobody else uses them.
        pub unsafe extern "C" fn $name(kind: i64, $($number: i64),*) -> i64 {
            let mut numbers = [0; 7];
            for (slot, number) in numbers.iter_mut().zip([$($number),*]) {
                *slot = number;
            }
            dispatch(kind, Decomposition { what: What::$what, numbers })
        }
    )* };
}

functions! {
    numir_matrix_solve(a, b, n, columns) Solve, "Writes the solution x of a x = b into b; 2 where a is singular.";
    numir_matrix_diagonal(a, result, n) Diagonal, "Writes numbers whose product is the determinant of a.";
    numir_matrix_cholesky(a, n, upper) Cholesky, "Writes the Cholesky factor of a into it; 2 where it is not positive definite.";
    numir_matrix_qr(a, m, n, q, r, columns) Qr, "Writes an orthogonal factor of so many columns and a triangular one; of 0 columns the second alone.";
    numir_matrix_svd(a, m, n, s, u, vh, vectors) Svd, "Writes singular values and, where `vectors` is 1, as many singular vectors, where it is 2, all; 2 where they are not found.";
    numir_matrix_eigh(a, n, w, v, upper, vectors) Eigh, "Writes the eigenvalues of a Hermitian matrix of which one triangle is read, and if wanted its eigenvectors; 2 where they are not found.";
    numir_matrix_eig(a, n, w, v, vectors) Eig, "Writes the eigenvalues of a matrix, and if wanted its eigenvectors, as complex numbers; 2 where they are not found.";
}
