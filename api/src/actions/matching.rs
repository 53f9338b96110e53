//! Filters of lists of actions as conditions.

use chrono::NaiveDate;
use entity::action::Column;
use entity::organization::OrganizationId;
use entity::vocabulary::ActionStatus;
use entity::{action_finding, recommendation_action};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr as _};

use super::list::{ActionStage, ListActions, Timeliness};
use super::rules::UNFINISHED;
use super::store::RESOURCE;
use crate::kernel::page::any;
use crate::{references, text};

const DONE: [ActionStatus; 2] = [ActionStatus::Implemented, ActionStatus::Verified];

/// The actions that a filter asks for, on a day.
pub(super) fn matching(
    organization: OrganizationId,
    filter: &ListActions,
    today: NaiveDate,
) -> Condition {
    let words = filter.q.as_ref();
    Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add(standing(filter, today))
        .add(owned(filter))
        .add(dated(filter, today))
        .add(linked(organization, filter))
        .add_option(words.map(|words| text::holds_every_word(Column::SearchText, words)))
}

/// Where they stand and how far they came.
fn standing(filter: &ListActions, today: NaiveDate) -> Condition {
    let once_done = || far(ActionStage::Implemented).add(Column::ReopenedCount.gt(0));
    Condition::all()
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.action_type, Column::ActionType))
        .add_option(any(&filter.priority, Column::Priority))
        .add_option(either(filter.unfinished, unfinished))
        .add_option(either(filter.overdue, || overdue(today)))
        .add_option(filter.reached.map(far))
        .add_option(either(filter.once_done, once_done))
        .add_option(ever(filter.reopened, Column::ReopenedCount))
        .add_option(ever(filter.ineffective, Column::IneffectiveCount))
}

fn owned(filter: &ListActions) -> Condition {
    let participants = &filter.owner_participant_id;
    Condition::all()
        .add_option(any(&filter.owner, Column::OwnerKey))
        .add_option(any(participants, Column::OwnerParticipantId))
        .add_option(any(&filter.owner_function, Column::OwnerFunction))
        .add_option(known(filter.with_owner_function, Column::OwnerFunction))
        .add_option(known(
            filter.unowned.map(|unowned| !unowned),
            Column::OwnerKey,
        ))
}

fn dated(filter: &ListActions, today: NaiveDate) -> Condition {
    let ways = filter.timeliness.iter();
    let timely = ways.fold(Condition::any(), |ways, way| ways.add(timely(*way, today)));
    Condition::all()
        .add_option((!filter.timeliness.is_empty()).then_some(timely))
        .add_option(filter.due_on_from.map(|on| Column::DueOn.gte(on)))
        .add_option(filter.due_on_to.map(|on| Column::DueOn.lt(on)))
        .add_option(
            filter
                .implemented_at_from
                .map(|at| Column::ImplementedAt.gte(at)),
        )
        .add_option(
            filter
                .implemented_at_to
                .map(|at| Column::ImplementedAt.lt(at)),
        )
        .add_option(filter.verified_at_from.map(|at| Column::VerifiedAt.gte(at)))
        .add_option(filter.verified_at_to.map(|at| Column::VerifiedAt.lt(at)))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
}

/// What they have, answer and carry out.
fn linked(organization: OrganizationId, filter: &ListActions) -> Condition {
    let tagged =
        (!filter.tag.is_empty()).then(|| references::tagged_with(organization, &filter.tag));
    let called = references::called(organization, RESOURCE, &filter.external_ref);
    let answering = (!filter.finding_id.is_empty()).then(|| answering(filter));
    let carrying_out = (!filter.recommendation_id.is_empty()).then(|| carrying_out(filter));
    Condition::all()
        .add_option(tagged.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(called.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(answering.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(carrying_out.map(|ids| Column::Id.in_subquery(ids)))
}

fn answering(filter: &ListActions) -> SelectStatement {
    Query::select()
        .column(action_finding::Column::ActionId)
        .from(action_finding::Entity)
        .and_where(action_finding::Column::FindingId.is_in(filter.finding_id.iter().copied()))
        .to_owned()
}

fn carrying_out(filter: &ListActions) -> SelectStatement {
    use recommendation_action::Column as Link;
    Query::select()
        .column(Link::ActionId)
        .from(recommendation_action::Entity)
        .and_where(Link::RecommendationId.is_in(filter.recommendation_id.iter().copied()))
        .to_owned()
}

/// Those of which something holds, or the others. It must be true or false of each.
fn either(asked: Option<bool>, holds: impl FnOnce() -> Condition) -> Option<Condition> {
    asked.map(|is| if is { holds() } else { holds().not() })
}

fn ever(asked: Option<bool>, count: Column) -> Option<Expr> {
    asked.map(|is| if is { count.gt(0) } else { count.eq(0) })
}

fn known(asked: Option<bool>, column: Column) -> Option<Expr> {
    asked.map(|is| {
        if is {
            column.is_not_null()
        } else {
            column.is_null()
        }
    })
}

fn unfinished() -> Condition {
    Condition::all().add(Column::Status.is_in(UNFINISHED))
}

fn overdue(today: NaiveDate) -> Condition {
    unfinished()
        .add(Column::DueOn.is_not_null())
        .add(Column::DueOn.lt(today))
}

/// What has come at least as far.
fn far(stage: ActionStage) -> Condition {
    let ineffective = || Column::IneffectiveCount.gt(0);
    let verified = || Column::Status.eq(ActionStatus::Verified);
    match stage {
        ActionStage::Proposed => Condition::all(),
        ActionStage::Accepted => {
            far(ActionStage::Implemented).add(Column::CommittedAt.is_not_null())
        }
        ActionStage::Implemented => Condition::any()
            .add(Column::Status.is_in(DONE))
            .add(ineffective()),
        ActionStage::Verified => Condition::any().add(verified()).add(ineffective()),
        ActionStage::Effective => Condition::all().add(verified()),
    }
}

fn timely(way: Timeliness, today: NaiveDate) -> Condition {
    let done = || {
        Condition::all()
            .add(Column::Status.is_in(DONE))
            .add(Column::DueOn.is_not_null())
    };
    // A date as text is the same on every database, and so is the beginning of an instant.
    let as_text = |column: Column| column.into_simple_expr().cast_as("text");
    let implemented_on = || {
        let text = as_text(Column::ImplementedAt);
        Expr::from(Func::cust("substr").args([text, Expr::val(1), Expr::val(10)]))
    };
    match way {
        Timeliness::OnTime => done()
            .add(Column::ImplementedAt.is_not_null())
            .add(implemented_on().lte(as_text(Column::DueOn))),
        Timeliness::Late => done().add(
            Condition::any()
                .add(Column::ImplementedAt.is_null())
                .add(implemented_on().gt(as_text(Column::DueOn))),
        ),
        Timeliness::Overdue => overdue(today),
    }
}
