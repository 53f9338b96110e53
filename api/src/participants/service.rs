//! What can be done with participants.

use entity::JsonColumn;
use entity::participant::Model;
use uuid::Uuid;

use super::http::{AddParticipant, ParticipantBody, ParticipantPatch};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::IfMatch;
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
    let entry = Entry::new("participant.add", store::RESOURCE, row.id).in_review(review.id);
    change.record(entry.after(&ParticipantBody::from(row.clone()))?);
    Ok(row)
}

/// Changes a participant.
pub async fn update(
    change: &Change,
    (review, id): (&str, Uuid),
    if_match: &IfMatch,
    patch: &ParticipantPatch,
) -> Result<Model> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    if_match.check(old.version)?;
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
    actions::rescore::for_participant(change, &row).await?;
    let entry = Entry::new("participant.update", store::RESOURCE, row.id).in_review(review.id);
    let entry = entry.before(&ParticipantBody::from(old))?;
    change.record(entry.after(&ParticipantBody::from(row.clone()))?);
    Ok(row)
}

/// Removes a participant who owns no action.
pub async fn remove(change: &Change, (review, id): (&str, Uuid), if_match: &IfMatch) -> Result<()> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    if_match.check(old.version)?;
    reviews::service::require_editable(&review)?;
    if store::owns_an_action(&**change, id).await? {
        let detail = "the participant owns an action; give it to somebody else first";
        let fault = Fault::of("owns_an_action", detail);
        return Err(Code::Conflict
            .because(detail)
            .with_faults(vec![fault])
            .into());
    }
    let entry = Entry::new("participant.remove", store::RESOURCE, id).in_review(review.id);
    change.record(entry.before(&ParticipantBody::from(old.clone()))?);
    store::remove(change, old).await
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
