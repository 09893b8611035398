//! Keeps static constructors from running again with every call into the module.
//!
//! A library below wgpu registers itself by static constructors. Unless something refers to
//! `__wasm_call_ctors`, the linker takes the module for a "command" and wraps each export so that
//! all constructors run again, which made one prediction take 541 ms instead of 25 ms. Calling it
//! once, first of all, is the cure; hence the one unsafe call of this crate.
#![allow(unsafe_code)]

/// Runs the static constructors. To be called once, before anything else.
pub(crate) fn run_once() {
    #[cfg(target_family = "wasm")]
    {
        unsafe extern "C" {
            fn __wasm_call_ctors();
        }
        // SAFETY: the linker makes this function in every module; it takes and returns nothing, and
        // nothing has used what it initialises, as the program has just begun.
        unsafe { __wasm_call_ctors() }
    }
}
