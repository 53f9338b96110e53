//! Votes: capped for each person, taken back by leaving them out, counted in the end.

use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{collecting, fault, grouped, on_record, person, put_into, said, shown};

both_databases!(
    votes_are_capped_replaced_and_counted,
    every_fault_of_a_ballot_is_told_at_once,
    votes_are_given_while_people_vote_only,
    many_who_vote_at_once_are_all_counted,
    a_removed_contribution_gives_its_votes_back,
);

async fn votes_are_capped_replaced_and_counted(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three", "Four"] {
        ids.push(said(&app.contributor(), &workshop, text).await.id());
    }
    let group = grouped(&app, &workshop, "Both").await;
    put_into(&app, &ids[0], &group).await.expect(200);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let path = workshop.path("/ballot");
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let empty = kim.get(&path).await.expect(200);
    assert_eq!(empty.json()["votes_left"], 3);
    let ballot = json!({ "contribution_ids": [ids[1], ids[2]], "group_ids": [group] });
    let cast = kim.put(&path, &ballot).if_match(&empty.etag()).await;
    let cast = cast.expect(200);
    assert_eq!(cast.json()["votes_left"], 0);
    assert_eq!(cast.json()["group_ids"], json!([group]));
    let read = kim.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (cast.json(), cast.etag()));
    let stale = kim.put(&path, &ballot).if_match(&empty.etag()).await;
    stale.problem(412, "stale_version");
    let again = kim.put(&path, &ballot).await.expect(200);
    assert_eq!(again.json(), cast.json());
    let less = json!({ "contribution_ids": [ids[1]] });
    let less = kim.put(&path, &less).await.expect(200);
    assert_eq!(less.json()["votes_left"], 2);
    let other = json!({ "contribution_ids": [ids[1]], "group_ids": [group] });
    ada.put(&path, &other).await.expect(200);
    // Nobody sees how it goes.
    for one in shown(&app, &workshop, "").await {
        assert_eq!(one["votes"], Value::Null);
    }
    let before = app.reader().get(super::path_of(&ids[1])).await.expect(200);
    workshop.board("close-voting").await.expect(200);
    let counted = shown(&app, &workshop, "?sort=-votes").await;
    let votes: Vec<_> = counted.iter().map(|one| one["votes"].clone()).collect();
    assert_eq!(votes, [2, 0, 0, 0]);
    assert_eq!(counted[0]["id"], ids[1].as_str());
    let after = app.reader().get(super::path_of(&ids[1])).await.expect(200);
    assert_ne!(after.etag(), before.etag());
    let groups = app
        .reader()
        .get(workshop.path("/contribution-groups?sort=-votes"));
    assert_eq!(groups.await.expect(200).items()[0]["votes"], 1);
    let records = on_record(&app, "board").await;
    let last = records.last().expect("a record");
    assert_eq!(
        (&last["action"], &last["after"]["votes"]),
        (&json!("board.close_voting"), &json!(3))
    );
    // Whose votes they were is not known any more, not even to themselves.
    let forgotten = kim.get(&path).await.expect(200).json();
    assert_eq!(forgotten["contribution_ids"], json!([]));
}

async fn every_fault_of_a_ballot_is_told_at_once(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three"] {
        ids.push(said(&app.contributor(), &workshop, text).await.id());
    }
    let group = grouped(&app, &workshop, "Both").await;
    put_into(&app, &ids[0], &group).await.expect(200);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let ballot =
        json!({ "contribution_ids": [ids[0], ids[1], ids[1], group], "group_ids": [ids[2]] });
    let path = workshop.path("/ballot");
    let refused = app.contributor().put(&path, &ballot).await;
    let expected = [
        fault("", "too_many_votes"),
        fault("/contribution_ids/0", "in_a_group"),
        fault("/contribution_ids/2", "repeated_item"),
        fault("/contribution_ids/3", "not_found"),
        fault("/group_ids/0", "not_found"),
    ];
    assert_eq!(refused.problem(422, "validation_failed").faults(), expected);
    let own = app.contributor().get(&path).await.expect(200).json();
    assert_eq!(own["votes_left"], 3);
    app.reader()
        .put(&path, &json!({}))
        .await
        .problem(403, "missing_scope");
}

async fn votes_are_given_while_people_vote_only(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let vote = || app.contributor().put(workshop.path("/ballot"), &json!({}));
    let refused = |phase: &str| [fault("", &format!("board_is_{phase}"))];
    for (verb, phase) in [("close", "collecting"), ("open-voting", "grouping")] {
        let early = vote().await.problem(409, "state_conflict");
        assert_eq!(early.faults(), refused(phase));
        workshop.board(verb).await.expect(200);
    }
    vote().await.expect(200);
    workshop.board("close-voting").await.expect(200);
    let late = vote().await.problem(409, "state_conflict");
    assert_eq!(late.faults(), refused("done"));
}

async fn many_who_vote_at_once_are_all_counted(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    said(&app.contributor(), &workshop, "One").await.expect(201);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let id = shown(&app, &workshop, "").await[0]["id"].clone();
    let people = join_all((0..8).map(|number| {
        let (app, name) = (app.clone(), format!("Voter {number}"));
        async move { person(&app, &name).await }
    }));
    let ballot = json!({ "contribution_ids": [id] });
    let votes = people.await;
    let votes = votes.iter().flat_map(|one| {
        let call = one.put(workshop.path("/ballot"), &ballot);
        [call.clone(), call]
    });
    for vote in join_all(votes.map(IntoFuture::into_future)).await {
        assert_eq!(vote.expect(200).json()["votes_left"], 2);
    }
    workshop.board("close-voting").await.expect(200);
    assert_eq!(shown(&app, &workshop, "").await[0]["votes"], 8);
}

async fn a_removed_contribution_gives_its_votes_back(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let made = said(&app.contributor(), &workshop, "It was Tom").await;
    let made = made.expect(201);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let ballot = json!({ "contribution_ids": [made.id()] });
    let path = workshop.path("/ballot");
    let cast = app.contributor().put(&path, &ballot).await.expect(200);
    assert_eq!(cast.json()["votes_left"], 2);
    let removed = app.facilitator().delete(super::path_of(&made.id()));
    removed.if_match(&made.etag()).await.expect(204);
    let own = app.contributor().get(&path).await.expect(200).json();
    assert_eq!(own["votes_left"], 3);
}
