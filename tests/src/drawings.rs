//! Drawings that nobody would mistake, as a person draws them in a few strokes.

/// One drawing and what it shows.
#[derive(Debug)]
pub struct Fixture {
    /// The class's name, as the page writes it.
    pub class: &'static str,
    /// Its lines, each as `x,y` points in paper units (the paper is 256 wide and high).
    lines: &'static [&'static str],
}

/// Two straight legs below a waistband.
pub const TROUSER: Fixture = Fixture {
    class: "Trouser",
    lines: &[
        "90,20 166,20 174,130 180,236 142,236 128,92 114,236 76,236 82,130 90,20",
        "88,40 168,40",
    ],
};

/// A trunk with two short sleeves.
pub const T_SHIRT: Fixture = Fixture {
    class: "T-shirt/top",
    lines: &[
        "84,40 106,52 128,56 150,52 172,40 230,86 206,122 178,100 178,222 78,222 78,100 50,122 26,86 84,40",
    ],
};

/// A bodice on straps above a wide skirt.
pub const DRESS: Fixture = Fixture {
    class: "Dress",
    lines: &[
        "104,14 108,44 128,54 148,44 152,14 160,50 150,100 168,168 188,238 68,238 88,168 106,100 96,50 104,14",
        "106,100 150,100",
    ],
};

/// A box with a handle above it.
pub const BAG: Fixture = Fixture {
    class: "Bag",
    lines: &[
        "40,110 216,110 228,224 28,224 40,110",
        "84,110 88,72 108,48 148,48 168,72 172,110",
        "40,140 216,140",
    ],
};

/// A low shoe with laces on a thick sole, its toe to the left.
pub const SNEAKER: Fixture = Fixture {
    class: "Sneaker",
    lines: &[
        "18,186 22,164 60,148 108,120 136,98 156,112 196,110 228,96 238,130 238,186 18,186",
        "18,186 18,204 238,204 238,186",
        "92,128 110,146",
        "110,116 128,134",
    ],
};

/// A shoe with a high shaft, its toe to the left.
pub const ANKLE_BOOT: Fixture = Fixture {
    class: "Ankle boot",
    lines: &[
        "104,26 188,26 190,110 196,200 22,200 24,178 44,160 84,146 106,122 104,26",
        "22,200 22,216 150,216 154,204 160,222 198,222 196,200",
    ],
};

/// All of them.
pub const FIXTURES: [Fixture; 6] = [TROUSER, T_SHIRT, DRESS, BAG, SNEAKER, ANKLE_BOOT];

impl Fixture {
    /// The lines' points, in paper units.
    pub fn lines(&self) -> Vec<Vec<(f64, f64)>> {
        let point = |text: &str| {
            let (x, y) = text.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        };
        let points = |line: &&str| line.split(' ').filter_map(point).collect();
        self.lines.iter().map(points).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_read_and_lies_on_the_paper() {
        for fixture in FIXTURES {
            let points: Vec<_> = fixture.lines().concat();
            let written: usize = fixture
                .lines
                .iter()
                .map(|line| line.split(' ').count())
                .sum();
            assert_eq!(points.len(), written, "{}", fixture.class);
            let on_paper =
                |&(x, y): &(f64, f64)| (0.0..=256.0).contains(&x) && (0.0..=256.0).contains(&y);
            assert!(points.iter().all(on_paper), "{}", fixture.class);
        }
    }
}
