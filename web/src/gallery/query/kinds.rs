//! What may be chosen: views, orders, outcomes, changes, faults, colours; how the address names each.

use super::super::ImageId;

/// One of a few things that may be chosen.
pub trait Kind: Copy + PartialEq + 'static {
    /// All of them, in the order in which they are offered.
    const ALL: &'static [Self];

    /// What the person reads.
    fn name(self) -> &'static str;

    /// What the address says.
    fn key(self) -> &'static str;

    /// The one with this key.
    fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// Declares an enum of things that may be chosen, with the words for each.
macro_rules! kinds {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $one:ident = $key:literal, $words:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $one,)* }

        impl Kind for $name {
            const ALL: &'static [Self] = &[$(Self::$one),*];

            fn name(self) -> &'static str {
                match self { $(Self::$one => $words,)* }
            }

            fn key(self) -> &'static str {
                match self { $(Self::$one => $key,)* }
            }
        }
    };
}

kinds! {
    /// The views of the data set.
    View {
        /// The images themselves.
        Images = "images", "Images";
        /// All images as points, alike beside alike.
        Map = "map", "Map";
        /// How good the net is on them.
        Results = "results", "Results";
        /// What the data are like.
        Explore = "explore", "Explore";
    }
}

kinds! {
    /// In which order images are shown.
    Order {
        /// As published.
        Published = "published", "as published";
        /// The greatest loss first.
        Hardest = "hardest", "hardest first";
        /// The least confidence first.
        Uncertain = "uncertain", "most uncertain first";
        /// The greatest confidence first.
        Surest = "surest", "surest first";
    }
}

kinds! {
    /// Which answers of the net are shown.
    Outcome {
        /// Those that agree with the label.
        Right = "right", "right";
        /// Those that do not.
        Wrong = "wrong", "wrong";
        /// Confident ones that do not: the label may be at fault.
        SureAndWrong = "sure-and-wrong", "sure and wrong";
    }
}

kinds! {
    /// What another net made of an image, and what this one does.
    Change {
        /// Both are right.
        BothRight = "both-right", "both right";
        /// The other was right, this one is wrong.
        Lost = "lost", "right before, wrong now";
        /// The other was wrong, this one is right.
        Won = "won", "wrong before, right now";
        /// Both are wrong.
        BothWrong = "both-wrong", "both wrong";
    }
}

impl Change {
    /// From whether the other was right, and whether this one is.
    pub fn of(before: bool, now: bool) -> Self {
        match (before, now) {
            (true, true) => Self::BothRight,
            (true, false) => Self::Lost,
            (false, true) => Self::Won,
            (false, false) => Self::BothWrong,
        }
    }
}

kinds! {
    /// What may be wrong with the data.
    Fault {
        /// Another image is nearly the same.
        Near = "near", "near duplicates";
        /// One of the other part is nearly the same.
        Across = "across", "near duplicates in both sets";
        /// A net that did not learn from the image is sure of another label.
        Suspect = "suspect", "label suspects";
    }
}

kinds! {
    /// What the map's colours say.
    Colour {
        /// The publishers' class.
        Label = "label", "label";
        /// The net's class.
        Prediction = "prediction", "prediction";
        /// Whether the two agree.
        Error = "error", "right or wrong";
    }
}

/// What images are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Like {
    /// One of them.
    Image(ImageId),
    /// The drawing on the canvas.
    Drawing,
}

const DRAWING: &str = "drawing";

impl Like {
    /// As the address names it.
    pub fn key(self) -> String {
        match self {
            Self::Image(id) => id.key(),
            Self::Drawing => DRAWING.to_owned(),
        }
    }

    /// Reads what [`Self::key`] wrote.
    pub fn of_key(key: &str) -> Option<Self> {
        if key == DRAWING {
            return Some(Self::Drawing);
        }
        ImageId::from_key(key).map(Self::Image)
    }
}
