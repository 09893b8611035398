//! A hand on a map in a window of 800 by 800 pixels.

use super::*;

fn hand(tool: Tool) -> Hand {
    Hand {
        lens: Lens::default().through([800.0, 800.0]),
        tool,
        ..Hand::default()
    }
}

#[test]
fn dragging_moves_the_map_and_pressing_opens_an_image() {
    let mut hand = hand(Tool::Move);
    let place = hand.lens.to_map([300.0, 300.0]);
    assert_eq!(hand.moved(1, [300.0, 300.0]), Some(Deed::Point(place)));
    hand.down(1, [300.0, 300.0], 0.0);
    assert_eq!(
        hand.up(1, [301.0, 300.0]),
        Some(Deed::Open(hand.lens.to_map([301.0, 300.0])))
    );
    hand.down(1, [300.0, 300.0], 0.0);
    assert_eq!(hand.moved(1, [340.0, 290.0]), None);
    assert_eq!(hand.up(1, [340.0, 290.0]), None);
    let [x, y] = hand.lens.to_window(place);
    assert!((x - 340.0).abs() < 1e-6 && (y - 290.0).abs() < 1e-6);
}

#[test]
fn a_line_around_selects_and_a_pinch_zooms_instead() {
    let mut hand = hand(Tool::Select);
    hand.down(1, [100.0, 100.0], 0.0);
    for point in [[300.0, 100.0], [300.0, 300.0], [100.0, 300.0]] {
        hand.moved(1, point);
    }
    let Some(Deed::Select(region)) = hand.up(1, [100.0, 300.0]) else {
        panic!("nothing was selected");
    };
    let place = |point| hand.lens.to_map(point).map(|coordinate| coordinate as u16);
    assert!(region.contains(place([200.0, 200.0])) && !region.contains(place([400.0, 200.0])));
    hand.down(1, [400.0, 400.0], 0.0);
    hand.down(2, [500.0, 400.0], 100.0);
    hand.moved(2, [600.0, 400.0]);
    assert!((hand.lens.zoom() - 2.0).abs() < 1e-9 && hand.line().is_empty());
    assert_eq!(hand.up(1, [400.0, 400.0]), None);
    assert_eq!(hand.up(2, [600.0, 400.0]), None);
}

#[test]
fn a_finger_that_comes_late_or_is_lost_ends_no_line_of_another() {
    let mut hand = hand(Tool::Select);
    hand.down(1, [100.0, 100.0], 0.0);
    hand.moved(1, [300.0, 100.0]);
    hand.down(2, [500.0, 500.0], 400.0);
    hand.moved(1, [300.0, 300.0]);
    assert_eq!(hand.up(2, [500.0, 500.0]), None);
    assert!(matches!(hand.up(1, [100.0, 300.0]), Some(Deed::Select(_))));
    for tool in [Tool::Move, Tool::Select] {
        hand.tool = tool;
        hand.down(1, [100.0, 100.0], 0.0);
        hand.moved(1, [300.0, 100.0]);
        hand.moved(1, [300.0, 300.0]);
        hand.lost(1);
        assert!(!hand.is_down() && hand.line().is_empty());
        assert_eq!(hand.up(1, [100.0, 300.0]), None);
    }
}

#[test]
fn a_line_is_bounded_however_long_a_hand_rests_or_wanders() {
    let mut hand = hand(Tool::Select);
    hand.down(1, [100.0, 100.0], 0.0);
    for step in 0..60_000 {
        let angle = f64::from(step / 10) / 6_000.0 * std::f64::consts::TAU;
        hand.moved(
            1,
            [400.0 + 2_500.0 * angle.cos(), 400.0 + 2_500.0 * angle.sin()],
        );
    }
    assert!((100..=LONGEST).contains(&hand.line().len()));
    let Some(Deed::Select(region)) = hand.up(1, [100.0, 100.0]) else {
        panic!("nothing was selected");
    };
    assert!(
        region.contains(
            hand.lens
                .to_map([650.0, 420.0])
                .map(|coordinate| coordinate as u16)
        )
    );
}

#[test]
fn keys_move_a_cursor_zoom_and_draw_a_rectangle() {
    let mut hand = hand(Tool::Move);
    assert_eq!(hand.key("Enter"), Some(None));
    assert_eq!(hand.key("q"), None);
    assert_eq!(hand.key("Escape"), None);
    let Some(Some(Deed::Point(first))) = hand.key("ArrowLeft") else {
        panic!("no place");
    };
    assert_eq!(hand.key(" "), Some(None));
    for key in ["ArrowRight", "ArrowRight", "PageDown"] {
        hand.key(key);
    }
    let last = hand.cursor().unwrap();
    assert!(last[0] > first[0] && last[1] > first[1]);
    let selected = Region::rectangle(first, last).map(Deed::Select);
    assert_eq!(hand.key("Enter"), Some(selected));
    assert_eq!(hand.corner(), None);
    hand.key("+");
    assert!((hand.lens.zoom() - ZOOM).abs() < 1e-9);
    hand.key("0");
    assert_eq!(hand.lens.zoom(), 1.0);
    hand.wheel(-WHEEL, [400.0, 400.0]);
    assert!((hand.lens.zoom() - std::f64::consts::E).abs() < 1e-9);
}

#[test]
fn the_cursor_stays_on_the_map_and_in_sight() {
    let mut hand = hand(Tool::Move);
    hand.zoom(10.0);
    for _ in 0..1_000 {
        hand.key("ArrowLeft");
    }
    let cursor = hand.cursor().unwrap();
    assert_eq!(cursor[0], 0.0);
    assert!(hand.lens.to_window(cursor)[0] >= 0.0);
}
