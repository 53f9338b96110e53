//! The HTTP server: what it is made of, in which order, and how it ends.

use std::borrow::Cow;
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::ServerHandle;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use ring::hmac;
use tokio::task::JoinSet;
use tracing_actix_web::TracingLogger;
use utoipa_swagger_ui::SwaggerUi;

use crate::config::{Config, Origins};
use crate::deadlines;
use crate::feedback;
use crate::identity;
use crate::kernel::clock::Clock;
use crate::kernel::contract::Contract;
use crate::kernel::credential::Credentials;
use crate::kernel::database::{Database, DatabaseOptions};
use crate::kernel::ending::Ending;
use crate::kernel::envelope::{RequestTime, envelope};
use crate::kernel::gate::gate;
use crate::kernel::idempotency::{FORGOTTEN_AT_ONCE, InFlight, forget_expired};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::places::Places;
use crate::kernel::position::Positions;
use crate::kernel::rate::RateLimiter;
use crate::kernel::state::{Shared, State};
use crate::kernel::telemetry::{self, RequestSpan};
use crate::kernel::token::{ExternalIssuer, ExternalSettings, KeySource};
use crate::meta::http::{DocumentTexts, fallback};
use crate::{openapi, routes, search};

/// The document at work: the same for every service of a process.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(&openapi::terms()));

/// The document as it is handed out, written when somebody first asks for it.
static TEXTS: DocumentTexts = DocumentTexts {
    json: LazyLock::new(|| match openapi::json() {
        Cow::Borrowed(text) => web::Bytes::from_static(text.as_bytes()),
        Cow::Owned(text) => text.into(),
    }),
    yaml: LazyLock::new(|| openapi::yaml().into()),
};

/// A running service.
#[derive(Debug)]
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its state.
    pub state: State,
    handle: ServerHandle,
    running: tokio::task::JoinHandle<std::io::Result<()>>,
    /// What goes on beside it until it ends.
    beside: JoinSet<()>,
}

impl Service {
    /// Runs until it is stopped by a signal or by [`Service::stop`].
    pub async fn finished(mut self) -> Result<(), anyhow::Error> {
        let done = self.running.await;
        self.beside.shutdown().await;
        let written = self.state.credentials.write_last_uses().await;
        if let Err(error) = written {
            tracing::warn!(cause = %error, "the last uses of keys were not written down");
        }
        self.state.database.clone().close().await?;
        Ok(done??)
    }

    /// Stops the service also when somebody else has heard that it is to end: a signal that comes before
    /// the server listens for it is heard by nobody but them.
    pub fn stop_when(&mut self, asked: impl Future<Output = ()> + Send + 'static) {
        let (ending, handle) = (self.state.ending.clone(), self.handle.clone());
        self.beside.spawn(async move {
            asked.await;
            ending.begin();
            handle.stop(true).await;
        });
    }

    /// Lets running requests finish, then stops.
    pub async fn stop(self) -> Result<(), anyhow::Error> {
        self.state.ending.begin();
        self.handle.stop(true).await;
        self.finished().await
    }
}

/// Opens and migrates the database and begins to serve.
pub async fn start(config: &Config, clock: Clock) -> Result<Service, anyhow::Error> {
    crate::kernel::token::install();
    let state = open(config, clock).await?;
    serve(config, state, listen(config)?)
}

/// Opens and migrates the database and makes the state on it.
pub async fn open(config: &Config, clock: Clock) -> Result<State, anyhow::Error> {
    crate::kernel::token::install();
    let url = config.database_url.expose();
    crate::kernel::database::up(url).await?;
    let options = DatabaseOptions {
        url: url.to_owned(),
        connections: config.database_connections,
        durable: config.database_durable,
        acquire_timeout: Duration::from_secs(config.database_timeout_seconds.into()),
    };
    let database = Database::connect(&options)?;
    search::fill::nothing(&database).await?;
    let secrets = identity::secrets::load(&database, clock.now()).await?;
    let credentials = Credentials::new(
        database.clone(),
        secrets.signing,
        config.public_url(),
        external_issuer(config)?,
    );
    let cursor_key = hmac::Key::new(hmac::HMAC_SHA256, &secrets.cursor);
    Ok(State::new(Shared {
        contract: &CONTRACT,
        rate: RateLimiter::new(config.rate_limit),
        in_flight: InFlight::default(),
        positions: Positions::new(&cursor_key),
        cursor_key,
        streams: Places::new(config.streams_per_organization),
        ending: Ending::default(),
        public_url: config.public_url(),
        organizer_email: config.organizer_email.clone(),
        token_seconds: config.token_seconds,
        credentials,
        database,
        clock,
    }))
}

fn external_issuer(config: &Config) -> Result<Option<ExternalIssuer>, anyhow::Error> {
    let (Some(issuer), Some(audience)) = (&config.jwt_issuer, &config.jwt_audience) else {
        return Ok(None);
    };
    let keys = if let Some(url) = &config.jwt_jwks_url {
        KeySource::JwksUrl(url.as_str().to_owned())
    } else if let Some(path) = &config.jwt_jwks_file {
        KeySource::JwksFile(path.clone())
    } else if let Some(secret) = &config.jwt_hs256_secret {
        KeySource::Hs256(secret.expose().to_owned())
    } else {
        anyhow::bail!("an issuer needs keys");
    };
    let mut settings = ExternalSettings::new(issuer, audience, keys);
    settings
        .organization_claim
        .clone_from(&config.jwt_organization_claim);
    settings.roles_claim.clone_from(&config.jwt_roles_claim);
    Ok(Some(ExternalIssuer::new(settings)?))
}

/// Takes the address: before a first key is made, which would else be told to nobody where the address
/// is not free.
pub fn listen(config: &Config) -> Result<TcpListener, anyhow::Error> {
    TcpListener::bind(config.listen)
        .map_err(|error| anyhow::anyhow!("DEBRIEF_LISTEN {}: {error}", config.listen))
}

/// Serves on the state.
pub fn serve(
    config: &Config,
    state: State,
    listener: TcpListener,
) -> Result<Service, anyhow::Error> {
    let address = listener.local_addr()?;
    let recorder = telemetry::recorder()?;
    let shared = (
        web::Data::new(state.clone()),
        web::Data::new(&TEXTS),
        web::Data::new(recorder.clone()),
        web::Data::new(RequestTime(Duration::from_secs(
            config.request_seconds.into(),
        ))),
    );
    let origins = config.cors_origins.clone();
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(shared.0.clone())
            .app_data(shared.1.clone())
            .app_data(shared.2.clone())
            .app_data(shared.3.clone())
            .configure(mount)
            .wrap(from_fn(gate))
            .wrap(Compress::default())
            .wrap(cors(&origins))
            .wrap(security_headers())
            .wrap(from_fn(envelope))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .listen(listener)?
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(config.shutdown_seconds.into());
    if config.workers > 0 {
        server = server.workers(config.workers.try_into()?);
    }
    let server = server.run();
    let handle = server.handle();
    let mut beside = JoinSet::new();
    beside.spawn(upkeep(state.clone(), recorder.clone()));
    beside.spawn(state.ending.clone().hear_signals());
    beside.spawn(
        state
            .database
            .notices()
            .clone()
            .look(state.database.clone()),
    );
    beside.spawn(state.database.erasure().clone().run(state.database.clone()));
    beside.spawn(feedback::settling::run(state.clone()));
    beside.spawn(search::fill::all(state.clone()));
    beside.spawn(deadlines::upkeep::run(state.clone()));
    tracing::info!(%address, engine = state.database.engine_name(), "listening");
    Ok(Service {
        address,
        state,
        handle,
        running: tokio::spawn(server),
        beside,
    })
}

/// Mounts the API, the documentation page and the fallback.
fn mount(config: &mut web::ServiceConfig) {
    routes::configure(&mut ServiceConfig::served(config));
    let page = utoipa_swagger_ui::Config::new(["/openapi.json"])
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .filter(true)
        .validator_url("none");
    config
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(page))
        .default_service(web::to(fallback));
}

/// What browsers may do from other origins: nothing, until origins are configured.
fn cors(origins: &Origins) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_any_header()
        .expose_headers([
            "etag",
            "link",
            "location",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "x-request-id",
            "idempotency-replayed",
            "www-authenticate",
            "allow",
        ])
        .max_age(3600);
    match origins {
        Origins::Any => cors.allow_any_origin().send_wildcard(),
        Origins::Listed(origins) => origins
            .iter()
            .fold(cors, |cors, origin| cors.allowed_origin(origin)),
    }
}

fn security_headers() -> DefaultHeaders {
    let headers = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ];
    headers
        .into_iter()
        .fold(DefaultHeaders::new(), |all, (name, value)| {
            all.add((
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            ))
        })
}

/// What has to be done now and then.
async fn upkeep(state: State, recorder: PrometheusHandle) {
    let mut tick = tokio::time::interval(Duration::from_secs(30));
    loop {
        tick.tick().await;
        state.rate.forget_idle();
        if let Err(error) = state.credentials.write_last_uses().await {
            tracing::warn!(cause = %error, "the last uses of keys were not written down");
        }
        // Nobody may ask for the counters, which keep every duration until then.
        recorder.run_upkeep();
        if let Err(error) = forget_answers(&state).await {
            tracing::warn!(cause = %error, "expired answers were not forgotten");
        }
    }
}

async fn forget_answers(state: &State) -> Result<(), crate::kernel::error::Error> {
    loop {
        let tx = state.database.begin().await?;
        let forgotten = forget_expired(&tx, state.clock.now()).await?;
        tx.commit(Vec::new()).await?;
        if forgotten < FORGOTTEN_AT_ONCE {
            return Ok(());
        }
    }
}
