//! Notes as they are sent.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::rules;

/// A phrase that blames or judges with hindsight, and another way to say it. Advice, never a
/// refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordingNote {
    /// Where the text stands in the body, as a JSON Pointer (RFC 6901).
    #[schema(example = "/statement")]
    pub pointer: String,
    /// The phrase, as it is written there.
    #[schema(example = "should have")]
    pub phrase: String,
    /// Why it hinders.
    #[schema(example = "It judges with what is known now instead of telling what was known then.")]
    pub why: String,
    /// Another way to say it.
    #[schema(
        example = "Tell what was known then, what seemed right because of it, and what made it hard to do otherwise."
    )]
    pub suggestion: String,
}

/// A text with its place in a body.
pub type PlacedText<'a> = (Cow<'static, str>, Option<&'a str>);

/// A row whose texts are told about.
pub trait Worded {
    /// Its texts with the places that they have in its body, in their order.
    fn texts(&self) -> Vec<PlacedText<'_>>;
}

/// A text of a field that has a name of its own.
pub fn at<'a>(place: &'static str, text: impl Into<Option<&'a str>>) -> PlacedText<'a> {
    (Cow::Borrowed(place), text.into())
}

/// A text in a list.
pub fn within<'a>(place: String, text: impl Into<Option<&'a str>>) -> PlacedText<'a> {
    (Cow::Owned(place), text.into())
}

/// The notes on the texts of a row, in their order.
pub fn notes(row: &impl Worded) -> Vec<WordingNote> {
    notes_on(row.texts())
}

/// The notes on some texts, in their order.
pub fn notes_on<'a>(texts: impl IntoIterator<Item = PlacedText<'a>>) -> Vec<WordingNote> {
    let mut notes = Vec::new();
    for (pointer, text) in texts {
        let Some(text) = text else { continue };
        notes.extend(rules::phrases(text).map(|found| WordingNote {
            pointer: pointer.clone().into_owned(),
            phrase: found.phrase.to_owned(),
            why: found.kind.why().to_owned(),
            suggestion: found.kind.suggestion().to_owned(),
        }));
    }
    notes
}
