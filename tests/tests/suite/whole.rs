//! The whole review in one answer: everything that is read elsewhere, for whoever may read it, with as
//! many queries whatever its size.

use debrief::identity::bootstrap;
use debrief::kernel::access::{Caller, Role, ScopeSet};
use debrief::whole::rows::Rows;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::counting::Counting;
use debrief_tests::life::lived;
use debrief_tests::{App, both_databases};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

both_databases!(
    everything_of_a_review_is_in_one_answer_as_it_is_read_alone,
    the_answer_is_the_same_until_something_changes,
    a_restricted_review_is_whole_for_its_members_only,
    all_of_it_is_asked_of_a_credential,
    what_is_counted_is_what_is_read,
    a_larger_review_asks_no_more_queries,
);

async fn full(app: &App, review: &Review) -> Value {
    app.reader()
        .get(review.path("/full"))
        .await
        .expect(200)
        .json()
}

async fn everything_of_a_review_is_in_one_answer_as_it_is_read_alone(app: App) {
    let review = lived(&app).await;
    let reader = app.reader();
    let whole = full(&app, &review).await;
    assert_eq!(whole["review"], reader.get(review.path("")).await.json());
    for (part, list) in [
        ("participants", "/participants?sort=created_at"),
        ("events", "/events"),
        ("decisions", "/decisions"),
        ("communications", "/communications"),
        ("assessments", "/assessments?sort=created_at"),
        ("impacts", "/impacts?sort=created_at"),
        ("findings", "/findings?sort=created_at"),
        ("recommendations", "/recommendations?sort=created_at"),
        ("lessons", "/lessons?sort=created_at"),
        ("obligations", "/obligations"),
        ("briefings", "/briefings"),
        ("wording_notes", "/wording-notes"),
    ] {
        let alone = reader.all(&review.path(list), 200).await;
        assert!(!alone.is_empty(), "there are no {part}");
        assert_eq!(whole[part], json!(alone), "{part}");
    }
    actions(&app, &review, &whole).await;
    boards(&app, &whole).await;
    feedback(&app, &review, &whole).await;
    sessions(&app, &review, &whole).await;
    beside(&app, &review, &whole).await;
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

fn list<'a>(value: &'a Value, part: &str) -> &'a [Value] {
    let list = value[part].as_array();
    let list = list.unwrap_or_else(|| panic!("{part} is a list"));
    assert!(!list.is_empty(), "there are no {part}");
    list
}

async fn actions(app: &App, review: &Review, whole: &Value) {
    let reader = app.reader();
    for one in list(whole, "actions") {
        let path = review.path(&format!("/actions/{}", id(&one["action"])));
        assert_eq!(one["action"], reader.get(&path).await.json());
        for (part, below) in [
            ("progress", "progress?sort=created_at"),
            ("verifications", "verifications?sort=created_at"),
            ("due_date_changes", "due-date-changes?sort=at"),
        ] {
            let alone = reader.all(&format!("{path}/{below}"), 200).await;
            assert_eq!(one[part], json!(alone), "{part}");
        }
    }
    let first = &list(whole, "actions")[0];
    for part in ["progress", "verifications", "due_date_changes"] {
        list(first, part);
    }
}

/// The boards with what is on them; what is sealed is on none.
async fn boards(app: &App, whole: &Value) {
    let reader = app.reader();
    let all = list(whole, "workshops").iter();
    let with = all.filter(|one| !one["board"].is_null());
    let mut shown = [0, 0];
    for one in with {
        let path = format!("/api/v1/workshops/{}", id(&one["workshop"]));
        let board = reader.get(format!("{path}/board")).await.expect(200);
        assert_eq!(one["board"]["board"], board.json());
        for (at, (part, below)) in [
            ("groups", "contribution-groups?sort=created_at"),
            ("contributions", "contributions?sort=created_at"),
        ]
        .into_iter()
        .enumerate()
        {
            let alone = reader.all(&format!("{path}/{below}"), 200).await;
            shown[at] += alone.len();
            assert_eq!(one["board"][part], json!(alone), "{part}");
        }
    }
    // Publication has closed the boards, and so shown what was sealed.
    assert_eq!(shown, [1, 4]);
}

async fn feedback(app: &App, review: &Review, whole: &Value) {
    let reader = app.reader();
    let alone = reader.all(&review.path("/feedback-rounds"), 200).await;
    let rounds: Vec<&Value> = list(whole, "feedback")
        .iter()
        .map(|one| &one["round"])
        .collect();
    assert_eq!(rounds, alone.iter().collect::<Vec<_>>());
    let mut withheld = Vec::new();
    for one in list(whole, "feedback") {
        let path = format!("/api/v1/feedback-rounds/{}/summary", id(&one["round"]));
        assert_eq!(one["summary"], reader.get(path).await.expect(200).json());
        withheld.push(one["summary"]["withheld"].clone());
    }
    withheld.sort_by_key(Value::to_string);
    assert_eq!(
        withheld,
        [json!("not_closed"), json!("not_closed"), Value::Null]
    );
}

async fn sessions(app: &App, review: &Review, whole: &Value) {
    let reader = app.reader();
    for one in list(whole, "workshops") {
        let path = format!("/api/v1/workshops/{}", id(&one["workshop"]));
        assert_eq!(one["workshop"], reader.get(&path).await.json());
        let path = format!("{path}/invitations?sort=created_at");
        assert_eq!(one["invitations"], json!(reader.all(&path, 200).await));
    }
    list(&list(whole, "workshops")[0], "invitations");
    let path = review.path("/improvement-measures");
    for one in list(whole, "improvement_measures") {
        let path = format!("{path}/{}/evaluations", id(&one["measure"]));
        assert_eq!(one["evaluations"], json!(reader.all(&path, 200).await));
        list(one, "evaluations");
    }
}

async fn beside(app: &App, review: &Review, whole: &Value) {
    let reader = app.reader();
    let incident = &list(whole, "incidents")[0];
    let path = format!("/api/v1/incidents/{}", id(incident));
    assert_eq!(incident, &reader.get(path).await.json());
    let document = &list(whole, "documents")[0];
    let path = format!("/api/v1/documents/{}", id(&document["document"]));
    assert_eq!(document["document"], reader.get(&path).await.json());
    let revision = &list(document, "revisions")[0];
    let path = format!("{path}/revisions/{}", id(revision));
    assert_eq!(revision, &reader.get(path).await.json());
    let comparison = reader.get(review.path("/impacts/comparison")).await;
    assert_eq!(whole["impact_comparison"], comparison.expect(200).json());
    let path = format!("/api/v1/deadlines?review_id={}", review.id);
    let due = reader.all(&path, 200).await;
    assert_eq!(list(whole, "deadlines"), due);
}

async fn the_answer_is_the_same_until_something_changes(app: App) {
    let review = a_review(&app).await.with_events(2).await;
    let path = review.path("/full");
    let reader = app.reader();
    let first = reader.get(&path).await.expect(200);
    let again = reader.get(&path).header("if-none-match", first.etag());
    again.await.expect(304);
    review.append(1).await;
    let changed = reader.get(&path).header("if-none-match", first.etag());
    let changed = changed.await.expect(200).json();
    assert_eq!(changed["events"].as_array().map(Vec::len), Some(3));
}

async fn a_restricted_review_is_whole_for_its_members_only(app: App) {
    let review = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    for below in ["/full", "/export"] {
        app.admin().get(review.path(below)).await.expect(200);
        for client in [app.reader(), app.facilitator(), app.stranger()] {
            client
                .get(review.path(below))
                .await
                .problem(404, "not_found");
        }
    }
    let me = app.reader().get("/api/v1/me").await.expect(200).json();
    review
        .join_as(&json!({ "name": "Kim", "function": "it", "subject": me["subject"] }))
        .await;
    for below in ["/full", "/export"] {
        app.reader().get(review.path(below)).await.expect(200);
    }
}

async fn all_of_it_is_asked_of_a_credential(app: App) {
    let review = a_review(&app).await;
    let some = json!({ "name": "dashboard", "scopes": ["reviews:read", "actions:read"] });
    let key = app
        .admin()
        .post("/api/v1/api-keys", &some)
        .await
        .expect(201)
        .json();
    let client = app.bearing(key["key"].as_str());
    client.get(review.path("")).await.expect(200);
    for below in ["/full", "/export"] {
        client
            .get(review.path(below))
            .await
            .problem(403, "missing_scope");
    }
}

/// How many queries it takes to read a whole review.
async fn queries(app: &App, review: &Review, scopes: ScopeSet) -> usize {
    let state = app.state();
    let own = bootstrap::named(&state, bootstrap::DEFAULT_ORGANIZATION).await;
    let own = own.expect("the organisation is there").id;
    let caller = Caller {
        subject: "somebody".to_owned(),
        scopes,
        ..(*bootstrap::command_line(own)).clone()
    };
    let counting = Counting::new(&state.database);
    let which = (review.id.as_str(), state.clock.now());
    let full = debrief::whole::store::full(&counting, &caller, which).await;
    let shown = full.expect("the review can be read").shown();
    let shown = serde_json::to_value(shown).expect("it can be written");
    assert_eq!(shown["review"]["id"], review.id.as_str());
    counting.count()
}

async fn what_is_counted_is_what_is_read(app: App) {
    let review = lived(&app).await;
    let id = review.id.parse().expect("an id");
    let state = app.state();
    let read = &state.database;
    let counted = Rows::counted(read, id).await.expect("counts");
    let row = entity::review::Entity::find_by_id(id).one(read).await;
    let row = row.expect("an answer").expect("the review");
    let rows = debrief::whole::store::rows(read, &row, state.clock.now()).await;
    let rows = rows.expect("rows").counts();
    for ((list, counted), (_, read)) in counted.into_iter().zip(rows) {
        // What is not told of rounds is counted too.
        let read = i64::try_from(read).expect("few");
        assert!(
            counted == read || counted > read && list == "feedback_results",
            "{list}: {counted}, {read}"
        );
        assert!(counted > 0, "the review has no {list}");
    }
}

async fn a_larger_review_asks_no_more_queries(app: App) {
    let small = lived(&app).await;
    let large = a_review(&app).await;
    let events: Vec<Value> = (0..1_200)
        .map(|n| json!({ "occurred_at": "2026-11-20T03:36:00Z", "kind": "alert", "summary": format!("Alert {n}") }))
        .collect();
    let path = large.path("/events/batch");
    app.admin().post(path, &json!(events)).await.expect(200);
    let participant = large.join("Kim Larsen", "it").await;
    for number in 0..8 {
        let finding = json!({ "kind": "gap", "gap_category": "roles_authority", "statement": format!("Gap {number}") });
        let finding = large.record(&finding).await.id();
        let action = json!({ "title": format!("Action {number}"), "type": "prevent", "finding_ids": [finding] });
        let action = large.act(&action).await.id();
        let waits = json!({ "title": format!("After {number}"), "type": "prevent", "depends_on": [action] });
        large.act(&waits).await;
        large
            .propose(&json!({ "title": format!("Proposal {number}") }))
            .await;
        large
            .learn(&json!({ "statement": format!("Lesson {number}") }))
            .await;
        let workshop = large.plan(&json!({ "kind": "hotwash" })).await;
        workshop.invite(&participant).await;
    }
    for scopes in [Role::Admin.scopes(), Role::Reader.scopes()] {
        let (few, many) = (
            queries(&app, &small, scopes).await,
            queries(&app, &large, scopes).await,
        );
        assert!(
            many <= few,
            "{many} queries for a large review, {few} for a small one"
        );
        assert!(few <= 40, "{few} queries");
    }
}
