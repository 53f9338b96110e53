//! Bodies and parameters of assessments.

use entity::Timestamp;
use entity::assessment::{self, AssessmentPoint, Model};
use entity::vocabulary::{AssessmentDimension, AssessmentRating, ProcedureAnswer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes, within};

/// How well one dimension of the response went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutAssessment {
    /// How well it went.
    pub rating: AssessmentRating,
    /// Why the dimension does not apply; required where it does not, only there.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The attack was stopped before anything had to be restored"
    )]
    pub not_applicable_reason: Option<String>,
    /// Whether the documented procedures were followed.
    #[serde(default = "unknown")]
    #[schema(default = "unknown")]
    pub procedures_followed: ProcedureAnswer,
    /// Whether they were adequate.
    #[serde(default = "unknown")]
    #[schema(default = "unknown")]
    pub procedures_adequate: ProcedureAnswer,
    /// What went well; nothing where the dimension does not apply.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub strengths: Vec<AssessmentPoint>,
    /// What went badly; nothing where the dimension does not apply.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub weaknesses: Vec<AssessmentPoint>,
    /// The judgement in words.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "The privileged account was found soon; what came before it was not."
    )]
    pub summary: Option<String>,
}

fn unknown() -> ProcedureAnswer {
    ProcedureAnswer::Unknown
}

impl From<&Model> for PutAssessment {
    fn from(row: &Model) -> Self {
        Self {
            rating: row.rating,
            not_applicable_reason: row.not_applicable_reason.clone(),
            procedures_followed: row.procedures_followed,
            procedures_adequate: row.procedures_adequate,
            strengths: row.strengths.0.clone(),
            weaknesses: row.weaknesses.0.clone(),
            summary: row.summary.clone(),
        }
    }
}

/// The assessment of one dimension.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentBody {
    /// Its id.
    id: Uuid,
    /// The review that it is part of.
    review_id: Uuid,
    /// What is assessed.
    dimension: AssessmentDimension,
    /// How well it went.
    rating: AssessmentRating,
    /// The rating as a number, 1 (very ineffective) to 5 (very effective); null where the
    /// dimension does not apply.
    #[schema(minimum = 1, maximum = 5, example = 2)]
    score: Option<u8>,
    /// Why the dimension does not apply.
    #[schema(example = "The attack was stopped before anything had to be restored")]
    not_applicable_reason: Option<String>,
    /// Whether the documented procedures were followed.
    procedures_followed: ProcedureAnswer,
    /// Whether they were adequate.
    procedures_adequate: ProcedureAnswer,
    /// What went well.
    strengths: Vec<AssessmentPoint>,
    /// What went badly.
    weaknesses: Vec<AssessmentPoint>,
    /// The judgement in words.
    #[schema(example = "The privileged account was found soon; what came before it was not.")]
    summary: Option<String>,
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
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        let lists = [
            ("/strengths", &self.strengths.0),
            ("/weaknesses", &self.weaknesses.0),
        ];
        let points = lists.into_iter().flat_map(|(place, list)| {
            let list = list.iter().enumerate();
            list.map(move |(at, point)| within(format!("{place}/{at}/text"), point.text.as_str()))
        });
        let own = [
            at("/summary", self.summary.as_deref()),
            at(
                "/not_applicable_reason",
                self.not_applicable_reason.as_deref(),
            ),
        ];
        own.into_iter().chain(points).collect()
    }
}

impl From<Model> for AssessmentBody {
    fn from(row: Model) -> Self {
        Self {
            wording_notes: notes(&row),
            id: row.id,
            review_id: row.review_id,
            dimension: row.dimension,
            rating: row.rating,
            score: row.rating.score(),
            not_applicable_reason: row.not_applicable_reason,
            procedures_followed: row.procedures_followed,
            procedures_adequate: row.procedures_adequate,
            strengths: row.strengths.0,
            weaknesses: row.weaknesses.0,
            summary: row.summary,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of assessments.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentList {
    /// The assessments, in order.
    items: Vec<AssessmentBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which assessment of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AssessmentPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// What is assessed.
    pub dimension: AssessmentDimension,
}

crate::sorts! {
    /// Order of a list of assessments.
    AssessmentSort of assessment::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Dimension DimensionDescending "dimension" "-dimension" Dimension;
}

/// Which assessments, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListAssessments {
    /// With any of these ids.
    #[serde(default)]
    pub id: Vec<Uuid>,
    /// Of any of these dimensions.
    #[serde(default)]
    pub dimension: Vec<AssessmentDimension>,
    /// With any of these ratings.
    #[serde(default)]
    pub rating: Vec<AssessmentRating>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: AssessmentSort,
}
