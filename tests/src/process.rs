//! The real binary, as its users run it: processes of its own, in a folder of its own, with an
//! environment that holds nothing but the settings of the test.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use debrief::kernel::ids;
use tempfile::TempDir;

use crate::client::{Address, Client, http};
use crate::database::TestDatabase;
use crate::engine::Engine;
use crate::environment;

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_mins(1);

static BINARY: LazyLock<PathBuf> =
    LazyLock::new(|| binary().unwrap_or_else(|error| panic!("{error:#}")));

/// The binary of the profile that this program was built with: the one that the environment names,
/// or what Cargo builds when it is not there or not current.
pub fn binary() -> Result<PathBuf> {
    if let Some(named) = environment::binary() {
        return Ok(named);
    }
    let program = std::env::current_exe()?;
    // Tests lie in `deps`, other programs beside it.
    let folder = program
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"))
        .context("a program lies in a folder")?;
    let target = folder.parent().context("a profile lies in a folder")?;
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut build = Command::new(env!("CARGO"));
    // The whole workspace, so that the features of what is built already stay the same.
    build
        .args(["build", "--quiet", "--workspace", "--bin", "debrief"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(environment::workspace());
    ensure!(build.status()?.success(), "the service was not built");
    Ok(folder.join("debrief"))
}

/// An API key that nobody knows.
pub fn fresh_key() -> String {
    format!("dbf_{}{}", ids::next().simple(), ids::next().simple())
}

/// A folder, settings and a database, on which the binary runs and is run again.
#[derive(Debug)]
pub struct Installation {
    folder: TempDir,
    settings: BTreeMap<String, String>,
    /// On PostgreSQL; kept until the installation is dropped.
    database: Option<TestDatabase>,
    address: Address,
    http: reqwest::Client,
    running: Option<Process>,
}

impl Installation {
    /// One that has never been started. On SQLite the database is where it is by default.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn new(engine: Engine) -> Self {
        let database = (engine == Engine::Postgres).then(|| TestDatabase::empty(engine));
        let url = database.as_ref().map(TestDatabase::url);
        let mut made = Self {
            folder: tempfile::tempdir().expect("there is room for a folder"),
            settings: BTreeMap::new(),
            database,
            address: Address::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            http: http(),
            running: None,
        };
        made.set("DEBRIEF_LISTEN", "127.0.0.1:0");
        // Whatever a program leaves behind it leaves in the folder.
        let temporary = made.folder.path().display().to_string();
        made.set("TMPDIR", &temporary);
        if let Some(url) = url {
            made.set("DEBRIEF_DATABASE_URL", &url);
        }
        made
    }

    /// One whose admin key is known, and that key.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn keyed(engine: Engine) -> (Self, String) {
        let (mut made, key) = (Self::new(engine), fresh_key());
        made.set("DEBRIEF_ADMIN_KEY", &key);
        (made, key)
    }

    /// The URL of its database, unless it was set since.
    pub fn database_url(&self) -> String {
        let file = self.folder.path().join("data/debrief.db");
        let sqlite = || format!("sqlite://{}", file.display());
        self.database
            .as_ref()
            .map_or_else(sqlite, TestDatabase::url)
    }

    /// Sets a variable for everything that is run from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        self.settings.remove(name);
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who calls the service, wherever it listens after its last start.
    pub fn client(&self, key: Option<&str>) -> Client {
        let credential = key.map(str::to_owned);
        Client::new(self.http.clone(), self.address.clone(), credential)
    }

    /// Where the service listens.
    pub fn address(&self) -> SocketAddr {
        self.address.get()
    }

    /// Runs the binary with these arguments until it ends.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        self.spawn(arguments).ended().await
    }

    /// Begins to serve and waits until the service is ready.
    pub async fn start(&mut self) {
        self.launch(&[]).await;
    }

    /// Begins a command that serves and waits until the service is ready.
    ///
    /// # Panics
    /// When it ends instead, or takes too long.
    pub async fn launch(&mut self, arguments: &[&str]) {
        let mut process = self.spawn(arguments);
        let address = eventually("the service listens", async || {
            process.is_alive();
            process.errors().lines().find_map(listening)
        });
        let address = address.await;
        self.address.set(address);
        self.running = Some(process);
        self.ready(200).await;
    }

    /// Waits until `/readyz` answers with this status.
    pub async fn ready(&self, status: u16) {
        let client = self.client(None);
        eventually(&format!("/readyz answers {status}"), async || {
            let answer = client.get("/readyz").attempt().await.ok()?;
            (answer.status == status).then_some(())
        })
        .await;
    }

    /// Begins to run the binary with these arguments.
    pub fn spawn(&self, arguments: &[&str]) -> Process {
        let mut command = Command::new(&*BINARY);
        command
            .args(arguments)
            .env_clear()
            .envs(&self.settings)
            .current_dir(self.folder.path());
        Process::spawn(command)
    }

    /// The service's process.
    ///
    /// # Panics
    /// When it does not run.
    pub fn process(&self) -> &Process {
        self.running.as_ref().expect("the service runs")
    }

    /// Ends the service as a power cut would.
    pub async fn kill(&mut self) -> Ended {
        let mut process = self.running.take().expect("the service runs");
        process.child.kill().expect("the service can be killed");
        process.ended().await
    }

    /// Asks the service to end, and waits for that.
    pub async fn terminate(&mut self) -> Ended {
        self.process().signal("TERM");
        self.ended().await
    }

    /// Waits until the service has ended.
    ///
    /// # Panics
    /// When it does not run, or goes on for too long.
    pub async fn ended(&mut self) -> Ended {
        let process = self.running.take().expect("the service runs");
        process.ended().await
    }
}

/// The address in a line of the log that says that the service listens.
fn listening(line: &str) -> Option<SocketAddr> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    (line["message"] == "listening").then_some(())?;
    line["address"].as_str()?.parse().ok()
}

/// A process, whose output is heard; it is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    output: Heard,
    errors: Heard,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// All that it wrote to stdout.
    pub output: String,
    /// All that it wrote to stderr.
    pub errors: String,
}

#[expect(clippy::return_self_not_must_use, reason = "asserting is a use")]
impl Ended {
    /// Itself, when the process exited with this code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        let (output, errors) = (&self.output, &self.errors);
        let ended = format!("{}\n{output}\n{errors}", self.status);
        assert_eq!(self.status.code(), Some(code), "{ended}");
        self
    }
}

impl Process {
    fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = Heard::hear(child.stdout.take().expect("stdout is piped"));
        let errors = Heard::hear(child.stderr.take().expect("stderr is piped"));
        Self {
            child,
            output,
            errors,
        }
    }

    /// What it has written to stdout so far.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// What it has written to stderr so far.
    pub fn errors(&self) -> String {
        self.errors.text()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When that cannot be done.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.args(["-s", name]).arg(self.child.id().to_string());
        let done = kill.status().expect("there is a program `kill`");
        assert!(done.success(), "{name} cannot be sent");
    }

    fn is_alive(&mut self) {
        let ended = self.child.try_wait().expect("a child can be asked");
        if let Some(status) = ended {
            panic!("{status}\n{}\n{}", self.output(), self.errors());
        }
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// When it takes too long.
    pub async fn ended(mut self) -> Ended {
        let status = eventually("the process ends", async || {
            let status = self.child.try_wait().expect("a child can be asked")?;
            (self.output.is_over() && self.errors.is_over()).then_some(status)
        });
        Ended {
            status: status.await,
            output: self.output.text(),
            errors: self.errors.text(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to end is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was written to a pipe so far, and whether it has been closed.
#[derive(Clone, Debug, Default)]
struct Heard(Arc<Mutex<(String, bool)>>);

impl Heard {
    fn hear(pipe: impl Read + Send + 'static) -> Self {
        let heard = Self::default();
        let ear = heard.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let mut text = ear.0.lock().expect("nobody panics here");
                text.0.push_str(&String::from_utf8_lossy(&line));
                text.0.push('\n');
            }
            ear.0.lock().expect("nobody panics here").1 = true;
        });
        heard
    }

    fn text(&self) -> String {
        self.0.lock().expect("nobody panics here").0.clone()
    }

    fn is_over(&self) -> bool {
        self.0.lock().expect("nobody panics here").1
    }
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none for too long.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
