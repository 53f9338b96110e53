//! Search: every text is found by its words, by those who may see it, as it is now.

use std::collections::{BTreeMap, BTreeSet};

use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::world::{World, event, finding, incident};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_resource_with_a_text_is_found_by_a_word_of_it,
    words_phrases_beginnings_and_exclusions_are_understood,
    any_text_is_a_query,
    what_was_asked_for_is_set_off_in_pieces,
    a_change_of_a_text_changes_what_finds_it,
    what_is_undone_is_never_found,
    a_restricted_review_is_found_by_its_members_only,
    what_the_scopes_do_not_read_is_not_found,
    another_organisations_texts_are_not_found,
);

const SEARCH: &str = "/api/v1/search";
/// What has no text of its own that a search could find.
const WITHOUT_TEXT: &[&str] = &["api_key", "deadline", "organization", "invitation"];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn hits(client: &Client, q: &str, more: &str) -> Vec<Value> {
    let path = format!("{SEARCH}?limit=200&q={}{more}", encoded(q));
    client.get(path).await.expect(200).items()
}

/// The ids of what is found.
async fn found(client: &Client, q: &str) -> BTreeSet<String> {
    let hits = hits(client, q, "").await;
    hits.iter()
        .filter_map(|hit| hit["id"].as_str())
        .map(str::to_owned)
        .collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// The longest word among the texts that say what a resource is about.
fn telling_word(state: &Value) -> Option<String> {
    let names = [
        "title",
        "statement",
        "summary",
        "name",
        "decision",
        "text",
        "note",
        "rationale",
        "issue",
        "strengths",
        "description",
        "topic",
        "question",
    ];
    let texts = names.iter().filter_map(|name| state[name].as_str());
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    words
        .max_by_key(|word| word.len())
        .map(str::to_owned)
        .filter(|word| word.len() > 2)
}

/// One of everything was made: whatever of it says something has to be found. A kind of resource that
/// is not is to be told to the index: `change.index(…)`, `api/src/resources.rs`, `api/src/search/fill.rs`.
async fn every_resource_with_a_text_is_found_by_a_word_of_it(app: App) {
    let world = World::make(&app).await;
    let action = format!(
        "/api/v1/reviews/{}/actions/{}",
        world.get("review"),
        world.get("action")
    );
    let done = json!({ "status": "implemented", "note": "Pilot concluded" });
    let done = app.admin().post(format!("{action}/progress"), &done);
    done.await.expect(201);
    let proof = json!({ "method": "retest", "result": "effective", "note": "Reattempted" });
    let proof = app.admin().post(format!("{action}/verifications"), &proof);
    proof.if_match("*").await.expect(201);

    let log = app
        .admin()
        .all("/api/v1/audit-records?sort=sequence", 200)
        .await;
    let mut newest: BTreeMap<(String, String), Value> = BTreeMap::new();
    for record in log {
        let text = |name: &str| record[name].as_str().expect("a text").to_owned();
        let key = (text("resource_type"), text("resource_id"));
        newest.insert(key, record["after"].clone());
    }
    let (mut kinds, mut missing) = (BTreeSet::new(), Vec::new());
    for ((kind, id), state) in newest {
        let Some(word) = telling_word(&state) else {
            continue;
        };
        if WITHOUT_TEXT.contains(&kind.as_str()) {
            continue;
        }
        let path = format!("{SEARCH}?limit=200&type={kind}&q={}", encoded(&word));
        let reply = app.admin().get(path).await;
        let is_found =
            reply.status == 200 && reply.items().iter().any(|hit| hit["id"] == id.as_str());
        if !is_found {
            missing.push(format!("{kind} by {word:?}"));
        }
        assert!(!found(&app.stranger(), &word).await.contains(&id), "{kind}");
        kinds.insert(kind);
    }
    assert!(missing.is_empty(), "not found: {missing:#?}");
    assert!(kinds.len() >= 7, "{kinds:?}");
    assert_eq!(
        hits(&app.reader(), "concluded", "&type=progress")
            .await
            .len(),
        1
    );
    // Each is where it says.
    for hit in hits(&app.admin(), "-nowhere", "").await {
        let href = hit["href"].as_str().expect("an address");
        app.admin().get(href).await.expect(200);
    }
}

async fn words_phrases_beginnings_and_exclusions_are_understood(app: App) {
    let review = a_review_with(&app, json!({ "title": "A", "summary": "B" })).await;
    let mut ids = Vec::new();
    for (summary, description) in [
        (
            "EDR alert on FS-01",
            "Encryption of the domain controller's shares",
        ),
        ("Alert closed", "The controller of the domain said no"),
        ("Beacon to 10.0.0.5", "CVE-2021-44228 in café-backend"),
        ("Nothing else", ""),
    ] {
        let mut body = event();
        body["summary"] = json!(summary);
        if !description.is_empty() {
            body["description"] = json!(description);
        }
        let made = app
            .admin()
            .post(review.path("/events"), &body)
            .await
            .expect(201);
        ids.push(made.id());
    }
    for (q, expected) in [
        ("alert", &[0, 1][..]),
        ("ALERT", &[0, 1]),
        ("alert edr", &[0]),
        ("alert nothing", &[]),
        ("\"domain controller\"", &[0]),
        ("domain controller", &[0, 1]),
        ("\"controller domain\"", &[]),
        ("fs-01", &[0]),
        ("fs-0", &[]),
        ("fs-01*", &[0]),
        ("10.0.0.5", &[2]),
        ("10.0.5.0", &[]),
        ("cve-2021-44228", &[2]),
        ("CAFE", &[2]),
        ("caf\u{e9}", &[2]),
        ("encr*", &[0]),
        ("encr", &[]),
        ("contr* -edr", &[1]),
        ("alert -\"domain controller\"", &[1]),
        ("alert -edr -closed", &[]),
        ("\"domain contr\"*", &[0]),
        // A phrase does not go on from the summary to the description.
        ("\"fs 01 encryption\"", &[]),
        ("fs encryption", &[0]),
        ("alert alert alert", &[0, 1]),
        ("?!", &[]),
        ("--", &[]),
    ] {
        let expected: BTreeSet<String> =
            expected.iter().map(|at: &usize| ids[*at].clone()).collect();
        assert_eq!(found(&app.reader(), q).await, expected, "{q}");
    }
    // Without a query, and without a word that is wanted, everything is found.
    let all = app
        .reader()
        .get(format!("{SEARCH}?type=event"))
        .await
        .expect(200);
    assert_eq!(all.items().len(), ids.len());
    assert_eq!(hits(&app.reader(), "-alert", "&type=event").await.len(), 2);
    let key = review.now().await.json()["key"].clone();
    let key = key.as_str().expect("a key");
    assert_eq!(found(&app.reader(), key).await, set(&[&review.id]));
}

async fn any_text_is_a_query(app: App) {
    a_review(&app).await.with_events(1).await;
    for q in [
        "\"",
        "\"\"",
        "\"\"\"",
        "*",
        "**",
        "-",
        "-*",
        "-\"",
        "a*b*c*",
        "AND",
        "OR",
        "NOT",
        "NEAR(a b)",
        "a AND OR b",
        "(((",
        "title:x",
        "words : x",
        "^a",
        "{a}",
        "a + b",
        "'",
        "''; DROP TABLE x",
        "\\",
        "a & b | !c",
        "<->",
        "a:*",
        "a:ABC",
        "$1",
        "?",
        "%",
        "_",
        ";",
        "\u{a7}o*",
        "\u{a7}",
        "\u{fffd}",
        "\u{1f980}",
        "\u{202e}abc",
        "a\tb\nc",
        "\u{301}",
        "\u{130}",
        "\u{653b}\u{6483}",
        "-\"a b\"* \"c d",
        "0x00",
        "NULL",
        "1e309",
    ] {
        for q in [
            q.to_owned(),
            format!("event {q}"),
            format!("{q}event"),
            q.repeat(20),
        ] {
            if q.chars().count() <= 200 {
                let path = format!("{SEARCH}?q={}", encoded(&q));
                app.reader().get(path).await.expect(200);
            }
        }
    }
    let client = app.reader();
    let long = format!("{SEARCH}?q={}", "x".repeat(201));
    client.get(long).await.problem(400, "invalid_parameter");
    let nul = format!("{SEARCH}?q=a%00b");
    client.get(nul).await.problem(400, "invalid_parameter");
    // Words that stand for whose a text is are nobody's to ask for.
    let own = app
        .admin()
        .get("/api/v1/organization")
        .await
        .expect(200)
        .id();
    let mark = format!("\u{a7}o{}", own.replace('-', ""));
    assert_eq!(found(&app.stranger(), &mark).await, BTreeSet::new());
}

/// Pieces with those that were asked for in brackets.
fn shown(pieces: &Value) -> String {
    let pieces = pieces.as_array().expect("pieces").iter();
    let show = |piece: &Value| {
        let text = piece["text"].as_str().expect("a text");
        if piece["hit"] == true {
            format!("[{text}]")
        } else {
            text.to_owned()
        }
    };
    pieces.map(show).collect()
}

async fn what_was_asked_for_is_set_off_in_pieces(app: App) {
    let review = a_review(&app).await;
    let mut body = event();
    body["summary"] = json!("<b>Backup</b> of fs-01 failed & nobody knew");
    let before = "Lorem ipsum dolor sit amet. ".repeat(60);
    body["description"] = json!(format!(
        "{before}The backups of FS-01 were <i>old</i>. {before}"
    ));
    let id = app
        .admin()
        .post(review.path("/events"), &body)
        .await
        .expect(201)
        .id();
    let hits = hits(&app.reader(), "backup* fs-01", "").await;
    assert_eq!(hits.len(), 1);
    let hit = &hits[0];
    assert_eq!(hit["id"], id.as_str());
    assert_eq!(
        shown(&hit["title"]),
        "<b>[Backup]</b> of [fs-01] failed & nobody knew"
    );
    let fragments = hit["fragments"].as_array().expect("fragments");
    assert_eq!(fragments.len(), 1);
    let fragment = shown(&fragments[0]);
    assert!(
        fragment.contains("The [backups] of [FS-01] were <i>old</i>."),
        "{fragment}"
    );
    assert!(
        fragment.len() < 300 && !fragment.starts_with(' '),
        "{fragment}"
    );
    let plain = fragment.replace(['[', ']'], "");
    assert!(
        body["description"]
            .as_str()
            .expect("a text")
            .contains(&plain)
    );
    let key = review.now().await.json()["key"].clone();
    assert_eq!(hit["review"], json!({ "id": review.id, "key": key }));
    assert_eq!(hit["at"], body["occurred_at"]);
    // 3 × (½ + ½) for two hits in the title, ½ + ½ for two in the rest, 2 × 3 of 9 words.
    assert_eq!(hit["score"], 4.6667);
}

async fn a_change_of_a_text_changes_what_finds_it(app: App) {
    let (admin, client) = (app.admin(), app.reader());
    let review = a_review_with(&app, json!({ "title": "Aardvark" })).await;
    let patch = async |path: String, body: Value| {
        let tag = admin.get(&path).await.expect(200).etag();
        admin.patch(&path, &body).if_match(&tag).await.expect(200);
    };
    patch(
        review.path(""),
        json!({ "title": "Badger", "tags": ["capybara"] }),
    )
    .await;
    assert_eq!(found(&client, "aardvark").await, set(&[]));
    assert_eq!(found(&client, "badger").await, set(&[&review.id]));
    assert_eq!(found(&client, "capybara").await, set(&[&review.id]));

    let made = |body: Value, path: String| {
        let admin = admin.clone();
        async move { admin.post(path, &body).await.expect(201).id() }
    };
    let mut body = event();
    body["summary"] = json!("Dingo");
    let id = made(body, review.path("/events")).await;
    assert_eq!(found(&client, "dingo").await, set(&[&id]));
    let path = review.path(&format!("/events/{id}"));
    let amendment = json!({ "reason": "Elk", "changes": { "summary": "Ferret" } });
    let amend = admin.post(format!("{path}/amend"), &amendment);
    amend.if_match("\"1\"").await.expect(200);
    assert_eq!(found(&client, "dingo").await, set(&[]));
    assert_eq!(found(&client, "ferret").await, set(&[&id]));
    let retract = admin.post(format!("{path}/retract"), &json!({ "reason": "Gnu" }));
    retract.if_match("\"2\"").await.expect(200);
    assert_eq!(found(&client, "ferret").await, set(&[]));

    let mut body = finding();
    body["statement"] = json!("Heron");
    let id = made(body, review.path("/findings")).await;
    let path = review.path(&format!("/findings/{id}"));
    patch(
        path.clone(),
        json!({ "statement": "Ibex", "description": "Jackal" }),
    )
    .await;
    assert_eq!(found(&client, "heron").await, set(&[]));
    assert_eq!(found(&client, "ibex jackal").await, set(&[&id]));
    let retract = admin.post(format!("{path}/retract"), &json!({ "reason": "Gnu" }));
    retract.if_match("\"2\"").await.expect(200);
    assert_eq!(found(&client, "ibex").await, set(&[]));

    let person = json!({ "name": "Kiwi", "function": "it" });
    let id = made(person, review.path("/participants")).await;
    assert_eq!(found(&client, "kiwi").await, set(&[&id]));
    let path = review.path(&format!("/participants/{id}"));
    patch(path.clone(), json!({ "name": "Lemur" })).await;
    assert_eq!(found(&client, "kiwi").await, set(&[]));
    let remove = admin.delete(&path).if_match("\"2\"");
    remove.await.expect(204);
    assert_eq!(found(&client, "lemur").await, set(&[]));

    let work = json!({ "title": "Marmot", "type": "detect", "owner": { "name": "Numbat" } });
    let id = made(work, review.path("/actions")).await;
    assert_eq!(found(&client, "marmot numbat").await, set(&[&id]));
    patch(
        review.path(&format!("/actions/{id}")),
        json!({ "title": "Ocelot" }),
    )
    .await;
    assert_eq!(found(&client, "marmot").await, set(&[]));
    assert_eq!(found(&client, "ocelot").await, set(&[&id]));

    let mut body = incident();
    body["title"] = json!("Panda");
    body["affected_assets"] = json!(["quokka-01"]);
    let id = made(body, "/api/v1/incidents".to_owned()).await;
    assert_eq!(found(&client, "panda quokka-01").await, set(&[&id]));
    patch(
        format!("/api/v1/incidents/{id}"),
        json!({ "title": "Rhino" }),
    )
    .await;
    assert_eq!(found(&client, "panda").await, set(&[]));
    assert_eq!(found(&client, "rhino quokka-01").await, set(&[&id]));
}

async fn what_is_undone_is_never_found(app: App) {
    let review = a_review(&app).await;
    let mut good = event();
    good["summary"] = json!("Salamander");
    let mut bad = event();
    bad["ended_at"] = json!("2020-01-01T00:00:00Z");
    let batch = review.path("/events/batch");
    app.admin()
        .post(&batch, &json!([good, bad]))
        .await
        .expect(422);
    assert_eq!(found(&app.reader(), "salamander").await, set(&[]));
    good["source"] = json!("edr");
    good["external_id"] = json!("1");
    app.admin()
        .post(&batch, &json!([good, good]))
        .await
        .expect(200);
    assert_eq!(found(&app.reader(), "salamander edr").await.len(), 1);
    app.admin()
        .post(review.path("/events"), &good)
        .await
        .expect(200);
    assert_eq!(found(&app.reader(), "salamander").await.len(), 1);
}

async fn a_restricted_review_is_found_by_its_members_only(app: App) {
    let own = json!({ "title": "Tapir", "visibility": "restricted" });
    let hidden = a_review_with(&app, own).await;
    let mut body = event();
    body["summary"] = json!("Tapir at night");
    let id = app
        .admin()
        .post(hidden.path("/events"), &body)
        .await
        .expect(201)
        .id();
    let client = app.reader();
    let both = set(&[&hidden.id, &id]);
    assert_eq!(found(&app.admin(), "tapir").await, both);
    assert_eq!(found(&client, "tapir").await, set(&[]));
    let counted = async |client: &Client| {
        let page = client.get(format!("{SEARCH}?q=tapir")).await.expect(200);
        page.json()["counts"].clone()
    };
    assert_eq!(
        counted(&client).await,
        json!({ "types": [], "complete": true })
    );
    let path = format!("{SEARCH}?q=tapir&review={}", hidden.id);
    client.get(&path).await.problem(404, "not_found");
    let me = client.get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Umber", "function": "it", "subject": me["subject"] });
    let added = app.admin().post(hidden.path("/participants"), &person);
    let added = added.await.expect(201);
    assert_eq!(found(&client, "tapir").await, both);
    client.get(&path).await.expect(200);
    let path = hidden.path(&format!("/participants/{}", added.id()));
    app.admin()
        .delete(path)
        .if_match(&added.etag())
        .await
        .expect(204);
    assert_eq!(found(&client, "tapir").await, set(&[]));
    let tag = hidden.now().await.etag();
    let open = app
        .admin()
        .patch(hidden.path(""), &json!({ "visibility": "organization" }));
    open.if_match(&tag).await.expect(200);
    assert_eq!(found(&client, "tapir").await, both);
}

async fn what_the_scopes_do_not_read_is_not_found(app: App) {
    World::make(&app).await;
    let kinds = async |scopes: &[&str]| -> BTreeSet<String> {
        let body = json!({ "name": "integration", "scopes": scopes });
        let made = app
            .admin()
            .post("/api/v1/api-keys", &body)
            .await
            .expect(201);
        let client = app.bearing(made.json()["key"].as_str());
        let page = client.get(format!("{SEARCH}?limit=200")).await.expect(200);
        let counts = page.json()["counts"]["types"].clone();
        let counted = counts
            .as_array()
            .expect("counts")
            .iter()
            .map(|one| one["type"].clone());
        let kinds: BTreeSet<String> = page
            .items()
            .iter()
            .filter_map(|hit| hit["type"].as_str())
            .map(str::to_owned)
            .collect();
        assert_eq!(
            counted
                .filter_map(|kind| kind.as_str().map(str::to_owned))
                .collect::<BTreeSet<_>>(),
            kinds
        );
        kinds
    };
    let reviews = kinds(&["reviews:read"]).await;
    assert!(reviews.contains("finding") && reviews.contains("event"));
    assert!(!reviews.contains("incident") && !reviews.contains("action"));
    assert!(
        kinds(&["reviews:read", "incidents:read"])
            .await
            .contains("incident")
    );
    assert!(
        kinds(&["reviews:read", "actions:read"])
            .await
            .contains("action")
    );
    let key = json!({ "name": "integration", "scopes": ["incidents:read"] });
    let made = app.admin().post("/api/v1/api-keys", &key).await.expect(201);
    let client = app.bearing(made.json()["key"].as_str());
    client.get(SEARCH).await.problem(403, "missing_scope");
}

async fn another_organisations_texts_are_not_found(app: App) {
    World::make(&app).await;
    let page = app
        .stranger()
        .get(format!("{SEARCH}?limit=200"))
        .await
        .expect(200);
    assert_eq!(page.items(), [] as [Value; 0]);
    assert_eq!(page.json()["counts"]["types"], json!([]));
    let mut body = incident();
    body["title"] = json!("Ransomware elsewhere");
    let id = app
        .stranger()
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id();
    assert_eq!(found(&app.stranger(), "ransomware").await, set(&[&id]));
    assert!(!found(&app.admin(), "ransomware").await.contains(&id));
}
