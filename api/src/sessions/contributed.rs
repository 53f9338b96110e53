//! What people contributed to a workshop, by group: four queries, however much it is.

use std::cmp::Reverse;
use std::collections::HashMap;

use entity::{contribution, contribution_group};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{PackContributions, PackGroup};
use crate::contributions::board::body::{BoardBody, Holdings};
use crate::contributions::body::ContributionBody;
use crate::contributions::groups::body::GroupBody;
use crate::contributions::{board, groups, store};
use crate::kernel::error::Result;

/// Reads what is shown of a workshop's board.
pub async fn read(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<PackContributions> {
    let row = board::store::of(connection, workshop).await?;
    let groups = groups::store::for_workshop(connection, workshop).await?;
    let contributions = store::for_workshop(connection, workshop).await?;
    let holds = Holdings {
        contributions: contributions.len(),
        groups: groups.len(),
    };
    let (groups, ungrouped) = sorted(groups, contributions);
    Ok(PackContributions {
        board: row.map(|row| BoardBody::of(row, holds)),
        groups,
        ungrouped,
    })
}

/// Contributions by group; equal ones stay in the order of their ids.
fn sorted(
    mut groups: Vec<contribution_group::Model>,
    mut contributions: Vec<contribution::Model>,
) -> (Vec<PackGroup>, Vec<ContributionBody>) {
    groups.sort_by_key(|group| Reverse(group.votes));
    contributions.sort_by_key(|one| (Reverse(one.votes), one.prompt));
    let mut within: HashMap<Option<Uuid>, Vec<ContributionBody>> = HashMap::new();
    for one in contributions {
        within.entry(one.group_id).or_default().push(one.into());
    }
    let ungrouped = within.remove(&None).unwrap_or_default();
    let groups = groups.into_iter().map(|group| PackGroup {
        contributions: within.remove(&Some(group.id)).unwrap_or_default(),
        group: GroupBody::from(group),
    });
    (groups.collect(), ungrouped)
}
