//! What is to be found by likeness: which searches are wanted, under way and answered. The features
//! themselves are kept, and searched, in a worker.

use super::{ALL_IMAGES, ImageId, Query};
use protocol::archive::{Of, Order, Search};
use protocol::{Message, RequestId};

/// What a search is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The images that are shown.
    Shown,
    /// The training images beside one image's details.
    Beside,
    /// The drawing's place on the map.
    Place,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Beside, Self::Place];

    /// How many images are to be found.
    pub fn count(self) -> usize {
        match self {
            Self::Shown => 100,
            Self::Beside => 8,
            Self::Place => 10,
        }
    }
}

/// What decides the outcome of a search. Two equal wishes need not be met twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The number of the net whose features are compared.
    pub net: u32,
    /// What images are compared with.
    pub of: Of,
    /// Which images may be found.
    pub among: Query,
    /// How many images' features are kept.
    pub known: usize,
}

/// The three searches that there may be.
#[derive(Debug, Default)]
pub struct Likeness {
    last_id: u32,
    searches: [Asked; Purpose::ALL.len()],
}

#[derive(Debug, Default)]
struct Asked {
    /// The last wish that was asked.
    wish: Option<Wish>,
    /// Its id, until it is answered.
    id: Option<RequestId>,
    found: Vec<(ImageId, f32)>,
}

impl Likeness {
    /// What was found last, the most alike first, with cosines (-1 to 1).
    pub fn found(&self, purpose: Purpose) -> &[(ImageId, f32)] {
        &self.searches[purpose as usize].found
    }

    /// Notes what is wanted now. Returns the order to send, unless that was asked already or another
    /// search for the same purpose is under way: then this is to be called again after its answer.
    pub fn wish(
        &mut self,
        purpose: Purpose,
        wish: Option<Wish>,
        wanted: impl Fn(ImageId) -> bool,
    ) -> Option<Message<Order>> {
        let search = &mut self.searches[purpose as usize];
        let Some(wish) = wish else {
            *search = Asked::default();
            return None;
        };
        if search.id.is_some() || search.wish.as_ref() == Some(&wish) {
            return None;
        }
        // Something else's like would be wrong; a former like of the same is better than nothing.
        let is_other = search.wish.as_ref().is_none_or(|last| last.of != wish.of);
        if is_other {
            search.found.clear();
        }
        self.last_id += 1;
        let id = RequestId(self.last_id);
        let body = Order::Find(Search {
            net: wish.net,
            of: wish.of.clone(),
            count: purpose.count() as u32,
            wanted: bits(wanted),
        });
        search.id = Some(id);
        search.wish = Some(wish);
        Some(Message { id, body })
    }

    /// A search has been answered. Returns what it was for; `None` if nobody waits for it any more.
    pub fn answered(&mut self, id: RequestId, images: &[(u32, f32)]) -> Option<Purpose> {
        let is_this = |purpose: &Purpose| self.searches[*purpose as usize].id == Some(id);
        let purpose = Purpose::ALL.into_iter().find(is_this)?;
        let search = &mut self.searches[purpose as usize];
        search.id = None;
        let known =
            |(number, cosine): &(u32, f32)| Some((ImageId::of_all(*number as usize)?, *cosine));
        search.found = images.iter().filter_map(known).collect();
        Some(purpose)
    }
}

/// A bit for each image.
fn bits(wanted: impl Fn(ImageId) -> bool) -> Vec<u8> {
    let mut bytes = vec![0; ALL_IMAGES.div_ceil(8)];
    for id in ImageId::all().filter(|id| wanted(*id)) {
        bytes[id.number() / 8] |= 1 << (id.number() % 8);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(image: u32, known: usize) -> Option<Wish> {
        Some(Wish {
            net: 0,
            of: Of::Image(image),
            among: Query::first(),
            known,
        })
    }

    fn ask(likeness: &mut Likeness, wish: Option<Wish>) -> Option<RequestId> {
        let order = likeness.wish(Purpose::Shown, wish, |_| true);
        order.map(|order| order.id)
    }

    #[test]
    fn a_wish_is_asked_once_and_one_at_a_time() {
        let mut likeness = Likeness::default();
        let first = ask(&mut likeness, wish(1, 5)).unwrap();
        assert_eq!(ask(&mut likeness, wish(1, 5)), None);
        assert_eq!(ask(&mut likeness, wish(2, 5)), None);
        assert_eq!(likeness.answered(first, &[(3, 0.5)]), Some(Purpose::Shown));
        let second = ask(&mut likeness, wish(2, 5)).unwrap();
        assert!(likeness.found(Purpose::Shown).is_empty());
        assert_eq!(likeness.answered(first, &[(3, 0.5)]), None);
        likeness.answered(second, &[(4, 0.5), (70_000, 0.4)]);
        assert_eq!(ask(&mut likeness, wish(2, 5)), None);
        assert_eq!(likeness.found(Purpose::Shown).len(), 1);
        assert!(ask(&mut likeness, wish(2, 6)).is_some());
        assert_eq!(likeness.found(Purpose::Shown).len(), 1);
    }

    #[test]
    fn an_answer_that_is_no_longer_wanted_is_dropped() {
        let mut likeness = Likeness::default();
        let id = ask(&mut likeness, wish(1, 5)).unwrap();
        assert_eq!(ask(&mut likeness, None), None);
        assert_eq!(likeness.answered(id, &[(3, 0.5)]), None);
        assert!(likeness.found(Purpose::Shown).is_empty());
    }

    #[test]
    fn each_image_has_its_bit() {
        let bytes = bits(|id| [0, 9, 69_999].contains(&id.number()));
        assert_eq!((bytes[0], bytes[1], bytes.len()), (1, 2, 8750));
        assert_eq!(bytes[8749], 0x80);
    }
}
