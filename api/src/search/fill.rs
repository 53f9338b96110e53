//! Filling in the texts of what was there before search, or before a kind of it: in the background,
//! some at a time, once, whoever does it and however often it is interrupted.

use std::time::Duration;

use entity::{
    action, action_progress, assessment, briefing, calendar, communication, contribution,
    contribution_group, decision, document, document_revision, event, finding, impact,
    improvement_measure, incident, lesson, obligation, organization, participant, policy,
    recommendation, recommendation_template, regime, review, search_fill, verification, workshop,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::kernel::database::search::Text;
use crate::kernel::database::{Database, Tx, only};
use crate::kernel::error::Result;
use crate::kernel::state::State;
use crate::resources::ResourceKind;
use crate::{
    actions, assessments, briefings, calendars, chronology, communications, contributions,
    decisions, documents, findings, impacts, incidents, lessons, library, measures, obligations,
    participants, policies, recommendations, regimes, reviews, workshops,
};

/// How many resources are filled in at once.
const SOME: u64 = 500;
/// How long to wait when the database is away.
const AGAIN: Duration = Duration::from_secs(5);

/// Some resources, each with its text if it is found by one.
type Texts = Vec<(Uuid, Option<Text>)>;

/// Notes of a database with no organisation, in which nothing can be found, that nothing is to be filled in: a new service finds everything from its first answer on.
pub async fn nothing(database: &Database) -> Result<()> {
    let anybody = organization::Entity::find().limit(1);
    let anybody = only::<_, Uuid>(anybody, organization::Column::Id);
    if anybody.one(database).await?.is_some() {
        return Ok(());
    }
    let tx = database.begin().await?;
    for kind in ResourceKind::ALL {
        note(&tx, *kind, None, true).await?;
    }
    Ok(tx.commit(Vec::new()).await?)
}

/// Fills in every kind that has not been.
pub async fn all(state: State) {
    for kind in ResourceKind::ALL {
        loop {
            match some(&state, *kind).await {
                Ok(true) => break,
                Ok(false) => tokio::task::yield_now().await,
                Err(error) => {
                    tracing::warn!(cause = %error, kind = kind.as_str(), "texts were not filled in");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }
}

/// Fills in the next resources of a kind; whether there are no more.
async fn some(state: &State, kind: ResourceKind) -> Result<bool> {
    let known = search_fill::Entity::find_by_id(kind.as_str());
    if known
        .one(&state.database)
        .await?
        .is_some_and(|fill| fill.done)
    {
        return Ok(true);
    }
    let tx = state.database.begin().await?;
    // Several instances may be at it.
    tx.serialize_on("search fill", kind.as_str().as_bytes())
        .await?;
    let known = search_fill::Entity::find_by_id(kind.as_str())
        .one(&tx)
        .await?;
    if known.as_ref().is_some_and(|fill| fill.done) {
        return Ok(true);
    }
    let texts = next(&tx, kind, known.and_then(|fill| fill.after_id)).await?;
    let done = (texts.len() as u64) < SOME;
    let after = texts.last().map(|(id, _)| *id);
    tx.fill(texts.into_iter().filter_map(|(_, text)| text).collect())
        .await?;
    note(&tx, kind, after, done).await?;
    tx.commit(Vec::new()).await?;
    Ok(done)
}

/// Notes how far a kind has been filled in: up to a resource, or all of them.
async fn note(tx: &Tx, kind: ResourceKind, after: Option<Uuid>, done: bool) -> Result<()> {
    let fill = search_fill::Model {
        resource_type: kind.as_str().to_owned(),
        after_id: after,
        done,
    };
    let replace = OnConflict::column(search_fill::Column::ResourceType)
        .update_columns([search_fill::Column::AfterId, search_fill::Column::Done])
        .to_owned();
    search_fill::Entity::insert(fill.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The next rows of a table with what a feature says is found of each.
macro_rules! texts {
    ($tx:ident, $after:ident, $table:ident, $text:path) => {{
        let rows = rows::<$table::Entity>($tx, $table::Column::Id, $after).await?;
        let told = rows.iter().map(|row| (row.id, $text(row).into()));
        told.collect()
    }};
}

/// The next resources of a kind behind one, by their ids.
async fn next(tx: &Tx, kind: ResourceKind, after: Option<Uuid>) -> Result<Texts> {
    use ResourceKind as Kind;
    Ok(match kind {
        Kind::Incident => texts!(tx, after, incident, incidents::searched::text),
        Kind::Review => texts!(tx, after, review, reviews::searched::text),
        Kind::Participant => texts!(tx, after, participant, participants::searched::text),
        Kind::Event => texts!(tx, after, event, chronology::searched::text),
        Kind::Decision => texts!(tx, after, decision, decisions::searched::text),
        Kind::Communication => texts!(tx, after, communication, communications::searched::text),
        Kind::Assessment => texts!(tx, after, assessment, assessments::searched::text),
        Kind::Impact => texts!(tx, after, impact, impacts::searched::text),
        Kind::Finding => texts!(tx, after, finding, findings::searched::text),
        Kind::Action => texts!(tx, after, action, actions::searched::text),
        Kind::Progress => progress(tx, after).await?,
        Kind::Verification => verifications(tx, after).await?,
        Kind::Recommendation => texts!(tx, after, recommendation, recommendations::searched::text),
        Kind::RecommendationTemplate => {
            texts!(tx, after, recommendation_template, library::searched::text)
        }
        Kind::Lesson => texts!(tx, after, lesson, lessons::searched::text),
        Kind::Document => texts!(tx, after, document, documents::searched::text),
        Kind::DocumentRevision => {
            texts!(
                tx,
                after,
                document_revision,
                documents::revisions::searched::text
            )
        }
        Kind::Workshop => texts!(tx, after, workshop, workshops::searched::text),
        Kind::Contribution => texts!(tx, after, contribution, contributions::searched::text),
        Kind::ContributionGroup => {
            let text = contributions::groups::searched::text;
            texts!(tx, after, contribution_group, text)
        }
        Kind::ImprovementMeasure => {
            texts!(tx, after, improvement_measure, measures::searched::text)
        }
        Kind::Briefing => texts!(tx, after, briefing, briefings::searched::text),
        Kind::Obligation => texts!(tx, after, obligation, obligations::searched::text),
        Kind::Regime => texts!(tx, after, regime, regimes::searched::text),
        Kind::Policy => texts!(tx, after, policy, policies::searched::text),
        Kind::Calendar => texts!(tx, after, calendar, calendars::searched::text),
        // Keys and organisations have names, which those who manage them read in lists; the others
        // say nothing that what they are part of does not.
        Kind::ApiKey
        | Kind::Organization
        | Kind::DocumentAcknowledgement
        | Kind::Invitation
        | Kind::FeedbackRound
        | Kind::Board
        | Kind::MeasureEvaluation
        | Kind::WordingAcknowledgement
        | Kind::Deadline => Vec::new(),
    })
}

/// The next rows of a table, held so that none is removed meanwhile. Whoever changes one meanwhile
/// has its text indexed as well, and that wins.
async fn rows<E: EntityTrait>(
    tx: &Tx,
    id: E::Column,
    after: Option<Uuid>,
) -> Result<Vec<E::Model>> {
    Ok(E::find()
        .apply_if(after, |select, after| select.filter(id.gt(after)))
        .order_by_asc(id)
        .limit(SOME)
        .lock_shared()
        .all(tx)
        .await?)
}

async fn progress(tx: &Tx, after: Option<Uuid>) -> Result<Texts> {
    let rows = rows::<action_progress::Entity>(tx, action_progress::Column::Id, after).await?;
    let actions: Vec<Uuid> = rows.iter().map(|row| row.action_id).collect();
    let reviews = actions::store::reviews_of(tx, &actions).await?;
    let text = |row: &action_progress::Model| {
        let review = reviews.get(&row.action_id)?;
        actions::searched::progress(row, *review)
    };
    Ok(rows.iter().map(|row| (row.id, text(row))).collect())
}

async fn verifications(tx: &Tx, after: Option<Uuid>) -> Result<Texts> {
    let rows = rows::<verification::Entity>(tx, verification::Column::Id, after).await?;
    let actions: Vec<Uuid> = rows.iter().map(|row| row.action_id).collect();
    let reviews = actions::store::reviews_of(tx, &actions).await?;
    let text = |row: &verification::Model| {
        let review = reviews.get(&row.action_id)?;
        actions::searched::verification(row, *review)
    };
    Ok(rows.iter().map(|row| (row.id, text(row))).collect())
}
