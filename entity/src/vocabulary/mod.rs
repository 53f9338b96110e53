//! The controlled vocabularies: every enum that is stored, sent and documented, each defined once.
//! Values follow published taxonomies where one exists; identity and rules live elsewhere.

use std::{fmt, str::FromStr, sync::LazyLock};

use sea_orm::Iterable;

mod action;
mod assessment;
mod briefing;
mod classification;
mod communication;
mod deadline;
mod define;
mod document;
mod event;
mod feedback;
mod finding;
mod impact;
mod incident;
mod lesson;
mod measure;
mod participant;
mod review;
#[cfg(test)]
mod tests;
mod workshop;

pub use action::*;
pub use assessment::*;
pub use briefing::*;
pub use classification::*;
pub use communication::*;
pub use deadline::*;
pub use document::*;
pub use event::*;
pub use feedback::*;
pub use finding::*;
pub use impact::*;
pub use incident::*;
pub use lesson::*;
pub use measure::*;
pub use participant::*;
pub use review::*;
pub use workshop::*;

/// One list per file; a file left out here has an unused `ENTRIES`, which the compiler reports.
const FILES: &[&[VocabularyEntry]] = &[
    action::ENTRIES,
    assessment::ENTRIES,
    briefing::ENTRIES,
    classification::ENTRIES,
    communication::ENTRIES,
    deadline::ENTRIES,
    document::ENTRIES,
    event::ENTRIES,
    feedback::ENTRIES,
    finding::ENTRIES,
    impact::ENTRIES,
    incident::ENTRIES,
    lesson::ENTRIES,
    measure::ENTRIES,
    participant::ENTRIES,
    review::ENTRIES,
    workshop::ENTRIES,
];

/// A closed list of terms that has a name and a source.
pub trait Vocabulary:
    Copy + fmt::Display + FromStr<Err = UnknownTerm> + Iterable + 'static
{
    /// The name in `snake_case`, as it is published.
    const NAME: &'static str;
    /// What the terms tell apart.
    const DESCRIPTION: &'static str;
    /// The taxonomy or standard that the terms follow; `Debrief` when they are its own.
    const SOURCE: &'static str;
    /// The terms in their published order.
    const TERMS: &'static [Term];

    /// The terms in their published order.
    fn terms() -> &'static [Term] {
        Self::TERMS
    }
}

/// One term of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// What is sent and stored.
    pub value: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub description: &'static str,
}

/// One vocabulary with its terms, without its Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VocabularyEntry {
    /// The name in `snake_case`.
    pub name: &'static str,
    /// What the terms tell apart.
    pub description: &'static str,
    /// The taxonomy or standard that the terms follow.
    pub source: &'static str,
    /// The terms in their published order.
    pub terms: &'static [Term],
}

impl VocabularyEntry {
    const fn of<V: Vocabulary>() -> Self {
        Self {
            name: V::NAME,
            description: V::DESCRIPTION,
            source: V::SOURCE,
            terms: V::TERMS,
        }
    }
}

/// Every vocabulary, alphabetical by name.
pub fn all() -> &'static [VocabularyEntry] {
    static ALL: LazyLock<Vec<VocabularyEntry>> = LazyLock::new(|| {
        let mut entries = FILES.concat();
        entries.sort_unstable_by_key(|entry| entry.name);
        entries
    });
    &ALL
}

/// A text that is no term of the vocabulary it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTerm {
    /// The name of the vocabulary.
    pub vocabulary: &'static str,
    /// The text.
    pub value: String,
}

impl fmt::Display for UnknownTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a term of the vocabulary {}",
            self.value, self.vocabulary
        )
    }
}

impl std::error::Error for UnknownTerm {}

fn schema_description<V: Vocabulary>() -> String {
    format!("{} Source: {}.", V::DESCRIPTION, V::SOURCE)
}

fn schema_example<V: Vocabulary>() -> &'static str {
    V::TERMS.first().map_or("", |term| term.value)
}
