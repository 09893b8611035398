//! The rules and squares that a sheet is printed with, told from a drawing by three things: they are
//! thin, straight and parallel, they run across the whole sheet, and they keep a distance.

use super::backdrop::transposed;

/// A rule is at most this many pixels from its middle to paper.
const REACH: usize = 3;

/// The sheet is cut across the rules into so many blocks, which a rule has to show in.
const BLOCKS: usize = 16;

/// Slopes are tried in steps of one over this, up to 45 degrees, …
const COARSE: i32 = 128;

/// … and then in steps of one over this.
const FINE: i32 = 1024;

/// A sheet is ruled from so many rules on.
const FEWEST: usize = 4;

/// Takes the rules, lengthwise and across, out of a map of how much darker than the sheet each pixel
/// is. What does not exceed `noise` is the sheet.
pub(super) fn remove(strengths: &mut [u8], width: usize, noise: u8) {
    let height = strengths.len() / width;
    let across = Family::of(strengths, width, noise);
    let mut turned = transposed(strengths, width);
    let down = Family::of(&turned, height, noise);
    // On a ruled sheet a single line at right angles to the rules is its margin.
    let ruled = across.distance().or(down.distance()).is_some();
    down.remove(&mut turned, height, noise, ruled);
    strengths.copy_from_slice(&transposed(&turned, height));
    across.remove(strengths, width, noise, ruled);
}

/// Whether the sheet is printed with rules, lengthwise or across.
pub(super) fn is_ruled(strengths: &[u8], width: usize, noise: u8) -> bool {
    let turned = || transposed(strengths, width);
    Family::of(strengths, width, noise).distance().is_some()
        || Family::of(&turned(), strengths.len() / width, noise)
            .distance()
            .is_some()
}

/// The lines of one direction, more along the rows than across them.
struct Family {
    slope: f32,
    lines: Vec<Line>,
}

/// A line across the sheet.
struct Line {
    /// Its row in the middle of each block's column; `None` where it is beyond the picture.
    rows: [Option<f32>; BLOCKS],
    /// In how many of the blocks that it runs through it is seen.
    seen: usize,
    /// How many blocks it runs through.
    blocks: usize,
    /// The middle line's row.
    offset: f32,
    strength: u8,
}

impl Family {
    fn of(strengths: &[u8], width: usize, noise: u8) -> Self {
        let ridges = ridges(strengths, width, noise);
        let height = strengths.len() / width;
        let slope = slope(&ridges, width, height);
        let lines = lines(&ridges, slope, strengths, width);
        Self { slope, lines }
    }

    /// The lines that are seen most of their way and long enough to tell: not those across a corner.
    fn plain(&self) -> impl Iterator<Item = &Line> {
        let is_plain = |line: &&Line| line.blocks >= BLOCKS / 4 && line.is_plain();
        self.lines.iter().filter(is_plain)
    }

    /// The distance that the lines keep, as rules do and the lines of a drawing do not.
    fn distance(&self) -> Option<f32> {
        let offsets: Vec<f32> = self.plain().map(|line| line.offset).collect();
        let gaps: Vec<f32> = offsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if gaps.len() + 1 < FEWEST {
            return None;
        }
        let mut sorted = gaps.clone();
        sorted.sort_by(f32::total_cmp);
        let usual = sorted[sorted.len() / 2];
        let regular = |gap: &&f32| **gap > usual / 2.0 && is_multiple(**gap, usual);
        (gaps.iter().filter(regular).count() * 4 >= gaps.len() * 3).then_some(usual)
    }

    fn remove(&self, strengths: &mut [u8], width: usize, noise: u8, ruled: bool) {
        let distance = self.distance();
        let whole = |line: &&Line| match distance {
            Some(_) if line.is_plain() => true,
            // A line that is drawn along a rule hides a part of it.
            Some(distance) => self
                .plain()
                .min_by(|a, b| line.apart(a).total_cmp(&line.apart(b)))
                .is_some_and(|nearest| is_multiple(line.apart(nearest), distance)),
            None => ruled && line.blocks + 2 >= BLOCKS && line.seen + 2 >= line.blocks,
        };
        for line in self.lines.iter().filter(whole) {
            line.remove(strengths, width, noise, self.slope);
        }
    }
}

/// Whether a length is nearly a multiple of another, 0 included.
fn is_multiple(length: f32, of: f32) -> bool {
    (length - (length / of).round() * of).abs() < 0.08 * of + 2.0
}

impl Line {
    /// Whether it is seen most of its way.
    fn is_plain(&self) -> bool {
        self.seen * 10 >= self.blocks * 7
    }

    fn apart(&self, other: &Self) -> f32 {
        (self.offset - other.offset).abs()
    }

    /// Makes it paper, but for what crosses it.
    fn remove(&self, strengths: &mut [u8], width: usize, noise: u8, slope: f32) {
        let height = strengths.len() / width;
        let block_width = width as f32 / BLOCKS as f32;
        let most = (u32::from(self.strength) * 3 / 2).min(255) as u8;
        for x in 0..width {
            let block = ((x as f32 / block_width) as usize).min(BLOCKS - 1);
            let Some(row) = self.rows[block] else {
                continue;
            };
            let row = row + slope * (x as f32 + 0.5 - (block as f32 + 0.5) * block_width);
            let row = row.round();
            if row < 0.0 || row >= height as f32 {
                continue;
            }
            let row = row as usize;
            let at = |y: Option<usize>| {
                y.filter(|&y| y < height).map_or(0, |y| {
                    let row = &strengths[y * width..][..width];
                    let near = &row[x.saturating_sub(REACH)..(x + REACH + 1).min(width)];
                    near.iter().copied().max().unwrap_or(0)
                })
            };
            let beyond = at(row.checked_sub(REACH + 1)).min(at(Some(row + REACH + 1)));
            if beyond > noise {
                continue;
            }
            for y in row.saturating_sub(REACH)..(row + REACH + 1).min(height) {
                let strength = &mut strengths[y * width + x];
                if *strength <= most {
                    *strength = 0;
                }
            }
        }
    }
}

/// The pixels that are darker than what is a little above and below: (x, y).
fn ridges(strengths: &[u8], width: usize, noise: u8) -> Vec<(u16, u16)> {
    let height = strengths.len() / width;
    let mut ridges = Vec::new();
    let beyond = vec![0; width];
    for y in 0..height {
        let row = |y: usize| strengths.get(y * width..(y + 1) * width).unwrap_or(&beyond);
        let above = y.checked_sub(REACH).map_or(&beyond[..], row);
        let around = above.iter().zip(row(y + REACH));
        for (x, (&middle, (&above, &below))) in row(y).iter().zip(around).enumerate() {
            if middle.saturating_sub(above.max(below)) > noise / 2 {
                ridges.push((x as u16, y as u16));
            }
        }
    }
    ridges
}

/// The slope at which the ridges gather in the fewest lines.
fn slope(ridges: &[(u16, u16)], width: usize, height: usize) -> f32 {
    let some = ridges.len() / 12_000 + 1;
    let points: Vec<(f32, f32)> = ridges
        .iter()
        .step_by(some)
        .map(|&(x, y)| (f32::from(x) - width as f32 / 2.0, f32::from(y)))
        .collect();
    let mut bins = vec![0_u32; (width + height) / 2 + 2];
    let mut gathered = |slope: f32, bin: f32| {
        bins.fill(0);
        for &(x, y) in &points {
            let offset = y - slope * x + width as f32 / 2.0;
            bins[(offset / bin) as usize] += 1;
        }
        bins.iter()
            .map(|&count| u64::from(count).pow(2))
            .sum::<u64>()
    };
    let coarse = (-COARSE..=COARSE).max_by_key(|&step| gathered(step as f32 / COARSE as f32, 4.0));
    let middle = coarse.unwrap_or(0) * FINE / COARSE;
    let spread = FINE / COARSE;
    let fine = (middle - spread..=middle + spread)
        .max_by_key(|&step| gathered(step as f32 / FINE as f32, 2.0));
    fine.unwrap_or(middle) as f32 / FINE as f32
}

/// The lines at this slope that are seen from border to border, from top to bottom.
fn lines(ridges: &[(u16, u16)], slope: f32, strengths: &[u8], width: usize) -> Vec<Line> {
    let height = strengths.len() / width;
    let half = width as f32 / 2.0;
    let margin = (slope.abs() * half) as usize + 2;
    let offsets = height + 2 * margin;
    // How many ridges each block has at each offset, and how strong they are.
    let mut counts = vec![[0_u16; BLOCKS]; offsets];
    let mut sums = vec![[0_u32; BLOCKS]; offsets];
    for &(x, y) in ridges {
        let offset = f32::from(y) - slope * (f32::from(x) + 0.5 - half) + margin as f32 + 0.5;
        let block = usize::from(x) * BLOCKS / width;
        let offset = (offset.max(0.0) as usize).min(offsets - 1);
        counts[offset][block] += 1;
        sums[offset][block] += u32::from(strengths[usize::from(y) * width + usize::from(x)]);
    }
    let near = |offset: usize| offset.saturating_sub(1)..(offset + 2).min(offsets);
    let count = |offset: usize, block: usize| -> u32 {
        near(offset).map(|at| u32::from(counts[at][block])).sum()
    };
    let enough = (width / BLOCKS / 2).max(1) as u32;
    let block_middle = |block: usize| (block as f32 + 0.5) * width as f32 / BLOCKS as f32;
    let line = |offset: usize| -> Option<(u32, Line)> {
        let mut line = Line {
            rows: [None; BLOCKS],
            seen: 0,
            blocks: 0,
            offset: offset as f32,
            strength: 0,
        };
        let mut total = 0;
        let (mut seen, mut strengths) = (Vec::new(), Vec::new());
        for block in 0..BLOCKS {
            let shift = slope * (block_middle(block) - half) - margin as f32;
            let inside = |row: f32| row >= 0.0 && row < height as f32;
            // Paper is not quite flat and lenses are not quite true: a line may stray a little.
            let stray = offset.saturating_sub(2)..(offset + 3).min(offsets);
            let best = stray
                .max_by_key(|&at| (count(at, block), usize::MAX - at.abs_diff(offset)))
                .unwrap_or(offset);
            let row = best as f32 + shift;
            if !inside(row) {
                continue;
            }
            line.blocks += 1;
            total += count(offset, block);
            let is_seen = count(best, block) >= enough;
            seen.push(is_seen);
            if is_seen {
                line.seen += 1;
                let mean = |at: usize| sums[at][block] / u32::from(counts[at][block]).max(1);
                strengths.extend(near(best).map(mean).max());
            }
            line.rows[block] = Some(if is_seen { row } else { offset as f32 + shift });
        }
        // Printed lines reach the border, drawn ones seldom do.
        let ends = seen
            .iter()
            .position(|&seen| seen)
            .zip(seen.iter().rposition(|&seen| seen));
        let reaches = ends.is_some_and(|(first, last)| first <= 1 && last + 2 >= seen.len());
        let across = reaches && line.seen * 3 >= line.blocks;
        strengths.sort_unstable();
        line.strength = strengths
            .get(strengths.len() / 2)
            .map_or(0, |&strength| strength as u8);
        across.then_some((total, line))
    };
    let mut found: Vec<(u32, Line)> = Vec::new();
    for (total, line) in (0..offsets).filter_map(line) {
        match found.last_mut() {
            Some((best, last)) if line.offset - last.offset <= (2 * REACH) as f32 => {
                if total > *best {
                    (*best, *last) = (total, line);
                }
            }
            _ => found.push((total, line)),
        }
    }
    found.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (500, 360);

    fn plane(strength: impl Fn(f32, f32) -> u8) -> Vec<u8> {
        let pixel = |index: usize| strength((index % SIZE.0) as f32, (index / SIZE.0) as f32);
        (0..SIZE.0 * SIZE.1).map(pixel).collect()
    }

    fn is_drawn(x: f32, y: f32) -> bool {
        // A box with a bar, of which some runs along the rules.
        let inside = |inset: f32| {
            (150.0 + inset..350.0 - inset).contains(&x)
                && (100.0 + inset..260.0 - inset).contains(&y)
        };
        (inside(0.0) && !inside(5.0)) || (inside(0.0) && (170.0..175.0).contains(&y))
    }

    #[test]
    fn rules_go_in_any_direction_and_what_crosses_them_stays() {
        for slope in [0.0, 0.03, -0.2, 0.5] {
            let is_rule = |x: f32, y: f32| (y - slope * x).rem_euclid(24.0) < 2.0;
            for turned in [false, true] {
                let mut found = plane(|x, y| {
                    let rule = if turned { is_rule(y, x) } else { is_rule(x, y) };
                    if is_drawn(x, y) {
                        200
                    } else if rule {
                        90
                    } else {
                        0
                    }
                });
                remove(&mut found, SIZE.0, 10);
                let drawn = plane(|x, y| u8::from(is_drawn(x, y)));
                let count = |kept: bool| {
                    let pairs = found.iter().zip(&drawn);
                    pairs
                        .filter(|&(&found, &drawn)| (found > 0, drawn > 0) == (kept, kept))
                        .count()
                };
                let all = drawn.iter().filter(|&&drawn| drawn > 0).count();
                assert!(
                    count(true) * 20 >= all * 19,
                    "{slope} {turned}: {} of {all}",
                    count(true)
                );
                let paper = drawn.len() - all;
                let left = paper - count(false);
                assert!(left * 100 < paper, "{slope} {turned}: {left} of {paper}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_rules_stays() {
        let photos: [fn(f32, f32) -> bool; 3] = [
            // A striped shirt,
            |x, y| (120.0..400.0).contains(&x) && y.rem_euclid(24.0) < 2.0,
            // lines across the whole sheet at no distance,
            |_, y| {
                [20.0, 31.0, 90.0, 200.0, 222.0]
                    .iter()
                    .any(|row| (row..&(row + 2.0)).contains(&&y))
            },
            // and too few of them.
            |_, y| y.rem_euclid(150.0) < 2.0,
        ];
        for (number, photo) in photos.into_iter().enumerate() {
            let before = plane(|x, y| if photo(x, y) { 90 } else { 0 });
            let mut after = before.clone();
            remove(&mut after, SIZE.0, 10);
            assert!(after == before, "{number}");
        }
    }

    #[test]
    fn any_size_is_looked_at() {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (7, 5), (16, 16)] {
            let before = vec![90; width * height];
            let mut after = before.clone();
            remove(&mut after, width, 10);
            assert_eq!(after, before);
        }
    }
}
