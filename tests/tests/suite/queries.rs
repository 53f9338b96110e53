//! Queries that are written wrongly, or ask for nothing.

use debrief_tests::{App, both_databases};

both_databases!(
    a_query_that_is_encoded_wrongly_is_400_and_named,
    a_window_that_ends_before_it_begins_is_400_and_named,
);

const LIST: &str = "/api/v1/incidents";

async fn refused(app: &App, query: &str) -> Vec<(String, String)> {
    let reply = app.reader().get(format!("{LIST}?{query}")).await;
    reply.problem(400, "invalid_parameter").faults()
}

fn fault(name: &str, code: &str) -> (String, String) {
    (name.to_owned(), code.to_owned())
}

async fn a_query_that_is_encoded_wrongly_is_400_and_named(app: App) {
    for wrong in ["%ff", "%zz", "%", "%4", "a%c3%28b", "%ED%A0%80"] {
        let found = refused(&app, &format!("limit=1&q={wrong}")).await;
        assert_eq!(found, [fault("q", "malformed")], "{wrong}");
    }
    for right in ["q=%C3%A4+b%25", "q=", "&&limit=1&"] {
        app.reader()
            .get(format!("{LIST}?{right}"))
            .await
            .expect(200);
    }
}

async fn a_window_that_ends_before_it_begins_is_400_and_named(app: App) {
    let window = |from: &str, to: &str| format!("created_at_from={from}&created_at_to={to}");
    let found = refused(
        &app,
        &window("2026-02-01T00:00:00Z", "2026-01-31T23:59:59Z"),
    )
    .await;
    assert_eq!(found, [fault("created_at_to", "before_from")]);
    // The same moment, written elsewhere.
    let same = window("2026-02-01T00:00:00Z", "2026-02-01T01:00:00%2B01:00");
    app.reader().get(format!("{LIST}?{same}")).await.expect(200);
    let actions = "/api/v1/actions?due_on_from=2026-02-02&due_on_to=2026-02-01";
    let reply = app.reader().get(actions).await;
    let found = reply.problem(400, "invalid_parameter").faults();
    assert_eq!(found, [fault("due_on_to", "before_from")]);
}
