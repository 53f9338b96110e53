//! What other systems call a resource, by which their integrations find it again.

use debrief_tests::builders::{Review, a_document, a_review, a_review_with};
use debrief_tests::contract::Contract;
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use reqwest::Method;
use serde_json::{Value, json};

both_databases!(
    whatever_has_names_in_other_systems_is_found_by_any_of_them,
    a_name_finds_only_what_is_called_exactly_that_now,
    what_is_called_so_in_hidden_reviews_and_other_organisations_is_not_found,
    what_is_no_name_is_refused,
);

fn names(ids: &[&str]) -> Value {
    let refs = ids
        .iter()
        .map(|id| json!({ "system": "jira", "id": id, "url": "https://tickets.example/1" }));
    json!(refs.collect::<Vec<_>>())
}

async fn found(client: &Client, list: &str, refs: &[&str]) -> Vec<String> {
    let asked: Vec<String> = refs
        .iter()
        .map(|name| format!("external_ref={name}"))
        .collect();
    let items = client.all(&format!("{list}?{}", asked.join("&")), 1).await;
    items
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn whatever_has_names_in_other_systems_can_be_listed_by_them() {
    let contract = Contract::get();
    let mut lists = 0;
    for operation in contract.operations() {
        let page = &operation.said["responses"]["200"]["content"]["application/json"]["schema"];
        let item = &contract.resolve(page)["properties"]["items"]["items"];
        let named = contract.resolve(item)["properties"]["external_refs"].is_object();
        if operation.method != Method::GET || !named {
            continue;
        }
        lists += 1;
        let parameters = operation.said["parameters"]
            .as_array()
            .into_iter()
            .flatten();
        let mut parameters = parameters.map(|one| contract.resolve(one));
        assert!(
            parameters.any(|one| one["name"] == "external_ref"),
            "{} has no filter by external_ref",
            operation.id()
        );
    }
    assert!(lists >= 11, "only {lists} lists");
}

/// One resource of each kind that has names, each called `<its list>-1` and `<its list>-2`: its id,
/// and the lists that show it.
async fn one_of_each(app: &App) -> Vec<(String, Vec<String>)> {
    let called = |list: &str| names(&[&format!("{list}-1"), &format!("{list}-2")]);
    let mut body = incident();
    body["external_refs"] = called("incidents");
    let made = app.admin().post("/api/v1/incidents", &body).await;
    let incident = made.expect(201).id();
    let review = a_review_with(app, json!({ "external_refs": called("reviews") })).await;
    let document = a_document(app, json!({ "external_refs": called("documents") })).await;
    let document = document.rsplit('/').next().expect("an id").to_owned();
    let action = json!({ "title": "Assign an owner", "type": "prevent", "external_refs": called("actions") });
    let action = review.act(&action).await.id();
    let advice = json!({ "title": "Own every alert", "external_refs": called("recommendations") });
    let advice = review.propose(&advice).await.id();
    let lesson = json!({ "statement": "Alerts need an owner", "external_refs": called("lessons") });
    let lesson = review.learn(&lesson).await.id();
    let workshop = json!({ "kind": "lessons_learned", "external_refs": called("workshops") });
    let workshop = review.plan(&workshop).await.id;
    let flat = |list: &str| vec![format!("/api/v1/{list}")];
    let both = |list: &str| vec![format!("/api/v1/{list}"), review.path(&format!("/{list}"))];
    vec![
        (incident, flat("incidents")),
        (review.id.clone(), flat("reviews")),
        (document, flat("documents")),
        (action, both("actions")),
        (advice, both("recommendations")),
        (lesson, both("lessons")),
        (workshop, both("workshops")),
    ]
}

async fn whatever_has_names_in_other_systems_is_found_by_any_of_them(app: App) {
    let all = one_of_each(&app).await;
    // Others of the same kinds, without a name.
    let other = a_review(&app).await;
    other.act(&json!({ "title": "x", "type": "prevent" })).await;
    let client = app.reader();
    for (id, lists) in &all {
        for list in lists {
            let kind = list.rsplit('/').next().expect("a list");
            let names = [format!("jira:{kind}-1"), format!("jira:{kind}-2")];
            let mine = std::slice::from_ref(id);
            assert_eq!(found(&client, list, &[&names[0]]).await, mine, "{list}");
            // Of several names any; what has both is there once.
            assert_eq!(found(&client, list, &[&names[0], &names[1]]).await, mine);
            assert_eq!(
                found(&client, list, &["jira:nothing", &names[1]]).await,
                mine
            );
            assert_eq!(found(&client, list, &["jira:nothing"]).await.len(), 0);
            // What another kind is called finds nothing of this one.
            let other = if kind == "actions" {
                "reviews"
            } else {
                "actions"
            };
            let other = format!("jira:{other}-1");
            assert_eq!(found(&client, list, &[&other]).await.len(), 0, "{list}");
        }
    }
}

async fn called(review: &Review, id: &str) -> String {
    let body = json!({ "title": "x", "type": "prevent", "external_refs": names(&[id]) });
    review.act(&body).await.id()
}

async fn a_name_finds_only_what_is_called_exactly_that_now(app: App) {
    let review = a_review(&app).await;
    let client = app.reader();
    let list = "/api/v1/actions";
    let first = called(&review, "SEC-1").await;
    let second = called(&review, "SEC-10").await;
    let odd = called(&review, "a:b c%").await;
    assert_eq!(
        found(&client, list, &["jira:SEC-1"]).await,
        [first.as_str()]
    );
    for name in [
        "jira:sec-1",
        "jira:SEC-",
        "jira:SEC-%25",
        "servicenow:SEC-1",
    ] {
        assert_eq!(found(&client, list, &[name]).await.len(), 0, "{name}");
    }
    // The first colon ends the system's name; what comes behind is the id, whatever it holds.
    assert_eq!(found(&client, list, &["jira:a:b%20c%25"]).await, [odd]);
    let two = found(&client, list, &["jira:SEC-10", "jira:SEC-1"]).await;
    assert_eq!(two.len(), 2);
    let path = review.path(&format!("/actions/{first}"));
    let tag = client.get(&path).await.expect(200).etag();
    let renamed = json!({ "external_refs": names(&["SEC-2"]) });
    let call = app.admin().patch(&path, &renamed).if_match(&tag);
    call.await.expect(200);
    assert_eq!(found(&client, list, &["jira:SEC-1"]).await.len(), 0);
    assert_eq!(found(&client, list, &["jira:SEC-2"]).await, [first]);
    // With what else is asked for.
    let query = format!("{list}?status=open&unowned=true&external_ref=jira:SEC-10");
    let narrow = client.all(&query, 50).await;
    assert_eq!(narrow.len(), 1);
    assert_eq!(narrow[0]["id"], second.as_str());
    let none = format!("{list}?status=verified&external_ref=jira:SEC-10");
    assert_eq!(client.all(&none, 50).await.len(), 0);
}

async fn what_is_called_so_in_hidden_reviews_and_other_organisations_is_not_found(app: App) {
    let hidden = json!({ "visibility": "restricted", "external_refs": names(&["PIR-9"]) });
    let hidden = a_review_with(&app, hidden).await;
    let action = called(&hidden, "SEC-9").await;
    let lists = ["/api/v1/reviews", "/api/v1/actions"];
    let ids = [hidden.id.clone(), action];
    for (list, id) in lists.iter().zip(&ids) {
        let asked = ["jira:PIR-9", "jira:SEC-9"];
        assert_eq!(found(&app.admin(), list, &asked).await, [id.as_str()]);
        assert_eq!(found(&app.reader(), list, &asked).await.len(), 0);
        assert_eq!(found(&app.stranger(), list, &asked).await.len(), 0);
    }
}

async fn what_is_no_name_is_refused(app: App) {
    let client = app.reader();
    let long = format!("jira:{}", "x".repeat(400));
    for name in [
        "SEC-1",
        "",
        ":",
        "jira:",
        ":SEC-1",
        "Jira:SEC-1",
        "jira:a/b",
        "jira:%00",
        &long,
    ] {
        let reply = client.get(format!("/api/v1/actions?external_ref={name}"));
        let problem = reply.await.problem(400, "invalid_parameter").json();
        assert_eq!(problem["errors"][0]["parameter"], "external_ref", "{name}");
    }
}
