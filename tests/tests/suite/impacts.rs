//! Impacts: what an incident cost, one for each estimate and dimension, and how the estimates compare.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::impact;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    an_impact_is_estimated_read_replaced_and_removed,
    an_impact_that_is_put_again_changes_nothing,
    money_is_a_range_in_a_currency_that_there_is,
    quantities_are_typed_and_counted_once,
    an_impact_is_bounded_and_knows_its_fields,
    a_version_that_is_expected_has_to_be_there,
    impacts_are_listed_by_estimate_dimension_and_rating,
    the_first_estimate_is_compared_with_the_last,
    a_comparison_takes_what_there_is,
    after_publication_only_the_final_estimate_changes,
    an_impact_of_a_restricted_review_exists_for_its_members_only,
    a_policy_asks_for_impacts_before_a_review_is_handed_in,
);

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn rated(rating: &str) -> Value {
    json!({ "rating": rating })
}

fn cost(variety: &str, currency: &str, [min, likely, max]: [i64; 3]) -> Value {
    let amount = json!({ "currency": currency, "min": min, "likely": likely, "max": max });
    json!({ "loss_variety": variety, "amount": amount })
}

async fn refused(client: &Client, path: &str, body: &Value, expected: &[(&str, &str)]) {
    let reply = client.put(path, body).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(expected), "{body}");
}

async fn an_impact_is_estimated_read_replaced_and_removed(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/initial/financial");
    client.get(&path).await.problem(404, "not_found");
    let whole = json!({
        "rating": "major",
        "quantities": [
            { "kind": "downtime_minutes", "value": 120 },
            { "kind": "records_affected", "value": 36, "data_type": "internal", "label": "tickets" },
            { "kind": "records_affected", "value": 202, "data_type": "internal", "label": "wiki pages" },
            { "kind": "data_volume_bytes", "value": 700_000_000_000_i64, "data_type": "medical" },
            { "kind": "other", "value": 3, "label": "ambulances" },
        ],
        "costs": [
            cost("response_and_recovery", "EUR", [100, 200, 300]),
            cost("legal_and_regulatory", "EUR", [0, 50, 1_000]),
            cost("legal_and_regulatory", "JPY", [7, 7, 7]),
        ],
        "narrative": "More than was thought",
    });
    let made = client.put(&path, &whole).await.expect(201);
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    let totals = json!([
        { "currency": "EUR", "min": 100, "likely": 250, "max": 1_300 },
        { "currency": "JPY", "min": 7, "likely": 7, "max": 7 },
    ]);
    assert_eq!(made.json()["totals"], totals);
    assert_eq!(made.json()["snapshot"], "initial");
    assert_eq!(made.json()["dimension"], "financial");
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    // The same dimension of another estimate is another impact.
    let last = review.path("/impacts/final/financial");
    client.get(&last).await.problem(404, "not_found");

    let unseen = client.put(&path, &rated("minor")).await;
    unseen.problem(428, "precondition_required");
    let replaced = client.put(&path, &rated("minor")).if_match(&made.etag());
    let replaced = replaced.await.expect(200);
    assert_eq!(replaced.json()["version"], 2);
    assert_eq!(replaced.json()["costs"], json!([]));
    assert_eq!(replaced.json()["totals"], json!([]));
    let remove = client.delete(&path);
    remove.clone().await.problem(428, "precondition_required");
    let stale = remove.clone().if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    remove.if_match(&replaced.etag()).await.expect(204);
    client.get(&path).await.problem(404, "not_found");
    let log = "/api/v1/audit-records?resource_type=impact&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let told: Vec<_> = log
        .iter()
        .map(|one| (one["action"].as_str(), &one["before"], &one["after"]))
        .collect();
    let (put, removed) = (Some("impact.put"), Some("impact.remove"));
    assert_eq!(told[0], (put, &Value::Null, &made.json()));
    assert_eq!(told[1], (put, &made.json(), &replaced.json()));
    assert_eq!(told[2], (removed, &replaced.json(), &Value::Null));
}

async fn an_impact_that_is_put_again_changes_nothing(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/interim/reputation");
    let made = client.put(&path, &impact()).await.expect(201);
    let again = client.put(&path, &impact()).await.expect(200);
    assert_eq!((again.json(), again.etag()), (made.json(), made.etag()));
    let log = "/api/v1/audit-records?resource_type=impact";
    assert_eq!(app.auditor().all(log, 50).await.len(), 1);
}

async fn money_is_a_range_in_a_currency_that_there_is(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/initial/financial");
    let most = 9_007_199_254_740_991;
    let body = json!({ "rating": "major", "costs": [
        cost("operating_costs", "EUR", [3, 2, 1]),
        cost("brand_damage", "EUR", [2, 1, 5]),
        cost("asset_and_fraud", "EUX", [1, 2, 3]),
        cost("asset_and_fraud", "XAU", [1, 2, 3]),
        cost("other", "EUR", [1, 2, 3]),
        cost("brand_damage", "EUR", [1, 2, 3]),
        cost("business_disruption", "USD", [0, 0, most]),
        cost("operating_costs", "USD", [0, 0, 1]),
    ] });
    let expected = [
        ("/costs/0/amount/max", "below_likely"),
        ("/costs/0/amount/min", "above_likely"),
        ("/costs/1/amount/min", "above_likely"),
        ("/costs/2/amount/currency", "unknown_currency"),
        ("/costs/3/amount/currency", "unknown_currency"),
        ("/costs/4/label", "required"),
        ("/costs/5", "repeated_item"),
        ("/costs/7/amount/max", "out_of_range"),
    ];
    refused(&client, &path, &body, &expected).await;
    let wrong = json!({ "rating": "major", "costs": [
        cost("operating_costs", "eur", [-1, 0, most + 1]),
        { "loss_variety": "luck", "amount": { "currency": "EUR", "min": 1.5, "likely": 2 } },
        { "loss_variety": "operating_costs" },
    ] });
    let expected = [
        ("/costs/0/amount/currency", "invalid_format"),
        ("/costs/0/amount/max", "out_of_range"),
        ("/costs/0/amount/min", "out_of_range"),
        ("/costs/1/amount/max", "required"),
        ("/costs/1/amount/min", "wrong_type"),
        ("/costs/1/loss_variety", "unknown_value"),
        ("/costs/2/amount", "required"),
    ];
    refused(&client, &path, &wrong, &expected).await;
    client.get(&path).await.problem(404, "not_found");
    let mut other = cost("other", "KWD", [0, 0, most]);
    other["label"] = json!("ransom that was asked for");
    let edge = json!({ "rating": "unknown", "costs": [other] });
    let made = client.put(&path, &edge).await.expect(201);
    assert_eq!(made.json()["totals"][0]["max"], most);
}

async fn quantities_are_typed_and_counted_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/final/data_confidentiality");
    let body = json!({ "rating": "major", "quantities": [
        { "kind": "records_affected", "value": 1 },
        { "kind": "records_affected", "value": 1, "data_type": "medical" },
        { "kind": "records_affected", "value": 2, "data_type": "medical" },
        { "kind": "users_affected", "value": 1, "data_type": "medical" },
        { "kind": "other", "value": 1 },
        { "kind": "records_affected", "value": 1, "data_type": "other" },
    ] });
    let expected = [
        ("/quantities/0/data_type", "required"),
        ("/quantities/2", "repeated_item"),
        ("/quantities/3/data_type", "not_for_this_kind"),
        ("/quantities/4/label", "required"),
        ("/quantities/5/label", "required"),
    ];
    refused(&client, &path, &body, &expected).await;
    let wrong = json!({ "rating": "major", "quantities": [
        { "kind": "luck", "value": 1 },
        { "kind": "users_affected", "value": -1 },
        { "kind": "users_affected", "value": 1.5 },
        { "kind": "users_affected", "unit": "people" },
    ] });
    let expected = [
        ("/quantities/0/kind", "unknown_value"),
        ("/quantities/1/value", "out_of_range"),
        ("/quantities/2/value", "wrong_type"),
        ("/quantities/3/unit", "unknown_field"),
        ("/quantities/3/value", "required"),
    ];
    refused(&client, &path, &wrong, &expected).await;
}

async fn an_impact_is_bounded_and_knows_its_fields(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/initial/safety");
    let many: Vec<Value> = (0..101)
        .map(|n| json!({ "kind": "other", "value": n, "label": format!("{n}") }))
        .collect();
    let body = json!({
        "rating": "terrible", "quantities": many, "narrative": "", "totals": [],
        "costs": vec![cost("operating_costs", "EUR", [0, 0, 0]); 51],
    });
    let expected = [
        ("/costs", "too_many_items"),
        ("/narrative", "too_short"),
        ("/quantities", "too_many_items"),
        ("/rating", "unknown_value"),
        ("/totals", "unknown_field"),
    ];
    refused(&client, &path, &body, &expected).await;
    let fits = json!({ "rating": "none", "quantities": many[..100] });
    client.put(&path, &fits).await.expect(201);
    for (wrong, expected) in [
        (
            "/impacts/initial/luck",
            vec![("dimension", "unknown_value")],
        ),
        ("/impacts/last/safety", vec![("snapshot", "unknown_value")]),
        (
            "/impacts/safety/initial",
            vec![
                ("dimension", "unknown_value"),
                ("snapshot", "unknown_value"),
            ],
        ),
    ] {
        let reply = client.put(review.path(wrong), &rated("none")).await;
        let found = reply.problem(400, "invalid_parameter").faults();
        assert_eq!(found, faults(&expected), "{wrong}");
    }
}

async fn a_version_that_is_expected_has_to_be_there(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/initial/financial");
    let put = client.put(&path, &rated("major"));
    let none = put.clone().if_match("\"1\"").await;
    none.problem(404, "not_found");
    let made = put.await.expect(201);
    let change = client.put(&path, &rated("minor"));
    let changed = change.clone().if_match(&made.etag()).await.expect(200);
    let stale = change.if_match(&made.etag()).await;
    let stale = stale.problem(412, "stale_version");
    assert_eq!(stale.etag(), changed.etag());
}

async fn names(client: &Client, list: &str) -> Vec<String> {
    let found = client.all(list, 1).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found
        .iter()
        .map(|one| format!("{}/{}", text(&one["snapshot"]), text(&one["dimension"])))
        .collect()
}

async fn impacts_are_listed_by_estimate_dimension_and_rating(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let (first, safety, last) = ("initial/financial", "initial/safety", "final/financial");
    let mut ids = Vec::new();
    for (name, rating) in [(first, "minor"), (safety, "none"), (last, "major")] {
        let path = review.path(&format!("/impacts/{name}"));
        ids.push(client.put(path, &rated(rating)).await.expect(201).id());
        app.wait(chrono::Duration::minutes(1));
    }
    let path = review.path("/impacts/initial/financial");
    let other = client.put(path, &rated("moderate")).if_match("*");
    other.await.expect(200);
    for (query, expected) in [
        (String::new(), vec![first, safety, last]),
        ("sort=-created_at".into(), vec![last, safety, first]),
        ("sort=updated_at".into(), vec![safety, last, first]),
        ("sort=-updated_at".into(), vec![first, last, safety]),
        ("sort=dimension".into(), vec![first, last, safety]),
        ("sort=-dimension".into(), vec![safety, last, first]),
        ("snapshot=initial".into(), vec![first, safety]),
        ("snapshot=final&snapshot=interim".into(), vec![last]),
        ("dimension=financial".into(), vec![first, last]),
        ("dimension=customer".into(), vec![]),
        ("rating=none&rating=major".into(), vec![safety, last]),
        (format!("id={}", ids[1]), vec![safety]),
    ] {
        let list = review.path(&format!("/impacts?{query}"));
        assert_eq!(names(&app.reader(), &list).await, expected, "{query}");
    }
    for query in ["dimension=luck", "snapshot=last", "rating=5", "sort=rating"] {
        let wrong = client.get(review.path(&format!("/impacts?{query}")));
        wrong.await.problem(400, "invalid_parameter");
    }
}

#[expect(clippy::too_many_lines, reason = "one table of cases")]
async fn the_first_estimate_is_compared_with_the_last(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    for (name, body) in [
        (
            "initial/business_operations",
            json!({
                "rating": "minor",
                "quantities": [
                    { "kind": "downtime_minutes", "value": 120 },
                    { "kind": "media_mentions", "value": 0 },
                    { "kind": "users_affected", "value": 50 },
                ],
                "costs": [
                    cost("response_and_recovery", "EUR", [100, 200, 300]),
                    cost("operating_costs", "USD", [10, 10, 10]),
                ],
            }),
        ),
        // What was thought on the way does not count.
        ("interim/business_operations", rated("catastrophic")),
        (
            "final/business_operations",
            json!({
                "rating": "major",
                "quantities": [
                    { "kind": "downtime_minutes", "value": 90 },
                    { "kind": "media_mentions", "value": 4 },
                    { "kind": "customers_lost", "value": 2 },
                ],
                "costs": [
                    cost("response_and_recovery", "EUR", [250, 300, 300]),
                    cost("legal_and_regulatory", "EUR", [1, 1, 1]),
                ],
            }),
        ),
    ] {
        let path = review.path(&format!("/impacts/{name}"));
        client.put(path, &body).await.expect(201);
    }
    let comparison = app.reader().get(review.path("/impacts/comparison")).await;
    let comparison = comparison.expect(200).json();
    assert_eq!(comparison["review_id"], review.id);
    let dimension = &comparison["dimensions"][0];
    assert_eq!(dimension["dimension"], "business_operations");
    assert_eq!(
        (&dimension["first"], &dimension["last"]),
        (&json!("initial"), &json!("final"))
    );
    let rating = json!({ "first": "minor", "last": "major", "steps": 2 });
    assert_eq!(dimension["rating"], rating);
    let quantity = |kind: &str, named_by: &str, first: Value, last: Value, difference: Value| {
        json!({
            "kind": kind, "data_type": null, "label": null, "named_by": named_by,
            "first": first, "last": last, "difference": difference,
        })
    };
    let changed =
        |absolute: i64, relative: Value| json!({ "absolute": absolute, "relative": relative });
    let expected = json!([
        quantity(
            "downtime_minutes",
            "both",
            json!(120),
            json!(90),
            changed(-30, json!(-0.25))
        ),
        quantity(
            "users_affected",
            "first_only",
            json!(50),
            Value::Null,
            Value::Null
        ),
        quantity(
            "customers_lost",
            "last_only",
            Value::Null,
            json!(2),
            Value::Null
        ),
        quantity(
            "media_mentions",
            "both",
            json!(0),
            json!(4),
            changed(4, Value::Null)
        ),
    ]);
    assert_eq!(dimension["quantities"], expected);
    let costs = dimension["costs"].as_array().expect("costs");
    let told: Vec<_> = costs
        .iter()
        .map(|one| {
            let amount = &one["amount"];
            (
                one["loss_variety"].as_str(),
                amount["named_by"].as_str(),
                amount["first_range"].as_str(),
            )
        })
        .collect();
    let expected = [
        (Some("legal_and_regulatory"), Some("last_only"), None),
        (Some("operating_costs"), Some("first_only"), None),
        (Some("response_and_recovery"), Some("both"), Some("within")),
    ];
    assert_eq!(told, expected);
    // All losses in euros together came to more than was thought at most.
    let euros = json!({
        "currency": "EUR", "named_by": "both",
        "first": { "currency": "EUR", "min": 100, "likely": 200, "max": 300 },
        "last": { "currency": "EUR", "min": 251, "likely": 301, "max": 301 },
        "difference": { "absolute": 101, "relative": 0.505 },
        "first_range": "above",
    });
    assert_eq!(dimension["totals"][0], euros);
    assert_eq!(dimension["totals"][1]["named_by"], "first_only");
    assert_eq!(dimension["totals"][1]["difference"], Value::Null);
    assert_eq!(dimension["outside_first_range"], true);
}

async fn a_comparison_takes_what_there_is(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/impacts/comparison");
    let empty = client.get(&path).await.expect(200);
    assert_eq!(empty.json()["dimensions"], json!([]));
    for name in [
        "final/safety",
        "initial/customer",
        "interim/customer",
        "interim/workforce",
    ] {
        let path = review.path(&format!("/impacts/{name}"));
        client.put(path, &rated("minor")).await.expect(201);
    }
    let found = client.get(&path).await.expect(200).json();
    let found: Vec<_> = found["dimensions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            json!([
                one["dimension"],
                one["first"],
                one["last"],
                one["outside_first_range"]
            ])
        })
        .collect();
    let expected = [
        json!(["customer", "initial", "interim", false]),
        json!(["safety", null, "final", false]),
        json!(["workforce", "interim", null, false]),
    ];
    assert_eq!(found, expected);
}

async fn closed_to(client: &Client, review: &Review, snapshots: &[&str], code: &str) {
    for snapshot in snapshots {
        let path = review.path(&format!("/impacts/{snapshot}/financial"));
        for call in [
            client.put(&path, &rated("catastrophic")),
            client.put(
                review.path(&format!("/impacts/{snapshot}/safety")),
                &rated("none"),
            ),
            client.delete(&path).if_match("*"),
        ] {
            let found = call.await.problem(409, "state_conflict").faults();
            assert_eq!(found, faults(&[("", code)]), "{snapshot}");
        }
    }
}

async fn after_publication_only_the_final_estimate_changes(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let mut made = Vec::new();
    for snapshot in ["initial", "interim", "final"] {
        let path = review.path(&format!("/impacts/{snapshot}/financial"));
        made.push(client.put(path, &impact()).await.expect(201).json());
    }
    let review = review.published().await;
    let snapshot = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(snapshot.json()["impacts"], json!(made));
    closed_to(
        &client,
        &review,
        &["initial", "interim"],
        "review_is_published",
    )
    .await;
    let last = review.path("/impacts/final/financial");
    let other = client.put(&last, &rated("minor")).if_match("*");
    other.await.expect(200);
    review.step("close", &json!({})).await.expect(200);
    closed_to(
        &client,
        &review,
        &["initial", "interim"],
        "review_is_closed",
    )
    .await;
    let late = client.put(&last, &rated("major")).if_match("*");
    let late = late.await.expect(200);
    // What was published stays what it was.
    let kept = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(kept.json(), snapshot.json());
    client
        .delete(&last)
        .if_match(&late.etag())
        .await
        .expect(204);

    let ended = a_review(&app).await;
    let path = ended.path("/impacts/final/financial");
    client.put(&path, &impact()).await.expect(201);
    let cancel = json!({ "reason": "opened twice" });
    ended.step("cancel", &cancel).await.expect(200);
    closed_to(&client, &ended, &["final"], "review_is_cancelled").await;
}

async fn an_impact_of_a_restricted_review_exists_for_its_members_only(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let path = quiet.path("/impacts/initial/financial");
    app.admin().put(&path, &impact()).await.expect(201);
    for who in [app.contributor(), app.stranger()] {
        for call in [
            who.get(&path),
            who.get(quiet.path("/impacts")),
            who.get(quiet.path("/impacts/comparison")),
            who.put(&path, &impact()),
            who.delete(&path).if_match("\"1\""),
        ] {
            call.await.problem(404, "not_found");
        }
    }
}

async fn a_policy_asks_for_impacts_before_a_review_is_handed_in(app: App) {
    let policy = json!({
        "name": "Ours", "requirement": "mandatory", "required_functions": [],
        "required_impact_dimensions": ["financial"], "workshop_required": false,
    });
    let made = app.admin().post("/api/v1/policies", &policy).await;
    made.expect(201);
    let review = a_review(&app).await.with_findings().await.started().await;
    let other = review.path("/impacts/initial/safety");
    app.admin().put(other, &rated("none")).await.expect(201);
    let refused = review.step("submit", &json!({})).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "impact_missing")]));
    let path = review.path("/impacts/initial/financial");
    app.admin().put(path, &impact()).await.expect(201);
    review.step("submit", &json!({})).await.expect(200);
}
