//! Loading cases through the services, each operation as a change of its own at its own moment.

use std::sync::Arc;

use entity::Timestamp;
use entity::review::Model as Review;
use entity::shared::Person;
use uuid::Uuid;

use super::cases::{ActionStep, Case, CaseAction, CaseFinding, ReviewStep};
use super::deeds::{Deed, Names};
use super::recorder::Recorder;
use super::timeline::{Happening, Moment, Timeline};
use crate::actions::steps::Reschedule;
use crate::chronology::body::AppendEvent;
use crate::chronology::service::Appended;
use crate::identity::{bootstrap, organizations};
use crate::kernel::access::Caller;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::kernel::state::State;
use crate::lifecycle::service::Grounds;
use crate::{actions, chronology, findings, incidents, lifecycle, participants, reviews};

/// Loads cases into the default organisation of a database that has none yet; the key and title
/// of each review.
pub(super) async fn all(
    state: &State,
    settled: Vec<Deed>,
    cases: impl IntoIterator<Item = Case>,
) -> Result<Vec<(String, String)>> {
    let Some(first) = settled.first() else {
        return Ok(Vec::new());
    };
    let caller = organize(state, first.at).await?;
    within(state, caller, settled, cases).await
}

/// Loads cases into an organisation, after what it had settled before; the key and title of each review.
pub(super) async fn within(
    state: &State,
    caller: Arc<Caller>,
    settled: Vec<Deed>,
    cases: impl IntoIterator<Item = Case>,
) -> Result<Vec<(String, String)>> {
    let Some(first) = settled.first() else {
        return Ok(Vec::new());
    };
    let mut recorder = Recorder {
        state,
        caller,
        at: first.at,
        names: Names::new(),
    };
    for deed in settled {
        recorder.reach(deed.at);
        recorder.perform("", &deed).await?;
    }
    let known = recorder.names.clone();
    let mut reviews = Vec::new();
    for case in cases {
        recorder.at = case.opened_at;
        recorder.names.clone_from(&known);
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

impl Recorder<'_> {
    async fn load(&mut self, case: Case) -> Result<Review> {
        let incident = case.incident;
        let incident = self
            .record(async |change| incidents::service::create(change, incident).await)
            .await?;
        let mut review = case.review;
        review.incident_ids.push(incident.row.id);
        self.names.insert("incident".to_owned(), incident.row.id);
        let review = self
            .record(async |change| reviews::service::open(change, review).await)
            .await?;
        for participant in case.participants {
            let name = format!("participant/{}", participant.name);
            let added = self
                .record(async |change| {
                    participants::service::add(change, &review.key, participant).await
                })
                .await?;
            self.names.insert(name, added.id);
        }
        let mut timeline = Timeline::default();
        timeline.add_events(case.events);
        timeline.add_life(case.life);
        timeline.add_deeds(case.deeds);
        self.follow(&review.key, timeline.until(case.concluded_at))
            .await?;
        self.reach(case.concluded_at);
        self.establish(&review.key, case.findings).await?;
        for action in case.actions {
            let (action, owner, steps) = self.agree(&review.key, action).await?;
            timeline.add_steps(action, &owner, steps);
        }
        self.follow(&review.key, timeline.rest()).await?;
        Ok(review)
    }

    /// Does what happened, one moment after the other.
    async fn follow(&mut self, review: &str, moments: Vec<Moment>) -> Result<()> {
        for Moment { at, what } in moments {
            self.reach(at);
            match what {
                Happening::Event(event) => {
                    let name = event.external_id.clone();
                    let id = self.append(review, *event).await?;
                    let name = name.map(|name| format!("event/{name}"));
                    self.names.extend(name.map(|name| (name, id)));
                }
                Happening::Review(taken) => self.take(review, taken).await?,
                Happening::Action(id, by, step) => self.work(review, id, &by, step).await?,
                Happening::Deed(deed) => self.perform(review, &deed).await?,
            }
        }
        Ok(())
    }

    async fn append(&self, review: &str, event: AppendEvent) -> Result<Uuid> {
        let appended = self
            .record(async |change| chronology::service::append(change, review, event).await)
            .await?;
        let (Appended::Created(row) | Appended::Duplicate(row)) = appended;
        Ok(row.id)
    }

    async fn take(&self, review: &str, taken: ReviewStep) -> Result<()> {
        let grounds = Grounds {
            reason: taken.reason,
            approver: None,
        };
        let (by, any) = (self.somebody(&taken.by), Precondition::any());
        self.record_by(&by, async |change| {
            lifecycle::service::take(change, review, &any, taken.step, grounds).await
        })
        .await?;
        Ok(())
    }

    /// Does with an action what somebody did.
    async fn work(&self, review: &str, id: Uuid, by: &Person, step: ActionStep) -> Result<()> {
        use actions::{life, service};
        let (named, any) = ((review, id), Precondition::any());
        self.record_by(&self.somebody(by), async |change| {
            match step {
                ActionStep::Report(report) => {
                    life::report(change, named, report).await?;
                }
                ActionStep::Verify(given) => {
                    life::verify(change, named, &any, given).await?;
                }
                ActionStep::Reschedule(Reschedule { due_on, reason }) => {
                    service::reschedule(change, named, &any, (due_on, reason)).await?;
                }
                ActionStep::Decline(why) => {
                    life::decline(change, named, &any, why.reason).await?;
                }
                ActionStep::AcceptRisk(accepted) => {
                    life::accept_risk(change, named, &any, accepted).await?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn establish(&mut self, review: &str, findings: Vec<CaseFinding>) -> Result<()> {
        for one in findings {
            let mut finding = one.finding;
            for name in &one.rests_on {
                finding.event_ids.push(self.named("event", name)?);
            }
            finding.parent_id = match &one.reason_for {
                Some(name) => Some(self.named("finding", name)?),
                None => None,
            };
            let row = self
                .record(async |change| findings::service::create(change, review, finding).await)
                .await?;
            self.names.insert(format!("finding/{}", one.name), row.id);
        }
        Ok(())
    }

    /// Adds an action; its id, its owner, and what became of it.
    async fn agree(
        &mut self,
        review: &str,
        one: CaseAction,
    ) -> Result<(Uuid, Person, Vec<(Timestamp, ActionStep)>)> {
        let mut action = one.action;
        for name in &one.answers {
            action.finding_ids.push(self.named("finding", name)?);
        }
        let owner = action.owner.clone().unwrap_or_default();
        let owner = Person {
            name: owner.name.unwrap_or_default(),
            subject: owner.subject,
        };
        let row = self
            .record(async |change| actions::service::create(change, review, action).await)
            .await?;
        let name = one.name.map(|name| format!("action/{name}"));
        self.names.extend(name.map(|name| (name, row.id)));
        Ok((row.id, owner, one.steps))
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
