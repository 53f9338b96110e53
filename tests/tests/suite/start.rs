//! How the service starts: with nothing set, with an admin key, with a file, with mistakes.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use debrief_tests::process::{Ended, Installation, eventually, fresh_key};
use debrief_tests::{Engine, both_engines};

both_engines!(
    a_first_start_makes_a_key_and_shows_it_once,
    the_configured_admin_key_is_installed_and_never_shown,
    a_wrong_setting_stops_the_start_and_is_named,
    settings_come_from_a_file_and_variables_win,
    an_address_that_is_taken_stops_the_start,
);

/// The key that a first start shows.
fn shown(output: &str) -> Option<&str> {
    output
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("dbf_"))
}

#[track_caller]
fn assert_silent(ended: &Ended, key: &str) {
    // Nor what it is recognised by.
    let part = &key[4..12];
    for text in [&ended.output, &ended.errors] {
        assert!(!text.contains(part), "{text}");
    }
}

async fn a_first_start_makes_a_key_and_shows_it_once(engine: Engine) {
    let mut service = Installation::new(engine);
    service.start().await;
    if engine == Engine::Sqlite {
        assert!(service.folder().join("data/debrief.db").is_file());
    }
    let key = eventually("a key is shown", async || {
        shown(&service.process().output()).map(str::to_owned)
    });
    let key = key.await;
    let client = service.client(Some(&key));
    let me = client.get("/api/v1/me").await.expect(200).json();
    assert_eq!(me["organization"]["slug"], "default", "{me}");
    let first = service.terminate().await.expect(0);
    assert!(!first.errors.contains(&key[4..]), "the log has the key");

    service.start().await;
    client.get("/api/v1/me").await.expect(200);
    let second = service.terminate().await.expect(0);
    assert_eq!(second.output, "");
    assert_silent(&second, &key);
}

async fn the_configured_admin_key_is_installed_and_never_shown(engine: Engine) {
    let (mut service, first) = Installation::keyed(engine);
    let second = fresh_key();
    for (key, keys) in [(&first, 1), (&first, 1), (&second, 2)] {
        service.set("DEBRIEF_ADMIN_KEY", key);
        service.set("DEBRIEF_LOG", "trace");
        service.start().await;
        let client = service.client(Some(key));
        let all = client.get("/api/v1/api-keys").await.expect(200).items();
        assert_eq!(all.len(), keys);
        let ended = service.terminate().await.expect(0);
        assert_eq!(ended.output, "");
        for text in [&ended.output, &ended.errors] {
            assert!(!text.contains(&key[4..]), "{text}");
        }
        for file in files(&service.folder().join("data")) {
            let bytes = fs::read(&file).expect("a file");
            let there = bytes.windows(key.len()).any(|part| part == key.as_bytes());
            assert!(!there, "{} holds the key", file.display());
        }
    }
    // What was installed stays until it is revoked.
    service.unset("DEBRIEF_ADMIN_KEY");
    service.start().await;
    for key in [&first, &second] {
        let client = service.client(Some(key));
        client.get("/api/v1/me").await.expect(200);
    }
    assert_eq!(service.terminate().await.expect(0).output, "");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

async fn a_wrong_setting_stops_the_start_and_is_named(engine: Engine) {
    let mut service = Installation::new(engine);
    let wrong = [
        ("DEBRIEF_ADMIN_KEY", "dbf_hunter2"),
        (
            "DEBRIEF_ADMIN_KEY",
            "hunter2-hunter2-hunter2-hunter2-hunter2-hunter2",
        ),
        ("DEBRIEF_LISTNE", "127.0.0.1:0"),
        ("DEBRIEF_LISTEN", "8080"),
        ("DEBRIEF_LISTEN", ""),
        (
            "DEBRIEF_DATABASE_URL",
            "mysql://user:hunter2@localhost/debrief",
        ),
        ("DEBRIEF_DATABASE_CONNECTIONS", "0"),
        ("DEBRIEF_DATABASE_DURABLE", "maybe"),
        ("DEBRIEF_DATABASE_TIMEOUT_SECONDS", "0"),
        ("DEBRIEF_RATE_LIMIT", "-1"),
        ("DEBRIEF_WORKERS", "many"),
        ("DEBRIEF_CORS_ORIGINS", "app.example"),
        ("DEBRIEF_LOG_FORMAT", "xml"),
        ("DEBRIEF_LOG", "debrief=loud"),
        ("DEBRIEF_TOKEN_SECONDS", "1"),
        ("DEBRIEF_JWT_ISSUER", "https://idp.example/"),
        ("DEBRIEF_JWT_HS256_SECRET", "hunter2"),
        ("DEBRIEF_CONFIG", "missing.toml"),
    ];
    for (name, value) in wrong {
        let mut before = std::mem::replace(&mut service, Installation::new(Engine::Sqlite));
        before.set(name, value);
        for command in [&[][..], &["serve"], &["migrate", "status"], &["demo"]] {
            // Only what serves writes a log.
            if name == "DEBRIEF_LOG" && command.first() == Some(&"migrate") {
                continue;
            }
            let ended = before.run(command).await.expect(1);
            assert_eq!(ended.output, "");
            let said = ended.errors;
            assert!(said.contains(name), "{name}: {said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
        assert_eq!(files(before.folder()).len(), 0, "{name}: nothing was begun");
    }
}

async fn settings_come_from_a_file_and_variables_win(engine: Engine) {
    let mut service = Installation::new(engine);
    let file = service.folder().join("debrief.toml");
    let write = |text: &str| fs::write(&file, text).expect("a file can be written");
    service.unset("DEBRIEF_LISTEN");
    service.set("DEBRIEF_CONFIG", "debrief.toml");
    let key = fresh_key();
    let in_file = "listen = \"127.0.0.1:0\"\nrequest_seconds = 20\ndatabase_durable = false\n";
    write(&format!(
        "{in_file}admin_key = \"{key}\"\ndatabase_url = \"sqlite://from-file/own.db\"\n"
    ));
    service.start().await;
    let client = service.client(Some(&key));
    client.get("/api/v1/me").await.expect(200);
    assert_silent(&service.terminate().await.expect(0), &key);
    let made = service.folder().join("from-file/own.db").is_file();
    assert_eq!(made, engine == Engine::Sqlite, "a variable wins");

    service.set("DEBRIEF_DATABASE_URL", "sqlite://from-variable.db");
    service.start().await;
    service.terminate().await.expect(0);
    assert!(service.folder().join("from-variable.db").is_file());

    for (text, named) in [
        ("listne = \"127.0.0.1:0\"", "DEBRIEF_LISTNE"),
        ("listen = \"8080\"", "DEBRIEF_LISTEN"),
        ("listen = [8080]", "listen"),
        ("listen =", "debrief.toml"),
    ] {
        write(text);
        let said = service.run(&[]).await.expect(1).errors;
        assert!(said.contains(named), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

async fn an_address_that_is_taken_stops_the_start(engine: Engine) {
    let mut service = Installation::new(engine);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    service.set("DEBRIEF_LISTEN", &address);
    let ended = service.run(&[]).await.expect(1);
    let said = ended.errors.lines().last().unwrap_or_default();
    assert!(
        said.contains("DEBRIEF_LISTEN") && said.contains(&address),
        "{said}"
    );
}
