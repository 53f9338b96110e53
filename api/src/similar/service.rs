//! Finding reviews that are alike, with a number of queries that does not depend on how many there are.

use std::collections::HashMap;

use entity::review::Model;

use super::rules::{self, Alike};
use super::store;
use crate::kernel::access::Caller;
use crate::kernel::database::Database;
use crate::kernel::error::Result;
use crate::reviews;

/// The reviews that are most alike to one, each with its reasons.
pub async fn find(
    database: &Database,
    caller: &Caller,
    review: &str,
    most: usize,
) -> Result<Vec<(Model, Alike)>> {
    let one = reviews::store::find(database, caller, review).await?;
    let having = store::having(database, caller, one.id).await?;
    let all = store::count(database, caller).await?;
    let all = usize::try_from(all).unwrap_or(usize::MAX);
    let found = rules::alike(one.id, &having, all, most);
    let ids: Vec<_> = found.iter().map(|alike| alike.review).collect();
    let rows = store::reviews(database, caller, &ids).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let shown = found.into_iter();
    Ok(shown
        .filter_map(|alike| Some((rows.remove(&alike.review)?, alike)))
        .collect())
}
