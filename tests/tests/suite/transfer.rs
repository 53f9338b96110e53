//! A whole review as one document: carried to another service and back without loss, kept apart from
//! other organisations, and the same however often it comes.

use std::collections::{BTreeSet, HashMap};

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::life::{TICKET, lived};
use debrief_tests::world::regime;
use debrief_tests::{App, Client, Engine, both_databases};
use regex::{Captures, Regex};
use serde_json::{Value, json};

both_databases!(
    every_part_of_a_review_is_in_its_document,
    a_review_goes_to_another_server_and_back_without_loss,
    an_organisation_has_ids_of_its_own_for_what_it_imports,
    what_is_imported_lives_on_as_if_it_had_begun_here,
    the_same_document_twice_changes_nothing,
    a_document_that_differs_from_the_review_that_is_here_is_refused,
    a_key_that_is_taken_becomes_the_next,
    keys_go_on_behind_an_imported_one,
    incidents_and_documents_that_are_here_are_met_again,
    what_stays_behind_is_told,
    no_other_calendar_counts_for_an_obligation,
    a_dry_run_says_what_would_become_of_it,
    an_import_is_on_record_once_and_followed_by_its_incidents,
    an_idempotency_key_replays_an_import,
    a_restricted_review_stays_one,
);

const IMPORT: &str = "/api/v1/reviews/import";

pub(super) async fn export(client: &Client, id: &str) -> Value {
    let path = format!("/api/v1/reviews/{id}/export");
    client.get(path).await.expect(200).json()
}

pub(super) async fn import(client: &Client, document: &Value) -> Value {
    client.post(IMPORT, document).await.expect(201).json()
}

/// The document of a review that has been through everything.
pub(super) async fn a_document_of(app: &App) -> (Review, Value) {
    let review = lived(app).await;
    let document = export(&app.admin(), &review.id).await;
    (review, document)
}

/// The lists of a document.
fn lists(document: &Value) -> impl Iterator<Item = (&String, &Vec<Value>)> {
    let fields = document.as_object().into_iter().flatten();
    fields.filter_map(|(name, list)| Some((name, list.as_array()?)))
}

/// A document without what two exports of one review may differ in: when it was written, and what it
/// names of the organisation that it was in.
fn lasting(document: &Value) -> Value {
    let mut document = document.clone();
    document["exported_at"].take();
    for (list, column) in [
        ("recommendations", "template_id"),
        ("obligations", "regime_id"),
        ("obligations", "calendar_id"),
    ] {
        for row in document[list].as_array_mut().into_iter().flatten() {
            row[column].take();
        }
    }
    document
}

/// What was frozen, and names what it was about as it was called then.
const FROZEN: &[(&str, &str)] = &[
    ("review_snapshots", "content"),
    ("briefings", "content"),
    ("briefings", "markdown"),
];

/// A document with numbers in place of its ids, in their order.
fn anonymous(document: &Value) -> String {
    let mut document = document.clone();
    for (list, column) in FROZEN {
        for row in document[*list].as_array_mut().into_iter().flatten() {
            row[*column].take();
        }
    }
    let id = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").expect("a pattern");
    let mut seen: HashMap<String, usize> = HashMap::new();
    let text = document.to_string();
    let numbered = id.replace_all(&text, |found: &Captures<'_>| {
        let next = seen.len();
        seen.entry(found[0].to_owned()).or_insert(next).to_string()
    });
    numbered.into_owned()
}

/// The same document with ids that are nobody's, and without names that may be taken.
fn of_nobody(document: &Value) -> Value {
    // Ids of what was said anonymously are random, those of notes on wording are digests.
    let others = Regex::new("-[48]([0-9a-f]{3}-[89ab][0-9a-f]{3}-)").expect("a pattern");
    let text = document.to_string();
    let text = others.replace_all(&text, "-5$1").replace("-7", "-8");
    let mut other: Value = serde_json::from_str(&text).expect("a document");
    // What was published and told stays as it was, byte for byte.
    for (list, column) in FROZEN {
        let rows = document[*list].as_array().into_iter().flatten();
        for (at, row) in rows.enumerate() {
            other[*list][at][*column] = row[*column].clone();
        }
    }
    other["review"]["external_refs"] = json!([]);
    for action in other["actions"].as_array_mut().into_iter().flatten() {
        action["external_refs"] = json!([]);
    }
    other
}

fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite if debrief_tests::postgres::is_there() => Engine::Postgres,
        _ => Engine::Sqlite,
    }
}

async fn every_part_of_a_review_is_in_its_document(app: App) {
    let (review, document) = a_document_of(&app).await;
    let mut names = Vec::new();
    for (name, list) in lists(&document) {
        assert!(!list.is_empty(), "there are no {name}");
        names.push(name.as_str());
    }
    assert_eq!(names, debrief::whole::rows::Rows::LISTS);
    assert_eq!(document["format"], "debrief-review");
    assert_eq!(document["format_version"], 1);
    assert_eq!(document["exported_at"], "2026-11-23T12:00:00Z");
    let text = document.to_string();
    let own = app
        .admin()
        .get("/api/v1/organization")
        .await
        .expect(200)
        .id();
    assert!(!text.contains(&own), "it names the organisation");
    for secret in ["dbf_", "organization_id", "digest"] {
        assert!(!text.contains(secret), "it has a {secret}");
    }
    let path = review.path("/export");
    let reply = app.admin().get(path).await.expect(200);
    let name = format!(
        "attachment; filename=\"{}.json\"",
        document["review"]["key"].as_str().expect("a key")
    );
    assert_eq!(reply.header("content-disposition"), Some(name.as_str()));
    assert_eq!(reply.header("content-type"), Some("application/json"));
}

async fn a_review_goes_to_another_server_and_back_without_loss(app: App) {
    let (review, first) = a_document_of(&app).await;
    let away = App::alone(other(app.engine())).await;
    let arrived = import(&away.platform(), &first).await;
    assert_eq!(arrived["outcome"], "created");
    assert_eq!(arrived["ids_kept"], true);
    assert_eq!(arrived["review_id"], review.id.as_str());
    let second = export(&away.platform(), &review.id).await;
    assert_eq!(lasting(&second), lasting(&first));
    let back = App::alone(app.engine()).await;
    import(&back.platform(), &second).await;
    // What time has brought by now comes of itself at some moment: here it has come.
    back.notice().await;
    let third = export(&back.platform(), &review.id).await;
    assert_eq!(lasting(&third), lasting(&first));
    assert_eq!(third["exported_at"], second["exported_at"]);
    // What was published is what it was, to the byte.
    for path in ["/snapshot", "/full"] {
        let path = review.path(path);
        let [here, there] = [app.platform(), back.platform()].map(|client| client.get(&path));
        let (here, there) = (here.await.expect(200), there.await.expect(200));
        if path.ends_with("/snapshot") {
            assert_eq!(here.body, there.body);
        } else {
            assert_eq!(without_outside(here.json()), without_outside(there.json()));
        }
    }
    // Where it comes from it is known.
    let known = app.admin().post(IMPORT, &third).await;
    known.problem(409, "conflict");
    let known = app.admin().post(IMPORT, &first).await.expect(200).json();
    assert_eq!(known["outcome"], "unchanged");
    away.end().await;
    back.end().await;
}

/// A whole review without what it names of its organisation, and without what is set anew.
fn without_outside(mut full: Value) -> Value {
    for duty in full["obligations"].as_array_mut().into_iter().flatten() {
        duty["regime_id"].take();
        duty["calendar_id"].take();
    }
    for proposal in full["recommendations"].as_array_mut().into_iter().flatten() {
        proposal["template_id"].take();
    }
    for due in full["deadlines"].as_array_mut().into_iter().flatten() {
        for field in ["id", "created_at", "updated_at"] {
            due[field].take();
        }
    }
    let deadlines = full["deadlines"].as_array_mut().expect("a list");
    deadlines.sort_by_key(|due| format!("{}{}{}", due["due_at"], due["kind"], due["resource_id"]));
    full
}

async fn an_organisation_has_ids_of_its_own_for_what_it_imports(app: App) {
    let (review, document) = a_document_of(&app).await;
    let before = export(&app.admin(), &review.id).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    assert_eq!(arrived["ids_kept"], false);
    let id = arrived["review_id"].as_str().expect("an id");
    assert_ne!(id, review.id);
    // Nothing tells whether an id is somebody else's: those of nobody become others as well.
    let nobodys = of_nobody(&document);
    let shown = import(&stranger, &nobodys).await;
    assert_eq!(shown["ids_kept"], false);
    assert_ne!(shown["review_id"], nobodys["review"]["id"]);
    // It is the same review, and the other organisation's is as it was.
    let theirs = export(&stranger, id).await;
    let mut ours = lasting(&document);
    ours["review"]["key"] = theirs["review"]["key"].clone();
    assert_eq!(anonymous(&lasting(&theirs)), anonymous(&ours));
    assert_eq!(
        lasting(&export(&app.admin(), &review.id).await),
        lasting(&before)
    );
    app.admin()
        .get(format!("/api/v1/reviews/{id}"))
        .await
        .problem(404, "not_found");
    stranger
        .get(review.path(""))
        .await
        .problem(404, "not_found");
    // Ids keep their order, so that what is ordered by them does too.
    for (list, rows) in lists(&theirs) {
        if list == "wording_acknowledgements" {
            // Theirs are digests of the texts and of where these stand.
            continue;
        }
        let of = |rows: &Vec<Value>| {
            let mut ids: Vec<String> = rows.iter().map(|row| row["id"].to_string()).collect();
            let given = ids.clone();
            ids.sort();
            ids.iter()
                .map(|id| given.iter().position(|one| one == id))
                .collect::<Vec<_>>()
        };
        let original = document[list].as_array().expect("a list");
        assert_eq!(of(rows), of(original), "{list}");
    }
}

async fn what_is_imported_lives_on_as_if_it_had_begun_here(app: App) {
    let (review, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    let path = format!(
        "/api/v1/reviews/{}",
        arrived["review_id"].as_str().expect("an id")
    );
    // It is found, by lists and by search.
    for (list, words) in [
        ("/events", "seen"),
        ("/decisions", "it+held"),
        ("/communications", "everybody"),
        ("/findings", "exception"),
        ("/actions", "night+watch"),
        ("/recommendations", "read"),
        ("/lessons", "reads"),
        ("/participants", "larsen"),
    ] {
        let found = stranger
            .get(format!("{path}{list}?q={words}"))
            .await
            .expect(200);
        assert!(!found.items().is_empty(), "{list} has no {words}");
    }
    for word in ["exception", "phished", "larsen", "owner", "VPN"] {
        let found = stranger
            .get(format!("/api/v1/search?q={word}"))
            .await
            .expect(200);
        assert!(!found.items().is_empty(), "{word} is not found");
    }
    // Filters, the register of gaps, metrics and deadlines know it.
    for list in [
        "/events?has_marks=true",
        "/actions?tag=night",
        "/findings?attack_technique=T1078",
        "/findings?control_state=missing",
        "/workshops?facilitator=miriam@example.org",
    ] {
        let found = stranger.get(format!("{path}{list}")).await.expect(200);
        assert!(!found.items().is_empty(), "{list}");
    }
    for list in [
        "/gaps",
        "/deadlines",
        "/incidents?tag=vpn",
        "/documents?tag=night",
        "/reviews?tag=vpn",
    ] {
        let found = stranger.get(format!("/api/v1{list}")).await.expect(200);
        assert!(!found.items().is_empty(), "{list}");
    }
    let theirs = stranger.get(format!("{path}/progress")).await;
    let ours = app.reader().get(review.path("/progress")).await;
    let (theirs, ours) = (theirs.expect(200).json(), ours.expect(200).json());
    for number in ["by_status", "verified_percent", "slips", "committed"] {
        assert_eq!(theirs[number], ours[number], "{number}");
    }
    let gaps = stranger.get("/api/v1/gaps").await.expect(200).items();
    let ours = app.admin().get("/api/v1/gaps").await.expect(200).items();
    assert_eq!(gaps[0]["state"], ours[0]["state"]);
    // It takes the next step.
    let finding = stranger
        .get(format!("{path}/findings?kind=gap"))
        .await
        .expect(200)
        .items();
    let finding = format!(
        "{path}/findings/{}",
        finding[0]["id"].as_str().expect("an id")
    );
    let read = stranger.get(&finding).await.expect(200);
    let change = json!({ "reason": "Seen elsewhere too", "changes": { "likelihood": 5 } });
    let amended = stranger
        .post(format!("{finding}/amend"), &change)
        .if_match(&read.etag());
    amended.await.expect(200);
    let revisions = stranger
        .get(format!("{finding}/revisions"))
        .await
        .expect(200);
    assert_eq!(revisions.items().len(), 2);
    let reason = json!({ "reason": "It happened again" });
    let tag = stranger.get(&path).await.expect(200).etag();
    stranger
        .post(format!("{path}/reopen"), &reason)
        .if_match(&tag)
        .await
        .expect(200);
}

async fn the_same_document_twice_changes_nothing(app: App) {
    let (_, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let first = import(&stranger, &document).await;
    let count = stranger.all("/api/v1/reviews", 200).await.len();
    let again = stranger.post(IMPORT, &document).await.expect(200).json();
    assert_eq!(again["outcome"], "unchanged");
    assert_eq!(again["review_id"], first["review_id"]);
    assert_eq!(again["review"], first["review"]);
    assert_eq!(stranger.all("/api/v1/reviews", 200).await.len(), count);
    // At once, too: one of them makes it.
    let review = a_review(&app).await;
    let document = export(&app.admin(), &review.id).await;
    let both = [
        stranger.post(IMPORT, &document),
        stranger.post(IMPORT, &document),
    ];
    let both = futures_util::future::join_all(both.map(IntoFuture::into_future)).await;
    let mut statuses: Vec<u16> = both.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(stranger.all("/api/v1/reviews", 200).await.len(), count + 1);
}

async fn a_document_that_differs_from_the_review_that_is_here_is_refused(app: App) {
    let review = a_review(&app).await.with_events(1).await;
    let admin = app.admin();
    let before = export(&admin, &review.id).await;
    review.append(1).await;
    for client in [&admin, &app.stranger()] {
        if client.get(review.path("")).await.status == 404 {
            import(client, &export(&admin, &review.id).await).await;
        }
        let refused = client.post(IMPORT, &before).await.problem(409, "conflict");
        assert_eq!(
            refused.faults(),
            [("/review/id".to_owned(), "already_here".to_owned())]
        );
        let key = before["review"]["key"].as_str().expect("a key");
        assert!(refused.text().contains(key), "{}", refused.text());
    }
    assert_eq!(review.now().await.json()["key"], before["review"]["key"]);
    assert_eq!(admin.all(&review.path("/events"), 200).await.len(), 2);
}

async fn a_key_that_is_taken_becomes_the_next(app: App) {
    let review = a_review(&app).await;
    let document = export(&app.admin(), &review.id).await;
    let stranger = app.stranger();
    let own = json!({ "title": "Theirs", "severity": "low" });
    let own = stranger
        .post("/api/v1/reviews", &own)
        .await
        .expect(201)
        .json();
    assert_eq!(own["key"], document["review"]["key"]);
    let arrived = import(&stranger, &document).await;
    assert_eq!(arrived["document_key"], own["key"]);
    assert_eq!(arrived["review_key"], "PIR-2026-0002");
    assert_eq!(arrived["review"]["key"], "PIR-2026-0002");
    let again = stranger.post(IMPORT, &document).await.expect(200).json();
    assert_eq!(again["review_key"], "PIR-2026-0002");
}

async fn keys_go_on_behind_an_imported_one(app: App) {
    let review = a_review(&app).await;
    let mut document = export(&app.admin(), &review.id).await;
    document["review"]["key"] = json!("PIR-2026-0107");
    let stranger = app.stranger();
    assert_eq!(
        import(&stranger, &document).await["review_key"],
        "PIR-2026-0107"
    );
    let next = json!({ "title": "Theirs", "severity": "low" });
    let next = stranger
        .post("/api/v1/reviews", &next)
        .await
        .expect(201)
        .json();
    assert_eq!(next["key"], "PIR-2026-0108");
}

async fn incidents_and_documents_that_are_here_are_met_again(app: App) {
    let (_, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let ticket = json!({ "incident": { "title": "As the ticket says", "severity": "low" } });
    let path = format!("/api/v1/incidents/by-ref/jira/{TICKET}");
    let known = stranger.put(&path, &ticket).await.expect(201).json();
    let title = document["documents"][0]["title"].clone();
    let kind = &document["documents"][0]["kind"];
    let plan = json!({ "title": title, "kind": kind, "description": "As they keep it" });
    let plan = stranger.post("/api/v1/documents", &plan).await.expect(201);
    let arrived = import(&stranger, &document).await;
    assert_eq!(arrived["incidents"][0]["outcome"], "matched");
    assert_eq!(arrived["incidents"][0]["id"], known["incident"]["id"]);
    assert_eq!(arrived["documents"][0]["outcome"], "matched");
    assert_eq!(arrived["documents"][0]["id"], plan.id());
    assert_eq!(arrived["document_revisions"][0]["outcome"], "created");
    assert_eq!(
        arrived["review"]["incident_ids"],
        json!([known["incident"]["id"]])
    );
    // Where what is here is not as the document has it, that is told.
    let incident = apart(&arrived["incidents"][0]);
    assert!(incident.contains("title") && incident.contains("severity"));
    assert!(!incident.contains("id") && !incident.contains("certainty"));
    let kept = apart(&arrived["documents"][0]);
    assert!(kept.contains("description") && !kept.contains("title"));
    assert!(apart(&arrived["document_revisions"][0]).is_empty());
    // The incident keeps its words, and hears of the marks.
    let incident = stranger.get(format!(
        "/api/v1/incidents/{}",
        known["incident"]["id"].as_str().expect("an id")
    ));
    let incident = incident.await.expect(200).json();
    assert_eq!(incident["title"], "As the ticket says");
    assert_eq!(
        incident["timestamps"]["detected"]["at"],
        "2026-11-20T03:35:00Z"
    );
    let plan = stranger
        .get(format!("/api/v1/documents/{}", plan.id()))
        .await
        .expect(200)
        .json();
    assert_eq!(plan["current_revision"]["label"], "2.0");
    // Another review that reached the same revision meets it.
    let second = of_nobody(&document);
    let arrived = import(&stranger, &second).await;
    assert_eq!(arrived["document_revisions"][0]["outcome"], "matched");
    assert!(apart(&arrived["document_revisions"][0]).is_empty());
}

/// In what something that was here already is not as the document has it.
fn apart(arrived: &Value) -> BTreeSet<&str> {
    let items = arrived["differs"].as_array().expect("a list").iter();
    items.map(|one| one.as_str().expect("a text")).collect()
}

async fn what_stays_behind_is_told(app: App) {
    let (review, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    let unresolved = arrived["unresolved"].as_array().expect("a list");
    let mut places: Vec<&str> = unresolved
        .iter()
        .filter_map(|one| one["pointer"].as_str())
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        ["/obligations/0/regime_id", "/recommendations/0/template_id"]
    );
    // A regime of the same key is met.
    let away = App::alone(app.engine()).await;
    let platform = away.platform();
    let own = platform
        .post("/api/v1/regimes", &regime())
        .await
        .expect(201)
        .id();
    import(&platform, &document).await;
    let duties = platform.all(&review.path("/obligations"), 200).await;
    assert_eq!(duties[0]["regime_id"], own.as_str());
    assert_eq!(duties[0]["due_at"], document["obligations"][0]["due_at"]);
    away.end().await;
}

async fn no_other_calendar_counts_for_an_obligation(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let days = json!({
        "name": "New York", "time_zone": "America/New_York",
        "holidays": [{ "date": "2026-11-26", "name": "Thanksgiving" }],
    });
    let days = admin
        .post("/api/v1/calendars", &days)
        .await
        .expect(201)
        .id();
    let mut rules = regime();
    rules["calendar_id"] = json!(days);
    rules["stages"][0]["unit"] = json!("business_days");
    rules["stages"][0]["amount"] = json!(4);
    let mut hours = rules["stages"][0].clone();
    hours["name"] = json!("early");
    hours["unit"] = json!("calendar_hours");
    rules["stages"].as_array_mut().expect("a list").push(hours);
    let made = admin.post("/api/v1/regimes", &rules).await.expect(201).id();
    for stage in ["report", "early"] {
        let duty =
            json!({ "regime_id": made, "stage": stage, "trigger_at": "2026-11-20T22:00:00Z" });
        let call = admin.post(review.path("/obligations"), &duty).await;
        call.expect(201);
    }
    let away = App::alone(app.engine()).await;
    let platform = away.platform();
    let arrived = import(&platform, &export(&admin, &review.id).await).await;
    let told = arrived["unresolved"].to_string();
    assert_eq!(told.matches("/clock").count(), 1, "{told}");
    assert_eq!(told.matches("/calendar_id").count(), 2, "{told}");
    let duties = platform.all(&review.path("/obligations"), 50).await;
    for (stage, due_at, moved) in [
        // A working day more, for the holiday, and it is not counted anew.
        ("report", "2026-11-27T22:00:00Z", "2026-11-27T22:00:00Z"),
        ("early", "2026-11-21T02:00:00Z", "2026-11-21T03:00:00Z"),
    ] {
        let duty = duties.iter().find(|one| one["stage"] == stage);
        let duty = duty.expect("it arrived");
        assert_eq!(
            (&duty["due_at"], &duty["clock"].is_null()),
            (&json!(due_at), &(stage == "report"))
        );
        let path = review.path(&format!(
            "/obligations/{}",
            duty["id"].as_str().expect("an id")
        ));
        let later = json!({ "trigger_at": "2026-11-20T23:00:00Z" });
        let changed = platform.patch(path, &later).if_match("*").await.expect(200);
        assert_eq!(changed.json()["due_at"], moved, "{stage}");
    }
    away.end().await;
}

async fn a_dry_run_says_what_would_become_of_it(app: App) {
    let (_, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let dry = format!("{IMPORT}?dry_run=true");
    let told = stranger.post(&dry, &document).await.expect(200).json();
    assert_eq!(told["outcome"], "would_create");
    assert_eq!(told["review"], Value::Null);
    assert_eq!(told["review_key"], document["review"]["key"]);
    assert!(stranger.all("/api/v1/reviews", 200).await.is_empty());
    assert!(stranger.all("/api/v1/incidents", 200).await.is_empty());
    let done = import(&stranger, &document).await;
    for same in [
        "review_id",
        "rows",
        "incidents",
        "documents",
        "unresolved",
        "review_key",
    ] {
        assert_eq!(done[same], told[same], "{same}");
    }
    let again = stranger.post(&dry, &document).await.expect(200).json();
    assert_eq!(again["outcome"], "unchanged");
    let mut wrong = document.clone();
    wrong["format_version"] = json!(0);
    stranger
        .post(&dry, &wrong)
        .await
        .problem(422, "validation_failed");
}

async fn an_import_is_on_record_once_and_followed_by_its_incidents(app: App) {
    let (_, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let id = import(&stranger, &document).await["review_id"].clone();
    let records = stranger.all("/api/v1/audit-records", 200).await;
    let of = |action: &str| {
        let found = records.iter().filter(|one| one["action"] == action);
        found.cloned().collect::<Vec<_>>()
    };
    let imported = of("review.import");
    assert_eq!(imported.len(), 1);
    assert_eq!(imported[0]["resource_id"], id);
    assert_eq!(imported[0]["review_id"], id);
    for action in [
        "incident.create",
        "document.create",
        "document_revision.publish",
    ] {
        assert_eq!(of(action).len(), 1, "{action}");
    }
    let verified = stranger
        .get("/api/v1/audit/verify")
        .await
        .expect(200)
        .json();
    assert_eq!(verified["valid"], true);
    let feed = stranger
        .get("/api/v1/changes?type=review.*&from=beginning")
        .await
        .expect(200);
    assert!(
        feed.items()
            .iter()
            .any(|one| one["type"] == "review.import"),
        "{}",
        feed.text()
    );
}

async fn an_idempotency_key_replays_an_import(app: App) {
    let review = a_review(&app).await;
    let document = export(&app.admin(), &review.id).await;
    let stranger = app.stranger();
    let first = stranger
        .post(IMPORT, &document)
        .key("once")
        .await
        .expect(201);
    let again = stranger
        .post(IMPORT, &document)
        .key("once")
        .await
        .expect(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

async fn a_restricted_review_stays_one(app: App) {
    let review = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let document = export(&app.admin(), &review.id).await;
    let away = App::alone(app.engine()).await;
    let platform = away.platform();
    import(&platform, &document).await;
    let reader = json!({ "name": "reader", "roles": ["reader"] });
    let reader = platform
        .post("/api/v1/api-keys", &reader)
        .await
        .expect(201)
        .json();
    let reader = away.bearing(reader["key"].as_str());
    reader.get(review.path("")).await.problem(404, "not_found");
    // Who may import but not see everything does not.
    let some = json!({ "name": "importer", "scopes": ["reviews:import"] });
    let some = platform
        .post("/api/v1/api-keys", &some)
        .await
        .expect(201)
        .json();
    let some = away.bearing(some["key"].as_str());
    some.post(IMPORT, &document)
        .await
        .problem(403, "missing_scope");
    away.end().await;
}
