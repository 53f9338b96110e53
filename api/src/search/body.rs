//! What search is asked and answers.

use entity::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::Piece;
use super::service::{Counts, Hit};
use crate::changes::body::InReview;
use crate::resources::{Places, ResourceKind};

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextPiece {
    /// The text, as it was written.
    #[schema(example = "backup")]
    text: String,
    /// Whether it was asked for.
    hit: bool,
}

impl From<Piece> for TextPiece {
    fn from(piece: Piece) -> Self {
        Self {
            text: piece.text,
            hit: piece.is_hit,
        }
    }
}

fn pieces(pieces: Vec<Piece>) -> Vec<TextPiece> {
    pieces.into_iter().map(TextPiece::from).collect()
}

/// Something that was found. To show it, the pieces are put together as they are and those that were
/// asked for set off: no markup is in them, and none needs to be trusted.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHitBody {
    /// What kind of resource.
    #[serde(rename = "type")]
    kind: ResourceKind,
    /// Its id.
    id: Uuid,
    /// Where it is read.
    #[schema(
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/findings/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a12"
    )]
    href: Option<String>,
    /// The review that it is in.
    review: Option<InReview>,
    /// What it is called, or says first.
    title: Vec<TextPiece>,
    /// The parts of the rest of its text in which what was asked for stands first, up to three.
    fragments: Vec<Vec<TextPiece>>,
    /// When it happened, or was recorded.
    at: Timestamp,
    /// How well it fits: for every word or phrase asked for, 3 × s(hits in the title) + s(hits in the
    /// rest) with s(n) = n ÷ (n + 1), and 2 × the share of the title that was asked for.
    #[schema(minimum = 0, example = 2.75)]
    score: f64,
}

impl From<Hit> for SearchHitBody {
    fn from(hit: Hit) -> Self {
        let found = hit.found;
        let places = Places {
            review: found.review_id,
            parent: found.parent_id,
            within: None,
        };
        let href = hit.kind.href(found.resource_id, places);
        Self {
            kind: hit.kind,
            id: found.resource_id,
            href,
            review: InReview::of(found.review_id, found.review_key),
            title: pieces(hit.title),
            fragments: hit.fragments.into_iter().map(pieces).collect(),
            at: found.at,
            score: hit.score,
        }
    }
}

/// How many of a kind were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind of resource.
    #[serde(rename = "type")]
    kind: ResourceKind,
    /// How many.
    #[schema(minimum = 1, example = 12)]
    count: u32,
}

/// How many of each kind were found, whatever `type` asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchCounts {
    /// The kinds of which there are any, those with the most first.
    types: Vec<KindCount>,
    /// Whether everything was counted: of very many only the newest 1,000 are.
    complete: bool,
}

impl From<Counts> for SearchCounts {
    fn from(counts: Counts) -> Self {
        let kinds = counts.kinds.into_iter();
        Self {
            types: kinds
                .map(|(kind, count)| KindCount { kind, count })
                .collect(),
            complete: counts.complete,
        }
    }
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHitList {
    /// What was found, in order.
    pub items: Vec<SearchHitBody>,
    /// Cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
    /// How many there are of each kind; on the first page only.
    pub counts: Option<SearchCounts>,
    /// Whether everything that is kept can be found: not while a service that was upgraded still goes
    /// through what was there before.
    #[schema(example = true)]
    pub complete: bool,
}

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchTexts {
    /// Words that the text holds, all of them; `"a phrase"`, `begin*` (three letters at least) and
    /// `-without` are understood, and nothing is a mistake. Case and accents do not count. Without it,
    /// everything is found.
    #[param(max_length = 200, example = "backup \"domain controller\" encr* -test")]
    pub q: Option<String>,
    /// Of any of these kinds.
    #[serde(default, rename = "type")]
    pub kind: Vec<ResourceKind>,
    /// In this review, by its id or key.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: Option<String>,
    /// Happened or recorded at or after.
    pub at_from: Option<Timestamp>,
    /// Happened or recorded before.
    pub at_to: Option<Timestamp>,
}
