//! How completeness is sent.

use entity::vocabulary::ReviewStatus;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::facts::Facts;
use super::rules::{
    self, Criterion, Found, Judged, MOST_RECORDS, Missing, Outcome, PARTS, Verdict,
};
use crate::resources::{Places, ResourceKind};

/// What came of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "unmet")]
pub enum CriterionOutcome {
    /// It is met.
    Met,
    /// It does not have to be met: the review itself says why.
    NotApplicable,
    /// Something is missing.
    Unmet,
}

impl From<Outcome> for CriterionOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Met => Self::Met,
            Outcome::NotApplicable => Self::NotApplicable,
            Outcome::Unmet => Self::Unmet,
        }
    }
}

/// A resource that counts for a criterion, or lacks something.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessRecord {
    /// Its kind.
    kind: ResourceKind,
    /// Its id.
    id: Uuid,
    /// Where it is read.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/findings/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a12"
    )]
    href: Option<String>,
}

/// The operation that adds what is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingPlace {
    /// Its `operationId` in the OpenAPI document, which says what it takes.
    #[schema(example = "record_finding")]
    operation_id: &'static str,
    /// Its method.
    #[schema(example = "POST")]
    method: &'static str,
    /// Its path, with the real ids.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/findings"
    )]
    path: String,
    /// Whether the review has to be reopened before it takes that.
    #[schema(example = false)]
    needs_reopening: bool,
}

/// Something that is missing, and where it would go.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingItem {
    /// What is missing, in a word.
    #[schema(example = "no_root_cause")]
    code: &'static str,
    /// The same in a sentence.
    #[schema(example = "no root cause is recorded")]
    detail: String,
    /// What lacks it; null when nothing is there yet.
    record: Option<CompletenessRecord>,
    /// Where it would go.
    #[serde(rename = "where")]
    place: MissingPlace,
}

/// One thing that a review has to answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionBody {
    /// Its name; the same criterion has the same name in every review.
    #[schema(example = "root_cause_recorded")]
    code: &'static str,
    /// What it asks for.
    #[schema(example = "A root cause is recorded")]
    text: &'static str,
    /// How much it counts among the criteria of its part.
    #[schema(minimum = 1, example = 3)]
    weight: u32,
    /// What came of it.
    outcome: CriterionOutcome,
    /// How much of it there is; may be more than is asked for.
    #[schema(minimum = 0, example = 0)]
    n: usize,
    /// How much is asked for.
    #[schema(minimum = 0, example = 1)]
    of: usize,
    /// Why it does not have to be met; null where it does.
    #[schema(example = "decision-making is said to have played no part")]
    not_applicable_because: Option<&'static str>,
    /// What counts for it, 50 at most.
    #[schema(max_items = 50)]
    records: Vec<CompletenessRecord>,
    /// The list in which that is, where one list holds it.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/findings?retracted=false&kind=root_cause"
    )]
    records_url: Option<String>,
    /// Everything that is missing; empty when it is met.
    missing: Vec<MissingItem>,
}

/// An objective, or a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessPart {
    /// Its name.
    #[schema(example = "root_causes")]
    code: &'static str,
    /// Its words.
    #[schema(example = "Identify the root causes and contributing factors")]
    text: &'static str,
    /// How much it counts in the whole.
    #[schema(minimum = 1, example = 9)]
    weight: u32,
    /// From 0 to 100: the weighted mean of what its criteria are worth, rounded down. A criterion that
    /// is met or not applicable is worth all of its weight, another its share `n ÷ of`.
    #[schema(minimum = 0, maximum = 100, example = 62)]
    score: u32,
    /// What it asks for.
    criteria: Vec<CriterionBody>,
}

/// How many criteria there are of each outcome.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CriterionCounts {
    /// Met.
    #[schema(minimum = 0, example = 31)]
    met: usize,
    /// Not applicable.
    #[schema(minimum = 0, example = 2)]
    not_applicable: usize,
    /// Not met.
    #[schema(minimum = 0, example = 19)]
    unmet: usize,
}

/// How complete a review is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessBody {
    /// The review.
    review_id: Uuid,
    /// Where it stands.
    status: ReviewStatus,
    /// From 0 to 100: the weighted mean of the scores of all objectives and questions, rounded down. The
    /// objectives together weigh as much as the questions.
    #[schema(minimum = 0, maximum = 100, example = 71)]
    score: u32,
    /// Whether nothing is missing.
    #[schema(example = false)]
    complete: bool,
    /// How many criteria there are of each outcome.
    criteria: CriterionCounts,
    /// The seven objectives of a post-incident review.
    objectives: Vec<CompletenessPart>,
    /// The nine questions of NIST SP 800-61r2 §3.4.1.
    questions: Vec<CompletenessPart>,
}

impl CompletenessBody {
    /// What the facts of a review come to.
    pub fn of(facts: &Facts) -> Self {
        let [objectives, questions] = PARTS.map(|parts| rules::judge(parts, facts));
        let mut criteria = CriterionCounts::default();
        for (_, verdict) in objectives
            .iter()
            .chain(&questions)
            .flat_map(|one| &one.verdicts)
        {
            match verdict.outcome() {
                Outcome::Met => criteria.met += 1,
                Outcome::NotApplicable => criteria.not_applicable += 1,
                Outcome::Unmet => criteria.unmet += 1,
            }
        }
        let shown = |parts: Vec<Judged>| parts.into_iter().map(|one| part(facts, one)).collect();
        Self {
            review_id: facts.review,
            status: facts.status,
            score: rules::total(objectives.iter().chain(&questions)),
            complete: criteria.unmet == 0,
            criteria,
            objectives: shown(objectives),
            questions: shown(questions),
        }
    }
}

fn part(facts: &Facts, judged: Judged) -> CompletenessPart {
    let verdicts = judged.verdicts.into_iter();
    CompletenessPart {
        code: judged.part.code,
        text: judged.part.text,
        weight: judged.part.weight,
        score: judged.score,
        criteria: verdicts
            .map(|(criterion, verdict)| criterion_body(facts, criterion, verdict))
            .collect(),
    }
}

fn criterion_body(facts: &Facts, criterion: &Criterion, verdict: Verdict) -> CriterionBody {
    let review = facts.review;
    let found = verdict.found.iter().take(MOST_RECORDS);
    CriterionBody {
        code: criterion.code,
        text: criterion.text,
        weight: criterion.weight,
        outcome: verdict.outcome().into(),
        n: verdict.n,
        of: verdict.of,
        not_applicable_because: verdict.not_applicable,
        records: found.map(|found| record(*found, review)).collect(),
        records_url: verdict
            .list
            .map(|list| format!("/api/v1/reviews/{review}{list}")),
        missing: verdict
            .missing
            .into_iter()
            .map(|missing| item(facts, missing))
            .collect(),
    }
}

fn record((kind, id): Found, review: Uuid) -> CompletenessRecord {
    CompletenessRecord {
        kind,
        id,
        href: kind.href(id, Places::of(review)),
    }
}

fn item(facts: &Facts, missing: Missing) -> MissingItem {
    let operation = missing.place.operation(facts.review, facts.status);
    MissingItem {
        code: missing.code,
        detail: missing.detail,
        record: missing.of.map(|found| record(found, facts.review)),
        place: MissingPlace {
            operation_id: operation.id,
            method: operation.method,
            path: operation.path,
            needs_reopening: missing.place.needs_reopening(facts.status),
        },
    }
}
