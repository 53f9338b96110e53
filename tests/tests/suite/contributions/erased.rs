//! Somebody has the files of the database, with all that still lies in them: what was taken back, and the
//! earlier versions of boxes, which tell what came before what.

use std::time::Duration;

use debrief_tests::builders::a_review;
use debrief_tests::{App, Engine, both_databases, database};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use super::{collecting, said, shown};

both_databases!(
    nothing_of_a_box_stays_in_the_files,
    ballots_do_not_stay_in_the_files,
    a_cancelled_session_leaves_nothing_in_the_files,
);

/// Whether the files of the database hold any of these, with all that was ever written into them. On
/// PostgreSQL, where they are the server's, whether there is a page in which dead rows could lie.
async fn hold(app: &App, wanted: &[&str]) -> bool {
    match app.engine() {
        Engine::Sqlite => {
            let file = app.database_url().replace("sqlite://", "");
            [file.clone(), format!("{file}-wal")].iter().any(|file| {
                let bytes = std::fs::read(file).unwrap_or_default();
                let has = |one: &&str| bytes.windows(one.len()).any(|part| part == one.as_bytes());
                wanted.iter().any(has)
            })
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(&app.database_url())
                .await
                .expect("a server");
            let size = "SELECT pg_relation_size('sealed_boxes') + pg_relation_size('ballots')";
            let size: i64 = sqlx::query_scalar(size)
                .fetch_one(&mut connection)
                .await
                .expect("an answer");
            size > 0
        }
    }
}

/// Waits until the files hold nothing of it any more.
async fn erased(app: &App, wanted: &[&str]) {
    for _ in 0..100 {
        if !hold(app, wanted).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the files still hold some of {wanted:?}");
}

/// What every version of a box that collects has in it.
const SEALED: &str = "withdrawal_sha256";

async fn nothing_of_a_box_stays_in_the_files(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let path = workshop.path("/contributions");
    let mut last = serde_json::Value::Null;
    // More than one page, so that pages are set free by every change.
    for number in 0..25 {
        let text = format!("Kept number {number} {}", "long ".repeat(60));
        said(&app.contributor(), &workshop, &text).await.expect(201);
        let made = said(&app.contributor(), &workshop, "Rashly said of Tom").await;
        last = made.expect(201).json()["withdrawal_token"].clone();
        if number % 2 == 0 {
            let withdraw = json!({ "withdrawal_token": last });
            let withdraw = app
                .contributor()
                .post(format!("{path}/withdraw"), &withdraw);
            withdraw.await.expect(204);
        }
    }
    assert!(hold(&app, &[SEALED]).await, "the box lies in the files");
    workshop.board("close").await.expect(200);
    // Half of them stayed.
    assert_eq!(shown(&app, &workshop, "").await.len(), 25 + 12);
    erased(&app, &[SEALED, last.as_str().expect("a token")]).await;
    // Of a board of which all was taken back nothing is left.
    let workshop = collecting(&review, true).await;
    let path = workshop.path("/contributions/withdraw");
    for number in 0..10 {
        let text = format!("Hasty word {number} {}", "long ".repeat(100));
        let made = said(&app.contributor(), &workshop, &text).await.expect(201);
        let withdraw = json!({ "withdrawal_token": made.json()["withdrawal_token"] });
        app.contributor().post(&path, &withdraw).await.expect(204);
    }
    workshop.board("close").await.expect(200);
    erased(&app, &[SEALED, "Hasty word"]).await;
}

/// The names under which votes are kept, as they lie in the table.
fn voters(app: &App) -> Vec<Vec<u8>> {
    let file = database::open_file(&app.database_url());
    let mut query = file.prepare("SELECT voter FROM ballots").expect("a query");
    let voters = query.query_map((), |row| row.get(0)).expect("rows");
    voters.map(|voter| voter.expect("a voter")).collect()
}

async fn ballots_do_not_stay_in_the_files(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    said(&app.contributor(), &workshop, "One").await.expect(201);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let id = shown(&app, &workshop, "").await[0]["id"].clone();
    let ballot = json!({ "contribution_ids": [id] });
    let cast = app.contributor().put(workshop.path("/ballot"), &ballot);
    cast.await.expect(200);
    let voters = match app.engine() {
        Engine::Sqlite => voters(&app),
        Engine::Postgres => Vec::new(),
    };
    workshop.board("close-voting").await.expect(200);
    erased(&app, &[SEALED]).await;
    let file = app.database_url().replace("sqlite://", "");
    for voter in voters {
        for file in [file.clone(), format!("{file}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let named = bytes.windows(voter.len()).any(|part| part == voter);
            assert!(!named, "{file} has a voter");
        }
    }
}

async fn a_cancelled_session_leaves_nothing_in_the_files(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    for number in 0..5 {
        let text = format!("Hasty word {number}");
        said(&app.contributor(), &workshop, &text).await.expect(201);
    }
    let why = json!({ "reason": "Nobody has time" });
    workshop.step("cancel", &why).await.expect(200);
    erased(&app, &[SEALED, "Hasty word"]).await;
}
