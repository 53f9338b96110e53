//! What a policy asks of a review's workshop before the review is handed in.

use debrief_tests::builders::{Review, Workshop, a_review_with};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_review_is_handed_in_after_the_workshop_that_its_policy_asks_for,
    one_session_that_meets_everything_is_enough,
    whoever_turns_out_to_have_been_close_needs_a_reason_afterwards,
    the_functions_of_a_workshop_are_those_of_its_review,
);

/// A policy that asks for a workshop with two functions, for reviews of this kind.
async fn policy(app: &App, kind: &str, functions: &[&str]) {
    let body = json!({
        "name": kind,
        "requirement": "mandatory",
        "kinds": [kind],
        "workshop_required": true,
        "required_functions": functions,
    });
    let made = app.admin().post("/api/v1/policies", &body).await;
    made.expect(201);
}

/// A review that lacks nothing else.
async fn begun(app: &App) -> Review {
    let review = a_review_with(app, json!({ "kind": "incident" })).await;
    review.with_findings().await.started().await
}

/// What handing a review in still asks for.
async fn unmet(app: &App, review: &Review) -> Vec<String> {
    let path = review.path("/readiness");
    let readiness = app.admin().get(path).await.expect(200).json();
    let steps = readiness["steps"].as_array().expect("steps");
    let submit = steps.iter().find(|one| one["step"] == "submit");
    let unmet = submit.expect("a step")["unmet"].as_array().expect("a list");
    let code = |one: &Value| one["code"].as_str().expect("a code").to_owned();
    unmet.iter().map(code).collect()
}

async fn held(review: &Review, own: Value, came: &[(&str, &str)]) -> Workshop {
    let mut body = json!({ "kind": "lessons_learned" });
    for (field, value) in own.as_object().expect("an object") {
        body[field] = value.clone();
    }
    let workshop = review.plan(&body).await;
    let mut attendance = Vec::new();
    for (name, function) in came {
        let participant = review.join(name, function).await;
        let invitation = workshop.invite(&participant).await.id();
        attendance.push(json!({ "invitation_id": invitation, "attendance": "attended" }));
    }
    let body = json!({ "attendance": attendance });
    workshop.step("hold", &body).await.expect(200);
    workshop
}

async fn a_review_is_handed_in_after_the_workshop_that_its_policy_asks_for(app: App) {
    policy(&app, "incident", &["it", "legal"]).await;
    let review = begun(&app).await;
    assert_eq!(unmet(&app, &review).await, ["no_workshop_held"]);
    let refused = review.step("submit", &json!({})).await;
    let refused = refused.problem(409, "state_conflict");
    assert_eq!(refused.json()["errors"][0]["code"], "no_workshop_held");
    // Neither a plan nor another kind of session is one that was held.
    let planned = review.plan(&json!({ "kind": "lessons_learned" })).await;
    held(&review, json!({ "kind": "hotwash" }), &[]).await;
    assert_eq!(unmet(&app, &review).await, ["no_workshop_held"]);
    let why = json!({ "reason": "no date" });
    planned.step("cancel", &why).await.expect(200);

    let workshop = held(&review, json!({}), &[("Kim", "it")]).await;
    let functions = workshop.now().await.json();
    assert_eq!(functions["absent_required_functions"], json!(["legal"]));
    assert_eq!(
        unmet(&app, &review).await,
        ["no_facilitator", "required_function_absent"]
    );
    let excuse = json!({ "excused_functions": [{ "function": "legal", "reason": "no question" }] });
    workshop.change(&excuse).await.expect(200);
    assert_eq!(unmet(&app, &review).await, ["no_facilitator"]);
    let leads = json!({ "facilitator": { "name": "Fay", "subject": "fay@example.org" } });
    workshop.change(&leads).await.expect(200);
    assert_eq!(unmet(&app, &review).await, [""; 0]);
    review.step("submit", &json!({})).await.expect(200);
}

async fn one_session_that_meets_everything_is_enough(app: App) {
    policy(&app, "incident", &["it"]).await;
    let review = begun(&app).await;
    let leads = json!({ "facilitator": { "name": "Fay" } });
    held(&review, leads.clone(), &[("Kim", "it")]).await;
    assert_eq!(unmet(&app, &review).await, [""; 0]);
    app.wait(chrono::Duration::days(1));
    held(&review, json!({}), &[]).await;
    assert_eq!(unmet(&app, &review).await, [""; 0]);
}

async fn whoever_turns_out_to_have_been_close_needs_a_reason_afterwards(app: App) {
    policy(&app, "incident", &[]).await;
    let review = begun(&app).await;
    let fay = review.join("Fay", "legal").await;
    let own = json!({ "facilitator": { "participant_id": fay } });
    let workshop = held(&review, own, &[]).await;
    assert_eq!(unmet(&app, &review).await, [""; 0]);
    let path = review.path(&format!("/participants/{fay}"));
    let tag = app.admin().get(&path).await.expect(200).etag();
    let involved = json!({ "incident_roles": ["liaison"] });
    let involved = app.admin().patch(&path, &involved).if_match(&tag);
    involved.await.expect(200);
    assert_eq!(unmet(&app, &review).await, ["facilitator_not_neutral"]);
    let why = json!({ "neutrality_override": { "reason": "found out afterwards" } });
    let told = workshop.change(&why).await.expect(200).json();
    assert_eq!(told["neutrality"]["is_neutral"], false);
    assert_eq!(unmet(&app, &review).await, [""; 0]);
}

async fn the_functions_of_a_workshop_are_those_of_its_review(app: App) {
    policy(&app, "incident", &["privacy", "it"]).await;
    policy(&app, "exercise", &[]).await;
    let usual = ["responder", "it", "management", "legal", "communications"];
    for (kind, expected) in [
        ("incident", &["privacy", "it"][..]),
        ("exercise", &[]),
        ("near_miss", &usual),
    ] {
        let review = a_review_with(&app, json!({ "kind": kind })).await;
        let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
        let kim = workshop.invite(&review.join("Kim", "privacy").await).await;
        let needed = expected.contains(&"privacy");
        assert_eq!(kim.json()["required"], needed, "{kind}");
        let path = format!("/api/v1/workshops?review_id={}", review.id);
        let listed = app.reader().get(path).await.expect(200).items();
        let functions = listed[0]["required_functions"].as_array().expect("a list");
        let functions: Vec<_> = functions.iter().map(|one| &one["function"]).collect();
        assert_eq!(functions, expected, "{kind}");
    }
}
