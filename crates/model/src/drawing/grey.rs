//! Colours as shades of grey.

/// Red's, green's and blue's shares of luminance (ITU-R BT.601), in 256ths.
const LUMINANCE: [u32; 3] = [77, 150, 29];

/// Each colour channel alone.
const CHANNELS: [[u32; 3]; 3] = [[256, 0, 0], [0, 256, 0], [0, 0, 256]];

/// A channel counts in luminance's place if its variance is more than so many times luminance's: four
/// times the contrast. Blue ink on white is below, green on a brown as light as it far above.
const LARGER_VARIANCE: u128 = 16;

/// The largest variance there is: half of the pixels black, half of them white.
const LARGEST_VARIANCE: u128 = 255 * 255 / 4 + 1;

/// A grey picture of colours (red, green, blue, opacity) on paper of this grey: their luminance, or,
/// where that hardly differs, the channel that differs most.
pub(crate) fn grey_on(paper: u32, rgba: &[u8]) -> Vec<u8> {
    let luminance = mixed_on(paper, rgba, LUMINANCE);
    let least = LARGER_VARIANCE * variance(&luminance);
    // Most pictures end here, which saves most of the time.
    if least >= LARGEST_VARIANCE * (luminance.len() as u128).pow(2) {
        return luminance;
    }
    let channels = CHANNELS.map(|channel| mixed_on(paper, rgba, channel));
    let strongest = channels
        .into_iter()
        .max_by_key(|channel| variance(channel))
        .filter(|channel| variance(channel) > least);
    strongest.unwrap_or(luminance)
}

fn mixed_on(paper: u32, rgba: &[u8], shares: [u32; 3]) -> Vec<u8> {
    let (pixels, _) = rgba.as_chunks::<4>();
    let on_paper = |pixel: &[u8; 4]| {
        let [red, green, blue, opacity] = pixel.map(u32::from);
        let mixed = (shares[0] * red + shares[1] * green + shares[2] * blue) >> 8;
        ((mixed * opacity + paper * (255 - opacity) + 127) / 255) as u8
    };
    pixels.iter().map(on_paper).collect()
}

/// The variance of the pixels, times the square of their number.
fn variance(pixels: &[u8]) -> u128 {
    let (sum, squares) = pixels
        .iter()
        .fold((0_u64, 0_u64), |(sum, squares), &pixel| {
            let pixel = u64::from(pixel);
            (sum + pixel, squares + pixel * pixel)
        });
    pixels.len() as u128 * u128::from(squares) - u128::from(sum) * u128::from(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The greys of paper and ink, if a tenth of the pixels are ink.
    fn greys(paper: [u8; 3], ink: [u8; 3]) -> (u8, u8) {
        let pixel = |index: usize| if index == 4 { ink } else { paper };
        let rgba: Vec<u8> = (0..10)
            .map(pixel)
            .flat_map(|[red, green, blue]| [red, green, blue, 255])
            .collect();
        let grey = grey_on(255, &rgba);
        (grey[0], grey[4])
    }

    #[test]
    fn colours_are_told_apart_by_luminance_or_else_by_a_channel() {
        assert_eq!(greys([255; 3], [0; 3]), (255, 0));
        assert_eq!(greys([255; 3], [20, 40, 160]), (255, 47));
        let (brown, green) = greys([139, 69, 19], [0, 128, 0]);
        assert_eq!((brown, green), (139, 0));
        let (red, cyan) = greys([200, 80, 80], [60, 150, 150]);
        assert!(red.abs_diff(cyan) >= 70, "{red} {cyan}");
    }
}
