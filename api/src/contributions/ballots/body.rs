//! A ballot as it is cast and shown to whoever cast it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::audit::hex;

/// A ballot as it is cast: everything that gets one of the caller's votes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CastBallot {
    /// Contributions that are in no group.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub contribution_ids: Vec<Uuid>,
    /// Groups.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub group_ids: Vec<Uuid>,
}

/// The caller's own ballot.
#[derive(Debug, Serialize, ToSchema)]
pub struct BallotBody {
    /// The workshop.
    pub workshop_id: Uuid,
    /// How many votes there are.
    #[schema(minimum = 1, maximum = 50, example = 5)]
    pub votes_per_person: i32,
    /// How many of them are left.
    #[schema(minimum = 0, maximum = 50, example = 3)]
    pub votes_left: usize,
    /// The contributions that got one.
    pub contribution_ids: Vec<Uuid>,
    /// The groups that got one.
    pub group_ids: Vec<Uuid>,
}

impl BallotBody {
    /// Its entity tag: a digest of what it says.
    pub fn tag(&self) -> String {
        let said = serde_json::to_vec(self).unwrap_or_default();
        let digest = ring::digest::digest(&ring::digest::SHA256, &said);
        format!("\"{}\"", hex(&digest.as_ref()[..12]))
    }
}
