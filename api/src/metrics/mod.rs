//! Metrics: numbers with their definitions, each traceable to the records behind it.
//!
//! `response` measures how incidents were handled, `remediation` how improvements fare. What they
//! have in common is here.

pub mod definition;
pub mod distribution;
pub mod groups;
mod link;
pub mod remediation;
pub mod response;
pub mod window;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(response::http::routes);
    config.configure(remediation::http::routes);
}
