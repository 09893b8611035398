//! The names that a WebAssembly module exports.

use anyhow::{Context, Result, ensure};

const MAGIC_AND_VERSION: &[u8] = b"\0asm\x01\0\0\0";
const EXPORT_SECTION: u8 = 7;

/// Reads the names out of the module's export section.
///
/// # Errors
/// When the bytes are no module of version 1 or end early.
pub fn export_names(module: &[u8]) -> Result<Vec<String>> {
    let sections = module.strip_prefix(MAGIC_AND_VERSION);
    let mut bytes = Bytes(sections.context("no WebAssembly module of version 1")?);
    while !bytes.0.is_empty() {
        let id = bytes.take(1)?[0];
        let length = bytes.number()?;
        let section = bytes.take(length)?;
        if id == EXPORT_SECTION {
            return names(Bytes(section));
        }
    }
    Ok(vec![])
}

fn names(mut section: Bytes<'_>) -> Result<Vec<String>> {
    let count = section.number()?;
    let mut names = Vec::new();
    for _ in 0..count {
        let length = section.number()?;
        names.push(String::from_utf8(section.take(length)?.to_vec())?);
        section.take(1)?; // the kind
        section.number()?; // the index
    }
    Ok(names)
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context("ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned LEB128 number of at most 32 bits.
    fn number(&mut self) -> Result<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            value |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        ensure!(false, "a number of more than 32 bits");
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with an empty type section and a memory that is exported as `ab`.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x01\0\x05\x03\x01\0\x01\x07\x06\x01\x02ab\x02\0";

    #[test]
    fn the_exports_are_found_behind_other_sections() {
        assert_eq!(export_names(MODULE).unwrap(), ["ab"]);
        assert_eq!(
            export_names(MAGIC_AND_VERSION).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(export_names(b"<!doctype html>").is_err());
        assert!(export_names(&MODULE[..MODULE.len() - 1]).is_err());
    }
}
