//! Actions: progress, who may verify, and what may not wait for what.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    what_is_implemented_is_done_to_a_hundred_percent,
    an_action_moves_in_the_order_of_time,
    what_is_appended_to_an_action_has_an_address_of_its_own,
    the_owner_of_an_action_does_not_verify_it,
    whoever_calls_does_not_vouch_for_their_own_action,
    the_due_date_of_what_is_done_does_not_move,
    actions_do_not_wait_for_each_other_in_a_circle,
    an_action_of_a_restricted_review_is_named_to_its_members_only,
);

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn work() -> Value {
    json!({ "title": "Own every alert", "type": "detect", "owner": { "name": "Kim", "subject": "kim" }, "due_on": "2026-12-31" })
}

async fn created(app: &App, review: &Review) -> (String, Reply) {
    let made = app.admin().post(review.path("/actions"), &work()).await;
    let made = made.expect(201);
    (review.path(&format!("/actions/{}", made.id())), made)
}

async fn reported(app: &App, action: &str, report: Value) -> Value {
    let path = format!("{action}/progress");
    let reply = app.contributor().post(path, &report).await.expect(201);
    reply.json()["action"].clone()
}

async fn what_is_implemented_is_done_to_a_hundred_percent(app: App) {
    let review = a_review(&app).await;
    for (is_early, mut done) in [
        (false, json!({ "status": "implemented" })),
        (false, json!({ "status": "implemented", "percent": 100 })),
        (true, json!({ "status": "implemented" })),
        (true, json!({ "status": "implemented", "percent": 100 })),
    ] {
        let early = text(app.now());
        if is_early {
            done["at"] = json!(early);
        }
        let (path, _) = created(&app, &review).await;
        app.wait(Duration::hours(1));
        let half = reported(&app, &path, json!({ "percent": 50 })).await;
        assert_eq!(
            (&half["percent"], &half["status"]),
            (&json!(50), &json!("open"))
        );
        let older = reported(&app, &path, json!({ "percent": 20, "at": early })).await;
        assert_eq!(older["percent"], 50, "what is older does not count");
        let after = reported(&app, &path, done.clone()).await;
        assert_eq!(
            (&after["percent"], &after["status"]),
            (&json!(100), &json!("implemented")),
            "{done}"
        );
        let later = reported(&app, &path, json!({ "percent": 30 })).await;
        assert_eq!(
            (&later["percent"], &later["status"]),
            (&json!(100), &json!("implemented")),
            "{done}"
        );
    }
}

async fn an_action_moves_in_the_order_of_time(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let added = app.now();
    let (path, _) = created(&app, &review).await;
    let report = async |report: Value| client.post(format!("{path}/progress"), &report).await;
    let refused = async |body: Value, code: &str| {
        let faults = report(body).await.problem(422, "validation_failed");
        assert_eq!(faults.faults(), [("/at".to_owned(), code.to_owned())]);
    };
    app.wait(Duration::hours(2));
    let before = text(added - Duration::seconds(1));
    let moved = json!({ "status": "in_progress", "at": before });
    refused(moved, "before_creation").await;
    // What moves nothing may be older than the action is here.
    let begun = json!({ "percent": 5, "note": "begun in the old tracker", "at": before });
    report(begun).await.expect(201);
    let moved = json!({ "status": "in_progress", "at": text(added + Duration::hours(1)) });
    let first = report(moved).await.expect(201).json();
    assert_eq!(first["at"], text(added + Duration::hours(1)));
    let earlier = text(added + Duration::minutes(59));
    let moved = json!({ "status": "implemented", "at": earlier });
    refused(moved, "before_last_move").await;

    // A clock that is a little ahead is not refused, and time does not run backwards for it.
    let far = text(app.now() + Duration::seconds(301));
    refused(json!({ "percent": 50, "at": far }), "in_the_future").await;
    let near = text(app.now() + Duration::seconds(300));
    let ahead = json!({ "status": "blocked", "at": near });
    let ahead = report(ahead).await.expect(201).json();
    assert_eq!(ahead["at"], text(app.now()));
    let done = report(json!({ "status": "implemented" })).await.expect(201);
    assert_eq!(done.json()["action"]["status"], "implemented");
}

async fn the_owner_of_an_action_does_not_verify_it(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, _) = created(&app, &review).await;
    reported(&app, &path, json!({ "status": "implemented" })).await;
    let verify = |result: &str, by: &str| {
        let body = json!({ "method": "retest", "result": result, "verified_by": { "name": by, "subject": by } });
        (format!("{path}/verifications"), body)
    };
    for (result, by, expected) in [
        ("effective", "KIM", None),
        ("ineffective", "ada", Some("in_progress")),
    ] {
        let tag = admin.get(&path).await.expect(200).etag();
        let (list, body) = verify(result, by);
        let reply = admin.post(list, &body).if_match(&tag).await;
        match expected {
            Some(status) => {
                let action = reply.expect(201).json()["action"].clone();
                assert_eq!(action["status"], status);
                assert_eq!(
                    (&action["reopened_count"], &action["percent"]),
                    (&json!(1), &Value::Null)
                );
            }
            None => assert_eq!(
                reply.problem(409, "state_conflict").faults(),
                [(String::new(), "verifier_is_owner".to_owned())]
            ),
        }
    }
}

async fn whoever_calls_does_not_vouch_for_their_own_action(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let me = admin.get("/api/v1/me").await.expect(200).json();
    let (path, _) = created(&app, &review).await;
    let owned = async |subject: &Value| {
        let tag = admin.get(&path).await.expect(200).etag();
        let owner = json!({ "owner": { "name": "Somebody", "subject": subject } });
        let call = admin.patch(&path, &owner).if_match(&tag);
        call.await.expect(200).etag()
    };
    let borne = json!({
        "reason": "rare", "approver": { "name": "Lee", "subject": "lee" },
        "expires_on": "2027-06-30",
    });
    let proof = json!({
        "method": "retest", "result": "effective",
        "verified_by": { "name": "Lee", "subject": "lee" },
    });
    let refused = async |verb: &str, body: &Value, code: &str| {
        // The subject in other letters is the same person.
        let shouted = me["subject"].as_str().expect("a subject").to_uppercase();
        let tag = owned(&json!(shouted)).await;
        let call = admin.post(format!("{path}/{verb}"), body).if_match(&tag);
        let faults = call.await.problem(409, "state_conflict").faults();
        assert_eq!(faults, [(String::new(), code.to_owned())]);
    };
    refused("accept-risk", &borne, "approver_is_owner").await;
    owned(&json!("kim")).await;
    reported(&app, &path, json!({ "status": "implemented" })).await;
    refused("verifications", &proof, "verifier_is_owner").await;
    // Nor does whoever owned it when it was reported done, though it has been handed over since.
    let again = async || {
        let tag = admin.get(&path).await.expect(200).etag();
        let call = admin.post(format!("{path}/reopen"), &json!({ "reason": "again" }));
        call.if_match(&tag).await.expect(200);
    };
    again().await;
    owned(&me["subject"]).await;
    let done = reported(&app, &path, json!({ "status": "implemented" })).await;
    assert_eq!(done["implemented_by"]["subject"], me["subject"]);
    let tag = owned(&json!("kim")).await;
    let call = admin.post(format!("{path}/verifications"), &proof);
    let faults = call.if_match(&tag).await.problem(409, "state_conflict");
    let expected = (String::new(), "verifier_is_owner".to_owned());
    assert_eq!(faults.faults(), [expected]);
    again().await;
    reported(&app, &path, json!({ "status": "implemented" })).await;
    let tag = owned(&json!("kim")).await;
    let call = admin.post(format!("{path}/verifications"), &proof);
    call.if_match(&tag).await.expect(201);
}

async fn the_due_date_of_what_is_done_does_not_move(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, _) = created(&app, &review).await;
    reported(&app, &path, json!({ "status": "implemented" })).await;
    let before = admin.get(&path).await.expect(200);
    let moved = json!({ "due_on": "2027-01-31", "reason": "late" });
    for call in [
        admin.patch(&path, &json!({ "due_on": "2027-01-31" })),
        admin.patch(&path, &json!({ "due_on": null })),
        admin.post(format!("{path}/reschedule"), &moved),
    ] {
        let refused = call.if_match(&before.etag()).await;
        let faults = refused.problem(409, "state_conflict").faults();
        assert_eq!(
            faults,
            [(String::new(), "action_is_implemented".to_owned())]
        );
    }
    assert_eq!(admin.get(&path).await.expect(200).json(), before.json());
    // What else is said of it can still be put right, the same date too.
    let same = json!({ "title": "Own each alert", "due_on": "2026-12-31" });
    let call = admin.patch(&path, &same).if_match(&before.etag());
    assert_eq!(call.await.expect(200).json()["slips"], 0);
}

async fn actions_do_not_wait_for_each_other_in_a_circle(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (first, one) = created(&app, &review).await;
    let (second, two) = created(&app, &review).await;
    let waits = json!({ "depends_on": [one.id()] });
    let changed = admin.patch(&second, &waits).if_match(&two.etag()).await;
    assert_eq!(changed.expect(200).json()["blocked_by"], json!([one.id()]));
    for to in [one.id(), two.id()] {
        let tag = admin.get(&first).await.expect(200).etag();
        let circle = admin
            .patch(&first, &json!({ "depends_on": [to] }))
            .if_match(&tag)
            .await;
        let expected = [("/depends_on".to_owned(), "dependency_cycle".to_owned())];
        assert_eq!(circle.problem(422, "validation_failed").faults(), expected);
    }
}

async fn an_action_of_a_restricted_review_is_named_to_its_members_only(app: App) {
    let (admin, other) = (app.admin(), app.facilitator());
    let restricted = json!({ "visibility": "restricted" });
    let (open, quiet) = (a_review(&app).await, a_review_with(&app, restricted).await);
    let (first, one) = created(&app, &open).await;
    let (second, two) = created(&app, &open).await;
    let (hidden, three) = created(&app, &quiet).await;
    let waits = async |who: &Client, path: &str, on: Value| {
        let tag = who.get(path).await.expect(200).etag();
        let change = json!({ "depends_on": on });
        who.patch(path, &change).if_match(&tag).await
    };
    let both = json!([two.id(), three.id()]);
    waits(&admin, &first, both.clone()).await.expect(200);
    for (who, ids) in [(&admin, both), (&other, json!([two.id()]))] {
        let listed = who.all("/api/v1/actions", 50).await;
        let listed = listed.iter().find(|action| action["id"] == one.id());
        let shown = who.get(&first).await.expect(200).json();
        for action in [&shown, listed.expect("it is there")] {
            for field in ["depends_on", "blocked_by"] {
                assert_eq!(action[field], ids, "{field}");
            }
        }
    }
    // Who cannot see a dependency does not drop it, and is still kept by it.
    let cut = waits(&other, &first, json!([])).await.expect(200);
    assert_eq!(cut.json()["depends_on"], json!([]));
    let kept = admin.get(&first).await.expect(200).json();
    assert_eq!(kept["depends_on"], json!([three.id()]));
    reported(&app, &first, json!({ "status": "implemented" })).await;
    let tag = other.get(&first).await.expect(200).etag();
    let proof = json!({ "method": "retest", "result": "effective" });
    let call = other.post(format!("{first}/verifications"), &proof);
    let refused = call.if_match(&tag).await.problem(409, "state_conflict");
    let expected = [(String::new(), "dependency_unfinished".to_owned())];
    assert_eq!(refused.faults(), expected);
    assert!(!refused.text().contains(&three.id()), "{}", refused.text());
    // A circle through the restricted review is refused and not told.
    waits(&admin, &hidden, json!([two.id()])).await.expect(200);
    let circle = waits(&other, &second, json!([one.id()])).await;
    let circle = circle.problem(422, "validation_failed");
    let expected = [("/depends_on".to_owned(), "dependency_cycle".to_owned())];
    assert_eq!(circle.faults(), expected);
    assert!(circle.text().contains(&one.id()));
    assert!(!circle.text().contains(&three.id()), "{}", circle.text());
}

async fn what_is_appended_to_an_action_has_an_address_of_its_own(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, _) = created(&app, &review).await;
    let (other, _) = created(&app, &review).await;
    let done = json!({ "status": "implemented", "note": "Done" });
    let done = admin.post(format!("{path}/progress"), &done).await;
    let done = done.expect(201);
    let tag = admin.get(&path).await.expect(200).etag();
    let proof = json!({ "method": "retest", "result": "effective" });
    let proof = admin.post(format!("{path}/verifications"), &proof);
    let proof = proof.if_match(&tag).await.expect(201);
    for (made, kind) in [(done, "progress"), (proof, "verifications")] {
        let location = made.header("location").expect("a location").to_owned();
        assert_eq!(location, format!("{path}/{kind}/{}", made.id()));
        let mut expected = made.json();
        let fields = expected.as_object_mut().expect("an object");
        fields.remove("action").expect("the action beside it");
        let read = app.reader().get(&location).await.expect(200);
        assert_eq!(read.json(), expected);
        let elsewhere = format!("{other}/{kind}/{}", made.id());
        let elsewhere = app.reader().get(elsewhere).await;
        elsewhere.problem(404, "not_found");
        let stranger = app.stranger().get(&location).await;
        stranger.problem(404, "not_found");
    }
}
