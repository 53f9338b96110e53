//! Feedback: rounds that follow from a review's life, answers that nobody can tie to a person, and
//! summaries of groups that nobody can be picked out of.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::said::somebody;
use debrief_tests::{App, Client, Engine, Reply, both_databases};
use entity::feedback_box;
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    rounds_follow_from_the_life_of_a_review,
    a_round_that_opens_is_announced_once_however_it_opens,
    a_round_is_scheduled_changed_opened_and_closed,
    a_cancelled_round_makes_room_for_another,
    every_fault_of_a_round_is_told_at_once,
    a_round_asks_in_the_words_of_the_policy,
    only_those_who_are_asked_answer_each_once,
    answers_are_replaced_with_the_receipt_only,
    every_fault_of_answers_is_told_at_once,
    nothing_is_shown_of_a_group_below_the_threshold,
    no_two_summaries_differ_by_one_answer,
    a_round_that_closed_by_itself_settles_before_it_is_shown,
    a_question_that_few_could_judge_is_not_shown,
    nothing_leads_from_an_answer_to_who_gave_it,
    a_settled_round_keeps_what_it_adds_up_to_and_no_more,
    a_round_that_closes_by_itself_is_settled_in_its_time,
    the_process_metrics_add_up_whole_rounds_only,
    rounds_are_found_by_what_they_are,
    rounds_of_hidden_reviews_are_hidden,
);

const ROUNDS: &str = "/api/v1/feedback-rounds";

async fn people(app: &App, review: &Review, count: usize) -> Vec<Client> {
    let mut all = Vec::new();
    for number in 0..count {
        all.push(somebody(app, review, &format!("Person {number}")).await);
    }
    all
}

/// Holds a lessons-learned workshop; the path of the round that follows.
async fn held(app: &App, review: &Review) -> String {
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    workshop.step("hold", &json!({})).await.expect(200);
    let rounds = format!("{ROUNDS}?workshop_id={}", workshop.id);
    let rounds = app.reader().get(rounds).await.expect(200).items();
    assert_eq!(rounds.len(), 1);
    format!("{ROUNDS}/{}", rounds[0]["id"].as_str().expect("an id"))
}

/// The same answer to everything that a round asks.
async fn all_of(client: &Client, round: &str, answer: &str) -> Value {
    let body = client.get(round).await.expect(200).json();
    let asked = body["questions"].as_array().expect("a list").iter();
    let answers: Vec<Value> = asked
        .map(|one| json!({ "question": one["question"], "answer": answer }))
        .collect();
    json!({ "answers": answers })
}

async fn put(client: &Client, round: &str, body: &Value) -> Reply {
    client.put(format!("{round}/answers"), body).await
}

async fn answered(client: &Client, round: &str, answer: &str) -> Reply {
    let body = all_of(client, round, answer).await;
    put(client, round, &body).await.expect(200)
}

async fn step(app: &App, round: &str, verb: &str, body: &Value) -> Reply {
    let tag = app.admin().get(round).await.expect(200).etag();
    let call = app.facilitator().post(format!("{round}/{verb}"), body);
    call.if_match(&tag).await
}

async fn closed(app: &App, round: &str) {
    step(app, round, "close", &json!({})).await.expect(200);
}

async fn summary(app: &App, round: &str) -> Value {
    let path = format!("{round}/summary");
    app.reader().get(path).await.expect(200).json()
}

/// The rounds of a review: occasion, state and when each opens.
async fn told(app: &App, review: &Review) -> Vec<(String, String, String)> {
    let path = review.path("/feedback-rounds");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rounds = app.reader().all(&path, 2).await;
    let rounds = rounds.iter();
    rounds
        .map(|one| {
            (
                text(&one["occasion"]),
                text(&one["status"]),
                text(&one["opens_at"]),
            )
        })
        .collect()
}

fn rounds(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let own = |(occasion, status, at): &(&str, &str, &str)| {
        (
            (*occasion).to_owned(),
            (*status).to_owned(),
            (*at).to_owned(),
        )
    };
    expected.iter().map(own).collect()
}

async fn rounds_follow_from_the_life_of_a_review(app: App) {
    let review = a_review(&app).await;
    let session = review.plan(&json!({ "kind": "hotwash" })).await;
    session.step("hold", &json!({})).await.expect(200);
    assert_eq!(told(&app, &review).await, []);
    let round = held(&app, &review).await;
    let body = app.reader().get(&round).await.expect(200).json();
    assert_eq!(
        (&body["created_by"], &body["closes_at"]),
        (&json!("system"), &json!("2026-12-07T12:00:00Z"))
    );
    assert_eq!(body["minimum_group"], 5);
    let first = ("after_workshop", "open", "2026-11-23T12:00:00Z");
    assert_eq!(told(&app, &review).await, rounds(&[first]));
    let review = review.published().await;
    let month = ("after_30_days", "scheduled", "2026-12-23T12:00:00Z");
    let quarter = ("after_90_days", "scheduled", "2027-02-21T12:00:00Z");
    assert_eq!(told(&app, &review).await, rounds(&[first, month, quarter]));
    // What was published again counts anew, but for what has opened.
    app.wait(Duration::days(40));
    let why = json!({ "reason": "new evidence" });
    review.step("reopen", &why).await.expect(200);
    for verb in ["submit", "publish"] {
        review.step(verb, &json!({})).await.expect(200);
    }
    let first = ("after_workshop", "closed", first.2);
    let month = ("after_30_days", "open", month.2);
    let quarter = ("after_90_days", "scheduled", "2027-04-02T12:00:00Z");
    assert_eq!(told(&app, &review).await, rounds(&[first, month, quarter]));
    // What is not held asks nobody.
    review.step("reopen", &why).await.expect(200);
    review.step("cancel", &why).await.expect(200);
    let month = ("after_30_days", "cancelled", month.2);
    let quarter = ("after_90_days", "cancelled", quarter.2);
    assert_eq!(told(&app, &review).await, rounds(&[first, month, quarter]));
}

async fn opened(app: &App) -> Vec<Value> {
    let path = "/api/v1/audit-records?action=feedback.opened&sort=sequence";
    app.auditor().all(path, 50).await
}

async fn a_round_that_opens_is_announced_once_however_it_opens(app: App) {
    let review = a_review(&app).await;
    let round = held(&app, &review).await;
    let review = review.published().await;
    app.notice().await;
    let records = opened(&app).await;
    assert_eq!(records.len(), 1);
    let id = round.rsplit('/').next().expect("an id");
    assert_eq!(
        (&records[0]["resource_type"], &records[0]["resource_id"]),
        (&json!("feedback_round"), &json!(id))
    );
    assert_eq!(
        (&records[0]["actor"], &records[0]["review_id"]),
        (&json!("system"), &json!(review.id))
    );
    // One is opened by hand, one by time, while nobody looked.
    let path = review.path("/feedback-rounds?occasion=after_30_days");
    let month = app.reader().get(path).await.items()[0]["id"].clone();
    let month = format!("{ROUNDS}/{}", month.as_str().expect("an id"));
    step(&app, &month, "open", &json!({})).await.expect(200);
    app.notice().await;
    assert_eq!(opened(&app).await.len(), 2);
    app.pass(Duration::days(200)).await;
    for _ in 0..3 {
        app.pass(Duration::days(1)).await;
    }
    assert_eq!(opened(&app).await.len(), 3);
    let feed = "/api/v1/changes?type=feedback.opened";
    assert_eq!(app.reader().get(feed).await.expect(200).items().len(), 3);
}

async fn a_round_is_scheduled_changed_opened_and_closed(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let own = json!({
        "occasion": "after_30_days", "opens_at": "2026-12-01T09:00:00+01:00",
        "questions": [{ "question": "improvements_made", "text": "Was it mended?" }],
    });
    let path = review.path("/feedback-rounds");
    let made = lead.post(&path, &own).await.expect(201);
    let round = format!("{ROUNDS}/{}", made.id());
    assert_eq!(made.header("location"), Some(round.as_str()));
    let body = made.json();
    assert_eq!(
        (&body["status"], &body["opens_at"], &body["closes_at"]),
        (
            &json!("scheduled"),
            &json!("2026-12-01T08:00:00Z"),
            &json!("2026-12-15T08:00:00Z")
        )
    );
    let asked = json!([{ "question": "improvements_made", "group": "follow_up", "text": "Was it mended?" }]);
    assert_eq!(body["questions"], asked);
    let again = json!({ "occasion": "after_30_days" });
    let reply = lead.post(&path, &again).await.problem(409, "conflict");
    assert_eq!(reply.faults()[0].1, "already_scheduled");

    let later = json!({ "opens_at": "2026-12-02T08:00:00Z", "closes_at": "2026-12-03T08:00:00Z" });
    let call = lead.patch(&round, &later);
    call.clone().await.problem(428, "precondition_required");
    let changed = call.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["version"], 2);
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    for verb in ["open", "close"] {
        let call = lead.call(reqwest::Method::POST, format!("{round}/{verb}"));
        call.if_match(&made.etag())
            .await
            .problem(412, "stale_version");
    }
    let refused = step(&app, &round, "close", &json!({})).await;
    assert_eq!(
        refused.problem(409, "state_conflict").faults()[0].1,
        "round_is_scheduled"
    );
    let open = step(&app, &round, "open", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&open["status"], &open["opens_at"], &open["closes_at"]),
        (
            &json!("open"),
            &json!("2026-11-23T12:00:00Z"),
            &json!("2026-11-24T12:00:00Z")
        )
    );
    // What has opened asks what it asked, and may stay open for longer.
    let tag = lead.get(&round).await.expect(200).etag();
    let other = json!({ "questions": [{ "question": "better_prepared", "text": "Better?" }] });
    let reply = lead.patch(&round, &other).if_match(&tag).await;
    assert_eq!(
        reply.problem(409, "state_conflict").faults()[0].1,
        "round_is_open"
    );
    let longer = json!({ "closes_at": "2026-12-24T12:00:00Z" });
    lead.patch(&round, &longer).if_match(&tag).await.expect(200);
    closed(&app, &round).await;
    for verb in ["open", "close"] {
        let refused = step(&app, &round, verb, &json!({})).await;
        assert_eq!(
            refused.problem(409, "state_conflict").faults()[0].1,
            "round_is_closed"
        );
    }
    let why = json!({ "reason": "asked too often" });
    step(&app, &round, "cancel", &why)
        .await
        .problem(409, "state_conflict");
    let log = "/api/v1/audit-records?resource_type=feedback_round&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<&str> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        // That it opened is told by the service itself, whenever it looks.
        .filter(|action| *action != "feedback.opened")
        .collect();
    let expected = ["schedule", "update", "open", "update", "close"];
    assert_eq!(
        actions,
        expected.map(|verb| format!("feedback_round.{verb}"))
    );
    assert!(log.iter().all(|one| one["review_id"] == review.id));
}

async fn a_cancelled_round_makes_room_for_another(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let path = review.path("/feedback-rounds");
    let why = json!({ "reason": "asked too often" });
    let quarter = json!({ "occasion": "after_90_days" });
    let made = lead.post(&path, &quarter).await.expect(201);
    assert_eq!(made.json()["status"], "open");
    let round = format!("{ROUNDS}/{}", made.id());
    let gone = step(&app, &round, "cancel", &why).await.expect(200).json();
    assert_eq!(
        (&gone["status"], &gone["cancellation_reason"]),
        (&json!("cancelled"), &why["reason"])
    );
    assert_eq!(summary(&app, &round).await["withheld"], "cancelled");
    lead.post(&path, &quarter).await.expect(201);
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    let mut all: Vec<_> = places.iter().map(own).collect();
    all.sort();
    all
}

async fn every_fault_of_a_round_is_told_at_once(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let path = review.path("/feedback-rounds");
    let question = json!({ "question": "right_people", "text": "All there?" });
    let wrong = json!({
        "occasion": "after_30_days", "workshop_id": review.id,
        "opens_at": "2026-11-23T11:59:59Z", "closes_at": "2026-11-23T11:00:00Z",
        "questions": [question, question],
    });
    let expected = faults(&[
        ("/closes_at", "too_early"),
        ("/opens_at", "in_the_past"),
        ("/questions/1", "repeated_item"),
        ("/workshop_id", "not_allowed"),
    ]);
    let reply = lead.post(&path, &wrong).await;
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let elsewhere = a_review(&app)
        .await
        .plan(&json!({ "kind": "hotwash" }))
        .await;
    for (workshop, code) in [
        (Value::Null, "required"),
        (json!(elsewhere.id), "not_found"),
    ] {
        let body = json!({ "occasion": "after_workshop", "workshop_id": workshop });
        let reply = lead.post(&path, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/workshop_id", code)]));
    }
    let why = json!({ "reason": "opened by mistake" });
    review.step("cancel", &why).await.expect(200);
    let body = json!({ "occasion": "after_30_days" });
    lead.post(&path, &body).await.problem(409, "state_conflict");
}

async fn a_round_asks_in_the_words_of_the_policy(app: App) {
    let words = json!({ "question": "safe_to_speak", "text": "Could you say what you thought?" });
    let mut policy = json!({
        "name": "Ours", "requirement": "recommended", "minimum_feedback_group": 7,
        "feedback_wording": [words, words],
    });
    let path = "/api/v1/policies";
    let reply = app.admin().post(path, &policy).await;
    let expected = faults(&[("/feedback_wording/1", "repeated_item")]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    policy["feedback_wording"] = json!([words]);
    app.admin().post(path, &policy).await.expect(201);
    let round = held(&app, &a_review(&app).await).await;
    let body = app.reader().get(&round).await.expect(200).json();
    assert_eq!(body["minimum_group"], 7);
    assert_eq!(body["questions"].as_array().map(Vec::len), Some(15));
    assert_eq!(body["questions"][0]["text"], words["text"]);
    assert_eq!(
        body["questions"][1]["text"],
        "The discussion was about systems, not individuals"
    );
}

async fn participation(client: &Client, round: &str) -> (bool, bool) {
    let path = format!("{round}/participation");
    let body = client.get(path).await.expect(200).json();
    (body["invited"] == true, body["answered"] == true)
}

async fn only_those_who_are_asked_answer_each_once(app: App) {
    let review = a_review(&app).await;
    let one = somebody(&app, &review, "One").await;
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    let people = app.reader().get(review.path("/participants")).await.items();
    let there = people[0]["id"].as_str().expect("an id");
    workshop.invite(there).await;
    let two = somebody(&app, &review, "Two").await;
    let people = app.reader().get(review.path("/participants")).await.items();
    let away = people
        .iter()
        .find(|one| one["name"] == "Two")
        .expect("there");
    let away = workshop
        .invite(away["id"].as_str().expect("an id"))
        .await
        .id();
    // Who is only a name is there, and nobody can answer for them.
    let nameless = review.join("Only Name", "it").await;
    workshop.invite(&nameless).await;
    let uninvited = somebody(&app, &review, "Three").await;
    let absent = json!({ "attendance": [{ "invitation_id": away, "attendance": "absent" }] });
    workshop.step("hold", &absent).await.expect(200);
    let round = format!("{ROUNDS}?workshop_id={}", workshop.id);
    let round = app.reader().get(round).await.items()[0]["id"].clone();
    let round = format!("{ROUNDS}/{}", round.as_str().expect("an id"));
    let body = all_of(&one, &round, "agree").await;
    for other in [&two, &uninvited, &app.admin()] {
        assert_eq!(participation(other, &round).await, (false, false));
        put(other, &round, &body).await.problem(403, "forbidden");
    }
    assert_eq!(participation(&one, &round).await, (true, false));
    put(&one, &round, &body).await.expect(200);
    assert_eq!(participation(&one, &round).await, (true, true));
    let again = put(&one, &round, &body).await.problem(409, "conflict");
    assert_eq!(again.faults(), faults(&[("/receipt", "already_answered")]));
    // Whoever joins after it has opened is not asked.
    app.wait(Duration::seconds(1));
    let late = somebody(&app, &review, "Late").await;
    assert_eq!(participation(&late, &round).await, (false, false));
    assert_eq!(summary(&app, &round).await["invited"], 1);
}

async fn answers_are_replaced_with_the_receipt_only(app: App) {
    let review = a_review(&app).await;
    let people = people(&app, &review, 5).await;
    let round = held(&app, &review).await;
    let mut receipts = Vec::new();
    for person in &people {
        let mut body = all_of(person, &round, "disagree").await;
        body["comments"] = json!([{ "text": "before" }]);
        let reply = put(person, &round, &body).await.expect(200).json();
        receipts.push(reply["receipt"].as_str().expect("a receipt").to_owned());
    }
    let mut other = all_of(&people[0], &round, "strongly_agree").await;
    other["comments"] = json!([{ "text": "after" }, { "question": "right_people", "text": "all" }]);
    // Somebody else's receipt leads to nothing.
    for wrong in [receipts[1].as_str(), "0123456789012345678901"] {
        other["receipt"] = json!(wrong);
        put(&people[0], &round, &other)
            .await
            .problem(409, "conflict");
    }
    other["receipt"] = json!(receipts[0]);
    for _ in 0..2 {
        let reply = put(&people[0], &round, &other).await.expect(200).json();
        assert_eq!(reply["receipt"], receipts[0]);
    }
    closed(&app, &round).await;
    put(&people[0], &round, &other)
        .await
        .problem(409, "state_conflict");
    let found = summary(&app, &round).await;
    assert_eq!(
        (&found["answers"], &found["response_rate"]),
        (&json!(5), &json!(1.0))
    );
    let first = &found["questions"][0];
    assert_eq!(
        (&first["mean"], &first["median"]),
        (&json!(2.6), &json!(2.0))
    );
    let counts: Vec<&Value> = first["distribution"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["n"])
        .collect();
    assert_eq!(counts, [0, 4, 0, 0, 1, 0]);
    let mut comments: Vec<&str> = found["comments"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["text"].as_str())
        .collect();
    comments.sort_unstable();
    assert_eq!(
        comments,
        ["after", "all", "before", "before", "before", "before"]
    );
}

async fn every_fault_of_answers_is_told_at_once(app: App) {
    let review = a_review(&app).await;
    let one = somebody(&app, &review, "One").await;
    let body = json!({
        "occasion": "after_30_days",
        "questions": [
            { "question": "improvements_made", "text": "Mended?" },
            { "question": "lessons_reached", "text": "Told?" },
        ],
    });
    let path = review.path("/feedback-rounds");
    let made = app.facilitator().post(path, &body).await.expect(201);
    let round = format!("{ROUNDS}/{}", made.id());
    let answer = |question: &str| json!({ "question": question, "answer": "agree" });
    let wrong = json!({
        "answers": [answer("improvements_made"), answer("improvements_made"), answer("right_people")],
        "comments": [{ "question": "right_people", "text": "x" }],
    });
    let expected = faults(&[
        ("/answers", "unanswered"),
        ("/answers/1", "repeated_item"),
        ("/answers/2/question", "not_asked"),
        ("/comments/0/question", "not_asked"),
    ]);
    let reply = put(&one, &round, &wrong).await;
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let wrong = json!({ "answers": [], "receipt": "too short", "name": "One" });
    let expected = faults(&[
        ("/answers", "too_few_items"),
        ("/name", "unknown_field"),
        ("/receipt", "pattern_mismatch"),
        ("/receipt", "too_short"),
    ]);
    let found = put(&one, &round, &wrong).await.expect(422).faults();
    let places = |all: &[(String, String)]| -> Vec<String> {
        let mut places: Vec<String> = all.iter().map(|(place, _)| place.clone()).collect();
        places.dedup();
        places
    };
    assert_eq!(places(&found), places(&expected));
    assert_eq!(participation(&one, &round).await, (true, false));
    let mut right = all_of(&one, &round, "agree").await;
    right["comments"] = json!([{ "text": "Nobody should have clicked" }]);
    let kept = put(&one, &round, &right).await.expect(200).json();
    assert_eq!(kept["wording_notes"][0]["pointer"], "/comments/0/text");
}

async fn nothing_is_shown_of_a_group_below_the_threshold(app: App) {
    let mut shown = Vec::new();
    for count in [0, 1, 4] {
        let review = a_review(&app).await;
        let people = people(&app, &review, 5).await;
        let round = held(&app, &review).await;
        for person in &people[..count] {
            let mut body = all_of(person, &round, "strongly_disagree").await;
            body["comments"] = json!([{ "text": "a telltale comment" }]);
            put(person, &round, &body).await.expect(200);
        }
        closed(&app, &round).await;
        let mut found = summary(&app, &round).await;
        assert_eq!(found["withheld"], "too_few_answers");
        assert_eq!(found["answers"], Value::Null);
        for id in ["round_id", "review_id"] {
            found[id] = Value::Null;
        }
        shown.push(found);
        let path = format!("/api/v1/metrics/process?review_id={}", review.id);
        let metrics = app.reader().get(path).await.expect(200).json();
        assert_eq!(metrics["feedback"]["n_rounds"], 0);
        assert_eq!(metrics["feedback"]["by_question"], json!([]));
    }
    // Not even how few they are.
    assert!(shown.iter().all(|one| *one == shown[0]), "{shown:?}");
    assert!(!shown[0].to_string().contains("telltale"));
}

async fn no_two_summaries_differ_by_one_answer(app: App) {
    let review = a_review(&app).await;
    let people = people(&app, &review, 7).await;
    let round = held(&app, &review).await;
    let metrics = format!("/api/v1/metrics/process?review_id={}", review.id);
    let mut seen = Vec::new();
    for (at, person) in people[..6].iter().enumerate() {
        let answer = if at == 5 {
            "strongly_disagree"
        } else {
            "agree"
        };
        answered(person, &round, answer).await;
        let (own, summary) = (
            app.reader().get(&round).await.expect(200),
            app.reader()
                .get(format!("{round}/summary"))
                .await
                .expect(200),
        );
        let measured = app.reader().get(&metrics).await.expect(200).json();
        seen.push((
            own.etag(),
            own.text(),
            summary.text(),
            measured["feedback"].clone(),
        ));
    }
    assert!(
        seen.iter().all(|one| *one == seen[0]),
        "an answer can be seen to come in"
    );
    assert!(seen[0].2.contains("not_closed"));
    closed(&app, &round).await;
    let first = summary(&app, &round).await;
    assert_eq!(first["answers"], 6);
    // From then on there is this one.
    let late = all_of(&people[6], &round, "agree").await;
    put(&people[6], &round, &late)
        .await
        .problem(409, "state_conflict");
    app.wait(Duration::days(100));
    assert_eq!(summary(&app, &round).await, first);
}

async fn a_round_that_closed_by_itself_settles_before_it_is_shown(app: App) {
    let review = a_review(&app).await;
    let people = people(&app, &review, 5).await;
    let round = held(&app, &review).await;
    for person in &people {
        answered(person, &round, "agree").await;
    }
    app.wait(Duration::days(14));
    let body = app.reader().get(&round).await.expect(200).json();
    assert_eq!(
        (&body["status"], &body["summary_at"]),
        (&json!("closed"), &json!("2026-12-07T12:05:00Z"))
    );
    assert_eq!(summary(&app, &round).await["withheld"], "not_closed");
    app.wait(Duration::minutes(5));
    let found = summary(&app, &round).await;
    assert_eq!(
        (&found["withheld"], &found["answers"]),
        (&Value::Null, &json!(5))
    );
}

async fn a_question_that_few_could_judge_is_not_shown(app: App) {
    let review = a_review(&app).await;
    let people = people(&app, &review, 5).await;
    let round = held(&app, &review).await;
    for (at, person) in people.iter().enumerate() {
        let mut body = all_of(person, &round, "agree").await;
        if at > 0 {
            body["answers"][1]["answer"] = json!("not_applicable");
        }
        put(person, &round, &body).await.expect(200);
    }
    closed(&app, &round).await;
    let found = summary(&app, &round).await;
    assert_eq!(found["questions"][0]["n"], 5);
    for field in ["n", "n_not_applicable", "distribution", "median", "mean"] {
        assert_eq!(found["questions"][1][field], Value::Null, "{field}");
    }
}

async fn nothing_leads_from_an_answer_to_who_gave_it(app: App) {
    let review = a_review(&app).await;
    let people = people(&app, &review, 6).await;
    let round = held(&app, &review).await;
    let id = round.rsplit('/').next().expect("an id").to_owned();
    for (at, person) in people.iter().enumerate() {
        let mut body = all_of(person, &round, "agree").await;
        body["comments"] = json!([{ "text": format!("comment {at}") }]);
        app.wait(Duration::minutes(1));
        put(person, &round, &body).await.expect(200);
    }
    // What a reader of the database finds.
    let database = app.state().database.clone();
    let kept: Uuid = id.parse().expect("an id");
    let kept = debrief::feedback::store::read_box(&database, kept).await;
    let kept = kept.expect("the box can be read").expect("there is one");
    let (slips, comments) = (&kept.slips.0, &kept.comments.0);
    assert!(slips.is_sorted() && comments.is_sorted() && kept.answered.0.is_sorted());
    let mut locks: Vec<&String> = slips.iter().map(|slip| &slip.lock).collect();
    locks.extend(comments.iter().map(|comment| &comment.lock));
    locks.extend(&kept.answered.0);
    locks.sort_unstable();
    locks.dedup();
    assert_eq!(locks.len(), 6 * 15 + 6 + 6, "nothing lies together");
    let written = format!("{kept:?}");
    for person in &people {
        let me = person.get("/api/v1/me").await.expect(200).json();
        let subject = me["subject"].as_str().expect("a subject");
        assert!(!written.contains(subject.trim_start_matches("key:")));
    }
    // What went on record: that somebody was the first to answer.
    let log = format!("/api/v1/audit-records?resource_id={id}&sort=sequence");
    let log = app.auditor().all(&log, 50).await;
    let answers: Vec<&Value> = log
        .iter()
        .filter(|one| one["action"] == "feedback_round.answer")
        .collect();
    assert_eq!(answers.len(), 1);
    let record = answers[0];
    for (field, expected) in [
        ("actor", json!("anonymous")),
        ("actor_name", json!("anonymous")),
        ("request_id", json!("")),
        ("before", Value::Null),
        ("after", Value::Null),
    ] {
        assert_eq!(record[field], expected, "{field}");
    }
    let feed = "/api/v1/changes?type=feedback_round.answer";
    assert_eq!(app.reader().get(feed).await.expect(200).items().len(), 1);
    let everything = app.auditor().all("/api/v1/audit-records", 200).await;
    assert!(!json!(everything).to_string().contains("comment 0"));
    let found = app
        .reader()
        .get("/api/v1/search?q=comment")
        .await
        .expect(200);
    assert_eq!(found.items(), Vec::<Value>::new());
    let verified = app.auditor().get("/api/v1/audit/verify").await.expect(200);
    assert_eq!(verified.json()["valid"], true);
}

/// What is kept of a round.
async fn kept(app: &App, round: &str) -> feedback_box::Model {
    let id: Uuid = round
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("an id");
    let database = app.state().database.clone();
    let kept = debrief::feedback::store::read_box(&database, id).await;
    kept.expect("the box can be read").expect("there is one")
}

/// A round that six people have answered, each with a comment, the last in the alphabet first.
async fn commented(app: &App) -> (Vec<Client>, String) {
    let review = a_review(app).await;
    let people = people(app, &review, 6).await;
    let round = held(app, &review).await;
    for (at, person) in people.iter().enumerate() {
        let mut body = all_of(person, &round, "agree").await;
        body["comments"] = json!([{ "text": format!("comment {}", 9 - at) }]);
        put(person, &round, &body).await.expect(200);
    }
    (people, round)
}

/// That nothing of a box belongs to one person, while all it adds up to is there.
fn is_settled(kept: &feedback_box::Model) -> bool {
    let is_apart = kept
        .comments
        .0
        .iter()
        .all(|comment| comment.lock.is_empty());
    assert_eq!((kept.n, kept.comments.0.len()), (6, 6));
    assert_eq!(kept.tallies.0.len(), 15);
    assert!(
        kept.tallies
            .0
            .iter()
            .all(|tally| tally.counts.iter().sum::<u32>() == 6)
    );
    kept.answered.0.is_empty() && kept.slips.0.is_empty() && is_apart
}

async fn a_settled_round_keeps_what_it_adds_up_to_and_no_more(app: App) {
    let (people, round) = commented(&app).await;
    let path = format!("{round}/participation");
    let before = people[0].get(&path).await.expect(200).json();
    assert_eq!(before["answered"], true);
    let open = kept(&app, &round).await;
    assert!(!is_settled(&open));
    let of_one: Vec<String> = open.answered.0.clone();
    closed(&app, &round).await;
    let settled = kept(&app, &round).await;
    assert!(is_settled(&settled));
    let texts: Vec<&str> = settled
        .comments
        .0
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert!(texts.is_sorted(), "in the order of their words: {texts:?}");
    let found = summary(&app, &round).await;
    assert_eq!(found["answers"], 6);
    assert_eq!(found["comments"].as_array().map(Vec::len), Some(6));
    // Not even to oneself it is told who has answered.
    let after = people[0].get(&path).await.expect(200).json();
    assert_eq!(
        (&after["invited"], &after["answered"]),
        (&json!(true), &Value::Null)
    );
    if app.engine() == Engine::Sqlite {
        let file = app.database_url().replace("sqlite://", "");
        let holds = |file: &str| {
            let bytes = std::fs::read(file).unwrap_or_default();
            let mut all = of_one.iter().map(String::as_bytes);
            all.any(|one| bytes.windows(one.len()).any(|part| part == one))
        };
        for _ in 0..100 {
            if !holds(&file) && !holds(&format!("{file}-wal")) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("the files still tell who has answered");
    }
}

async fn a_round_that_closes_by_itself_is_settled_in_its_time(app: App) {
    let (_, round) = commented(&app).await;
    let settle = async || {
        let settled = debrief::feedback::settling::settle(&app.state()).await;
        settled.expect("it can be looked for")
    };
    app.wait(Duration::days(14));
    // An answer may still be on its way.
    assert_eq!(settle().await, 0);
    assert!(!is_settled(&kept(&app, &round).await));
    app.wait(Duration::minutes(5));
    let before = summary(&app, &round).await;
    settle().await;
    assert!(is_settled(&kept(&app, &round).await));
    assert_eq!(settle().await, 0);
    let after = summary(&app, &round).await;
    assert_eq!(after["questions"], before["questions"]);
    assert_eq!(after["answers"], before["answers"]);
}

/// Every round as its own summary shows it.
async fn each_round_by_itself(app: &App, found: &Value, reviews: &[String]) {
    let url = found["by_occasion"][0]["records_url"]
        .as_str()
        .expect("an address");
    let behind = app.reader().all(url, 50).await;
    let rounds: Vec<Value> = behind
        .iter()
        .map(|one| {
            let round = &one["feedback"][0];
            let first = &round["questions"][0];
            json!([
                one["review_id"],
                round["n"],
                first["question"],
                first["n"],
                first["mean"]
            ])
        })
        .collect();
    let expected = [
        json!([reviews[1], 6, "safe_to_speak", 6, 2.0]),
        json!([reviews[0], 5, "safe_to_speak", 5, 4.0]),
    ];
    assert_eq!(rounds, expected);
}

async fn the_process_metrics_add_up_whole_rounds_only(app: App) {
    let asked = async |query: &str| {
        let path = format!("/api/v1/metrics/process?{query}");
        app.reader().get(path).await.expect(200).json()["feedback"].clone()
    };
    let mut reviews = Vec::new();
    for (count, answer) in [(5, "agree"), (6, "disagree"), (4, "strongly_agree")] {
        let review = a_review(&app).await;
        let people = people(&app, &review, count).await;
        let round = held(&app, &review).await;
        for person in &people {
            answered(person, &round, answer).await;
        }
        closed(&app, &round).await;
        reviews.push(review.id);
    }
    let found = asked("").await;
    assert_eq!(
        (&found["reviews"]["n"], &found["n_rounds"]),
        (&json!(2), &json!(2))
    );
    let questions = found["by_question"].as_array().expect("a list");
    assert_eq!(questions.len(), 15);
    let first = &questions[0];
    assert_eq!(
        (&first["occasion"], &first["question"], &first["group"]),
        (
            &json!("after_workshop"),
            &json!("safe_to_speak"),
            &json!("workshop")
        )
    );
    assert_eq!(
        (&first["n_rounds"], &first["n"], &first["median"]),
        (&json!(2), &json!(11), &json!(2.0))
    );
    let mean = first["mean"].as_f64().expect("a mean");
    assert!((mean - 32.0 / 11.0).abs() < 1e-9, "{mean}");
    let url = found["reviews"]["records_url"]
        .as_str()
        .expect("an address");
    let mut led = Vec::new();
    for record in app.reader().all(url, 50).await {
        led.push(record["review_id"].as_str().expect("an id").to_owned());
    }
    led.sort();
    let mut expected = reviews[..2].to_vec();
    expected.sort();
    assert_eq!(led, expected);
    let by_occasion = found["by_occasion"].as_array().expect("a list").iter();
    let by_occasion: Vec<Value> = by_occasion
        .map(|one| {
            json!([
                one["occasion"],
                one["n_rounds"],
                one["n_answers"],
                one["n_reviews"]
            ])
        })
        .collect();
    let expected = [
        json!(["after_workshop", 2, 11, 2]),
        json!(["after_30_days", 0, 0, 0]),
        json!(["after_90_days", 0, 0, 0]),
    ];
    assert_eq!(by_occasion, expected);
    each_round_by_itself(&app, &found, &reviews).await;
    let kept = app
        .reader()
        .all("/api/v1/metrics/process/records?is=without_events", 50)
        .await;
    let of_few = kept.iter().find(|one| one["review_id"] == reviews[2]);
    assert_eq!(of_few.expect("the review")["feedback"], json!([]));
    // Whatever is asked for, what differs is a round.
    let one = asked(&format!("review_id={}", reviews[0])).await;
    assert_eq!(one["by_question"][0]["n"], 5);
    let both = asked(&format!(
        "review_id={}&review_id={}",
        reviews[0], reviews[2]
    ))
    .await;
    assert_eq!(both["by_question"], one["by_question"]);
}

async fn rounds_are_found_by_what_they_are(app: App) {
    let review = a_review(&app).await;
    let after = held(&app, &review).await;
    let after = after.rsplit('/').next().expect("an id").to_owned();
    let review = review.published().await;
    let listed = app.reader().all(&review.path("/feedback-rounds"), 2).await;
    let id = |at: usize| listed[at]["id"].as_str().expect("an id").to_owned();
    let (month, quarter) = (id(1), id(2));
    assert_eq!(id(0), after);
    for (query, expected) in [
        ("", vec![&after, &month, &quarter]),
        ("?sort=-opens_at", vec![&quarter, &month, &after]),
        ("?sort=closes_at", vec![&after, &month, &quarter]),
        ("?status=open", vec![&after]),
        ("?status=scheduled&status=closed", vec![&month, &quarter]),
        ("?status=cancelled", vec![]),
        ("?occasion=after_90_days", vec![&quarter]),
        (
            "?opens_at_from=2026-12-01T00:00:00Z&opens_at_to=2027-01-01T00:00:00Z",
            vec![&month],
        ),
        (
            "?closes_at_from=2027-01-01T00:00:00Z",
            vec![&month, &quarter],
        ),
        ("?closes_at_to=2027-01-01T00:00:00Z", vec![&after]),
    ] {
        for list in [ROUNDS.to_owned(), review.path("/feedback-rounds")] {
            let found = app.reader().all(&format!("{list}{query}"), 2).await;
            let found: Vec<&str> = found.iter().filter_map(|one| one["id"].as_str()).collect();
            assert_eq!(found, expected, "{list}{query}");
        }
    }
    let other = held(&app, &a_review(&app).await).await;
    let path = format!("{ROUNDS}?review_id={}&status=open", review.id);
    let found = app.reader().all(&path, 50).await;
    assert_eq!(found.len(), 1, "{other} is of another review");
    let due = "/api/v1/deadlines?kind=feedback_opening";
    let due = app.reader().all(due, 50).await;
    assert_eq!(due.len(), 4);
    assert!(
        due.iter()
            .all(|one| one["resource_type"] == "feedback_round")
    );
}

async fn rounds_of_hidden_reviews_are_hidden(app: App) {
    let review = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    workshop.step("hold", &json!({})).await.expect(200);
    let rounds = app
        .admin()
        .get(review.path("/feedback-rounds"))
        .await
        .items();
    let id = rounds[0]["id"].as_str().expect("an id");
    let round = format!("{ROUNDS}/{id}");
    for client in [app.facilitator(), app.stranger()] {
        for path in [
            round.clone(),
            format!("{round}/summary"),
            format!("{round}/participation"),
        ] {
            client.get(path).await.problem(404, "not_found");
        }
        let body = all_of(&app.admin(), &round, "agree").await;
        put(&client, &round, &body).await.problem(404, "not_found");
        for verb in ["open", "close"] {
            let call = client.call(reqwest::Method::POST, format!("{round}/{verb}"));
            call.if_match("\"1\"").await.problem(404, "not_found");
        }
        assert_eq!(
            client.get(ROUNDS).await.expect(200).items(),
            Vec::<Value>::new()
        );
        let path = review.path("/feedback-rounds");
        client.get(path).await.problem(404, "not_found");
    }
}
