//! How many lessons of reviews have reached a document, and how long the others have waited.

use entity::vocabulary::{LessonStatus, Vocabulary as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::definition::MetricDefinition;
use crate::metrics::distribution::SECONDS;
use crate::metrics::numbers::{MetricDistribution, MetricShare, Values};
use crate::metrics::process::aftermath::Lesson;
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;

/// How many lessons stand somewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonsByStatus {
    /// Where they stand.
    status: LessonStatus,
    /// How many lessons.
    #[schema(minimum = 0, example = 9)]
    n: u64,
}

/// The lessons that still have to reach a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonsWaiting {
    /// What is counted.
    definition: MetricDefinition,
    /// How many lessons.
    #[schema(minimum = 0, example = 9)]
    n: u64,
    /// How many reviews have one.
    #[schema(minimum = 0, example = 5)]
    n_reviews: u64,
    /// The reviews that have one; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?is=lesson_waiting"
    )]
    records_url: Option<String>,
}

/// How many lessons have reached a document, and how long the others have waited.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonsSection {
    /// By where they stand, each state present.
    by_status: Vec<LessonsByStatus>,
    /// How many were embedded of those that were not retired; the records are the reviews whose
    /// lessons these are.
    embedded_rate: MetricShare,
    /// Those that are neither embedded nor retired.
    waiting: LessonsWaiting,
    /// How old these are; the records are the reviews whose lessons these are.
    age_of_waiting: MetricDistribution,
}

impl LessonsSection {
    /// Counts lessons.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let all = || subject.items.iter().flat_map(|item| &item.lessons);
        let n = |status: LessonStatus| all().filter(|one| one.status == status).count() as u64;
        let by_status = LessonStatus::TERMS.iter().filter_map(|term| {
            let status: LessonStatus = term.value.parse().ok()?;
            Some(LessonsByStatus {
                status,
                n: n(status),
            })
        });
        let waiting = all().filter(|lesson| lesson.is_waiting());
        let ages: Vec<i64> = waiting
            .map(|lesson: &Lesson| lesson.age(subject.now))
            .collect();
        let embedded = n(LessonStatus::Embedded);
        let n_waiting = ages.len() as u64;
        let of_waiting = || subject.records.of_flag(ProcessFlag::LessonWaiting);
        let ages = Values {
            known: ages,
            ..Values::default()
        };
        Self {
            by_status: by_status.collect(),
            embedded_rate: MetricShare::new(
                Number::EmbeddedRate.definition(),
                (embedded, embedded + n_waiting),
                (subject.records.url(), subject.records.url()),
            ),
            waiting: LessonsWaiting {
                definition: Number::LessonsWaiting.definition(),
                n: n_waiting,
                n_reviews: subject.n(ProcessFlag::LessonWaiting),
                records_url: of_waiting(),
            },
            age_of_waiting: ages.distribution(
                Number::AgeOfWaiting.definition(),
                SECONDS,
                of_waiting(),
            ),
        }
    }
}
