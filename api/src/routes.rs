//! The only list of features, one line each.

use crate::kernel::mount::ServiceConfig;
use crate::{
    actions, assessments, audit, briefings, calendars, capacity, changes, chronology,
    communications, completeness, contributions, deadlines, decisions, documents, feedback,
    findings, gaps, identity, impacts, incidents, lessons, library, lifecycle, measures, meta,
    metrics, obligations, participants, policies, recommendations, regimes, reviews, search,
    sessions, similar, transfer, vocabularies, whole, wording_notes, workshops,
};

/// Mounts and documents every route.
pub fn configure(config: &mut ServiceConfig<'_, '_>) {
    config.configure(meta::http::routes);
    config.configure(identity::http::public_routes);
    config.scope("/api/v1", |config| {
        // The router asks one after the other: what is called most stands first.
        config.configure(reviews::http::routes);
        config.configure(chronology::http::routes);
        config.configure(chronology::batch::routes);
        config.configure(incidents::http::routes);
        config.configure(participants::http::routes);
        config.configure(findings::http::routes);
        config.configure(lifecycle::http::routes);
        config.configure(completeness::http::routes);
        config.configure(wording_notes::http::routes);
        config.configure(whole::http::routes);
        config.configure(transfer::http::routes);
        config.configure(actions::http::routes);
        config.configure(decisions::http::routes);
        config.configure(communications::http::routes);
        config.configure(assessments::http::routes);
        config.configure(impacts::http::routes);
        config.configure(gaps::http::routes);
        config.configure(recommendations::http::routes);
        config.configure(library::http::routes);
        config.configure(lessons::http::routes);
        config.configure(documents::http::routes);
        config.configure(workshops::http::routes);
        config.configure(contributions::http::routes);
        config.configure(sessions::http::routes);
        config.configure(feedback::http::routes);
        config.configure(briefings::http::routes);
        config.configure(calendars::http::routes);
        config.configure(policies::http::routes);
        config.configure(deadlines::http::routes);
        config.configure(regimes::http::routes);
        config.configure(obligations::http::routes);
        config.configure(capacity::http::routes);
        config.configure(measures::http::routes);
        config.configure(changes::http::routes);
        config.configure(search::http::routes);
        config.configure(similar::http::routes);
        config.configure(metrics::routes);
        config.configure(identity::http::routes);
        config.configure(vocabularies::http::routes);
        config.configure(audit::http::routes);
    });
}
