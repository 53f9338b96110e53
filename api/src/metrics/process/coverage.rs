//! Which closed incidents have a review, whether one was mandatory, and what became of it.

use entity::vocabulary::{IncidentCategory, Severity, Vocabulary as _};
use sea_orm::ConnectionTrait;

use super::body::ReviewFilter;
use super::coverage_body::{
    CoverageBySeverity, CoverageQuery, CoverageRecord, CoverageSection, IncidentsByCoverage,
    MandatoryCoverage, ReviewCoverage,
};
use super::definitions::Number;
use super::incidents::{Closed, Incidents};
use super::records_body::ReviewEnding;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest};
use crate::metrics::link::Link;
use crate::metrics::numbers::{MetricCount, MetricShare};
use crate::metrics::window;

impl Incidents {
    /// What the closed incidents of a filter add up to.
    pub(super) fn section(&self, filter: &ReviewFilter) -> CoverageSection {
        let query = CoverageQuery {
            from: filter.from,
            to: filter.to,
            severity: filter.severity.clone(),
            tag: filter.tag.clone(),
            tagged: filter.tagged,
            backfilled: filter.backfilled,
            ..CoverageQuery::default()
        };
        let fitting = self.closed.iter().filter(|one| one.fits(&query));
        let (tests, closed): (Vec<&Closed>, Vec<&Closed>) = fitting.partition(|one| one.is_test());
        let backfilled = closed.iter().filter(|one| one.row.backfilled);
        CoverageSection {
            closed_incidents: MetricCount {
                definition: Number::ClosedIncidents.definition(),
                n: closed.len() as u64,
                records_url: Some(url(&query)),
            },
            n_test_excluded: tests.len() as u64,
            n_backfilled: backfilled.count() as u64,
            mandatory: mandatory(&closed, &query),
            by_coverage: by_coverage(&closed, &query),
            by_severity: by_severity(&closed, &query),
            coverage_rate: rate(Number::CoverageRate, &closed, Some(&query)),
        }
    }

    /// One page of the closed incidents, the latest closed first.
    fn page(
        mut self,
        query: &CoverageQuery,
        request: &PageRequest<'_>,
    ) -> Result<Page<CoverageRecord>> {
        let position = request.position()?;
        self.closed.retain(|one| {
            one.fits(query)
                && !one.is_test()
                && position.is_none_or(|last| (one.instant, one.row.id) < last)
        });
        self.closed
            .sort_unstable_by_key(|one| std::cmp::Reverse((one.instant, one.row.id)));
        let more = self.closed.len() > request.limit();
        self.closed.truncate(request.limit());
        let next = match self.closed.last().filter(|_| more) {
            Some(last) => Some(request.cursor_after(last.instant, last.row.id)?),
            None => None,
        };
        Ok(Page {
            items: self.closed.into_iter().map(record).collect(),
            next,
        })
    }
}

/// One page of the closed incidents that were counted.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    query: &CoverageQuery,
    request: &PageRequest<'_>,
) -> Result<Page<CoverageRecord>> {
    window::check_order(("from", query.from), ("to", query.to))?;
    Incidents::read(connection, caller)
        .await?
        .page(query, request)
}

fn record(one: Closed) -> CoverageRecord {
    let coverage = one.coverage();
    let (review_id, review_key, ending) = match one.review {
        Some(review) => (Some(review.id), Some(review.key), review.ending),
        None => (None, None, None),
    };
    CoverageRecord {
        incident_id: one.row.id,
        title: one.row.title,
        severity: one.row.severity,
        category: one.row.category,
        status: one.row.status,
        backfilled: one.row.backfilled,
        instant: one.instant,
        mandatory: one.mandatory,
        coverage,
        review_id,
        review_key,
        ending: ending.as_ref().map(ReviewEnding::from),
    }
}

/// Those whose policy made a review mandatory.
fn mandatory(closed: &[&Closed], query: &CoverageQuery) -> MandatoryCoverage {
    let own: Vec<&Closed> = closed.iter().copied().filter(|one| one.mandatory).collect();
    let query = CoverageQuery {
        mandatory: Some(true),
        ..query.clone()
    };
    MandatoryCoverage {
        incidents: MetricCount {
            definition: Number::MandatoryIncidents.definition(),
            n: own.len() as u64,
            records_url: Some(url(&query)),
        },
        coverage_rate: rate(Number::MandatoryCoverageRate, &own, Some(&query)),
        by_coverage: by_coverage(&own, &query),
    }
}

fn by_coverage(closed: &[&Closed], query: &CoverageQuery) -> Vec<IncidentsByCoverage> {
    let each = ReviewCoverage::ALL.into_iter().map(|coverage| {
        let own = closed.iter().filter(|one| one.coverage() == coverage);
        IncidentsByCoverage {
            coverage,
            n: own.count() as u64,
            records_url: url(&CoverageQuery {
                coverage: vec![coverage],
                ..query.clone()
            }),
        }
    });
    each.collect()
}

fn by_severity(closed: &[&Closed], query: &CoverageQuery) -> Vec<CoverageBySeverity> {
    let each = Severity::TERMS.iter().filter_map(|term| {
        let severity: Severity = term.value.parse().ok()?;
        let own = closed.iter().filter(|one| one.row.severity == severity);
        let own: Vec<&Closed> = own.copied().collect();
        let asked = query.severity.is_empty() || query.severity.contains(&severity);
        let narrowed = asked.then(|| CoverageQuery {
            severity: vec![severity],
            ..query.clone()
        });
        Some(CoverageBySeverity {
            severity,
            coverage_rate: rate(Number::CoverageRate, &own, narrowed.as_ref()),
        })
    });
    each.collect()
}

fn url(query: &CoverageQuery) -> String {
    Link::to("/api/v1/metrics/process/incidents")
        .with_all(query)
        .into_string()
}

fn rate(number: Number, of: &[&Closed], query: Option<&CoverageQuery>) -> MetricShare {
    let covered = of.iter().filter(|one| one.coverage().is_covered()).count() as u64;
    let with_review = query.map(|query| {
        url(&CoverageQuery {
            covered: Some(true),
            ..query.clone()
        })
    });
    MetricShare::new(
        number.definition(),
        (covered, of.len() as u64),
        (with_review, query.map(url)),
    )
}

impl Closed {
    fn is_test(&self) -> bool {
        self.row.category == IncidentCategory::Test
    }

    fn fits(&self, query: &CoverageQuery) -> bool {
        let coverage = self.coverage();
        let is = |asked: Option<bool>, found: bool| asked.is_none_or(|asked| asked == found);
        query.from.is_none_or(|from| self.instant >= from)
            && query.to.is_none_or(|to| self.instant < to)
            && (query.severity.is_empty() || query.severity.contains(&self.row.severity))
            && (query.tag.is_empty() || self.tags.iter().any(|tag| query.tag.contains(tag)))
            && is(query.tagged, !self.tags.is_empty())
            && is(query.backfilled, self.row.backfilled)
            && (query.coverage.is_empty() || query.coverage.contains(&coverage))
            && is(query.covered, coverage.is_covered())
            && is(query.mandatory, self.mandatory)
    }
}
