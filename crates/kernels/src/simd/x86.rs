//! AVX-512 and AVX2 with FMA.
//!
//! # Safety
//!
//! As for [`super`]: only [`super::dispatch`] hands these vectors out, once it has found that the
//! processor has them; loads and stores are given valid pointers by their callers. The vectors are
//! types of this private module, as anybody can make values of the processor's own types.
#![allow(unsafe_code)]

use super::{Lanes, Task};
use std::arch::x86_64::*;

/// # Safety
/// The processor must have AVX-512 F, AVX2 and FMA.
#[target_feature(enable = "avx512f,avx2,fma")]
pub(super) unsafe fn with_avx512<T: Task>(task: T) -> T::Output {
    task.run::<V512>()
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn with_avx2<T: Task>(task: T) -> T::Output {
    task.run::<V256>()
}

/// A vector type and its operations by the intrinsics named; only `dispatch` hands it out.
macro_rules! lanes {
    ($name:ident, $vector:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $fma:ident, $add:ident, $sub:ident, $mul:ident, $max:ident) => {
        #[doc = concat!("A vector of ", stringify!($lanes), " values.")]
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $name($vector);

        impl Lanes for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                // SAFETY: see the head of this file.
                Self(unsafe { $splat(value) })
            }

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller's promise, and the head of this file.
                Self(unsafe { $load(from) })
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: the caller's promise, and the head of this file.
                unsafe { $store(to, self.0) }
            }

            #[inline(always)]
            fn add_product(self, a: Self, b: Self) -> Self {
                // SAFETY: see the head of this file.
                Self(unsafe { $fma(a.0, b.0, self.0) })
            }

            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                Self(unsafe { $add(self.0, other.0) })
            }

            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                Self(unsafe { $sub(self.0, other.0) })
            }

            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                // SAFETY: see the head of this file.
                Self(unsafe { $mul(self.0, other.0) })
            }

            #[inline(always)]
            fn max(self, other: Self) -> Self {
                // The instruction gives its second operand where either is NaN.
                // SAFETY: see the head of this file.
                Self(unsafe { $max(other.0, self.0) })
            }
        }
    };
}

lanes!(
    V512,
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
    V256,
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
