//! The only list of features, by the sections of the document.

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
        config.section("Reviews", |config| {
            config.configure(reviews::http::routes);
            config.configure(lifecycle::http::routes);
            config.configure(completeness::http::routes);
            config.configure(wording_notes::http::routes);
            config.configure(whole::http::routes);
            config.configure(transfer::http::routes);
        });
        config.section("Events", |config| {
            config.configure(chronology::http::routes);
            config.configure(chronology::batch::routes);
        });
        config.section("Incidents", incidents::http::routes);
        config.section("Participants", participants::http::routes);
        config.section("Findings", findings::http::routes);
        config.section("Actions", |config| {
            config.configure(actions::http::routes);
            config.configure(capacity::http::routes);
        });
        config.section("Decisions", decisions::http::routes);
        config.section("Communications", communications::http::routes);
        config.section("Assessments", assessments::http::routes);
        config.section("Impacts", impacts::http::routes);
        config.section("Gaps", gaps::http::routes);
        config.section("Recommendations", |config| {
            config.configure(recommendations::http::routes);
            config.configure(library::http::routes);
        });
        config.section("Lessons", lessons::http::routes);
        config.section("Documents", documents::http::routes);
        config.section("Workshops", |config| {
            config.configure(workshops::http::routes);
            config.configure(sessions::http::routes);
        });
        config.section("Contributions", contributions::http::routes);
        config.section("Feedback", feedback::http::routes);
        config.section("Briefings", briefings::http::routes);
        config.section("Calendars", calendars::http::routes);
        config.section("Policies", policies::http::routes);
        config.section("Deadlines", deadlines::http::routes);
        config.section("Obligations", |config| {
            config.configure(regimes::http::routes);
            config.configure(obligations::http::routes);
        });
        config.section("Improvement measures", measures::http::routes);
        config.section("Changes", changes::http::routes);
        config.section("Search", |config| {
            config.configure(search::http::routes);
            config.configure(similar::http::routes);
        });
        config.section("Metrics", metrics::routes);
        config.section("Identity", identity::http::routes);
        config.section("Vocabularies", vocabularies::http::routes);
        config.section("Audit", audit::http::routes);
    });
}
