//! AVX-512 and AVX2 with FMA.
//!
//! # Safety
//!
//! As for [`super`]: only [`super::dispatch`] hands these vectors out, once it has found that the
//! processor has them; loads and stores are given valid pointers by their callers.
#![allow(unsafe_code)]

use super::{Lanes, Task};
use std::arch::x86_64::*;

/// # Safety
/// The processor must have AVX-512 F, AVX2 and FMA.
#[target_feature(enable = "avx512f,avx2,fma")]
pub(super) unsafe fn with_avx512<T: Task>(task: T) -> T::Output {
    task.run::<__m512>()
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn with_avx2<T: Task>(task: T) -> T::Output {
    task.run::<__m256>()
}

/// The operations by the intrinsics named, for a type that only `dispatch` hands out.
macro_rules! lanes {
    ($vector:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $fma:ident, $add:ident, $sub:ident, $mul:ident, $max:ident) => {
        impl Lanes for $vector {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller's promise, and the head of this file.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: the caller's promise, and the head of this file.
                unsafe { $store(to, self) }
            }

            #[inline(always)]
            fn add_product(self, a: Self, b: Self) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $fma(a, b, self) }
            }

            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $add(self, other) }
            }

            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $sub(self, other) }
            }

            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $mul(self, other) }
            }

            #[inline(always)]
            fn max(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                unsafe { $max(self, other) }
            }
        }
    };
}

lanes!(
    __m512,
    16,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_max_ps
);
lanes!(
    __m256,
    8,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_max_ps
);
