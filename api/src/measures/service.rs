//! What can be done with an improvement measure. It lives on after its review is published or closed:
//! that is when there is something to see.

use entity::improvement_measure::Model;
use entity::review::Model as Review;
use entity::vocabulary::ReviewStatus;
use entity::{JsonColumn, Timestamp, measure_evaluation};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{MeasureBody, MeasureEvaluationBody};
use super::evaluation::{MeasureResult, Question};
use super::input::{DefineMeasure, MeasurePatch};
use super::{rules, store};
use crate::kernel::access::Caller;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::{self, Precondition};
use crate::kernel::ids;
use crate::metrics::response::read::{self, Contribution};
use crate::reviews;

/// Which measure of which review a path names.
pub type Named<'a> = (&'a str, Uuid);

/// Defines a measure.
pub async fn define(change: &Change, review: &str, given: DefineMeasure) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    if let ended @ (ReviewStatus::Waived | ReviewStatus::Cancelled) = review.status {
        return Err(reviews::service::refused(ended));
    }
    check(change, &review, &given).await?;
    let row = Model {
        id: ids::next(),
        last_verdict: None,
        last_evaluated_at: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        ..filled(change, &review, given)
    };
    let row = store::insert(change, row).await?;
    record(change, "measure.define", None, Some(&row))?;
    Ok(row)
}

/// Changes a measure; what was kept of it before stays as it was.
pub async fn update(
    change: &Change,
    (review, id): Named<'_>,
    precondition: &Precondition,
    patch: &MeasurePatch,
) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, id).await?;
    precondition.check(old.version)?;
    let given = patch.apply(&DefineMeasure::from(&old))?;
    check(change, &review, &given).await?;
    let row = Model {
        id: old.id,
        last_verdict: old.last_verdict,
        last_evaluated_at: old.last_evaluated_at,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, &review, given)
    };
    let row = store::save(change, &old, row).await?;
    record(change, "measure.update", Some(&old), Some(&row))?;
    Ok(row)
}

/// Removes a measure that nothing was kept of.
pub async fn delete(
    change: &Change,
    (review, id): Named<'_>,
    precondition: &Precondition,
) -> Result<()> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, id).await?;
    precondition.check(old.version)?;
    if store::count_evaluations(&**change, &old).await? > 0 {
        let detail = "the measure was evaluated; what it showed is kept";
        let fault = Fault::of("measure_has_evaluations", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    store::delete(change, &old).await?;
    record(change, "measure.delete", Some(&old), None)
}

/// A measure and the incidents that it is about.
#[derive(Debug)]
pub struct Looked {
    /// The measure.
    pub row: Model,
    incidents: Vec<Contribution>,
    now: Timestamp,
}

/// Reads a measure with its incidents.
pub async fn look(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (review, id): Named<'_>,
    now: Timestamp,
) -> Result<Looked> {
    let review = reviews::store::find(connection, caller, review).await?;
    let row = store::find(connection, &review, id).await?;
    let question = Question::of(row.clone());
    let filter = question.filter();
    let incidents = read::contributions(connection, caller, &filter, question.duration()).await?;
    Ok(Looked {
        row,
        incidents,
        now,
    })
}

impl Looked {
    /// What the measure shows. It may take a while: not for a thread that others wait for.
    pub fn answer(self) -> (Model, MeasureResult) {
        let result = Question::of(self.row.clone()).answer(&self.incidents, self.now);
        (self.row, result)
    }
}

/// Keeps what a measure showed, unless it was changed meanwhile.
pub async fn keep(
    change: &Change,
    review: &str,
    precondition: &Precondition,
    (seen, result): (&Model, &MeasureResult),
) -> Result<measure_evaluation::Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, seen.id).await?;
    precondition.check(old.version)?;
    if old.version != seen.version {
        return Err(Code::StaleVersion
            .because("the measure changed while it was evaluated")
            .with_header("etag", etag::tag(old.version, ""))
            .into());
    }
    let written = |error: serde_json::Error| {
        Error::Internal(format!("an evaluation cannot be written: {error}"))
    };
    let kept = measure_evaluation::Model {
        id: ids::next(),
        organization_id: old.organization_id,
        measure_id: old.id,
        measure_version: old.version,
        verdict: result.verdict,
        measure: JsonColumn(serde_json::to_value(DefineMeasure::from(&old)).map_err(written)?),
        result: JsonColumn(serde_json::to_value(result).map_err(written)?),
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    };
    let kept = store::insert_evaluation(change, kept).await?;
    let row = Model {
        last_verdict: Some(result.verdict),
        last_evaluated_at: Some(change.now),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    store::save(change, &old, row).await?;
    let entry = Entry::new("measure.evaluate", "measure_evaluation", kept.id);
    let body = MeasureEvaluationBody::from(kept.clone());
    change.record(entry.in_review(review.id).after(&body)?);
    Ok(kept)
}

async fn check(change: &Change, review: &Review, given: &DefineMeasure) -> Result<()> {
    let mut faults = rules::check(given);
    let known = store::actions(&**change, review, &given.action_ids).await?;
    let unknown = given.action_ids.iter().enumerate();
    let unknown = unknown.filter(|(_, id)| !known.contains(id));
    faults.extend(unknown.map(|(at, _)| {
        let detail = "is not an action of the review";
        Fault::at(format!("/action_ids/{at}"), "not_found", detail)
    }));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, review: &Review, given: DefineMeasure) -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: review.organization_id,
        review_id: review.id,
        title: given.title,
        description: given.description,
        metric: given.metric,
        duration: given.duration.map(|one| one.as_str().to_owned()),
        criteria: JsonColumn(given.criteria.into()),
        desired: given.desired,
        tolerance: given.tolerance,
        baseline_from: given.baseline.from,
        baseline_to: given.baseline.to,
        evaluation_from: given.evaluation.from,
        evaluation_to: given.evaluation.to,
        action_ids: JsonColumn(given.action_ids),
        last_verdict: None,
        last_evaluated_at: None,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: Option<&Model>,
) -> Result<()> {
    let Some(row) = after.or(before) else {
        return Ok(());
    };
    let mut entry = Entry::new(what, store::RESOURCE, row.id).in_review(row.review_id);
    if let Some(before) = before {
        entry = entry.before(&MeasureBody::from(before.clone()))?;
    }
    if let Some(after) = after {
        entry = entry.after(&MeasureBody::from(after.clone()))?;
    }
    change.record(entry);
    Ok(())
}
