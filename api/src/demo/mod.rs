//! `debrief demo`: a fresh temporary database with two real incidents in it, served until Ctrl-C.
//!
//! The cases are JSON in the shapes of the API's own requests; they are loaded by its services. The
//! incidents and what was found are told from public reports; owners, dates, what people said in sessions
//! and answered afterwards, and what became of the actions are made up where the reports end.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use entity::organization::OrganizationId;

use crate::config::{Config, Secret, Setting as _};
use crate::identity::bootstrap;
use crate::kernel::clock::Clock;
use crate::kernel::state::State;
use crate::kernel::telemetry;
use crate::server;

mod cases;
mod deeds;
mod load;
mod recorder;
mod stop;
mod timeline;

/// Fills an organisation that holds nothing yet with both cases; the key and title of each review.
pub async fn fill(
    state: &State,
    organization: OrganizationId,
) -> Result<Vec<(String, String)>, anyhow::Error> {
    let caller = bootstrap::command_line(organization);
    let settled = cases::organization()?;
    Ok(load::within(state, caller, settled, cases::all()?).await?)
}

/// Serves the demo until it is stopped, then removes its database.
pub async fn serve(mut config: Config) -> Result<(), anyhow::Error> {
    let _telemetry = telemetry::start(&config)?;
    // Before there is anything to remove.
    let stop = stop::Stop::hear()?;
    let directory = tempfile::Builder::new().prefix("debrief-demo-").tempdir()?;
    config.database_url = database_in(directory.path())?;
    config.database_durable = false;
    let ended = serve_filled(&config, stop).await;
    directory.close()?;
    ended
}

fn database_in(directory: &Path) -> Result<Secret, anyhow::Error> {
    let url = format!("sqlite://{}", directory.join("demo.db").display());
    Secret::read(&url).map_err(anyhow::Error::msg)
}

async fn serve_filled(config: &Config, mut stop: stop::Stop) -> Result<(), anyhow::Error> {
    let listener = server::listen(config)?;
    let state = server::open(config, Clock::System).await?;
    let reviews = load::all(&state, cases::organization()?, cases::all()?).await?;
    let admin_key = config.admin_key.as_ref().map(Secret::expose);
    let key = bootstrap::ensure_key(&state, admin_key).await?;
    if stop.came() {
        return Ok(state.database.clone().close().await?);
    }
    let mut service = server::serve(config, state, listener)?;
    service.stop_when(stop.asked());
    let text = welcome(service.address, &reviews, key.as_deref());
    std::io::stdout().lock().write_all(text.as_bytes())?;
    service.finished().await
}

/// What there is to see, and how.
fn welcome(address: SocketAddr, reviews: &[(String, String)], key: Option<&str>) -> String {
    let reviews: Vec<_> = reviews
        .iter()
        .map(|(key, title)| format!("    {key}  {title}"))
        .collect();
    let reviews = reviews.join("\n");
    // A configured key is never shown.
    let key = key.unwrap_or("$DEBRIEF_ADMIN_KEY");
    format!(
        "\nThis demo's database is temporary: it is removed when the service stops (Ctrl-C).\n\
         It holds the reviews of two real incidents, retold from public reports; what people said of\n\
         them and what became of their actions is partly made up:\n\n{reviews}\n\n\
         Admin key:     {key}\n\
         Documentation: http://{address}/docs/\n\
         First call:    curl -s -H \"Authorization: Bearer {key}\" http://{address}/api/v1/reviews\n\n"
    )
}
