//! What answers gaps: the recommendations that name them, and the actions that name them or carry
//! one of those recommendations out. Three queries, however many gaps.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::action::{Column as Action, Entity as Actions};
use entity::recommendation::{Column as Recommendation, Entity as Recommendations};
use entity::vocabulary::{ActionStatus, Disposition, GapState};
use entity::{action_finding, recommendation_action, recommendation_finding};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::rules;
use crate::kernel::error::Result;

/// A recommendation that names a gap.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NamingRecommendation {
    finding_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// What is proposed.
    pub title: String,
    /// What was decided about it.
    pub disposition: Disposition,
    /// When it is looked at again.
    pub deferred_until: Option<NaiveDate>,
    /// Until when its risk is accepted.
    pub expires_on: Option<NaiveDate>,
    /// The one that says the same.
    pub duplicate_of_id: Option<Uuid>,
    /// What was decided about that.
    original_disposition: Option<Disposition>,
}

impl NamingRecommendation {
    /// What was decided about it, or about the one that says the same.
    fn counting(&self) -> Disposition {
        self.original_disposition.unwrap_or(self.disposition)
    }
}

/// An action that answers a gap.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct AnsweringAction {
    finding_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub title: String,
    /// Where it stands.
    pub status: ActionStatus,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
}

/// What answers one gap, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The recommendations.
    pub recommendations: Vec<NamingRecommendation>,
    /// The actions.
    pub actions: Vec<AnsweringAction>,
}

impl Answers {
    /// The state of a gap that has these answers.
    pub fn state(&self, has_reason: bool) -> GapState {
        let dispositions = self.recommendations.iter();
        let dispositions: Vec<_> = dispositions.map(NamingRecommendation::counting).collect();
        let statuses: Vec<_> = self.actions.iter().map(|action| action.status).collect();
        rules::state(has_reason, &dispositions, &statuses)
    }
}

/// What answers each of some findings.
pub async fn of(
    connection: &impl ConnectionTrait,
    findings: &[Uuid],
) -> Result<HashMap<Uuid, Answers>> {
    let mut answers: HashMap<Uuid, Answers> = HashMap::with_capacity(findings.len());
    if findings.is_empty() {
        return Ok(answers);
    }
    for row in connection.query_all(&naming(findings)).await? {
        let found = NamingRecommendation::from_query_result(&row, "")?;
        let own = answers.entry(found.finding_id).or_default();
        own.recommendations.push(found);
    }
    for query in [direct(findings), recommended(findings)] {
        for row in connection.query_all(&query).await? {
            let found = AnsweringAction::from_query_result(&row, "")?;
            let own = answers.entry(found.finding_id).or_default();
            // It may name the gap and carry out several recommendations that do.
            if !own.actions.iter().any(|known| known.id == found.id) {
                own.actions.push(found);
            }
        }
    }
    for own in answers.values_mut() {
        own.actions.sort_by_key(|action| action.id);
    }
    Ok(answers)
}

fn naming(findings: &[Uuid]) -> SelectStatement {
    use recommendation_finding::{Column as Link, Entity as Links};
    let original = Alias::new("original");
    Query::select()
        .column((Links, Link::FindingId))
        .columns([
            (Recommendations, Recommendation::Id),
            (Recommendations, Recommendation::Title),
            (Recommendations, Recommendation::Disposition),
            (Recommendations, Recommendation::DeferredUntil),
            (Recommendations, Recommendation::ExpiresOn),
            (Recommendations, Recommendation::DuplicateOfId),
        ])
        .expr_as(
            Expr::col((original.clone(), Recommendation::Disposition)),
            "original_disposition",
        )
        .from(Links)
        .join(
            JoinType::InnerJoin,
            Recommendations,
            Expr::col((Recommendations, Recommendation::Id))
                .equals((Links, Link::RecommendationId)),
        )
        .join_as(
            JoinType::LeftJoin,
            Recommendations,
            original.clone(),
            Expr::col((original, Recommendation::Id))
                .equals((Recommendations, Recommendation::DuplicateOfId)),
        )
        .and_where(Expr::col((Links, Link::FindingId)).is_in(findings.iter().copied()))
        .order_by((Recommendations, Recommendation::Id), Order::Asc)
        .to_owned()
}

fn direct(findings: &[Uuid]) -> SelectStatement {
    use action_finding::{Column as Link, Entity as Links};
    let mut query = shown();
    query
        .column((Links, Link::FindingId))
        .from(Links)
        .join(
            JoinType::InnerJoin,
            Actions,
            Expr::col((Actions, Action::Id)).equals((Links, Link::ActionId)),
        )
        .and_where(Expr::col((Links, Link::FindingId)).is_in(findings.iter().copied()));
    query
}

/// The actions of recommendations; a duplicate has its original's.
fn recommended(findings: &[Uuid]) -> SelectStatement {
    use recommendation_action::{Column as Out, Entity as Outs};
    use recommendation_finding::{Column as Link, Entity as Links};
    let counting = Func::coalesce([
        Expr::col((Recommendations, Recommendation::DuplicateOfId)),
        Expr::col((Recommendations, Recommendation::Id)),
    ]);
    let mut query = shown();
    query
        .column((Links, Link::FindingId))
        .from(Links)
        .join(
            JoinType::InnerJoin,
            Recommendations,
            Expr::col((Recommendations, Recommendation::Id))
                .equals((Links, Link::RecommendationId)),
        )
        .join(
            JoinType::InnerJoin,
            Outs,
            Expr::col((Outs, Out::RecommendationId)).eq(counting),
        )
        .join(
            JoinType::InnerJoin,
            Actions,
            Expr::col((Actions, Action::Id)).equals((Outs, Out::ActionId)),
        )
        .and_where(Expr::col((Links, Link::FindingId)).is_in(findings.iter().copied()));
    query
}

fn shown() -> SelectStatement {
    Query::select()
        .columns([
            (Actions, Action::Id),
            (Actions, Action::Title),
            (Actions, Action::Status),
            (Actions, Action::OwnerName),
            (Actions, Action::DueOn),
        ])
        .to_owned()
}
