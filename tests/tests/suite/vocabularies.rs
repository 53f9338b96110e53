//! The controlled words: each vocabulary of the document is there, in its order, with labels.

use std::collections::BTreeSet;

use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_vocabulary_of_the_document_is_listed_with_its_terms,
    terms_have_labels_and_descriptions_in_their_published_order,
    a_vocabulary_is_read_by_its_name,
    what_is_no_vocabulary_is_not_found,
    the_words_are_the_same_for_everybody_who_is_known,
);

const VOCABULARIES: &str = "/api/v1/vocabularies";

async fn listed(client: &Client) -> Vec<Value> {
    let reply = client.get(VOCABULARIES).await.expect(200);
    assert_eq!(reply.json()["next_cursor"], Value::Null);
    reply.items()
}

fn values(vocabulary: &Value) -> Vec<&str> {
    let terms = vocabulary["terms"].as_array().expect("terms").iter();
    terms
        .map(|term| term["value"].as_str().expect("a value"))
        .collect()
}

fn named<'a>(all: &'a [Value], name: &str) -> &'a Value {
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

/// The values of an enum of the document, however it is written down.
fn constants(schema: &Value) -> Vec<&str> {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect();
    }
    let each = schema["oneOf"].as_array().into_iter().flatten();
    let each = each.flat_map(|one| {
        let listed = one["enum"].as_array().into_iter().flatten();
        listed.chain(one.get("const"))
    });
    each.filter_map(Value::as_str).collect()
}

async fn every_vocabulary_of_the_document_is_listed_with_its_terms(app: App) {
    let document = app
        .anonymous()
        .get("/openapi.json")
        .await
        .expect(200)
        .json();
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let all = listed(&app.reader()).await;
    let mut found = BTreeSet::new();
    for vocabulary in &all {
        let name = vocabulary["name"].as_str().expect("a name");
        let schema = match name {
            "function" => "StakeholderFunction".to_owned(),
            "agenda_topic" => "AgendaTopicKind".to_owned(),
            name => name
                .split('_')
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect(),
        };
        // Not everything that has words is asked for or answered yet.
        let Some(schema) = schemas.get(&schema) else {
            continue;
        };
        assert_eq!(constants(schema), values(vocabulary), "{name}");
        let said = schema["description"].as_str().expect("a description");
        let own = vocabulary["description"].as_str().expect("a description");
        assert!(said.contains(own), "{name}: {said}");
        found.insert(name);
    }
    for name in [
        "severity",
        "incident_category",
        "detection_source",
        "finding_kind",
        "action_status",
        "review_status",
        "function",
        "verification_result",
        "workshop_kind",
        "lesson_status",
        "disposition",
    ] {
        assert!(found.contains(name), "{name} is no schema: {found:?}");
    }
    assert!(found.len() > 40, "{found:?}");
}

async fn terms_have_labels_and_descriptions_in_their_published_order(app: App) {
    let all = listed(&app.reader()).await;
    let names: Vec<_> = all
        .iter()
        .map(|one| one["name"].as_str().expect("a name"))
        .collect();
    assert!(names.is_sorted() && names.len() > 40, "{names:?}");
    for vocabulary in &all {
        let name = &vocabulary["name"];
        for text in ["description", "source"] {
            assert_ne!(
                vocabulary[text].as_str().unwrap_or_default(),
                "",
                "{name} {text}"
            );
        }
        let terms = vocabulary["terms"].as_array().expect("terms");
        assert!(terms.len() > 1, "{name}");
        let distinct: BTreeSet<_> = values(vocabulary).into_iter().collect();
        assert_eq!(distinct.len(), terms.len(), "{name}");
        let labels: BTreeSet<_> = terms.iter().map(|term| term["label"].to_string()).collect();
        assert_eq!(labels.len(), terms.len(), "{name}");
        for term in terms {
            let said = ["label", "description"].map(|text| term[text].as_str().unwrap_or_default());
            assert!(
                !said[0].is_empty() && said[1].ends_with('.'),
                "{name}: {term}"
            );
        }
        // What does not fit anywhere is asked for last.
        let other = values(vocabulary)
            .iter()
            .position(|value| *value == "other");
        let last = terms.len() - 1 - usize::from(*name == "incident_category");
        assert!(other.is_none_or(|at| at == last), "{name}");
    }
    for (name, expected) in [
        (
            "severity",
            vec!["critical", "high", "medium", "low", "informational"],
        ),
        ("priority", vec!["critical", "high", "medium", "low"]),
        (
            "action_status",
            vec![
                "proposed",
                "open",
                "in_progress",
                "blocked",
                "implemented",
                "verified",
                "declined",
                "risk_accepted",
                "cancelled",
            ],
        ),
        (
            "review_kind",
            vec!["incident", "near_miss", "exercise", "thematic"],
        ),
        (
            "action_strength",
            vec!["eliminate", "engineer", "automate", "procedure", "training"],
        ),
    ] {
        assert_eq!(values(named(&all, name)), expected, "{name}");
    }
    let first = &named(&all, "severity")["terms"][0];
    assert_eq!(
        (&first["value"], &first["label"]),
        (&json!("critical"), &json!("Critical"))
    );
}

async fn a_vocabulary_is_read_by_its_name(app: App) {
    let reader = app.reader();
    for vocabulary in listed(&reader).await {
        let name = vocabulary["name"].as_str().expect("a name");
        let one = reader.get(format!("{VOCABULARIES}/{name}")).await;
        assert_eq!(one.expect(200).json(), vocabulary, "{name}");
    }
    let first = reader
        .get(format!("{VOCABULARIES}/severity"))
        .await
        .expect(200);
    let call = reader.get(format!("{VOCABULARIES}/severity"));
    call.header("if-none-match", first.etag()).await.expect(304);
}

async fn what_is_no_vocabulary_is_not_found(app: App) {
    for name in ["colours", "severities", "x"] {
        let reply = app.reader().get(format!("{VOCABULARIES}/{name}")).await;
        reply.problem(404, "not_found");
    }
    for name in ["Severity", "severity%20", "1st"] {
        let reply = app.reader().get(format!("{VOCABULARIES}/{name}")).await;
        assert!(
            [400, 404].contains(&reply.status),
            "{name}: {}",
            reply.text()
        );
    }
    let unknown = app.reader().get(format!("{VOCABULARIES}?q=severity")).await;
    assert_eq!(unknown.problem(400, "invalid_parameter").faults()[0].0, "q");
}

async fn the_words_are_the_same_for_everybody_who_is_known(app: App) {
    let all = listed(&app.admin()).await;
    for client in [app.reader(), app.contributor(), app.stranger()] {
        assert_eq!(listed(&client).await, all);
    }
    for path in [VOCABULARIES.to_owned(), format!("{VOCABULARIES}/severity")] {
        app.anonymous()
            .get(path)
            .await
            .problem(401, "unauthenticated");
    }
}
