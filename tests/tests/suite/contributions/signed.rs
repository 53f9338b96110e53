//! Contributions under one's name: made, changed and withdrawn by whoever signed them.

use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::{
    actions, collecting, fault, on_record, path_of, person, put_into, said, shown, subject, texts,
};

both_databases!(
    a_signed_contribution_is_its_authors_to_change_and_withdraw,
    whoever_leads_the_workshop_removes_what_blames_somebody,
    a_signed_contribution_is_repeated_once_and_found,
    contributions_are_listed_by_all_that_is_told_of_them,
);

async fn a_signed_contribution_is_its_authors_to_change_and_withdraw(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let body = json!({ "prompt": "idea", "text": "Kim should have known better" });
    let made = kim.post(workshop.path("/contributions"), &body).await;
    let made = made.expect(201);
    let path = path_of(&made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let told = made.json();
    assert_eq!(told["withdrawal_token"], Value::Null);
    let author = json!({ "subject": subject(&kim).await, "name": "Kim" });
    assert_eq!(
        (&told["anonymous"], &told["author"]),
        (&json!(false), &author)
    );
    assert_eq!(told["created_at"], "2026-11-23T12:00:00Z");
    assert_eq!(told["wording_notes"][0]["pointer"], "/text");
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!(read.etag(), made.etag());
    assert_eq!(read.json()["author"], author);
    assert_eq!(shown(&app, &workshop, "").await, [read.json()]);

    let change = json!({ "text": "The exception had no owner" });
    let change = |client: &debrief_tests::Client| client.patch(&path, &change);
    change(&kim).await.problem(428, "precondition_required");
    for other in [ada.clone(), app.admin()] {
        let refused = change(&other).if_match(&made.etag()).await;
        refused.problem(403, "forbidden");
    }
    let changed = change(&kim).if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["version"], 2);
    assert_eq!(changed.json()["prompt"], "idea");
    assert_eq!(changed.json()["wording_notes"], json!([]));
    let stale = change(&kim).if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    let delete = |client: &debrief_tests::Client| client.delete(&path);
    let refused = delete(&ada).if_match(&changed.etag()).await;
    refused.problem(403, "missing_scope");
    let stale = delete(&kim).if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    let withdrawn = delete(&kim).if_match(&changed.etag()).await;
    withdrawn.expect(204);
    app.reader().get(&path).await.problem(404, "not_found");
    let records = on_record(&app, "contribution").await;
    let expected = [
        "contribution.create",
        "contribution.update",
        "contribution.withdraw",
    ];
    assert_eq!(actions(&records), expected);
    assert_eq!(records[1]["after"]["author"], author);
    // What people voted on stays as they read it.
    let made = said(&kim, &workshop, "Nobody owned the mailbox").await;
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let refused = kim.delete(path_of(&made.id())).if_match(&made.etag()).await;
    let expected = [fault("", "board_is_voting")];
    assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
}

async fn whoever_leads_the_workshop_removes_what_blames_somebody(app: App) {
    let review = a_review(&app).await;
    let lead = app.facilitator();
    for anonymous in [false, true] {
        let workshop = collecting(&review, anonymous).await;
        let made = said(&app.contributor(), &workshop, "It was Tom, as always").await;
        let id = made.expect(201).id();
        workshop.board("close").await.expect(200);
        let path = path_of(&id);
        let read = lead.get(&path).await.expect(200);
        let refused = person(&app, "Ada").await.delete(&path);
        let refused = refused.if_match(&read.etag()).await;
        refused.problem(403, "missing_scope");
        let removed = lead.delete(&path).if_match(&read.etag()).await;
        removed.expect(204);
        assert_eq!(shown(&app, &workshop, "").await, Vec::<Value>::new());
        let found = app.reader().get("/api/v1/search?q=tom").await.expect(200);
        assert_eq!(found.items(), Vec::<Value>::new());
        let records = on_record(&app, "contribution").await;
        let last = records.last().expect("a record");
        assert_eq!(last["action"], "contribution.remove");
        assert_eq!(last["before"]["anonymous"], anonymous);
        let keeps_text = last.to_string().contains("Tom");
        assert_eq!(keeps_text, !anonymous);
    }
}

async fn a_signed_contribution_is_repeated_once_and_found(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let path = workshop.path("/contributions");
    let call = app
        .contributor()
        .post(path, &super::saying("Mailbox orphaned"));
    let first = call.clone().key("one").await.expect(201);
    let second = call.key("one").await.expect(201);
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    let found = app
        .reader()
        .get("/api/v1/search?q=orphaned&type=contribution");
    let found = found.await.expect(200).items();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["href"], path_of(&first.id()));
}

async fn contributions_are_listed_by_all_that_is_told_of_them(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let mut ids = Vec::new();
    for (client, prompt, text) in [
        (&kim, "what_helped", "Backups were offline"),
        (&ada, "idea", "Own every alert"),
        (&kim, "idea", "Drill the restore"),
    ] {
        let body = json!({ "prompt": prompt, "text": text });
        let made = client.post(workshop.path("/contributions"), &body).await;
        ids.push(made.expect(201).id());
        app.wait(chrono::Duration::seconds(1));
    }
    let group = super::grouped(&app, &workshop, "Alerts").await;
    put_into(&app, &ids[1], &group).await.expect(200);
    let [backups, own, drill] = [
        "Backups were offline",
        "Own every alert",
        "Drill the restore",
    ];
    let author = format!("?author={}", subject(&ada).await);
    let in_group = format!("?group_id={group}");
    for (query, expected) in [
        ("?prompt=idea", vec![own, drill]),
        (
            "?prompt=idea&prompt=what_helped&sort=-created_at",
            vec![drill, own, backups],
        ),
        ("?sort=created_at", vec![backups, own, drill]),
        ("?sort=-prompt", vec![backups, drill, own]),
        (&author, vec![own]),
        (&in_group, vec![own]),
        ("?grouped=false&sort=created_at", vec![backups, drill]),
        ("?grouped=true", vec![own]),
        ("?q=ALERT%20own", vec![own]),
        ("?q=nothing", vec![]),
    ] {
        let listed = shown(&app, &workshop, query).await;
        assert_eq!(texts(&listed), expected, "{query}");
    }
    for sort in [
        "prompt",
        "-prompt",
        "created_at",
        "-created_at",
        "votes",
        "-votes",
    ] {
        let path = workshop.path(&format!("/contributions?sort={sort}"));
        let whole = app.reader().all(&path, 50).await;
        assert_eq!(app.reader().all(&path, 1).await, whole, "{sort}");
    }
}
