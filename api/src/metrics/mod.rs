//! Metrics: numbers with their definitions, each traceable to the records behind it.
//!
//! `response` measures how incidents were handled, `remediation` how improvements fare, `learning`
//! what came back, `process` how reviews are held. What they have in common is here.

pub mod definition;
pub mod distribution;
pub mod groups;
pub mod learning;
mod link;
pub mod numbers;
pub mod process;
pub mod remediation;
pub mod response;
pub mod window;

use entity::{participant, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait, IntoSimpleExpr as _};

use crate::kernel::mount::ServiceConfig;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.configure(response::http::routes);
    config.configure(remediation::http::routes);
    config.configure(learning::http::routes);
    config.configure(process::http::routes);
}

/// A JSON column as its text: to read that straight into a type costs a fraction of what a tree of
/// values does.
fn as_text(column: impl ColumnTrait) -> SimpleExpr {
    column.into_simple_expr().cast_as("text")
}

/// The part of the organisation for which a review's owner takes part in it.
fn owner_function() -> Expr {
    use participant::Column;
    let of_review = |column: review::Column| (review::Entity, column);
    let own = |column: Column| Expr::col((participant::Entity, column));
    let function = Query::select()
        .expr(own(Column::Function))
        .from(participant::Entity)
        .and_where(own(Column::ReviewId).equals(of_review(review::Column::Id)))
        .and_where(own(Column::Subject).equals(of_review(review::Column::OwnerSubject)))
        .to_owned();
    Expr::SubQuery(None, Box::new(function.into()))
}
