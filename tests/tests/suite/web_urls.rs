//! Addresses that are kept for people to open: of the web, or refused.

use debrief_tests::builders::{a_document, a_review};
use debrief_tests::contract::Contract;
use debrief_tests::world::event;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(an_address_that_is_not_of_the_web_is_refused);

/// What each of them matches.
const WEB: &str = r"^[hH][tT][tT][pP][sS]?://[^/?#\s]";

/// Where a document asks for a URI without saying which.
fn find_free(at: &str, value: &Value, count: &mut usize, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if fields.get("format").is_some_and(|format| format == "uri") {
                *count += 1;
                if fields.get("pattern") != Some(&json!(WEB)) {
                    found.push(at.to_owned());
                }
            }
            for (name, field) in fields {
                find_free(&format!("{at}/{name}"), field, count, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_free(&format!("{at}/{index}"), item, count, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_uri_of_the_document_is_of_the_web() {
    let (mut count, mut found) = (0, Vec::new());
    find_free("", Contract::get().document(), &mut count, &mut found);
    assert!(count > 0 && found.is_empty(), "{count}: {found:#?}");
    // Nor is there an address that the document only calls a text.
    let schemas = Contract::get().document()["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        let url = &schema["properties"]["url"];
        let is_text = url["type"] == "string" || url["type"].as_array().is_some();
        assert!(!is_text, "{name} has a url of its own kind: {url}");
    }
}

async fn an_address_that_is_not_of_the_web_is_refused(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let admin = app.admin();
    let document = a_document(&app, json!({})).await;
    for wrong in [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://x.example",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "ftp://x.example/",
        "https:x.example",
        "https://",
        "https:///x",
        "//x.example/",
        " https://x.example",
    ] {
        let mut with_evidence = event();
        with_evidence["evidence"] = json!([{ "title": "Console", "url": wrong }]);
        let reply = client.post(review.path("/events"), &with_evidence).await;
        let faults = reply.problem(422, "validation_failed").faults();
        assert!(
            faults
                .iter()
                .all(|(at, code)| at == "/evidence/0/url" && code == "invalid_format"),
            "{wrong}: {faults:?}"
        );
        let reply = admin
            .patch(&document, &json!({ "url": wrong }))
            .if_match("*")
            .await;
        let faults = reply.problem(422, "validation_failed").faults();
        assert!(
            faults.iter().all(|(at, _)| at == "/url"),
            "{wrong}: {faults:?}"
        );
    }
    for right in [
        "https://x.example",
        "HTTP://127.0.0.1:8080/a?b#c",
        "https://[::1]/%C3%A4",
    ] {
        let reply = admin
            .patch(&document, &json!({ "url": right }))
            .if_match("*")
            .await;
        assert_eq!(reply.expect(200).json()["url"], right);
    }
}
