//! Actions: progress, who may verify, and what may not wait for what.

use debrief_tests::builders::{Review, a_review};
use debrief_tests::reply::Reply;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    what_is_implemented_is_done_to_a_hundred_percent,
    the_owner_of_an_action_does_not_verify_it,
    actions_do_not_wait_for_each_other_in_a_circle,
);

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
    let early = "2026-11-20T12:00:00Z";
    for done in [
        json!({ "status": "implemented" }),
        json!({ "status": "implemented", "percent": 100 }),
        json!({ "status": "implemented", "at": early }),
        json!({ "status": "implemented", "percent": 100, "at": early }),
    ] {
        let (path, _) = created(&app, &review).await;
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
