//! The release binary as a process of its own, on a database of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::load::{Connection, Target};

/// A running service.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it is and who may call it.
    pub(crate) target: Target,
    /// How long it took from the start to the first 200 of `/readyz`.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts the service on a database file and waits until it is ready.
    pub(crate) async fn start(binary: &Path, database: &Path, key: &str) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let started = Instant::now();
        let child = Command::new(binary)
            .env_clear()
            .env("DEBRIEF_LISTEN", address.to_string())
            .env(
                "DEBRIEF_DATABASE_URL",
                format!("sqlite://{}", database.display()),
            )
            .env("DEBRIEF_ADMIN_KEY", key)
            .env("DEBRIEF_RATE_LIMIT", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let target = Target {
            address,
            key: key.to_owned(),
        };
        let mut server = Self {
            child,
            target,
            ready_after: Duration::ZERO,
        };
        while !server.is_ready().await {
            ensure!(
                started.elapsed() < Duration::from_secs(30),
                "the service is not ready after 30 s"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }

    async fn is_ready(&self) -> bool {
        let request = self.target.get("/readyz");
        match Connection::open(self.target.address).await {
            Ok(mut connection) => connection.send(&request).await.is_ok(),
            Err(_) => false,
        }
    }

    /// A line of the process's status in MiB: `VmRSS` is what it holds, `VmHWM` the most it held.
    pub(crate) fn memory(&self, line: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kilobytes = status
            .lines()
            .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))
            .and_then(|text| text.trim().strip_suffix(" kB"))
            .context("the process tells no memory")?;
        Ok(kilobytes.trim().parse::<f64>()? / 1024.0)
    }

    /// Asks it to end, and waits for that.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
        ensure!(asked.success(), "the service cannot be asked to end");
        ensure!(self.child.wait()?.success(), "the service ended badly");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already over after `stop`; otherwise the run has failed and says why itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
