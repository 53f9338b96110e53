//! Agendas: made from what the review holds, set by hand, never longer than the session.

use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases, world};
use serde_json::{Value, json};

use super::{fault, on_record};

both_databases!(
    an_agenda_is_made_from_what_the_review_holds,
    more_of_something_gets_more_of_the_time,
    what_was_judged_stated_and_said_is_a_topic,
    a_follow_up_goes_through_its_actions,
    a_dry_run_keeps_the_agenda_as_it_is,
    an_agenda_is_set_by_hand_and_fits_its_session,
    an_agenda_belongs_to_a_session_that_is_to_come,
);

fn topics(agenda: &Value) -> Vec<(String, i64)> {
    let all = agenda["topics"].as_array().expect("a list").iter();
    all.map(|one| {
        let kind = one["kind"].as_str().expect("a kind").to_owned();
        (kind, one["minutes"].as_i64().expect("minutes"))
    })
    .collect()
}

fn kinds(agenda: &Value) -> Vec<String> {
    topics(agenda).into_iter().map(|(kind, _)| kind).collect()
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn an_agenda_is_made_from_what_the_review_holds(app: App) {
    let review = a_review(&app).await;
    let own = json!({ "kind": "lessons_learned", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let bare = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        kinds(&bare),
        [
            "ground_rules",
            "chronology",
            "strengths",
            "causes",
            "recommendations",
            "next_steps"
        ]
    );
    assert_eq!(
        (&bare["total_minutes"], &bare["fits"]),
        (&json!(90), &json!(true))
    );

    let key = json!({
        "occurred_at": "2026-11-20T03:36:00Z", "kind": "detection", "summary": "EDR alert",
        "is_key": true,
    });
    let event = app
        .admin()
        .post(review.path("/events"), &key)
        .await
        .expect(201)
        .id();
    let mut hindsight = key.clone();
    (hindsight["is_key"], hindsight["hindsight_only"]) = (json!(false), json!(true));
    app.admin()
        .post(review.path("/events"), &hindsight)
        .await
        .expect(201);
    review.append(3).await;
    let gap = json!({ "kind": "gap", "statement": "No owner", "gap_category": "policy" });
    review.record(&gap).await;
    let cause = json!({
        "kind": "root_cause", "statement": "Unread mailbox",
        "cause_category": "process_failure", "confidence": "low", "event_ids": [event],
    });
    let cause = review.record(&cause).await;
    let retracted = review.record(&gap).await;
    let path = review.path(&format!("/findings/{}/retract", retracted.id()));
    let why = json!({ "reason": "twice" });
    app.admin()
        .post(path, &why)
        .if_match(&retracted.etag())
        .await
        .expect(200);

    let made = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200);
    let agenda = made.json();
    assert_eq!(
        kinds(&agenda),
        [
            "ground_rules",
            "chronology",
            "strengths",
            "causes",
            "gaps",
            "recommendations",
            "open_questions",
            "next_steps"
        ]
    );
    let notes = |at: usize| agenda["topics"][at]["notes"].clone();
    assert_eq!(
        notes(1),
        "events: 5, of them key: 1, known only in hindsight: 1"
    );
    assert_eq!(notes(2), json!(null));
    assert_eq!(notes(3), "causes and factors: 1");
    assert_eq!(notes(4), "gaps: 1");
    assert_eq!(notes(5), "gaps without an answer: 1");
    assert_eq!(notes(6), "open points: 2");
    let minutes: i64 = topics(&agenda).iter().map(|(_, minutes)| minutes).sum();
    assert_eq!(minutes, 90);
    let last = agenda["topics"]
        .as_array()
        .expect("a list")
        .last()
        .expect("a topic");
    assert_eq!(last["starts_after_minutes"], 85);
    assert_eq!(last["starts_at"], "2026-11-30T11:25:00Z");
    let read = app.reader().get(workshop.path("/agenda")).await.expect(200);
    assert_eq!((read.json(), read.etag()), (agenda, made.etag()));
    let kept = &workshop.now().await.json()["agenda"];
    assert_eq!(kept.as_array().map(Vec::len), Some(8));
    let proposed = json!({ "title": "Give alerts an owner", "rationale": "Nobody read them" });
    app.admin()
        .post(review.path("/recommendations"), &proposed)
        .await
        .expect(201);
    let agenda = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        agenda["topics"][5]["notes"],
        "recommendations: 1, gaps without an answer: 1"
    );
    // An answered gap and a sure cause leave nothing open.
    let answer = json!({
        "title": "Give alerts an owner", "type": "detect",
        "finding_ids": [review.record(&gap).await.id()],
    });
    app.admin()
        .post(review.path("/actions"), &answer)
        .await
        .expect(201);
    let sure = json!({ "confidence": "high" });
    let path = review.path(&format!("/findings/{}", cause.id()));
    app.admin()
        .patch(path, &sure)
        .if_match(&cause.etag())
        .await
        .expect(200);
    let agenda = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(agenda["topics"][6]["notes"], "open points: 1");
    let told = on_record(&app, "workshop").await;
    assert_eq!(
        told.iter()
            .filter(|one| *one == "workshop.generate_agenda")
            .count(),
        4
    );
}

async fn more_of_something_gets_more_of_the_time(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    let minutes = |agenda: &Value, kind: &str| {
        let found = topics(agenda).into_iter().find(|(one, _)| one == kind);
        found.expect("the topic").1
    };
    let before = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    for _ in 0..6 {
        let strength = json!({ "kind": "strength", "statement": "Backups were offline" });
        review.record(&strength).await;
    }
    let after = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    assert!(minutes(&after, "strengths") > minutes(&before, "strengths"));
    assert!(minutes(&after, "causes") < minutes(&before, "causes"));
}

async fn what_was_judged_stated_and_said_is_a_topic(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    let client = review.client();
    let path = review.path("/assessments/detection");
    client.put(path, &world::assessment()).await.expect(201);
    let path = review.path("/impacts/final/business_operations");
    client.put(path, &world::impact()).await.expect(201);
    workshop.collect(&json!({ "anonymous": true })).await;
    let said = json!({ "prompt": "idea", "text": "Give the mailbox an owner" });
    let path = workshop.path("/contributions");
    app.contributor().post(&path, &said).await.expect(201);
    let generate = async || {
        let made = workshop.step("agenda/generate", &json!({})).await;
        made.expect(200).json()
    };
    let with_a_board = |agenda: &Value| kinds(agenda).contains(&"contributions".to_owned());
    // What lies in the box is no topic: nobody is to know of it.
    let collecting = generate().await;
    assert_eq!(
        kinds(&collecting),
        [
            "ground_rules",
            "chronology",
            "effectiveness",
            "impact",
            "strengths",
            "causes",
            "recommendations",
            "next_steps"
        ]
    );
    workshop.board("close").await.expect(200);
    let shown = generate().await;
    assert!(with_a_board(&shown), "{shown}");
    assert_eq!(shown["topics"][4]["notes"], "contributions: 1");
    workshop.board("open-voting").await.expect(200);
    let id = app.reader().get(&path).await.items()[0]["id"].clone();
    let ballot = json!({ "contribution_ids": [id] });
    let cast = app.contributor().put(workshop.path("/ballot"), &ballot);
    cast.await.expect(200);
    assert_eq!(generate().await, shown, "nobody sees how the votes go");
    workshop.board("close-voting").await.expect(200);
    let voted = generate().await;
    assert_eq!(voted["topics"][4]["notes"], "contributions: 1, votes: 1");
    let pack = app.reader().get(workshop.path("/briefing-pack")).await;
    let pack = pack.expect(200).json();
    for (kind, path) in [("assessments", "/assessments"), ("impacts", "/impacts")] {
        let listed = app.reader().get(review.path(path)).await.items();
        assert_eq!(listed.len(), 1, "{kind}");
        assert_eq!(pack[kind], json!(listed), "{kind}");
    }
}

async fn a_follow_up_goes_through_its_actions(app: App) {
    let review = a_review(&app).await;
    for (title, due_on, status) in [
        ("late", "2026-11-01", None),
        ("stuck", "2026-12-31", Some("blocked")),
        ("built", "2026-12-31", Some("implemented")),
        ("going", "2026-12-31", Some("in_progress")),
    ] {
        let body = json!({ "title": title, "type": "detect", "due_on": due_on });
        let made = app
            .admin()
            .post(review.path("/actions"), &body)
            .await
            .expect(201)
            .id();
        if let Some(status) = status {
            let path = review.path(&format!("/actions/{made}/progress"));
            app.admin()
                .post(path, &json!({ "status": status }))
                .await
                .expect(201);
        }
    }
    let workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    let agenda = workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200)
        .json();
    let titles: Vec<&str> = agenda["topics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["kind"] == "actions")
        .map(|one| {
            assert_eq!(one["notes"], "actions: 1");
            one["title"].as_str().expect("a title")
        })
        .collect();
    assert_eq!(
        titles,
        [
            "Actions that are overdue",
            "Actions that are held up",
            "Actions under way",
            "Actions that wait for the proof that they work",
        ]
    );
}

async fn a_dry_run_keeps_the_agenda_as_it_is(app: App) {
    let workshop = a_review(&app)
        .await
        .plan(&json!({ "kind": "hotwash" }))
        .await;
    let before = workshop.now().await;
    let shown = workshop
        .step("agenda/generate", &json!({ "dry_run": true }))
        .await
        .expect(200);
    assert_eq!(shown.json()["total_minutes"], 30);
    assert_eq!(workshop.now().await.json(), before.json());
    let path = workshop.path("/agenda/generate");
    app.admin()
        .post(&path, &json!({}))
        .await
        .problem(428, "precondition_required");
    let stale = app.admin().post(&path, &json!({})).if_match("\"7\"").await;
    stale.problem(412, "stale_version");
}

async fn an_agenda_is_set_by_hand_and_fits_its_session(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let path = workshop.path("/agenda");
    let topic =
        |title: &str, minutes: i64| json!({ "kind": "other", "title": title, "minutes": minutes });
    let long = json!({ "topics": [topic("One", 20), topic("Two", 11)] });
    let refused = client
        .put(&path, &long)
        .await
        .problem(422, "validation_failed");
    assert_eq!(refused.faults(), [fault("/topics", "exceeds_duration")]);
    let wrong = json!({ "topics": [topic("", 0)] });
    let refused = client.put(&path, &wrong).await.expect(422);
    assert_eq!(
        refused.faults(),
        [
            fault("/topics/0/minutes", "out_of_range"),
            fault("/topics/0/title", "too_short")
        ]
    );
    let fitting = json!({ "topics": [topic("One", 20), topic("Two", 10)] });
    let set = client
        .put(&path, &fitting)
        .if_match(&workshop.now().await.etag())
        .await
        .expect(200);
    assert_eq!(set.json()["topics"][1]["starts_after_minutes"], 20);
    assert_eq!(set.json()["topics"][1]["starts_at"], json!(null));
    // The same again changes nothing.
    let again = client.put(&path, &fitting).await.expect(200);
    assert_eq!((again.json(), again.etag()), (set.json(), set.etag()));
    let stale = client.put(&path, &fitting).if_match("\"1\"").await;
    stale.problem(412, "stale_version");
    app.contributor()
        .put(&path, &fitting)
        .await
        .problem(403, "missing_scope");
    // A session that was made shorter says that it does not fit any more.
    let shorter = json!({ "duration_minutes": 25 });
    workshop.change(&shorter).await.expect(200);
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(
        (&read["fits"], &read["total_minutes"]),
        (&json!(false), &json!(30))
    );
}

async fn an_agenda_belongs_to_a_session_that_is_to_come(app: App) {
    let workshop = a_review(&app)
        .await
        .plan(&json!({ "kind": "hotwash" }))
        .await;
    workshop.step("hold", &json!({})).await.expect(200);
    let held = [fault("", "workshop_is_held")];
    let refused = workshop.step("agenda/generate", &json!({})).await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), held);
    let refused = app
        .admin()
        .put(workshop.path("/agenda"), &json!({ "topics": [] }))
        .await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), held);
}
