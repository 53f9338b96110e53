//! How the first estimate of an impact compares with the last. Pure.

use std::collections::BTreeMap;

use entity::impact::{Model, MoneyRange};
use entity::vocabulary::{
    DataType, ImpactDimension, ImpactRating, ImpactSnapshot, LossVariety, QuantityKind,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::totals;

/// Which of both estimates names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "both")]
pub enum NamedBy {
    /// Both do.
    Both,
    /// Only the first does.
    FirstOnly,
    /// Only the last does.
    LastOnly,
}

/// Where the last likely amount lies, seen from the range of the first estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "above")]
pub enum FirstRange {
    /// Below it: the first estimate was too high.
    Below,
    /// Within it.
    Within,
    /// Above it: the first estimate was too low.
    Above,
}

/// How a number changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// The last less the first, in the unit of both.
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64, example = 60)]
    pub absolute: i64,
    /// The same as a share of the first: 0.5 is half as much again. Null where the first is 0.
    #[schema(minimum = -1, example = 0.5)]
    pub relative: Option<f64>,
}

/// How the rating changed.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct RatingDifference {
    /// In the first estimate.
    pub first: Option<ImpactRating>,
    /// In the last.
    pub last: Option<ImpactRating>,
    /// By how many steps it rose, or fell where negative; null where one of both is not known.
    #[schema(minimum = -4, maximum = 4, example = 1)]
    pub steps: Option<i8>,
}

/// How a quantity changed.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct QuantityDifference {
    /// What is counted.
    pub kind: QuantityKind,
    /// Of which type of data.
    pub data_type: Option<DataType>,
    /// What is counted more closely.
    #[schema(example = "wiki pages")]
    pub label: Option<String>,
    /// Which of both estimates names it.
    pub named_by: NamedBy,
    /// In the first estimate.
    #[schema(minimum = 0, example = 120)]
    pub first: Option<i64>,
    /// In the last.
    #[schema(minimum = 0, example = 180)]
    pub last: Option<i64>,
    /// How it changed; null unless both name it.
    pub difference: Option<Difference>,
}

/// How an amount of money changed.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct MoneyDifference {
    /// ISO 4217 code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// Which of both estimates names it.
    pub named_by: NamedBy,
    /// In the first estimate.
    pub first: Option<MoneyRange>,
    /// In the last.
    pub last: Option<MoneyRange>,
    /// How the likely amount changed, in minor units; null unless both name it.
    pub difference: Option<Difference>,
    /// Whether the last likely amount lies within the range of the first estimate; null unless
    /// both name it.
    pub first_range: Option<FirstRange>,
}

/// How a loss of one variety changed.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CostDifference {
    /// What kind of loss it is.
    pub loss_variety: LossVariety,
    /// What it is more closely.
    #[schema(example = "forensic supplier")]
    pub label: Option<String>,
    /// How the amount changed.
    pub amount: MoneyDifference,
}

/// How the estimates of one dimension compare.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DimensionComparison {
    /// The respect.
    pub dimension: ImpactDimension,
    /// Which estimate counts as the first: the earliest there is, unless it is the final one.
    pub first: Option<ImpactSnapshot>,
    /// Which counts as the last: the latest there is besides the first, or a final one alone.
    pub last: Option<ImpactSnapshot>,
    /// How the rating changed.
    pub rating: RatingDifference,
    /// How each quantity changed.
    pub quantities: Vec<QuantityDifference>,
    /// How each loss changed.
    pub costs: Vec<CostDifference>,
    /// How all losses together changed, one for each currency.
    pub totals: Vec<MoneyDifference>,
    /// Whether the last likely total of a currency lies outside the range of the first estimate.
    #[schema(example = true)]
    pub outside_first_range: bool,
}

/// How the first estimate of a review's impact compares with the last.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ImpactComparison {
    /// The review.
    pub review_id: Uuid,
    /// One for each dimension of which there is an estimate.
    pub dimensions: Vec<DimensionComparison>,
}

/// Compares the estimates of a review.
pub fn of(review_id: Uuid, impacts: &[Model]) -> ImpactComparison {
    let mut by_dimension: BTreeMap<ImpactDimension, BTreeMap<ImpactSnapshot, &Model>> =
        BTreeMap::new();
    for impact in impacts {
        let estimates = by_dimension.entry(impact.dimension).or_default();
        estimates.insert(impact.snapshot, impact);
    }
    let dimensions = by_dimension
        .into_iter()
        .map(|(dimension, estimates)| compare(dimension, &estimates));
    ImpactComparison {
        review_id,
        dimensions: dimensions.collect(),
    }
}

/// Snapshots are in the order of time.
fn compare(
    dimension: ImpactDimension,
    estimates: &BTreeMap<ImpactSnapshot, &Model>,
) -> DimensionComparison {
    let mut estimates = estimates.values().copied();
    let (first, last) = match (estimates.next(), estimates.next_back()) {
        (Some(only), None) if only.snapshot == ImpactSnapshot::Final => (None, Some(only)),
        ends => ends,
    };
    let totals = monies(
        first.map(|one| totals(&one.costs.0)),
        last.map(|one| totals(&one.costs.0)),
    );
    let outside = |money: &MoneyDifference| {
        matches!(
            money.first_range,
            Some(FirstRange::Below | FirstRange::Above)
        )
    };
    DimensionComparison {
        dimension,
        first: first.map(|one| one.snapshot),
        last: last.map(|one| one.snapshot),
        rating: rating(first.map(|one| one.rating), last.map(|one| one.rating)),
        quantities: quantities(first, last),
        costs: costs(first, last),
        outside_first_range: totals.iter().any(outside),
        totals,
    }
}

fn rating(first: Option<ImpactRating>, last: Option<ImpactRating>) -> RatingDifference {
    let rank = |rating: Option<ImpactRating>| rating?.rank().map(u8::cast_signed);
    RatingDifference {
        first,
        last,
        steps: rank(first)
            .zip(rank(last))
            .map(|(first, last)| last - first),
    }
}

/// What both name beside each other, by key.
fn paired<K: Ord, V>(
    first: impl IntoIterator<Item = (K, V)>,
    last: impl IntoIterator<Item = (K, V)>,
) -> BTreeMap<K, (Option<V>, Option<V>)> {
    let mut pairs: BTreeMap<K, (Option<V>, Option<V>)> = BTreeMap::new();
    for (key, value) in first {
        pairs.entry(key).or_default().0 = Some(value);
    }
    for (key, value) in last {
        pairs.entry(key).or_default().1 = Some(value);
    }
    pairs
}

fn named_by<V>(first: Option<&V>, last: Option<&V>) -> NamedBy {
    match (first, last) {
        (_, None) => NamedBy::FirstOnly,
        (None, Some(_)) => NamedBy::LastOnly,
        (Some(_), Some(_)) => NamedBy::Both,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers that are taken are small enough to be exact"
)]
fn difference(first: i64, last: i64) -> Difference {
    let absolute = last - first;
    Difference {
        absolute,
        relative: (first != 0).then(|| absolute as f64 / first as f64),
    }
}

fn quantities(first: Option<&Model>, last: Option<&Model>) -> Vec<QuantityDifference> {
    let counted = |impact: Option<&Model>| {
        let quantities = impact.map(|one| one.quantities.0.clone());
        quantities
            .unwrap_or_default()
            .into_iter()
            .map(|one| ((one.kind, one.data_type, one.label), one.value))
            .collect::<Vec<_>>()
    };
    paired(counted(first), counted(last))
        .into_iter()
        .map(
            |((kind, data_type, label), (first, last))| QuantityDifference {
                kind,
                data_type,
                label,
                named_by: named_by(first.as_ref(), last.as_ref()),
                first,
                last,
                difference: first.zip(last).map(|(first, last)| difference(first, last)),
            },
        )
        .collect()
}

fn costs(first: Option<&Model>, last: Option<&Model>) -> Vec<CostDifference> {
    let lost = |impact: Option<&Model>| {
        let costs = impact.map(|one| one.costs.0.clone());
        costs
            .unwrap_or_default()
            .into_iter()
            .map(|one| {
                let currency = one.amount.currency.clone();
                ((one.loss_variety, one.label, currency), one.amount)
            })
            .collect::<Vec<_>>()
    };
    paired(lost(first), lost(last))
        .into_iter()
        .map(
            |((loss_variety, label, currency), (first, last))| CostDifference {
                loss_variety,
                label,
                amount: money(currency, first, last),
            },
        )
        .collect()
}

fn monies(first: Option<Vec<MoneyRange>>, last: Option<Vec<MoneyRange>>) -> Vec<MoneyDifference> {
    let by_currency = |amounts: Option<Vec<MoneyRange>>| {
        let amounts = amounts.unwrap_or_default().into_iter();
        amounts.map(|amount| (amount.currency.clone(), amount))
    };
    paired(by_currency(first), by_currency(last))
        .into_iter()
        .map(|(currency, (first, last))| money(currency, first, last))
        .collect()
}

fn money(currency: String, first: Option<MoneyRange>, last: Option<MoneyRange>) -> MoneyDifference {
    let both = first.as_ref().zip(last.as_ref());
    MoneyDifference {
        currency,
        named_by: named_by(first.as_ref(), last.as_ref()),
        difference: both.map(|(first, last)| difference(first.likely, last.likely)),
        first_range: both.map(|(first, last)| {
            if last.likely < first.min {
                FirstRange::Below
            } else if last.likely > first.max {
                FirstRange::Above
            } else {
                FirstRange::Within
            }
        }),
        first,
        last,
    }
}

#[cfg(test)]
#[path = "comparison_tests.rs"]
mod tests;
