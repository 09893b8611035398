//! The page's rooms, and the address of what is shown in each: the part of the URL after `#`.
//!
//! An address is `#/ROOM` or `#/ROOM?QUERY`; what a query means is its room's own affair. To add a room:
//! a variant here, and its view in `view/app.rs`.

/// A room of the page. All of them share the workers and the drawing, and each keeps its state while
/// another is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// The canvas and the answer.
    Draw,
    /// The data set, and what the net makes of it.
    Data,
    /// The canvas, and teaching the net what is drawn on it.
    Teach,
}

impl Room {
    /// All rooms, in the order of the navigation.
    pub const ALL: [Self; 3] = [Self::Draw, Self::Data, Self::Teach];

    /// Whether the canvas is shown in this room.
    pub fn has_canvas(self) -> bool {
        matches!(self, Self::Draw | Self::Teach)
    }

    /// What the person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draw => "Draw",
            Self::Data => "Data",
            Self::Teach => "Teach",
        }
    }

    /// What the address and the page's `data-room` say.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draw => "draw",
            Self::Data => "data",
            Self::Teach => "teach",
        }
    }
}

/// Which room is shown, and what was last looked at in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rooms {
    here: Room,
    visited: [bool; Room::ALL.len()],
    queries: [String; Room::ALL.len()],
}

impl Rooms {
    /// The rooms as someone enters who follows this address; an unknown one leads to the canvas.
    pub fn entered_by(hash: &str) -> Self {
        let mut rooms = Self {
            here: Room::Draw,
            visited: Default::default(),
            queries: Default::default(),
        };
        rooms.follow(hash);
        rooms
    }

    /// Goes where an address leads; to the canvas where it is unknown.
    pub fn follow(&mut self, hash: &str) {
        let path = hash.trim_start_matches('#').trim_start_matches('/');
        let (key, query) = path.split_once('?').unwrap_or((path, ""));
        let known = Room::ALL.into_iter().find(|room| room.key() == key);
        self.here = known.unwrap_or(Room::Draw);
        self.visited[self.here as usize] = true;
        self.note(self.here, query);
    }

    /// Notes what is looked at in a room now, so that the way back leads there.
    pub fn note(&mut self, room: Room, query: &str) {
        query.clone_into(&mut self.queries[room as usize]);
    }

    /// The room that is shown.
    pub fn here(&self) -> Room {
        self.here
    }

    /// Whether a room has been shown; one that has not need not exist yet.
    pub fn has_been_in(&self, room: Room) -> bool {
        self.visited[room as usize]
    }

    /// What is looked at in a room, without `?`; empty at first.
    pub fn query(&self, room: Room) -> &str {
        &self.queries[room as usize]
    }

    /// The address that leads to a room as it was left.
    pub fn address(&self, room: Room) -> String {
        match self.query(room) {
            "" => format!("#/{}", room.key()),
            query => format!("#/{}?{query}", room.key()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_room_and_back() {
        let rooms = Rooms::entered_by("#/data?split=test&label=6");
        assert_eq!(rooms.here(), Room::Data);
        assert_eq!(rooms.query(Room::Data), "split=test&label=6");
        assert_eq!(rooms.address(Room::Data), "#/data?split=test&label=6");
        assert_eq!(rooms.address(Room::Draw), "#/draw");
    }

    #[test]
    fn no_address_and_unknown_ones_lead_to_the_canvas() {
        for hash in ["", "#", "#/", "#/attic?x=1", "#draw"] {
            assert_eq!(Rooms::entered_by(hash).here(), Room::Draw, "{hash}");
        }
    }

    #[test]
    fn a_room_is_found_again_as_it_was_left() {
        let mut rooms = Rooms::entered_by("#/data?label=6");
        rooms.follow("#/draw");
        assert!(rooms.has_been_in(Room::Data));
        assert_eq!(rooms.address(Room::Data), "#/data?label=6");
        rooms.note(Room::Data, "");
        assert_eq!(rooms.address(Room::Data), "#/data");
    }

    #[test]
    fn a_room_not_yet_entered_need_not_exist() {
        assert!(!Rooms::entered_by("").has_been_in(Room::Data));
    }
}
