//! Lists of events: a review's chronology and that of all reviews, filtered, in order, by pages.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::event;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    events_are_found_by_what_they_are,
    a_chronology_is_in_order_whenever_it_was_told,
    pages_of_a_chronology_stay_true_while_it_grows,
    the_list_across_reviews_is_of_those_that_exist_for_the_caller,
    a_list_of_events_refuses_what_it_does_not_know,
);

const ALL: &str = "/api/v1/events";

async fn told(client: &Client, review: &Review, summary: &str, fields: Value) -> String {
    let mut body = event();
    body["summary"] = json!(summary);
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = client.post(review.path("/events"), &body).await;
    made.expect(201).id()
}

async fn summaries(client: &Client, list: &str, limit: usize) -> Vec<String> {
    let found = client.all(list, limit).await;
    let text = |one: &Value| one["summary"].as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}

async fn events_are_found_by_what_they_are(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let at = |hour: u32| format!("2026-11-20T{hour:02}:00:00Z");
    let first = json!({
        "occurred_at": at(1), "kind": "alert", "phase": "detection", "actor_side": "system",
        "source": "edr", "is_key": true, "description": "An ALERT nobody read",
    });
    let second = json!({
        "occurred_at": at(2), "kind": "decision", "phase": "containment",
        "actor_side": "management", "marks": ["contained"], "actor_role": "Head of IT",
    });
    let third = json!({
        "occurred_at": at(3), "kind": "alert", "actor_side": "system", "source": "siem",
        "is_key": true, "marks": ["recovered"],
    });
    let (alpha, beta, gamma) = ("Alpha 100%", "Beta_1", "Gamma");
    told(&client, &review, alpha, first).await;
    told(&client, &review, beta, second).await;
    let retracted = told(&client, &review, gamma, third).await;
    let retract = review.path(&format!("/events/{retracted}/retract"));
    let retract = client.post(retract, &json!({ "reason": "x" }));
    retract.if_match("\"1\"").await.expect(200);
    for (query, expected) in [
        ("", vec![alpha, beta, gamma]),
        ("sort=occurred_at", vec![alpha, beta, gamma]),
        ("sort=-occurred_at", vec![gamma, beta, alpha]),
        ("kind=alert", vec![alpha, gamma]),
        ("kind=alert&kind=decision", vec![alpha, beta, gamma]),
        ("kind=handover", vec![]),
        ("phase=containment", vec![beta]),
        ("actor_side=system&is_key=true", vec![alpha, gamma]),
        (
            "source=siem&source=edr&sort=-occurred_at",
            vec![gamma, alpha],
        ),
        ("source=ed", vec![]),
        ("is_key=false", vec![beta]),
        ("has_marks=true", vec![beta, gamma]),
        ("has_marks=false", vec![alpha]),
        ("retracted=true", vec![gamma]),
        ("retracted=false&kind=alert", vec![alpha]),
        ("occurred_at_from=2026-11-20T02:00:00Z", vec![beta, gamma]),
        ("occurred_at_to=2026-11-20T02:00:00Z", vec![alpha]),
        (
            "occurred_at_from=2026-11-20T03:00:00%2B02:00&occurred_at_to=2026-11-20T01:00:01Z",
            vec![alpha],
        ),
        ("q=alert", vec![alpha]),
        ("q=READ%20alpha", vec![alpha]),
        ("q=head%20of%20it", vec![beta]),
        ("q=siem", vec![gamma]),
        ("q=0%25", vec![alpha]),
        ("q=a_1", vec![beta]),
        ("q=a_0", vec![]),
    ] {
        for list in [review.path("/events"), ALL.to_owned()] {
            let list = format!("{list}?{query}");
            let found = summaries(&app.reader(), &list, 1).await;
            assert_eq!(found, expected, "{list}");
        }
    }
}

async fn a_chronology_is_in_order_whenever_it_was_told(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let list = review.path("/events");
    let at = |text: &str| json!({ "occurred_at": text });
    told(&client, &review, "third", at("2026-11-20T03:00:00.000001Z")).await;
    told(&client, &review, "second", at("2026-11-20T03:00:00Z")).await;
    told(
        &client,
        &review,
        "fourth, told first",
        at("2026-11-20T04:00:00Z"),
    )
    .await;
    told(
        &client,
        &review,
        "fourth, told last",
        at("2026-11-20T05:00:00+01:00"),
    )
    .await;
    told(&client, &review, "first", at("1999-12-31T23:59:59Z")).await;
    let order = [
        "first",
        "second",
        "third",
        "fourth, told first",
        "fourth, told last",
    ];
    for limit in [1, 2, 200] {
        assert_eq!(summaries(&client, &list, limit).await, order);
        let reversed = format!("{list}?sort=-occurred_at");
        let mut found = summaries(&client, &reversed, limit).await;
        found.reverse();
        assert_eq!(found, order);
    }
}

async fn pages_of_a_chronology_stay_true_while_it_grows(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let hour = |hour: u32| json!({ "occurred_at": format!("2026-11-20T{hour:02}:00:00Z") });
    for (summary, at) in [("1", 1), ("3", 3), ("5", 5), ("7", 7)] {
        told(&client, &review, summary, hour(at)).await;
    }
    let list = review.path("/events?limit=2");
    let first = client.get(&list).await.expect(200);
    let cursor = first.json()["next_cursor"].clone();
    let cursor = cursor.as_str().expect("there is more");
    let next = format!("{list}&cursor={cursor}");
    let link = format!("<{next}>; rel=\"next\"");
    assert_eq!(first.header("link"), Some(link.as_str()));
    // What comes before the page is not seen any more; what comes after it is.
    told(&client, &review, "2", hour(2)).await;
    told(&client, &review, "6", hour(6)).await;
    let rest = client.get(&next).await.expect(200);
    let found: Vec<_> = rest
        .items()
        .iter()
        .map(|one| one["summary"].clone())
        .collect();
    assert_eq!(found, ["5", "6"]);
    for wrong in [
        format!("{list}&kind=alert&cursor={cursor}"),
        format!("{ALL}?limit=2&cursor={cursor}"),
        format!("{list}&cursor={cursor}A"),
    ] {
        client.get(wrong).await.problem(400, "invalid_cursor");
    }
    let last = client.get(review.path("/events?limit=6")).await.expect(200);
    assert_eq!(last.items().len(), 6);
    assert_eq!(last.json()["next_cursor"], Value::Null);
    assert_eq!(last.header("link"), None);
}

async fn the_list_across_reviews_is_of_those_that_exist_for_the_caller(app: App) {
    let admin = app.admin();
    let (first, second) = (a_review(&app).await, a_review(&app).await);
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let hour = |hour: u32| json!({ "occurred_at": format!("2026-11-20T{hour:02}:00:00Z") });
    told(&admin, &second, "2", hour(2)).await;
    told(&admin, &quiet, "3, quiet", hour(3)).await;
    told(&admin, &first, "1", hour(1)).await;
    told(&admin, &first, "4", hour(4)).await;
    let of = |review: &Review| format!("review_id={}", review.id);
    let both = format!("{}&{}", of(&second), of(&quiet));
    for (who, query, expected) in [
        (app.admin(), String::new(), vec!["1", "2", "3, quiet", "4"]),
        (app.reader(), String::new(), vec!["1", "2", "4"]),
        (app.stranger(), String::new(), vec![]),
        (app.reader(), of(&first), vec!["1", "4"]),
        (app.admin(), both.clone(), vec!["2", "3, quiet"]),
        (app.reader(), both, vec!["2"]),
        (app.reader(), of(&quiet), vec![]),
        (app.stranger(), of(&first), vec![]),
    ] {
        for limit in [1, 200] {
            let found = summaries(&who, &format!("{ALL}?{query}"), limit).await;
            assert_eq!(found, expected, "{query}");
        }
    }
    // A participant of a restricted review is one of its members.
    let me = app.reader().get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Reader", "function": "audit", "subject": me["subject"] });
    let added = admin.post(quiet.path("/participants"), &person).await;
    added.expect(201);
    let found = summaries(&app.reader(), ALL, 1).await;
    assert_eq!(found, ["1", "2", "3, quiet", "4"]);
}

async fn a_list_of_events_refuses_what_it_does_not_know(app: App) {
    let review = a_review(&app).await;
    for (query, place) in [
        ("kind=party", "kind"),
        ("is_key=perhaps", "is_key"),
        ("occurred_at_from=yesterday", "occurred_at_from"),
        ("sort=summary", "sort"),
        ("limit=201", "limit"),
        ("limit=0", "limit"),
        ("colour=red", "colour"),
    ] {
        for list in [review.path("/events"), ALL.to_owned()] {
            let reply = app.reader().get(format!("{list}?{query}")).await;
            let found = reply.problem(400, "invalid_parameter").faults();
            let found: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
            assert_eq!(found, [place], "{list}?{query}");
        }
    }
}
