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

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

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

    /// The larger of the two, lane by lane; `self` where either is NaN, so that `value.max(zero)` keeps NaN.
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
        let has_avx2 =
            std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
        // Everything compiled for AVX-512 may use AVX2 and FMA too: see `with_avx512`.
        if widest_allowed() >= 16 && has_avx2 && std::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512 F, AVX2 and FMA.
            return unsafe { x86::with_avx512(task) };
        }
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

#[cfg(all(target_arch = "x86_64", test))]
use testing::widest_allowed;

#[cfg(test)]
pub(crate) mod testing;

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
        self.zip(other, |a, b| if a < b { b } else { a })
    }
}
