//! What people said of reviews, by occasion and question. The records have every round by itself.
//!
//! Whole rounds are added up, and only what their summaries show: what is left of one number when
//! another is taken away is a round, or several, and never a person.

use std::collections::BTreeMap;

use entity::vocabulary::{FeedbackOccasion, FeedbackQuestion, Vocabulary as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::feedback::rules::Numbers;
use crate::feedback::summary::{FeedbackCount, counted};
use crate::metrics::definition::MetricDefinition;
use crate::metrics::numbers::MetricCount;
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;

/// What was answered to a question on an occasion.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackByQuestion {
    /// When it was asked.
    occasion: FeedbackOccasion,
    /// What was asked.
    question: FeedbackQuestion,
    /// What it asks about: `workshop`, `response` or `follow_up`.
    #[schema(example = "workshop")]
    group: &'static str,
    /// How many rounds show answers to it.
    #[schema(minimum = 1, example = 4)]
    n_rounds: u64,
    /// How many people judged it in them.
    #[schema(minimum = 3, example = 31)]
    n: u64,
    /// How many said that it does not apply to them.
    #[schema(minimum = 0, example = 2)]
    n_not_applicable: u64,
    /// How often each answer was given, those that nobody gave among them.
    distribution: Vec<FeedbackCount>,
    /// The median of those who judged it, 1 (strongly disagree) to 5 (strongly agree).
    #[schema(minimum = 1, maximum = 5, example = 4.0)]
    median: Option<f64>,
    /// Their mean, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3.86)]
    mean: Option<f64>,
}

/// What was answered on an occasion.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackByOccasion {
    /// When it was asked.
    occasion: FeedbackOccasion,
    /// How many rounds there are whose summary shows something.
    #[schema(minimum = 0, example = 5)]
    n_rounds: u64,
    /// How many people answered them.
    #[schema(minimum = 0, example = 38)]
    n_answers: u64,
    /// How many reviews have one.
    #[schema(minimum = 0, example = 4)]
    n_reviews: u64,
    /// The reviews that have one, each with its rounds and what each came to; null for the group
    /// `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?feedback_occasion=after_workshop"
    )]
    records_url: Option<String>,
}

/// What people said of reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackSection {
    /// How many reviews have a round of feedback whose summary shows something.
    reviews: MetricCount,
    /// How many such rounds they have.
    #[schema(minimum = 0, example = 5)]
    n_rounds: u64,
    /// What is told of each question.
    agreement: MetricDefinition,
    /// By occasion, each one present.
    by_occasion: Vec<FeedbackByOccasion>,
    /// By occasion and question, those of which something is shown.
    by_question: Vec<FeedbackByQuestion>,
}

impl FeedbackSection {
    /// Adds up the rounds of reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let mut n_rounds = 0;
        let mut totals: BTreeMap<(FeedbackOccasion, FeedbackQuestion), (u64, Numbers)> =
            BTreeMap::new();
        for answered in subject.items.iter().flat_map(|item| &item.feedback) {
            n_rounds += 1;
            for (question, numbers) in &answered.questions {
                let total = totals.entry((answered.occasion, *question)).or_default();
                total.0 += 1;
                total.1.add(*numbers);
            }
        }
        let by_question = totals.into_iter();
        let by_question =
            by_question.map(
                |((occasion, question), (n_rounds, numbers))| FeedbackByQuestion {
                    occasion,
                    question,
                    group: question.group(),
                    n_rounds,
                    n: numbers.n(),
                    n_not_applicable: numbers.not_applicable(),
                    distribution: counted(&numbers),
                    median: numbers.median(),
                    mean: numbers.mean(),
                },
            );
        Self {
            reviews: subject.count(Number::WithFeedback, ProcessFlag::WithFeedback),
            n_rounds,
            by_occasion: by_occasion(subject),
            agreement: Number::FeedbackAgreement.definition(),
            by_question: by_question.collect(),
        }
    }
}

fn by_occasion(subject: &Subject<'_>) -> Vec<FeedbackByOccasion> {
    let each = FeedbackOccasion::TERMS.iter().filter_map(|term| {
        let occasion: FeedbackOccasion = term.value.parse().ok()?;
        let rounds = || {
            let all = subject.items.iter().flat_map(|item| &item.feedback);
            all.filter(|one| one.occasion == occasion)
        };
        let items = subject.items.iter();
        let having = items.filter(|item| item.has_feedback(&[occasion]));
        Some(FeedbackByOccasion {
            occasion,
            n_rounds: rounds().count() as u64,
            n_answers: rounds().map(|one| one.n).sum(),
            n_reviews: having.count() as u64,
            records_url: subject.records.with_feedback(occasion),
        })
    });
    each.collect()
}
