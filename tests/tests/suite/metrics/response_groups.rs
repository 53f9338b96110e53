//! The response to incidents by who owns their reviews, and for which part of the organisation.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::incidents::{CONTAIN, RESPONSE, asked, at, behind, recorded};

both_databases!(
    incidents_are_grouped_by_who_owns_their_reviews,
    incidents_are_filtered_by_who_owns_their_reviews,
    every_number_of_an_owner_leads_to_its_incidents,
);

async fn owned(app: &App, incident: &str, owner: Option<&str>, fields: Value) -> Review {
    let mut own = fields;
    own["incident_ids"] = json!([incident]);
    own["owner"] = owner.map_or(
        Value::Null,
        |owner| json!({ "name": owner, "subject": owner }),
    );
    a_review_with(app, own).await
}

async fn takes_part(review: &Review, who: &str, function: &str) {
    let person = json!({ "name": who, "subject": who, "function": function });
    review.join_as(&person).await;
}

/// Five incidents: one with two reviews, one each with an owner of no known function, without an
/// owner and without a review, and one in a restricted review.
pub(super) async fn world(app: &App) {
    let client = app.contributor();
    let times = |hour: u32| {
        json!({
            "detected": at("2026-11-01T00:00:00Z"),
            "contained": at(&format!("2026-11-01T{hour:02}:00:00Z")),
        })
    };
    let mut ids = Vec::new();
    for (hour, title) in [
        (1, "two"),
        (2, "unknown"),
        (3, "unowned"),
        (4, "none"),
        (5, "quiet"),
    ] {
        ids.push(recorded(&client, title, times(hour), json!({})).await);
    }
    let first = owned(app, &ids[0], Some("ada"), json!({})).await;
    takes_part(&first, "ada", "it").await;
    takes_part(&first, "kim", "legal").await;
    owned(app, &ids[0], Some("bob"), json!({})).await;
    owned(app, &ids[1], Some("ada"), json!({})).await;
    owned(app, &ids[2], None, json!({})).await;
    let quiet = json!({ "visibility": "restricted" });
    let quiet = owned(app, &ids[4], Some("ada"), quiet).await;
    takes_part(&quiet, "ada", "legal").await;
}

async fn groups(client: &Client, query: &str) -> Vec<(Value, Vec<String>)> {
    let answer = asked(client, &format!("{CONTAIN}&{query}")).await;
    let mut found = Vec::new();
    for group in answer["groups"].as_array().expect("groups") {
        let key = group["key"].as_array().expect("a key").iter();
        let key: Vec<_> = key.map(|part| part["value"].clone()).collect();
        let url = group["metrics"][0]["records_url"].as_str();
        let behind = behind(client, url.expect("an address")).await;
        assert_eq!(group["n_incidents"], behind.len(), "{query}: {key:?}");
        let titles = behind.iter().filter_map(|one| one["title"].as_str());
        found.push((json!(key), titles.map(str::to_owned).collect()));
    }
    found.sort_by_key(|one| one.0.to_string());
    found
}

async fn incidents_are_grouped_by_who_owns_their_reviews(app: App) {
    world(&app).await;
    let none = Value::Null;
    let is = async |client: &Client, query: &str, expected: &[(Value, &[&str])]| {
        let found = groups(client, query).await;
        let expected: Vec<_> = expected
            .iter()
            .map(|(key, titles)| {
                (
                    key.clone(),
                    titles.iter().copied().map(str::to_owned).collect(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{query}");
    };
    let (admin, reader) = (app.admin(), app.reader());
    is(
        &admin,
        "group_by=owner",
        &[
            (json!(["ada"]), &["quiet", "two", "unknown"]),
            (json!(["bob"]), &["two"]),
            (json!([none]), &["none", "unowned"]),
        ],
    )
    .await;
    is(
        &admin,
        "group_by=function",
        &[
            (json!(["it"]), &["two"]),
            (json!(["legal"]), &["quiet"]),
            (json!([none]), &["none", "two", "unknown", "unowned"]),
        ],
    )
    .await;
    is(
        &admin,
        "group_by=owner&group_by=function",
        &[
            (json!(["ada", "it"]), &["two"]),
            (json!(["ada", "legal"]), &["quiet"]),
            (json!(["ada", none]), &["unknown"]),
            (json!(["bob", none]), &["two"]),
            (json!([none, none]), &["none", "unowned"]),
        ],
    )
    .await;
    // Only the owners that the filter asks for make groups.
    is(
        &admin,
        "group_by=owner&function=it",
        &[(json!(["ada"]), &["two"])],
    )
    .await;
    is(
        &admin,
        "group_by=function&owner=bob",
        &[(json!([none]), &["two"])],
    )
    .await;
    // A restricted review says nothing to who does not see it.
    is(
        &reader,
        "group_by=severity&group_by=owner",
        &[
            (json!(["high", "ada"]), &["two", "unknown"]),
            (json!(["high", "bob"]), &["two"]),
            (json!(["high", none]), &["none", "quiet", "unowned"]),
        ],
    )
    .await;
}

async fn incidents_are_filtered_by_who_owns_their_reviews(app: App) {
    world(&app).await;
    let admin = app.admin();
    for (query, expected) in [
        ("owner=ada", vec!["quiet", "two", "unknown"]),
        ("owner=ada&owner=bob", vec!["quiet", "two", "unknown"]),
        ("function=it", vec!["two"]),
        ("function=legal&function=it", vec!["quiet", "two"]),
        ("owner=bob&function=it", vec![]),
        ("with_owner=true", vec!["quiet", "two", "unknown"]),
        ("with_owner=false", vec!["none", "unowned"]),
        ("with_function=true", vec!["quiet", "two"]),
        (
            "with_function=false",
            vec!["none", "two", "unknown", "unowned"],
        ),
        (
            "with_owner=true&with_function=false",
            vec!["two", "unknown"],
        ),
        ("owner=ada&with_function=false", vec!["unknown"]),
        ("with_owner=false&function=it", vec![]),
    ] {
        let query = format!("{CONTAIN}&{query}");
        let answer = asked(&admin, &query).await;
        assert_eq!(answer["n_incidents"], expected.len(), "{query}");
        let found = behind(&admin, &format!("{RESPONSE}/records?{query}")).await;
        let titles: Vec<_> = found
            .iter()
            .filter_map(|one| one["title"].as_str())
            .collect();
        assert_eq!(titles, expected, "{query}");
    }
}

async fn every_number_of_an_owner_leads_to_its_incidents(app: App) {
    world(&app).await;
    for client in [app.admin(), app.reader(), app.stranger()] {
        for query in [
            "group_by=owner",
            "group_by=owner&group_by=function&with_owner=true",
            "group_by=function&group_by=tag&with_function=false",
            "group_by=function&owner=ada&owner=bob",
        ] {
            groups(&client, query).await;
        }
    }
}
