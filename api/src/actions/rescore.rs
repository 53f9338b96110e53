//! Following what actions are made of: findings that change their risk, weights that change, owners
//! who change their name. For the features that own those.

use std::collections::HashMap;

use entity::JsonColumn;
use entity::action::Model;
use entity::organization::PriorityWeights;
use entity::participant;
use entity::vocabulary::Priority;
use serde_json::json;
use uuid::Uuid;

use super::service::{next_version, record};
use super::{searched, write};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::priority::rules::{FindingRisk, highest, score};
use crate::priority::store as priorities;

/// Scores the actions that answer a finding again, after its risk changed or it was retracted.
pub async fn for_finding(change: &Change, finding: Uuid) -> Result<()> {
    let weights = priorities::weights(change, change.organization()).await?;
    let actions = write::lock_answering(change, change.organization(), finding).await?;
    let findings = findings_of(change, &actions).await?;
    for old in actions {
        if let Some(row) = rescored(change, &old, &weights, &findings) {
            let row = write::save_alone(change, row).await?;
            record(change, "action.rescore", Some(&old), &row).await?;
        }
    }
    Ok(())
}

/// Scores all actions of the caller's organisation again, after its weights changed.
///
/// One audit record tells how many changed; each action's answer has the weights that count.
pub async fn for_organization(change: &Change) -> Result<()> {
    let organization = change.organization();
    let weights = priorities::weights(change, organization).await?;
    let (mut last, mut changed) = (None, 0_u64);
    loop {
        let actions = write::lock_next(change, organization, last).await?;
        let Some(newest) = actions.last() else { break };
        last = Some(newest.id);
        let findings = findings_of(change, &actions).await?;
        let mut rows = Vec::with_capacity(actions.len());
        for old in &actions {
            if let Some(row) = rescored(change, old, &weights, &findings) {
                rows.push(write::save_score(change, row).await?);
            }
        }
        changed += rows.len() as u64;
        write::save_facts(change, &rows).await?;
    }
    if changed > 0 {
        let entry = Entry::new(
            "organization.rescore_actions",
            "organization",
            organization.0,
        );
        change.record(entry.after(&json!({ "actions_changed": changed }))?);
    }
    Ok(())
}

/// Takes over a participant's name, subject and function into the actions that they own.
pub async fn for_participant(change: &Change, owner: &participant::Model) -> Result<()> {
    for old in write::lock_owned(change, change.organization(), owner.id).await? {
        let row = Model {
            owner_name: Some(owner.name.clone()),
            owner_subject: owner.subject.clone(),
            owner_function: Some(owner.function),
            owner_key: Some(owner.subject.clone().unwrap_or_else(|| owner.name.clone())),
            ..old.clone()
        };
        if row == old {
            continue;
        }
        let row = Model {
            version: old.version + 1,
            updated_at: change.now,
            ..row
        };
        let row = write::save_alone(change, row).await?;
        change.index(searched::text(&row));
        record(change, "action.update", Some(&old), &row).await?;
    }
    Ok(())
}

async fn findings_of(change: &Change, actions: &[Model]) -> Result<HashMap<Uuid, FindingRisk>> {
    let mut ids: Vec<Uuid> = actions
        .iter()
        .flat_map(|action| action.finding_ids.0.iter().copied())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut findings = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(write::CHUNK) {
        findings.extend(priorities::findings(&**change, change.organization(), chunk).await?);
    }
    Ok(findings)
}

/// The action with the score that it has now, when that is another one.
fn rescored(
    change: &Change,
    old: &Model,
    weights: &PriorityWeights,
    findings: &HashMap<Uuid, FindingRisk>,
) -> Option<Model> {
    let own = old.finding_ids.0.iter().filter_map(|id| findings.get(id));
    let (new, scoring) = score(&old.priority_inputs.0, highest(own), weights);
    if scoring == old.scoring.0 {
        return None;
    }
    let level: Priority = scoring.level;
    Some(Model {
        priority_score: new,
        priority: old
            .priority_override
            .as_ref()
            .map_or(level, |decided| decided.0.level),
        scoring: JsonColumn(scoring),
        ..next_version(change, old)
    })
}
