//! Logs, traces and counters: one span and one line per request, without bodies or secrets.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpMessage as _;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::http::{Method, StatusCode};
use metrics::SharedString;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Span;
use tracing_actix_web::{DefaultRootSpanBuilder, RootSpanBuilder};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::access::Caller;
use super::envelope::RequestId;
use crate::config::{Config, LogFormat};

/// Upper bounds of the latency histogram, in seconds.
const LATENCY_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Whether traces are exported.
static EXPORTS: AtomicBool = AtomicBool::new(false);

/// The route of a request, as the document writes it.
#[derive(Clone, Debug)]
pub struct Route(pub Arc<str>);

/// Says of a request that neither logs nor traces are to name its caller.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed;

/// When a request began.
#[derive(Clone, Copy, Debug)]
struct Started(Instant);

/// Sends what is left of the traces when the service ends.
#[derive(Debug, Default)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take()
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(cause = %error, "the last traces were not sent");
        }
    }
}

/// Starts logging, and the export of traces where an endpoint is set.
pub fn start(config: &Config) -> Result<Telemetry, anyhow::Error> {
    let filter = EnvFilter::try_new(with_quiet(config.log.as_str()))
        .map_err(|error| anyhow::anyhow!("DEBRIEF_LOG is not a filter: {error}"))?;
    let pretty = match config.log_format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if pretty {
        lines
            .with_ansi(std::io::stderr().is_terminal())
            .compact()
            .boxed()
    } else {
        lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed()
    };
    let provider = config.otlp_endpoint.as_ref();
    let provider = provider.map(|url| exporter(url.as_str())).transpose()?;
    let traces = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("debrief")));
    if provider.is_some() {
        EXPORTS.store(true, Ordering::Relaxed);
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    }
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .with(traces)
        .try_init()?;
    Ok(Telemetry(provider))
}

/// What others tell louder than it is: faults of clients as errors of the service, and every step of
/// what the service tells in one line.
const QUIET: [&str; 3] = [
    "actix_http::h1::dispatcher=off",
    "sea_orm_migration=warn",
    "sqlx::postgres::notice=warn",
];

/// A filter that lets them through only where it names them.
fn with_quiet(filter: &str) -> String {
    let unnamed = QUIET.into_iter().filter(|directive| {
        let root = directive.split([':', '=']).next().unwrap_or(directive);
        !filter.contains(root)
    });
    unnamed.chain([filter]).collect::<Vec<_>>().join(",")
}

fn exporter(endpoint: &str) -> Result<SdkTracerProvider, anyhow::Error> {
    // Its client takes the cryptography of the process, whether the endpoint has TLS or not.
    super::token::install();
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint)
        .with_timeout(Duration::from_secs(5))
        .build()
        .map_err(|error| anyhow::anyhow!("DEBRIEF_OTLP_ENDPOINT cannot be used: {error}"))?;
    let resource = opentelemetry_sdk::Resource::builder()
        .with_service_name("debrief")
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}

/// The headers in which a caller names its trace.
struct Carrier<'a>(&'a HeaderMap);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// A span with all that a trace tells. What the log has of it is in its line: there, each field costs
/// every request.
fn exported_span(request: &ServiceRequest) -> Span {
    tracing::info_span!(
        "request",
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        trace_id = tracing::field::Empty,
        request_id = RequestId::of(request).0,
        http.method = request.method().as_str(),
        http.route = tracing::field::Empty,
        http.status_code = tracing::field::Empty,
        organization = tracing::field::Empty,
        caller = tracing::field::Empty,
        exception.message = tracing::field::Empty,
        exception.details = tracing::field::Empty,
    )
}

/// What the lines of requests are called in a filter of the log.
const ACCESS: &str = "debrief::access";

/// Milliseconds since then, to the microsecond.
fn millis(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// The span of a request and its one line in the log.
#[derive(Debug)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        request.extensions_mut().insert(Started(Instant::now()));
        let exports = EXPORTS.load(Ordering::Relaxed);
        let span = if exports {
            exported_span(request)
        } else {
            let id = RequestId::of(request).0;
            tracing::info_span!(
                "request",
                request_id = id,
                http.method = request.method().as_str()
            )
        };
        if exports {
            let headers = Carrier(request.headers());
            let parent =
                opentelemetry::global::get_text_map_propagator(|one| one.extract(&headers));
            // A span that is not exported has no place in a trace.
            let _ = span.set_parent(parent);
        }
        span
    }

    fn on_request_end<B: MessageBody>(
        span: Span,
        outcome: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
        let Ok(response) = outcome else {
            DefaultRootSpanBuilder::on_request_end(span, outcome);
            return;
        };
        let extensions = response.request().extensions();
        let route = extensions.get::<Route>().map(|route| &*route.0);
        let caller = extensions.get::<Arc<Caller>>();
        let subject = caller
            .filter(|_| !extensions.contains::<Unnamed>())
            .map(|caller| caller.subject.as_str());
        let organization = caller.map(|caller| tracing::field::display(caller.organization.0));
        let status = response.status().as_u16();
        if EXPORTS.load(Ordering::Relaxed) {
            // The log has all this in its line: there it would be written anew with each field.
            let method = response.request().method();
            // Once it has begun, a field cannot change its name any more.
            let name = format!("{method} {}", route.unwrap_or("none"));
            span.context().span().update_name(name);
            span.record("http.route", route);
            span.record("http.status_code", status);
            span.record("organization", &organization);
            span.record("caller", subject);
        }
        let elapsed_ms = extensions.get::<Started>().map(|started| millis(started.0));
        let _entered = span.enter();
        macro_rules! tell {
            ($level:ident) => {
                tracing::$level!(target: ACCESS, status, elapsed_ms, route, organization, caller = subject, "answered")
            };
        }
        match status {
            500.. => tell!(error),
            // Whoever tries credentials, or calls too often, is to be seen.
            401 | 403 | 429 => tell!(info),
            _ => tell!(debug),
        }
    }
}

/// Installs the recorder of the process's counters; later calls return handles to the first.
pub fn recorder() -> Result<PrometheusHandle, anyhow::Error> {
    static HANDLE: std::sync::Mutex<Option<PrometheusHandle>> = std::sync::Mutex::new(None);
    let mut handle = HANDLE
        .lock()
        .map_err(|_| anyhow::anyhow!("the recorder is poisoned"))?;
    if let Some(handle) = handle.as_ref() {
        return Ok(handle.clone());
    }
    let fresh = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), LATENCY_BUCKETS)?
        .install_recorder()?;
    metrics::describe_counter!("debrief_http_requests_total", "Requests answered");
    metrics::describe_histogram!(
        "debrief_http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time from the head of a request to its answer"
    );
    *handle = Some(fresh.clone());
    Ok(fresh)
}

/// The counter and the histogram of answers of one kind.
type Instruments = (metrics::Counter, metrics::Histogram);

/// Method, route and status of answers. Routes are patterns, so that their number is bounded.
type Kind = (&'static str, Option<Arc<str>>, u16);

thread_local! {
    /// Looked up once in each thread: that costs more than to use them.
    static INSTRUMENTS: RefCell<HashMap<Kind, Instruments>> = RefCell::default();
}

/// Counts an answered request.
pub fn measure(method: &Method, route: Option<Route>, status: StatusCode, took: Duration) {
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let kind = (method, route.map(|route| route.0), status.as_u16());
    INSTRUMENTS.with_borrow_mut(|known| {
        let (answered, duration) = known.entry(kind).or_insert_with_key(instruments);
        answered.increment(1);
        duration.record(took.as_secs_f64());
    });
}

fn instruments((method, route, status): &Kind) -> Instruments {
    let route = route.clone();
    let route = route.map_or(SharedString::const_str("none"), SharedString::from);
    let status = status.to_string();
    (
        metrics::counter!("debrief_http_requests_total", "method" => *method, "route" => route.clone(), "status" => status),
        metrics::histogram!("debrief_http_request_duration_seconds", "method" => *method, "route" => route),
    )
}
