//! What can be done with assessments.

use entity::assessment::Model;
use entity::vocabulary::AssessmentDimension;
use entity::{JsonColumn, review};

use super::body::{AssessmentBody, PutAssessment};
use super::{rules, searched, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::kernel::reply::Put;
use crate::{chronology, reviews};

/// Assesses a dimension of a review that is not published, or replaces its assessment.
pub async fn put(
    change: &Change,
    (review, dimension): (&str, AssessmentDimension),
    precondition: &Precondition,
    assessment: PutAssessment,
) -> Result<Put<Model>> {
    // Held against another first assessment of the same dimension.
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, dimension).await?;
    precondition.check_put(old.as_ref().map(|old| old.version), "assessment")?;
    reviews::service::require_editable(&review)?;
    check(change, &review, &assessment).await?;
    let Some(old) = old else {
        let row = store::insert(change, filled(change, &review, dimension, assessment)).await?;
        change.index(searched::text(&row));
        let entry = Entry::new("assessment.put", store::RESOURCE, row.id).in_review(review.id);
        change.record(entry.after(&AssessmentBody::from(row.clone()))?);
        return Ok(Put::Created(row));
    };
    if PutAssessment::from(&old) == assessment {
        return Ok(Put::Stored(old));
    }
    precondition.check(old.version)?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, &review, dimension, assessment)
    };
    let row = store::save(change, row).await?;
    change.index(searched::text(&row));
    let entry = Entry::new("assessment.put", store::RESOURCE, row.id).in_review(review.id);
    let entry = entry.before(&AssessmentBody::from(old))?;
    change.record(entry.after(&AssessmentBody::from(row.clone()))?);
    Ok(Put::Stored(row))
}

/// Removes the assessment of a dimension from a review that is not published.
pub async fn remove(
    change: &Change,
    (review, dimension): (&str, AssessmentDimension),
    precondition: &Precondition,
) -> Result<()> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, dimension).await?;
    let old = old.ok_or_else(|| Error::not_found("assessment"))?;
    precondition.check(old.version)?;
    reviews::service::require_editable(&review)?;
    change.forget(old.id);
    let entry = Entry::new("assessment.remove", store::RESOURCE, old.id).in_review(review.id);
    change.record(entry.before(&AssessmentBody::from(old.clone()))?);
    store::remove(change, old).await
}

async fn check(change: &Change, review: &review::Model, assessment: &PutAssessment) -> Result<()> {
    let named = rules::events(assessment);
    let known = chronology::store::existing(&**change, review.id, &named).await?;
    let faults = rules::check(assessment, &known);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// The row of a first assessment.
fn filled(
    change: &Change,
    review: &review::Model,
    dimension: AssessmentDimension,
    assessment: PutAssessment,
) -> Model {
    Model {
        id: ids::next(),
        organization_id: review.organization_id,
        review_id: review.id,
        dimension,
        rating: assessment.rating,
        not_applicable_reason: assessment.not_applicable_reason,
        procedures_followed: assessment.procedures_followed,
        procedures_adequate: assessment.procedures_adequate,
        strengths: JsonColumn(assessment.strengths),
        weaknesses: JsonColumn(assessment.weaknesses),
        summary: assessment.summary,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}
