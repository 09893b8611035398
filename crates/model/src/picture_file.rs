//! What a picture file says of itself before anything is decoded: its format, its size, which way up
//! it is, and whether all of it is there.
//!
//! The page has its browser decode pictures, the trainer a crate. Both ask here first and turn the
//! pixels by [`Orientation::upright`], so that a file that both can decode looks the same to both.
//! The bytes alone decide, not the file's name and not its MIME type.

use std::ops::Range;

use thiserror::Error;

use crate::drawing::MAX_EDGE;

/// Largest picture file in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// Most pixels that a picture may have. Decoding one takes eight bytes a pixel at worst.
pub const MAX_PIXELS: usize = 100_000_000;

/// Longest edge in pixels at which a decoded picture is worked on; a larger one is scaled down first.
const WORKING_EDGE: usize = 2048;

/// The Exif tag that says how the picture is to be turned.
const ORIENTATION_TAG: u16 = 0x0112;

/// The Exif type of whole numbers of 16 bits.
const SHORT: u16 = 3;

/// The format of a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
    /// Graphics Interchange Format.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// AVIF, which not every program here can decode.
    Avif,
    /// HEIC, which not every program here can decode.
    Heic,
}

impl Format {
    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
        }
    }
}

/// Why a file cannot be read as a picture. Each is the end of a sentence that begins with the file's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// No byte at all.
    #[error("the file is empty")]
    EmptyFile,
    /// Something else than a picture.
    #[error("this is not a picture: use a PNG, JPEG, WebP, GIF or BMP file")]
    NotAPicture,
    /// A picture in a format that is not read.
    #[error("this is {0} file, which cannot be read here: save it as PNG, JPEG or WebP")]
    UnreadFormat(&'static str),
    /// The file is longer than [`MAX_FILE_BYTES`].
    #[error(
        "the file has {} MB, and the limit is {} MB: make the picture smaller first",
        .bytes.div_ceil(1 << 20),
        MAX_FILE_BYTES >> 20
    )]
    LargeFile {
        /// Length in bytes.
        bytes: usize,
    },
    /// An edge is longer than [`MAX_EDGE`], or there are more pixels than [`MAX_PIXELS`].
    #[error(
        "the picture is {width} pixels wide and {height} high, and the limit is {MAX_EDGE} for each and {} million in all: make it smaller first",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// The file ends before the picture does.
    #[error("the {} picture is cut off, as by a broken download: get the file anew", .0.name())]
    CutOff(Format),
    /// The file is not as its format has it.
    #[error("the {} picture is damaged: use another copy", .0.name())]
    Damaged(Format),
}

/// How stored pixels are turned to be upright: Exif's number, 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// Stored as it is to be seen.
    pub const UPRIGHT: Self = Self(1);

    /// Exif's number; `None` if it is not 1 to 8.
    pub fn from_exif(number: u16) -> Option<Self> {
        (1..=8).contains(&number).then_some(Self(number as u8))
    }

    /// The pixels turned, with their width and height then. `rgba` has four bytes a pixel, row by
    /// row; what is not `width * height` pixels is returned as it is.
    pub fn upright(self, width: usize, height: usize, rgba: Vec<u8>) -> (usize, usize, Vec<u8>) {
        let (pixels, rest) = rgba.as_chunks::<4>();
        if self == Self::UPRIGHT || pixels.len() != width * height || !rest.is_empty() {
            return (width, height, rgba);
        }
        let (swapped, right_to_left, bottom_to_top) = match self.0 {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, false, true),
            7 => (true, true, true),
            _ => (true, true, false),
        };
        let (wide, high) = if swapped {
            (height, width)
        } else {
            (width, height)
        };
        let mut turned = Vec::with_capacity(rgba.len());
        for y in 0..high {
            for x in 0..wide {
                let (column, row) = if swapped { (y, x) } else { (x, y) };
                let column = if right_to_left {
                    width - 1 - column
                } else {
                    column
                };
                let row = if bottom_to_top { height - 1 - row } else { row };
                turned.extend_from_slice(&pixels[row * width + column]);
            }
        }
        (wide, high, turned)
    }
}

/// Where a file says its orientation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OrientationEntry {
    /// The two bytes of the number.
    value: Range<usize>,
    big_endian: bool,
    /// In a PNG, the chunk's type and data, whose checksum follows.
    checked: Option<Range<usize>>,
}

/// What a picture file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The format.
    pub format: Format,
    /// Width in pixels, as stored.
    pub width: usize,
    /// Height in pixels, as stored.
    pub height: usize,
    /// How the stored pixels are to be turned. Upright for AVIF and HEIC, whose decoders turn them.
    pub orientation: Orientation,
    entry: Option<OrientationEntry>,
}

impl Header {
    /// Reads what a picture file says of itself, without decoding it.
    ///
    /// # Errors
    /// If it is no picture of a known format, is cut off or damaged, or is larger than the limits.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        check_file_size(bytes.len())?;
        let format = format(bytes)?;
        let mut parts = Parts::default();
        match format {
            Format::Png => parts.read_png(bytes),
            Format::Jpeg => parts.read_jpeg(bytes),
            Format::WebP => parts.read_webp(bytes),
            Format::Gif => parts.read_gif(bytes),
            Format::Bmp => parts.read_bmp(bytes),
            Format::Avif | Format::Heic => parts.read_boxes(bytes),
        }
        .ok_or(PictureError::CutOff(format))?;
        let (width, height) = parts.size.ok_or(PictureError::Damaged(format))?;
        if width == 0 || height == 0 {
            return Err(PictureError::Damaged(format));
        }
        if width.max(height) > MAX_EDGE || width * height > MAX_PIXELS {
            return Err(PictureError::TooLarge { width, height });
        }
        let (orientation, entry) = parts.orientation.unzip();
        Ok(Self {
            format,
            width,
            height,
            orientation: orientation.unwrap_or(Orientation::UPRIGHT),
            entry,
        })
    }

    /// Has these bytes, from which the header was read, say that the stored pixels are upright.
    // Which decoder obeys the orientation of which format differs; none turns what says that it is upright.
    pub fn erase_orientation(&self, bytes: &mut [u8]) {
        let Some(entry) = &self.entry else { return };
        let upright = if entry.big_endian { [0, 1] } else { [1, 0] };
        if let Some(value) = bytes.get_mut(entry.value.clone()) {
            value.copy_from_slice(&upright);
        }
        if let Some(checked) = &entry.checked
            && let Some(sum) = bytes.get(checked.clone()).map(crc32fast::hash)
            && let Some(stored) = bytes.get_mut(checked.end..checked.end + 4)
        {
            stored.copy_from_slice(&sum.to_be_bytes());
        }
    }
}

/// Whether a file of so many bytes is read.
///
/// # Errors
/// If there are too many.
pub fn check_file_size(bytes: usize) -> Result<(), PictureError> {
    if bytes > MAX_FILE_BYTES {
        return Err(PictureError::LargeFile { bytes });
    }
    Ok(())
}

/// The size in pixels at which a picture of this size is worked on.
pub fn working_size(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height).max(1);
    let scaled = |edge: usize| {
        let fitted = (2 * edge * longest.min(WORKING_EDGE) + longest) / (2 * longest);
        fitted.max(1)
    };
    (scaled(width), scaled(height))
}

fn format(bytes: &[u8]) -> Result<Format, PictureError> {
    let brands = || bytes.get(8..).unwrap_or_default().chunks(4).take(8);
    match bytes {
        [] => Err(PictureError::EmptyFile),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Ok(Format::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Format::Gif),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Ok(Format::Bmp),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
            let is = |names: &[&[u8]]| brands().any(|brand| names.contains(&brand));
            match (is(&[b"avif", b"avis"]), is(&[b"heic", b"heix", b"mif1"])) {
                (true, _) => Ok(Format::Avif),
                (_, true) => Ok(Format::Heic),
                _ => Err(PictureError::NotAPicture),
            }
        }
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => {
            Err(PictureError::UnreadFormat("a TIFF"))
        }
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => {
            Err(PictureError::UnreadFormat("a JPEG XL"))
        }
        [b'8', b'B', b'P', b'S', ..] => Err(PictureError::UnreadFormat("a Photoshop")),
        [0, 0, 1, 0, ..] => Err(PictureError::UnreadFormat("an ICO")),
        [b'%', b'P', b'D', b'F', ..] => Err(PictureError::UnreadFormat("a PDF")),
        _ if is_svg(bytes) => Err(PictureError::UnreadFormat("an SVG")),
        _ => Err(PictureError::NotAPicture),
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let start = start.trim_start_matches('\u{FEFF}').trim_start();
    start.starts_with('<') && start.contains("<svg")
}

/// What has been found on the way through a file. The methods return `None` if the file ends first.
#[derive(Default)]
struct Parts {
    size: Option<(usize, usize)>,
    orientation: Option<(Orientation, OrientationEntry)>,
}

impl Parts {
    fn read_png(&mut self, bytes: &[u8]) -> Option<()> {
        let mut at = 8;
        loop {
            let length = u32_be(bytes, at)?;
            let data = at + 8..(at + 8).checked_add(length)?;
            // Four bytes of checksum follow.
            bytes.get(data.start..data.end.checked_add(4)?)?;
            match &bytes[at + 4..at + 8] {
                b"IHDR" if length >= 8 => {
                    self.size = Some((u32_be(bytes, data.start)?, u32_be(bytes, data.start + 4)?));
                }
                b"eXIf" => self.read_exif(bytes, data.clone(), Some(at + 4..data.end)),
                b"IEND" => return Some(()),
                _ => {}
            }
            at = data.end + 4;
        }
    }

    fn read_jpeg(&mut self, bytes: &[u8]) -> Option<()> {
        let mut at = 2;
        loop {
            // Between a scan's marker and the next one is the picture itself; 0xFF in it is followed by 0.
            at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
            at += bytes.get(at..)?.iter().position(|&byte| byte != 0xFF)?;
            let marker = bytes[at];
            at += 1;
            match marker {
                0 | 0x01 | 0xD0..=0xD8 => continue,
                0xD9 => return Some(()),
                _ => {}
            }
            let end = at + u16_be(bytes, at)?.max(2);
            let data = at + 2..end;
            bytes.get(data.clone())?;
            match marker {
                // Start of frame; C4, C8 and CC are something else.
                0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if self.size.is_none() => {
                    self.size = Some((u16_be(bytes, at + 5)?, u16_be(bytes, at + 3)?));
                }
                0xE1 if bytes[data.clone()].starts_with(b"Exif\0") => {
                    self.read_exif(bytes, data, None);
                }
                _ => {}
            }
            at = end;
        }
    }

    fn read_webp(&mut self, bytes: &[u8]) -> Option<()> {
        let end = u32_le(bytes, 4)?.checked_add(8)?;
        bytes.get(..end)?;
        let mut at = 12;
        while at + 8 <= end {
            let length = u32_le(bytes, at + 4)?;
            let data = at + 8..(at + 8).checked_add(length)?;
            bytes.get(data.clone())?;
            let start = data.start;
            let size = match &bytes[at..at + 4] {
                b"VP8X" => Some((u24_le(bytes, start + 4)? + 1, u24_le(bytes, start + 7)? + 1)),
                // The upper two bits of each say how it might be enlarged.
                b"VP8 " => Some((
                    u16_le(bytes, start + 6)? & 0x3FFF,
                    u16_le(bytes, start + 8)? & 0x3FFF,
                )),
                b"VP8L" => {
                    let bits = u32_le(bytes, start + 1)?;
                    Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
                }
                b"EXIF" => {
                    self.read_exif(bytes, data.clone(), None);
                    None
                }
                _ => None,
            };
            self.size = self.size.or(size);
            at = data.end.checked_add(length % 2)?;
        }
        Some(())
    }

    fn read_gif(&mut self, bytes: &[u8]) -> Option<()> {
        self.size = Some((u16_le(bytes, 6)?, u16_le(bytes, 8)?));
        Some(())
    }

    fn read_bmp(&mut self, bytes: &[u8]) -> Option<()> {
        self.size = Some(if u32_le(bytes, 14)? == 12 {
            (u16_le(bytes, 18)?, u16_le(bytes, 20)?)
        } else {
            // A negative height: the rows go from top to bottom.
            let edge = |at| Some((u32_le(bytes, at)? as u32).cast_signed().unsigned_abs() as usize);
            (edge(18)?, edge(22)?)
        });
        Some(())
    }

    /// An ISO media file: boxes, of which `meta` says the sizes of all images in the file. The largest counts.
    fn read_boxes(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = match u32_be(rest, 0)? {
                0 => rest.len(),
                1 => u64::from_be_bytes(*rest.get(8..)?.first_chunk()?)
                    .try_into()
                    .ok()?,
                length => length.max(8),
            };
            let (one, after) = rest.split_at_checked(length)?;
            if one.get(4..8)? == b"meta" {
                let sizes = one.windows(16).filter(|window| window.starts_with(b"ispe"));
                self.size = sizes
                    .filter_map(|window| Some((u32_be(window, 8)?, u32_be(window, 12)?)))
                    .max_by_key(|&(width, height)| width.saturating_mul(height));
            }
            rest = after;
        }
        Some(())
    }

    /// Exif data: a TIFF file, perhaps behind a signature. The first that has an orientation counts.
    fn read_exif(&mut self, bytes: &[u8], data: Range<usize>, checked: Option<Range<usize>>) {
        let start = data.start;
        let tiff = if bytes[data.clone()].starts_with(b"Exif\0\0") {
            start + 6..data.end
        } else {
            data
        };
        if self.orientation.is_none()
            && let Some((orientation, at, big_endian)) = orientation(&bytes[tiff.clone()])
        {
            let value = tiff.start + at..tiff.start + at + 2;
            let entry = OrientationEntry {
                value,
                big_endian,
                checked,
            };
            self.orientation = Some((orientation, entry));
        }
    }
}

/// What Exif data say of the orientation, where the number stands in them, and whether its first byte is the
/// high one.
fn orientation(tiff: &[u8]) -> Option<(Orientation, usize, bool)> {
    let big_endian = match tiff.first_chunk()? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let short = |at| {
        if big_endian {
            u16_be(tiff, at)
        } else {
            u16_le(tiff, at)
        }
    };
    let directory = if big_endian {
        u32_be(tiff, 4)?
    } else {
        u32_le(tiff, 4)?
    };
    (0..short(directory)?).find_map(|index| {
        let entry = directory.checked_add(2 + 12 * index)?;
        let is_orientation = short(entry)? == usize::from(ORIENTATION_TAG)
            && short(entry + 2)? == usize::from(SHORT);
        let number = is_orientation.then(|| short(entry + 8))??;
        let orientation = Orientation::from_exif(number as u16)?;
        Some((orientation, entry + 8, big_endian))
    })
}

/// `N` bytes from a position on.
fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_be(bytes: &[u8], at: usize) -> Option<usize> {
    chunk(bytes, at).map(|chunk| u16::from_be_bytes(chunk).into())
}

fn u16_le(bytes: &[u8], at: usize) -> Option<usize> {
    chunk(bytes, at).map(|chunk| u16::from_le_bytes(chunk).into())
}

fn u24_le(bytes: &[u8], at: usize) -> Option<usize> {
    let [low, middle, high] = chunk(bytes, at)?;
    Some(u32::from_le_bytes([low, middle, high, 0]) as usize)
}

fn u32_be(bytes: &[u8], at: usize) -> Option<usize> {
    chunk(bytes, at).map(|chunk| u32::from_be_bytes(chunk) as usize)
}

fn u32_le(bytes: &[u8], at: usize) -> Option<usize> {
    chunk(bytes, at).map(|chunk| u32::from_le_bytes(chunk) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exif data with an orientation behind another entry.
    fn exif(orientation: u16, big_endian: bool) -> Vec<u8> {
        let short = |number: u16| {
            if big_endian {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let long = |number: u32| {
            if big_endian {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let entry = |tag, value| {
            [
                &short(tag)[..],
                &short(3),
                &long(1),
                &short(value),
                &short(0),
            ]
            .concat()
        };
        [
            if big_endian { b"MM\0*" } else { b"II*\0" },
            &long(8)[..],
            &short(2),
            &entry(0x0100, 9),
            &entry(0x0112, orientation),
            &long(0),
        ]
        .concat()
    }

    fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let checked = [kind, data].concat();
        let sum = crc32fast::hash(&checked).to_be_bytes();
        [&(data.len() as u32).to_be_bytes()[..], &checked, &sum].concat()
    }

    fn png(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [
            b"\x89PNG\r\n\x1A\n",
            &png_chunk(b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat())[..],
            &png_chunk(b"eXIf", exif),
            &png_chunk(b"IDAT", b"anything"),
            &png_chunk(b"IEND", b""),
        ]
        .concat()
    }

    fn jpeg(width: u16, height: u16, exif: &[u8]) -> Vec<u8> {
        let segment = |marker: u8, data: &[u8]| {
            [
                &[0xFF, marker][..],
                &(data.len() as u16 + 2).to_be_bytes(),
                data,
            ]
            .concat()
        };
        let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [
            &[0xFF, 0xD8][..],
            &segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
            &segment(0xE1, &[b"Exif\0\0", exif].concat()),
            // Decoders skip what fills up between segments.
            &[0xFF, 0xFF],
            &segment(0xC0, &[&[8][..], &size, &[1, 1, 0x11, 0]].concat()),
            &segment(0xDA, &[1, 1, 0, 0, 63, 0]),
            &[0x12, 0xFF, 0, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9],
        ]
        .concat()
    }

    fn webp(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
        let chunk = |kind: &[u8], data: &[u8]| {
            let pad = &[0][..data.len() % 2];
            [kind, &(data.len() as u32).to_le_bytes(), data, pad].concat()
        };
        let edge = |edge: u32| (edge - 1).to_le_bytes()[..3].to_vec();
        let body = [
            b"WEBP".to_vec(),
            chunk(
                b"VP8X",
                &[vec![8, 0, 0, 0], edge(width), edge(height)].concat(),
            ),
            chunk(b"VP8L", &[0x2F, 0, 0, 0, 0]),
            chunk(b"EXIF", exif),
        ]
        .concat();
        [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
    }

    fn avif(width: u32, height: u32) -> Vec<u8> {
        let part = |kind: &[u8], data: &[u8]| {
            [&(data.len() as u32 + 8).to_be_bytes()[..], kind, data].concat()
        };
        let size = |width: u32, height: u32| {
            let edges = [width.to_be_bytes(), height.to_be_bytes()].concat();
            part(b"ispe", &[&[0; 4][..], &edges].concat())
        };
        [
            part(b"ftyp", b"mif1\0\0\0\0mif1avif"),
            part(b"meta", &[size(9, 9), size(width, height)].concat()),
            part(b"mdat", b"ispe"),
        ]
        .concat()
    }

    #[test]
    fn every_container_says_its_size_and_how_it_is_to_be_turned() {
        for (number, big_endian) in [(1, true), (3, false), (6, true), (8, false)] {
            let data = exif(number, big_endian);
            let with_signature = [b"Exif\0\0", &data[..]].concat();
            let files = [
                (Format::Png, png(30, 20, &data)),
                (Format::Jpeg, jpeg(30, 20, &data)),
                (Format::WebP, webp(30, 20, &data)),
                (Format::WebP, webp(30, 20, &with_signature)),
            ];
            for (format, mut file) in files {
                let header = Header::read(&file).unwrap();
                assert_eq!(
                    (header.format, header.width, header.height),
                    (format, 30, 20)
                );
                assert_eq!(Some(header.orientation), Orientation::from_exif(number));
                header.erase_orientation(&mut file);
                let erased = Header::read(&file).unwrap();
                assert_eq!(erased.orientation, Orientation::UPRIGHT, "{format:?}");
                if format == Format::Png {
                    // The checksum is right again.
                    assert_eq!(file, png(30, 20, &exif(1, big_endian)));
                }
            }
        }
        let header = Header::read(&avif(30, 20)).unwrap();
        assert_eq!(
            (header.format, header.width, header.height),
            (Format::Avif, 30, 20)
        );
    }

    #[test]
    fn simple_formats_say_their_size() {
        let gif = b"GIF89a\x1E\0\x14\0";
        let mut bmp = [0; 26];
        bmp[..2].copy_from_slice(b"BM");
        bmp[14] = 40;
        bmp[18] = 30;
        bmp[22..].copy_from_slice(&(-20_i32).to_le_bytes());
        for (bytes, format) in [(&gif[..], Format::Gif), (&bmp[..], Format::Bmp)] {
            let header = Header::read(bytes).unwrap();
            assert_eq!(
                (header.format, header.width, header.height),
                (format, 30, 20)
            );
        }
    }

    #[test]
    fn a_file_that_ends_early_is_cut_off_wherever_it_ends() {
        let exif = exif(6, true);
        let files = [
            (Format::Png, png(30, 20, &exif)),
            (Format::Jpeg, jpeg(30, 20, &exif)),
            (Format::WebP, webp(30, 20, &exif)),
            (Format::Avif, avif(30, 20)),
        ];
        for (format, file) in files {
            for end in 32..file.len() {
                // An AVIF may end between two boxes.
                let found = Header::read(&file[..end]);
                let between = format == Format::Avif && found.is_ok();
                assert!(
                    found == Err(PictureError::CutOff(format)) || between,
                    "{format:?} {end}: {found:?}"
                );
            }
            let longer = [&file[..], &[0; 9]].concat();
            assert!(
                Header::read(&longer).is_ok() || format == Format::Avif,
                "{format:?}"
            );
        }
    }

    #[test]
    fn the_limits_hold_before_anything_is_decoded() {
        let bomb = Header::read(&png(17_000, 17_000, b""));
        let sentence = bomb.unwrap_err().to_string();
        assert!(
            sentence.contains("17000 pixels wide and 17000 high"),
            "{sentence}"
        );
        assert!(Header::read(&png(16_384, 6_000, b"")).is_ok());
        assert!(matches!(
            Header::read(&png(16_384, 16_384, b"")),
            Err(PictureError::TooLarge { .. })
        ));
        assert_eq!(
            Header::read(&png(0, 9, b"")),
            Err(PictureError::Damaged(Format::Png))
        );
        assert!(check_file_size(MAX_FILE_BYTES).is_ok());
        let sentence = check_file_size(MAX_FILE_BYTES + 1).unwrap_err().to_string();
        assert!(sentence.contains("65 MB"), "{sentence}");
    }

    #[test]
    fn what_is_no_picture_here_is_named() {
        let check = |bytes: &[u8], expected: &str| {
            let sentence = Header::read(bytes).unwrap_err().to_string();
            assert!(sentence.starts_with(expected), "{sentence}");
        };
        check(b"", "the file is empty");
        check(b"Dear Sir or Madam", "this is not a picture");
        check(
            b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<svg/>",
            "this is an SVG file",
        );
        check(b"<!doctype html><p>", "this is not a picture");
        check(b"II*\0\x08\0\0\0", "this is a TIFF file");
        check(
            b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
            "this is not a picture",
        );
    }

    #[test]
    fn turns_as_exif_has_it() {
        // 1 2 3 / 4 5 6 upright, stored in each of the eight ways.
        let stored: [(u16, usize, &[u8]); 8] = [
            (1, 3, &[1, 2, 3, 4, 5, 6]),
            (2, 3, &[3, 2, 1, 6, 5, 4]),
            (3, 3, &[6, 5, 4, 3, 2, 1]),
            (4, 3, &[4, 5, 6, 1, 2, 3]),
            (5, 2, &[1, 4, 2, 5, 3, 6]),
            (6, 2, &[3, 6, 2, 5, 1, 4]),
            (7, 2, &[6, 3, 5, 2, 4, 1]),
            (8, 2, &[4, 1, 5, 2, 6, 3]),
        ];
        for (number, width, pixels) in stored {
            let rgba = pixels.iter().flat_map(|&pixel| [pixel; 4]).collect();
            let orientation = Orientation::from_exif(number).unwrap();
            let (wide, high, turned) = orientation.upright(width, 6 / width, rgba);
            let turned: Vec<u8> = turned.chunks(4).map(|pixel| pixel[0]).collect();
            assert_eq!(
                (wide, high, &turned[..]),
                (3, 2, &[1, 2, 3, 4, 5, 6][..]),
                "{number}"
            );
        }
        assert_eq!(Orientation::from_exif(0), None);
        assert_eq!(Orientation::from_exif(9), None);
    }

    #[test]
    fn large_pictures_are_worked_on_scaled_down_and_others_as_they_are() {
        assert_eq!(working_size(28, 28), (28, 28));
        assert_eq!(working_size(4096, 2048), (2048, 1024));
        assert_eq!(working_size(16_384, 1), (2048, 1));
    }
}
