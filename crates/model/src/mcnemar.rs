//! McNemar's test: do two nets differ on the same images, or is it chance?

/// The two-sided p-value of McNemar's exact test. `first` images only the first net reads right,
/// `second` only the second; if the nets were equally good, each would fall to either like a coin
/// (McNemar 1947, with the binomial distribution itself instead of its approximation).
pub fn p_value(first: u64, second: u64) -> f64 {
    let (fewer, all) = (first.min(second), first + second);
    // The binomial terms C(all, k) / 2^all, as logarithms: they are far too small for large counts.
    let mut term = -(all as f64) * std::f64::consts::LN_2;
    let mut sum = term.exp();
    for k in 1..=fewer {
        term += ((all - k + 1) as f64 / k as f64).ln();
        sum += term.exp();
    }
    (2.0 * sum).min(1.0)
}

/// A p-value as it is written: never as 0, which it is not.
pub fn p_text(p_value: f64) -> String {
    if p_value < 1e-4 {
        return "p < 0.0001".into();
    }
    format!("p = {p_value:.4}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_exact_arithmetic() {
        // Python: 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n, as scipy.stats.binomtest has it.
        for (first, second, expected) in [
            (0, 0, 1.0),
            (5, 5, 1.0),
            (1, 9, 0.021484375),
            (12, 30, 0.007_915_897_334_896_727),
            (400, 480, 0.007_707_305),
        ] {
            let found = p_value(first, second);
            assert!((found - expected).abs() < 1e-6, "{first} {second} {found}");
            assert!((p_value(second, first) - found).abs() < 1e-12);
        }
        assert_eq!(p_text(p_value(2, 200)), "p < 0.0001");
        assert_eq!([p_text(1e-4), p_text(0.25)], ["p = 0.0001", "p = 0.2500"]);
    }
}
