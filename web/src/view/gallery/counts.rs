//! Numbers in words.

/// A whole number with a comma after each three digits: 70,000.
pub(in crate::view) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 image`, `2 images`.
pub(super) fn images(count: usize) -> String {
    let noun = if count == 1 { "image" } else { "images" };
    format!("{} {noun}", thousands(count))
}

/// A share from 0 to 1 in percent with two places, as the trainer prints accuracy.
pub(super) fn exact_percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let read = [0, 999, 1_000, 70_000, 1_234_567].map(thousands);
        assert_eq!(read, ["0", "999", "1,000", "70,000", "1,234,567"]);
        assert_eq!(images(1), "1 image");
        assert_eq!(exact_percent(0.94217), "94.22 %");
    }
}
