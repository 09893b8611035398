//! Matrices in eight bits: one scale a column, which is an output channel, and one signed byte a value.

use super::{NamedTensor, WeightsError, reader::Reader};
use half::f16;

/// The largest byte; −128 is left unused, so that values are symmetric about zero.
const LARGEST: f32 = 127.0;

/// Writes a matrix (`[rows, columns]`): the columns' scales in half precision, then the bytes row by
/// row. A value is its column's scale times its byte.
pub(super) fn write(tensor: &NamedTensor, bytes: &mut Vec<u8>) {
    let columns = tensor.shape[1];
    let scales: Vec<f16> = (0..columns)
        .map(|column| scale(tensor.values.iter().skip(column).step_by(columns)))
        .collect();
    bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
    let rows = tensor.values.chunks_exact(columns.max(1));
    bytes.extend(rows.flat_map(|row| row.iter().zip(&scales).map(byte)));
}

fn scale<'a>(column: impl Iterator<Item = &'a f32>) -> f16 {
    // NaN counts as the largest, so that it is not written as some number.
    let largest = column.map(|value| value.abs()).max_by(f32::total_cmp);
    let largest = largest.unwrap_or(0.0);
    f16::from_f32(largest / LARGEST)
}

fn byte((&value, scale): (&f32, &f16)) -> u8 {
    match scale.to_f32() {
        0.0 => 0,
        scale => ((value / scale).round().clamp(-LARGEST, LARGEST) as i8).cast_unsigned(),
    }
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// When the bytes end too early.
pub(super) fn read(
    rows: usize,
    columns: usize,
    reader: &mut Reader<'_>,
) -> Result<Vec<f32>, WeightsError> {
    let scales = reader.halves(columns)?;
    // A size that overflows cannot be there in full.
    let bytes = reader.take(rows.saturating_mul(columns))?;
    let value = |(&byte, scale): (&u8, &f32)| f32::from(byte.cast_signed()) * scale;
    let rows = bytes.chunks_exact(columns.max(1));
    Ok(rows
        .flat_map(|row| row.iter().zip(&scales).map(value))
        .collect())
}
