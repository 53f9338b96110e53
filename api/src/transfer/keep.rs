//! Keeping the rows of a document, in an order in which each finds what it refers to, with what other
//! features keep beside them: links, texts for search, facts, gaps, deadlines.

use std::collections::{HashMap, HashSet};

use entity::document::CurrentRevision;
use entity::{
    action, document, document_revision, document_revision_action, document_revision_lesson,
    review, verification,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::keep_said;
use super::order::after;
use super::resolve::{Matched, known};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::whole::rows::Rows;
use crate::{
    actions, append_only, assessments, communications, decisions, documents, findings, gaps,
    impacts, incidents, lessons, measures, obligations, participants, recommendations, reviews,
    workshops,
};

/// How many rows one statement takes: within 32,766 bound values.
const SOME: usize = 500;

/// Keeps a review with everything that the document has of it and that is not here already.
pub async fn all(
    change: &Change,
    review: review::Model,
    rows: Rows,
    matched: &Matched,
) -> Result<review::Model> {
    let Rows {
        incidents,
        participants,
        events,
        decisions,
        communications,
        assessments,
        impacts,
        findings,
        recommendations,
        actions,
        action_progress,
        action_due_changes,
        verifications,
        lessons,
        workshops,
        invitations,
        boards,
        contribution_groups,
        contributions,
        carried_actions,
        feedback_rounds,
        feedback_results,
        briefings,
        wording_acknowledgements,
        obligations,
        improvement_measures,
        measure_evaluations,
        documents,
        document_revisions,
        document_revision_lessons,
        document_revision_actions,
        revisions,
        review_snapshots,
    } = rows;
    keep_incidents(change, incidents, &known(&matched.incidents)).await?;
    let review = reviews::store::insert(change, review)
        .await
        .map_err(|error| error.under("/review"))?;
    change.index(reviews::searched::text(&review));
    for row in &participants {
        change.index(participants::searched::text(row));
    }
    insert::<entity::participant::Entity>(change, participants).await?;
    keep_logs(change, (events, decisions, communications)).await?;
    keep_evaluations(change, (assessments, impacts)).await?;
    let findings = keep_findings(change, findings).await?;
    let carried_out = keep_recommendations(change, recommendations).await?;
    keep_actions(change, actions, &verifications).await?;
    for (recommendation, actions) in carried_out {
        recommendations::store::link(change, recommendation, &actions).await?;
    }
    for row in &action_progress {
        change.index_or_forget(row.id, actions::searched::progress(row, review.id));
    }
    for row in &verifications {
        change.index_or_forget(row.id, actions::searched::verification(row, review.id));
    }
    insert::<entity::action_progress::Entity>(change, action_progress).await?;
    insert::<entity::action_due_change::Entity>(change, action_due_changes).await?;
    insert::<verification::Entity>(change, verifications).await?;
    keep_lessons_and_sessions(change, lessons, workshops).await?;
    insert::<entity::invitation::Entity>(change, invitations).await?;
    keep_said::boards(change, boards, contribution_groups, contributions).await?;
    insert::<entity::carried_action::Entity>(change, carried_actions).await?;
    keep_said::rounds(change, feedback_rounds, feedback_results).await?;
    keep_said::briefings(change, briefings).await?;
    insert::<entity::wording_acknowledgement::Entity>(change, wording_acknowledgements).await?;
    for row in obligations {
        let row = obligations::store::insert(change, row).await?;
        obligations::service::follow(change, &row).await?;
    }
    for row in improvement_measures {
        measures::store::insert(change, row).await?;
    }
    insert::<entity::measure_evaluation::Entity>(change, measure_evaluations).await?;
    keep_documents(change, documents, document_revisions, matched).await?;
    insert::<document_revision_lesson::Entity>(change, document_revision_lessons).await?;
    insert::<document_revision_action::Entity>(change, document_revision_actions).await?;
    insert::<entity::revision::Entity>(change, revisions).await?;
    insert::<entity::review_snapshot::Entity>(change, review_snapshots).await?;
    // What answers a gap is all here by now.
    for row in &findings {
        gaps::follow::finding(change, None, row).await?;
    }
    reviews::due::restore(change, &review).await?;
    Ok(review)
}

/// The logs, with the events that decisions and communications belong to.
async fn keep_logs(
    change: &Change,
    (events, decisions, communications): (
        Vec<entity::event::Model>,
        Vec<entity::decision::Model>,
        Vec<entity::communication::Model>,
    ),
) -> Result<()> {
    for row in &events {
        append_only::service::searched(change, row);
    }
    insert::<entity::event::Entity>(change, events).await?;
    for row in decisions {
        append_only::service::searched(change, &row);
        decisions::store::insert(change, row).await?;
    }
    for row in communications {
        append_only::service::searched(change, &row);
        communications::store::insert(change, row).await?;
    }
    Ok(())
}

async fn keep_evaluations(
    change: &Change,
    (assessments, impacts): (Vec<entity::assessment::Model>, Vec<entity::impact::Model>),
) -> Result<()> {
    for row in &assessments {
        change.index(assessments::searched::text(row));
    }
    for row in &impacts {
        change.index(impacts::searched::text(row));
    }
    insert::<entity::assessment::Entity>(change, assessments).await?;
    insert::<entity::impact::Entity>(change, impacts).await
}

/// The findings, each behind the one that it goes deeper into.
async fn keep_findings(
    change: &Change,
    rows: Vec<entity::finding::Model>,
) -> Result<Vec<entity::finding::Model>> {
    let parent = |row: &entity::finding::Model| row.parent_id.into_iter().collect();
    let rows = after(rows, |row| row.id, parent).into_iter();
    let rows: Vec<_> = rows.map(|(_, row)| row).collect();
    for row in &rows {
        change.index_or_forget(row.id, findings::searched::text(row));
        findings::store::insert(change, row.clone()).await?;
    }
    Ok(rows)
}

/// The recommendations; says which actions each became, for when these are here.
async fn keep_recommendations(
    change: &Change,
    rows: Vec<entity::recommendation::Model>,
) -> Result<Vec<(Uuid, Vec<Uuid>)>> {
    let original = |row: &entity::recommendation::Model| row.duplicate_of_id.into_iter().collect();
    let mut carried_out = Vec::with_capacity(rows.len());
    for (at, row) in after(rows, |row| row.id, original) {
        carried_out.push((row.id, row.action_ids.0.clone()));
        let kept = recommendations::store::insert(change, row).await;
        let kept = kept.map_err(|error| error.under(&format!("/recommendations/{at}")))?;
        recommendations::due::follow(change, &kept).await?;
    }
    Ok(carried_out)
}

async fn keep_lessons_and_sessions(
    change: &Change,
    lessons: Vec<entity::lesson::Model>,
    workshops: Vec<entity::workshop::Model>,
) -> Result<()> {
    for (at, row) in lessons.into_iter().enumerate() {
        let kept = lessons::store::insert(change, row).await;
        kept.map_err(|error| error.under(&format!("/lessons/{at}")))?;
    }
    for (at, row) in workshops.into_iter().enumerate() {
        let kept = workshops::store::insert(change, row).await;
        kept.map_err(|error| error.under(&format!("/workshops/{at}")))?;
    }
    Ok(())
}

/// Adds rows that nothing is kept beside.
pub(super) async fn insert<E>(tx: &Tx, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(SOME);
        let some = some.map(|row| row.into_active_model().reset_all());
        E::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn keep_incidents(
    change: &Change,
    rows: Vec<entity::incident::Model>,
    known: &HashSet<Uuid>,
) -> Result<()> {
    for row in rows.into_iter().filter(|row| !known.contains(&row.id)) {
        let row = incidents::store::insert(change, row).await?;
        change.index(incidents::searched::text(&row));
        incidents::service::record(change, "incident.create", None, &row)?;
    }
    Ok(())
}

async fn keep_actions(
    change: &Change,
    rows: Vec<action::Model>,
    verifications: &[verification::Model],
) -> Result<()> {
    let mut looked: HashMap<Uuid, &verification::Model> = HashMap::new();
    for one in verifications {
        looked.insert(one.action_id, one);
    }
    let rows = after(rows, |row| row.id, |row| row.depends_on.0.clone());
    for (at, row) in rows {
        let row = actions::write::insert(change, row)
            .await
            .map_err(|error| error.under(&format!("/actions/{at}")))?;
        change.index(actions::searched::text(&row));
        actions::due::follow(change, None, &row).await?;
        let next = looked.get(&row.id).and_then(|last| last.recheck_on);
        if next.is_some() {
            actions::due::looked_at(change, &row, next).await?;
        }
    }
    Ok(())
}

/// Keeps the documents and revisions that are not here already. A new document is in force by the last
/// of the revisions that came with it; one that was here hears of those that are new.
async fn keep_documents(
    change: &Change,
    rows: Vec<document::Model>,
    revisions: Vec<document_revision::Model>,
    matched: &Matched,
) -> Result<()> {
    let (known_documents, known_revisions) = (known(&matched.documents), known(&matched.revisions));
    let mut new: HashMap<Uuid, Vec<document_revision::Model>> = HashMap::new();
    for row in revisions {
        if !known_revisions.contains(&row.id) {
            new.entry(row.document_id).or_default().push(row);
        }
    }
    for row in rows {
        let own = new.remove(&row.id).unwrap_or_default();
        if known_documents.contains(&row.id) {
            let organization = change.organization();
            let row = documents::store::lock(change, organization, row.id).await?;
            let any = !own.is_empty();
            keep_revisions(change, own).await?;
            if any {
                documents::revisions::service::follow(change, &row).await?;
            }
            continue;
        }
        let last = own.iter().filter(|one| one.withdrawn_at.is_none());
        let last = last.max_by_key(|one| (one.published_at, one.id));
        let current = last.map(|one| CurrentRevision {
            id: one.id,
            label: one.label.clone(),
            published_at: one.published_at,
        });
        let row = documents::service::with_current(row, current);
        let row = documents::store::insert(change, row).await?;
        documents::service::record(change, "document.create", None, Some(&row))?;
        keep_revisions(change, own).await?;
    }
    Ok(())
}

async fn keep_revisions(change: &Change, rows: Vec<document_revision::Model>) -> Result<()> {
    use documents::revisions;
    for row in rows {
        let row = revisions::store::insert(change, row, &[], &[]).await?;
        let (what, kind) = ("document_revision.publish", revisions::store::RESOURCE);
        let entry = Entry::new(what, kind, row.id);
        change.record(entry.after(&revisions::body::audited(&row)?)?);
    }
    Ok(())
}
