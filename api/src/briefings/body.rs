//! What is told of briefings, apart from what they tell themselves, which is `content`.

use entity::Timestamp;
use entity::briefing::{self, BriefingAcknowledgement, BriefingDelivery, Model};
use entity::shared::Person;
use entity::vocabulary::{BriefingAudience, BriefingSection, BriefingStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::delivery::outstanding;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes, within};

/// A sentence of a briefing.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 1000, example = "Contractors' accounts have a second factor since Monday")]
pub struct Message(#[expect(dead_code, reason = "stands for a schema")] String);

/// A briefing.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingBody {
    /// Its id.
    id: Uuid,
    /// The review whose findings it tells.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// For whom it is.
    audience: BriefingAudience,
    /// Where it stands.
    status: BriefingStatus,
    /// What it says above all.
    #[schema(example = "An account without a second factor cost us 34 hours of freight documents")]
    headline: String,
    /// What its readers should take away.
    key_messages: Vec<String>,
    /// What its readers are asked to decide.
    decisions_wanted: Vec<String>,
    /// What it tells of, in this order, as far as the review's marks let it.
    sections: Vec<BriefingSection>,
    /// To whom it was given, the first first.
    delivered_to: Vec<BriefingDelivery>,
    /// Who has taken note of it.
    acknowledged_by: Vec<BriefingAcknowledgement>,
    /// To whom it was given who has not taken note of it.
    unacknowledged: Vec<Person>,
    /// The newer one for the same audience that takes its place.
    superseded_by_id: Option<Uuid>,
    /// SHA-256 of the frozen content as JSON, in hexadecimal; null until it is issued.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    sha256: Option<String>,
    /// SHA-256 of the frozen content as Markdown, in hexadecimal; null until it is issued.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    )]
    markdown_sha256: Option<String>,
    /// When it was issued.
    issued_at: Option<Timestamp>,
    /// Who issued it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    issued_by: Option<String>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its own texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl From<Model> for BriefingBody {
    fn from(row: Model) -> Self {
        Self {
            unacknowledged: outstanding(&row.deliveries.0, &row.acknowledgements.0),
            wording_notes: notes(&row),
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            audience: row.audience,
            status: row.status,
            headline: row.headline,
            key_messages: row.key_messages.0,
            decisions_wanted: row.decisions_wanted.0,
            sections: row.sections.0,
            delivered_to: row.deliveries.0,
            acknowledged_by: row.acknowledgements.0,
            superseded_by_id: row.superseded_by_id,
            sha256: row.sha256,
            markdown_sha256: row.markdown_sha256,
            issued_at: row.issued_at,
            issued_by: row.issued_by,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        let mut all = vec![at("/headline", self.headline.as_str())];
        let lists = [
            ("key_messages", &self.key_messages.0),
            ("decisions_wanted", &self.decisions_wanted.0),
        ];
        for (name, texts) in lists {
            let texts = texts.iter().enumerate();
            all.extend(texts.map(|(at, text)| within(format!("/{name}/{at}"), text.as_str())));
        }
        all
    }
}

/// A page of briefings.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingList {
    /// The briefings, in order.
    items: Vec<BriefingBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which briefing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BriefingPath {
    /// Id of the briefing.
    pub briefing: Uuid,
}

crate::sorts! {
    /// Order of a list of briefings.
    BriefingSort of briefing::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    IssuedAt IssuedAtDescending "issued_at" "-issued_at" IssuedAt nullable;
}

/// Which briefings, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListBriefings {
    /// For any of these audiences.
    #[serde(default)]
    pub audience: Vec<BriefingAudience>,
    /// Standing at any of these.
    #[serde(default)]
    pub status: Vec<BriefingStatus>,
    /// Issued at or after.
    pub issued_at_from: Option<Timestamp>,
    /// Issued before.
    pub issued_at_to: Option<Timestamp>,
    /// Words that headline, key messages or decisions wanted hold, all of them.
    #[param(max_length = 200, example = "second factor")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: BriefingSort,
}
