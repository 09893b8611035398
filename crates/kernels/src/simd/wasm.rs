//! SIMD128 of WebAssembly, which this module is compiled with or not at all.
//!
//! # Safety
//!
//! As for [`super`]: loads and stores are given valid pointers by their callers.
#![allow(unsafe_code)]

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
        // `self < other ? other : self`
        Self(f32x4_pmax(self.0, other.0))
    }
}
