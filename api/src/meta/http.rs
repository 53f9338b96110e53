//! Routes that stand outside the API and need no credential.

use std::sync::LazyLock;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::kernel::error::{Code, Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::state::State;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(check_health)
        .service(check_readiness)
        .service(get_server_metrics)
        .service(list_problem_types)
        .service(get_problem_type)
        .service(get_openapi_json)
        .service(get_openapi_yaml);
}

/// Whether the service is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthBody {
    /// Always `ok`: an answer that is not `ok` is a problem.
    #[schema(example = "ok", pattern = "^ok$")]
    status: &'static str,
    /// The service's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

const HEALTHY: HealthBody = HealthBody {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// How long the database may take to say that it is there: less than those wait who probe.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether the process is alive
///
/// Says nothing of the database: restarting the process would not bring that back.
#[utoipa::path(tag = "Service", responses((status = 200, description = "Alive", body = HealthBody)))]
#[get("/healthz")]
async fn check_health() -> HttpResponse {
    HttpResponse::Ok().json(HEALTHY)
}

/// Whether requests can be served
///
/// 503 while the database is away: it is known within a second.
#[utoipa::path(tag = "Service", responses((status = 200, description = "Ready", body = HealthBody)))]
#[get("/readyz")]
async fn check_readiness(state: web::Data<State>) -> Result<HttpResponse> {
    let cause = match tokio::time::timeout(PATIENCE, state.database.ping()).await {
        Ok(Ok(())) => return Ok(HttpResponse::Ok().json(HEALTHY)),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {PATIENCE:?}"),
    };
    tracing::warn!(cause, "not ready: the database does not answer");
    let refusal = Code::Unavailable.because("the database cannot be reached");
    Err(refusal.with_header("retry-after", "1").into())
}

/// Counters of the process
///
/// Prometheus text exposition format.
#[utoipa::path(tag = "Service", responses((status = 200, description = "The counters", body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn get_server_metrics(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    handle.run_upkeep();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(handle.render())
}

/// A type of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemTypeBody {
    /// The stable word in `code`.
    #[schema(example = "stale_version")]
    code: &'static str,
    /// The HTTP status it comes with.
    #[schema(minimum = 400, maximum = 599, example = 412)]
    status: u16,
    /// Its title.
    #[schema(example = "It changed since you read it")]
    title: &'static str,
    /// What it means and what to do.
    #[schema(example = "Read it again, then repeat the change.")]
    explanation: &'static str,
}

/// Every type of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemTypeList {
    /// The types, by status.
    items: Vec<ProblemTypeBody>,
}

fn problem_type(code: Code) -> ProblemTypeBody {
    ProblemTypeBody {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title(),
        explanation: code.explanation(),
    }
}

/// List the types of problem
///
/// What the `type` of every problem refers to.
#[utoipa::path(tag = "Service", responses((status = 200, description = "The types", body = ProblemTypeList)))]
#[get("/problems")]
async fn list_problem_types() -> HttpResponse {
    let items = Code::ALL.iter().copied().map(problem_type).collect();
    HttpResponse::Ok().json(ProblemTypeList { items })
}

/// Which type of problem.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProblemTypePath {
    /// The stable word in `code`.
    #[param(example = "stale_version", pattern = "^[a-z_]{1,64}$")]
    code: String,
}

/// Read a type of problem
#[utoipa::path(tag = "Service", params(ProblemTypePath), responses((status = 200, description = "The type", body = ProblemTypeBody)))]
#[get("/problems/{code}")]
async fn get_problem_type(path: Path<ProblemTypePath>) -> Result<HttpResponse> {
    let code = Code::ALL
        .iter()
        .copied()
        .find(|code| code.as_str() == path.code);
    let code = code.ok_or_else(|| Error::not_found("type of problem"))?;
    Ok(HttpResponse::Ok().json(problem_type(code)))
}

/// The document in both forms, each written when it is first asked for.
#[derive(Debug)]
pub struct DocumentTexts {
    /// As JSON.
    pub json: LazyLock<web::Bytes>,
    /// As YAML.
    pub yaml: LazyLock<web::Bytes>,
}

/// This document as JSON
#[utoipa::path(tag = "Service", responses((status = 200, description = "The OpenAPI document", body = serde_json::Value, content_type = "application/json")))]
#[get("/openapi.json")]
async fn get_openapi_json(texts: web::Data<&'static DocumentTexts>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(web::Bytes::clone(&texts.json))
}

/// This document as YAML
#[utoipa::path(tag = "Service", responses((status = 200, description = "The OpenAPI document", body = String, content_type = "application/yaml")))]
#[get("/openapi.yaml")]
async fn get_openapi_yaml(texts: web::Data<&'static DocumentTexts>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/yaml")
        .body(web::Bytes::clone(&texts.yaml))
}

/// What no route answers.
pub async fn fallback(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse> {
    Err(state.contract.nothing_here(request.path()))
}
