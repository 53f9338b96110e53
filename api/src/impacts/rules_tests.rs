//! Tests of the rules of impacts.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn faults(impact: &Value) -> Vec<(String, String)> {
    let mut whole = json!({ "rating": "major" });
    for (name, value) in impact.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    let impact: PutImpact = serde_json::from_value(whole).expect("well-formed");
    let faults = check(&impact).into_iter();
    faults
        .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
        .collect()
}

fn expected(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

#[test]
fn what_it_finally_cost_may_be_told_after_publication() {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    for (status, estimates, last) in [
        (Draft, true, true),
        (InProgress, true, true),
        (InReview, true, true),
        (Published, false, true),
        (Closed, false, true),
        (Waived, false, false),
        (Cancelled, false, false),
    ] {
        for snapshot in [ImpactSnapshot::Initial, ImpactSnapshot::Interim] {
            assert_eq!(takes(status, snapshot), estimates, "{status} {snapshot}");
        }
        assert_eq!(takes(status, ImpactSnapshot::Final), last, "{status}");
    }
}

#[test]
fn quantities_say_what_they_count_and_each_once() {
    let found = faults(&json!({ "quantities": [
        { "kind": "records_affected", "value": 1, "data_type": "medical" },
        { "kind": "records_affected", "value": 2, "data_type": "personal" },
        { "kind": "records_affected", "value": 2, "data_type": "personal" },
        { "kind": "records_affected", "value": 3 },
        { "kind": "data_volume_bytes", "value": 4 },
        { "kind": "data_volume_bytes", "value": 5, "data_type": "other" },
        { "kind": "downtime_minutes", "value": 6, "data_type": "medical" },
        { "kind": "other", "value": 7 },
        { "kind": "other", "value": 8, "label": "ambulances" },
        { "kind": "other", "value": 9, "label": "wards" },
        { "kind": "other", "value": 9, "label": "wards" },
    ] }));
    let wanted = expected(&[
        ("/quantities/3/data_type", "required"),
        ("/quantities/5/label", "required"),
        ("/quantities/6/data_type", "not_for_this_kind"),
        ("/quantities/7/label", "required"),
        ("/quantities/2", "repeated_item"),
        ("/quantities/10", "repeated_item"),
    ]);
    assert_eq!(found, wanted);
}

fn cost(variety: &str, currency: &str, [min, likely, max]: [i64; 3]) -> Value {
    let amount = json!({ "currency": currency, "min": min, "likely": likely, "max": max });
    json!({ "loss_variety": variety, "amount": amount })
}

#[test]
fn costs_are_ranges_in_currencies_that_there_are() {
    let found = faults(&json!({ "costs": [
        cost("operating_costs", "EUR", [1, 2, 3]),
        cost("operating_costs", "USD", [2, 2, 2]),
        cost("operating_costs", "EUR", [1, 2, 3]),
        cost("brand_damage", "EUR", [3, 2, 1]),
        cost("brand_damage", "JPY", [0, 0, 0]),
        cost("business_disruption", "EUX", [1, 2, 3]),
        cost("other", "HRK", [1, 2, 3]),
    ] }));
    let wanted = expected(&[
        ("/costs/3/amount/min", "above_likely"),
        ("/costs/3/amount/max", "below_likely"),
        ("/costs/5/amount/currency", "unknown_currency"),
        ("/costs/6/label", "required"),
        ("/costs/2", "repeated_item"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn a_currency_has_a_code_and_minor_units() {
    for (code, known) in [
        ("EUR", true),
        ("KWD", true),
        ("JPY", true),
        ("XOF", true),
        ("ZWG", true),
        ("BGN", true),
        ("XAU", false),
        ("XDR", false),
        ("XTS", false),
        ("XXX", false),
        ("BTC", false),
        ("AAA", false),
        ("", false),
    ] {
        assert_eq!(has_minor_units(code), known, "{code}");
    }
}

#[test]
fn costs_that_add_up_to_more_than_can_be_told_are_refused_once() {
    let most = cost("operating_costs", "EUR", [0, 0, LARGEST]);
    let one = cost("brand_damage", "EUR", [0, 0, 1]);
    let more = cost("business_disruption", "EUR", [0, 0, 1]);
    let other = cost("brand_damage", "USD", [0, 0, LARGEST]);
    assert_eq!(faults(&json!({ "costs": [most, other] })), []);
    let found = faults(&json!({ "costs": [most, other, one, more] }));
    assert_eq!(found, expected(&[("/costs/2/amount/max", "out_of_range")]));
}

proptest! {
    #[test]
    fn totals_are_the_sums_of_each_currency(
        amounts in proptest::collection::vec(
            (prop_oneof!["EUR", "USD", "JPY"], 0..1_000_000_i64, 0..1_000_000_i64, 0..1_000_000_i64),
            0..50,
        )
    ) {
        let costs: Vec<ImpactCost> = amounts
            .iter()
            .map(|(currency, least, more, most)| ImpactCost {
                loss_variety: LossVariety::OperatingCosts,
                label: None,
                amount: MoneyRange {
                    currency: currency.clone(),
                    min: *least,
                    likely: least + more,
                    max: least + more + most,
                },
            })
            .collect();
        let totals = totals(&costs);
        prop_assert!(totals.is_sorted_by(|a, b| a.currency < b.currency));
        for total in &totals {
            let own = || costs.iter().map(|one| &one.amount).filter(|one| one.currency == total.currency);
            prop_assert_eq!(total.min, own().map(|one| one.min).sum::<i64>());
            prop_assert_eq!(total.likely, own().map(|one| one.likely).sum::<i64>());
            prop_assert_eq!(total.max, own().map(|one| one.max).sum::<i64>());
            prop_assert!(total.min <= total.likely && total.likely <= total.max);
        }
        for (currency, ..) in &amounts {
            prop_assert!(totals.iter().any(|total| &total.currency == currency));
        }
    }
}
