//! Holding a session: who came, which function was missing, what came of it.

use chrono::Duration;
use debrief_tests::builders::{Review, Workshop, a_review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::{fault, on_record};

both_databases!(
    a_session_is_held_with_all_that_came_of_it,
    a_session_was_held_when_it_was_to_be_unless_somebody_says,
    a_required_function_that_is_missing_is_told_until_it_is_excused,
    all_faults_of_holding_are_told_and_nothing_is_kept,
    what_was_held_stays_as_it_was_held,
    a_review_without_a_policy_asks_for_no_workshop,
    a_published_review_keeps_its_workshops,
    a_participant_in_a_workshop_is_not_removed,
    what_was_written_down_is_found_and_its_wording_noted,
);

const FUNCTIONS: [&str; 5] = ["responder", "it", "management", "legal", "communications"];

/// A session with somebody invited for each of the functions; their invitations.
async fn invited(review: &Review, functions: &[&str]) -> (Workshop, Vec<String>) {
    let own = json!({ "kind": "lessons_learned", "scheduled_at": "2026-11-23T09:00:00Z" });
    let workshop = review.plan(&own).await;
    let mut invitations = Vec::new();
    for function in functions {
        let participant = review.join(function, function).await;
        let invitation = workshop.invite(&participant).await;
        assert_eq!(invitation.json()["required"], true, "{function}");
        invitations.push(invitation.id());
    }
    (workshop, invitations)
}

fn presences(workshop: &Value) -> Vec<String> {
    let all = workshop["required_functions"].as_array().expect("a list");
    let presence = |one: &Value| one["presence"].as_str().expect("a word").to_owned();
    all.iter().map(presence).collect()
}

async fn a_session_is_held_with_all_that_came_of_it(app: App) {
    let review = a_review(&app).await;
    let (workshop, invitations) = invited(&review, &FUNCTIONS).await;
    let planned = workshop.now().await.json();
    assert_eq!(presences(&planned), ["expected"; 5]);
    assert_eq!(planned["absent_required_functions"], json!([]));
    let attended = |id: &String| json!({ "invitation_id": id, "attendance": "attended" });
    let came: Vec<Value> = invitations.iter().map(attended).collect();
    let held = workshop
        .step(
            "hold",
            &json!({
                "held_at": "2026-11-23T09:05:00Z",
                "actual_duration_minutes": 95,
                "minutes": "All agreed.",
                "next_session_at": "2027-01-11T10:00:00Z",
                "attendance": came,
            }),
        )
        .await
        .expect(200);
    let body = held.json();
    assert_eq!(body["status"], "held");
    assert_eq!(body["held_at"], "2026-11-23T09:05:00Z");
    assert_eq!(body["actual_duration_minutes"], 95);
    assert_eq!(body["minutes"], "All agreed.");
    assert_eq!(body["next_session_at"], "2027-01-11T10:00:00Z");
    assert_eq!(presences(&body), ["present"; 5]);
    assert_eq!(body["absent_required_functions"], json!([]));
    assert_eq!(body["invitation_counts"]["attended"], 5);
    let read = workshop.now().await;
    assert_eq!((read.json(), read.etag()), (body, held.etag()));
    let once = workshop
        .step("hold", &json!({}))
        .await
        .problem(409, "state_conflict");
    assert_eq!(once.faults(), [fault("", "workshop_is_held")]);
    assert_eq!(
        on_record(&app, "workshop").await,
        ["workshop.plan", "workshop.hold"]
    );
    let invitations = on_record(&app, "invitation").await;
    let attended = invitations
        .iter()
        .filter(|one| *one == "invitation.attendance");
    assert_eq!(attended.count(), 5);
}

async fn a_session_was_held_when_it_was_to_be_unless_somebody_says(app: App) {
    let review = a_review(&app).await;
    let held = |own: Value| {
        let review = review.clone();
        async move {
            let workshop = review.plan(&own).await;
            let held = workshop.step("hold", &json!({})).await.expect(200).json();
            held["held_at"].as_str().expect("an instant").to_owned()
        }
    };
    let now = "2026-11-23T12:00:00Z";
    let past = json!({ "kind": "hotwash", "scheduled_at": "2026-11-20T10:00:00Z" });
    assert_eq!(held(past).await, "2026-11-20T10:00:00Z");
    assert_eq!(held(json!({ "kind": "hotwash" })).await, now);
    let early = json!({ "kind": "hotwash", "scheduled_at": "2026-11-24T10:00:00Z" });
    assert_eq!(held(early).await, now);
    // What was written down before stays.
    let own = json!({ "kind": "hotwash", "minutes": "Noted.", "next_session_at": "2026-12-01T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let held = workshop.step("hold", &json!({})).await.expect(200).json();
    assert_eq!(held["minutes"], "Noted.");
    assert_eq!(held["next_session_at"], "2026-12-01T10:00:00Z");
}

async fn a_required_function_that_is_missing_is_told_until_it_is_excused(app: App) {
    let review = a_review(&app).await;
    let (workshop, invitations) = invited(&review, &FUNCTIONS[..4]).await;
    let (responder, it, management, legal) = (
        &invitations[0],
        &invitations[1],
        &invitations[2],
        &invitations[3],
    );
    workshop
        .tell(legal, "rsvp", &json!({ "rsvp": "declined" }))
        .await
        .expect(200);
    let planned = workshop.now().await.json();
    assert_eq!(
        presences(&planned),
        [
            "expected",
            "expected",
            "expected",
            "declined",
            "not_invited"
        ]
    );
    assert_eq!(
        planned["absent_required_functions"],
        json!(["legal", "communications"])
    );
    assert_eq!(
        planned["required_functions"][3]["invitation_ids"],
        json!([legal])
    );

    let held = workshop
        .step(
            "hold",
            &json!({
                "attendance": [
                    { "invitation_id": responder, "attendance": "attended" },
                    { "invitation_id": it, "attendance": "absent" },
                    { "invitation_id": management, "attendance": "excused", "reason": "on leave" },
                ],
            }),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        presences(&held),
        ["present", "absent", "excused", "absent", "absent"]
    );
    assert_eq!(held["required_functions"][2]["reason"], "on leave");
    assert_eq!(
        held["absent_required_functions"],
        json!(["it", "legal", "communications"])
    );

    // Each in a way of its own: they were there after all, are excused, or the function is.
    let came = json!({ "attendance": "attended" });
    workshop.tell(it, "attendance", &came).await.expect(200);
    let excused = json!({ "attendance": "excused", "reason": "reads the minutes" });
    workshop
        .tell(legal, "attendance", &excused)
        .await
        .expect(200);
    let without = json!({ "excused_functions": [{ "function": "communications", "reason": "nothing to tell" }] });
    let settled = workshop.change(&without).await.expect(200).json();
    assert_eq!(
        presences(&settled),
        ["present", "present", "excused", "excused", "excused"]
    );
    assert_eq!(
        settled["required_functions"][4]["reason"],
        "nothing to tell"
    );
    assert_eq!(settled["absent_required_functions"], json!([]));
    assert_eq!(settled["invitation_counts"]["excused"], 2);
}

async fn all_faults_of_holding_are_told_and_nothing_is_kept(app: App) {
    let review = a_review(&app).await;
    let (workshop, invitations) = invited(&review, &["it"]).await;
    let before = workshop.now().await;
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let excuse = json!({ "function": "legal", "reason": "none" });
    let refused = workshop
        .step(
            "hold",
            &json!({
                "held_at": "2026-11-23T12:00:01Z",
                "next_session_at": "2026-11-23T12:00:00Z",
                "attendance": [
                    { "invitation_id": invitations[0], "attendance": "attended", "reason": "late" },
                    { "invitation_id": nobody, "attendance": "excused" },
                    { "invitation_id": invitations[0], "attendance": "absent" },
                ],
                "excused_functions": [excuse, excuse],
            }),
        )
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [
            fault("/attendance/0/reason", "not_for_this_attendance"),
            fault("/attendance/1/invitation_id", "not_found"),
            fault("/attendance/1/reason", "required"),
            fault("/attendance/2", "repeated_item"),
            fault("/excused_functions/1", "repeated_item"),
            fault("/held_at", "in_the_future"),
            fault("/next_session_at", "before_session"),
        ]
    );
    assert_eq!(workshop.now().await.json(), before.json());
    let path = workshop.path("/hold");
    app.admin()
        .post(&path, &json!({}))
        .await
        .problem(428, "precondition_required");
    let stale = app.admin().post(&path, &json!({})).if_match("\"9\"").await;
    stale.problem(412, "stale_version");
}

async fn what_was_held_stays_as_it_was_held(app: App) {
    let review = a_review(&app).await;
    let (workshop, invitations) = invited(&review, &["it"]).await;
    workshop.step("hold", &json!({})).await.expect(200);
    let changes = json!({
        "kind": "hotwash",
        "location": "Room 1",
        "ground_rules": "Others.",
        "scheduled_at": null,
        "minutes": "Corrected.",
    });
    let refused = workshop
        .change(&changes)
        .await
        .problem(409, "state_conflict");
    assert_eq!(
        refused.faults(),
        ["/ground_rules", "/kind", "/location", "/scheduled_at"]
            .map(|at| fault(at, "workshop_is_held"))
    );
    app.wait(Duration::days(1));
    let allowed = json!({
        "minutes": "Corrected.",
        "facilitator": { "name": "Ada" },
        "next_session_at": "2027-01-11T10:00:00Z",
    });
    let changed = workshop.change(&allowed).await.expect(200).json();
    assert_eq!(changed["minutes"], "Corrected.");
    assert_eq!(changed["facilitator"]["name"], "Ada");
    let answer = workshop
        .tell(&invitations[0], "rsvp", &json!({ "rsvp": "accepted" }))
        .await;
    assert_eq!(
        answer.problem(409, "state_conflict").faults(),
        [fault("", "workshop_is_held")]
    );
    let why = json!({ "reason": "x" });
    workshop
        .step("cancel", &why)
        .await
        .problem(409, "state_conflict");
}

async fn a_review_without_a_policy_asks_for_no_workshop(app: App) {
    let review = a_review(&app).await.with_findings().await.started().await;
    let readiness = app
        .reader()
        .get(review.path("/readiness"))
        .await
        .expect(200)
        .json();
    let steps = readiness["steps"].as_array().expect("steps");
    let submit = steps
        .iter()
        .find(|one| one["step"] == "submit")
        .expect("a step");
    let unmet = submit["unmet"].as_array().expect("conditions");
    let codes: Vec<&Value> = unmet.iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["missing_scope"]);
    review.step("submit", &json!({})).await.expect(200);
}

async fn a_published_review_keeps_its_workshops(app: App) {
    let review = a_review(&app).await;
    let (workshop, invitations) = invited(&review, &["it", "legal"]).await;
    workshop
        .step("hold", &json!({ "minutes": "All agreed." }))
        .await
        .expect(200);
    let review = review.published().await;
    let snapshot = app
        .reader()
        .get(review.path("/snapshot"))
        .await
        .expect(200)
        .json();
    let kept = snapshot["workshops"].as_array().expect("a list");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["workshop"], workshop.now().await.json());
    let invited = kept[0]["invitations"].as_array().expect("a list");
    let ids: Vec<&Value> = invited.iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, invitations.iter().collect::<Vec<_>>());
    // What happens afterwards is not in it.
    workshop
        .change(&json!({ "minutes": "Corrected." }))
        .await
        .expect(200);
    let again = app
        .reader()
        .get(review.path("/snapshot"))
        .await
        .expect(200)
        .json();
    assert_eq!(again, snapshot);
}

async fn a_participant_in_a_workshop_is_not_removed(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let kim = review.join("Kim", "it").await;
    let path = review.path(&format!("/participants/{kim}"));
    let removal = || async {
        let tag = admin.get(&path).await.expect(200).etag();
        admin.delete(&path).if_match(&tag).await
    };
    let workshop = review
        .plan(&json!({ "kind": "hotwash", "facilitator": { "participant_id": kim } }))
        .await;
    let in_it = [fault("", "in_a_workshop")];
    assert_eq!(removal().await.problem(409, "conflict").faults(), in_it);
    workshop
        .change(&json!({ "facilitator": null }))
        .await
        .expect(200);
    let invitation = workshop.invite(&kim).await;
    assert_eq!(removal().await.problem(409, "conflict").faults(), in_it);
    let own = workshop.path(&format!("/invitations/{}", invitation.id()));
    admin
        .delete(&own)
        .if_match(&invitation.etag())
        .await
        .expect(204);
    removal().await.expect(204);
}

async fn what_was_written_down_is_found_and_its_wording_noted(app: App) {
    let review = a_review(&app).await;
    let own = json!({ "kind": "hotwash", "minutes": "The quarantine worked." });
    let workshop = review.plan(&own).await;
    assert_eq!(workshop.now().await.json()["wording_notes"], json!([]));
    let search = |words: &str| {
        let path = format!("/api/v1/search?type=workshop&q={words}");
        app.reader().get(path)
    };
    let found = search("quarantine").await.expect(200).items();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], workshop.id);
    let blaming = json!({ "minutes": "Somebody should have looked." });
    let body = workshop.change(&blaming).await.expect(200).json();
    assert_eq!(body["wording_notes"][0]["pointer"], "/minutes");
    assert_eq!(body["wording_notes"][0]["phrase"], "should have");
    assert!(search("quarantine").await.expect(200).items().is_empty());
    // Whoever reads the feed is told where it is.
    let feed = "/api/v1/changes?from=beginning&type=workshop.*";
    let told = app.reader().get(feed).await.expect(200).items();
    let types: Vec<&Value> = told.iter().map(|one| &one["type"]).collect();
    assert_eq!(types, ["workshop.plan", "workshop.update"]);
    assert_eq!(told[1]["resource"]["href"], workshop.path(""));
    let kim = workshop.invite(&review.join("Kim", "it").await).await;
    let feed = "/api/v1/changes?from=beginning&type=invitation.create";
    let told = app.reader().get(feed).await.expect(200).items();
    let path = workshop.path(&format!("/invitations/{}", kim.id()));
    assert_eq!(told[0]["resource"]["href"], path);
}
