//! Documents whose rows no service would have let become what they are.

use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::transfer::a_document_of;

both_databases!(rows_keep_the_rules_of_their_features);

async fn faults(client: &Client, document: &Value) -> Vec<(String, String)> {
    let refused = client.post("/api/v1/reviews/import", document).await;
    refused.problem(422, "validation_failed").faults()
}

async fn rows_keep_the_rules_of_their_features(app: App) {
    let (_, document) = a_document_of(&app).await;
    let range = json!([{ "loss_variety": "response", "amount":
        { "currency": "EUR", "min_minor": 1_000_000, "likely_minor": 7, "max_minor": 9 } }]);
    let written = document["exported_at"].clone();
    let cases = [
        (
            "/events/0/ended_at",
            json!("2001-01-01T00:00:00Z"),
            "before_start",
        ),
        (
            "/events/0/occurred_at",
            json!("2099-01-01T00:00:00Z"),
            "in_the_future",
        ),
        ("/impacts/0/costs", range, ""),
        (
            "/workshops/0/time_zone",
            json!("Mars/Olympus"),
            "unknown_time_zone",
        ),
        ("/actions/0/priority_score", json!(1e300), "wrong_score"),
        ("/actions/0/version", json!(2_147_483_647), "out_of_range"),
        ("/review/version", json!(-5), "out_of_range"),
        ("/review/transitions", json!([]), "state_disagrees"),
        ("/review/published_at", Value::Null, "state_disagrees"),
    ];
    for (place, value, code) in cases {
        let mut wrong = document.clone();
        let Some(field) = wrong.pointer_mut(place) else {
            panic!("the document has nothing at {place}");
        };
        *field = value;
        let found = faults(&app.stranger(), &wrong).await;
        let told = found
            .iter()
            .any(|(at, said)| at.starts_with(place) && (code.is_empty() || said == code));
        let state = code == "state_disagrees" && found.iter().any(|(_, said)| said == code);
        assert!(told || state, "{place}: {found:?}");
    }
    // Steps that are steps, but not from where the review was.
    let mut wrong = document.clone();
    wrong["review"]["transitions"][0]["from"] = json!("published");
    let found = faults(&app.stranger(), &wrong).await;
    let expected = (
        "/review/transitions/0".to_owned(),
        "state_disagrees".to_owned(),
    );
    assert_eq!(found, [expected]);
    // What is to be judged as of then is not put off to a moment that has not come.
    let mut wrong = document.clone();
    wrong["exported_at"] = json!("2099-01-01T00:00:00Z");
    let found = faults(&app.stranger(), &wrong).await;
    assert_eq!(
        found,
        [("/exported_at".to_owned(), "in_the_future".to_owned())]
    );
    // A state that nothing led to.
    let mut wrong = document.clone();
    for action in wrong["actions"].as_array_mut().expect("actions") {
        action["status"] = json!("verified");
        action["implemented_at"] = written.clone();
    }
    wrong["verifications"] = json!([]);
    let found = faults(&app.stranger(), &wrong).await;
    assert!(
        found.contains(&("/actions/0/status".to_owned(), "state_disagrees".to_owned())),
        "{found:?}"
    );
    app.stranger()
        .post("/api/v1/reviews/import", &document)
        .await
        .expect(201);
}
