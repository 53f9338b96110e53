//! What can be done with rounds of feedback. Answering them is in `answers`.

use entity::feedback_box::Comment;
use entity::feedback_result::Model as Told;
use entity::feedback_round::Model;
use entity::review::Model as Review;
use entity::vocabulary::{DeadlineKind, FeedbackOccasion, FeedbackRoundStatus};
use entity::{JsonColumn, feedback_box};
use uuid::Uuid;

use super::body::audited;
use super::input::{ChangeFeedbackRound, FeedbackRoundPatch, ScheduleFeedbackRound};
use super::rules::{self, Step};
use super::{settling, store};
use crate::deadlines::{self, Due};
use crate::findings;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::reviews;

/// Schedules a round, or opens one at once.
pub async fn schedule(
    change: &Change,
    review: &str,
    given: ScheduleFeedbackRound,
) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    if !findings::rules::amendable(review.status) {
        return Err(reviews::service::refused(review.status));
    }
    let opens_at = given.opens_at.unwrap_or(change.now);
    let usual = opens_at.plus_seconds(rules::OPEN_SECONDS);
    let closes_at = given.closes_at.unwrap_or(usual);
    let mut faults = rules::check_dates(opens_at, closes_at, change.now);
    let asked = given.questions.as_deref().unwrap_or_default();
    faults.extend(rules::check_questions(asked));
    faults.extend(check_workshop(change, &review, &given).await?);
    refuse(faults)?;
    let blank = blank(change, &review, given.occasion, given.workshop_id);
    let row = Model {
        opens_at,
        closes_at,
        questions: given.questions.map_or(blank.questions, JsonColumn),
        created_by: change.caller.subject.clone(),
        ..blank
    };
    add(change, row).await
}

/// A workshop has to be named for the occasion that follows one, and only for it.
async fn check_workshop(
    change: &Change,
    review: &Review,
    given: &ScheduleFeedbackRound,
) -> Result<Option<Fault>> {
    let follows = given.occasion == FeedbackOccasion::AfterWorkshop;
    Ok(match given.workshop_id {
        None if follows => {
            let detail = "names the workshop that the round follows";
            Some(Fault::at("/workshop_id", "required", detail))
        }
        Some(_) if !follows => {
            let detail = "only a round after a workshop has one";
            Some(Fault::at("/workshop_id", "not_allowed", detail))
        }
        Some(id) if !store::has_workshop(&**change, review.id, id).await? => {
            let detail = "is not a workshop of the review";
            Some(Fault::at("/workshop_id", "not_found", detail))
        }
        _ => None,
    })
}

/// Keeps a round that comes from elsewhere, with the deadline that announces it and what it came to
/// there, if that may be told. Nothing leads from that to who answered, and no receipt replaces it.
pub async fn keep(change: &Change, row: Model, told: Option<Told>) -> Result<()> {
    use FeedbackRoundStatus::{Cancelled, Closed};
    let row = store::insert(change, row).await?;
    let never_opened = row.cancelled_at.is_some_and(|at| at < row.opens_at);
    if !never_opened {
        announce(change, &row).await?;
        if matches!(rules::status(&row, change.now), Closed | Cancelled) {
            // Nobody is told that it opens: that was long ago.
            let kind = DeadlineKind::FeedbackOpening;
            deadlines::meet(change, kind, row.id, row.opens_at).await?;
        }
    }
    let Some(told) = told else { return Ok(()) };
    let comments = told.comments.0.into_iter().map(|one| Comment {
        lock: String::new(),
        question: one.question,
        text: one.text,
    });
    let kept = feedback_box::Model {
        round_id: row.id,
        n: told.n,
        answered: JsonColumn(Vec::new()),
        slips: JsonColumn(Vec::new()),
        comments: JsonColumn(comments.collect()),
        tallies: told.tallies,
    };
    store::save_box(change, kept, true).await
}

/// Adds a round with the deadline that announces it.
pub(super) async fn add(change: &Change, row: Model) -> Result<Model> {
    let row = store::insert(change, row).await.map_err(taken)?;
    announce(change, &row).await?;
    record(change, "feedback_round.schedule", None, &row)?;
    Ok(row)
}

/// Changes a round.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &FeedbackRoundPatch,
) -> Result<Model> {
    let old = locked(change, id, precondition, Step::Extend).await?;
    let before = ChangeFeedbackRound::from(&old);
    let given = patch.apply(&before)?;
    if (given.opens_at, &given.questions) != (before.opens_at, &before.questions) {
        rules::require(rules::status(&old, change.now), Step::Rewrite)?;
    }
    // What has opened stays open from then on.
    let from = if given.opens_at == before.opens_at {
        given.opens_at.max(change.now)
    } else {
        given.opens_at
    };
    let mut faults = rules::check_dates(from, given.closes_at, change.now);
    faults.extend(rules::check_questions(&given.questions));
    refuse(faults)?;
    let row = Model {
        opens_at: given.opens_at,
        closes_at: given.closes_at,
        questions: JsonColumn(given.questions),
        ..next_version(change, &old)
    };
    replace(change, "feedback_round.update", &old, row).await
}

/// Opens a round before its time; it stays open for as long as it was to.
pub async fn open(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = locked(change, id, precondition, Step::Open).await?;
    let length = old.closes_at.seconds() - old.opens_at.seconds();
    let row = Model {
        opens_at: change.now,
        closes_at: change.now.plus_seconds(length.max(1)),
        ..next_version(change, &old)
    };
    replace(change, "feedback_round.open", &old, row).await
}

/// Closes a round before its time. Whoever answers holds the round too, so that no answer comes in
/// after this.
pub async fn close(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = locked(change, id, precondition, Step::Close).await?;
    let row = Model {
        closed_at: Some(change.now),
        ..next_version(change, &old)
    };
    settling::forget(change, old.id).await?;
    replace(change, "feedback_round.close", &old, row).await
}

/// Cancels a round, and throws away what was answered.
pub async fn cancel(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let old = locked(change, id, precondition, Step::Cancel).await?;
    cancelled(change, &old, reason).await
}

pub(super) async fn cancelled(change: &Change, old: &Model, reason: String) -> Result<Model> {
    store::empty_box(change, old.id).await?;
    let row = Model {
        place_id: old.id,
        cancelled_at: Some(change.now),
        cancellation_reason: Some(reason),
        ..next_version(change, old)
    };
    let row = store::save(change, row).await?;
    deadlines::give_up(change, DeadlineKind::FeedbackOpening, row.id).await?;
    record(change, "feedback_round.cancel", Some(old), &row)?;
    Ok(row)
}

/// Replaces a round that is held by what it is now, and announces it at the moment that it has now.
pub(super) async fn replace(
    change: &Change,
    what: &'static str,
    old: &Model,
    row: Model,
) -> Result<Model> {
    let row = store::save(change, row).await?;
    if row.opens_at != old.opens_at {
        announce(change, &row).await?;
    }
    record(change, what, Some(old), &row)?;
    Ok(row)
}

async fn announce(change: &Change, row: &Model) -> Result<()> {
    let title = format!("{}: {}", row.occasion.label(), row.review_key);
    let due = Due {
        kind: DeadlineKind::FeedbackOpening,
        resource_id: row.id,
        review_id: Some(row.review_id),
        title: &title,
        owner: None,
        due_at: row.opens_at,
    };
    deadlines::set(change, &due).await
}

async fn locked(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    step: Step,
) -> Result<Model> {
    let known = store::find(&**change, &change.caller, id).await?;
    let review = known.review_id.to_string();
    let review = reviews::store::lock_shared(change, &change.caller, &review).await?;
    let row = store::lock(change, &review, id).await?;
    precondition.check(row.version)?;
    rules::require(rules::status(&row, change.now), step)?;
    Ok(row)
}

fn refuse(faults: Vec<Fault>) -> Result<()> {
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
    let detail = "there is a round of this occasion already";
    let fault = Fault::at("/occasion", "already_scheduled", detail);
    Code::Conflict
        .because(detail)
        .with_faults(vec![fault])
        .into()
}

/// The same round, one version later.
pub(super) fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// A round of an occasion, as the review's policy has it, that opens now.
pub(super) fn blank(
    change: &Change,
    review: &Review,
    occasion: FeedbackOccasion,
    workshop: Option<Uuid>,
) -> Model {
    let policy = reviews::policy::rules(review);
    Model {
        id: ids::next(),
        organization_id: review.organization_id,
        review_id: review.id,
        review_key: review.key.clone(),
        occasion,
        workshop_id: workshop,
        place_id: workshop.unwrap_or(review.id),
        opens_at: change.now,
        closes_at: change.now.plus_seconds(rules::OPEN_SECONDS),
        closed_at: None,
        cancelled_at: None,
        cancellation_reason: None,
        minimum_group: policy.minimum_feedback_group,
        questions: JsonColumn(rules::questions(occasion, &policy.feedback_wording)),
        version: 1,
        created_at: change.now,
        created_by: "system".to_owned(),
        updated_at: change.now,
    }
}

fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(what, store::RESOURCE, after.id).in_review(after.review_id);
    if let Some(before) = before {
        entry = entry.before(&audited(before)?)?;
    }
    change.record(entry.after(&audited(after)?)?);
    Ok(())
}
