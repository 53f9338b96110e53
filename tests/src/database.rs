//! A database for each test: a copy of one that is migrated and peopled once per process.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Duration;

use debrief::kernel::clock::Clock;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::engine::{Engine, runtime};
use crate::postgres::{Server, server};
use crate::{app, cast};

/// A connection to the file behind a SQLite URL, beside the service's own.
///
/// # Panics
/// When there is no such file.
pub fn open_file(url: &str) -> rusqlite::Connection {
    let file = url.trim_start_matches("sqlite://");
    let connection = rusqlite::Connection::open(file).expect("a file");
    let patient = connection.busy_timeout(Duration::from_secs(10));
    patient.expect("a connection waits as long as it is told");
    connection
}

/// A test's own database, removed when it is dropped.
#[derive(Debug)]
pub enum TestDatabase {
    /// A file in a temporary folder.
    Sqlite(TempDir),
    /// A database on the server.
    Postgres(String),
}

impl TestDatabase {
    /// A copy of the peopled database.
    ///
    /// # Panics
    /// When there is no room, or no server.
    pub fn peopled(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("there is room for a database");
                std::fs::copy(SQLITE_TEMPLATE.path().join(FILE), folder.path().join(FILE))
                    .expect("the template can be copied");
                Self::Sqlite(folder)
            }
            Engine::Postgres => {
                let name = name();
                execute(format!(
                    "CREATE DATABASE {name} TEMPLATE {}",
                    *POSTGRES_TEMPLATE
                ));
                Self::Postgres(name)
            }
        }
    }

    /// A database with nothing in it, not even tables.
    ///
    /// # Panics
    /// When there is no room, or no server.
    pub fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                Self::Sqlite(tempfile::tempdir().expect("there is room for a database"))
            }
            Engine::Postgres => {
                let name = name();
                execute(format!("CREATE DATABASE {name}"));
                Self::Postgres(name)
            }
        }
    }

    /// What `DEBRIEF_DATABASE_URL` names it by.
    ///
    /// # Panics
    /// When the server has gone.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => sqlite_url(folder.path()),
            Self::Postgres(name) => server().expect("the server is there").url(Some(name)),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres(name) = self {
            execute(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

const FILE: &str = "debrief.db";

fn sqlite_url(folder: &Path) -> String {
    let file: PathBuf = folder.join(FILE);
    format!("sqlite://{}", file.display())
}

static SQLITE_TEMPLATE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is room for a database");
    people(sqlite_url(folder.path()));
    folder
});

static POSTGRES_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let name = name();
    execute(format!("CREATE DATABASE {name}"));
    people(server().expect("the server is there").url(Some(&name)));
    name
});

/// Migrates a database and adds the cast, in a thread of its own: tests have a runtime already.
fn people(url: String) {
    let work = thread::spawn(move || {
        runtime().block_on(async {
            let settings = app::settings(&url, &[]);
            let state = debrief::server::open(&settings, Clock::fixed(app::NOW)).await;
            let state = state.expect("the database can be opened");
            cast::install(&state).await;
            state
                .database
                .clone()
                .close()
                .await
                .expect("the database can be closed");
        });
    });
    work.join().expect("the database can be prepared");
}

/// A name that tells which run made the database, and is new.
fn name() -> String {
    format!(
        "{}_{}",
        ADMINISTRATOR.run,
        debrief::kernel::ids::next().simple()
    )
}

/// Runs a statement on the server.
fn execute(statement: String) {
    let (done, wait) = mpsc::channel();
    let sent = ADMINISTRATOR.orders.send((statement.clone(), done));
    sent.expect("the administrator is there");
    let outcome = wait.recv().expect("the administrator is there");
    outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

type Order = (String, mpsc::Sender<Result<(), sqlx::Error>>);

/// One connection that creates and drops databases for all tests of this run.
struct Administrator {
    run: String,
    orders: mpsc::Sender<Order>,
}

static ADMINISTRATOR: LazyLock<Administrator> = LazyLock::new(|| {
    let run = format!(
        "debrief_test_{}",
        &debrief::kernel::ids::next().simple().to_string()[..16]
    );
    let url = server().expect("the server is there").url(None);
    let (orders, inbox) = mpsc::channel::<Order>();
    let name = run.clone();
    thread::spawn(move || {
        runtime().block_on(async {
            let mut connection = connect(&url, &name).await;
            drop_abandoned(&mut connection).await;
            while let Ok((statement, done)) = inbox.recv() {
                let outcome = sqlx::raw_sql(AssertSqlSafe(statement))
                    .execute(&mut connection)
                    .await;
                // A test that panicked meanwhile does not listen any more.
                let _ = done.send(outcome.map(drop));
            }
        });
    });
    Administrator { run, orders }
});

async fn connect(url: &str, run: &str) -> PgConnection {
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("the URL names a server");
    let connected = PgConnection::connect_with(&options.application_name(run)).await;
    connected.unwrap_or_else(|error| panic!("PostgreSQL cannot be reached: {error}"))
}

/// Drops what earlier runs left on a server that outlives them: runs that are connected go on.
async fn drop_abandoned(connection: &mut PgConnection) {
    if !matches!(server(), Some(Server::Given(_))) {
        return;
    }
    let abandoned: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database WHERE datname LIKE 'debrief\\_test\\_%' AND NOT EXISTS \
         (SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'debrief\\_test\\_%' \
          AND starts_with(datname, application_name))",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("databases can be listed");
    for name in abandoned {
        let statement = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        sqlx::raw_sql(statement)
            .execute(&mut *connection)
            .await
            .expect("databases can be dropped");
    }
}
