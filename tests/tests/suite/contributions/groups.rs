//! Groups: made and dissolved, contributions put into them, and what came of both.

use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::{
    actions, collecting, fault, grouped, on_record, path_of, put_into, said, shown, texts,
};

both_databases!(
    a_group_is_made_changed_and_dissolved,
    contributions_go_into_groups_of_their_workshop_until_people_vote,
    what_came_of_a_contribution_or_a_group_is_kept_and_found,
    a_briefing_pack_shows_contributions_by_group,
);

async fn a_group_is_made_changed_and_dissolved(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let workshop = collecting(&review, false).await;
    let path = workshop.path("/contribution-groups");
    let wrong = json!({ "title": "", "votes": 9 });
    let expected = [
        fault("/title", "too_short"),
        fault("/votes", "unknown_field"),
    ];
    let refused = lead.post(&path, &wrong).await;
    assert_eq!(refused.problem(422, "validation_failed").faults(), expected);
    let given = json!({ "title": "Alerts", "summary": "Nobody did their job" });
    let contributor = app.contributor();
    contributor
        .post(&path, &given)
        .await
        .problem(403, "missing_scope");
    let made = lead.post(&path, &given).await.expect(201);
    let own = format!("/api/v1/contribution-groups/{}", made.id());
    assert_eq!(made.header("location"), Some(own.as_str()));
    assert_eq!(made.json()["votes"], Value::Null);
    let read = app.reader().get(&own).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let change = json!({ "title": "Alerts without an owner", "summary": null });
    let change = lead.patch(&own, &change);
    change.clone().await.problem(428, "precondition_required");
    let changed = change.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["summary"], Value::Null);
    change
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let found = app.reader().get("/api/v1/search?q=owner").await.expect(200);
    assert_eq!(found.items()[0]["href"], own);

    let contribution = said(&app.contributor(), &workshop, "Nobody read it")
        .await
        .id();
    put_into(&app, &contribution, &made.id()).await.expect(200);
    let stale = lead.delete(&own).if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    let removed = lead.delete(&own).if_match(&changed.etag()).await;
    removed.expect(204);
    let left = lead.get(path_of(&contribution)).await.expect(200).json();
    assert_eq!(
        (&left["group_id"], &left["version"]),
        (&Value::Null, &json!(3))
    );
    assert_eq!(
        lead.get(&path).await.expect(200).items(),
        Vec::<Value>::new()
    );
    let expected = ["create", "update", "remove"].map(|verb| format!("contribution_group.{verb}"));
    assert_eq!(
        actions(&on_record(&app, "contribution_group").await),
        expected
    );
    for title in ["B", "A"] {
        grouped(&app, &workshop, title).await;
    }
    for (sort, titles) in [
        ("created_at", ["B", "A"]),
        ("title", ["A", "B"]),
        ("-title", ["B", "A"]),
    ] {
        let listed = app.reader().all(&format!("{path}?sort={sort}"), 1).await;
        let listed: Vec<_> = listed.iter().map(|one| one["title"].clone()).collect();
        assert_eq!(listed, titles, "{sort}");
    }
}

async fn contributions_go_into_groups_of_their_workshop_until_people_vote(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let workshop = collecting(&review, false).await;
    let other = collecting(&review, false).await;
    let id = said(&app.contributor(), &workshop, "Nobody read it")
        .await
        .id();
    let foreign = grouped(&app, &other, "Elsewhere").await;
    let refused = put_into(&app, &id, &foreign).await;
    let expected = [fault("/group_id", "not_found")];
    assert_eq!(refused.problem(422, "validation_failed").faults(), expected);
    let group = grouped(&app, &workshop, "Here").await;
    let put = put_into(&app, &id, &group).await.expect(200);
    assert_eq!(put.json()["group_id"], group.as_str());
    // The same again is nothing new.
    let again = put_into(&app, &id, &group).await.expect(200);
    assert_eq!(again.etag(), put.etag());
    let path = format!("{}/group", path_of(&id));
    let out = lead.put(&path, &json!({}));
    out.clone()
        .if_match("\"1\"")
        .await
        .problem(412, "stale_version");
    let out = out.if_match(&put.etag()).await.expect(200);
    assert_eq!(out.json()["group_id"], Value::Null);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let refused = put_into(&app, &id, &group).await;
    let expected = [fault("", "board_is_voting")];
    assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
}

async fn what_came_of_a_contribution_or_a_group_is_kept_and_found(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let workshop = collecting(&review, true).await;
    said(&app.contributor(), &workshop, "Nobody read it")
        .await
        .expect(201);
    workshop.board("close").await.expect(200);
    let id = shown(&app, &workshop, "").await[0]["id"]
        .as_str()
        .map(str::to_owned);
    let id = id.expect("an id");
    let gap = json!({ "kind": "observation", "statement": "Nobody read the mailbox" });
    let finding = review.record(&gap).await.id();
    let work = json!({ "title": "Give every alert an owner", "type": "detect" });
    let action = review.act(&work).await.id();
    let lesson = review.learn(&json!({ "statement": "Own it" })).await.id();
    let group = grouped(&app, &workshop, "Alerts").await;
    let outcomes = json!({
        "finding_ids": [finding], "action_ids": [action], "lesson_ids": [lesson],
    });
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let wrong = json!({
        "finding_ids": [nobody], "action_ids": [action, action], "lesson_ids": [finding],
    });
    for (path, list) in [
        (path_of(&id), workshop.path("/contributions")),
        (
            format!("/api/v1/contribution-groups/{group}"),
            workshop.path("/contribution-groups"),
        ),
    ] {
        let put = |body: &Value| lead.put(format!("{path}/outcomes"), body);
        let expected = [
            fault("/action_ids/1", "repeated_item"),
            fault("/finding_ids/0", "not_found"),
            fault("/lesson_ids/0", "not_found"),
        ];
        let refused = put(&wrong).await.problem(422, "validation_failed");
        assert_eq!(refused.faults(), expected);
        let stale = put(&outcomes).if_match("\"9\"").await;
        stale.problem(412, "stale_version");
        let linked = put(&outcomes).await.expect(200);
        assert_eq!(linked.json()["outcomes"], outcomes);
        assert_eq!(put(&outcomes).await.expect(200).etag(), linked.etag());
        for outcome in [&finding, &action, &lesson] {
            let path = format!("{list}?outcome_id={outcome}");
            let listed = app.reader().get(path).await.expect(200).items();
            assert_eq!(listed, [linked.json()]);
        }
        let path = format!("{list}?outcome_id={nobody}");
        let listed = app.reader().get(path).await.expect(200).items();
        assert_eq!(listed, Vec::<Value>::new());
    }
    let records = on_record(&app, "contribution").await;
    assert_eq!(actions(&records), ["contribution.link"]);
    assert!(!records[0].to_string().contains("Nobody read"));
}

async fn a_briefing_pack_shows_contributions_by_group(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    for text in ["One", "Two", "Three"] {
        said(&app.contributor(), &workshop, text).await.expect(201);
    }
    let pack = || async {
        let pack = app.facilitator().get(workshop.path("/briefing-pack")).await;
        pack.expect(200).json()["contributions"].clone()
    };
    let sealed = pack().await;
    assert_eq!(sealed["board"]["contribution_count"], Value::Null);
    assert_eq!(sealed["ungrouped"], json!([]));
    workshop.board("close").await.expect(200);
    let group = grouped(&app, &workshop, "Numbers").await;
    for one in shown(&app, &workshop, "").await {
        if one["text"] != "Three" {
            let id = one["id"].as_str().expect("an id");
            put_into(&app, id, &group).await.expect(200);
        }
    }
    let told = pack().await;
    assert_eq!(told["board"]["contribution_count"], 3);
    assert_eq!(told["groups"][0]["group"]["id"], group.as_str());
    let within = told["groups"][0]["contributions"].as_array();
    assert_eq!(within.map(Vec::len), Some(2));
    let ungrouped = told["ungrouped"].as_array().expect("a list");
    assert_eq!(texts(ungrouped), ["Three"]);
}
