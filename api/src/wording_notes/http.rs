//! Routes of the notes on a review's wording.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, post};
use entity::wording_acknowledgement::Model;
use uuid::Uuid;

use super::body::{
    AcknowledgeWording, AcknowledgeWordings, AcknowledgedWordings, ListWordingNotes,
    ReviewWordingNote, ReviewWordingNoteList, WordingNotePath,
};
use super::rules::Note;
use super::{service, store};
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, PageRequest, Paging};
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_wording_notes)
        .service(acknowledge_wording_notes)
        .service(acknowledge_wording_note);
}

/// List the notes on a review's wording
///
/// Every phrase that blames or judges with hindsight, in every free text of the review, with why it
/// hinders and another way to say it: of what it publishes, of its workshops with the contributions and
/// groups that are shown, of what was reported of its actions and of their verifications, of its
/// obligations, measures and briefings. What was retracted, cancelled or superseded has none. A review
/// is published when each was reworded or acknowledged; to acknowledge says nothing of who wrote it.
/// Comments in feedback are no text of the review: their notes are in the summary of the round.
#[utoipa::path(tag = "Reviews", params(ReviewPath, ListWordingNotes, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ReviewWordingNoteList)))]
#[get("/reviews/{review}/wording-notes")]
async fn list_wording_notes(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListWordingNotes>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let notes = store::notes(call.read(), &review).await?;
    let acknowledged = store::acknowledged(call.read(), review.id).await?;
    let wanted = notes
        .into_iter()
        .filter(|note| is_wanted(note, &filter, &acknowledged));
    let page = page(wanted, &call.page(&paging))?;
    call.list(page, |note| {
        let own = acknowledged.get(&note.id);
        ReviewWordingNote::of(review.id, note, own)
    })
}

fn is_wanted(note: &Note, filter: &ListWordingNotes, known: &HashMap<Uuid, Model>) -> bool {
    let (kind, id) = (note.source.kind, note.source.id);
    let acknowledged = known.contains_key(&note.id);
    (filter.id.is_empty() || filter.id.contains(&note.id))
        && (filter.resource_type.is_empty() || filter.resource_type.contains(&kind))
        && (filter.resource_id.is_empty() || filter.resource_id.contains(&id))
        && filter
            .acknowledged
            .is_none_or(|wanted| wanted == acknowledged)
}

/// The part of the notes that was asked for.
fn page(notes: impl Iterator<Item = Note>, request: &PageRequest<'_>) -> Result<Page<Note>> {
    let position = request.position()?;
    let place = |note: &Note| (note.source.created_at, note.id);
    let rest = notes.filter(|note| position.is_none_or(|last| place(note) > last));
    let limit = request.limit();
    let mut items: Vec<Note> = rest.take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next = match items.last().filter(|_| more) {
        Some(last) => Some(request.cursor_after(last.source.created_at, last.id)?),
        None => None,
    };
    Ok(Page { items, next })
}

/// Acknowledge a note on wording
///
/// The phrase is left as it is written. The id of the note is made of its text, so nothing is
/// acknowledged that the caller has not seen, and a text that changes needs a new acknowledgement.
/// Acknowledged again, it stays as it is. A published review has to be reopened first.
#[utoipa::path(tag = "Reviews", params(WordingNotePath), request_body = AcknowledgeWording, security(("oauth2" = ["reviews:transition"])), responses((status = 200, body = ReviewWordingNote)))]
#[post("/reviews/{review}/wording-notes/{note}/acknowledge")]
async fn acknowledge_wording_note(
    call: Call,
    path: Path<WordingNotePath>,
    OptionalBody(given): OptionalBody<AcknowledgeWording>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let note = service::acknowledge(change, &path.review, path.note, given.reason).await?;
        Reply::ok(&note)
    })
    .await
}

/// Acknowledge several notes on wording
///
/// All of them or none; each as by its own acknowledgement.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = AcknowledgeWordings, security(("oauth2" = ["reviews:transition"])), responses((status = 200, body = AcknowledgedWordings)))]
#[post("/reviews/{review}/wording-notes/acknowledge")]
async fn acknowledge_wording_notes(
    call: Call,
    path: Path<ReviewPath>,
    Body(given): Body<AcknowledgeWordings>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (notes, reason) = (&given.note_ids, given.reason);
        let items = service::acknowledge_all(change, &path.review, notes, reason).await?;
        Reply::ok(&AcknowledgedWordings { items })
    })
    .await
}
