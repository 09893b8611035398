//! A sheet that lies on something darker: finds it, cuts it out and looks at it straight from above.

use super::backdrop::closed;
use super::mask::Mask;
use super::specks::pieces;
use super::{Ink, Rect, area};

/// The sheet is looked for in a picture of this longest edge.
pub(super) const SMALL_EDGE: usize = 256;

/// Lines are narrower than twice this, in pixels of the small picture.
pub(super) const LINE_RADIUS: usize = 6;

/// The sheet is at least this much lighter than what it lies on.
const LEAST_STEP: u8 = 32;

/// The table fills at least one part in so many of the picture, the sheet at least one in so many.
const LEAST_TABLE: usize = 250;
const LEAST_SHEET: usize = 6;

type Point = (f32, f32);

/// What was found of the sheet.
pub(super) struct CutOut {
    /// The picture of the sheet.
    pub(super) picture: Ink,
    /// Which of its pixels are the sheet.
    pub(super) inside: Vec<bool>,
}

/// The sheet in a picture of dark ink on it, if it lies on something darker whose edge is in view.
/// `small` is the picture at [`SMALL_EDGE`].
pub(super) fn cut_out(picture: &Ink, small: &Ink) -> Option<CutOut> {
    let sheet = sheet(small)?;
    let (corners, lost) = corners(&sheet, small)?;
    let scale = (
        picture.width() as f32 / small.width() as f32,
        picture.height() as f32 / small.height() as f32,
    );
    if lost {
        return masked(picture, small, &sheet);
    }
    let corners = corners.map(|(x, y)| (x * scale.0, y * scale.1));
    straightened(picture, corners)
}

/// The pixels of the small picture that are the sheet.
fn sheet(small: &Ink) -> Option<Mask> {
    let mut sorted = small.pixels().to_vec();
    sorted.sort_unstable();
    let paper = sorted[sorted.len() * 3 / 4];
    let whole = Mask::of(small, |_| true);
    let mut border: Vec<u8> = whole
        .border()
        .iter()
        .map(|&index| small.pixels()[index])
        .collect();
    border.sort_unstable();
    let table_level = border[border.len() / 20];
    let step = paper
        .checked_sub(table_level)
        .filter(|&step| step >= LEAST_STEP)?;
    let light = Mask::of(small, |pixel| pixel >= table_level + step / 2);
    let largest = pieces(&light, small.width()).max_by_key(|piece| piece.cells.len())?;
    let largest = Mask::from_positions(small.width(), small.pixels().len(), &largest.cells);
    // Lines and blots on the sheet are of it: the table is what reaches the picture's border.
    let around = largest.inverted();
    let table = around.flooded(&around.border());
    let sheet = table.inverted();
    let size = small.pixels().len();
    if table.count() * LEAST_TABLE < size || sheet.count() * LEAST_SHEET < size {
        return None;
    }
    let middle = table_level + step / 2;
    (is_sharp(&sheet, &table, small, step) && !is_crossed(small, middle)).then_some(sheet)
}

/// Whether the sheet ends all of a sudden, and does not fade as into a shadow or a dark corner.
fn is_sharp(sheet: &Mask, table: &Mask, small: &Ink, step: u8) -> bool {
    let edge = sheet.dilated(1).and(table);
    let (width, height) = (small.width(), small.height());
    let (mut sharp, mut count) = (0, 0);
    for index in (0..small.pixels().len()).filter(|&index| edge.holds(index)) {
        let (x, y) = (index % width, index / width);
        let columns = x.saturating_sub(2)..(x + 3).min(width);
        let rows = y.saturating_sub(2)..(y + 3).min(height);
        let near = || rows.clone().flat_map(|y| &small.row(y)[columns.clone()]);
        let range = near()
            .max()
            .zip(near().min())
            .map_or(0, |(most, least)| most - least);
        count += 1;
        sharp += usize::from(range >= step / 2);
    }
    sharp * 4 >= count * 3
}

/// Whether something is drawn across the edge between what is lighter than `middle` and what is
/// darker, or nothing on the lighter side: then what is darker is no table but a shadow.
fn is_crossed(small: &Ink, middle: u8) -> bool {
    let width = small.width();
    let background = closed(small.pixels(), width, LINE_RADIUS);
    let lines = small.pixels().iter().zip(&background);
    let lines = lines.map(|(&pixel, &background)| background - pixel > background / 16 + 4);
    let lines = Mask::new(width, lines.collect());
    let light = Mask::new(
        width,
        background.iter().map(|&grey| grey >= middle).collect(),
    );
    let on_sheet = lines.without(&light.inverted().dilated(2));
    let on_table = lines.without(&light.dilated(2));
    if on_sheet.count() < 2 * LINE_RADIUS {
        return true;
    }
    let crosses = |cells: &[usize]| {
        let enough = |mask: &Mask| cells.iter().filter(|&&cell| mask.holds(cell)).count() > 3;
        enough(&on_sheet) && enough(&on_table)
    };
    pieces(&lines, width).any(|piece| crosses(&piece.cells))
}

/// The four corners of the sheet, from the upper left one to the right, in pixels of the small
/// picture, and whether a side is not in view. `None` if it has no four corners.
fn corners(sheet: &Mask, small: &Ink) -> Option<([Point; 4], bool)> {
    let (width, height) = (small.width() as f32, small.height() as f32);
    let mut sides = hull(sheet, small.width());
    let beyond = |a: Point, b: Point| {
        let near =
            |v: f32, w: f32, end: f32| (v < 1.0 && w < 1.0) || (v > end - 1.0 && w > end - 1.0);
        near(a.0, b.0, width) || near(a.1, b.1, height)
    };
    let mut cut: Vec<bool> = (0..sides.len())
        .map(|side| beyond(sides[side], sides[(side + 1) % sides.len()]))
        .collect();
    // Takes the side away that adds the least when its neighbours are extended; rather one along
    // which the picture ends than one of the sheet.
    while sides.len() > 4 {
        let count = sides.len();
        let cost = |side: usize| {
            let at = |step: usize| sides[(side + count + step - 1) % count];
            let corner = crossing(at(0), at(1), at(3), at(2))?;
            let added = area_of(&[at(1), corner, at(2)]).abs();
            Some((added * if cut[side] { 1.0 } else { 6.0 }, side, corner))
        };
        let (_, side, corner) = (0..count)
            .filter_map(cost)
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        sides.rotate_left(side);
        cut.rotate_left(side);
        sides[1] = corner;
        sides.remove(0);
        cut.remove(0);
    }
    let corners: [Point; 4] = sides.try_into().ok()?;
    let near = |&(x, y): &Point| x > -width && x < 2.0 * width && y > -height && y < 2.0 * height;
    if !corners.iter().all(near) {
        return None;
    }
    let inside = (0..small.pixels().len()).filter(|index| {
        let (x, y) = (index % small.width(), index / small.width());
        contains(&corners, (x as f32 + 0.5, y as f32 + 0.5))
    });
    if sheet.count() * 100 < inside.count() * 93 {
        return None;
    }
    let sum = |corner: &Point| corner.0 + corner.1;
    let first = (0..4).min_by(|&a, &b| sum(&corners[a]).total_cmp(&sum(&corners[b])))?;
    let lost = cut.iter().any(|&cut| cut);
    Some((
        std::array::from_fn(|corner| corners[(first + corner) % 4]),
        lost,
    ))
}

/// The corners of the smallest convex shape that holds the whole mask, clockwise (y goes down).
fn hull(mask: &Mask, width: usize) -> Vec<Point> {
    let mut points = Vec::new();
    for (y, row) in mask.cells().chunks_exact(width).enumerate() {
        let ends = row
            .iter()
            .position(|&cell| cell)
            .zip(row.iter().rposition(|&cell| cell));
        if let Some((left, right)) = ends {
            for y in [y as f32, y as f32 + 1.0] {
                points.extend([(left as f32, y), (right as f32 + 1.0, y)]);
            }
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                if area_of(&[a, b, point]) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut hull = chain(&mut points.iter().copied());
    hull.extend(chain(&mut points.iter().rev().copied()));
    hull
}

/// Twice the area of a triangle: positive if its corners go clockwise.
fn area_of(&[a, b, c]: &[Point; 3]) -> f32 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// Where the lines from `a` through `b` and from `c` through `d` meet, if that is beyond `b` and `d`.
fn crossing(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let (along, other) = ((b.0 - a.0, b.1 - a.1), (d.0 - c.0, d.1 - c.1));
    let turn = along.0 * other.1 - along.1 * other.0;
    if turn.abs() < 1e-6 {
        return None;
    }
    let apart = (c.0 - a.0, c.1 - a.1);
    let first = (apart.0 * other.1 - apart.1 * other.0) / turn;
    let second = (apart.0 * along.1 - apart.1 * along.0) / turn;
    (first >= 1.0 && second >= 1.0).then_some((a.0 + first * along.0, a.1 + first * along.1))
}

fn contains(corners: &[Point; 4], point: Point) -> bool {
    (0..4).all(|corner| area_of(&[corners[corner], corners[(corner + 1) % 4], point]) >= 0.0)
}

/// The picture as it is, cut to the sheet's bounds.
fn masked(picture: &Ink, small: &Ink, sheet: &Mask) -> Option<CutOut> {
    let core = sheet.inverted().dilated(2).inverted();
    let bounds = core.bounds();
    let (width, height) = (picture.width(), picture.height());
    let part = Rect {
        left: bounds.left * width / small.width(),
        top: bounds.top * height / small.height(),
        right: bounds.right * width / small.width(),
        bottom: bounds.bottom * height / small.height(),
    };
    if part.is_empty() {
        return None;
    }
    let mut inside = Vec::with_capacity(part.width() * part.height());
    for y in part.top..part.bottom {
        for x in part.left..part.right {
            let (x, y) = (x * small.width() / width, y * small.height() / height);
            inside.push(core.holds(y * small.width() + x));
        }
    }
    let picture = picture.part(part);
    Some(CutOut { picture, inside })
}

/// What lies between the corners as a rectangle, the perspective undone.
fn straightened(picture: &Ink, corners: [Point; 4]) -> Option<CutOut> {
    let [p0, p1, p2, p3] = corners;
    let length = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
    let size = (
        (length(p0, p1) + length(p3, p2)) / 2.0,
        (length(p0, p3) + length(p1, p2)) / 2.0,
    );
    let most = picture.width().max(picture.height()) as f32;
    let scale = (most / size.0.max(size.1)).min(1.0);
    let pixels = |edge: f32| ((edge * scale) as usize).max(1);
    let (width, height) = (pixels(size.0), pixels(size.1));
    // Heckbert's mapping of the unit square onto a quadrilateral.
    let (d1, d2) = ((p1.0 - p2.0, p1.1 - p2.1), (p3.0 - p2.0, p3.1 - p2.1));
    let sum = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
    let turn = d1.0 * d2.1 - d2.0 * d1.1;
    let g = (sum.0 * d2.1 - d2.0 * sum.1) / turn;
    let h = (d1.0 * sum.1 - sum.0 * d1.1) / turn;
    let (a, b) = (
        (p1.0 - p0.0 + g * p1.0, p1.1 - p0.1 + g * p1.1),
        (p3.0 - p0.0 + h * p3.0, p3.1 - p0.1 + h * p3.1),
    );
    // The sheet's very edge is left out: paper curls, and its side throws a shadow.
    let margin = width.max(height) / 100 + 2;
    let mut luminance = Vec::with_capacity(width * height);
    let mut inside = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (
                (x as f32 + 0.5) / width as f32,
                (y as f32 + 0.5) / height as f32,
            );
            let depth = g * u + h * v + 1.0;
            let place = (
                (a.0 * u + b.0 * v + p0.0) / depth - 0.5,
                (a.1 * u + b.1 * v + p0.1) / depth - 0.5,
            );
            luminance.push(sample(picture, place));
            let on_picture = place.0 >= 1.0
                && place.1 >= 1.0
                && place.0 <= picture.width() as f32 - 2.0
                && place.1 <= picture.height() as f32 - 2.0;
            let within = |at: usize, edge: usize| at >= margin && at + margin < edge;
            inside.push(on_picture && within(x, width) && within(y, height));
        }
    }
    let picture = Ink::new(width, height, luminance).ok()?;
    Some(CutOut { picture, inside })
}

/// The picture between four pixels; beyond its border, the border.
fn sample(picture: &Ink, (x, y): Point) -> u8 {
    let x = x.clamp(0.0, (picture.width() - 1) as f32);
    let y = y.clamp(0.0, (picture.height() - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = (
        (left + 1).min(picture.width() - 1),
        (top + 1).min(picture.height() - 1),
    );
    let (x, y) = (x - left as f32, y - top as f32);
    let mixed = |row: usize| {
        let (a, b) = (
            f32::from(picture.row(row)[left]),
            f32::from(picture.row(row)[right]),
        );
        a + (b - a) * x
    };
    let (above, below) = (mixed(top), mixed(bottom));
    (above + (below - above) * y + 0.5) as u8
}

/// The picture scaled so that its longest edge is [`SMALL_EDGE`].
pub(super) fn small(picture: &Ink) -> Ink {
    let longest = picture.width().max(picture.height());
    let edge = |edge: usize| (edge * longest.min(SMALL_EDGE) / longest).max(1);
    let (width, height) = (edge(picture.width()), edge(picture.height()));
    let pixels = area::scale(picture, picture.bounds(), width, height);
    Ink::new(width, height, pixels).unwrap_or_else(|_| picture.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (640, 480);

    fn picture(luminance: impl Fn(f32, f32) -> u8) -> Ink {
        let pixel = |index: usize| luminance((index % SIZE.0) as f32, (index / SIZE.0) as f32);
        Ink::new(SIZE.0, SIZE.1, (0..SIZE.0 * SIZE.1).map(pixel).collect()).unwrap()
    }

    fn found(picture: &Ink) -> Option<CutOut> {
        cut_out(picture, &small(picture))
    }

    /// Whether a cross is drawn here, from (250, 170) to (390, 310).
    fn is_cross(x: f32, y: f32) -> bool {
        let inside = (250.0..390.0).contains(&x) && (170.0..310.0).contains(&y);
        inside && ((x - 320.0).abs() < 4.0 || (y - 240.0).abs() < 4.0)
    }

    #[test]
    fn a_sheet_in_perspective_becomes_a_rectangle() {
        let corners = [(120.0, 60.0), (540.0, 90.0), (600.0, 440.0), (40.0, 400.0)];
        let photo = picture(|x, y| match (contains(&corners, (x, y)), is_cross(x, y)) {
            (false, _) => 80,
            (true, true) => 60,
            (true, false) => 210,
        });
        let sheet = found(&photo).expect("a sheet");
        let light = |index: &usize| sheet.inside[*index] && sheet.picture.pixels()[*index] > 120;
        let all = sheet.inside.len();
        let count = (0..all).filter(light).count();
        assert!(count * 100 > all * 88, "{count} of {all}");
        // No table is left in what is taken for the sheet: only the cross is dark.
        let dark = sheet.picture.pixels().iter().zip(&sheet.inside);
        let dark = dark
            .filter(|&(&pixel, &inside)| inside && pixel < 100)
            .count();
        assert!(dark * 100 < all * 3, "{dark} of {all}");
    }

    #[test]
    fn a_sheet_of_which_one_edge_is_in_view_is_cut_there() {
        let photo = picture(|x, y| match (x < 500.0 + 0.1 * y, is_cross(x, y)) {
            (false, _) => 70,
            (true, true) => 60,
            (true, false) => 210,
        });
        let sheet = found(&photo).expect("a sheet");
        let (width, height) = (sheet.picture.width(), sheet.picture.height());
        assert!(width < 560 && height > 460, "{width} {height}");
        let table = sheet.picture.pixels().iter().zip(&sheet.inside);
        assert_eq!(
            table
                .filter(|&(&pixel, &inside)| inside && pixel == 70)
                .count(),
            0
        );
    }

    #[test]
    fn shadows_and_dark_corners_are_no_table() {
        let shadow = |x: f32, y: f32| if x + y > 600.0 { 0.5 } else { 1.0 };
        let drawn = |x: f32, y: f32| if is_cross(x, y) { 60.0 } else { 210.0 };
        assert!(found(&picture(|x, y| (drawn(x, y) * shadow(x, y)) as u8)).is_none());
        let corner = |x: f32, y: f32| 1.0 - ((x - 320.0).powi(2) + (y - 240.0).powi(2)) / 400_000.0;
        assert!(found(&picture(|x, y| (drawn(x, y) * corner(x, y)) as u8)).is_none());
        // Nothing is drawn on what is lighter.
        assert!(found(&picture(|x, _| if x < 400.0 { 210 } else { 90 })).is_none());
    }
}
