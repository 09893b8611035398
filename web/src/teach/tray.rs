//! The examples that somebody has collected.

use model::class::CLASS_COUNT;
use model::teach::Example;
use serde::{Deserialize, Serialize};

/// An example with a number of its own, by which it is found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The number.
    pub id: u32,
    /// The example.
    pub example: Example,
}

/// The examples, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tray {
    kept: Vec<Kept>,
    last_id: u32,
}

impl Tray {
    /// Adds an example, unless the same picture with the same class is there already. Returns whether
    /// it was added.
    pub fn add(&mut self, example: Example) -> bool {
        let same = |kept: &Kept| {
            kept.example.label == example.label && kept.example.image == example.image
        };
        if self.kept.iter().any(same) {
            return false;
        }
        self.last_id += 1;
        self.kept.push(Kept {
            id: self.last_id,
            example,
        });
        true
    }

    /// Says of an example that it is of another class.
    pub fn relabel(&mut self, id: u32, label: u8) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.id == id) {
            kept.example.label = label;
        }
    }

    /// Removes an example.
    pub fn remove(&mut self, id: u32) {
        self.kept.retain(|kept| kept.id != id);
    }

    /// The example of this number.
    pub fn get(&self, id: u32) -> Option<&Example> {
        let kept = self.kept.iter().find(|kept| kept.id == id)?;
        Some(&kept.example)
    }

    /// The examples of a class.
    pub fn of_class(&self, label: u8) -> impl Iterator<Item = &Kept> {
        self.kept
            .iter()
            .filter(move |kept| kept.example.label == label)
    }

    /// All examples.
    pub fn examples(&self) -> Vec<Example> {
        self.kept.iter().map(|kept| kept.example.clone()).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many there are, in words.
    pub fn summary(&self) -> String {
        let classes = (0..CLASS_COUNT as u8).filter(|&label| self.of_class(label).next().is_some());
        match (self.len(), classes.count()) {
            (0, _) => "No examples yet: draw something and say what it is.".into(),
            (1, _) => "1 example".into(),
            (count, 1) => format!("{count} examples of one class"),
            (count, classes) => format!("{count} examples of {classes} classes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::image::Image;

    fn example(pixel: u8, label: u8) -> Example {
        let mut image = Image::blank();
        image.0[0] = pixel;
        Example {
            image,
            strokes: Vec::new(),
            label,
        }
    }

    #[test]
    fn examples_come_go_and_change_their_class() {
        let mut tray = Tray::default();
        assert!(tray.add(example(1, 8)) && tray.add(example(2, 8)));
        assert!(!tray.add(example(1, 8)), "the same again");
        assert_eq!(tray.summary(), "2 examples of one class");
        tray.relabel(2, 3);
        assert_eq!(tray.summary(), "2 examples of 2 classes");
        assert_eq!(
            tray.of_class(3).map(|kept| kept.id).collect::<Vec<_>>(),
            [2]
        );
        tray.remove(1);
        assert!(tray.add(example(5, 0)));
        assert_eq!(tray.get(3).map(|example| example.label), Some(0));
    }
}
