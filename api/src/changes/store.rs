//! Queries of changes. Every one is bound to the caller: to their organisation, and to what is visible
//! to them when it is asked.

use entity::audit_record::{Column, Entity};
use entity::{Timestamp, review};
use sea_orm::sea_query::{ExprTrait as _, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr,
    JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::rules::{TypeFilter, hidden_from};
use crate::kernel::access::Caller;
use crate::kernel::audit::head;
use crate::kernel::error::Result;
use crate::reviews::store::visible;

/// Which changes.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of any of these types; of all when none is named.
    pub types: Vec<TypeFilter>,
    /// In this review.
    pub review: Option<Uuid>,
}

/// A change as it is on record.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// Its place in the organisation's chain.
    pub sequence: i64,
    /// When it was made.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// To what kind of resource.
    pub resource_type: String,
    /// To which one.
    pub resource_id: Uuid,
    /// In which review.
    pub review_id: Option<Uuid>,
    /// What that is called.
    pub review_key: Option<String>,
    /// How the resource is since.
    pub after: Option<String>,
}

/// Some changes in a row.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Those that exist for the caller, in their order.
    pub items: Vec<Record>,
    /// The place in the chain up to which there are no others.
    pub until: i64,
    /// Whether there are more behind it.
    pub more: bool,
}

/// The place of the newest change, whoever may see it.
pub async fn newest(connection: &impl ConnectionTrait, caller: &Caller) -> Result<i64> {
    Ok(head(connection, caller.organization).await?.0)
}

/// The next changes behind a place in the chain.
pub async fn next(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &Filter,
    after: i64,
    limit: usize,
) -> Result<Changes> {
    // Read first: what is committed meanwhile lies behind it, as there are no gaps in a chain.
    let newest = newest(connection, caller).await?;
    if newest <= after {
        return Ok(Changes {
            items: Vec::new(),
            until: after,
            more: false,
        });
    }
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let mut items: Vec<Record> = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Sequence,
            Column::At,
            Column::Action,
            Column::ResourceType,
            Column::ResourceId,
            Column::ReviewId,
            Column::After,
        ])
        .column_as(review::Column::Key, "review_key")
        .join(JoinType::LeftJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::Sequence.gt(after))
        .filter(Column::Sequence.lte(newest))
        .filter(readable(caller))
        .filter(asked_for(filter))
        .order_by_asc(Column::Sequence)
        .limit(limit as u64 + 1)
        .into_model()
        .all(connection)
        .await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let until = match items.last().filter(|_| more) {
        Some(last) => last.sequence,
        None => newest,
    };
    Ok(Changes { items, until, more })
}

/// What the caller may see: nothing in a review that is hidden, nothing of a kind that they cannot read.
fn readable(caller: &Caller) -> Condition {
    let in_sight = Condition::any()
        .add(Column::ReviewId.is_null())
        .add(visible(caller));
    let hidden = hidden_from(caller);
    let allowed = (!hidden.is_empty()).then(|| Column::ResourceType.is_not_in(hidden));
    Condition::all().add(in_sight).add_option(allowed)
}

fn asked_for(filter: &Filter) -> Condition {
    let condition =
        Condition::all().add_option(filter.review.map(|review| Column::ReviewId.eq(review)));
    // One is looked up; several are looked for along the chain, so that they need no sorting.
    match filter.types.as_slice() {
        [] => condition,
        [TypeFilter::Exactly(one)] => condition.add(Column::Action.eq(one.as_str())),
        several => condition.add(several.iter().fold(Condition::any(), |any, one| {
            let pattern = match one {
                TypeFilter::Exactly(action) => escaped(action),
                TypeFilter::Of(kind) => format!("{}.%", escaped(kind)),
            };
            let pattern = LikeExpr::new(pattern).escape('\\');
            any.add(Column::Action.into_simple_expr().like(pattern))
        })),
    }
}

/// A text that stands for nothing but itself in a pattern.
fn escaped(text: &str) -> String {
    text.replace('_', "\\_")
}
