//! Casting ballots and reading one's own.

use ring::hmac;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{BallotBody, CastBallot};
use super::rules::{self, Candidates};
use super::store;
use crate::contributions::board::store as boards;
use crate::contributions::rules::Step;
use crate::contributions::{groups, sealed, store as contributions};
use crate::kernel::access::Caller;
use crate::kernel::call::Unsigned;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;

/// The name under which somebody's votes are kept while they are given: nobody can compute it from a
/// subject without the secret, which is destroyed when the votes are counted.
fn voter(secret: &hmac::Key, caller: &Caller) -> Vec<u8> {
    let mut context = hmac::Context::with_key(secret);
    context.update(b"voter\0");
    context.update(caller.subject.as_bytes());
    context.sign().as_ref().to_vec()
}

/// Makes these the votes of the caller.
pub async fn cast(
    tx: &Unsigned,
    caller: &Caller,
    workshop: Uuid,
    precondition: &Precondition,
    given: &CastBallot,
) -> Result<BallotBody> {
    let opened = sealed::opened(tx, caller, workshop, Step::Vote).await?;
    let votes = opened.board.votes_per_person;
    let voter = voter(&opened.secret(), caller);
    let before = store::of(&**tx, workshop, &voter).await?;
    let shown = ballot(&**tx, (workshop, votes), before).await?;
    precondition.check_tag_if_present(&shown.tag())?;
    let candidates = candidates(&**tx, workshop, given).await?;
    let most = usize::try_from(votes).unwrap_or_default();
    let faults = rules::check(given, &candidates, most);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let targets = [given.contribution_ids.as_slice(), &given.group_ids].concat();
    store::replace(tx, workshop, &voter, &targets).await?;
    let after = store::of(&**tx, workshop, &voter).await?;
    ballot(&**tx, (workshop, votes), after).await
}

/// The caller's own votes while votes are taken; before and afterwards there are none.
pub async fn own(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    workshop: Uuid,
) -> Result<BallotBody> {
    let board = boards::of(connection, workshop).await?;
    let board = board.ok_or_else(|| Error::not_found("board: the workshop has none yet"))?;
    let own = match boards::box_of(connection, workshop).await? {
        Some(sealed) => {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, &sealed.secret);
            store::of(connection, workshop, &voter(&secret, caller)).await?
        }
        None => Vec::new(),
    };
    ballot(connection, (workshop, board.votes_per_person), own).await
}

async fn ballot(
    connection: &impl ConnectionTrait,
    (workshop, votes_per_person): (Uuid, i32),
    targets: Vec<Uuid>,
) -> Result<BallotBody> {
    let known = groups::store::among(connection, workshop, &targets).await?;
    let is_group = |id: &Uuid| known.iter().any(|group| group.id == *id);
    let cast = targets.len();
    let (group_ids, contribution_ids) = targets.into_iter().partition(is_group);
    let votes = usize::try_from(votes_per_person).unwrap_or_default();
    Ok(BallotBody {
        workshop_id: workshop,
        votes_per_person,
        votes_left: votes.saturating_sub(cast),
        contribution_ids,
        group_ids,
    })
}

async fn candidates(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    given: &CastBallot,
) -> Result<Candidates> {
    let asked = &given.contribution_ids;
    let contributions = contributions::among(connection, workshop, asked).await?;
    let groups = groups::store::among(connection, workshop, &given.group_ids).await?;
    Ok(Candidates {
        contributions: contributions
            .into_iter()
            .map(|one| (one.id, one.group_id.is_some()))
            .collect(),
        groups: groups.into_iter().map(|one| one.id).collect(),
    })
}
