//! Which engines this run covers, said aloud.

use debrief_tests::postgres::{Server, announce, server};
use debrief_tests::{App, Engine, both_databases};

both_databases!(the_service_runs_on_the_engine_under_test);

async fn the_service_runs_on_the_engine_under_test(app: App) {
    app.anonymous().get("/readyz").await.expect(200);
    let expected = match app.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    assert_eq!(app.state().database.engine_name(), expected);
}

#[test]
fn the_output_says_which_engines_ran() {
    let postgres = match server() {
        Some(Server::Given(_)) => "PostgreSQL (the server that DEBRIEF_TEST_POSTGRES_URL names)",
        Some(Server::Own(_)) => "PostgreSQL (a temporary cluster)",
        None => "no PostgreSQL",
    };
    announce(&format!("engines under test: SQLite, {postgres}"));
}
