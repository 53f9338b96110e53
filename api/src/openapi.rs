//! The OpenAPI document: title, tags and security here, operations from the features, and what
//! all operations share from `complete`.

use std::borrow::Cow;

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
};
use utoipa_actix_web::AppExt as _;

mod complete;
mod components;
mod examples;
mod parameters;
mod responses;
mod terms;

use crate::kernel::access::Scope;
use crate::kernel::error::Problem;
use crate::kernel::mount::ServiceConfig;
use crate::{actions, changes, metrics, references, routes};

/// Requests and answers that the tests really sent and got.
const EXAMPLES: &str = include_str!("openapi/examples.json");

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
at once with a JSON Pointer, up to 1,000 of them.

**Limits.** A body may have 1 MiB, hold 50,000 values and nest 32 levels, an address 32 KiB, where an \
operation says nothing else.";

/// Title, tags and the schemas that no operation names by itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Debrief", description = DESCRIPTION, license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"), contact(name = "The Debrief maintainers", url = "https://example.com/debrief")),
    tags(
        (name = "Incidents", description = "Light references to the incidents that ticketing and SIEM systems own."),
        (name = "Reviews", description = "Post-incident reviews and their life."),
        (name = "Participants", description = "People and teams in a review."),
        (name = "Events", description = "The chronology: append-only moments, amended or retracted, never edited."),
        (name = "Decisions", description = "The decision log: who decided what, on what they knew then."),
        (name = "Communications", description = "The communication log: who told whom what, and when it arrived."),
        (name = "Assessments", description = "How well the response went, dimension by dimension."),
        (name = "Impacts", description = "What the incident cost, by dimension and estimate, and how the first compares with the last."),
        (name = "Findings", description = "Root causes, contributing factors, gaps, strengths: what the review established."),
        (name = "Gaps", description = "The gap register: every gap that stands, across reviews, and what answers it."),
        (name = "Recommendations", description = "Proposed improvements, what was decided about each, and the library of those that are made again and again."),
        (name = "Lessons", description = "What should be remembered, and whether it has reached a document yet."),
        (name = "Documents", description = "Response plans, playbooks, policies and training: their revisions, the lessons in them, and who has read them."),
        (name = "Actions", description = "Committed improvements, their progress and the proof that they work."),
        (name = "Workshops", description = "The sessions of a review: who is invited, what is gone through, what came of it."),
        (name = "Contributions", description = "What people say before and in a session, by name or without, in groups and with votes."),
        (name = "Feedback", description = "What people think of a review and of what came of it, asked in rounds and shown of groups only."),
        (name = "Briefings", description = "Key findings for an audience, with what their marks forbid left out: frozen, delivered, acknowledged."),
        (name = "Policies", description = "Which reviews are required, what they must have and by when."),
        (name = "Calendars", description = "When an organisation works, and how time is counted by that."),
        (name = "Deadlines", description = "What is due, overdue, met and met too late."),
        (name = "Obligations", description = "Regulatory clocks, and the regimes that start them."),
        (name = "Improvement measures", description = "Did it help? A time before an improvement against a time after, and how sure the difference is."),
        (name = "Metrics", description = "Numbers with their definitions."),
        (name = "Search", description = "Texts found by their words, and reviews by what they have in common."),
        (name = "Changes", description = "The feed of everything that changes, page by page or as a stream."),
        (name = "Vocabularies", description = "The controlled words, with labels and descriptions."),
        (name = "Audit", description = "Who changed what, hash-chained."),
        (name = "Identity", description = "Who calls, with which keys and rights."),
        (name = "Service", description = "Health, keys and documentation of the service itself."),
    ),
    components(schemas(
        Problem,
        // What only parameters name.
        actions::list::ActionStage,
        actions::list::Timeliness,
        changes::body::ChangeType,
        metrics::learning::body::LearningGroupBy,
        metrics::process::body::ProcessGroupBy,
        metrics::process::records_body::ProcessDuration,
        metrics::remediation::query::RemediationGroupBy,
        metrics::response::body::ResponseGroupBy,
        metrics::response::rules::ResponseMetricName,
        metrics::window::Interval,
        references::ExternalRefName,
    ))
)]
struct Base;

/// The document as it is checked in, which a test compares with what the code says.
const CHECKED_IN: &str = include_str!("../../openapi/openapi.json");

/// The finished document: what the code says.
///
/// A release takes what is checked in, which is the same: making it costs ten times the memory that
/// it has.
pub fn document() -> Value {
    if cfg!(debug_assertions) {
        document_with(&serde_json::from_str(EXAMPLES).unwrap_or_default())
    } else {
        checked_in()
    }
}

#[expect(
    clippy::expect_used,
    reason = "the file is part of the program, not of its input"
)]
fn checked_in() -> Value {
    serde_json::from_str(CHECKED_IN).expect("openapi/openapi.json is JSON: it is generated anew")
}

/// The document with other examples than those that are checked in.
pub fn document_with(examples: &Value) -> Value {
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
        .configure(|config| routes::configure(&mut ServiceConfig::documented(config)))
        .split_for_parts();
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["servers"] = json!([{ "url": "/", "description": "This service" }]);
    complete::complete(&mut document, examples);
    document
}

/// What of the document requests are judged by.
///
/// # Panics
/// When what is checked in is no JSON, which would leave a service without operations.
#[expect(
    clippy::expect_used,
    reason = "the file is part of the program, not of its input"
)]
pub fn terms() -> Value {
    terms::read(&json()).expect("openapi/openapi.json is JSON: it is generated anew")
}

/// The document as JSON, for people to read.
pub fn json() -> Cow<'static, str> {
    if cfg!(debug_assertions) {
        let text = serde_json::to_string_pretty(&document()).unwrap_or_default();
        Cow::Owned(text + "\n")
    } else {
        Cow::Borrowed(CHECKED_IN)
    }
}

/// The document as YAML.
pub fn yaml() -> String {
    yaml_serde::to_string(&document()).unwrap_or_default()
}
