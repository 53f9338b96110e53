//! Operations at once on one database: what fails or is cut off touches nobody else.

use std::time::Duration;

use debrief::kernel::database::Database;
use debrief_tests::builders::a_review;
use debrief_tests::world::event;
use debrief_tests::{App, both_databases};
use sea_orm::{ConnectionTrait as _, DbErr};
use serde_json::json;

both_databases!(
    what_fails_or_is_cut_off_touches_nobody_else,
    what_is_put_into_a_review_waits_for_whoever_changes_it,
);

async fn mark(database: &Database, number: u32) -> Result<(), DbErr> {
    let tx = database.begin().await?;
    let insert = format!("INSERT INTO marks VALUES ({number})");
    tx.execute_unprepared(&insert).await?;
    match number % 3 {
        0 => tx.commit(Vec::new()).await,
        1 => tx.roll_back().await,
        _ => {
            let twice = tx.execute_unprepared(&insert).await;
            assert!(twice.is_err(), "{number} stands there already");
            drop(tx);
            Ok(())
        }
    }
}

/// Inserts until it is cut off, and never commits.
async fn go_on(database: Database, first: u32) -> Result<(), DbErr> {
    let tx = database.begin().await?;
    for number in first.. {
        tx.execute_unprepared(&format!("INSERT INTO marks VALUES ({number})"))
            .await?;
    }
    Ok(())
}

async fn what_fails_or_is_cut_off_touches_nobody_else(app: App) {
    let database = app.state().database.clone();
    let tx = database.begin().await.expect("a transaction");
    let table = "CREATE TABLE marks (number INTEGER PRIMARY KEY)";
    tx.execute_unprepared(table).await.expect("a table");
    tx.commit(Vec::new()).await.expect("a commit");

    let mut operations = Vec::new();
    for number in 0..90 {
        let database = database.clone();
        operations.push(tokio::spawn(async move { mark(&database, number).await }));
        if number % 9 == 0 {
            let cut = tokio::spawn(go_on(
                app.state().database.clone(),
                1_000_000 * (number + 1),
            ));
            tokio::time::sleep(Duration::from_micros(u64::from(number) * 37)).await;
            cut.abort();
        }
    }
    for operation in operations {
        let done = operation.await.expect("an operation ends");
        done.expect("nobody else's failure is told");
    }
    assert!(mark(&database, 90).await.is_ok(), "the next is not held up");
    let rows = "SELECT number FROM marks ORDER BY number";
    let backend = database.get_database_backend();
    let rows = database
        .query_all_raw(sea_orm::Statement::from_string(backend, rows))
        .await
        .expect("rows");
    let found: Vec<i32> = rows
        .iter()
        .map(|row| row.try_get("", "number").expect("a number"))
        .collect();
    let committed: Vec<i32> = (0..=90).filter(|number| number % 3 == 0).collect();
    assert_eq!(found, committed);
}

async fn what_is_put_into_a_review_waits_for_whoever_changes_it(app: App) {
    let review = a_review(&app).await;
    for (path, body) in [("/events", event()), ("/events/batch", json!([event()]))] {
        let tx = app.state().database.begin().await.expect("a transaction");
        let hold = "UPDATE reviews SET version = version";
        tx.execute_unprepared(hold).await.expect("it is held");
        let client = app.contributor();
        let call = client.post(review.path(path), &body);
        let mut appended = tokio::spawn(async move { call.await });
        let early = tokio::time::timeout(Duration::from_millis(500), &mut appended).await;
        assert!(early.is_err(), "{path} did not wait");
        tx.roll_back().await.expect("it is let go");
        let reply = appended.await.expect("an answer");
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
    }
}
