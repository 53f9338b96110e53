//! What acknowledgements of wording are called here. Their ids are those of the notes that they are on,
//! digests of the texts and of where these stand: where that is called otherwise, so is the note. Pure.

use std::collections::HashMap;

use entity::review;
use uuid::Uuid;

use crate::whole::rows::Rows;
use crate::whole::told;
use crate::wording_notes::texts::Texts;

/// A review's own row, and what it holds.
type Whole<'a> = (&'a review::Model, &'a Rows);

/// Gives acknowledgements the ids of the same notes here; `before` is the document as it came. One whose
/// text was changed since is on no note, and keeps the name that it was given.
pub fn rename(before: Whole<'_>, review: &review::Model, rows: &mut Rows) {
    if rows.wording_acknowledgements.is_empty() {
        return;
    }
    let notes = Texts::of(before.0, before.1).notes().into_iter();
    let here = Texts::of(review, rows).notes().into_iter();
    // The texts are the same, row by row.
    let names: HashMap<Uuid, Uuid> = notes
        .map(|note| note.id)
        .zip(here.map(|note| note.id))
        .collect();
    let original = before.1.wording_acknowledgements.iter();
    for (row, original) in rows.wording_acknowledgements.iter_mut().zip(original) {
        if let Some(id) = names.get(&original.id) {
            row.id = *id;
        }
    }
    told::sort(&mut rows.wording_acknowledgements);
}
