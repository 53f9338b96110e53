//! Remediation by what the reviews of the actions are about and tagged with.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::remediation::{numbers, titles};
use super::work::{add, asked, reported};

both_databases!(
    actions_are_grouped_by_the_incidents_and_tags_of_their_reviews,
    actions_are_filtered_by_the_incidents_and_tags_of_their_reviews,
    every_number_of_such_a_group_leads_to_its_actions,
    the_same_actions_are_counted_whatever_they_are_grouped_by,
);

async fn happened(app: &App, category: &str, source: &str) -> String {
    let mut body = incident();
    body["category"] = json!(category);
    body["detection_source"] = json!(source);
    let made = app.contributor().post("/api/v1/incidents", &body).await;
    made.expect(201).id()
}

async fn about(app: &App, incidents: &[&String], fields: Value) -> Review {
    let mut own = fields;
    own["incident_ids"] = json!(incidents);
    a_review_with(app, own).await
}

/// Five actions in four reviews of three incidents; the last review is restricted.
async fn work(app: &App) {
    let seen = happened(app, "intrusion", "siem_correlation").await;
    let told = happened(app, "intrusion", "employee_report").await;
    let outage = happened(app, "availability", "siem_correlation").await;
    let both = json!({ "tags": ["vpn", "mail"], "severity": "critical" });
    let both = about(app, &[&seen, &outage], both).await;
    let vpn = about(app, &[&told], json!({ "tags": ["vpn"] })).await;
    let none = about(app, &[], json!({})).await;
    let quiet = json!({ "tags": ["quiet"], "visibility": "restricted" });
    let quiet = about(app, &[&outage], quiet).await;
    let kind = json!({ "type": "prevent" });
    for (review, title) in [
        (&both, "first"),
        (&both, "second"),
        (&vpn, "third"),
        (&none, "fourth"),
        (&quiet, "fifth"),
    ] {
        let action = add(app, review, title, kind.clone()).await;
        if title == "third" {
            reported(app, &action, "implemented").await;
        }
    }
}

async fn groups(client: &Client, query: &str) -> Vec<(Value, u64)> {
    let answer = asked(client, query).await;
    let groups = answer["groups"].as_array().expect("groups").iter();
    let mut found: Vec<_> = groups
        .map(|group| {
            let key = group["key"].as_array().expect("a key").iter();
            let key: Vec<_> = key.map(|part| part["value"].clone()).collect();
            (json!(key), group["n"].as_u64().expect("a count"))
        })
        .collect();
    found.sort_by_key(|one| one.0.to_string());
    found
}

async fn actions_are_grouped_by_the_incidents_and_tags_of_their_reviews(app: App) {
    work(&app).await;
    let none = Value::Null;
    let (seen, told) = ("siem_correlation", "employee_report");
    for (query, expected) in [
        (
            "group_by=category",
            vec![
                (json!(["availability"]), 3),
                (json!(["intrusion"]), 3),
                (json!([none]), 1),
            ],
        ),
        (
            "group_by=detection_source",
            vec![(json!([told]), 1), (json!([seen]), 3), (json!([none]), 1)],
        ),
        (
            "group_by=category&group_by=detection_source",
            vec![
                (json!(["availability", seen]), 3),
                (json!(["intrusion", told]), 1),
                (json!(["intrusion", seen]), 2),
                (json!([none, none]), 1),
            ],
        ),
        (
            "group_by=tag",
            vec![
                (json!(["mail"]), 2),
                (json!(["quiet"]), 1),
                (json!(["vpn"]), 3),
                (json!([none]), 1),
            ],
        ),
        (
            "group_by=tag&group_by=category&tag=mail",
            vec![
                (json!(["mail", "availability"]), 2),
                (json!(["mail", "intrusion"]), 2),
            ],
        ),
        (
            "group_by=category&detection_source=employee_report",
            vec![(json!(["intrusion"]), 1)],
        ),
        (
            "group_by=detection_source&group_by=type&category=availability",
            vec![(json!([seen, "prevent"]), 3)],
        ),
    ] {
        assert_eq!(groups(&app.admin(), query).await, expected, "{query}");
    }
    // Who does not see the restricted review sees nothing of it in the groups.
    assert_eq!(
        groups(&app.reader(), "group_by=tag").await,
        [
            (json!(["mail"]), 2),
            (json!(["vpn"]), 3),
            (json!([none]), 1)
        ]
    );
}

async fn actions_are_filtered_by_the_incidents_and_tags_of_their_reviews(app: App) {
    work(&app).await;
    let admin = app.admin();
    for (query, expected) in [
        ("category=intrusion", vec!["first", "second", "third"]),
        ("category=availability", vec!["fifth", "first", "second"]),
        ("category=fraud", vec![]),
        (
            "category=fraud&category=intrusion",
            vec!["first", "second", "third"],
        ),
        ("detection_source=employee_report", vec!["third"]),
        (
            "category=intrusion&detection_source=employee_report",
            vec!["third"],
        ),
        (
            "category=availability&detection_source=employee_report",
            vec![],
        ),
        ("with_incident=false", vec!["fourth"]),
        (
            "with_incident=true",
            vec!["fifth", "first", "second", "third"],
        ),
        ("tag=mail", vec!["first", "second"]),
        ("tag=mail&tag=quiet", vec!["fifth", "first", "second"]),
        ("tagged=false", vec!["fourth"]),
        ("tagged=true&severity=critical", vec!["first", "second"]),
        ("tag=vpn&with_incident=false", vec![]),
    ] {
        let found = asked(&admin, query).await;
        assert_eq!(found["n"], expected.len(), "{query}");
        assert_eq!(
            titles(&admin, &found["records_url"]).await,
            expected,
            "{query}"
        );
    }
    let filters = asked(&admin, "category=fraud&tagged=false").await["filters"].clone();
    assert_eq!(filters, json!({ "category": ["fraud"], "tagged": false }));
}

async fn every_number_of_such_a_group_leads_to_its_actions(app: App) {
    work(&app).await;
    for client in [app.admin(), app.reader()] {
        for query in [
            "group_by=category&group_by=detection_source",
            "group_by=tag&group_by=owner",
            "group_by=detection_source&group_by=tag&tag=vpn&category=intrusion",
            "group_by=category&with_incident=false",
        ] {
            let all = asked(&client, query).await;
            let mut found = Vec::new();
            numbers(&all, &mut found);
            found.retain(|(n, _)| **n != 0);
            assert!(found.len() > 20, "{query}: {}", found.len());
            for (n, url) in found {
                let behind = titles(&client, url).await;
                assert_eq!(n, behind.len(), "{query}: {url}: {behind:?}");
            }
        }
    }
}

async fn the_same_actions_are_counted_whatever_they_are_grouped_by(app: App) {
    work(&app).await;
    let admin = app.admin();
    let plain = asked(&admin, "").await;
    for field in ["severity", "category", "tag", "owner", "function", "type"] {
        let mut grouped = asked(&admin, &format!("group_by={field}")).await;
        let fields = grouped.as_object_mut().expect("an answer");
        fields.remove("groups").expect("groups");
        fields.insert("group_by".to_owned(), json!([]));
        assert_eq!(grouped, plain, "{field}");
    }
}
