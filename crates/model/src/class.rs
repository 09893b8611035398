//! The ten classes of Fashion-MNIST.

/// How many classes there are.
pub const CLASS_COUNT: usize = 10;

/// The classes' names in the order of the data set's labels (Xiao, Rasul and Vollgraf, 2017).
pub const CLASS_NAMES: [&str; CLASS_COUNT] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The class of this name, in whatever case.
pub fn class_of_name(name: &str) -> Option<u8> {
    let mut names = CLASS_NAMES.iter();
    let index = names.position(|known| known.eq_ignore_ascii_case(name))?;
    u8::try_from(index).ok()
}
