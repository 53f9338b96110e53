//! Tests of the comparison of estimates.

use entity::impact::{ImpactCost, ImpactQuantity};
use entity::organization::OrganizationId;
use entity::{JsonColumn, Timestamp};
use proptest::prelude::*;

use super::*;

fn impact(snapshot: ImpactSnapshot) -> Model {
    let at = Timestamp::parse("2026-01-01T00:00:00Z").expect("an instant");
    Model {
        id: Uuid::nil(),
        organization_id: OrganizationId(Uuid::nil()),
        review_id: Uuid::nil(),
        snapshot,
        dimension: ImpactDimension::Financial,
        rating: ImpactRating::Unknown,
        quantities: JsonColumn(Vec::new()),
        costs: JsonColumn(Vec::new()),
        narrative: None,
        version: 1,
        created_at: at,
        created_by: String::new(),
        updated_at: at,
    }
}

fn quantity(kind: QuantityKind, value: i64) -> ImpactQuantity {
    ImpactQuantity {
        kind,
        value,
        data_type: None,
        label: None,
    }
}

fn cost(loss_variety: LossVariety, [min, likely, max]: [i64; 3]) -> ImpactCost {
    ImpactCost {
        loss_variety,
        label: None,
        amount: MoneyRange {
            currency: "EUR".to_owned(),
            min,
            likely,
            max,
        },
    }
}

fn compared(impacts: &[Model]) -> DimensionComparison {
    let mut dimensions = of(Uuid::nil(), impacts).dimensions;
    assert_eq!(dimensions.len(), 1);
    dimensions.remove(0)
}

#[test]
fn the_first_is_compared_with_the_last_whichever_there_are() {
    use ImpactSnapshot::{Final, Initial, Interim};
    for (there, first, last) in [
        (vec![Initial], Some(Initial), None),
        (vec![Interim], Some(Interim), None),
        (vec![Final], None, Some(Final)),
        (vec![Interim, Initial], Some(Initial), Some(Interim)),
        (vec![Final, Initial], Some(Initial), Some(Final)),
        (vec![Final, Interim], Some(Interim), Some(Final)),
        (vec![Interim, Final, Initial], Some(Initial), Some(Final)),
    ] {
        let impacts: Vec<Model> = there.iter().copied().map(impact).collect();
        let found = compared(&impacts);
        assert_eq!((found.first, found.last), (first, last), "{there:?}");
    }
    assert!(of(Uuid::nil(), &[]).dimensions.is_empty());
}

#[test]
fn dimensions_are_compared_each_with_itself() {
    let (mut safety, mut data) = (
        impact(ImpactSnapshot::Initial),
        impact(ImpactSnapshot::Final),
    );
    safety.dimension = ImpactDimension::Safety;
    data.dimension = ImpactDimension::DataIntegrity;
    let found = of(Uuid::nil(), &[safety, data]).dimensions;
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.dimension, one.first.is_some(), one.last.is_some()))
        .collect();
    let expected = [
        (ImpactDimension::DataIntegrity, false, true),
        (ImpactDimension::Safety, true, false),
    ];
    assert_eq!(found, expected);
}

#[test]
fn ratings_differ_by_steps_unless_one_is_unknown() {
    use ImpactRating::{Catastrophic, Major, Minor, None as NoImpact, Unknown};
    for (first, last, steps) in [
        (Minor, Major, Some(2)),
        (Catastrophic, NoImpact, Some(-4)),
        (Major, Major, Some(0)),
        (Unknown, Major, None),
        (Major, Unknown, None),
    ] {
        let found = rating(Some(first), Some(last));
        assert_eq!(found.steps, steps, "{first} {last}");
    }
    assert_eq!(rating(None, Some(Major)).steps, None);
}

#[test]
fn quantities_are_paired_by_what_they_count() {
    use QuantityKind::{DowntimeMinutes, MediaMentions, RecordsAffected, UsersAffected};
    let mut first = impact(ImpactSnapshot::Initial);
    first.quantities.0 = vec![
        quantity(QuantityKind::DowntimeMinutes, 120),
        quantity(QuantityKind::MediaMentions, 0),
        quantity(QuantityKind::UsersAffected, 7),
    ];
    let mut last = impact(ImpactSnapshot::Final);
    let records = ImpactQuantity {
        data_type: Some(DataType::Medical),
        ..quantity(QuantityKind::RecordsAffected, 5)
    };
    last.quantities.0 = vec![
        records,
        quantity(QuantityKind::MediaMentions, 3),
        quantity(QuantityKind::DowntimeMinutes, 180),
    ];
    let found = compared(&[first, last]).quantities;
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.kind, one.named_by, one.first, one.last, one.difference))
        .collect();
    let changed = |absolute, relative| Some(Difference { absolute, relative });
    let expected = [
        (
            DowntimeMinutes,
            NamedBy::Both,
            Some(120),
            Some(180),
            changed(60, Some(0.5)),
        ),
        (UsersAffected, NamedBy::FirstOnly, Some(7), None, None),
        (RecordsAffected, NamedBy::LastOnly, None, Some(5), None),
        (
            MediaMentions,
            NamedBy::Both,
            Some(0),
            Some(3),
            changed(3, None),
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_fell_outside_the_first_range_is_said_so() {
    for (likely, expected, outside) in [
        (9, FirstRange::Below, true),
        (10, FirstRange::Within, false),
        (20, FirstRange::Within, false),
        (30, FirstRange::Within, false),
        (31, FirstRange::Above, true),
    ] {
        let mut first = impact(ImpactSnapshot::Initial);
        first.costs.0 = vec![cost(LossVariety::OperatingCosts, [10, 20, 30])];
        let mut last = impact(ImpactSnapshot::Final);
        last.costs.0 = vec![cost(LossVariety::OperatingCosts, [0, likely, 99])];
        let found = compared(&[first, last]);
        assert_eq!(found.totals[0].first_range, Some(expected), "{likely}");
        assert_eq!(found.costs[0].amount, found.totals[0]);
        assert_eq!(found.outside_first_range, outside, "{likely}");
        let change = found.totals[0].difference.expect("both name it");
        assert_eq!(change.absolute, likely - 20);
    }
}

#[test]
fn a_loss_that_only_one_names_is_in_the_total_of_that_one() {
    let mut first = impact(ImpactSnapshot::Initial);
    first.costs.0 = vec![cost(LossVariety::ResponseAndRecovery, [1, 2, 3])];
    let mut last = impact(ImpactSnapshot::Final);
    last.costs.0 = vec![
        cost(LossVariety::ResponseAndRecovery, [2, 2, 2]),
        cost(LossVariety::LegalAndRegulatory, [10, 10, 10]),
    ];
    let found = compared(&[first, last]);
    let named: Vec<_> = found
        .costs
        .iter()
        .map(|one| (one.loss_variety, one.amount.named_by))
        .collect();
    let expected = [
        (LossVariety::LegalAndRegulatory, NamedBy::LastOnly),
        (LossVariety::ResponseAndRecovery, NamedBy::Both),
    ];
    assert_eq!(named, expected);
    assert_eq!(found.costs[1].amount.first_range, Some(FirstRange::Within));
    assert_eq!(found.totals[0].first_range, Some(FirstRange::Above));
    assert!(found.outside_first_range);
}

fn estimates() -> impl Strategy<Value = (Model, Model)> {
    let counts = || proptest::collection::btree_map(0..4_usize, 0..1_000_i64, 0..4);
    let amounts = || {
        let range = proptest::array::uniform3(0..1_000_i64);
        proptest::collection::btree_map(0..3_usize, range, 0..3)
    };
    let one = (counts(), amounts());
    (one, (counts(), amounts())).prop_map(|(first, last)| {
        let kinds = [
            QuantityKind::DowntimeMinutes,
            QuantityKind::UsersAffected,
            QuantityKind::MediaMentions,
            QuantityKind::PersonHours,
        ];
        let varieties = [
            LossVariety::AssetAndFraud,
            LossVariety::OperatingCosts,
            LossVariety::ResponseAndRecovery,
        ];
        let filled =
            |snapshot, (counts, amounts): (BTreeMap<usize, i64>, BTreeMap<usize, [i64; 3]>)| {
                let mut model = impact(snapshot);
                let counts = counts.into_iter();
                model.quantities.0 = counts
                    .map(|(at, value)| quantity(kinds[at], value))
                    .collect();
                let amounts = amounts.into_iter().map(|(at, mut range)| {
                    range.sort_unstable();
                    cost(varieties[at], range)
                });
                model.costs.0 = amounts.collect();
                model
            };
        (
            filled(ImpactSnapshot::Initial, first),
            filled(ImpactSnapshot::Final, last),
        )
    })
}

proptest! {
    #[test]
    fn a_comparison_loses_nothing_and_turns_round((first, last) in estimates()) {
        let found = compared(&[first.clone(), last.clone()]);
        let sums = |one: &Model| one.quantities.0.iter().map(|one| one.value).sum::<i64>();
        prop_assert_eq!(found.quantities.iter().filter_map(|one| one.first).sum::<i64>(), sums(&first));
        prop_assert_eq!(found.quantities.iter().filter_map(|one| one.last).sum::<i64>(), sums(&last));
        let likely = |one: &Model| one.costs.0.iter().map(|one| one.amount.likely).sum::<i64>();
        let told = |pick: fn(&MoneyDifference) -> Option<&MoneyRange>| {
            found.totals.iter().filter_map(pick).map(|one| one.likely).sum::<i64>()
        };
        prop_assert_eq!(told(|one| one.first.as_ref()), likely(&first));
        prop_assert_eq!(told(|one| one.last.as_ref()), likely(&last));

        let (turned, back) = (
            Model { snapshot: ImpactSnapshot::Final, ..first },
            Model { snapshot: ImpactSnapshot::Initial, ..last },
        );
        let turned = compared(&[turned, back]);
        for (one, other) in found.quantities.iter().zip(&turned.quantities) {
            prop_assert_eq!((one.first, one.last), (other.last, other.first));
            let absolute = |one: &QuantityDifference| one.difference.map(|change| change.absolute);
            prop_assert_eq!(absolute(one), absolute(other).map(|change| -change));
        }
    }

    #[test]
    fn what_did_not_change_differs_by_nothing((first, _) in estimates()) {
        let last = Model { snapshot: ImpactSnapshot::Final, ..first.clone() };
        let found = compared(&[first, last]);
        let monies = found.totals.iter().chain(found.costs.iter().map(|one| &one.amount));
        for money in monies {
            prop_assert_eq!(money.first_range, Some(FirstRange::Within));
            prop_assert_eq!(money.difference.map(|change| change.absolute), Some(0));
        }
        prop_assert!(found.quantities.iter().all(|one| one.difference.map(|change| change.absolute) == Some(0)));
        prop_assert!(!found.outside_first_range);
    }
}
