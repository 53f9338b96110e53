//! How much is asked of the database for the process metrics.

use debrief::identity::bootstrap;
use debrief::kernel::access::{Caller, Role};
use debrief::metrics::process::body::{ProcessQuery, ReviewFilter};
use debrief::metrics::process::report;
use debrief_tests::builders::a_review;
use debrief_tests::counting::Counting;
use debrief_tests::{App, both_databases};
use serde_json::json;

use super::process_promptness::Held;

both_databases!(the_number_of_queries_does_not_grow_with_the_reviews);

async fn queries(app: &App) -> (usize, u64) {
    let state = app.state();
    let own = bootstrap::named(&state, bootstrap::DEFAULT_ORGANIZATION).await;
    let own = own.expect("the organisation is there").id;
    let caller = Caller {
        subject: "somebody".to_owned(),
        scopes: Role::Reader.scopes(),
        ..(*bootstrap::command_line(own)).clone()
    };
    let query: ProcessQuery =
        serde_json::from_value(json!({ "group_by": ["severity"], "interval": "day" }))
            .expect("a query");
    let counting = Counting::new(&state.database);
    let filter = ReviewFilter::default();
    let found = report::process(&counting, &caller, query, filter, state.clock.now()).await;
    let found = serde_json::to_value(found.expect("it is measured")).expect("it can be written");
    (counting.count(), found["n"].as_u64().expect("a count"))
}

async fn the_number_of_queries_does_not_grow_with_the_reviews(app: App) {
    a_review(&app).await.with_events(1).await;
    let (few, one) = queries(&app).await;
    Held::done(&app).await;
    for _ in 0..5 {
        a_review(&app).await.with_findings().await;
    }
    let (many, all) = queries(&app).await;
    assert_eq!((one, all), (1, 10));
    assert!(many <= few, "{many} for all of them, {few} for one");
}
