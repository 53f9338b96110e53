//! How a board ends, by its own verb or because its session or its review does: what was said is shown
//! or destroyed, votes are counted, and the secrets go in every case.

use entity::board::Model;
use entity::vocabulary::BoardPhase;
use entity::{JsonColumn, contribution, review, workshop};
use serde_json::json;

use super::body::audited;
use super::service::moved;
use super::store;
use crate::contributions::body::{digest, living};
use crate::contributions::rules::{self, Ending};
use crate::contributions::{ballots, store as contributions};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::text::searchable;

/// Ends the board of a workshop if what the workshop and its review have become leaves nobody who
/// could close it. Both are held by whoever changed them.
pub async fn follow(
    change: &Change,
    review: &review::Model,
    workshop: &workshop::Model,
) -> Result<()> {
    let Some(ending) = rules::ending(review.status, workshop.kind, workshop.status) else {
        return Ok(());
    };
    if let Some(board) = store::lock(change, workshop.id).await? {
        end(change, &board, ending).await?;
    }
    Ok(())
}

/// The same for every workshop of a review, which is held against what would change them.
pub async fn follow_review(change: &Change, review: &review::Model) -> Result<()> {
    for (board, workshop) in store::lock_going_on(change, review.id).await? {
        if let Some(ending) = rules::ending(review.status, workshop.kind, workshop.status) {
            end(change, &board, ending).await?;
        }
    }
    Ok(())
}

/// What collects or takes votes has secrets; the others have ended with them.
async fn end(change: &Change, board: &Model, ending: Ending) -> Result<()> {
    match board.phase {
        BoardPhase::Collecting => collected(change, board, ending).await.map(drop),
        BoardPhase::Voting => voted(change, board).await.map(drop),
        BoardPhase::Preparing | BoardPhase::Grouping | BoardPhase::Done => Ok(()),
    }
}

/// Ends the collection of a board that is held: on record with all that is shown of it.
pub(super) async fn collected(change: &Change, old: &Model, ending: Ending) -> Result<Model> {
    if old.anonymous {
        match ending {
            Ending::Shown => unseal(change, old).await?,
            Ending::Unshown => destroy(change, old).await?,
        }
    }
    let row = moved(change, old, BoardPhase::Grouping).await?;
    let all = contributions::for_workshop(&**change, old.workshop_id).await?;
    let mut after = audited(&row)?;
    after["contributions"] = json!(all.len());
    after["contributions_sha256"] = json!(digest(&all));
    let what = match ending {
        Ending::Unshown if old.anonymous => "board.discard",
        _ => "board.close",
    };
    let entry = Entry::new(what, store::RESOURCE, row.workshop_id)
        .in_review(row.review_id)
        .before(&audited(old)?)?;
    change.record(entry.after(&after)?);
    Ok(row)
}

/// Destroys a board's box with all that lies in it. Whoever is about to contribute has it, so that
/// nothing comes in after this.
async fn destroy(change: &Change, board: &Model) -> Result<()> {
    store::lock_box(change, board.workshop_id).await?;
    store::remove_box(change, board.workshop_id).await
}

/// Takes everything out of a board's box, in the order of the ids and in one statement, so that
/// neither the rows' places nor their transactions tell which came before which; then destroys it.
async fn unseal(change: &Change, board: &Model) -> Result<()> {
    let sealed = store::lock_box(change, board.workshop_id).await?;
    let sealed = sealed.map_or_else(Vec::new, |sealed| sealed.entries.0);
    let mut said: Vec<_> = sealed.into_iter().filter_map(living).collect();
    said.sort_by_key(|(id, _)| *id);
    let rows: Vec<contribution::Model> = said
        .into_iter()
        .map(|(id, said)| contribution::Model {
            id,
            organization_id: board.organization_id,
            review_id: board.review_id,
            workshop_id: board.workshop_id,
            prompt: said.prompt,
            search_text: searchable([Some(said.text.as_str())]),
            text: said.text,
            author_subject: None,
            author_name: None,
            group_id: None,
            votes: None,
            outcomes: JsonColumn::default(),
            version: 1,
            created_at: change.now,
            updated_at: change.now,
        })
        .collect();
    contributions::insert_all(change, &rows).await?;
    store::remove_box(change, board.workshop_id).await
}

/// Counts the votes on a board that is held, and keeps nothing but how many each contribution and
/// group got.
pub(super) async fn voted(change: &Change, old: &Model) -> Result<Model> {
    // Whoever is about to vote has it, so that no vote comes after the count.
    store::lock_box(change, old.workshop_id).await?;
    let votes = ballots::store::count(change, old.workshop_id).await?;
    store::remove_box(change, old.workshop_id).await?;
    let row = moved(change, old, BoardPhase::Done).await?;
    let mut after = audited(&row)?;
    after["votes"] = json!(votes);
    let entry = Entry::new("board.close_voting", store::RESOURCE, row.workshop_id)
        .in_review(row.review_id)
        .before(&audited(old)?)?;
    change.record(entry.after(&after)?);
    Ok(row)
}
