//! Proposing recommendations and changing them while they are only proposed. What is decided about
//! them is in `decide` and `accept`.

use entity::JsonColumn;
use entity::recommendation::Model;
use entity::recommendation_template::Model as Template;
use entity::vocabulary::Disposition;
use uuid::Uuid;

use super::body::RecommendationBody;
use super::input::{ProposeRecommendation, RecommendationPatch};
use super::{due, rules, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;
use crate::{findings, gaps, library, reviews};

/// Proposes a recommendation in a review that has not ended.
pub async fn create(
    change: &Change,
    review: &str,
    recommendation: ProposeRecommendation,
) -> Result<Model> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    reviews::service::require_open(&review)?;
    let (recommendation, mut faults) = completed(change, recommendation).await?;
    // A template that is wrong leaves the title open.
    faults.extend(rules::check(&recommendation, faults.is_empty()));
    let named = &recommendation.finding_ids;
    faults.extend(findings::named::faults(&**change, &review, named, &[]).await?);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = Model {
        id: ids::next(),
        review_id: review.id,
        review_key: review.key.clone(),
        created_by: change.caller.subject.clone(),
        ..filled(change, recommendation)
    };
    let row = store::insert(change, row).await?;
    gaps::follow::recommendation(change, None, &row).await?;
    record(change, "recommendation.propose", None, &row)?;
    Ok(row)
}

/// Changes a recommendation that is only proposed.
pub async fn update(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    patch: &RecommendationPatch,
) -> Result<Model> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    precondition.check(old.version)?;
    reviews::service::require_open(&review)?;
    if old.disposition != Disposition::Proposed {
        let detail = format!(
            "the recommendation is {}; repropose it first",
            old.disposition
        );
        let fault = Fault::of(
            &format!("recommendation_is_{}", old.disposition),
            detail.clone(),
        );
        return Err(Error::state(detail, vec![fault]));
    }
    if patch.names("template_id") {
        let detail = "is said once, when the recommendation is proposed";
        let fault = Fault::at("/template_id", "not_changeable", detail);
        return Err(Error::invalid(vec![fault]));
    }
    let recommendation = patch.apply(&ProposeRecommendation::from(&old))?;
    let mut faults = rules::check(&recommendation, true);
    let (named, before) = (&recommendation.finding_ids, &old.finding_ids.0);
    faults.extend(findings::named::faults(&**change, &review, named, before).await?);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = Model {
        id: old.id,
        review_id: old.review_id,
        review_key: old.review_key.clone(),
        history: old.history.clone(),
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, recommendation)
    };
    let row = store::save(change, row).await?;
    if row.finding_ids != old.finding_ids {
        gaps::follow::recommendation(change, Some(&old), &row).await?;
    }
    if row.title != old.title {
        due::follow(change, &row).await?;
    }
    record(change, "recommendation.update", Some(&old), &row)?;
    Ok(row)
}

/// The recommendation with what its template says, where it names one, and the fault of that.
async fn completed(
    change: &Change,
    given: ProposeRecommendation,
) -> Result<(ProposeRecommendation, Vec<Fault>)> {
    let Some(id) = given.template_id else {
        return Ok((given, Vec::new()));
    };
    let template = library::store::lock_shared(change, change.organization(), id).await?;
    let fault = |code, detail| vec![Fault::at("/template_id", code, detail)];
    Ok(match template {
        None => (given, fault("not_found", "is not in the library")),
        Some(template) if template.archived_at.is_some() => {
            (given, fault("archived", "is no longer in use"))
        }
        Some(template) => (with_template(given, template), Vec::new()),
    })
}

fn with_template(given: ProposeRecommendation, template: Template) -> ProposeRecommendation {
    ProposeRecommendation {
        title: given.title.or(Some(template.title)),
        rationale: given.rationale.or(template.rationale),
        expected_effect: given.expected_effect.or(template.expected_effect),
        action_type: given.action_type.or(template.action_type),
        action_strength: given.action_strength.or(template.action_strength),
        effort: given.effort.or(template.effort),
        closure_criteria: given.closure_criteria.or(template.closure_criteria),
        tags: given.tags.or(Some(template.tags.0)),
        ..given
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, recommendation: ProposeRecommendation) -> Model {
    let texts = [
        recommendation.title.as_deref(),
        recommendation.rationale.as_deref(),
        recommendation.expected_effect.as_deref(),
    ];
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        review_id: Uuid::nil(),
        review_key: String::new(),
        search_text: searchable(texts),
        template_id: recommendation.template_id,
        title: recommendation.title.unwrap_or_default(),
        rationale: recommendation.rationale,
        expected_effect: recommendation.expected_effect,
        action_type: recommendation.action_type,
        action_strength: recommendation.action_strength,
        effort: recommendation.effort,
        closure_criteria: recommendation.closure_criteria,
        finding_ids: JsonColumn(recommendation.finding_ids),
        action_ids: JsonColumn(Vec::new()),
        tags: JsonColumn(recommendation.tags.unwrap_or_default()),
        external_refs: JsonColumn(recommendation.external_refs),
        disposition: Disposition::Proposed,
        decided_at: None,
        deferred_until: None,
        expires_on: None,
        duplicate_of_id: None,
        history: JsonColumn(Vec::new()),
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

/// Puts a change of a recommendation on record.
pub fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(what, store::RESOURCE, after.id).in_review(after.review_id);
    if let Some(before) = before {
        entry = entry.before(&RecommendationBody::from(before.clone()))?;
    }
    change.record(entry.after(&RecommendationBody::from(after.clone()))?);
    Ok(())
}
