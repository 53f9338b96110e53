//! That the services take both cases, and how they end.

use std::collections::BTreeMap;

use entity::vocabulary::{ActionStatus, Milestone, ReviewStatus};
use entity::{action, audit_record, event, finding, incident, review};
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::super::cases;
use super::*;
use crate::config::Config;
use crate::kernel::clock::Clock;
use crate::server;

#[tokio::test]
async fn the_services_take_both_cases() {
    use ActionStatus::{Blocked, Declined, Implemented, InProgress, RiskAccepted, Verified};
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite://{}/demo.db", directory.path().display());
    let texts = BTreeMap::from([("database_url".to_owned(), url)]);
    let config = Config::from_texts(texts).expect("settings");
    let state = server::open(&config, Clock::System).await.expect("a state");
    let cases = cases::all().expect("valid data");
    let findings: usize = cases.iter().map(|case| case.findings.len()).sum();

    let settled = cases::organization().expect("valid data");
    let reviews = all(&state, settled, cases).await.expect("loaded");

    let keys: Vec<_> = reviews.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["PIR-2021-0001", "PIR-2023-0001"]);
    let read = &state.database;
    let events = event::Entity::find().all(read).await.expect("events");
    assert_eq!(events.len(), 24 + 32);
    let stored = finding::Entity::find().all(read).await.expect("findings");
    assert_eq!(stored.len(), findings);
    for incident in incident::Entity::find().all(read).await.expect("incidents") {
        let marked = &incident.timestamps.0[&Milestone::Detected];
        assert!(marked.event.is_some(), "{}", incident.title);
    }
    let reviews = review::Entity::find().order_by_asc(review::Column::Key);
    let reviews = reviews.all(read).await.expect("reviews");
    let ends: Vec<_> = reviews.iter().map(|one| one.status).collect();
    assert_eq!(ends, [ReviewStatus::Published, ReviewStatus::Closed]);
    assert!(
        reviews
            .iter()
            .all(|one| one.published_at <= one.publish_due_at)
    );

    let actions = action::Entity::find().all(read).await.expect("actions");
    let mut states = BTreeMap::new();
    for action in &actions {
        *states.entry(action.status.as_str()).or_insert(0) += 1;
    }
    let expected = [
        (Blocked, 1),
        (Declined, 1),
        (Implemented, 2),
        (InProgress, 1),
        (RiskAccepted, 1),
        (Verified, 3 + 6),
    ];
    let expected = expected.map(|(status, count)| (status.as_str(), count));
    assert_eq!(states, BTreeMap::from(expected));
    assert!(actions.iter().any(|one| one.ineffective_count == 1));

    // People acted, not only the demo, and never against the clock.
    let records = audit_record::Entity::find().order_by_asc(audit_record::Column::Sequence);
    let records = records.all(read).await.expect("records");
    let publish = records.iter().filter(|one| one.action == "review.publish");
    let publishers: Vec<_> = publish.map(|one| one.actor_name.as_str()).collect();
    assert_eq!(publishers, ["Chief executive", "Executive sponsor"]);
}
