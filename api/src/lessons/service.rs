//! What can be done with lessons. How documents take them in is in `embed`.

use entity::JsonColumn;
use entity::lesson::{LessonStep, Model};
use entity::review::Model as Review;
use entity::vocabulary::LessonStatus;
use uuid::Uuid;

use super::body::{LessonPatch, RecordLesson, audited};
use super::rules::{self, Step};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;
use crate::{findings, reviews};

/// Which lesson of which review a path names.
pub type Named<'a> = (&'a str, Uuid);

/// Records a lesson of a review that has not ended.
pub async fn create(change: &Change, review: &str, lesson: RecordLesson) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    reviews::service::require_open(&review)?;
    check(change, &review, &lesson, &[]).await?;
    let row = Model {
        id: ids::next(),
        review_id: review.id,
        review_key: review.key.clone(),
        created_by: change.caller.subject.clone(),
        ..filled(change, lesson)
    };
    let row = store::insert(change, row).await?;
    record(change, "lesson.record", None, &row)?;
    Ok(row)
}

/// Changes a lesson that is only proposed.
pub async fn update(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    patch: &LessonPatch,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition).await?;
    reviews::service::require_open(&review)?;
    if old.status != LessonStatus::Proposed {
        return Err(rules::refused(old.status, "repropose it first"));
    }
    let lesson = patch.apply(&RecordLesson::from(&old))?;
    check(change, &review, &lesson, &old.finding_ids.0).await?;
    let row = Model {
        id: old.id,
        review_id: old.review_id,
        review_key: old.review_key.clone(),
        embedded_in: old.embedded_in.clone(),
        validated_at: old.validated_at,
        history: old.history.clone(),
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, lesson)
    };
    let row = store::save(change, row).await?;
    record(change, "lesson.update", Some(&old), &row)?;
    Ok(row)
}

/// Confirms a lesson.
pub async fn validate(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: Option<String>,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition).await?;
    require_living(&review)?;
    let row = Model {
        validated_at: Some(change.now),
        ..stepped(change, &old, Step::Validate, reason)?
    };
    let row = store::save_alone(change, row).await?;
    record(change, "lesson.validate", Some(&old), &row)?;
    Ok(row)
}

/// Takes a lesson out of use.
pub async fn retire(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition).await?;
    require_living(&review)?;
    let row = Model {
        retired_at: Some(change.now),
        ..stepped(change, &old, Step::Retire, Some(reason))?
    };
    let row = store::save_alone(change, row).await?;
    record(change, "lesson.retire", Some(&old), &row)?;
    Ok(row)
}

/// Takes a validation or a retirement back.
pub async fn repropose(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition).await?;
    require_living(&review)?;
    let row = Model {
        retired_at: None,
        ..stepped(change, &old, Step::Repropose, Some(reason))?
    };
    let row = store::save_alone(change, row).await?;
    record(change, "lesson.repropose", Some(&old), &row)?;
    Ok(row)
}

async fn locked(
    change: &Change,
    (review, id): Named<'_>,
    precondition: &Precondition,
) -> Result<(Review, Model)> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, id).await?;
    precondition.check(old.version)?;
    Ok((review, old))
}

/// Lessons live on after their review was closed, but not in one that never came about.
fn require_living(review: &Review) -> Result<()> {
    if findings::rules::amendable(review.status) {
        Ok(())
    } else {
        Err(reviews::service::refused(review.status))
    }
}

/// The lesson after a step of its own, one version later.
fn stepped(change: &Change, old: &Model, step: Step, reason: Option<String>) -> Result<Model> {
    let in_a_document = !old.embedded_in.0.is_empty();
    let status = rules::moved(old.status, step, in_a_document)?;
    Ok(moved(change, old, status, (reason, None)))
}

/// The lesson in another state, with the step in its history, one version later.
pub(super) fn moved(
    change: &Change,
    old: &Model,
    status: LessonStatus,
    (reason, document_revision_id): (Option<String>, Option<Uuid>),
) -> Model {
    let mut history = old.history.0.clone();
    if status != old.status {
        history.push(LessonStep {
            from: old.status,
            to: status,
            at: change.now,
            by: change.caller.subject.clone(),
            reason,
            document_revision_id,
        });
    }
    let first = old.embedded_in.0.iter().map(|one| one.published_at).min();
    Model {
        status,
        embedded_at: first.filter(|_| status == LessonStatus::Embedded),
        history: JsonColumn(history),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

async fn check(
    change: &Change,
    review: &Review,
    lesson: &RecordLesson,
    before: &[Uuid],
) -> Result<()> {
    let mut faults: Vec<Fault> = repeated("/audience", &lesson.audience);
    let refs: Vec<_> = lesson
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    let named = &lesson.finding_ids;
    faults.extend(findings::named::faults(&**change, review, named, before).await?);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, lesson: RecordLesson) -> Model {
    let texts = [
        Some(lesson.statement.as_str()),
        lesson.description.as_deref(),
    ];
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        review_id: Uuid::nil(),
        review_key: String::new(),
        search_text: searchable(texts),
        statement: lesson.statement,
        description: lesson.description,
        audience: JsonColumn(lesson.audience),
        finding_ids: JsonColumn(lesson.finding_ids),
        external_refs: JsonColumn(lesson.external_refs),
        status: LessonStatus::Proposed,
        embedded_in: JsonColumn(Vec::new()),
        validated_at: None,
        embedded_at: None,
        retired_at: None,
        history: JsonColumn(Vec::new()),
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

/// Puts a change of a lesson on record.
pub(super) fn record(
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
