//! Loading cases through the services, each operation as a change of its own at its own moment.

use std::collections::HashMap;
use std::sync::Arc;

use entity::Timestamp;
use entity::review::Model as Review;
use uuid::Uuid;

use super::cases::{Case, CaseAction, CaseFinding};
use crate::chronology::body::AppendEvent;
use crate::chronology::service::Appended;
use crate::identity::{bootstrap, organizations};
use crate::kernel::access::Caller;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::state::State;
use crate::{actions, chronology, findings, incidents, participants, reviews};

/// Loads cases into the default organisation of a database that has none yet; the key and title
/// of each review.
pub(super) async fn all(
    state: &State,
    cases: impl IntoIterator<Item = Case>,
) -> Result<Vec<(String, String)>> {
    let mut cases = cases.into_iter().peekable();
    let Some(first) = cases.peek() else {
        return Ok(Vec::new());
    };
    let caller = organize(state, first.opened_at).await?;
    let mut reviews = Vec::new();
    for case in cases {
        let mut recorder = Recorder {
            state,
            caller: caller.clone(),
            at: case.opened_at,
        };
        let review = recorder.load(case).await?;
        reviews.push((review.key, review.title));
    }
    Ok(reviews)
}

/// Creates the default organisation; who acts in it.
async fn organize(state: &State, at: Timestamp) -> Result<Arc<Caller>> {
    let tx = state.database.begin().await?;
    let (slug, name) = (bootstrap::DEFAULT_ORGANIZATION, "Demo organisation");
    let row = organizations::insert(&tx, slug.to_owned(), name.to_owned(), at).await?;
    let caller = bootstrap::command_line(row.id);
    let change = Change::new(tx, caller.clone(), at);
    change.record(organizations::creation(&row)?);
    change.commit().await?;
    Ok(caller)
}

/// Makes changes one after the other, at moments that never go back.
struct Recorder<'a> {
    state: &'a State,
    caller: Arc<Caller>,
    at: Timestamp,
}

impl Recorder<'_> {
    /// Goes on to a moment, unless it is past already.
    fn reach(&mut self, at: Timestamp) {
        self.at = self.at.max(at);
    }

    async fn record<T>(&self, operation: impl AsyncFnOnce(&Change) -> Result<T>) -> Result<T> {
        let tx = self.state.database.begin().await?;
        let change = Change::new(tx, self.caller.clone(), self.at);
        let done = operation(&change).await?;
        change.commit().await?;
        Ok(done)
    }

    async fn load(&mut self, case: Case) -> Result<Review> {
        let incident = case.incident;
        let incident = self
            .record(async |change| incidents::service::create(change, incident).await)
            .await?;
        let mut review = case.review;
        review.incident_ids.push(incident.id);
        let review = self
            .record(async |change| reviews::service::open(change, review).await)
            .await?;
        for participant in case.participants {
            self.record(async |change| {
                participants::service::add(change, &review.key, participant).await
            })
            .await?;
        }
        let (earlier, later) = case
            .events
            .into_iter()
            .partition(|event| event.occurred_at <= case.concluded_at);
        let events = self.append(&review.key, earlier).await?;
        self.reach(case.concluded_at);
        let findings = self.establish(&review.key, case.findings, &events).await?;
        self.improve(&review.key, case.actions, &findings).await?;
        self.append(&review.key, later).await?;
        Ok(review)
    }

    /// Appends a chronology; the ids of its events by their names.
    async fn append(
        &mut self,
        review: &str,
        events: Vec<AppendEvent>,
    ) -> Result<HashMap<String, Uuid>> {
        let mut ids = HashMap::new();
        for event in events {
            self.reach(event.ended_at.unwrap_or(event.occurred_at));
            let name = event.external_id.clone();
            let appended = self
                .record(async |change| chronology::service::append(change, review, event).await)
                .await?;
            let (Appended::Created(row) | Appended::Duplicate(row)) = appended;
            ids.extend(name.map(|name| (name, row.id)));
        }
        Ok(ids)
    }

    async fn establish(
        &self,
        review: &str,
        findings: Vec<CaseFinding>,
        events: &HashMap<String, Uuid>,
    ) -> Result<HashMap<String, Uuid>> {
        let mut ids = HashMap::new();
        for one in findings {
            let mut finding = one.finding;
            for name in &one.rests_on {
                finding.event_ids.push(named(events, name)?);
            }
            finding.parent_id = match &one.reason_for {
                Some(name) => Some(named(&ids, name)?),
                None => None,
            };
            let row = self
                .record(async |change| findings::service::create(change, review, finding).await)
                .await?;
            ids.insert(one.name, row.id);
        }
        Ok(ids)
    }

    /// Adds the actions, then reports what became of them in the order of time.
    async fn improve(
        &mut self,
        review: &str,
        actions: Vec<CaseAction>,
        findings: &HashMap<String, Uuid>,
    ) -> Result<()> {
        let mut reports = Vec::new();
        for one in actions {
            let mut action = one.action;
            for name in &one.answers {
                action.finding_ids.push(named(findings, name)?);
            }
            let row = self
                .record(async |change| actions::service::create(change, review, action).await)
                .await?;
            reports.extend(one.progress.into_iter().map(|report| (row.id, report)));
        }
        reports.sort_by_key(|(_, report)| report.at);
        for (id, report) in reports {
            if let Some(at) = report.at {
                self.reach(at);
            }
            self.record(async |change| actions::life::report(change, (review, id), report).await)
                .await?;
        }
        Ok(())
    }
}

fn named(ids: &HashMap<String, Uuid>, name: &str) -> Result<Uuid> {
    let id = ids.get(name).copied();
    id.ok_or_else(|| Error::Internal(format!("the demo data name no '{name}'")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use entity::vocabulary::Milestone;
    use entity::{action, event, finding, incident};
    use sea_orm::EntityTrait as _;

    use super::super::cases;
    use super::*;
    use crate::config::Config;
    use crate::kernel::clock::Clock;
    use crate::server;

    #[tokio::test]
    async fn the_services_take_both_cases() {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}/demo.db", directory.path().display());
        let texts = BTreeMap::from([("database_url".to_owned(), url)]);
        let config = Config::from_texts(texts).expect("settings");
        let state = server::open(&config, Clock::System).await.expect("a state");
        let cases = cases::all().expect("valid data");
        let findings: usize = cases.iter().map(|case| case.findings.len()).sum();

        let reviews = all(&state, cases).await.expect("loaded");

        let keys: Vec<_> = reviews.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["PIR-2021-0001", "PIR-2023-0001"]);
        let read = &state.database;
        let events = event::Entity::find().all(read).await.expect("events");
        assert_eq!(events.len(), 24 + 32);
        let stored = finding::Entity::find().all(read).await.expect("findings");
        assert_eq!(stored.len(), findings);
        let actions = action::Entity::find().all(read).await.expect("actions");
        assert_eq!(actions.len(), 6 + 7);
        for incident in incident::Entity::find().all(read).await.expect("incidents") {
            let marked = &incident.timestamps.0[&Milestone::Detected];
            assert!(marked.event.is_some(), "{}", incident.title);
        }
    }
}
