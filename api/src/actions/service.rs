//! What can be done with an action itself. How it moves through its life is in `life`.

use chrono::NaiveDate;
use entity::JsonColumn;
use entity::action::{Model, PriorityOverride};
use entity::organization::PriorityWeights;
use entity::review::Model as Review;
use entity::vocabulary::ActionStatus;
use uuid::Uuid;

use super::body::audited;
use super::input::{ActionPatch, CreateAction, InitialStatus, OwnerInput, PriorityOverrideInput};
use super::lookup::{LookedUp, look_up};
use super::{computed, due, rules, searched, store, write};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;
use crate::{gaps, priority, reviews};

/// Adds an action to a review that has not ended.
pub async fn create(change: &Change, review: &str, action: CreateAction) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    reviews::service::require_open(&review)?;
    let weights = priority::store::weights(change, change.organization()).await?;
    let row = add(change, (&review, &weights), action, None).await?;
    gaps::follow::action(change, None, &row).await?;
    Ok(row)
}

/// Adds an action to a review that the caller has locked; the gaps that it answers are the caller's
/// to follow.
pub async fn add(
    change: &Change,
    (review, weights): (&Review, &PriorityWeights),
    action: CreateAction,
    recommendation: Option<Uuid>,
) -> Result<Model> {
    let looked_up = look_up(change, review, &action, None).await?;
    let status = match action.status {
        Some(InitialStatus::Proposed) => ActionStatus::Proposed,
        Some(InitialStatus::Open) | None => ActionStatus::Open,
    };
    let new = blank(change, review);
    let row = Model {
        id: ids::next(),
        status,
        recommendation_ids: JsonColumn(recommendation.into_iter().collect()),
        committed_at: (status == ActionStatus::Open).then_some(change.now),
        version: 1,
        ..filled(change, &new, action, (looked_up, weights))
    };
    let row = if status == ActionStatus::Open {
        dated(change, review, row)
    } else {
        row
    };
    let row = write::insert(change, row).await?;
    change.index(searched::text(&row));
    record(change, "action.create", None, &row).await?;
    Ok(row)
}

/// An action that somebody commits to: without a due date it gets the one that the review's policy
/// gives its priority.
pub fn dated(change: &Change, review: &Review, row: Model) -> Model {
    let by_policy = || reviews::policy::action_due_on(review, row.priority, change.now);
    Model {
        due_on: row.due_on.or_else(by_policy),
        ..row
    }
}

/// Changes an action.
pub async fn update(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    patch: &ActionPatch,
) -> Result<Model> {
    // Held so that no participant or finding that it names disappears meanwhile.
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let weights = priority::store::weights(change, change.organization()).await?;
    let old = store::lock(change, change.organization(), review.id, id).await?;
    precondition.check(old.version)?;
    if patch.names("status") {
        let detail = "is moved by progress, verifications and verbs only";
        return Err(Error::invalid(vec![Fault::at(
            "/status",
            "not_changeable",
            detail,
        )]));
    }
    let mut action = patch.apply(&patchable(&old, patch))?;
    if patch.names("depends_on") {
        // Who does not see a dependency does not mean to drop it.
        let stored = old.depends_on.0.iter().copied().collect();
        let hidden = computed::hidden(&**change, &change.caller, stored).await?;
        let kept = old.depends_on.0.iter().filter(|id| hidden.contains(id));
        let kept: Vec<Uuid> = kept
            .filter(|id| !action.depends_on.contains(id))
            .copied()
            .collect();
        action.depends_on.extend(kept);
    }
    if action.due_on != old.due_on {
        require_due_date(&old)?;
    }
    let looked_up = look_up(change, &review, &action, Some(&old)).await?;
    let row = filled(change, &old, action, (looked_up, &weights));
    if row.depends_on != old.depends_on {
        refuse_cycle(change, &row).await?;
    }
    let row = if row.due_on == old.due_on {
        row
    } else {
        let before = last_date(change, &old).await?;
        // The first date of all is no change.
        if before.is_some() {
            write::append_due_change(change, &old, row.due_on, None).await?;
        }
        moved_date(row, before)
    };
    let row = write::save(change, &old, row).await?;
    change.index(searched::text(&row));
    conclude(change, "action.update", &old, &row).await?;
    Ok(row)
}

/// Moves an action's due date, with a reason.
pub async fn reschedule(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
    (due_on, reason): (NaiveDate, String),
) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, change.organization(), review.id, id).await?;
    precondition.check(old.version)?;
    require_due_date(&old)?;
    if old.due_on == Some(due_on) {
        let fault = Fault::at("/due_on", "unchanged", "is the due date already");
        return Err(Error::invalid(vec![fault]));
    }
    let before = last_date(change, &old).await?;
    write::append_due_change(change, &old, Some(due_on), Some(reason)).await?;
    let row = Model {
        due_on: Some(due_on),
        ..next_version(change, &old)
    };
    let row = write::save_alone(change, moved_date(row, before)).await?;
    record(change, "action.reschedule", Some(&old), &row).await?;
    Ok(row)
}

/// Refuses another due date for what is done or has ended.
fn require_due_date(action: &Model) -> Result<()> {
    if rules::is_unfinished(action.status) {
        return Ok(());
    }
    let detail = format!(
        "the action is {}; its due date has passed into history",
        action.status
    );
    let fault = Fault::of(&format!("action_is_{}", action.status), detail.clone());
    Err(Error::state(detail, vec![fault]))
}

/// The due date, or the last one where it was taken away: a date is not moved unseen by that.
async fn last_date(change: &Change, action: &Model) -> Result<Option<NaiveDate>> {
    if action.due_on.is_some() || action.due_date_changes == 0 {
        return Ok(action.due_on);
    }
    store::last_due_on(&**change, action).await
}

/// Counts the change of a due date that was set before.
fn moved_date(row: Model, from: Option<NaiveDate>) -> Model {
    Model {
        due_date_changes: row.due_date_changes + i32::from(from.is_some()),
        slips: row.slips + i32::from(rules::is_slip(from, row.due_on)),
        ..row
    }
}

/// What a patch is applied to. Naming one form of owner leaves the other, so that nobody has to
/// clear it as well.
fn patchable(old: &Model, patch: &ActionPatch) -> CreateAction {
    let mut current = CreateAction::from(old);
    let names = |pointer| patch.value(pointer).is_some_and(|value| !value.is_null());
    if names("/owner/participant_id") || names("/owner/name") {
        current.owner = current.owner.map(|owner| OwnerInput {
            participant_id: owner.participant_id.filter(|_| !names("/owner/name")),
            name: owner.name.filter(|_| !names("/owner/participant_id")),
            subject: owner.subject.filter(|_| !names("/owner/participant_id")),
        });
    }
    current
}

/// Refuses to wait for what waits for the action itself.
async fn refuse_cycle(change: &Change, row: &Model) -> Result<()> {
    // Two changes that are harmless alone could close a circle together.
    change
        .serialize_on("action dependencies", change.organization().as_bytes())
        .await?;
    let edges = computed::reachable(&**change, &row.depends_on.0).await?;
    match rules::cycle(row.id, &row.depends_on.0, &edges) {
        Some(path) => Err(Error::invalid(vec![rules::cycle_fault(&path)])),
        None => Ok(()),
    }
}

/// An action with what a body says; identity, state and history stay as they are in `old`.
fn filled(
    change: &Change,
    old: &Model,
    action: CreateAction,
    (looked_up, weights): (LookedUp, &PriorityWeights),
) -> Model {
    let given = action.priority_inputs;
    let (score, scoring) = priority::rules::score(&given, looked_up.finding_risk, weights);
    let decided = action
        .priority_override
        .map(|decided| decide(change, old, decided));
    let owner = looked_up.owner;
    Model {
        search_text: searchable([
            Some(action.title.as_str()),
            action.description.as_deref(),
            action.closure_criteria.as_deref(),
        ]),
        title: action.title,
        description: action.description,
        action_type: action.action_type,
        strength: action.strength,
        owner_key: owner.subject.clone().or_else(|| owner.name.clone()),
        owner_participant_id: owner.participant_id,
        owner_name: owner.name,
        owner_subject: owner.subject,
        owner_function: owner.function,
        due_on: action.due_on,
        effort_days: action.effort_days,
        finding_ids: JsonColumn(action.finding_ids),
        closure_criteria: action.closure_criteria,
        depends_on: JsonColumn(action.depends_on),
        tags: JsonColumn(action.tags),
        external_refs: JsonColumn(action.external_refs),
        priority_inputs: JsonColumn(given),
        priority_score: score,
        priority: decided
            .as_ref()
            .map_or(scoring.level, |decided| decided.level),
        scoring: JsonColumn(scoring),
        priority_override: decided.map(JsonColumn),
        ..next_version(change, old)
    }
}

/// An override keeps who decided it and when, as long as it stays the same.
fn decide(change: &Change, old: &Model, decided: PriorityOverrideInput) -> PriorityOverride {
    let before = old.priority_override.as_ref().map(|column| &column.0);
    match before {
        Some(before) if before.level == decided.level && before.reason == decided.reason => {
            before.clone()
        }
        _ => PriorityOverride {
            level: decided.level,
            reason: decided.reason,
            by: change.caller.subject.clone(),
            at: change.now,
        },
    }
}

/// The same action, one version later.
pub fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// Puts a change of an action on record, and keeps its deadlines.
pub async fn record(
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
    due::follow(change, before, after).await
}

/// Concludes a change of an action: what it answers follows, and it is put on record.
pub async fn conclude(
    change: &Change,
    what: &'static str,
    before: &Model,
    after: &Model,
) -> Result<()> {
    gaps::follow::action(change, Some(before), after).await?;
    record(change, what, Some(before), after).await
}

/// An action of a review before anything is said of it.
fn blank(change: &Change, review: &Review) -> Model {
    let weights = PriorityWeights::default();
    let given = entity::action::PriorityInputs::default();
    let (priority_score, scoring) = priority::rules::score(&given, None, &weights);
    Model {
        id: Uuid::nil(),
        organization_id: review.organization_id,
        review_id: review.id,
        review_key: review.key.clone(),
        title: String::new(),
        description: None,
        action_type: entity::vocabulary::ActionType::Prevent,
        strength: None,
        owner_participant_id: None,
        owner_name: None,
        owner_subject: None,
        owner_function: None,
        owner_key: None,
        due_on: None,
        effort_days: None,
        finding_ids: JsonColumn(Vec::new()),
        recommendation_ids: JsonColumn(Vec::new()),
        closure_criteria: None,
        depends_on: JsonColumn(Vec::new()),
        tags: JsonColumn(Vec::new()),
        external_refs: JsonColumn(Vec::new()),
        priority_inputs: JsonColumn(given),
        priority_score,
        priority: scoring.level,
        scoring: JsonColumn(scoring),
        priority_override: None,
        status: ActionStatus::Open,
        percent: None,
        slips: 0,
        due_date_changes: 0,
        reopened_count: 0,
        ineffective_count: 0,
        committed_at: None,
        implemented_at: None,
        implemented_by: None,
        verified_at: None,
        ended_at: None,
        ended: None,
        spells: JsonColumn(Vec::new()),
        last_progress_at: None,
        search_text: String::new(),
        version: 0,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}
