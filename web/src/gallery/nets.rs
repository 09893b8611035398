//! The nets that have looked at the images: the one that answers now, and the one before it.

use super::{Findings, ImageId};

/// A net, told from others by the checksum of its weights; `None` is the shipped one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetId(pub Option<u32>);

impl NetId {
    /// What the person reads.
    pub fn name(self) -> &'static str {
        match self.0 {
            None => "the shipped network",
            Some(_) => "your network",
        }
    }
}

/// What one net found.
#[derive(Debug, Default)]
pub struct Looked {
    /// Which net.
    pub net: NetId,
    /// Its number among all that answered in this visit; features are kept under it.
    pub number: u32,
    /// What it said.
    pub findings: Findings,
}

/// The net that answers now, and the last other one that has looked at any image.
#[derive(Debug, Default)]
pub struct Nets {
    now: Looked,
    before: Option<Looked>,
    last_number: u32,
}

impl Nets {
    /// Another net answers from now on. Returns the numbers of those whose findings are forgotten.
    pub fn answer_with(&mut self, net: NetId) -> Vec<u32> {
        if net == self.now.net {
            return Vec::new();
        }
        let known = self.before.take_if(|before| before.net == net);
        let now = known.unwrap_or_else(|| {
            self.last_number += 1;
            Looked {
                net,
                number: self.last_number,
                findings: Findings::default(),
            }
        });
        let left = std::mem::replace(&mut self.now, now);
        let forgotten = if left.findings.is_empty() {
            Some(left)
        } else {
            self.before.replace(left)
        };
        forgotten.into_iter().map(|looked| looked.number).collect()
    }

    /// What has been found is forgotten, of both nets.
    pub fn forget(&mut self) {
        self.last_number += 1;
        self.now.number = self.last_number;
        self.now.findings = Findings::default();
        self.before = None;
    }

    /// The net that answers now.
    pub fn now(&self) -> &Looked {
        &self.now
    }

    /// What it found, to be added to.
    pub fn findings_mut(&mut self) -> &mut Findings {
        &mut self.now.findings
    }

    /// The net before it.
    pub fn before(&self) -> Option<&Looked> {
        self.before.as_ref()
    }

    /// Whether both nets have looked at an image.
    pub fn can_compare(&self, id: ImageId) -> bool {
        let knows = |looked: &Looked| looked.findings.prediction(id).is_some();
        knows(&self.now) && self.before.as_ref().is_some_and(knows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;
    use model::prediction::Prediction;

    fn look(nets: &mut Nets) {
        let probabilities = [0.1; CLASS_COUNT];
        let id = ImageId::of_all(3).unwrap();
        nets.findings_mut().note(id, Prediction { probabilities });
    }

    #[test]
    fn a_net_that_has_looked_is_remembered_over_those_that_have_not() {
        let mut nets = Nets::default();
        look(&mut nets);
        assert!(nets.answer_with(NetId(None)).is_empty());
        assert!(nets.answer_with(NetId(Some(1))).is_empty());
        assert_eq!(nets.answer_with(NetId(Some(2))), [1]);
        assert_eq!(nets.before().map(|before| before.net), Some(NetId(None)));
        look(&mut nets);
        assert!(nets.can_compare(ImageId::of_all(3).unwrap()));
        assert!(!nets.can_compare(ImageId::of_all(4).unwrap()));
    }

    #[test]
    fn the_net_before_finds_its_findings_again() {
        let mut nets = Nets::default();
        look(&mut nets);
        nets.answer_with(NetId(Some(1)));
        look(&mut nets);
        assert!(nets.answer_with(NetId(None)).is_empty());
        assert_eq!((nets.now().number, nets.before().unwrap().number), (0, 1));
        assert!(nets.can_compare(ImageId::of_all(3).unwrap()));
        assert_eq!(nets.answer_with(NetId(Some(9))), [1]);
    }
}
