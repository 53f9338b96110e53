//! The feed of changes, page by page: everything once and in order, and nothing that the reader may
//! not see.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::{World, event, incident};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_change_is_told_once_and_in_the_order_of_the_log,
    every_kind_of_resource_has_a_name_and_an_address_that_answers,
    a_change_tells_what_was_changed_and_nobody_who_or_how,
    a_batch_is_one_change_that_says_how_many,
    changes_are_filtered_by_type_and_review,
    reading_begins_now_or_at_the_beginning,
    a_reader_who_waits_is_answered_when_something_changes,
    a_cursor_is_one_organisations_and_cannot_be_made_up,
    what_the_scopes_do_not_read_is_not_told,
    a_restricted_review_is_told_to_its_members_only,
    what_is_hidden_cannot_be_counted,
);

const FEED: &str = "/api/v1/changes";

/// Everything from a place on, page by page, and where reading goes on.
async fn read(client: &Client, query: &str, limit: usize) -> (Vec<Value>, String) {
    let (mut all, mut path) = (Vec::new(), format!("{FEED}?limit={limit}&{query}"));
    loop {
        let page = client.get(&path).await.expect(200).json();
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= limit);
        all.extend(items);
        let cursor = page["next_cursor"].as_str().expect("a cursor").to_owned();
        if page["has_more"] == false {
            return (all, cursor);
        }
        path = format!("{FEED}?limit={limit}&{query}&cursor={cursor}");
    }
}

async fn all(client: &Client) -> Vec<Value> {
    read(client, "", 200).await.0
}

fn types(items: &[Value]) -> Vec<&str> {
    let types = items.iter().map(|one| one["type"].as_str());
    types.map(|kind| kind.expect("a type")).collect()
}

async fn a_change(client: &Client, title: &str) -> String {
    let mut body = incident();
    body["title"] = json!(title);
    client
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id()
}

async fn every_change_is_told_once_and_in_the_order_of_the_log(app: App) {
    World::make(&app).await;
    // What time brings is told before it is counted.
    app.notice().await;
    for limit in [1, 7, 200] {
        let admin = app.admin();
        let log = admin.all("/api/v1/audit-records?sort=sequence", 200).await;
        let logged = log
            .iter()
            .map(|one| (&one["id"], &one["action"], &one["resource_id"], &one["at"]));
        let (items, cursor) = read(&app.admin(), "", limit).await;
        let told = items
            .iter()
            .map(|one| (&one["id"], &one["type"], &one["resource"]["id"], &one["at"]));
        assert!(told.eq(logged), "pages of {limit}: {items:#?}");
        // Reading goes on behind each of them as well as behind the last.
        let (rest, _) = read(&app.admin(), &format!("cursor={cursor}"), 200).await;
        assert_eq!(rest, [] as [Value; 0]);
        let middle = items.len() / 2;
        let place = items[middle]["cursor"].as_str().expect("a cursor");
        let (rest, _) = read(&app.admin(), &format!("cursor={place}"), 200).await;
        let ids =
            |items: &[Value]| -> Vec<Value> { items.iter().map(|one| one["id"].clone()).collect() };
        assert_eq!(ids(&rest), ids(&items[middle + 1..]));
        a_change(&app.contributor(), "One more").await;
        let (rest, _) = read(&app.admin(), &format!("cursor={cursor}"), 200).await;
        assert_eq!(types(&rest), ["incident.create"]);
    }
}

async fn every_kind_of_resource_has_a_name_and_an_address_that_answers(app: App) {
    let world = World::make(&app).await;
    let action = format!(
        "/api/v1/reviews/{}/actions/{}",
        world.get("review"),
        world.get("action")
    );
    let done = json!({ "status": "implemented" });
    let done = app.admin().post(format!("{action}/progress"), &done);
    done.await.expect(201);
    let proof = json!({ "method": "retest", "result": "effective", "note": "Works" });
    let proof = app.admin().post(format!("{action}/verifications"), &proof);
    proof.if_match("*").await.expect(201);
    let mut missing = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for change in all(&app.admin()).await {
        let kind = change["resource"]["type"]
            .as_str()
            .expect("a kind")
            .to_owned();
        match change["resource"]["href"].as_str() {
            Some(href) => {
                app.admin().get(href).await.expect(200);
            }
            // To be told to anybody, it has to be named in `api/src/resources.rs`.
            None => drop(missing.insert(kind.clone())),
        }
        kinds.insert(kind);
    }
    assert_eq!(missing, BTreeSet::new());
    assert!(kinds.len() > 7, "{kinds:?}");
}

async fn a_change_tells_what_was_changed_and_nobody_who_or_how(app: App) {
    let review = a_review(&app).await;
    let id = review.append(1).await.remove(0);
    let path = review.path(&format!("/events/{id}/amend"));
    let amendment = json!({ "reason": "A secret reason", "changes": { "summary": "Other words" } });
    let amend = app.admin().post(&path, &amendment);
    amend.if_match("\"1\"").await.expect(200);
    let items = all(&app.reader()).await;
    let told = items.last().expect("a change");
    let href = format!("/api/v1/reviews/{}/events/{id}", review.id);
    let key = review.now().await.json()["key"].clone();
    assert_eq!(
        told["resource"],
        json!({ "type": "event", "id": id, "href": href })
    );
    assert_eq!(told["review"], json!({ "id": review.id, "key": key }));
    assert_eq!(
        (&told["type"], &told["version"]),
        (&json!("event.amend"), &json!(2))
    );
    assert_eq!(told["at"], json!("2026-11-23T12:00:00Z"));
    let names: BTreeSet<&String> = told.as_object().expect("an object").keys().collect();
    let expected = [
        "at", "count", "cursor", "id", "resource", "review", "type", "version",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    let text = Value::from(items).to_string();
    for hidden in ["secret", "Other words", "key:", "admin", "sequence"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

async fn a_batch_is_one_change_that_says_how_many(app: App) {
    let review = a_review(&app).await;
    let (_, cursor) = read(&app.reader(), "", 200).await;
    let events: Vec<Value> = (0..250).map(|_| event()).collect();
    let path = review.path("/events/batch");
    app.admin().post(path, &json!(events)).await.expect(200);
    let (items, _) = read(&app.reader(), &format!("cursor={cursor}"), 200).await;
    assert_eq!(types(&items), ["event.append_batch"]);
    assert_eq!(items[0]["count"], 250);
    assert_eq!(items[0]["resource"]["id"], review.id.as_str());
    assert_eq!(items[0]["resource"]["type"], "review");
}

async fn changes_are_filtered_by_type_and_review(app: App) {
    let one = a_review(&app).await.with_events(2).await;
    let other = a_review(&app).await.with_findings().await;
    let everything = all(&app.admin()).await;
    let count = |wanted: &dyn Fn(&str) -> bool| {
        let all = types(&everything).into_iter();
        all.filter(|kind| wanted(kind)).count()
    };
    for (query, wanted) in [
        (
            "type=event.append",
            &(|kind: &str| kind == "event.append") as &dyn Fn(&str) -> bool,
        ),
        ("type=event.*", &|kind| kind.starts_with("event.")),
        ("type=api_key.*", &|kind| kind.starts_with("api_key.")),
        ("type=event.append&type=finding.record", &|kind| {
            ["event.append", "finding.record"].contains(&kind)
        }),
        ("type=review.*&type=finding.record", &|kind| {
            kind.starts_with("review.") || kind == "finding.record"
        }),
        ("type=nothing.at_all", &|_| false),
    ] {
        for limit in [2, 200] {
            let (items, _) = read(&app.admin(), query, limit).await;
            assert_eq!(items.len(), count(wanted), "{query}");
            assert!(types(&items).into_iter().all(wanted), "{query}");
        }
    }
    let key = one.now().await.json()["key"].clone();
    for name in [one.id.as_str(), key.as_str().expect("a key")] {
        let (items, _) = read(&app.reader(), &format!("review={name}"), 2).await;
        assert_eq!(
            types(&items),
            ["review.open", "event.append", "event.append"]
        );
    }
    let query = format!("review={}&type=event.*", other.id);
    let (items, _) = read(&app.reader(), &query, 200).await;
    assert_eq!(types(&items), ["event.append"]);

    let client = app.reader();
    for wrong in [
        "type=event",
        "type=*",
        "type=event.%25",
        "type=Event.append",
        "from=then",
    ] {
        let reply = client.get(format!("{FEED}?{wrong}")).await;
        reply.problem(400, "invalid_parameter");
    }
    for wrong in ["wait_seconds=31", "wait_seconds=-1", "limit=0", "limit=201"] {
        let reply = client.get(format!("{FEED}?{wrong}")).await;
        reply.problem(400, "invalid_parameter");
    }
    let unknown = format!("{FEED}?review=PIR-2026-9999");
    client.get(unknown).await.problem(404, "not_found");
}

async fn reading_begins_now_or_at_the_beginning(app: App) {
    a_change(&app.contributor(), "Before").await;
    let client = app.reader();
    let (beginning, _) = read(&client, "from=beginning", 200).await;
    assert_eq!(beginning.len(), all(&client).await.len());
    let (none, cursor) = read(&client, "from=now", 200).await;
    assert_eq!(none, [] as [Value; 0]);
    let id = a_change(&app.contributor(), "After").await;
    // What a cursor says wins.
    for query in [
        format!("cursor={cursor}"),
        format!("from=now&cursor={cursor}"),
    ] {
        let (items, _) = read(&client, &query, 200).await;
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["resource"]["id"], id.as_str());
    }
}

async fn a_reader_who_waits_is_answered_when_something_changes(app: App) {
    let client = app.reader();
    let (_, cursor) = read(&client, "", 200).await;
    let path = format!("{FEED}?cursor={cursor}&wait_seconds=30");
    let began = Instant::now();
    let waiting = tokio::spawn(client.get(&path).into_future());
    // Somebody else's change, and one that the reader is not told of.
    a_change(&app.stranger(), "Elsewhere").await;
    let key = json!({ "name": "siem", "scopes": ["events:write"] });
    app.admin().post("/api/v1/api-keys", &key).await.expect(201);
    assert!(!waiting.is_finished());
    let id = a_change(&app.contributor(), "Here").await;
    let page = waiting.await.expect("an answer").expect(200);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(page.items().len(), 1);
    assert_eq!(page.items()[0]["resource"]["id"], id.as_str());
    // What is there already is not waited for, and nothing is waited for no longer than was asked.
    let page = client.get(&path).await.expect(200);
    assert_eq!(page.items().len(), 1);
    let cursor = page.json()["next_cursor"].clone();
    let cursor = cursor.as_str().expect("a cursor");
    let began = Instant::now();
    let path = format!("{FEED}?cursor={cursor}&wait_seconds=1");
    assert_eq!(client.get(path).await.expect(200).items().len(), 0);
    assert!(began.elapsed() >= Duration::from_secs(1));
    // The service does not wait for those who wait.
    let path = format!("{FEED}?cursor={cursor}&wait_seconds=30");
    let waiting = tokio::spawn(client.get(path).into_future());
    let began = Instant::now();
    app.restart(&[]).await;
    if let Ok(page) = waiting.await {
        assert_eq!(page.expect(200).items().len(), 0);
    }
    assert!(began.elapsed() < Duration::from_secs(20));
}

async fn a_cursor_is_one_organisations_and_cannot_be_made_up(app: App) {
    a_change(&app.contributor(), "Something").await;
    let (items, cursor) = read(&app.reader(), "", 200).await;
    let (_, strange) = read(&app.stranger(), "", 200).await;
    let own = items[0]["cursor"].as_str().expect("a cursor").to_owned();
    for wrong in [
        strange.as_str(),
        "x",
        "AAAA",
        &cursor[1..],
        &own[..own.len() - 1],
    ] {
        for path in [FEED.to_owned(), format!("{FEED}/stream")] {
            let reply = app.reader().get(format!("{path}?cursor={wrong}")).await;
            let reply = reply.problem(400, "invalid_cursor");
            assert_eq!(
                reply.faults(),
                [("cursor".to_owned(), "invalid_cursor".to_owned())]
            );
        }
    }
    let listed = app
        .reader()
        .get("/api/v1/incidents?limit=1")
        .await
        .expect(200);
    assert_eq!(listed.items().len(), 1);
    // It is a place in the order of everything, and so goes with any filter, and with another reader.
    let query = format!("type=incident.*&cursor={own}");
    let (rest, _) = read(&app.admin(), &query, 200).await;
    assert!(rest.len() <= items.len());
}

async fn key(app: &App, scopes: &[&str]) -> Client {
    let body = json!({ "name": "integration", "scopes": scopes });
    let made = app
        .admin()
        .post("/api/v1/api-keys", &body)
        .await
        .expect(201);
    app.bearing(made.json()["key"].as_str())
}

async fn what_the_scopes_do_not_read_is_not_told(app: App) {
    World::make(&app).await;
    let kinds = async |client: Client| -> BTreeSet<String> {
        let items = all(&client).await;
        let kinds = items.iter().map(|one| one["resource"]["type"].as_str());
        kinds.map(|kind| kind.expect("a kind").to_owned()).collect()
    };
    let of_admin = kinds(app.admin()).await;
    let managed = ["api_key", "organization"].map(str::to_owned);
    assert!(managed.iter().any(|kind| of_admin.contains(kind)));
    let of_reader = kinds(app.reader()).await;
    assert!(managed.iter().all(|kind| !of_reader.contains(kind)));
    assert!(of_reader.contains("finding") && of_reader.contains("action"));
    assert_eq!(
        kinds(key(&app, &["changes:read"]).await).await,
        BTreeSet::new()
    );
    let only = |kinds: &[&str]| {
        kinds
            .iter()
            .map(|kind| (*kind).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let incidents = key(&app, &["changes:read", "incidents:read"]).await;
    assert_eq!(kinds(incidents).await, only(&["incident"]));
    let actions = key(&app, &["changes:read", "actions:read"]).await;
    assert!(kinds(actions).await.is_subset(&only(&[
        "action",
        "deadline",
        "verification",
        "progress"
    ])));
    let keys = key(&app, &["changes:read", "keys:manage"]).await;
    assert_eq!(kinds(keys).await, only(&["api_key"]));
    let without = key(&app, &["reviews:read"]).await;
    without.get(FEED).await.problem(403, "missing_scope");
}

async fn restrict(review: &Review, client: &Client, visibility: &str) {
    let tag = review.now().await.etag();
    let body = json!({ "visibility": visibility });
    let patch = client.patch(review.path(""), &body);
    patch.if_match(&tag).await.expect(200);
}

async fn a_restricted_review_is_told_to_its_members_only(app: App) {
    let hidden = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    hidden.append(2).await;
    let (client, query) = (app.reader(), format!("review={}", hidden.id));
    let about = async |client: &Client| {
        let items = all(client).await;
        items
            .iter()
            .filter(|one| one["review"]["id"] == hidden.id.as_str())
            .count()
    };
    assert_eq!(about(&client).await, 0);
    let path = format!("{FEED}?{query}");
    client.get(&path).await.problem(404, "not_found");
    assert_eq!(about(&app.admin()).await, 3);
    // Who takes part in it is told from then on, and of what was before as well.
    let me = client.get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Reader", "function": "it", "subject": me["subject"] });
    let added = app.admin().post(hidden.path("/participants"), &person);
    let added = added.await.expect(201);
    assert_eq!(about(&client).await, 4);
    let path = hidden.path(&format!("/participants/{}", added.id()));
    let remove = app.admin().delete(path).if_match(&added.etag());
    remove.await.expect(204);
    assert_eq!(about(&client).await, 0);
    // What is restricted later is hidden with all that was told before.
    restrict(&hidden, &app.admin(), "organization").await;
    assert_eq!(about(&client).await, 6);
    restrict(&hidden, &app.admin(), "restricted").await;
    assert_eq!(about(&client).await, 0);
}

async fn what_is_hidden_cannot_be_counted(app: App) {
    let hidden = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let client = app.reader();
    a_change(&app.contributor(), "Before").await;
    let (before, quiet) = read(&client, "", 200).await;
    let (_, same) = read(&client, &format!("cursor={quiet}"), 200).await;
    hidden.append(3).await;
    let (none, busy) = read(&client, &format!("cursor={quiet}"), 200).await;
    assert_eq!(none, [] as [Value; 0]);
    // Cursors differ whether something happened or not, and all have one length.
    assert!(quiet != same && same != busy && quiet != busy);
    a_change(&app.contributor(), "After").await;
    let (after, last) = read(&client, &format!("cursor={quiet}"), 200).await;
    assert_eq!(after.len(), 1);
    let cursors = before
        .iter()
        .chain(&after)
        .filter_map(|one| one["cursor"].as_str());
    let cursors = cursors.chain([&*quiet, &*same, &*busy, &*last]);
    assert_eq!(cursors.map(str::len).collect::<BTreeSet<_>>().len(), 1);
    let page = client
        .get(format!("{FEED}?cursor={quiet}"))
        .await
        .expect(200);
    assert_eq!(page.header("etag"), None);
}
