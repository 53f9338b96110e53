//! The audit log: what every change leaves, who may read it, and that nobody alters it unnoticed.

use std::collections::BTreeSet;

use chrono::Duration;
use debrief_tests::world::{World, event, incident, participant, review};
use debrief_tests::{App, Client, Engine, Reply, both_databases, database};
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

both_databases!(
    a_change_leaves_a_record_of_who_did_what_in_which_request,
    what_is_refused_or_only_read_leaves_no_record,
    every_kind_of_change_is_on_record_and_no_secret_is,
    records_are_found_by_who_what_and_when,
    only_auditors_and_admins_of_the_organisation_read_the_log,
    the_chain_of_an_organisation_is_whole_and_its_own,
    concurrent_changes_make_one_chain_without_gaps,
    a_record_that_was_altered_in_the_database_is_named,
    a_record_that_was_removed_from_the_database_is_named,
    a_long_chain_is_verified_in_parts,
    records_of_a_restricted_review_exist_for_its_members_and_admins_only,
    the_records_of_a_review_that_becomes_restricted_are_hidden_too,
);

const LOG: &str = "/api/v1/audit-records";
const VERIFY: &str = "/api/v1/audit/verify";
/// Everything that the admin sees, which is everything, in the order of the chain.
const CHAIN: &str = "/api/v1/audit-records?sort=sequence";

async fn recorded(client: &Client, title: &str) -> Reply {
    let mut body = incident();
    body["title"] = json!(title);
    client.post("/api/v1/incidents", &body).await.expect(201)
}

async fn verified(client: &Client, anchor: Option<&str>) -> Value {
    let query = anchor.map_or_else(String::new, |anchor| format!("?anchor={anchor}"));
    let reply = client.get(format!("{VERIFY}{query}")).await;
    reply.expect(200).json()
}

fn head(verification: &Value) -> String {
    let hash = verification["head"]["hash"].as_str().expect("a hash");
    format!("{}:{hash}", verification["head"]["sequence"])
}

/// Changes the database behind the service's back.
async fn meddle(app: &App, statement: &str) {
    let url = app.database_url();
    let rows = match app.engine() {
        Engine::Sqlite => {
            let done = database::open_file(&url).execute(statement, ());
            done.expect("the statement is valid") as u64
        }
        Engine::Postgres => {
            let statement = AssertSqlSafe(statement.to_owned());
            let mut connection = PgConnection::connect(&url).await.expect("a server");
            let done = sqlx::raw_sql(statement).execute(&mut connection).await;
            done.expect("the statement is valid").rows_affected()
        }
    };
    assert_eq!(rows, 1, "one record is altered");
}

/// The condition that finds one record of the chain.
fn at(sequence: i64) -> String {
    let own = "(SELECT id FROM organizations WHERE slug = 'default')";
    format!("sequence = {sequence} AND organization_id = {own}")
}

async fn a_change_leaves_a_record_of_who_did_what_in_which_request(app: App) {
    let (client, auditor) = (app.contributor(), app.auditor());
    let me = client.get("/api/v1/me").await.expect(200).json();
    app.wait(Duration::minutes(90));
    let made = recorded(&client, "First").await;
    let path = format!("/api/v1/incidents/{}", made.id());
    let patch = client.patch(&path, &json!({ "title": "Second" }));
    let patch = patch
        .if_match(&made.etag())
        .header("x-request-id", "ticket-42");
    let changed = patch.await.expect(200);

    let log = auditor.get(format!("{LOG}?resource_id={}", made.id()));
    let log = log.await.expect(200).items();
    assert_eq!(log.len(), 2);
    let (update, create) = (&log[0], &log[1]);
    for record in &log {
        assert_eq!(record["actor"], me["subject"]);
        assert_eq!(record["actor_name"], "contributor");
        assert_eq!(record["resource_type"], "incident");
        assert_eq!(record["review_id"], Value::Null);
        assert_eq!(record["at"], "2026-11-23T13:30:00Z");
        let one = format!("{LOG}/{}", record["id"].as_str().expect("an id"));
        assert_eq!(&auditor.get(one).await.expect(200).json(), record);
    }
    assert_eq!(create["action"], "incident.create");
    assert_eq!(
        (&create["before"], &create["after"]),
        (&Value::Null, &made.json())
    );
    assert_eq!(create["request_id"].as_str(), made.header("x-request-id"));
    assert_eq!(update["action"], "incident.update");
    assert_eq!(
        (&update["before"], &update["after"]),
        (&made.json(), &changed.json())
    );
    assert_eq!(update["request_id"], "ticket-42");
    assert_eq!(update["previous_hash"], create["hash"]);
}

async fn what_is_refused_or_only_read_leaves_no_record(app: App) {
    let client = app.contributor();
    let made = recorded(&client, "One").await;
    let path = format!("/api/v1/incidents/{}", made.id());
    let before = verified(&app.auditor(), None).await;
    client.get(&path).await.expect(200);
    let change = json!({ "title": "Two" });
    client
        .patch(&path, &change)
        .if_match("\"7\"")
        .await
        .expect(412);
    client.post("/api/v1/incidents", &change).await.expect(422);
    let forbidden = app.reader().post("/api/v1/incidents", &incident());
    forbidden.await.expect(403);
    assert_eq!(verified(&app.auditor(), None).await, before);
}

async fn every_kind_of_change_is_on_record_and_no_secret_is(app: App) {
    let admin = app.admin();
    let world = World::make(&app).await;
    let key = json!({ "name": "to be rotated", "roles": ["reader"] });
    let key = admin.post("/api/v1/api-keys", &key).await.expect(201);
    let path = format!("/api/v1/api-keys/{}", key.id());
    let rotated = admin.post(format!("{path}/rotate"), &json!({}));
    let rotated = rotated.if_match(&key.etag()).await.expect(200);
    let revoked = admin.call(reqwest::Method::POST, format!("{path}/revoke"));
    revoked.if_match(&rotated.etag()).await.expect(200);

    let log = admin.all(CHAIN, 200).await;
    let found: BTreeSet<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    for action in [
        "action.create",
        "api_key.create",
        "api_key.revoke",
        "api_key.rotate",
        "event.append",
        "finding.record",
        "incident.create",
        "organization.create",
        "participant.add",
        "review.open",
        "review.publish",
        "review.start",
        "review.submit",
    ] {
        assert!(found.contains(action), "{action}: {found:?}");
    }
    let in_review = [
        "action",
        "assessment",
        "board",
        "briefing",
        "communication",
        "contribution",
        "contribution_group",
        "deadline",
        "decision",
        "event",
        "feedback_round",
        "finding",
        "impact",
        "improvement_measure",
        "invitation",
        "lesson",
        "measure_evaluation",
        "obligation",
        "participant",
        "progress",
        "recommendation",
        "review",
        "verification",
        "wording_acknowledgement",
        "workshop",
    ];
    for record in &log {
        let kind = record["resource_type"].as_str().expect("a kind");
        let review = record["review_id"].as_str();
        // A document takes in what a review learned; the record says of which, if it is one.
        if kind == "document_revision" {
            continue;
        }
        let expected = in_review.contains(&kind).then(|| world.get("review"));
        assert_eq!(review, expected, "{record}");
    }
    let text = json!(log).to_string();
    for secret in [&key, &rotated] {
        let secret = secret.json()["key"].as_str().expect("a key").to_owned();
        assert!(!text.contains(&secret[..20]), "a key is on record");
    }
}

async fn records_are_found_by_who_what_and_when(app: App) {
    let (admin, auditor) = (app.admin(), app.auditor());
    let review = admin
        .post("/api/v1/reviews", &review())
        .await
        .expect(201)
        .id();
    let path = format!("/api/v1/reviews/{review}");
    app.wait(Duration::hours(1));
    let contributor = app.contributor();
    let events = format!("{path}/events");
    let appended = contributor.post(&events, &event()).await.expect(201).id();
    app.wait(Duration::hours(1));
    recorded(&admin, "An incident").await;
    let me = contributor.get("/api/v1/me").await.expect(200).json();
    let me = me["subject"].as_str().expect("a subject").to_owned();
    let (open, event, incident) = ("review.open", "event.append", "incident.create");
    let from = "at_from=2026-11-23T13:00:00Z";
    for (query, expected) in [
        (format!("review_id={review}"), vec![event, open]),
        (
            format!("review_id={review}&sort=sequence"),
            vec![open, event],
        ),
        (format!("actor={me}"), vec![event]),
        (format!("resource_id={appended}"), vec![event]),
        (
            "resource_type=review&resource_type=event".to_owned(),
            vec![event, open],
        ),
        (
            format!("action={open}&action={incident}"),
            vec![incident, open],
        ),
        (format!("action={open}&resource_type=event"), vec![]),
        (from.to_owned(), vec![incident, event]),
        (format!("{from}&at_to=2026-11-23T14:00:00Z"), vec![event]),
        ("actor=nobody".to_owned(), vec![]),
    ] {
        for limit in [1, 50] {
            let found = auditor.all(&format!("{LOG}?{query}"), limit).await;
            let found: Vec<_> = found.iter().map(|one| one["action"].clone()).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
    for (query, place) in [("who=x", "who"), ("sort=at", "sort"), ("at_to=x", "at_to")] {
        let wrong = auditor.get(format!("{LOG}?{query}")).await;
        let wrong = wrong.problem(400, "invalid_parameter").faults();
        assert_eq!(wrong[0].0, place);
    }
}

async fn only_auditors_and_admins_of_the_organisation_read_the_log(app: App) {
    recorded(&app.contributor(), "Ours").await;
    let newest = app.auditor().get(LOG).await.expect(200).items().remove(0);
    let one = format!("{LOG}/{}", newest["id"].as_str().expect("an id"));
    for path in [LOG, VERIFY, &one] {
        for client in [app.reader(), app.contributor(), app.facilitator()] {
            client.get(path).await.problem(403, "missing_scope");
        }
        for client in [app.auditor(), app.admin()] {
            client.get(path).await.expect(200);
        }
    }
    app.stranger().get(&one).await.problem(404, "not_found");
    let theirs = app.stranger().all(LOG, 50).await;
    let ours = app.admin().all(LOG, 50).await;
    assert!(!theirs.is_empty());
    assert!(theirs.iter().all(|record| !ours.contains(record)));
}

async fn the_chain_of_an_organisation_is_whole_and_its_own(app: App) {
    let (admin, auditor) = (app.admin(), app.auditor());
    let theirs = verified(&app.stranger(), None).await;
    recorded(&admin, "One").await;
    let found = verified(&auditor, None).await;
    assert_eq!(
        (&found["valid"], &found["first_broken"]),
        (&json!(true), &Value::Null)
    );
    let log = admin.all(CHAIN, 2).await;
    let last = log.last().expect("a record");
    assert_eq!(found["checked"], log.len());
    assert_eq!(
        found["head"],
        json!({ "sequence": last["sequence"], "hash": last["hash"] })
    );
    let mut previous = json!("0".repeat(64));
    for (place, record) in (1..).zip(&log) {
        assert_eq!(record["sequence"], place);
        assert_eq!(record["previous_hash"], previous);
        previous = record["hash"].clone();
    }
    assert_eq!(verified(&app.stranger(), None).await, theirs);

    let noted = head(&found);
    recorded(&admin, "Two").await;
    let later = verified(&auditor, Some(&noted)).await;
    assert_eq!(later["valid"], true);
    assert_eq!(later["checked"], log.len() + 1);
    let (places, zeros) = (log.len(), "0".repeat(64));
    for (anchor, sequence, reason) in [
        (format!("{places}:{zeros}"), places, "rewritten"),
        (format!("{}:{zeros}", places + 5), places + 2, "truncated"),
    ] {
        let broken = verified(&auditor, Some(&anchor)).await;
        let expected = json!({ "sequence": sequence, "reason": reason });
        assert_eq!(
            (&broken["valid"], &broken["first_broken"]),
            (&json!(false), &expected)
        );
    }
    for wrong in [
        "",
        "1",
        &zeros,
        &format!("0:{zeros}"),
        &format!("1:{}", &zeros[1..]),
    ] {
        let wrong = auditor.get(format!("{VERIFY}?anchor={wrong}")).await;
        wrong.problem(400, "invalid_parameter");
    }
}

async fn concurrent_changes_make_one_chain_without_gaps(app: App) {
    let before = verified(&app.admin(), None).await["checked"].as_i64();
    let before = before.expect("a count");
    let (one, other) = (app.admin(), app.contributor());
    let calls = (0..12).map(|number| {
        let client = if number % 2 == 0 { &one } else { &other };
        async move { recorded(client, &number.to_string()).await }
    });
    assert_eq!(join_all(calls).await.len(), 12);
    let found = verified(&one, None).await;
    assert_eq!(
        (&found["valid"], &found["checked"]),
        (&json!(true), &json!(before + 12))
    );
    let log = one.all(CHAIN, 5).await;
    let sequences: Vec<_> = log
        .iter()
        .map(|record| record["sequence"].clone())
        .collect();
    let expected: Vec<_> = (1..=before + 12).map(|number| json!(number)).collect();
    assert_eq!(sequences, expected);
}

async fn a_record_that_was_altered_in_the_database_is_named(app: App) {
    let (client, auditor) = (app.contributor(), app.auditor());
    let made = recorded(&client, "One").await;
    let path = format!("/api/v1/incidents/{}", made.id());
    let patch = client.patch(&path, &json!({ "title": "Two" }));
    patch.if_match(&made.etag()).await.expect(200);
    let place = verified(&auditor, None).await["checked"]
        .as_i64()
        .expect("a count");
    recorded(&client, "Three").await;
    let whole = verified(&auditor, None).await;
    let broken = async |reason: &str, what: &str| {
        let found = verified(&auditor, None).await;
        let expected = json!({ "sequence": place, "reason": reason });
        assert_eq!(
            (&found["valid"], &found["first_broken"]),
            (&json!(false), &expected),
            "{what}"
        );
        assert_eq!(found["checked"], place - 1, "{what}");
    };
    for column in [
        "actor_subject",
        "actor_name",
        "request_id",
        "action",
        "resource_type",
        "before",
        "after",
        "hash",
        "previous_hash",
    ] {
        let set = |value: String| {
            let one = at(place);
            format!("UPDATE audit_records SET \"{column}\" = {value} WHERE {one}")
        };
        meddle(&app, &set(format!("\"{column}\" || ' '"))).await;
        let reason = if column == "previous_hash" {
            "unlinked"
        } else {
            "changed"
        };
        broken(reason, column).await;
        meddle(&app, &set(format!("rtrim(\"{column}\")"))).await;
        assert_eq!(verified(&auditor, None).await, whole, "{column}");
    }
    // A record that somebody made unreadable is shown as it is, and work goes on.
    let garbage = format!(
        "UPDATE audit_records SET \"after\" = 'no json' WHERE {}",
        at(place)
    );
    meddle(&app, &garbage).await;
    recorded(&client, "Four").await;
    broken("changed", "after").await;
    let log = auditor.get(format!("{LOG}?resource_id={}", made.id()));
    let log = log.await.expect(200).items();
    assert_eq!(log[0]["after"], json!({ "unreadable": "no json" }));
}

async fn a_record_that_was_removed_from_the_database_is_named(app: App) {
    let auditor = app.auditor();
    for title in ["One", "Two", "Three"] {
        recorded(&app.contributor(), title).await;
    }
    let noted = verified(&auditor, None).await;
    let last = noted["checked"].as_i64().expect("a count");
    // The newest is missed only by whoever noted it.
    meddle(
        &app,
        &format!("DELETE FROM audit_records WHERE {}", at(last)),
    )
    .await;
    assert_eq!(verified(&auditor, None).await["valid"], true);
    let found = verified(&auditor, Some(&head(&noted))).await;
    let expected = json!({ "sequence": last, "reason": "truncated" });
    assert_eq!(found["first_broken"], expected);
    meddle(&app, &format!("DELETE FROM audit_records WHERE {}", at(2))).await;
    let found = verified(&auditor, None).await;
    let expected = json!({ "sequence": 2, "reason": "missing" });
    assert_eq!(
        (&found["valid"], &found["checked"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(found["first_broken"], expected);
}

async fn a_long_chain_is_verified_in_parts(app: App) {
    let auditor = app.auditor();
    for number in 0..9 {
        recorded(&app.contributor(), &number.to_string()).await;
    }
    let whole = verified(&auditor, None).await;
    assert_eq!(
        (&whole["complete"], &whole["next"]),
        (&json!(true), &Value::Null)
    );
    let part = async |query: String| {
        let reply = auditor.get(format!("{VERIFY}?{query}")).await;
        reply.expect(200).json()
    };
    let length = whole["checked"].as_i64().expect("a count");
    let (mut after, mut checked, mut places) = (String::new(), 0, Vec::new());
    loop {
        let found = part(format!("max_records=4{after}")).await;
        assert_eq!(
            (&found["valid"], &found["head"]),
            (&json!(true), &whole["head"])
        );
        checked += found["checked"].as_i64().expect("a count");
        assert_eq!(found["complete"], checked == length);
        let Some(next) = found["next"].as_str() else {
            break;
        };
        assert_eq!(found["checked"], 4);
        places.push(next.to_owned());
        after = format!("&after={next}");
    }
    assert_eq!(checked, length);

    // What was noted is compared on the way, in whichever part.
    let (place, noted) = (&places[1], head(&whole));
    let found = part(format!("after={place}&anchor={noted}")).await;
    assert_eq!(
        (&found["valid"], &found["checked"]),
        (&json!(true), &json!(length - 8))
    );
    let zeros = "0".repeat(64);
    let broken = |sequence: i64, reason: &str| json!({ "sequence": sequence, "reason": reason });
    let rewritten = part(format!("after={place}&anchor={length}:{zeros}")).await;
    assert_eq!(rewritten["first_broken"], broken(length, "rewritten"));
    let elsewhere = part(format!("after=8:{zeros}")).await;
    assert_eq!(elsewhere["first_broken"], broken(8, "rewritten"));
    assert_eq!(
        (&elsewhere["complete"], &elsewhere["checked"]),
        (&json!(true), &json!(0))
    );
    let beyond = part(format!("after={}:{zeros}", length + 5)).await;
    assert_eq!(beyond["first_broken"], broken(length + 1, "truncated"));

    let alter = format!("UPDATE audit_records SET actor_name = 'x' WHERE {}", at(6));
    meddle(&app, &alter).await;
    let before = part("max_records=5".to_owned()).await;
    assert_eq!(
        (&before["valid"], &before["complete"]),
        (&json!(true), &json!(false))
    );
    let next = before["next"].as_str().expect("a place");
    let found = part(format!("max_records=5&after={next}")).await;
    assert_eq!(found["first_broken"], broken(6, "changed"));
    assert_eq!(
        (&found["checked"], &found["next"]),
        (&json!(0), &Value::Null)
    );
    // What lies behind is not walked again.
    assert_eq!(part(format!("after={place}")).await["valid"], true);
    for wrong in [
        "max_records=0",
        "max_records=100001",
        "after=8",
        "after=0:00",
    ] {
        let wrong = auditor.get(format!("{VERIFY}?{wrong}")).await;
        wrong.problem(400, "invalid_parameter");
    }
}

/// Whether somebody's log, whole or filtered, tells anything of the review.
async fn tells(client: &Client, review: &str) -> bool {
    let log = client.all(LOG, 200).await;
    let of_review = client.all(&format!("{LOG}?review_id={review}"), 200).await;
    let told = json!(log).to_string().contains(review);
    assert_eq!(told, !of_review.is_empty());
    told
}

async fn records_of_a_restricted_review_exist_for_its_members_and_admins_only(app: App) {
    let (admin, auditor) = (app.admin(), app.auditor());
    let mut quiet = review();
    quiet["visibility"] = json!("restricted");
    let id = admin.post("/api/v1/reviews", &quiet).await.expect(201).id();
    let path = format!("/api/v1/reviews/{id}");
    let finding = json!({ "kind": "strength", "statement": "Quiet work" });
    let action = json!({ "title": "Stay quiet", "type": "process" });
    for (below, body) in [
        ("events", event()),
        ("findings", finding),
        ("actions", action),
        ("participants", participant()),
    ] {
        admin
            .post(format!("{path}/{below}"), &body)
            .await
            .expect(201);
    }
    let own = admin.all(&format!("{LOG}?review_id={id}"), 2).await;
    assert_eq!(own.len(), 5);
    assert!(!tells(&auditor, &id).await);
    for record in &own {
        let one = format!("{LOG}/{}", record["id"].as_str().expect("an id"));
        auditor.get(one).await.problem(404, "not_found");
    }
    // What is hidden is in the chain all the same.
    let visible = auditor.all(LOG, 200).await.len();
    let checked = verified(&auditor, None).await["checked"].clone();
    assert_eq!(checked, visible + own.len());

    let me = auditor.get("/api/v1/me").await.expect(200).json();
    let mut member = participant();
    member["subject"] = me["subject"].clone();
    let added = admin.post(format!("{path}/participants"), &member);
    let added = added.await.expect(201);
    assert!(tells(&auditor, &id).await);
    let gone = admin.delete(format!("{path}/participants/{}", added.id()));
    gone.if_match(&added.etag()).await.expect(204);
    assert!(!tells(&auditor, &id).await);
}

async fn the_records_of_a_review_that_becomes_restricted_are_hidden_too(app: App) {
    let (admin, auditor) = (app.admin(), app.auditor());
    let made = admin.post("/api/v1/reviews", &review()).await.expect(201);
    assert!(tells(&auditor, &made.id()).await);
    let path = format!("/api/v1/reviews/{}", made.id());
    let mut tag = made.etag();
    for (visibility, told) in [("restricted", false), ("organization", true)] {
        let change = json!({ "visibility": visibility });
        let changed = admin.patch(&path, &change).if_match(&tag).await.expect(200);
        assert_eq!(tells(&auditor, &made.id()).await, told, "{visibility}");
        tag = changed.etag();
    }
}
