//! What can be done with policies. Every change makes a new version.

use entity::policy::{Model, PolicyRules};
use entity::{JsonColumn, policy_version};
use uuid::Uuid;

use super::body::{DefinePolicy, PolicyBody, PolicyPatch};
use super::rules::{self, Situation};
use super::store;
use crate::calendars;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;

/// The policy that applies to a review that is opened now.
#[derive(Clone, Debug)]
pub struct Effective {
    /// Which it is; nothing for the built-in one.
    pub id: Option<Uuid>,
    /// Its version.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// What it says.
    pub rules: PolicyRules,
}

/// The policy that applies in a situation.
pub async fn effective(change: &Change, situation: &Situation) -> Result<Effective> {
    let policies = store::current(&**change, change.organization()).await?;
    let first = rules::matching(policies, situation).into_iter().next();
    Ok(match first {
        Some(row) => Effective {
            id: Some(row.id),
            version: row.version,
            name: row.name,
            rules: row.rules.0,
        },
        None => Effective {
            id: None,
            version: PolicyBody::built_in().version(),
            name: rules::BUILT_IN.to_owned(),
            rules: rules::built_in(),
        },
    })
}

/// Defines a policy.
pub async fn define(change: &Change, policy: DefinePolicy) -> Result<Model> {
    check(change, &policy, None).await?;
    let row = Model {
        id: ids::next(),
        created_by: change.caller.subject.clone(),
        ..filled(change, policy)
    };
    let version = version_of(change, &row)?;
    let row = store::insert(change, row, version).await.map_err(taken)?;
    record(change, "policy.define", None, &row)?;
    Ok(row)
}

/// Changes a policy. The reviews that it applies to already keep what they have of it.
pub async fn update(
    change: &Change,
    name: &str,
    precondition: &Precondition,
    patch: &PolicyPatch,
) -> Result<Model> {
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_some() {
        let detail = "the policy is archived; restore it first";
        let fault = Fault::of("policy_is_archived", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let policy = patch.apply(&DefinePolicy::from(&old))?;
    check(change, &policy, Some(&old)).await?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, policy)
    };
    save(change, "policy.update", old, row).await
}

/// Archives a policy: it applies no longer, and its versions stay readable.
pub async fn archive(change: &Change, name: &str, precondition: &Precondition) -> Result<()> {
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_some() {
        return Ok(());
    }
    let row = Model {
        archived_at: Some(change.now),
        ..next_version(change, &old)
    };
    save(change, "policy.archive", old, row).await.map(drop)
}

/// Takes an archived policy up again.
pub async fn restore(change: &Change, name: &str, precondition: &Precondition) -> Result<Model> {
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_none() {
        let detail = "the policy is not archived";
        let fault = Fault::of("policy_is_not_archived", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let row = Model {
        archived_at: None,
        ..next_version(change, &old)
    };
    save(change, "policy.restore", old, row).await
}

async fn save(change: &Change, action: &'static str, old: Model, row: Model) -> Result<Model> {
    let version = version_of(change, &row)?;
    let row = store::save(change, row, version).await.map_err(taken)?;
    record(change, action, Some(&old), &row)?;
    Ok(row)
}

async fn locked(change: &Change, name: &str) -> Result<Model> {
    let found = store::lock(change, change.organization(), name).await?;
    found.ok_or_else(|| {
        let detail = "the built-in policy cannot be changed; define one of your own";
        Error::state(detail, vec![Fault::of("policy_is_built_in", detail)])
    })
}

async fn check(change: &Change, policy: &DefinePolicy, old: Option<&Model>) -> Result<()> {
    let mut faults = rules::check(policy);
    let known = old.and_then(|old| old.calendar_id);
    faults.extend(calendars::service::check_named(change, policy.calendar_id, known).await?);
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
    let detail = "the organisation has a policy of this name, perhaps an archived one";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at("/name", "taken", detail)])
        .into()
}

fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, policy: DefinePolicy) -> Model {
    let rules = rules::resolved(&policy);
    let texts = [Some(policy.name.as_str()), policy.description.as_deref()];
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        search_text: searchable(texts),
        name: policy.name,
        description: policy.description,
        severities: JsonColumn(policy.severities),
        categories: JsonColumn(policy.categories),
        kinds: JsonColumn(policy.kinds),
        rank: policy.rank,
        requirement: rules.requirement,
        calendar_id: rules.calendar_id,
        rules: JsonColumn(rules),
        archived_at: None,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

fn version_of(change: &Change, row: &Model) -> Result<policy_version::Model> {
    let body = serde_json::to_string(&PolicyBody::from(row.clone()))
        .map_err(|error| Error::Internal(format!("a policy cannot be written: {error}")))?;
    Ok(policy_version::Model {
        id: ids::next(),
        organization_id: row.organization_id,
        policy_id: row.id,
        version: row.version,
        body,
        calendar_id: row.calendar_id,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    })
}

fn record(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(action, store::RESOURCE, after.id);
    if let Some(before) = before {
        entry = entry.before(&PolicyBody::from(before.clone()))?;
    }
    change.record(entry.after(&PolicyBody::from(after.clone()))?);
    Ok(())
}
