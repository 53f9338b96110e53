//! Who may do what: every operation of the document, with every credential and with none.

use debrief::kernel::access::Scope;
use debrief_tests::contract::{Contract, Operation};
use debrief_tests::world::World;
use debrief_tests::{App, Character, both_databases};
use reqwest::Method;

both_databases!(
    without_a_credential_every_operation_is_401_before_the_body_is_read,
    with_a_credential_that_nobody_knows_every_operation_is_401,
    a_missing_scope_is_403_and_named_and_a_held_one_never_is,
    a_stranger_never_sees_what_another_organisation_owns,
);

fn secured() -> Vec<(&'static Operation, Vec<Scope>)> {
    let scopes = |operation: &Operation| {
        let names = operation.scopes()?;
        let scopes = names
            .into_iter()
            .map(|name| Scope::from_name(name).expect("a known scope"));
        Some(scopes.collect())
    };
    let all = Contract::get().operations().iter();
    all.filter_map(|one| scopes(one).map(|scopes| (one, scopes)))
        .collect()
}

async fn without_a_credential_every_operation_is_401_before_the_body_is_read(app: App) {
    let (client, world) = (app.anonymous(), World::imagined());
    for (operation, _) in secured() {
        let reply = operation
            .called_by(&client, &world)
            .await
            .problem(401, "unauthenticated");
        assert_eq!(
            reply.header("www-authenticate"),
            Some("Bearer realm=\"debrief\"")
        );
        let garbage = client.call(
            operation.method.clone(),
            world.path(operation) + "?no=such&limit=x",
        );
        let garbage = garbage
            .bytes(b"\xff{not json".to_vec())
            .header("content-type", "text/plain");
        garbage
            .header("accept", "image/png")
            .await
            .problem(401, "unauthenticated");
    }
}

async fn with_a_credential_that_nobody_knows_every_operation_is_401(app: App) {
    let world = World::imagined();
    let unknown = "dbf_nobody-nobody-nobody-nobody-nobody-nobody";
    for credential in [
        unknown,
        "dbf_",
        "garbage",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
    ] {
        let client = app.bearing(Some(credential));
        for (operation, _) in secured() {
            let reply = operation
                .called_by(&client, &world)
                .await
                .problem(401, "unauthenticated");
            let challenge = reply.header("www-authenticate").unwrap_or_default();
            assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        }
    }
}

async fn a_missing_scope_is_403_and_named_and_a_held_one_never_is(app: App) {
    let world = World::imagined();
    for who in Character::MEMBERS {
        let client = app.client(who);
        for (operation, needed) in secured() {
            let missing: Vec<&str> = needed
                .iter()
                .filter(|scope| !who.scopes().contains(**scope))
                .map(|scope| scope.as_str())
                .collect();
            let reply = operation.called_by(&client, &world).await;
            if missing.is_empty() {
                let refused = [401, 403].contains(&reply.status) || reply.status >= 500;
                assert!(!refused, "{who:?}, {}: {}", reply.call, reply.text());
                continue;
            }
            let missing = missing.join(" ");
            let reply = reply.problem(403, "missing_scope");
            let detail = reply.json()["detail"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert!(
                detail.contains(&missing),
                "{who:?}, {}: {detail}",
                reply.call
            );
            let challenge = reply.header("www-authenticate").unwrap_or_default();
            let named = format!("error=\"insufficient_scope\", scope=\"{missing}\"");
            assert!(
                challenge.contains(&named),
                "{who:?}, {}: {challenge}",
                reply.call
            );
        }
    }
}

async fn a_stranger_never_sees_what_another_organisation_owns(app: App) {
    let world = World::make(&app).await;
    let (owner, stranger) = (app.admin(), app.stranger());
    for (operation, needed) in secured() {
        if !needed
            .iter()
            .all(|scope| Character::Stranger.scopes().contains(*scope))
        {
            continue;
        }
        // The records behind a metric need to be told which.
        if operation.reads() && !operation.path.ends_with("/response/records") {
            operation.called_by(&owner, &world).await.expect(200);
        }
        let reply = operation.called_by(&stranger, &world).await;
        let public = operation.path.ends_with("/{vocabulary}");
        let owned = operation.path.contains('{') && operation.method != Method::PUT && !public;
        assert!(
            !owned || reply.status == 404,
            "{}: {} {}",
            reply.call,
            reply.status,
            reply.text()
        );
        let mut shown = reply.text();
        if reply.status >= 400 {
            let instance = reply.json()["instance"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            shown = shown.replace(&instance, "");
        }
        for id in world.ids() {
            assert!(!shown.contains(id), "{}: shows {id}: {shown}", reply.call);
        }
    }
}
