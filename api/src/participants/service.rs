//! What can be done with participants.

use entity::JsonColumn;
use entity::participant::Model;
use uuid::Uuid;

use super::http::{AddParticipant, ParticipantBody, ParticipantPatch};
use super::{searched, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;
use crate::{actions, reviews};

/// Adds a participant to a review that is not published.
pub async fn add(change: &Change, review: &str, participant: AddParticipant) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    reviews::service::require_editable(&review)?;
    check(&participant)?;
    let row = Model {
        id: ids::next(),
        organization_id: change.organization(),
        review_id: review.id,
        created_by: change.caller.subject.clone(),
        ..filled(change, participant)
    };
    let row = store::insert(change, row).await.map_err(taken)?;
    change.index(searched::text(&row));
    let entry = Entry::new("participant.add", store::RESOURCE, row.id).in_review(review.id);
    change.record(entry.after(&ParticipantBody::from(row.clone()))?);
    Ok(row)
}

/// Changes a participant.
pub async fn update(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    patch: &ParticipantPatch,
) -> Result<Model> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    precondition.check(old.version)?;
    reviews::service::require_editable(&review)?;
    let participant = patch.apply(&AddParticipant::from(&old))?;
    check(&participant)?;
    let row = Model {
        id: old.id,
        organization_id: old.organization_id,
        review_id: old.review_id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, participant)
    };
    let row = store::save(change, row).await.map_err(taken)?;
    change.index(searched::text(&row));
    actions::rescore::for_participant(change, &row).await?;
    if (&row.name, &row.subject) != (&old.name, &old.subject) {
        store::show_in_workshops(change, &row).await?;
    }
    let entry = Entry::new("participant.update", store::RESOURCE, row.id).in_review(review.id);
    let entry = entry.before(&ParticipantBody::from(old))?;
    change.record(entry.after(&ParticipantBody::from(row.clone()))?);
    Ok(row)
}

/// Removes a participant who owns no action, is in no workshop and took no decision.
pub async fn remove(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
) -> Result<()> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    precondition.check(old.version)?;
    reviews::service::require_editable(&review)?;
    if store::owns_an_action(&**change, id).await? {
        let detail = "the participant owns an action; give it to somebody else first";
        return Err(in_use("owns_an_action", detail));
    }
    if store::is_in_a_workshop(&**change, id).await? {
        let detail = "the participant leads a workshop or is invited to one; withdraw that first";
        return Err(in_use("in_a_workshop", detail));
    }
    if store::took_a_decision(&**change, id).await? {
        let detail = "the decision log names the participant as a decider";
        return Err(in_use("took_a_decision", detail));
    }
    let entry = Entry::new("participant.remove", store::RESOURCE, id).in_review(review.id);
    change.record(entry.before(&ParticipantBody::from(old.clone()))?);
    change.forget(id);
    store::remove(change, old).await
}

fn in_use(code: &str, detail: &str) -> Error {
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::of(code, detail)])
        .into()
}

fn check(participant: &AddParticipant) -> Result<()> {
    let faults = repeated("/incident_roles", &participant.incident_roles);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "the review has a participant with this subject already";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at("/subject", "taken", detail)])
        .into()
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, participant: AddParticipant) -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        review_id: Uuid::nil(),
        search_text: searchable([Some(participant.name.as_str())]),
        name: participant.name,
        subject: participant.subject,
        email: participant.email,
        function: participant.function,
        incident_roles: JsonColumn(participant.incident_roles),
        involved_in_response: participant.involved_in_response,
        effort_minutes: participant.effort_minutes,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}
