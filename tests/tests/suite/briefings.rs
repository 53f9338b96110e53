//! Briefings: whom a review may be told to, what is left out, and what stays as it was told.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client, Reply, both_databases};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

both_databases!(
    a_briefing_is_drafted_changed_and_discarded,
    every_fault_of_a_briefing_is_told_at_once,
    a_briefing_tells_what_the_review_holds,
    what_is_issued_stays_as_it_was,
    a_restricted_review_reaches_its_members_only,
    every_mark_that_forbids_an_audience_is_named,
    the_marks_of_the_moment_count,
    privileged_analysis_is_left_out_for_all_but_legal,
    outsiders_are_told_neither_names_nor_weaknesses,
    a_briefing_is_delivered_and_acknowledged_once_each,
    a_newer_briefing_takes_the_place_of_the_older,
    briefings_are_found_by_what_they_are,
    a_step_of_a_briefing_needs_the_current_version,
    the_time_until_leadership_was_briefed_is_measured,
);

const BRIEFINGS: &str = "/api/v1/briefings";

async fn drafted(app: &App, review: &Review, own: Value) -> Reply {
    let path = review.path("/briefings");
    app.admin().post(path, &own).await
}

/// Drafts a briefing for an audience; its path.
async fn draft(app: &App, review: &Review, audience: &str) -> String {
    let made = drafted(app, review, json!({ "audience": audience })).await;
    format!("{BRIEFINGS}/{}", made.expect(201).id())
}

async fn step(app: &App, briefing: &str, verb: &str, body: &Value) -> Reply {
    let tag = app.admin().get(briefing).await.expect(200).etag();
    let call = app.admin().post(format!("{briefing}/{verb}"), body);
    call.if_match(&tag).await
}

async fn issued(app: &App, review: &Review, audience: &str) -> String {
    let briefing = draft(app, review, audience).await;
    step(app, &briefing, "issue", &json!({})).await.expect(200);
    briefing
}

async fn content(client: &Client, briefing: &str) -> Value {
    let path = format!("{briefing}/content");
    client.get(path).await.expect(200).json()
}

async fn markdown(client: &Client, briefing: &str) -> Reply {
    client.get(format!("{briefing}/markdown")).await.expect(200)
}

fn codes(reply: &Reply) -> Vec<String> {
    reply.faults().into_iter().map(|(_, code)| code).collect()
}

/// A review with something in every part.
async fn a_full_review(app: &App, own: Value) -> Review {
    let incident = json!({
        "title": "Ransomware", "severity": "high",
        "timestamps": {
            "detected": { "at": "2026-11-21T03:36:00Z" },
            "contained": { "at": "2026-11-21T06:05:00Z" },
        },
    });
    let incident = app.admin().post("/api/v1/incidents", &incident).await;
    let mut body = json!({ "incident_ids": [incident.expect(201).id()] });
    for (name, value) in own.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let review = a_review_with(app, body).await.with_findings().await;
    let (client, key) = (
        app.admin(),
        json!({
            "occurred_at": "2026-11-21T03:36:00Z", "kind": "alert", "is_key": true,
            "summary": "# EDR alert on [fs-01](http://x)",
        }),
    );
    client.post(review.path("/events"), &key).await.expect(201);
    review
        .record(&json!({
            "kind": "gap", "statement": "No second factor", "gap_category": "access_control",
            "no_recommendation_reason": "is being mended",
        }))
        .await;
    let detection = json!({ "rating": "ineffective", "summary": "Nobody read the mailbox" });
    let path = review.path("/assessments/detection");
    client.put(path, &detection).await.expect(201);
    let cost = json!({
        "rating": "major", "narrative": "Deliveries came late",
        "costs": [{
            "loss_variety": "business_disruption",
            "amount": { "currency": "EUR", "min": 100_000, "likely": 12_345_600, "max": 20_000_000 },
        }],
    });
    for (snapshot, rating) in [("initial", "minor"), ("final", "major")] {
        let mut cost = cost.clone();
        cost["rating"] = json!(rating);
        let path = review.path(&format!("/impacts/{snapshot}/financial"));
        client.put(path, &cost).await.expect(201);
    }
    review
        .propose(
            &json!({ "title": "Require a second factor", "rationale": "It would have helped" }),
        )
        .await;
    review
        .act(&json!({
            "title": "Own every alert", "type": "detect", "owner": { "name": "Kim Larsen" },
            "due_on": "2027-01-31", "closure_criteria": "No alert waits",
        }))
        .await;
    review
        .learn(&json!({ "statement": "An alert needs an owner" }))
        .await;
    review
}

async fn a_briefing_is_drafted_changed_and_discarded(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let own = json!({
        "audience": "leadership", "headline": "What it cost us",
        "key_messages": ["It is mended"], "decisions_wanted": ["Fund the second factor"],
        "sections": ["impact", "summary"],
    });
    let path = review.path("/briefings");
    let made = lead.post(path, &own).await.expect(201);
    let briefing = format!("{BRIEFINGS}/{}", made.id());
    assert_eq!(made.header("location"), Some(briefing.as_str()));
    let body = made.json();
    for (field, value) in own.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!(
        (&body["status"], &body["sha256"]),
        (&json!("draft"), &Value::Null)
    );
    assert_eq!(body["review_key"], review.now().await.json()["key"]);
    let read = app.reader().get(&briefing).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let change = json!({ "key_messages": ["Somebody should have known"], "sections": ["summary"] });
    let changed = lead.patch(&briefing, &change).if_match(&made.etag()).await;
    let changed = changed.expect(200);
    let body = changed.json();
    assert_eq!(body["headline"], own["headline"]);
    assert_eq!(body["wording_notes"][0]["pointer"], "/key_messages/0");
    let told = content(&app.reader(), &briefing).await;
    assert_eq!(told["sections"], json!(["summary"]));
    assert_eq!(told["summary"], review.now().await.json()["summary"]);
    assert_eq!(
        (&told["impact"], &told["omitted"]),
        (&Value::Null, &json!([]))
    );
    // A draft follows its review.
    let tag = review.now().await.etag();
    let other = json!({ "summary": "It was a phished account." });
    let call = app.admin().patch(review.path(""), &other);
    call.if_match(&tag).await.expect(200);
    let told = content(&app.reader(), &briefing).await;
    assert_eq!(told["summary"], other["summary"]);
    let gone = lead.delete(&briefing).if_match(&changed.etag()).await;
    gone.expect(204);
    lead.get(&briefing).await.problem(404, "not_found");
    let log = "/api/v1/audit-records?resource_type=briefing&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<&str> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    assert_eq!(
        actions,
        ["briefing.draft", "briefing.update", "briefing.discard"]
    );
    assert!(log.iter().all(|one| one["review_id"] == review.id));
}

async fn every_fault_of_a_briefing_is_told_at_once(app: App) {
    let review = a_review(&app).await;
    let wrong = json!({
        "audience": "everybody", "headline": "", "key_messages": [""], "sections": [],
        "status": "issued",
    });
    let reply = drafted(&app, &review, wrong).await;
    let places: Vec<String> = reply
        .problem(422, "validation_failed")
        .faults()
        .into_iter()
        .map(|(place, _)| place)
        .collect();
    let expected = [
        "/audience",
        "/headline",
        "/key_messages/0",
        "/sections",
        "/status",
    ];
    assert_eq!(places, expected);
    let twice = json!({ "audience": "internal", "sections": ["summary", "gaps", "summary"] });
    let reply = drafted(&app, &review, twice).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(
        found,
        [("/sections/2".to_owned(), "repeated_item".to_owned())]
    );
    let why = json!({ "reason": "opened by mistake" });
    review.step("cancel", &why).await.expect(200);
    let reply = drafted(&app, &review, json!({ "audience": "internal" })).await;
    assert_eq!(
        codes(&reply.problem(409, "state_conflict")),
        ["review_is_cancelled"]
    );
}

async fn a_briefing_tells_what_the_review_holds(app: App) {
    let review = a_full_review(&app, json!({ "tlp": "amber" })).await;
    let briefing = draft(&app, &review, "leadership").await;
    let told = content(&app.reader(), &briefing).await;
    assert_eq!(told["headline"], review.now().await.json()["title"]);
    assert_eq!(told["timeline"].as_array().map(Vec::len), Some(1));
    let contain = told["durations"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["metric"] == "time_to_contain");
    assert_eq!(contain.expect("is there")["seconds"], 8940);
    let impact = &told["impact"][0];
    assert_eq!(
        (
            &impact["snapshot"],
            &impact["rating"],
            &impact["costs"][0]["likely"]
        ),
        (&json!("final"), &json!("major"), &json!(12_345_600))
    );
    assert_eq!(
        told["causes"][0]["statement"],
        "Alerts had no accountable owner"
    );
    assert_eq!(
        told["strengths"][0]["statement"],
        "Backups were kept offline"
    );
    assert_eq!(told["gaps"][0]["gap_category"], "access_control");
    assert_eq!(told["assessments"][0]["rating"], "ineffective");
    assert_eq!(told["recommendations"][0]["decision_wanted"], true);
    let action = &told["actions"][0];
    assert_eq!(
        (&action["owner"], &action["due_on"]),
        (&json!("Kim Larsen"), &json!("2027-01-31"))
    );
    assert_eq!(told["lessons"][0]["status"], "proposed");
    assert_eq!(
        (&told["obligations"], &told["omitted"]),
        (&json!([]), &json!([]))
    );
    let text = markdown(&app.reader(), &briefing).await;
    assert_eq!(
        text.header("content-type"),
        Some("text/markdown; charset=utf-8")
    );
    let text = text.text();
    for line in [
        "**TLP:AMBER** · For: Leadership",
        "- **2026-11-21 03:36 UTC**: \\# EDR alert on \\[fs-01\\](http://x)",
        "time to contain 2 h 29 min",
        "EUR 123,456.00 (1,000.00 to 200,000.00) (final estimate). Deliveries came late",
        "**Require a second factor** (decision wanted). It would have helped",
        "| Own every alert | ",
        " | Kim Larsen | 2027-01-31 |",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

fn hash(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn what_is_issued_stays_as_it_was(app: App) {
    let review = a_full_review(&app, json!({})).await;
    let briefing = issued(&app, &review, "leadership").await;
    let body = app.reader().get(&briefing).await.expect(200).json();
    assert_eq!(
        (&body["status"], &body["issued_at"]),
        (&json!("issued"), &json!("2026-11-23T12:00:00Z"))
    );
    let read = async || {
        let told = app
            .reader()
            .get(format!("{briefing}/content"))
            .await
            .expect(200);
        (
            told.etag(),
            told.body,
            markdown(&app.reader(), &briefing).await.body,
        )
    };
    let before = read().await;
    assert_eq!(hash(&before.1), body["sha256"]);
    assert_eq!(hash(&before.2), body["markdown_sha256"]);
    assert_eq!(before.0, format!("\"{}\"", hash(&before.1)));
    let known = app.reader().get(format!("{briefing}/content"));
    known.header("if-none-match", &before.0).await.expect(304);
    // Whatever becomes of the review.
    review
        .record(&json!({ "kind": "strength", "statement": "Another" }))
        .await;
    let tag = review.now().await.etag();
    let change = json!({ "title": "Another title", "tlp": "red", "legal_privilege": true });
    let call = app.admin().patch(review.path(""), &change);
    call.if_match(&tag).await.expect(200);
    app.wait(Duration::days(3));
    assert_eq!(read().await, before);
    let tag = app.admin().get(&briefing).await.expect(200).etag();
    let client = app.admin();
    let refused = [
        client.patch(&briefing, &json!({ "headline": "x" })),
        client.delete(&briefing),
        client.post(format!("{briefing}/issue"), &json!({})),
    ];
    for call in refused {
        let reply = call.if_match(&tag).await.problem(409, "state_conflict");
        assert_eq!(codes(&reply), ["briefing_is_issued"]);
    }
}

/// Somebody with a key of their own; their subject.
async fn somebody(app: &App, name: &str) -> (Client, String) {
    let key = json!({ "name": name, "scopes": ["reviews:read"] });
    let key = app.admin().post("/api/v1/api-keys", &key).await.expect(201);
    let client = app.bearing(key.json()["key"].as_str());
    let me = client.get("/api/v1/me").await.expect(200).json();
    (
        client,
        me["subject"].as_str().expect("a subject").to_owned(),
    )
}

async fn a_restricted_review_reaches_its_members_only(app: App) {
    let review = a_full_review(&app, json!({ "visibility": "restricted" })).await;
    for (audience, expected) in [
        ("internal", vec!["restricted_review"]),
        (
            "external",
            vec![
                "restricted_review",
                "review_not_published",
                "tlp_forbids_audience",
            ],
        ),
    ] {
        let reply = drafted(&app, &review, json!({ "audience": audience })).await;
        assert_eq!(
            codes(&reply.problem(409, "state_conflict")),
            expected,
            "{audience}"
        );
    }
    let briefing = issued(&app, &review, "leadership").await;
    let (inside, member) = somebody(&app, "Member").await;
    let (outside, other) = somebody(&app, "Other").await;
    let person = json!({ "name": "Mem Ber", "function": "management", "subject": member });
    review.join_as(&person).await;
    let to = |all: Value| json!({ "recipients": all, "channel": "in_person" });
    let both = to(
        json!([{ "name": "Mem Ber", "subject": member }, { "name": "Oth Er", "subject": other }]),
    );
    let reply = step(&app, &briefing, "deliver", &both).await;
    let expected = [("/recipients/1".to_owned(), "not_a_member".to_owned())];
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let one = to(json!([{ "name": "Mem Ber", "subject": member }]));
    step(&app, &briefing, "deliver", &one).await.expect(200);
    // For everybody else there is no such briefing, wherever they look.
    for client in [outside, app.facilitator(), app.stranger()] {
        for path in ["", "/content", "/markdown"] {
            let path = format!("{briefing}{path}");
            client.get(path).await.problem(404, "not_found");
        }
        let acknowledge = client.post(format!("{briefing}/acknowledge"), &json!({}));
        acknowledge.await.problem(404, "not_found");
        assert_eq!(
            client.get(BRIEFINGS).await.expect(200).items(),
            Vec::<Value>::new()
        );
    }
    let found = app
        .facilitator()
        .get("/api/v1/search?q=learned&type=briefing")
        .await;
    assert_eq!(found.expect(200).items(), Vec::<Value>::new());
    inside.get(format!("{briefing}/content")).await.expect(200);
    let acknowledge = inside.post(format!("{briefing}/acknowledge"), &json!({}));
    acknowledge.await.expect(200);
}

async fn every_mark_that_forbids_an_audience_is_named(app: App) {
    let tlp = "tlp_forbids_audience";
    let early = "review_not_published";
    for (own, audience, expected) in [
        (json!({ "tlp": "red" }), "internal", vec![tlp]),
        (json!({ "tlp": "red" }), "external", vec![early, tlp]),
        (json!({ "tlp": "amber" }), "external", vec![early, tlp]),
        (json!({ "tlp": "green" }), "external", vec![early]),
        (
            json!({ "tlp": "red", "legal_privilege": true, "visibility": "restricted" }),
            "external",
            vec![
                "privilege_forbids_audience",
                "restricted_review",
                early,
                tlp,
            ],
        ),
    ] {
        let review = a_review_with(&app, own.clone()).await;
        let reply = drafted(&app, &review, json!({ "audience": audience })).await;
        let found = codes(&reply.problem(409, "state_conflict"));
        assert_eq!(found, expected, "{own} {audience}");
        for audience in ["leadership", "legal"] {
            draft(&app, &review, audience).await;
        }
    }
    let review = a_review_with(&app, json!({ "tlp": "green" })).await;
    draft(&app, &review.published().await, "external").await;
}

async fn the_marks_of_the_moment_count(app: App) {
    let review = a_review_with(&app, json!({ "tlp": "amber" })).await;
    let (first, second) = (
        issued(&app, &review, "internal").await,
        draft(&app, &review, "internal").await,
    );
    let tag = review.now().await.etag();
    let call = app.admin().patch(review.path(""), &json!({ "tlp": "red" }));
    call.if_match(&tag).await.expect(200);
    let reply = step(&app, &second, "issue", &json!({})).await;
    assert_eq!(
        codes(&reply.problem(409, "state_conflict")),
        ["tlp_forbids_audience"]
    );
    let to = json!({ "recipients": [{ "name": "All" }], "channel": "email" });
    let reply = step(&app, &first, "deliver", &to).await;
    assert_eq!(
        codes(&reply.problem(409, "state_conflict")),
        ["tlp_forbids_audience"]
    );
}

async fn privileged_analysis_is_left_out_for_all_but_legal(app: App) {
    let review = a_full_review(&app, json!({ "legal_privilege": true })).await;
    let analysis = [
        "summary",
        "causes",
        "assessments",
        "strengths",
        "gaps",
        "recommendations",
        "lessons",
    ];
    for audience in ["internal", "leadership"] {
        let briefing = draft(&app, &review, audience).await;
        let told = content(&app.reader(), &briefing).await;
        for section in analysis {
            assert_eq!(told[section], Value::Null, "{section}");
        }
        let mut omitted: Vec<&str> = told["omitted"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|one| one["reason"] == "legal_privilege")
            .filter_map(|one| one["section"].as_str())
            .collect();
        omitted.sort_unstable();
        let mut expected = analysis;
        expected.sort_unstable();
        assert_eq!(omitted, expected);
        assert_eq!(told["timeline"].as_array().map(Vec::len), Some(1));
        let text = markdown(&app.reader(), &briefing).await.text();
        assert!(text.contains("## Left out") && !text.contains("accountable owner"));
    }
    let briefing = draft(&app, &review, "legal").await;
    let told = content(&app.reader(), &briefing).await;
    assert_eq!(told["omitted"], json!([]));
    assert_eq!(told["causes"].as_array().map(Vec::len), Some(1));
    let text = markdown(&app.reader(), &briefing).await.text();
    assert!(text.contains("**Privileged and confidential**"));
}

async fn outsiders_are_told_neither_names_nor_weaknesses(app: App) {
    let review = a_review_with(&app, json!({ "tlp": "clear" })).await;
    review
        .act(&json!({
            "title": "Own every alert", "type": "detect", "owner": { "name": "Kim Larsen" },
            "due_on": "2027-01-31", "closure_criteria": "No alert waits",
        }))
        .await;
    let review = review.published().await;
    let briefing = issued(&app, &review, "external").await;
    let told = content(&app.reader(), &briefing).await;
    for section in ["gaps", "assessments", "recommendations", "obligations"] {
        assert_eq!(told[section], Value::Null, "{section}");
    }
    assert_eq!(told["actions"][0]["owner"], Value::Null);
    assert_eq!(told["causes"].as_array().map(Vec::len), Some(1));
    let text = markdown(&app.reader(), &briefing).await.text();
    assert!(text.contains("**TLP:CLEAR**") && !text.contains("Kim Larsen"));
}

async fn a_briefing_is_delivered_and_acknowledged_once_each(app: App) {
    let review = a_review(&app).await;
    let briefing = draft(&app, &review, "leadership").await;
    let (chief, subject) = somebody(&app, "Chief").await;
    let (other, _) = somebody(&app, "Other").await;
    let board = json!({ "name": "The board" });
    let to = json!({
        "recipients": [{ "name": "Chief", "subject": subject }, board], "channel": "in_person",
    });
    let reply = step(&app, &briefing, "deliver", &to).await;
    assert_eq!(
        codes(&reply.problem(409, "state_conflict")),
        ["briefing_is_draft"]
    );
    step(&app, &briefing, "issue", &json!({})).await.expect(200);
    let acknowledge = format!("{briefing}/acknowledge");
    chief
        .post(&acknowledge, &json!({}))
        .await
        .problem(403, "forbidden");
    let mut wrong = to.clone();
    wrong["recipients"] = json!([board, board]);
    for (at, code) in [
        ("2026-11-23T11:59:59Z", "before_issue"),
        ("2026-11-23T12:00:01Z", "in_the_future"),
    ] {
        wrong["delivered_at"] = json!(at);
        let reply = step(&app, &briefing, "deliver", &wrong).await;
        let expected = [
            ("/delivered_at".to_owned(), code.to_owned()),
            ("/recipients/1".to_owned(), "repeated_item".to_owned()),
        ];
        assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    }
    let given = step(&app, &briefing, "deliver", &to)
        .await
        .expect(200)
        .json();
    let first = &given["delivered_to"][0];
    assert_eq!(
        (&first["channel"], &first["delivered_at"]),
        (&json!("in_person"), &json!("2026-11-23T12:00:00Z"))
    );
    assert_eq!(given["unacknowledged"], to["recipients"]);
    let mine = chief
        .post(&acknowledge, &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(mine["acknowledged_by"][0]["recorded_by"], subject);
    assert_eq!(mine["unacknowledged"], json!([board]));
    app.wait(Duration::hours(1));
    let again = chief
        .post(&acknowledge, &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(again, mine);
    other
        .post(&acknowledge, &json!({}))
        .await
        .problem(403, "forbidden");
    let for_board = json!({ "recipient": board });
    chief
        .post(&acknowledge, &for_board)
        .await
        .problem(403, "missing_scope");
    let lead = app.facilitator();
    let unknown = json!({ "recipient": { "name": "Nobody" } });
    let reply = lead.post(&acknowledge, &unknown).await;
    let expected = [("/recipient".to_owned(), "not_found".to_owned())];
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let all = lead.post(&acknowledge, &for_board).await.expect(200).json();
    assert_eq!(all["unacknowledged"], json!([]));
    let log = "/api/v1/audit-records?action=briefing.acknowledge";
    assert_eq!(app.auditor().all(log, 50).await.len(), 2);
    let feed = app.reader().get("/api/v1/changes?type=briefing.*").await;
    let feed = feed.expect(200).items();
    let types: Vec<&str> = feed.iter().filter_map(|one| one["type"].as_str()).collect();
    let expected = ["draft", "issue", "deliver", "acknowledge", "acknowledge"];
    assert_eq!(types, expected.map(|verb| format!("briefing.{verb}")));
}

async fn a_newer_briefing_takes_the_place_of_the_older(app: App) {
    let review = a_review(&app).await;
    let first = issued(&app, &review, "leadership").await;
    let for_legal = issued(&app, &review, "legal").await;
    let to = json!({ "recipients": [{ "name": "The board" }], "channel": "email" });
    step(&app, &first, "deliver", &to).await.expect(200);
    let second = issued(&app, &review, "leadership").await;
    let now = async |path: &str| app.reader().get(path).await.expect(200).json();
    let old = now(&first).await;
    assert_eq!(old["status"], "superseded");
    let newer = second.rsplit('/').next().expect("an id");
    assert_eq!(old["superseded_by_id"], newer);
    assert_eq!(now(&for_legal).await["status"], "issued");
    assert_eq!(now(&second).await["status"], "issued");
    content(&app.reader(), &first).await;
    let reply = step(&app, &first, "deliver", &to).await;
    assert_eq!(
        codes(&reply.problem(409, "state_conflict")),
        ["briefing_is_superseded"]
    );
    let board = json!({ "recipient": { "name": "The board" } });
    let path = format!("{first}/acknowledge");
    app.admin().post(path, &board).await.expect(200);
}

async fn briefings_are_found_by_what_they_are(app: App) {
    let (one, other) = (a_review(&app).await, a_review(&app).await);
    let mut all = Vec::new();
    for (review, audience, headline) in [
        (&one, "leadership", "Second factor"),
        (&one, "legal", "Notified in time"),
        (&other, "internal", "What we learned"),
    ] {
        app.wait(Duration::minutes(1));
        let own = json!({ "audience": audience, "headline": headline, "key_messages": ["Alerts"] });
        all.push(drafted(&app, review, own).await.expect(201).id());
    }
    app.wait(Duration::minutes(1));
    for at in [1, 0] {
        let path = format!("{BRIEFINGS}/{}", all[at]);
        step(&app, &path, "issue", &json!({})).await.expect(200);
        app.wait(Duration::hours(1));
    }
    for (query, expected) in [
        ("", vec![0, 1, 2]),
        ("?sort=-created_at", vec![2, 1, 0]),
        ("?sort=issued_at", vec![1, 0, 2]),
        ("?sort=-issued_at", vec![0, 1, 2]),
        ("?audience=legal&audience=internal", vec![1, 2]),
        ("?status=issued", vec![0, 1]),
        ("?status=draft", vec![2]),
        ("?issued_at_from=2026-11-23T13:00:00Z", vec![0]),
        ("?issued_at_to=2026-11-23T13:00:00Z", vec![1]),
        ("?q=ALERTS%20factor", vec![0]),
    ] {
        let found = app.reader().all(&format!("{BRIEFINGS}{query}"), 2).await;
        let found: Vec<&str> = found.iter().filter_map(|one| one["id"].as_str()).collect();
        let expected: Vec<&String> = expected.into_iter().map(|at| &all[at]).collect();
        assert_eq!(found, expected, "{query}");
    }
    let own = app
        .reader()
        .all(&one.path("/briefings?sort=created_at"), 1)
        .await;
    assert_eq!(own.len(), 2);
    let across = format!("{BRIEFINGS}?review_id={}", other.id);
    assert_eq!(app.reader().all(&across, 50).await.len(), 1);
    let found = app
        .reader()
        .get("/api/v1/search?q=notified&type=briefing")
        .await;
    let found = found.expect(200).items();
    assert_eq!(found.len(), 1, "{found:?}");
    app.stranger()
        .get(format!("{BRIEFINGS}/{}", all[0]))
        .await
        .problem(404, "not_found");
}

async fn a_step_of_a_briefing_needs_the_current_version(app: App) {
    let review = a_review(&app).await;
    let briefing = draft(&app, &review, "internal").await;
    let (client, tag) = (
        app.admin(),
        app.admin().get(&briefing).await.expect(200).etag(),
    );
    let change = client.patch(&briefing, &json!({ "headline": "x" }));
    change.if_match(&tag).await.expect(200);
    let to = json!({ "recipients": [{ "name": "All" }], "channel": "email" });
    for call in [
        client.patch(&briefing, &json!({ "headline": "y" })),
        client.delete(&briefing),
        client.post(format!("{briefing}/issue"), &json!({})),
        client.post(format!("{briefing}/deliver"), &to),
    ] {
        call.clone().await.problem(428, "precondition_required");
        call.if_match(&tag).await.problem(412, "stale_version");
    }
    let issue = client.post(format!("{briefing}/issue"), &json!({}));
    let now = client.get(&briefing).await.expect(200).etag();
    let first = issue
        .clone()
        .if_match(&now)
        .key("issue-1")
        .await
        .expect(200);
    let again = issue.if_match(&now).key("issue-1").await.expect(200);
    assert_eq!(first.body, again.body);
}

async fn the_time_until_leadership_was_briefed_is_measured(app: App) {
    let measured = async || {
        let path = "/api/v1/metrics/process";
        let body = app.reader().get(path).await.expect(200).json();
        body["promptness"]["published_to_briefed"].clone()
    };
    let late = a_review(&app).await.published().await;
    let early = a_review(&app).await;
    issued(&app, &early, "leadership").await;
    app.wait(Duration::hours(1));
    early.published().await;
    let found = measured().await;
    assert_eq!((&found["n"], &found["n_missing"]), (&json!(1), &json!(1)));
    app.wait(Duration::hours(1));
    issued(&app, &late, "legal").await;
    app.wait(Duration::hours(1));
    issued(&app, &late, "leadership").await;
    app.wait(Duration::hours(1));
    issued(&app, &late, "leadership").await;
    let found = measured().await;
    assert_eq!(
        (&found["n"], &found["min"], &found["max"]),
        (&json!(2), &json!(0), &json!(10_800))
    );
    let url = found["records_url"]
        .as_str()
        .expect("an address")
        .to_owned();
    let records = app.reader().all(&url, 50).await;
    let seconds: Vec<&Value> = records
        .iter()
        .map(|one| &one["published_to_briefed_seconds"])
        .collect();
    assert_eq!(seconds, [0, 10_800]);
}
