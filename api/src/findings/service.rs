//! What can be done with findings.

use entity::finding::Model;
use entity::{JsonColumn, review};
use uuid::Uuid;

use super::body::{AmendFinding, FindingBody, FindingPatch, RecordFinding};
use super::{rules, searched, store};
use crate::append_only::service::nothing_changed;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;
use crate::{actions, chronology, gaps, reviews, revisions};

/// Records a finding of a review that is not published.
pub async fn create(change: &Change, review: &str, finding: RecordFinding) -> Result<Model> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    reviews::service::require_editable(&review)?;
    check(change, &review, None, &finding, "").await?;
    let row = Model {
        id: ids::next(),
        review_id: review.id,
        created_by: change.caller.subject.clone(),
        ..filled(change, finding)
    };
    let row = store::insert(change, row).await?;
    gaps::follow::finding(change, None, &row).await?;
    change.index_or_forget(row.id, searched::text(&row));
    let entry = Entry::new("finding.record", store::RESOURCE, row.id).in_review(review.id);
    change.record(entry.after(&FindingBody::from(row.clone()))?);
    Ok(row)
}

/// Changes a finding of a review that is not published.
pub async fn update(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    patch: &FindingPatch,
) -> Result<Model> {
    let (review, old) = locked(change, review, id, precondition).await?;
    if let Err(refused) = reviews::service::require_editable(&review) {
        if !rules::amendable(review.status) {
            return Err(refused);
        }
        let detail = format!(
            "the review is {}; amend the finding with a reason",
            review.status
        );
        return Err(Error::state(
            detail.clone(),
            vec![Fault::of("amend_instead", detail)],
        ));
    }
    let finding = patch.apply(&RecordFinding::from(&old))?;
    check(change, &review, Some(&old), &finding, "").await?;
    replace(change, old, finding, "finding.update").await
}

/// Amends a finding: a new revision with a reason; the old one stays readable.
pub async fn amend(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    amendment: AmendFinding,
) -> Result<Model> {
    let (review, old) = locked(change, review, id, precondition).await?;
    require_amendable(&review)?;
    let finding = amendment.changes.apply(&RecordFinding::from(&old))?;
    check(change, &review, Some(&old), &finding, "/changes").await?;
    if finding == RecordFinding::from(&old) {
        return Err(nothing_changed());
    }
    keep(change, &old, &amendment.reason).await?;
    replace(change, old, finding, "finding.amend").await
}

/// Retracts a finding: it stays, struck out.
pub async fn retract(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    reason: &str,
) -> Result<Model> {
    let (review, old) = locked(change, review, id, precondition).await?;
    require_amendable(&review)?;
    if store::has_children(&**change, id).await? {
        let detail = "other findings are reasons for this one; retract or move them first";
        return Err(Error::state(
            detail,
            vec![Fault::of("finding_has_reasons", detail)],
        ));
    }
    keep(change, &old, reason).await?;
    let row = Model {
        retracted_at: Some(change.now),
        retracted_by: Some(change.caller.subject.clone()),
        retraction_reason: Some(reason.to_owned()),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    save(change, old, row, "finding.retract").await
}

async fn locked(
    change: &Change,
    review: &str,
    id: Uuid,
    precondition: &Precondition,
) -> Result<(review::Model, Model)> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    precondition.check(old.version)?;
    if old.retracted_at.is_some() {
        let detail = "the finding is retracted";
        return Err(Error::state(
            detail,
            vec![Fault::of("finding_is_retracted", detail)],
        ));
    }
    Ok((review, old))
}

fn require_amendable(review: &review::Model) -> Result<()> {
    if rules::amendable(review.status) {
        Ok(())
    } else {
        Err(reviews::service::refused(review.status))
    }
}

async fn keep(change: &Change, old: &Model, reason: &str) -> Result<()> {
    let before = FindingBody::from(old.clone());
    revisions::keep(
        change,
        store::RESOURCE,
        old.id,
        old.version,
        &before,
        reason,
    )
    .await
}

async fn replace(
    change: &Change,
    old: Model,
    finding: RecordFinding,
    action: &'static str,
) -> Result<Model> {
    let row = Model {
        id: old.id,
        review_id: old.review_id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, finding)
    };
    save(change, old, row, action).await
}

async fn save(change: &Change, old: Model, row: Model, action: &'static str) -> Result<Model> {
    let row = store::save(change, row).await?;
    change.index_or_forget(row.id, searched::text(&row));
    let risk_of = |row: &Model| (row.retracted_at, row.likelihood, row.severity_score);
    if risk_of(&row) != risk_of(&old) {
        actions::rescore::for_finding(change, row.id).await?;
    }
    gaps::follow::finding(change, Some(&old), &row).await?;
    let entry = Entry::new(action, store::RESOURCE, row.id).in_review(row.review_id);
    let entry = entry.before(&FindingBody::from(old))?;
    change.record(entry.after(&FindingBody::from(row.clone()))?);
    Ok(row)
}

async fn check(
    change: &Change,
    review: &review::Model,
    old: Option<&Model>,
    finding: &RecordFinding,
    under: &str,
) -> Result<()> {
    let mut faults = rules::check(finding);
    if !finding.event_ids.is_empty() {
        let known = chronology::store::cited(&**change, review.id, &finding.event_ids).await?;
        let stored: &[Uuid] = old.map_or(&[], |old| &old.event_ids.0);
        faults.extend(rules::check_events(&finding.event_ids, stored, &known));
    }
    if let Some(parent) = finding.parent_id {
        let links = store::links(&**change, review.id).await?;
        let links = links
            .into_iter()
            .map(|link| (link.id, link.parent_id, link.retracted_at.is_none()));
        faults.extend(rules::check_chain(
            old.map(|old| old.id),
            parent,
            &links.collect(),
        ));
    }
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults.into_iter().map(|fault| fault.under(under));
    Err(Error::invalid(faults.collect()))
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, finding: RecordFinding) -> Model {
    let texts = [
        Some(finding.statement.as_str()),
        finding.description.as_deref(),
    ];
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        review_id: Uuid::nil(),
        search_text: searchable(texts),
        kind: finding.kind,
        statement: finding.statement,
        description: finding.description,
        cause_category: finding.cause_category,
        cause_detail: finding.cause_detail,
        factor_kind: finding.factor_kind,
        factor_area: finding.factor_area,
        gap_category: finding.gap_category,
        confidence: finding.confidence,
        event_ids: JsonColumn(finding.event_ids),
        evidence: JsonColumn(finding.evidence),
        parent_id: finding.parent_id,
        control_state: finding.control.as_ref().map(|control| control.state),
        control: finding.control.map(JsonColumn),
        attack_techniques: JsonColumn(finding.attack_techniques),
        risk_score: finding
            .likelihood
            .zip(finding.severity_score)
            .map(|(a, b)| a * b),
        likelihood: finding.likelihood,
        severity_score: finding.severity_score,
        no_recommendation_reason: finding.no_recommendation_reason,
        retracted_at: None,
        retracted_by: None,
        retraction_reason: None,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}
