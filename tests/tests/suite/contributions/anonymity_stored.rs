//! Somebody has the whole database, and tries to find out whose an anonymous contribution is: by
//! whatever is stored, where it lies, and what changed when.

use std::collections::BTreeMap;

use chrono::{Duration, SecondsFormat};
use debrief_tests::builders::{Workshop, a_review};
use debrief_tests::{App, Client, Engine, both_databases, database};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{collecting, person, said, saying, shown, subject};

both_databases!(
    a_contribution_changes_nothing_but_its_box,
    no_table_tells_when_or_by_whom_something_was_said,
    neither_place_nor_transaction_tells_what_came_first,
    whose_votes_they_were_goes_with_the_count,
);

/// Everything that is stored: the rows of every table, as text, bytes as hexadecimal.
pub(super) async fn dump(app: &App) -> BTreeMap<String, Vec<String>> {
    match app.engine() {
        Engine::Sqlite => of_file(&database::open_file(&app.database_url())),
        Engine::Postgres => of_server(app).await,
    }
}

fn of_file(file: &rusqlite::Connection) -> BTreeMap<String, Vec<String>> {
    let tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
    let mut tables = file.prepare(tables).expect("a query");
    let tables = tables.query_map((), |row| row.get::<_, String>(0));
    let tables = tables.expect("tables").map(|name| name.expect("a name"));
    let rows = |table: &str| {
        let mut query = file
            .prepare(&format!("SELECT * FROM \"{table}\""))
            .expect("a table");
        let columns = query.column_count();
        let rows = query.query_map((), |row| {
            let values = (0..columns).map(|at| match row.get_ref(at) {
                Ok(rusqlite::types::ValueRef::Text(text)) => {
                    String::from_utf8_lossy(text).into_owned()
                }
                Ok(rusqlite::types::ValueRef::Blob(bytes)) => hex(bytes),
                other => format!("{other:?}"),
            });
            Ok(values.collect::<Vec<_>>().join("|"))
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    };
    tables.map(|table| (table.clone(), rows(&table))).collect()
}

async fn of_server(app: &App) -> BTreeMap<String, Vec<String>> {
    let tables = asked(
        app,
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    );
    let mut dump = BTreeMap::new();
    for table in tables.await {
        let rows = asked(app, &format!("SELECT t::text FROM \"{table}\" t")).await;
        dump.insert(table, rows);
    }
    dump
}

async fn asked(app: &App, query: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(&app.database_url())
        .await
        .expect("a server");
    let rows = sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_all(&mut connection);
    rows.await.expect("an answer")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The tables in which something is stored that was not there before, or not any more.
fn changed(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let tables = after
        .iter()
        .filter(|(name, rows)| before.get(*name) != Some(rows));
    tables.map(|(name, _)| name.clone()).collect()
}

/// When a key was last used is noted to the minute, whatever it was used for.
const EXPECTED: [&str; 2] = ["api_keys", "sealed_boxes"];

async fn a_contribution_changes_nothing_but_its_box(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let kim = person(&app, "Kim").await;
    let before = dump(&app).await;
    let path = workshop.path("/contributions");
    let call = kim.post(&path, &saying("Nobody read the mailbox"));
    for _ in 0..2 {
        call.clone()
            .key("5a1d7c9e-2f64-4d0b-9d7a")
            .await
            .expect(201);
    }
    let rash = said(&kim, &workshop, "Rash").await.expect(201);
    let token = rash.json()["withdrawal_token"].clone();
    let withdraw = json!({ "withdrawal_token": token });
    let withdraw = kim.post(format!("{path}/withdraw"), &withdraw);
    withdraw.key("b4c7e0a2-91d3-4f58-8e6b").await.expect(204);
    let after = dump(&app).await;
    let mut touched = changed(&before, &after);
    assert!(touched.contains(&"sealed_boxes".to_owned()));
    touched.retain(|table| !EXPECTED.contains(&table.as_str()));
    assert_eq!(touched, Vec::<String>::new());
    let sealed = after["sealed_boxes"].join("\n");
    assert!(!sealed.contains("Rash"), "what was withdrawn is kept");
    assert!(!sealed.contains(token.as_str().expect("a token")));
    assert!(!sealed.contains("5a1d7c9e"), "the client's key is kept");
}

/// Contributions of people who do nothing else, each at a moment of its own, among things that others
/// do under their names; the moments.
async fn said_by(app: &App, workshop: &Workshop, people: &[Client]) -> Vec<String> {
    let review = a_review(app).await;
    let mut moments = Vec::new();
    for (number, one) in people.iter().cycle().take(10).enumerate() {
        app.wait(Duration::microseconds(7_013_117));
        review.append(1).await;
        app.wait(Duration::microseconds(61_001_003));
        let moment = app.now().to_rfc3339_opts(SecondsFormat::Micros, true);
        moments.push(moment[11..26].to_owned());
        let made = one.post(
            workshop.path("/contributions"),
            &saying(&format!("Word number {number}")),
        );
        made.key(&format!("5a1d7c9e-2f64-4d0b-9d7a-{number}"))
            .await
            .expect(201);
    }
    app.wait(Duration::microseconds(9_000_333));
    moments
}

async fn no_table_tells_when_or_by_whom_something_was_said(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let people = [person(&app, "Kim").await, person(&app, "Ada").await];
    let moments = said_by(&app, &workshop, &people).await;
    for phase in ["collecting", "closed"] {
        if phase == "closed" {
            workshop.board("close").await.expect(200);
        }
        let stored = dump(&app).await;
        for (table, rows) in &stored {
            let rows = rows.join("\n");
            for moment in &moments {
                assert!(!rows.contains(moment), "{phase}: {table} has {moment}");
            }
            for one in &people {
                // By its id alone a key is told of where it is kept, and in the record of its making.
                let subject = subject(one).await;
                assert!(!rows.contains(&subject), "{phase}: {table} names {subject}");
                let id = subject.trim_start_matches("key:");
                let has_id = rows.contains(id) || rows.contains(&id.replace('-', ""));
                let may = table == "api_keys" || table == "audit_records";
                assert!(may || !has_id, "{phase}: {table} has the key's id");
            }
        }
        let about: Vec<&String> = stored["audit_records"]
            .iter()
            .filter(|one| one.contains("contribution."))
            .collect();
        assert_eq!(about, Vec::<&String>::new());
    }
    let stored = dump(&app).await;
    assert_eq!(stored["sealed_boxes"], Vec::<String>::new());
    assert_eq!(stored["contributions"].len(), 10);
    if app.engine() == Engine::Sqlite {
        // The file with all that was ever written into it and its log, also where it was deleted.
        let file = app.database_url().replace("sqlite://", "");
        for file in [file.clone(), format!("{file}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            for one in &people {
                let subject = subject(one).await;
                let named = bytes
                    .windows(subject.len())
                    .any(|part| part == subject.as_bytes());
                assert!(!named, "{file} names {subject}");
            }
            for moment in &moments {
                let told = bytes
                    .windows(moment.len())
                    .any(|part| part == moment.as_bytes());
                assert!(!told, "{file} has {moment}");
            }
        }
    }
}

/// The ids of contributions as the rows lie in the table, and as their texts lie in the search.
async fn placed(app: &App) -> [Vec<String>; 2] {
    match app.engine() {
        Engine::Sqlite => {
            let file = database::open_file(&app.database_url());
            let numbered = file.prepare("SELECT rowid FROM contributions");
            assert!(numbered.is_err(), "the rows are numbered as they come");
            let asked = |query: &str| {
                let mut query = file.prepare(query).expect("a query");
                let ids = query.query_map((), |row| row.get::<_, String>(0));
                ids.expect("rows").map(|id| id.expect("an id")).collect()
            };
            [
                asked("SELECT lower(hex(id)) FROM contributions NOT INDEXED"),
                asked(
                    "SELECT lower(hex(resource_id)) FROM search_texts \
                     WHERE resource_type = 'contribution' ORDER BY id",
                ),
            ]
        }
        Engine::Postgres => [
            asked(
                app,
                "SELECT replace(id::text, '-', '') FROM contributions ORDER BY ctid",
            )
            .await,
            asked(
                app,
                "SELECT replace(resource_id::text, '-', '') FROM search_texts \
                 WHERE resource_type = 'contribution' ORDER BY id",
            )
            .await,
        ],
    }
}

async fn neither_place_nor_transaction_tells_what_came_first(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let people = [person(&app, "Kim").await, person(&app, "Ada").await];
    said_by(&app, &workshop, &people).await;
    // The box is one row, whatever is in it, and lists it by ids.
    let sealed = dump(&app).await["sealed_boxes"].join("\n");
    let mut order: Vec<usize> = (0..10)
        .filter_map(|number| sealed.find(&format!("Word number {number}")))
        .collect();
    assert_eq!(order.len(), 10);
    let came = order.clone();
    order.sort_unstable();
    assert_ne!(came, order, "by chance once in 10! boards");
    workshop.board("close").await.expect(200);
    for ids in placed(&app).await {
        let mut sorted = ids.clone();
        sorted.sort();
        assert_eq!(ids.len(), 10);
        assert_eq!(ids, sorted);
    }
    if app.engine() == Engine::Postgres {
        let transactions = "SELECT DISTINCT xmin::text FROM contributions";
        assert_eq!(asked(&app, transactions).await.len(), 1);
    }
}

async fn whose_votes_they_were_goes_with_the_count(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    said(&kim, &workshop, "Nobody read the mailbox")
        .await
        .expect(201);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let id = shown(&app, &workshop, "").await[0]["id"].clone();
    let before = dump(&app).await;
    let ballot = json!({ "contribution_ids": [id] });
    for one in [&kim, &ada] {
        one.put(workshop.path("/ballot"), &ballot).await.expect(200);
    }
    let after = dump(&app).await;
    let mut touched = changed(&before, &after);
    touched.retain(|table| table != "api_keys");
    assert_eq!(touched, ["ballots"]);
    let kept = after["ballots"].join("\n");
    for one in [&kim, &ada] {
        let subject = subject(one).await;
        let digest = ring::digest::digest(&ring::digest::SHA256, subject.as_bytes());
        assert!(!kept.contains(&subject) && !kept.contains(&hex(digest.as_ref())));
    }
    workshop.board("close-voting").await.expect(200);
    let counted = dump(&app).await;
    for table in ["ballots", "sealed_boxes"] {
        assert_eq!(counted[table], Vec::<String>::new(), "{table}");
    }
}
