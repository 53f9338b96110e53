//! PostgreSQL for the tests: the server that the environment names, or a temporary cluster of our
//! own, which dies with the test process.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use crate::environment;

/// Where tests find their databases.
#[derive(Debug)]
pub enum Server {
    /// Somebody else's server, by the URL of a database on it.
    Given(String),
    /// A temporary cluster of this process.
    Own(Cluster),
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| {
    if let Some(url) = environment::postgres_url() {
        return Some(Server::Given(url));
    }
    let found = Binaries::find().map(|binaries| Server::Own(Cluster::create(binaries)));
    assert!(
        found.is_some() || !environment::postgres_is_required(),
        "PostgreSQL is required, but neither DEBRIEF_TEST_POSTGRES_URL is set nor are its binaries installed"
    );
    found
});

/// The server, if there is one.
///
/// # Panics
/// When there is none although it is required.
pub fn server() -> Option<&'static Server> {
    SERVER.as_ref()
}

/// Whether there is a server; says so where there is none.
pub fn is_there() -> bool {
    let there = server().is_some();
    if !there {
        eprintln!("skipped: no PostgreSQL");
    }
    there
}

/// A cluster of this test's own, to stop and start; `None` where the binaries are missing.
///
/// # Panics
/// When they are missing although PostgreSQL is required.
pub fn own_cluster() -> Option<Cluster> {
    let Some(binaries) = Binaries::find() else {
        assert!(
            !environment::postgres_is_required() || environment::postgres_url().is_some(),
            "PostgreSQL is required, but its binaries are not installed"
        );
        eprintln!("skipped: no PostgreSQL binaries");
        return None;
    };
    Some(Cluster::create(binaries))
}

impl Server {
    /// The URL of a database on the server; without a name, of one that is always there.
    pub fn url(&self, database: Option<&str>) -> String {
        match (self, database) {
            (Self::Own(cluster), database) => cluster.url(database.unwrap_or("postgres")),
            (Self::Given(url), None) => url.clone(),
            (Self::Given(url), Some(name)) => {
                let mut parsed =
                    reqwest::Url::parse(url).expect("DEBRIEF_TEST_POSTGRES_URL is a URL");
                parsed.set_path(name);
                parsed.into()
            }
        }
    }
}

/// Where the programs of PostgreSQL are.
#[derive(Clone, Debug)]
pub struct Binaries(PathBuf);

impl Binaries {
    /// The newest that Debian's packages installed, or those in `PATH`.
    pub fn find() -> Option<Self> {
        let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|folder| {
                let folder = folder.ok()?;
                let version = folder.file_name().to_str()?.parse().ok()?;
                Some((version, folder.path().join("bin")))
            })
            .collect();
        versions.sort();
        let newest = versions.into_iter().rev().map(|(_, folder)| folder);
        newest
            .chain(environment::search_path())
            .find(|folder| {
                ["initdb", "pg_ctl", "postgres"]
                    .iter()
                    .all(|name| folder.join(name).is_file())
            })
            .map(Self)
    }

    /// A command that runs one of the programs as somebody whom PostgreSQL accepts.
    fn command(&self, program: &str) -> Command {
        let program = self.0.join(program);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "--",
            ])
            .arg(program);
        command
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// A temporary cluster, reached by a socket in its own folder.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    folder: PathBuf,
    /// Stops the cluster and removes its folder when its input ends, which the operating system
    /// sees to however this process ends.
    keeper: Child,
}

impl Cluster {
    fn create(binaries: Binaries) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("debrief-pg-")
            .tempdir()
            .expect("there is room for a temporary folder")
            .keep();
        if is_root() {
            succeed(Command::new("chown").arg("postgres:").arg(&folder));
        }
        let keeper = keeper(&binaries, &folder);
        succeed(
            binaries
                .command("initdb")
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--no-sync",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                ])
                .arg("--pgdata")
                .arg(folder.join("data")),
        );
        let cluster = Self {
            binaries,
            folder,
            keeper,
        };
        cluster.start();
        cluster
    }

    /// Starts the server and waits until it takes connections.
    pub fn start(&self) {
        let socket = self.folder.display();
        let settings = format!(
            "-c listen_addresses='' -c unix_socket_directories={socket} -c fsync=off \
             -c synchronous_commit=off -c full_page_writes=off -c max_connections=400"
        );
        succeed(
            self.control("start")
                .arg("--log")
                .arg(self.folder.join("log"))
                .arg("-o")
                .arg(settings),
        );
    }

    /// Stops the server, cutting its connections.
    pub fn stop(&self) {
        succeed(self.control("stop").args(["--mode", "fast"]));
    }

    /// The URL of a database in the cluster.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    fn control(&self, verb: &str) -> Command {
        let mut command = self.binaries.command("pg_ctl");
        command
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .arg("--wait")
            .arg(verb);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // What cannot be stopped now is not worth a second failure.
        let _ = self.keeper.wait();
    }
}

fn keeper(binaries: &Binaries, folder: &Path) -> Child {
    let stop = binaries.command("pg_ctl");
    let script = r#"trap '' INT TERM HUP; folder=$1; shift; cat >/dev/null; "$@" >/dev/null 2>&1; rm -rf "$folder""#;
    Command::new("sh")
        .args(["-c", script, "keeper"])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .arg("--pgdata")
        .arg(folder.join("data"))
        .args(["--wait", "--mode", "immediate", "stop"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh can be started")
}

fn succeed(command: &mut Command) {
    let done = command
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        done.status.success(),
        "{command:?}: {}\n{}{}",
        done.status,
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Says a line past the capture of test output.
pub fn announce(line: &str) {
    // Nobody to hear it is no failure.
    let _ = writeln!(std::io::stderr(), "{line}");
}
