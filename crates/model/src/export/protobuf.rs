//! As much of protocol buffers' wire format as writing takes.
//!
//! Source: <https://protobuf.dev/programming-guides/encoding/>

/// The wire type of an integer.
const VARINT: u64 = 0;
/// The wire type of what has a length: bytes, texts, messages.
const LENGTH_DELIMITED: u64 = 2;

/// A message, field by field.
#[derive(Clone, Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    /// Appends an integer. Repeated, it is a list's next value.
    pub(super) fn integer(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3 | VARINT);
        self.varint(value);
        self
    }

    /// Appends bytes.
    pub(super) fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | LENGTH_DELIMITED);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    /// Appends a text.
    pub(super) fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// Appends messages, each as a list's next value.
    pub(super) fn messages(self, field: u64, messages: impl IntoIterator<Item = Self>) -> Self {
        let append = |all: Self, message: Self| all.bytes(field, &message.0);
        messages.into_iter().fold(self, append)
    }

    /// The whole message.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Seven bits a byte, the lowest first; all bytes but the last have their top bit set.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the source named above.
    #[test]
    fn messages_are_written_as_the_specification_s_examples() {
        let check = |message: Message, expected: &[u8]| assert_eq!(message.into_bytes(), expected);
        check(Message::default().integer(1, 150), &[0x08, 0x96, 0x01]);
        let testing = Message::default().text(2, "testing");
        check(testing, b"\x12\x07testing");
        let inner = Message::default().integer(1, 150);
        check(
            Message::default().messages(3, [inner]),
            &[0x1a, 0x03, 0x08, 0x96, 0x01],
        );
    }
}
