//! What an impact may say and which reviews take it. No HTTP, no SQL, no clock.

use std::collections::BTreeMap;

use entity::impact::{ImpactCost, ImpactQuantity, MoneyRange};
use entity::vocabulary::{DataType, ImpactSnapshot, LossVariety, QuantityKind, ReviewStatus};
use iso_currency::Currency;

use super::body::PutImpact;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The largest number that every JSON parser keeps exactly.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Whether a review in this state takes a change of an estimate. What it finally cost is often
/// settled only after it was published: fines, claims, customers who leave.
pub fn takes(status: ReviewStatus, snapshot: ImpactSnapshot) -> bool {
    match status {
        ReviewStatus::Draft | ReviewStatus::InProgress | ReviewStatus::InReview => true,
        ReviewStatus::Published | ReviewStatus::Closed => snapshot == ImpactSnapshot::Final,
        ReviewStatus::Waived | ReviewStatus::Cancelled => false,
    }
}

/// The faults of an impact, beyond what its schema says.
pub fn check(impact: &PutImpact) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, quantity) in impact.quantities.iter().enumerate() {
        check_quantity(&format!("/quantities/{at}"), quantity, &mut faults);
    }
    let counted: Vec<_> = impact
        .quantities
        .iter()
        .map(|one| (one.kind, one.data_type, &one.label))
        .collect();
    faults.extend(repeated("/quantities", &counted));
    for (at, cost) in impact.costs.iter().enumerate() {
        check_cost(&format!("/costs/{at}"), cost, &mut faults);
    }
    let lost: Vec<_> = impact
        .costs
        .iter()
        .map(|one| (one.loss_variety, &one.label, &one.amount.currency))
        .collect();
    faults.extend(repeated("/costs", &lost));
    faults.extend(check_sums(&impact.costs));
    faults
}

fn check_quantity(place: &str, quantity: &ImpactQuantity, faults: &mut Vec<Fault>) {
    let at = format!("{place}/data_type");
    match (quantity.kind, quantity.data_type) {
        (QuantityKind::RecordsAffected, None) => {
            faults.push(Fault::at(at, "required", "is required for records"));
        }
        (QuantityKind::RecordsAffected | QuantityKind::DataVolumeBytes, _) | (_, None) => {}
        (_, Some(_)) => {
            let detail = "is only for records and volumes of data";
            faults.push(Fault::at(at, "not_for_this_kind", detail));
        }
    }
    let is_other =
        quantity.kind == QuantityKind::Other || quantity.data_type == Some(DataType::Other);
    if is_other && quantity.label.is_none() {
        let detail = "is required where kind or data_type is other";
        faults.push(Fault::at(format!("{place}/label"), "required", detail));
    }
}

fn check_cost(place: &str, cost: &ImpactCost, faults: &mut Vec<Fault>) {
    if cost.loss_variety == LossVariety::Other && cost.label.is_none() {
        let detail = "is required where loss_variety is other";
        faults.push(Fault::at(format!("{place}/label"), "required", detail));
    }
    let amount = &cost.amount;
    if !has_minor_units(&amount.currency) {
        let at = format!("{place}/amount/currency");
        let detail = "is no ISO 4217 code of a currency that has minor units";
        faults.push(Fault::at(at, "unknown_currency", detail));
    }
    if amount.min > amount.likely {
        let at = format!("{place}/amount/min");
        faults.push(Fault::at(at, "above_likely", "must not be above likely"));
    }
    if amount.max < amount.likely {
        let at = format!("{place}/amount/max");
        faults.push(Fault::at(at, "below_likely", "must not be below likely"));
    }
}

/// Whether amounts can be told in minor units of the currency: not gold, not special rights. One
/// that another took the place of is still what was paid in.
fn has_minor_units(code: &str) -> bool {
    Currency::from_code(code).is_some_and(|currency| currency.exponent().is_some())
}

/// The faults of costs that add up to more than can be told exactly.
fn check_sums(costs: &[ImpactCost]) -> Vec<Fault> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut faults = Vec::new();
    for (at, cost) in costs.iter().enumerate() {
        let sum = sums.entry(&cost.amount.currency).or_default();
        let before = *sum;
        *sum += cost.amount.max;
        if before <= LARGEST && *sum > LARGEST {
            let at = format!("/costs/{at}/amount/max");
            let detail = format!("makes the costs in this currency exceed {LARGEST}");
            faults.push(Fault::at(at, "out_of_range", detail));
        }
    }
    faults
}

/// The costs added up, one sum for each currency, by its code.
pub fn totals(costs: &[ImpactCost]) -> Vec<MoneyRange> {
    let mut totals: BTreeMap<&str, MoneyRange> = BTreeMap::new();
    for cost in costs {
        let amount = &cost.amount;
        let total = totals
            .entry(&amount.currency)
            .or_insert_with(|| MoneyRange {
                currency: amount.currency.clone(),
                min: 0,
                likely: 0,
                max: 0,
            });
        total.min += amount.min;
        total.likely += amount.likely;
        total.max += amount.max;
    }
    totals.into_values().collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
