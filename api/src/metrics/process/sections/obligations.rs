//! Whether obligations to authorities were met, and with which margins.

use entity::vocabulary::{ObligationStatus, Vocabulary as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::distribution::SECONDS;
use crate::metrics::numbers::{MetricDistribution, MetricShare, Values};
use crate::metrics::process::aftermath::Obligation;
use crate::metrics::process::definitions::Number;

/// How many obligations stand somewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsByStatus {
    /// Where they stand.
    status: ObligationStatus,
    /// How many obligations.
    #[schema(minimum = 0, example = 7)]
    n: u64,
    /// How many reviews have one.
    #[schema(minimum = 0, example = 4)]
    n_reviews: u64,
    /// The reviews that have one; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?obligation_status=met"
    )]
    records_url: Option<String>,
}

/// Whether obligations were met, late or missed, and with which margins. The records behind shares
/// and margins are the reviews whose obligations these are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsSection {
    /// By where they stand, each state present.
    by_status: Vec<ObligationsByStatus>,
    /// How many were met in time of those that were met, or whose moment has passed.
    met_rate: MetricShare,
    /// How much was left when they were met in time.
    margin_when_met: MetricDistribution,
    /// By how much they were met late.
    delay_when_late: MetricDistribution,
    /// For how long they have been due that are not met: overdue, or missed for good.
    delay_of_unmet: MetricDistribution,
}

impl ObligationsSection {
    /// Counts obligations.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        use ObligationStatus::{Met, MetLate, Missed, Overdue};
        let by_status = ObligationStatus::TERMS.iter().filter_map(|term| {
            let status: ObligationStatus = term.value.parse().ok()?;
            Some(ObligationsByStatus {
                status,
                n: of(subject, &[status]).count() as u64,
                n_reviews: n_reviews(subject, status),
                records_url: subject.records.with_obligations(&[status]),
            })
        });
        let met = of(subject, &[Met]).count() as u64;
        let decided = [Met, MetLate, Overdue, Missed];
        let margin = |number: Number, which: &[ObligationStatus], sign: i64| {
            let margins = of(subject, which).filter_map(|one| Some(one.margin? * sign));
            let values = Values {
                known: margins.collect(),
                ..Values::default()
            };
            let url = subject.records.with_obligations(which);
            values.distribution(number.definition(), SECONDS, url)
        };
        Self {
            by_status: by_status.collect(),
            met_rate: MetricShare::new(
                Number::MetRate.definition(),
                (met, of(subject, &decided).count() as u64),
                (
                    subject.records.with_obligations(&[Met]),
                    subject.records.with_obligations(&decided),
                ),
            ),
            margin_when_met: margin(Number::MarginWhenMet, &[Met], 1),
            delay_when_late: margin(Number::DelayWhenLate, &[MetLate], -1),
            delay_of_unmet: margin(Number::DelayOfUnmet, &[Overdue, Missed], -1),
        }
    }
}

/// The obligations in any of these states.
fn of<'a>(
    subject: &'a Subject<'_>,
    which: &'a [ObligationStatus],
) -> impl Iterator<Item = &'a Obligation> {
    let all = subject.items.iter().flat_map(|item| &item.obligations);
    all.filter(|one| which.contains(&one.status))
}

fn n_reviews(subject: &Subject<'_>, status: ObligationStatus) -> u64 {
    let items = subject.items.iter();
    let own = items.filter(|item| item.has_obligation(&[status]));
    own.count() as u64
}
