//! The only list of features, one line each.

use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    actions, audit, chronology, findings, identity, incidents, lifecycle, meta, metrics,
    participants, reviews, vocabularies,
};

/// Mounts and documents every route.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.configure(meta::http::routes);
    config.configure(identity::http::public_routes);
    config.service(
        scope("/api/v1").configure(|config: &mut ServiceConfig<'_>| {
            config.configure(identity::http::routes);
            config.configure(vocabularies::http::routes);
            config.configure(audit::http::routes);
            config.configure(incidents::http::routes);
            config.configure(reviews::http::routes);
            config.configure(chronology::http::routes);
            config.configure(chronology::batch::routes);
            config.configure(participants::http::routes);
            config.configure(findings::http::routes);
            config.configure(lifecycle::http::routes);
            config.configure(actions::http::routes);
            config.configure(metrics::routes);
        }),
    );
}
