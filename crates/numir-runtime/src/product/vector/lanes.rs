//! Vectors of numbers, for the processors that we know to have them.

use super::Product;

/// A vector. Its functions may be called where the processor has its instructions, and are put into functions that are compiled for those.
pub(super) trait Lanes: Copy {
    type Item: Copy;
    /// How many numbers it has.
    const COUNT: usize;
    /// Of how many vectors four sums each fit into the registers.
    const AT_ONCE: usize;

    unsafe fn zero() -> Self;
    unsafe fn splat(item: Self::Item) -> Self;
    unsafe fn load(from: *const Self::Item) -> Self;
    /// The first `count` numbers, and zeros.
    unsafe fn load_part(from: *const Self::Item, count: usize) -> Self;
    /// Stores the first `count` numbers.
    unsafe fn store_part(self, to: *mut Self::Item, count: usize);
    unsafe fn plus(self, other: Self) -> Self;
    /// `self * factor + more`, rounded once.
    unsafe fn times_plus(self, factor: Self, more: Self) -> Self;
    /// The sum of all.
    unsafe fn sum(self) -> Self::Item;
}

/// Numbers that there may be vectors of.
pub(in crate::product) trait Item: Copy {
    /// Whether the processor has vectors.
    fn has_vectors() -> bool;

    /// Computes a product.
    ///
    /// # Safety
    /// The processor has vectors. The matrix and the vector are there, and the result, which is nobody else's.
    unsafe fn compute(product: &Product<Self>);
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use super::{Item, Lanes, Product};
    use std::arch::x86_64::*;

    macro_rules! items {
        ($($item:ident $wide:ident $half:ident;)*) => {$(
            impl Item for $item {
                fn has_vectors() -> bool {
                    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
                }

                unsafe fn compute(product: &Product<Self>) {
                    #[target_feature(enable = "avx512f,avx512dq")]
                    unsafe fn by_wide(product: &Product<$item>) {
                        // SAFETY: the caller's promise.
                        unsafe { product.by::<$wide>() }
                    }
                    #[target_feature(enable = "avx2,fma")]
                    unsafe fn by_half(product: &Product<$item>) {
                        // SAFETY: the caller's promise.
                        unsafe { product.by::<$half>() }
                    }
                    // SAFETY: the caller's promise; the processor was asked.
                    unsafe {
                        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                            by_wide(product);
                        } else {
                            by_half(product);
                        }
                    }
                }
            }
        )*};
    }

    items! {
        f32 __m512 __m256;
        f64 __m512d __m256d;
    }

    macro_rules! wide {
        ($($vector:ident $item:ident $count:literal $mask:ident $zero:ident $splat:ident $load:ident $load_part:ident $store_part:ident
            $plus:ident $times_plus:ident $sum:ident;)*) => {$(
            impl Lanes for $vector {
                type Item = $item;
                const COUNT: usize = $count;
                const AT_ONCE: usize = 4;

                #[inline(always)]
                unsafe fn zero() -> Self {
                    // SAFETY: the caller's promise, here and below.
                    unsafe { $zero() }
                }

                #[inline(always)]
                unsafe fn splat(item: $item) -> Self {
                    unsafe { $splat(item) }
                }

                #[inline(always)]
                unsafe fn load(from: *const $item) -> Self {
                    unsafe { $load(from) }
                }

                #[inline(always)]
                unsafe fn load_part(from: *const $item, count: usize) -> Self {
                    unsafe { $load_part(((1_u32 << count) - 1) as $mask, from) }
                }

                #[inline(always)]
                unsafe fn store_part(self, to: *mut $item, count: usize) {
                    unsafe { $store_part(to, ((1_u32 << count) - 1) as $mask, self) }
                }

                #[inline(always)]
                unsafe fn plus(self, other: Self) -> Self {
                    unsafe { $plus(self, other) }
                }

                #[inline(always)]
                unsafe fn times_plus(self, factor: Self, more: Self) -> Self {
                    unsafe { $times_plus(self, factor, more) }
                }

                #[inline(always)]
                unsafe fn sum(self) -> $item {
                    unsafe { $sum(self) }
                }
            }
        )*};
    }

    wide! {
        __m512 f32 16 __mmask16 _mm512_setzero_ps _mm512_set1_ps _mm512_loadu_ps _mm512_maskz_loadu_ps _mm512_mask_storeu_ps
            _mm512_add_ps _mm512_fmadd_ps _mm512_reduce_add_ps;
        __m512d f64 8 __mmask8 _mm512_setzero_pd _mm512_set1_pd _mm512_loadu_pd _mm512_maskz_loadu_pd _mm512_mask_storeu_pd
            _mm512_add_pd _mm512_fmadd_pd _mm512_reduce_add_pd;
    }

    /// Behind so many set lanes are as many that are not: a mask of the first `count` begins `count` before the middle.
    static MASK_OF_8: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    static MASK_OF_4: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

    macro_rules! half {
        ($($vector:ident $item:ident $count:literal $mask:ident $zero:ident $splat:ident $load:ident $load_part:ident $store_part:ident
            $plus:ident $times_plus:ident $sum:ident;)*) => {$(
            impl Lanes for $vector {
                type Item = $item;
                const COUNT: usize = $count;
                const AT_ONCE: usize = 2;

                #[inline(always)]
                unsafe fn zero() -> Self {
                    // SAFETY: the caller's promise, here and below.
                    unsafe { $zero() }
                }

                #[inline(always)]
                unsafe fn splat(item: $item) -> Self {
                    unsafe { $splat(item) }
                }

                #[inline(always)]
                unsafe fn load(from: *const $item) -> Self {
                    unsafe { $load(from) }
                }

                #[inline(always)]
                unsafe fn load_part(from: *const $item, count: usize) -> Self {
                    unsafe { $load_part(from, _mm256_loadu_si256($mask.as_ptr().add($count - count).cast())) }
                }

                #[inline(always)]
                unsafe fn store_part(self, to: *mut $item, count: usize) {
                    unsafe { $store_part(to, _mm256_loadu_si256($mask.as_ptr().add($count - count).cast()), self) }
                }

                #[inline(always)]
                unsafe fn plus(self, other: Self) -> Self {
                    unsafe { $plus(self, other) }
                }

                #[inline(always)]
                unsafe fn times_plus(self, factor: Self, more: Self) -> Self {
                    unsafe { $times_plus(self, factor, more) }
                }

                #[inline(always)]
                unsafe fn sum(self) -> $item {
                    unsafe { $sum(self) }
                }
            }
        )*};
    }

    half! {
        __m256 f32 8 MASK_OF_8 _mm256_setzero_ps _mm256_set1_ps _mm256_loadu_ps _mm256_maskload_ps _mm256_maskstore_ps
            _mm256_add_ps _mm256_fmadd_ps sum_of_8;
        __m256d f64 4 MASK_OF_4 _mm256_setzero_pd _mm256_set1_pd _mm256_loadu_pd _mm256_maskload_pd _mm256_maskstore_pd
            _mm256_add_pd _mm256_fmadd_pd sum_of_4;
    }

    #[inline(always)]
    unsafe fn sum_of_8(lanes: __m256) -> f32 {
        // SAFETY: the caller's promise.
        unsafe {
            let fours = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
            let twos = _mm_add_ps(fours, _mm_movehl_ps(fours, fours));
            _mm_cvtss_f32(_mm_add_ss(twos, _mm_movehdup_ps(twos)))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_4(lanes: __m256d) -> f64 {
        // SAFETY: the caller's promise.
        unsafe {
            let twos = _mm_add_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd(lanes, 1));
            _mm_cvtsd_f64(_mm_add_sd(twos, _mm_unpackhi_pd(twos, twos)))
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
macro_rules! items {
    ($($item:ident)*) => {$(
        impl Item for $item {
            fn has_vectors() -> bool {
                false
            }

            unsafe fn compute(_: &Product<Self>) {}
        }
    )*};
}

#[cfg(not(target_arch = "x86_64"))]
items!(f32 f64);
