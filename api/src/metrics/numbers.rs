//! The forms that numbers are sent in, each with its definition and the list behind it.

use serde::Serialize;
use utoipa::ToSchema;

use super::definition::MetricDefinition;
use super::distribution::{HistogramBucket, Sample, Statistics, ratio};

/// How many records have something in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricCount {
    /// What is counted.
    pub(super) definition: MetricDefinition,
    /// How many.
    #[schema(minimum = 0, example = 31)]
    pub(super) n: u64,
    /// The records behind it; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?severity=high"
    )]
    pub(super) records_url: Option<String>,
}

/// A share of records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricShare {
    /// What is divided by what.
    pub(super) definition: MetricDefinition,
    /// The share, 0 to 1; null when there is nothing to divide by.
    #[schema(minimum = 0, maximum = 1, example = 0.82)]
    pub(super) value: Option<f64>,
    /// How many the share is.
    #[schema(minimum = 0, example = 41)]
    pub(super) numerator: u64,
    /// How many it is a share of.
    #[schema(minimum = 0, example = 50)]
    pub(super) denominator: u64,
    /// The records that the share is; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?severity=high&is=reopened"
    )]
    pub(super) records_url: Option<String>,
    /// The records that it is a share of; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?severity=high&is=finished"
    )]
    pub(super) denominator_url: Option<String>,
}

/// How a quantity is distributed over records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricDistribution {
    /// What is measured.
    pub(super) definition: MetricDefinition,
    #[serde(flatten)]
    pub(super) statistics: Statistics,
    /// Values by bucket, in the definition's unit.
    pub(super) histogram: Vec<HistogramBucket>,
    /// The records that were measured; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?severity=high"
    )]
    pub(super) records_url: Option<String>,
}

/// Values in the making, and how many records have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The values.
    pub known: Vec<i64>,
    /// How many records lack an end.
    pub missing: u64,
    /// How many stop before they start.
    pub invalid: u64,
    /// How many have an end that is known to the day or worse.
    pub imprecise: u64,
}

impl MetricShare {
    /// A part of a whole, and the records that each of the two is.
    pub fn new(
        definition: MetricDefinition,
        (part, whole): (u64, u64),
        (records_url, denominator_url): (Option<String>, Option<String>),
    ) -> Self {
        Self {
            definition,
            value: ratio(part, whole),
            numerator: part,
            denominator: whole,
            records_url,
            denominator_url,
        }
    }
}

impl Values {
    /// Their statistics, in buckets that begin there.
    pub fn distribution(
        self,
        definition: MetricDefinition,
        begins: &[i64],
        records_url: Option<String>,
    ) -> MetricDistribution {
        let sample = Sample::new(self.known);
        MetricDistribution {
            definition,
            statistics: Statistics {
                n_missing: self.missing,
                n_invalid: self.invalid,
                n_imprecise: self.imprecise,
                ..sample.statistics()
            },
            histogram: sample.histogram(begins),
            records_url,
        }
    }
}
