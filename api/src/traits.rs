//! What resources may have in common, by which reviews are alike: `kind:value`.

use std::fmt::Display;

use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::words::words;

/// How many words of a text count.
const MOST_WORDS: usize = 16;
/// How many letters a word has that says something.
const SHORTEST: usize = 5;

/// What two resources may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SharedTraitKind, example = "cause_category")]
pub enum Trait {
    /// The category of a cause.
    CauseCategory,
    /// Its second level.
    CauseDetail,
    /// Where a factor lies.
    FactorArea,
    /// What a gap is in.
    GapCategory,
    /// A control.
    Control,
    /// An ATT&CK technique.
    Technique,
    /// Something that was affected.
    Asset,
    /// A service that was affected.
    Service,
    /// A tag.
    Tag,
    /// A word.
    Word,
}

impl Trait {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::CauseCategory,
        Self::CauseDetail,
        Self::FactorArea,
        Self::GapCategory,
        Self::Control,
        Self::Technique,
        Self::Asset,
        Self::Service,
        Self::Tag,
        Self::Word,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CauseCategory => "cause_category",
            Self::CauseDetail => "cause_detail",
            Self::FactorArea => "factor_area",
            Self::GapCategory => "gap_category",
            Self::Control => "control",
            Self::Technique => "technique",
            Self::Asset => "asset",
            Self::Service => "service",
            Self::Tag => "tag",
            Self::Word => "word",
        }
    }

    /// The trait with a value, alike however it is written.
    pub fn of(self, value: impl Display) -> String {
        let value = value.to_string().trim().to_lowercase();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}:{value}", self.as_str())
    }

    /// The same of several values.
    pub fn of_all<V: Display>(
        self,
        values: impl IntoIterator<Item = V>,
    ) -> impl Iterator<Item = String> {
        values.into_iter().map(move |value| self.of(value))
    }

    /// The kind and the value of a trait.
    pub fn read(text: &str) -> Option<(Self, &str)> {
        let (name, value) = text.split_once(':')?;
        let kind = Self::ALL.iter().find(|kind| kind.as_str() == name)?;
        Some((*kind, value))
    }
}

/// The first words of a text that say something, each once.
pub fn telling_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words(text) {
        let says = word
            .plain
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .count()
            >= SHORTEST;
        let word = Trait::Word.of(word.plain);
        if says && !found.contains(&word) {
            found.push(word);
        }
        if found.len() == MOST_WORDS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trait_is_alike_however_it_is_written() {
        assert_eq!(Trait::Asset.of(" FS-01 "), "asset:fs-01");
        assert_eq!(
            Trait::CauseDetail.of("No  Owner:\nnone"),
            "cause_detail:no owner: none"
        );
        assert_eq!(
            Trait::read("cause_detail:no owner: none"),
            Some((Trait::CauseDetail, "no owner: none"))
        );
        assert_eq!(Trait::read("else:x"), None);
        for kind in Trait::ALL {
            assert_eq!(Trait::read(&kind.of("x")), Some((*kind, "x")));
        }
    }

    #[test]
    fn words_that_say_something_are_long_and_counted_once() {
        let found = telling_words("The alerts of ALERTS had 12345 owners");
        assert_eq!(found, ["word:alerts", "word:owners"]);
        let many: Vec<String> = (0..40).map(|n| format!("letters{n}")).collect();
        assert_eq!(telling_words(&many.join(" ")).len(), MOST_WORDS);
    }
}
