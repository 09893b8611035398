//! What part of the map is seen, and how large.

use model::map::LARGEST;

/// How far beyond the whole map's size one may zoom in.
const CLOSEST: f64 = 40.0;

/// Space around the whole map, as a share of the window.
const MARGIN: f64 = 0.04;

/// A look at the map through a window. Lengths in the window are in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// The window's width and height.
    window: [f64; 2],
    /// The map's place in the middle of the window.
    centre: [f64; 2],
    /// 1 for the whole map.
    zoom: f64,
}

impl Default for Lens {
    fn default() -> Self {
        Self {
            window: [0.0; 2],
            centre: [f64::from(LARGEST) / 2.0; 2],
            zoom: 1.0,
        }
    }
}

impl Lens {
    /// The whole map again.
    pub fn whole(self) -> Self {
        Self {
            window: self.window,
            ..Self::default()
        }
    }

    /// The same look through a window of another size.
    pub fn through(self, window: [f64; 2]) -> Self {
        Self { window, ..self }
    }

    /// The window's width and height.
    pub fn window(&self) -> [f64; 2] {
        self.window
    }

    /// How much larger than the whole map.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Pixels for one unit of the map; never 0, even in a window without size.
    pub fn scale(&self) -> f64 {
        let [width, height] = self.window;
        width.min(height).max(1.0) * (1.0 - 2.0 * MARGIN) / f64::from(LARGEST) * self.zoom
    }

    /// Where a place of the map is seen.
    pub fn to_window(&self, place: [f64; 2]) -> [f64; 2] {
        [0, 1]
            .map(|axis| (place[axis] - self.centre[axis]) * self.scale() + self.window[axis] / 2.0)
    }

    /// Which place of the map is seen at a point of the window.
    pub fn to_map(&self, point: [f64; 2]) -> [f64; 2] {
        let scale = self.scale();
        [0, 1].map(|axis| (point[axis] - self.window[axis] / 2.0) / scale + self.centre[axis])
    }

    /// Moves the map by so many pixels; its middle stays on the map.
    pub fn moved(self, by: [f64; 2]) -> Self {
        let scale = self.scale();
        let moved = [0, 1].map(|axis| self.centre[axis] - by[axis] / scale);
        Self {
            centre: moved.map(|coordinate| coordinate.clamp(0.0, f64::from(LARGEST))),
            ..self
        }
    }

    /// Zooms by a factor; what is seen at `point` of the window stays there.
    pub fn zoomed(self, by: f64, point: [f64; 2]) -> Self {
        let held = self.to_map(point);
        let zoom = (self.zoom * by).clamp(1.0, CLOSEST);
        let larger = Self { zoom, ..self };
        let now = larger.to_window(held);
        larger.moved([0, 1].map(|axis| point[axis] - now[axis]))
    }

    /// Moves as little as possible so that a place is seen, not too near the border.
    pub fn showing(self, place: [f64; 2]) -> Self {
        let border = 24.0;
        let point = self.to_window(place);
        self.moved([0, 1].map(|axis| {
            let largest = (self.window[axis] - border).max(border);
            point[axis].clamp(border, largest) - point[axis]
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lens() -> Lens {
        Lens::default().through([800.0, 600.0])
    }

    fn close(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-6 && (a[1] - b[1]).abs() < 1e-6
    }

    #[test]
    fn the_whole_map_is_seen_at_first() {
        let corners = [[0.0, 0.0], [4095.0, 4095.0]].map(|corner| lens().to_window(corner));
        assert!(close(corners[0], [124.0, 24.0]) && close(corners[1], [676.0, 576.0]));
        let point = [70.0, 500.0];
        assert!(close(lens().to_window(lens().to_map(point)), point));
    }

    #[test]
    fn zooming_holds_the_point_under_the_finger_and_keeps_within_limits() {
        let point = [300.0, 200.0];
        let nearer = lens().zoomed(4.0, point);
        assert!(close(nearer.to_map(point), lens().to_map(point)));
        assert_eq!(nearer.zoomed(1e9, point).zoom(), CLOSEST);
        assert_eq!(nearer.zoomed(1e-9, point).zoom(), 1.0);
        assert_eq!(nearer.whole(), lens());
    }

    #[test]
    fn the_map_can_be_moved_but_not_lost() {
        let moved = lens().moved([50.0, -20.0]);
        assert!(close(moved.to_window([2000.0, 2000.0]), {
            let [x, y] = lens().to_window([2000.0, 2000.0]);
            [x + 50.0, y - 20.0]
        }));
        let far = lens().moved([1e9, 1e9]);
        assert!(close(far.to_window([0.0, 0.0]), [400.0, 300.0]));
    }

    #[test]
    fn a_place_out_of_sight_is_brought_into_it() {
        let near = lens().zoomed(8.0, [400.0, 300.0]);
        let shown = near.showing([10.0, 4000.0]).to_window([10.0, 4000.0]);
        assert!(close(shown, [24.0, 576.0]));
        let centre = [2047.5, 2047.5];
        assert_eq!(near.showing(centre), near);
    }

    #[test]
    fn a_window_without_size_does_no_harm() {
        let lens = Lens::default();
        assert!(
            lens.zoomed(2.0, [0.0, 0.0])
                .moved([1.0, 1.0])
                .to_map([5.0, 5.0])
                .iter()
                .all(|x| x.is_finite())
        );
    }
}
