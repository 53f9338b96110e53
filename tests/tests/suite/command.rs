//! The command line: what each command does to a database that a service may be serving.

use std::fs;
use std::time::{Duration, Instant};

use debrief_tests::environment::workspace;
use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Client, Engine, both_engines, engine, world};
use serde_json::{Value, json};

both_engines!(
    migrations_are_listed_applied_and_taken_back,
    an_organisation_is_created_once_and_listed,
    a_key_of_the_command_line_works_until_it_is_revoked,
    a_key_of_a_database_that_was_never_served_waits_for_an_organisation,
    a_health_check_tells_whether_the_service_is_ready,
);

fn alone(test: impl AsyncFnOnce(&mut Installation)) {
    let mut installation = Installation::new(Engine::Sqlite);
    engine::runtime().block_on(test(&mut installation));
}

/// What a command prints that succeeds.
async fn printed(installation: &Installation, arguments: &[&str]) -> String {
    installation.run(arguments).await.expect(0).output
}

/// The sentence with which a command fails.
async fn refused(installation: &Installation, arguments: &[&str]) -> String {
    let ended = installation.run(arguments).await.expect(1);
    assert_eq!(ended.output, "", "{arguments:?}");
    let said = ended.errors;
    assert!(said.starts_with("debrief: "), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    said
}

#[test]
fn every_command_explains_itself() {
    alone(async |installation| {
        let commands = [
            "",
            "serve",
            "demo",
            "migrate",
            "migrate up",
            "migrate down",
            "migrate status",
            "openapi",
            "settings",
            "healthcheck",
            "organization",
            "organization create",
            "organization list",
            "key",
            "key create",
            "key list",
            "key rotate",
            "key revoke",
        ];
        for command in commands {
            let mut arguments: Vec<_> = command.split_whitespace().collect();
            arguments.push("--help");
            let help = printed(installation, &arguments).await;
            let usage = help.lines().find(|line| line.starts_with("Usage: "));
            assert!(usage.is_some_and(|usage| usage.contains(command)), "{help}");
        }
        let version = printed(installation, &["--version"]).await;
        assert_eq!(version, format!("debrief {}\n", env!("CARGO_PKG_VERSION")));
        for wrong in [&["serv"][..], &["--port", "80"], &["migrate"], &["key"]] {
            let ended = installation.run(wrong).await.expect(2);
            assert!(ended.errors.contains("Usage: "), "{wrong:?}");
        }
        let entries = fs::read_dir(installation.folder()).expect("a folder");
        assert_eq!(entries.count(), 0, "nothing was begun");
    });
}

#[test]
fn the_document_and_the_settings_are_printed_without_a_database() {
    alone(async |installation| {
        let file = |name| fs::read_to_string(workspace().join(name)).expect("it is checked in");
        let document = printed(installation, &["openapi"]).await;
        assert!(document == file("openapi/openapi.json"), "it is another");
        let yaml = printed(installation, &["openapi", "--yaml"]).await;
        assert!(yaml.starts_with("openapi: 3.1"), "{}", &yaml[..40]);
        let settings = printed(installation, &["settings"]).await;
        assert!(settings == file("docs/configuration.md"), "it is another");
        let entries = fs::read_dir(installation.folder()).expect("a folder");
        assert_eq!(entries.count(), 0, "nothing was begun");
    });
}

async fn migrations_are_listed_applied_and_taken_back(engine: Engine) {
    let mut installation = Installation::new(engine);
    let states = async |arguments: &[&str]| -> Vec<(String, bool)> {
        let text = printed(&installation, arguments).await;
        let line = |line: &str| {
            let (state, name) = line.split_once("  ").expect("a state and a name");
            assert!(["applied", "pending"].contains(&state), "{line}");
            (name.to_owned(), state == "applied")
        };
        text.lines().map(line).collect()
    };
    let applied = |all: &[(String, bool)]| all.iter().filter(|one| one.1).count();
    let before = states(&["migrate", "status"]).await;
    let count = before.len();
    assert!(count > 1);
    assert_eq!(applied(&before), 0);
    for _ in 0..2 {
        assert_eq!(applied(&states(&["migrate", "up"]).await), count);
    }
    let down = states(&["migrate", "down"]).await;
    assert_eq!(applied(&down), count - 1);
    assert!(!down[count - 1].1, "the newest is the first to go");
    assert_eq!(states(&["migrate", "status"]).await, down);
    assert_eq!(applied(&states(&["migrate", "up"]).await), count);
    let steps = count.to_string();
    let none = states(&["migrate", "down", "--steps", &steps]).await;
    assert_eq!(none, before);
    // The service brings its database up to date by itself.
    installation.start().await;
    let status = printed(&installation, &["migrate", "status"]).await;
    assert!(!status.contains("pending"), "{status}");
    installation.terminate().await.expect(0);
}

async fn an_organisation_is_created_once_and_listed(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    service.start().await;
    let create = ["organization", "create", "acme", "--name", "Acme Ltd"];
    let made = printed(&service, &create).await;
    printed(&service, &["organization", "create", "beta"]).await;
    let said = refused(&service, &create).await;
    assert!(
        said.contains("slug") || said.contains("short name"),
        "{said}"
    );
    for wrong in ["", "Acme", "a b", "-x"] {
        let arguments = ["organization", "create", "--", wrong];
        let said = refused(&service, &arguments).await;
        assert!(said.contains("short name"), "{said}");
    }

    let long = "x".repeat(201);
    for wrong in ["", " ", &long] {
        for what in [&["organization", "create", "gamma"][..], &["key", "create"]] {
            let arguments = [what, &["--name", wrong]].concat();
            let said = service.run(&arguments).await.expect(2).errors;
            assert!(said.contains("1 to 200 characters"), "{said}");
        }
    }

    let listed = printed(&service, &["organization", "list"]).await;
    let lines: Vec<_> = listed
        .lines()
        .map(|line| line.split("  ").collect())
        .collect();
    let lines: Vec<(&str, &str)> = lines.iter().map(|l: &Vec<_>| (l[1], l[2])).collect();
    let expected = [
        ("acme", "Acme Ltd"),
        ("beta", "beta"),
        ("default", "Default organisation"),
    ];
    assert_eq!(lines, expected);
    assert!(listed.contains(&made), "{made} is not in {listed}");
    // The service that runs knows it as well.
    let client = service.client(Some(&key));
    let all = client
        .get("/api/v1/organizations")
        .await
        .expect(200)
        .items();
    let id = all.iter().find(|one| one["slug"] == "acme").expect("acme");
    assert!(
        made.starts_with(id["id"].as_str().expect("an id")),
        "{made}"
    );
}

/// The id and the key that a command printed.
fn credentials(printed: &str) -> (String, String) {
    let after = |name: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(name));
        line.expect("both are printed").trim().to_owned()
    };
    (after("id:"), after("key:"))
}

/// Waits until a credential is refused; the seconds that took.
async fn refusal(client: &Client) -> f64 {
    let begun = Instant::now();
    eventually("the key is refused", async || {
        let reply = client.get("/api/v1/me").await;
        (reply.status == 401).then_some(())
    })
    .await;
    begun.elapsed().as_secs_f64()
}

async fn a_key_of_the_command_line_works_until_it_is_revoked(engine: Engine) {
    // A second as it is promised, and some for a machine that is busy.
    let most = Duration::from_secs(5).as_secs_f64();
    let mut service = Installation::new(engine);
    service.start().await;
    printed(&service, &["organization", "create", "acme"]).await;
    let of = ["--organization", "acme"];
    let mut create = vec!["key", "create", "--name", "siem", "--role", "contributor"];
    create.extend(of);
    let (id, key) = credentials(&printed(&service, &create).await);
    let client = service.client(Some(&key));
    let me = client.get("/api/v1/me").await.expect(200).json();
    assert_eq!(me["organization"]["slug"], "acme", "{me}");
    assert_eq!(
        (&me["name"], &me["roles"]),
        (&json!("siem"), &json!(["reader", "contributor"]))
    );
    let incident = client.post("/api/v1/incidents", &world::incident()).await;
    incident.expect(201);

    let rotate = ["key", "rotate", &id, of[0], of[1]];
    let (same, rotated) = credentials(&printed(&service, &rotate).await);
    assert_eq!(same, id);
    assert!(refusal(&client).await < most);
    let client = service.client(Some(&rotated));
    client.get("/api/v1/me").await.expect(200);

    let listed = printed(&service, &["key", "list", of[0], of[1]]).await;
    assert!(
        listed.starts_with(&id) && listed.contains("active"),
        "{listed}"
    );
    let rights = "  reader,contributor  siem\n";
    assert!(
        listed.ends_with(rights) && listed.contains("used"),
        "{listed}"
    );
    let json = printed(&service, &["key", "list", "--json", of[0], of[1]]).await;
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        (&json[0]["id"], &json[0]["active"]),
        (&json!(id), &json!(true))
    );
    let scopes = json[0]["scopes"].as_array().expect("scopes");
    assert!(scopes.contains(&json!("events:write")), "{json}");
    assert!(
        !listed.contains(&rotated) && !listed.contains(&key),
        "{listed}"
    );
    // Not another organisation's to revoke.
    refused(&service, &["key", "revoke", &id]).await;
    client.get("/api/v1/me").await.expect(200);
    printed(&service, &["key", "revoke", &id, of[0], of[1]]).await;
    assert!(refusal(&client).await < most);
    let listed = printed(&service, &["key", "list", of[0], of[1]]).await;
    assert_eq!(listed.lines().count(), 1);
    assert!(listed.contains("revoked"), "{listed}");

    for (wrong, named) in [
        (&["--role", "king"][..], "king"),
        (&["--scope", "everything"], "everything"),
        (&[], "--role"),
        (
            &["--role", "reader", "--expires-at", "soon"],
            "--expires-at",
        ),
        (
            &["--role", "reader", "--expires-at", "2020-01-01T00:00:00Z"],
            "in the future",
        ),
        (
            &["--role", "reader", "--organization", "nobody"],
            "organisation",
        ),
    ] {
        let arguments = [&["key", "create", "--name", "x"][..], wrong].concat();
        let said = refused(&service, &arguments).await;
        assert!(said.contains(named), "{said}");
    }
}

async fn a_key_of_a_database_that_was_never_served_waits_for_an_organisation(engine: Engine) {
    let installation = Installation::new(engine);
    let create = ["key", "create", "--name", "x", "--role", "admin"];
    let said = refused(&installation, &create).await;
    assert!(said.contains("start the service once"), "{said}");
    assert!(
        said.contains("debrief organization create default"),
        "{said}"
    );
    printed(&installation, &["organization", "create", "default"]).await;
    printed(&installation, &create).await;
    let of = ["key", "list", "--organization", "nobody"];
    let said = refused(&installation, &of).await;
    assert!(
        said.contains("'nobody'") && !said.contains("not_found"),
        "{said}"
    );
}

async fn a_health_check_tells_whether_the_service_is_ready(engine: Engine) {
    let mut service = Installation::new(engine);
    service.start().await;
    let address = service.address().to_string();
    let url = format!("http://{address}/");
    let check = ["healthcheck", "--url", &url];
    assert_eq!(printed(&service, &check).await, "ready\n");
    // As a container asks: with the settings of the service, wherever it listens.
    let everywhere = format!("0.0.0.0:{}", service.address().port());
    for listen in [&address, &everywhere] {
        service.set("DEBRIEF_LISTEN", listen);
        assert_eq!(printed(&service, &["healthcheck"]).await, "ready\n");
    }
    service.terminate().await.expect(0);
    refused(&service, &check).await;
    refused(&service, &["healthcheck"]).await;
}
