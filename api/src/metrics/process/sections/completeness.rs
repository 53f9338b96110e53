//! How complete reviews are.

use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::completeness::rules::PARTS;
use crate::metrics::distribution::{Sample, Statistics};
use crate::metrics::numbers::{MetricDistribution, MetricShare, Values};
use crate::metrics::process::definitions::Number;
use crate::metrics::process::item::Item;
use crate::metrics::process::records_body::ProcessFlag;

/// Where the buckets of a score begin.
const SCORES: &[i64] = &[0, 20, 40, 60, 80, 90, 100];

/// How complete reviews are in one objective or question.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessByPart {
    /// The objective or question.
    #[schema(example = "root_causes")]
    code: &'static str,
    /// Its words.
    #[schema(example = "Identify the root causes and contributing factors")]
    text: &'static str,
    /// How many reviews lack nothing in it.
    #[schema(minimum = 0, example = 31)]
    n_complete: u64,
    /// Its scores, from 0 to 100.
    #[serde(flatten)]
    statistics: Statistics,
}

/// How complete reviews are.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessSection {
    /// Their scores.
    score_per_review: MetricDistribution,
    /// How many lack nothing.
    complete_rate: MetricShare,
    /// By objective, then by question, each one present.
    by_part: Vec<CompletenessByPart>,
}

impl CompletenessSection {
    /// Counts reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let scores = |of: &dyn Fn(&Item) -> u32| -> Vec<i64> {
            let all = subject.items.iter();
            all.map(|item| i64::from(of(item))).collect()
        };
        let whole = Values {
            known: scores(&|item| item.completeness),
            ..Values::default()
        };
        let parts = PARTS.iter().flat_map(|parts| parts.iter()).enumerate();
        let by_part = parts.map(|(at, part)| {
            let own = scores(&|item| {
                let score = item.completeness_of_parts.get(at);
                score.copied().unwrap_or_default()
            });
            CompletenessByPart {
                code: part.code,
                text: part.text,
                n_complete: own.iter().filter(|score| **score == 100).count() as u64,
                statistics: Sample::new(own).statistics(),
            }
        });
        Self {
            by_part: by_part.collect(),
            score_per_review: whole.distribution(
                Number::CompletenessScore.definition(),
                SCORES,
                subject.records.url(),
            ),
            complete_rate: subject.share(Number::CompleteRate, ProcessFlag::Complete, None),
        }
    }
}
