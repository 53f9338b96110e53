//! JSON of clients, taken at its word: where an object names a member twice, neither value is known to
//! be the one that was meant, so that the text is refused (RFC 8259, section 4; RFC 7493, section 2.3).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// Why a text holds no value.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is or does.
    pub why: &'static str,
    /// At which line and column, from 1.
    pub place: Option<(usize, usize)>,
}

/// The value that a text holds. A whole number below 2^52 is an integer in it, however it is
/// written.
pub fn value_of(text: &[u8]) -> Result<Value, Unreadable> {
    read::<true>(text)
}

/// The value that a text holds, with its numbers as they are written: 2.0 stays another than 2.
pub(super) fn value_as_told(text: &[u8]) -> Result<Value, Unreadable> {
    read::<false>(text)
}

fn read<const WHOLE: bool>(text: &[u8]) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(text).map_err(|_| Unreadable {
        why: "is not UTF-8",
        place: None,
    })?;
    match serde_json::from_str(text) {
        Ok(Told::<WHOLE>(value)) => Ok(value),
        Err(error) => Err(Unreadable {
            why: match error.classify() {
                // All that this reader refuses by itself.
                Category::Data => "names a member of an object twice",
                Category::Io | Category::Syntax | Category::Eof => "is not valid JSON",
            },
            place: Some((error.line(), error.column())),
        }),
    }
}

/// Up to here (2^52) numbers of floating point have fractions, so that a whole one was told as such.
const MOST_EXACT: f64 = 4_503_599_627_370_496.0;

/// A value as it was told.
struct Told<const WHOLE: bool>(Value);

impl<'de, const WHOLE: bool> Deserialize<'de> for Told<WHOLE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader::<WHOLE>).map(Self)
    }
}

struct Reader<const WHOLE: bool>;

impl<'de, const WHOLE: bool> Visitor<'de> for Reader<WHOLE> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A whole number is an integer for JSON Schema (2020-12, validation, section 6.1.1).
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        if WHOLE && value.fract() == 0.0 && value.abs() < MOST_EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small")]
            return Ok((value as i64).into());
        }
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Told::<WHOLE>(item)) = given.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = given.next_key::<String>()? {
            let Entry::Vacant(member) = members.entry(name) else {
                return Err(A::Error::custom("twice"));
            };
            let Told::<WHOLE>(value) = given.next_value()?;
            member.insert(value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_stands() {
        for text in [
            "null",
            "true",
            "-7",
            "18446744073709551615",
            "1.5",
            "1e300",
            "1.10",
            "\"a\\u00e9\\n\"",
            "[1, [], {}]",
            "{\"b\": 1, \"a\": {\"b\": [null]}, \"\": \"x\"}",
        ] {
            let expected: Value = serde_json::from_str(text).expect("JSON");
            let found = value_of(text.as_bytes()).expect("JSON");
            assert_eq!(found.to_string(), expected.to_string());
        }
        for (text, integer) in [("50.0", 50), ("-5e1", -50), ("0.1e1", 1), ("-0.0", 0)] {
            assert_eq!(value_of(text.as_bytes()), Ok(integer.into()), "{text}");
            let told = value_as_told(text.as_bytes()).expect("JSON");
            assert!(told.is_f64(), "{text}");
        }
        let rounded = value_of(b"4503599627370496.5").expect("JSON");
        assert!(rounded.is_f64());
        // A name that the library gives a meaning of its own is a name like others.
        let odd = r#"{"$serde_json::private::RawValue":"[1,2]"}"#;
        assert_eq!(value_of(odd.as_bytes()).expect("JSON").to_string(), odd);
    }

    #[test]
    fn what_holds_no_value_or_more_than_one_is_refused() {
        let (twice, invalid) = ("names a member of an object twice", "is not valid JSON");
        for (text, why, place) in [
            (&b"{\"a\": 1,\n \"a\": 1}"[..], twice, (2, 4)),
            (b"[{\"a\":{\"b\":1,\"b\":2}}]", twice, (1, 16)),
            // However it is written.
            (b"{\"a\":1,\"\\u0061\":2}", twice, (1, 15)),
            (b"{\"a\":1", invalid, (1, 6)),
            (b"{} {}", invalid, (1, 4)),
            (b"1e999", invalid, (1, 5)),
        ] {
            let place = Some(place);
            assert_eq!(value_of(text), Err(Unreadable { why, place }));
        }
        let bytes = value_of(b"\"\xff\"").expect_err("no text");
        assert_eq!((bytes.why, bytes.place), ("is not UTF-8", None));
    }
}
