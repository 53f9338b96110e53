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
    a_database_that_cannot_be_used_stops_the_start_and_is_named,
    a_server_that_is_away_is_waited_for_and_named,
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
        ("DEBRIEF_DATABASE_TIMEOUT_SECONDS", "2147484"),
        ("DEBRIEF_RATE_LIMIT", "-1"),
        ("DEBRIEF_WORKERS", "many"),
        ("DEBRIEF_CORS_ORIGINS", "app.example"),
        ("DEBRIEF_LOG_FORMAT", "xml"),
        ("DEBRIEF_LOG", "debrief=loud"),
        ("DEBRIEF_LOG", "inf0"),
        ("DEBRIEF_PUBLIC_URL", "foo"),
        ("DEBRIEF_OTLP_ENDPOINT", "foo"),
        ("DEBRIEF_CORS_ORIGINS", "https://x/"),
        ("DEBRIEF_JWT_JWKS_URL", "foo"),
        ("DEBRIEF_JWT_JWKS_FILE", "/nope"),
        ("DEBRIEF_DATABASE_URL", "sqlite://x.db?mode=ro"),
        ("DEBRIEF_DATABASE_URL", "postgres://"),
        ("DEBRIEF_DATABASE_URL", "postgres://user:hunter2@host"),
        ("DEBRIEF_TOKEN_SECONDS", "1"),
        ("DEBRIEF_JWT_ISSUER", "https://idp.example/"),
        ("DEBRIEF_JWT_HS256_SECRET", "hunter2"),
        ("DEBRIEF_CONFIG", "missing.toml"),
    ];
    for (name, value) in wrong {
        let mut before = std::mem::replace(&mut service, Installation::new(Engine::Sqlite));
        before.set(name, value);
        for command in [&[][..], &["serve"], &["migrate", "status"], &["demo"]] {
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
        (
            "listne = \"127.0.0.1:0\"",
            "listne in debrief.toml is not a setting",
        ),
        ("listen = \"8080\"", "listen in debrief.toml must be"),
        ("listen = [8080]", "listen in debrief.toml must be"),
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
    // The first key was not made for nobody to see.
    service.set("DEBRIEF_LISTEN", "127.0.0.1:0");
    service.start().await;
    let key = eventually("a key is shown", async || {
        shown(&service.process().output()).map(str::to_owned)
    });
    let client = service.client(Some(&key.await));
    client.get("/api/v1/me").await.expect(200);
}

async fn a_database_that_cannot_be_used_stops_the_start_and_is_named(engine: Engine) {
    let mut service = Installation::new(engine);
    let junk = service.folder().join("junk.db");
    fs::write(&junk, "this is no database, however long one looks at it").expect("a file");
    let (junk, folder) = (junk.display().to_string(), service.folder().join("folder"));
    fs::create_dir(&folder).expect("a folder");
    let folder = folder.display().to_string();
    let mut wrong = vec![
        (format!("sqlite://{junk}"), junk.clone()),
        (format!("sqlite://{folder}"), folder),
        ("sqlite:///proc/x.db".to_owned(), "/proc/x.db".to_owned()),
        (format!("sqlite://{junk}/below/x.db"), junk),
    ];
    if engine == Engine::Postgres {
        let url = service.database_url();
        let (server, rest) = url.rsplit_once('/').expect("a path");
        // The folder of a socket may follow the name.
        let missing = match rest.split_once('?').or_else(|| server.split_once('?')) {
            Some(_) => {
                let (server, socket) = url.split_once('?').expect("a query");
                let (server, _) = server.rsplit_once('/').expect("a path");
                format!("{server}/nowhere?{socket}")
            }
            None => format!("{server}/nowhere"),
        };
        wrong.push((missing, "there is no database \"nowhere\"".to_owned()));
    }
    for (url, named) in wrong {
        service.set("DEBRIEF_DATABASE_URL", &url);
        for command in [&[][..], &["migrate", "status"], &["key", "list"]] {
            let said = service.run(command).await.expect(1).errors;
            assert_eq!(said.lines().count(), 1, "{said}");
            let begins = said.starts_with("debrief: DEBRIEF_DATABASE_URL: ");
            assert!(begins && said.contains(&named), "{url}: {said}");
        }
    }
}

async fn a_server_that_is_away_is_waited_for_and_named(engine: Engine) {
    let mut service = Installation::new(engine);
    // A port that nobody listens on any more.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = taken.local_addr().expect("an address").to_string();
    drop(taken);
    let url = format!("postgres://user:hunter2@{place}/debrief");
    service.set("DEBRIEF_DATABASE_URL", &url);
    for command in [&["key", "list"][..], &["migrate", "status"]] {
        let said = service.run(command).await.expect(1).errors;
        let expected = format!("debrief: DEBRIEF_DATABASE_URL: cannot connect to {place}: ");
        assert!(said.starts_with(&expected), "{said}");
        assert!(
            !said.contains("hunter2") && said.lines().count() == 1,
            "{said}"
        );
    }
    let serving = service.spawn(&[]);
    let told = eventually("every attempt is told", async || {
        let said = serving.errors();
        (said.matches("trying again").count() > 1).then_some(said)
    });
    let told = told.await;
    assert!(told.contains(&place) && !told.contains("hunter2"), "{told}");
    serving.signal("TERM");
}
