//! What search finds as a list: filters, ranks, counts, pages.

use std::collections::BTreeSet;

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::{event, finding};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    the_best_comes_first_and_of_equals_the_newest,
    hits_are_filtered_by_kind_review_and_time,
    hits_are_counted_by_kind_whatever_kind_is_asked_for,
    pages_go_on_where_they_ended_whatever_is_added,
    a_word_of_thousands_of_texts_is_paged_to_its_end,
);

const SEARCH: &str = "/api/v1/search";

fn ids(items: &[Value]) -> Vec<String> {
    let ids = items.iter().map(|hit| hit["id"].as_str().expect("an id"));
    ids.map(str::to_owned).collect()
}

async fn hits(client: &Client, query: &str) -> Vec<String> {
    let path = format!("{SEARCH}?limit=200&{query}");
    ids(&client.get(path).await.expect(200).items())
}

async fn appended(app: &App, review: &Review, summary: &str, description: &str) -> String {
    let mut body = event();
    body["summary"] = json!(summary);
    if !description.is_empty() {
        body["description"] = json!(description);
    }
    app.admin()
        .post(review.path("/events"), &body)
        .await
        .expect(201)
        .id()
}

async fn the_best_comes_first_and_of_equals_the_newest(app: App) {
    let review = a_review(&app).await;
    let mut made = Vec::new();
    for (summary, description) in [
        ("Nothing", "zebra"),
        ("Something of a zebra in a longer line", ""),
        ("Zebra", ""),
        ("Nothing", "zebra zebra zebra"),
        ("Zebra", ""),
        ("Zebra zebra", "zebra"),
    ] {
        made.push(appended(&app, &review, summary, description).await);
    }
    let expected: Vec<String> = [5, 4, 2, 1, 3, 0].map(|at: usize| made[at].clone()).into();
    assert_eq!(hits(&app.reader(), "q=zebra").await, expected);
    let page = app
        .reader()
        .get(format!("{SEARCH}?q=zebra"))
        .await
        .expect(200);
    let scores: Vec<f64> = page
        .items()
        .iter()
        .filter_map(|hit| hit["score"].as_f64())
        .collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    // Without words the newest come first.
    made.reverse();
    assert_eq!(hits(&app.reader(), "type=event").await, made);
}

async fn hits_are_filtered_by_kind_review_and_time(app: App) {
    let (one, other) = (a_review(&app).await, a_review(&app).await);
    let first = appended(&app, &one, "Zebra", "").await;
    let second = appended(&app, &other, "Zebra", "").await;
    let mut body = finding();
    body["statement"] = json!("Zebra");
    let third = other.record(&body).await.id();
    let client = app.reader();
    let set = |ids: &[&String]| ids.iter().map(|id| (*id).clone()).collect::<BTreeSet<_>>();
    let key = other.now().await.json()["key"].clone();
    let key = key.as_str().expect("a key");
    for (query, expected) in [
        ("type=event".to_owned(), set(&[&first, &second])),
        ("type=finding".to_owned(), set(&[&third])),
        (
            "type=finding&type=event".to_owned(),
            set(&[&first, &second, &third]),
        ),
        ("type=incident".to_owned(), set(&[])),
        (format!("review={}", one.id), set(&[&first])),
        (format!("review={key}"), set(&[&second, &third])),
        (format!("review={key}&type=finding"), set(&[&third])),
        // An event is found by when it happened, a finding by when it was recorded.
        ("at_from=2026-11-21T00:00:00Z".to_owned(), set(&[&third])),
        (
            "at_to=2026-11-21T00:00:00Z".to_owned(),
            set(&[&first, &second]),
        ),
        (
            "at_from=2026-11-20T03:36:00Z&at_to=2026-11-20T03:36:01Z".to_owned(),
            set(&[&first, &second]),
        ),
        ("at_to=2026-11-20T03:36:00Z".to_owned(), set(&[])),
    ] {
        let found = hits(&client, &format!("q=zebra&{query}")).await;
        assert_eq!(
            found.into_iter().collect::<BTreeSet<_>>(),
            expected,
            "{query}"
        );
    }
    for wrong in ["type=events", "at_from=now", "limit=0", "q=a&q=b"] {
        let reply = client.get(format!("{SEARCH}?{wrong}")).await;
        reply.problem(400, "invalid_parameter");
    }
    let unknown = format!("{SEARCH}?review=PIR-2026-9999");
    client.get(unknown).await.problem(404, "not_found");
}

async fn hits_are_counted_by_kind_whatever_kind_is_asked_for(app: App) {
    let review = a_review_with(&app, json!({ "title": "Zebra" })).await;
    for _ in 0..3 {
        appended(&app, &review, "Zebra", "").await;
    }
    let mut body = finding();
    body["statement"] = json!("Zebra");
    review.record(&body).await;
    let expected = json!({ "complete": true, "types": [
        { "type": "event", "count": 3 },
        { "type": "finding", "count": 1 },
        { "type": "review", "count": 1 },
    ]});
    for query in ["", "&type=event", "&type=incident", "&limit=2"] {
        let page = app.reader().get(format!("{SEARCH}?q=zebra{query}")).await;
        let page = page.expect(200).json();
        assert_eq!(page["counts"], expected, "{query}");
    }
    let page = app
        .reader()
        .get(format!("{SEARCH}?q=zebra&limit=2"))
        .await
        .expect(200);
    let cursor = page.json()["next_cursor"].clone();
    let cursor = cursor.as_str().expect("there is more");
    let next = app
        .reader()
        .get(format!("{SEARCH}?q=zebra&limit=2&cursor={cursor}"))
        .await;
    assert_eq!(next.expect(200).json()["counts"], Value::Null);
}

async fn pages_go_on_where_they_ended_whatever_is_added(app: App) {
    let review = a_review(&app).await;
    let mut made = BTreeSet::new();
    for number in 0..40 {
        let title = ["Zebra", "A zebra", "zebra zebra", "The zebra it was"][number % 4];
        made.insert(appended(&app, &review, title, "").await);
    }
    let whole = hits(&app.reader(), "q=zebra").await;
    assert_eq!(whole.iter().cloned().collect::<BTreeSet<_>>(), made);
    for limit in [1, 7, 40] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{SEARCH}?q=zebra&limit={limit}{cursor}");
            let page = app.reader().get(path).await.expect(200);
            assert!(page.items().len() <= limit);
            found.extend(ids(&page.items()));
            let Some(next) = page.json()["next_cursor"].as_str().map(str::to_owned) else {
                assert_eq!(page.header("link"), None);
                break;
            };
            assert!(page.header("link").is_some_and(|link| link.contains(&next)));
            cursor = format!("&cursor={next}");
            // The best of all, but newer than the first page.
            if found.len() < 8 {
                appended(&app, &review, "Zebra zebra zebra", "zebra").await;
            }
        }
        assert!(
            whole.iter().all(|id| found.contains(id)),
            "pages of {limit}"
        );
        let unique: BTreeSet<_> = found.iter().collect();
        assert_eq!(unique.len(), found.len(), "pages of {limit}");
    }
    let page = app
        .reader()
        .get(format!("{SEARCH}?q=zebra&limit=5"))
        .await
        .expect(200);
    let cursor = page.json()["next_cursor"].clone();
    let cursor = cursor.as_str().expect("there is more");
    for wrong in [
        format!("q=other&limit=5&cursor={cursor}"),
        format!("q=zebra&type=event&limit=5&cursor={cursor}"),
        format!("q=zebra&cursor={}", &cursor[1..]),
        "q=zebra&cursor=AAAA".to_owned(),
    ] {
        let reply = app.reader().get(format!("{SEARCH}?{wrong}")).await;
        reply.problem(400, "invalid_cursor");
    }
    let strange = format!("{SEARCH}?q=zebra&limit=5&cursor={cursor}");
    app.stranger()
        .get(strange)
        .await
        .problem(400, "invalid_cursor");
}

async fn a_word_of_thousands_of_texts_is_paged_to_its_end(app: App) {
    let review = a_review(&app).await;
    let events = |from: u32, until: u32| -> Vec<Value> {
        let event = |number: u32| {
            let mut body = event();
            body["summary"] = json!(format!("Zebra {number}"));
            body
        };
        (from..until).map(event).collect()
    };
    let batch = review.path("/events/batch");
    app.admin()
        .post(&batch, &json!(events(0, 2_345)))
        .await
        .expect(200);
    let first = app
        .reader()
        .get(format!("{SEARCH}?q=zebra&limit=200"))
        .await
        .expect(200);
    let counts = first.json()["counts"].clone();
    assert_eq!(
        counts,
        json!({ "complete": false, "types": [{ "type": "event", "count": 1000 }] })
    );
    let found = app.reader().all(&format!("{SEARCH}?q=zebra"), 200).await;
    assert_eq!(found.len(), 2_345);
    let unique: BTreeSet<_> = ids(&found).into_iter().collect();
    assert_eq!(unique.len(), 2_345);
    assert_eq!(hits(&app.reader(), "q=zebra+1234").await.len(), 1);
    assert_eq!(
        app.reader()
            .all(&format!("{SEARCH}?q=zebra+-1234"), 200)
            .await
            .len(),
        2_344
    );
    // Some in the middle of them are hidden: the others are all there.
    let hidden = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let path = hidden.path("/events/batch");
    app.admin()
        .post(path, &json!(events(0, 1_500)))
        .await
        .expect(200);
    app.admin()
        .post(&batch, &json!(events(5_000, 5_010)))
        .await
        .expect(200);
    let found = app.reader().all(&format!("{SEARCH}?q=zebra"), 200).await;
    assert_eq!(found.len(), 2_355);
}
