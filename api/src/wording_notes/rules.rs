//! Which notes there are on the texts of a review, and what each is called. No HTTP, no SQL, no clock.

use entity::Timestamp;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

use crate::kernel::error::Fault;
use crate::resources::ResourceKind;
use crate::wording::body::Worded;
use crate::wording::rules::{Kind, phrases};

/// The resource that a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its kind.
    pub kind: ResourceKind,
    /// Its id.
    pub id: Uuid,
    /// What it belongs to, where its address names that.
    pub parent: Option<Uuid>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A note on a phrase in a text of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: Uuid,
    /// The resource that the text is in.
    pub source: Source,
    /// Where the text stands in it.
    pub pointer: String,
    /// The phrase.
    pub phrase: String,
    /// What is wrong with it.
    pub kind: Kind,
}

/// The notes on the texts of one resource of a review.
pub fn notes(review: Uuid, source: Source, row: &impl Worded) -> Vec<Note> {
    let mut notes = Vec::new();
    for (pointer, text) in row.texts() {
        let Some(text) = text else { continue };
        notes.extend(phrases(text).map(|found| Note {
            id: note_id(review, source, &pointer, (text, found.at)),
            source,
            pointer: pointer.clone().into_owned(),
            phrase: found.phrase.to_owned(),
            kind: found.kind,
        }));
    }
    notes
}

/// Puts notes in the one order that all of them have; the pages of their list follow it.
pub fn sort(notes: &mut [Note]) {
    notes.sort_by_key(|note| (note.source.created_at, note.id));
}

/// The id of the note on the phrase at a place of a text: a version 8 UUID made of a digest of all that
/// it is about, so that whatever becomes of the text, the note on it is another.
fn note_id(review: Uuid, source: Source, pointer: &str, (text, at): (&str, usize)) -> Uuid {
    let mut digest = Context::new(&SHA256);
    let at = (at as u64).to_be_bytes();
    let parts: [&[u8]; 6] = [
        review.as_bytes(),
        source.kind.as_str().as_bytes(),
        source.id.as_bytes(),
        pointer.as_bytes(),
        text.as_bytes(),
        &at,
    ];
    for part in parts {
        digest.update(&(part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finish().as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The condition of a publication that a note stands against.
pub fn unmet(note: &Note) -> Fault {
    let (kind, id) = (note.source.kind.as_str(), note.source.id);
    let detail = format!(
        "“{}” in {kind} {id} at {} is neither reworded nor acknowledged (note {})",
        note.phrase, note.pointer, note.id
    );
    Fault::of("blame_wording", detail)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::wording::body::{PlacedText, at};

    struct Texts(Vec<(&'static str, &'static str)>);

    impl Worded for Texts {
        fn texts(&self) -> Vec<PlacedText<'_>> {
            let texts = self.0.iter();
            texts.map(|(place, text)| at(place, *text)).collect()
        }
    }

    fn source(kind: ResourceKind, id: u128) -> Source {
        Source {
            kind,
            id: Uuid::from_u128(id),
            parent: None,
            created_at: Timestamp::parse("2026-01-01T00:00:00Z").expect("an instant"),
        }
    }

    fn ids(review: u128, source: Source, texts: &[(&'static str, &'static str)]) -> Vec<Uuid> {
        let notes = notes(Uuid::from_u128(review), source, &Texts(texts.to_vec()));
        notes.into_iter().map(|note| note.id).collect()
    }

    #[test]
    fn every_phrase_of_every_text_has_a_note_with_an_id_of_its_own() {
        let finding = source(ResourceKind::Finding, 1);
        let blaming = "They should have looked, and should have asked.";
        let texts = [("/statement", blaming), ("/description", blaming)];
        let mut all = ids(1, finding, &texts);
        assert_eq!(all.len(), 4);
        assert_eq!(ids(1, finding, &texts), all);
        // Another review, kind, resource, place or text makes another note.
        all.extend(ids(2, finding, &texts));
        all.extend(ids(1, source(ResourceKind::Lesson, 1), &texts));
        all.extend(ids(1, source(ResourceKind::Finding, 2), &texts));
        all.extend(ids(1, finding, &[("/other", blaming)]));
        let longer = "They should have looked, and should have asked. Twice.";
        all.extend(ids(1, finding, &[("/statement", longer)]));
        let distinct: HashSet<Uuid> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
        assert!(all.iter().all(|id| id.get_version_num() == 8));
    }

    #[test]
    fn a_note_outlives_changes_of_other_texts_only() {
        let finding = source(ResourceKind::Finding, 1);
        let first = ids(
            1,
            finding,
            &[("/statement", "if only"), ("/description", "fine")],
        );
        let other = ids(
            1,
            finding,
            &[("/statement", "if only"), ("/description", "new")],
        );
        assert_eq!(first, other);
        let reworded = ids(
            1,
            finding,
            &[("/statement", "If only"), ("/description", "new")],
        );
        assert_ne!(first, reworded);
        assert!(ids(1, finding, &[("/statement", "calm")]).is_empty());
    }
}
