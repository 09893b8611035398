//! Which colour each point of the map has.

use crate::gallery::{Colour, Gallery, ImageId};

/// A colour's number: the class, or one of the others below; [`DIM`] added for what the query leaves out.
pub type Shade = u8;

/// A right answer.
pub const RIGHT: Shade = 10;

/// A wrong answer.
pub const WRONG: Shade = 11;

/// Nothing is known: the image is not here, or the net has not looked at it.
pub const UNKNOWN: Shade = 12;

/// Added to the shade of an image that the query does not show.
pub const DIM: Shade = 16;

/// The shade of each image, by its number.
pub fn shades(gallery: &Gallery) -> Vec<Shade> {
    let all = ImageId::all();
    let mut shades: Vec<Shade> = all.map(|id| shade(gallery, id) + DIM).collect();
    for id in gallery.shown() {
        shades[id.number()] -= DIM;
    }
    shades
}

fn shade(gallery: &Gallery, id: ImageId) -> Shade {
    let label = || gallery.collection().label(id);
    let predicted = || {
        let prediction = gallery.findings().prediction(id)?;
        Some(prediction.top().0 as u8)
    };
    let shade = match gallery.query().colour {
        Colour::Label => label(),
        Colour::Prediction => predicted(),
        Colour::Error => {
            label().zip(predicted()).map(
                |(label, predicted)| {
                    if label == predicted { RIGHT } else { WRONG }
                },
            )
        }
    };
    shade.unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;
    use model::prediction::Prediction;
    use model::published::Split;
    use protocol::Classified;
    use protocol::archive::Parcel;

    #[test]
    fn what_is_left_out_is_dim_and_what_is_unknown_is_said_so() {
        let mut gallery = Gallery::default();
        gallery.visit("label=3&colour=label", None);
        let count = Split::Test.count();
        let labels = (0..count).map(|index| 3 + (index % 2) as u8).collect();
        gallery.receive(Split::Test, Parcel::Labels(labels));
        gallery.receive(Split::Test, Parcel::Images(vec![0; count * 784]));
        gallery.receive(Split::Test, Parcel::Complete);
        let of_two = |gallery: &Gallery| shades(gallery)[59_999..60_002].to_vec();
        assert_eq!(of_two(&gallery), [UNKNOWN + DIM, 3, 4 + DIM]);
        gallery.look(true, None, |query| query.colour = Colour::Error);
        assert_eq!(of_two(&gallery), [UNKNOWN + DIM, UNKNOWN, UNKNOWN + DIM]);
        gallery.classify();
        let mut probabilities = [0.0; CLASS_COUNT];
        probabilities[3] = 1.0;
        let answer = Classified {
            prediction: Prediction { probabilities },
            features: vec![1],
        };
        gallery.classified(vec![answer; 32], 1.0);
        assert_eq!(of_two(&gallery), [UNKNOWN + DIM, RIGHT, WRONG + DIM]);
        gallery.look(true, None, |query| query.colour = Colour::Prediction);
        assert_eq!(of_two(&gallery), [UNKNOWN + DIM, 3, 3 + DIM]);
    }
}
