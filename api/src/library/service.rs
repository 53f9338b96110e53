//! What can be done with the library of recommendations.

use entity::JsonColumn;
use entity::recommendation_template::Model;
use uuid::Uuid;

use super::body::{AddRecommendationTemplate, RecommendationTemplatePatch, audited};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;

/// Adds a recommendation to the library.
pub async fn create(change: &Change, template: AddRecommendationTemplate) -> Result<Model> {
    check(&template)?;
    let row = Model {
        id: ids::next(),
        created_by: change.caller.subject.clone(),
        ..filled(change, template)
    };
    let row = store::insert(change, row).await?;
    record(change, "recommendation_template.create", None, Some(&row))?;
    Ok(row)
}

/// Changes a recommendation of the library; what was made from it stays as it is.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &RecommendationTemplatePatch,
) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_some() {
        let detail = "it is out of use; restore it first";
        let fault = Fault::of("template_is_archived", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let template = patch.apply(&AddRecommendationTemplate::from(&old))?;
    check(&template)?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, template)
    };
    let row = store::save(change, row).await?;
    let what = "recommendation_template.update";
    record(change, what, Some(&old), Some(&row))?;
    Ok(row)
}

/// Removes a recommendation from the library; one that was ever used is archived instead.
pub async fn remove(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if !store::is_used(&**change, id).await? {
        record(change, "recommendation_template.remove", Some(&old), None)?;
        return store::remove(change, old).await;
    }
    if old.archived_at.is_none() {
        let row = Model {
            archived_at: Some(change.now),
            ..next_version(change, &old)
        };
        let row = store::save(change, row).await?;
        let what = "recommendation_template.archive";
        record(change, what, Some(&old), Some(&row))?;
    }
    Ok(())
}

/// Puts an archived recommendation of the library back to use.
pub async fn restore(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_none() {
        let detail = "it is in use";
        let fault = Fault::of("template_is_in_use", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let row = Model {
        archived_at: None,
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    let what = "recommendation_template.restore";
    record(change, what, Some(&old), Some(&row))?;
    Ok(row)
}

fn check(template: &AddRecommendationTemplate) -> Result<()> {
    let faults = repeated("/tags", &template.tags);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, template: AddRecommendationTemplate) -> Model {
    let texts = [
        Some(template.title.as_str()),
        template.rationale.as_deref(),
        template.expected_effect.as_deref(),
    ];
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        search_text: searchable(texts),
        title: template.title,
        rationale: template.rationale,
        expected_effect: template.expected_effect,
        gap_category: template.gap_category,
        action_type: template.action_type,
        action_strength: template.action_strength,
        effort: template.effort,
        closure_criteria: template.closure_criteria,
        tags: JsonColumn(template.tags),
        archived_at: None,
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
    let mut entry = Entry::new(what, store::RESOURCE, row.id);
    if let Some(before) = before {
        entry = entry.before(&audited(before)?)?;
    }
    if let Some(after) = after {
        entry = entry.after(&audited(after)?)?;
    }
    change.record(entry);
    Ok(())
}
