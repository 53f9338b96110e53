//! Whether a document can be imported at all, as far as it says so itself: every fault at once. Pure.

use std::collections::HashSet;

use entity::{Timestamp, review};
use serde_json::Value;
use uuid::Uuid;

use super::{boards, format, graph, issued, judge, rounds, ruled};
use crate::append_only::rules::in_the_future;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::schema::escape;
use crate::whole::rows::Rows;

/// How many faults are told of one document.
const MOST: usize = 1_000;

/// A document whose rows can be read and fit together.
#[derive(Debug)]
pub struct Checked(pub Value);

impl Checked {
    /// The review's id in the document.
    pub fn review(&self) -> Uuid {
        let id = self.0["review"]["id"].as_str().unwrap_or_default();
        id.parse().unwrap_or_default()
    }
}

/// Reads a document and judges it.
pub fn document(bytes: &[u8], now: Timestamp) -> Result<Checked> {
    let document = format::read(bytes)?;
    let mut faults = judge::faults(&document);
    let known: HashSet<String> = faults
        .iter()
        .filter_map(|one| one.pointer.clone())
        .collect();
    let (read, unreadable) = typed(document.clone());
    let read = read.filter(|_| unreadable.is_empty());
    let unreadable = unreadable.into_iter();
    // The first that reading stumbles over may have been told already, and more closely.
    faults.extend(unreadable.filter(|fault| {
        let at = fault.pointer.as_deref().unwrap_or_default();
        !known.contains(at)
    }));
    faults.extend(graph::faults(&document));
    faults.extend(key(&document));
    let exported_at = exported_at(&document);
    // What was so then must have been so already.
    faults.extend(exported_at.and_then(|at| in_the_future("/exported_at", at, now)));
    // Places of rows are right only when all of them are there.
    if let Some((review, rows)) = &read {
        faults.extend(ruled::faults(review, rows, exported_at));
        faults.extend(boards::faults(rows));
        faults.extend(rounds::faults(review, rows, exported_at));
        faults.extend(issued::faults(rows));
    }
    faults.truncate(MOST);
    if faults.is_empty() {
        Ok(Checked(document))
    } else {
        Err(Error::invalid(faults))
    }
}

/// When a document was written, if it says so.
fn exported_at(document: &Value) -> Option<Timestamp> {
    serde_json::from_value(document["exported_at"].clone()).ok()
}

/// The rows of a document as they are typed, and those that are none.
pub fn typed(mut document: Value) -> (Option<(review::Model, Rows)>, Vec<Fault>) {
    let mut faults = Vec::new();
    let review = serde_path_to_error::deserialize(document["review"].take());
    if let Err(error) = &review {
        faults.push(fault("/review", error));
    }
    let rows = Rows::from_document(&mut document, |list, at, error| {
        faults.push(fault(&format!("/{list}/{at}"), error));
    });
    (review.ok().map(|review| (review, rows)), faults)
}

/// What a row stumbles over, in our words.
fn fault(row: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    use serde_path_to_error::Segment;
    let mut pointer = row.to_owned();
    for segment in error.path() {
        let step = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => escape(key),
            Segment::Enum { variant } => escape(variant),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    let said = error.inner().to_string();
    let quoted = said.split('`').nth(1).unwrap_or_default();
    if said.starts_with("missing field") {
        let at = format!("{pointer}/{}", escape(quoted));
        return Fault::at(at, "required", "is required");
    }
    if said.starts_with("unknown field") {
        let at = if pointer.ends_with(&format!("/{}", escape(quoted))) {
            pointer
        } else {
            format!("{pointer}/{}", escape(quoted))
        };
        return Fault::at(at, "unknown_field", "is not a column of this row");
    }
    if said.starts_with("unknown variant") {
        return Fault::at(
            pointer,
            "unknown_value",
            "is not a word that this service knows",
        );
    }
    if said.starts_with("invalid type") {
        return Fault::at(pointer, "wrong_type", "is of another type");
    }
    Fault::at(pointer, "invalid", "is not a valid value")
}

/// What a review is called: it is kept where it is free, so it must be one.
fn key(document: &Value) -> Option<Fault> {
    let key = document["review"]["key"].as_str()?;
    if numbered(key).is_some() {
        return None;
    }
    let detail = "is no key of a review, as PIR-2026-0042";
    Some(Fault::at("/review/key", "invalid_format", detail))
}

/// The year and number of a review's key.
pub fn numbered(key: &str) -> Option<(i32, i32)> {
    let (year, number) = key.strip_prefix("PIR-")?.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_key =
        year.len() == 4 && (4..=7).contains(&number.len()) && digits(year) && digits(number);
    let canonical = number.len() == 4 || !number.starts_with('0');
    if !is_key || !canonical {
        return None;
    }
    Some((
        year.parse().ok()?,
        number.parse().ok().filter(|number| *number > 0)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_year_and_a_number() {
        assert_eq!(numbered("PIR-2026-0042"), Some((2026, 42)));
        assert_eq!(numbered("PIR-2026-12345"), Some((2026, 12_345)));
        for wrong in [
            "",
            "PIR-2026-42",
            "PIR-26-0042",
            "PIR-2026-0000",
            "PIR-2026-00042",
            "pir-2026-0042",
            "PIR-2026-99999999",
            "PIR-2026-00x2",
        ] {
            assert_eq!(numbered(wrong), None, "{wrong}");
        }
    }
}
