//! One vector type a processor, behind one trait, and the choice between them at run time.
//!
//! # Safety
//!
//! `unsafe` is needed here for two things only. Vector intrinsics may run only where the processor
//! has them: every implementation of [`Lanes`] is reached through [`dispatch`] alone, which checks
//! the processor first (on wasm the whole module is compiled with SIMD128). Loads and stores take
//! raw pointers, so that the innermost loops carry no bounds checks: their callers prove the
//! bounds, once a call, from the slices' lengths.
#![allow(unsafe_code)]

/// A vector of [`Lanes::LANES`] `f32` values.
pub trait Lanes: Copy {
    /// Values in one vector.
    const LANES: usize;

    /// A vector with the same value in every lane.
    fn splat(value: f32) -> Self;

    /// Reads one vector.
    ///
    /// # Safety
    /// `from` must be valid for reading `LANES` values; it need not be aligned.
    unsafe fn load(from: *const f32) -> Self;

    /// Writes one vector.
    ///
    /// # Safety
    /// `to` must be valid for writing `LANES` values; it need not be aligned.
    unsafe fn store(self, to: *mut f32);

    /// `self + a × b`, rounded once or twice as the processor does it best.
    fn add_product(self, a: Self, b: Self) -> Self;

    /// `self + other`.
    fn add(self, other: Self) -> Self;

    /// `self - other`.
    fn sub(self, other: Self) -> Self;

    /// `self × other`.
    fn mul(self, other: Self) -> Self;

    /// The larger of the two, lane by lane.
    fn max(self, other: Self) -> Self;
}

/// Work that is written once for every vector width.
pub trait Task {
    /// What the work yields.
    type Output;

    /// Does the work with vectors of type `V`. Implementations are `#[inline(always)]`, so that they
    /// are compiled for the processor that [`dispatch`] found.
    fn run<V: Lanes>(self) -> Self::Output;
}

/// Runs a task with the widest vectors that this processor has.
#[inline]
pub fn dispatch<T: Task>(task: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if widest_allowed() >= 16 && std::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512 F.
            return unsafe { x86::with_avx512(task) };
        }
        let has_avx2 =
            std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
        if widest_allowed() >= 8 && has_avx2 {
            // SAFETY: the processor has AVX2 and FMA.
            return unsafe { x86::with_avx2(task) };
        }
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return task.run::<wasm::V128>();
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    task.run::<Portable>()
}

/// The most lanes that [`dispatch`] may choose.
#[cfg(all(target_arch = "x86_64", not(test)))]
#[inline(always)]
const fn widest_allowed() -> usize {
    16
}

/// As the tests set it, so that they reach the narrower vectors on a processor that has wider ones.
#[cfg(all(target_arch = "x86_64", test))]
fn widest_allowed() -> usize {
    WIDEST_IN_TESTS.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(test)]
pub(crate) static WIDEST_IN_TESTS: std::sync::atomic::AtomicUsize =
    std::sync::atomic::AtomicUsize::new(16);

/// Four values and no intrinsics: what runs where nothing else does, and the tests' reference.
#[derive(Clone, Copy)]
pub struct Portable([f32; 4]);

impl Portable {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Lanes for Portable {
    const LANES: usize = 4;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self.add(a.mul(b))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, f32::max)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
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
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use super::Lanes;
    use std::arch::wasm32::*;

    /// Four values in one wasm vector.
    #[derive(Clone, Copy)]
    pub struct V128(v128);

    impl Lanes for V128 {
        const LANES: usize = 4;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            Self(unsafe { v128_load(from.cast()) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { v128_store(to.cast(), self.0) }
        }

        #[inline(always)]
        fn add_product(self, a: Self, b: Self) -> Self {
            Self(f32x4_add(self.0, f32x4_mul(a.0, b.0)))
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            Self(f32x4_pmax(other.0, self.0))
        }
    }
}
