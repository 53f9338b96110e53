//! The OpenAPI document: title, tags and security here, operations from the features, and what
//! all operations share from `complete`.

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
};
use utoipa_actix_web::AppExt as _;

mod complete;

use crate::kernel::access::Scope;
use crate::kernel::error::Problem;
use crate::{metrics, routes};

const DESCRIPTION: &str = "\
Debrief keeps what an organisation learned from its security incidents as structured facts, and \
proves that it changed because of it.

**Credentials.** `Authorization: Bearer` with an API key (`dbf_…`), a token from `/oauth/token`, or \
a token of the configured identity provider. Everything belongs to one organisation, which the \
credential names; what another organisation owns does not exist.

**Changes.** PATCH, PUT, DELETE and state changes need `If-Match` with the ETag that was read. \
Every POST takes `Idempotency-Key`: the same request again gets the first answer again.

**Lists** give `items` and `next_cursor`; pass it as `cursor` for the next page. Unknown parameters \
are refused.

**Problems** are `application/problem+json` with a stable `code`; every fault of a body is listed \
at once with a JSON Pointer.";

/// Title, tags and the schemas that no operation names by itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Debrief", description = DESCRIPTION, license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"), contact(name = "The Debrief maintainers", url = "https://example.com/debrief")),
    tags(
        (name = "Incidents", description = "Light references to the incidents that ticketing and SIEM systems own."),
        (name = "Reviews", description = "Post-incident reviews and their life."),
        (name = "Participants", description = "People and teams in a review."),
        (name = "Events", description = "The chronology: append-only moments, amended or retracted, never edited."),
        (name = "Findings", description = "Root causes, contributing factors, gaps, strengths: what the review established."),
        (name = "Actions", description = "Committed improvements, their progress and the proof that they work."),
        (name = "Metrics", description = "Numbers with their definitions."),
        (name = "Vocabularies", description = "The controlled words, with labels and descriptions."),
        (name = "Audit", description = "Who changed what, hash-chained."),
        (name = "Identity", description = "Who calls, with which keys and rights."),
        (name = "Service", description = "Health, keys and documentation of the service itself."),
    ),
    components(schemas(
        Problem,
        // What only parameters name.
        metrics::remediation::body::RemediationGroupBy,
        metrics::response::body::ResponseGroupBy,
        metrics::response::rules::ResponseMetricName,
        metrics::window::Interval,
    ))
)]
struct Base;

/// The finished document.
pub fn document() -> Value {
    let mut base = Base::openapi();
    let components = base.components.get_or_insert_default();
    let scopes = Scope::ALL
        .iter()
        .map(|scope| (scope.as_str(), scope.description()));
    components.add_security_scheme(
        "oauth2",
        SecurityScheme::OAuth2(OAuth2::with_description(
            [Flow::ClientCredentials(ClientCredentials::new(
                "/oauth/token",
                scopes.collect::<Scopes>(),
            ))],
            "Client credentials: any API key, with its id as client id and the key as secret.",
        )),
    );
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(
                    "An API key (`dbf_…`) or a token of the identity provider.",
                ))
                .build(),
        ),
    );
    let (_, document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(base)
        .configure(routes::configure)
        .split_for_parts();
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["servers"] = json!([{ "url": "/", "description": "This service" }]);
    complete::complete(&mut document);
    document
}

/// The document as YAML.
pub fn yaml(document: &Value) -> String {
    yaml_serde::to_string(document).unwrap_or_default()
}
