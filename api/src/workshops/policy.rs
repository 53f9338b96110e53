//! What a review's policy asks of its workshop.

use std::collections::HashMap;

use entity::policy::PolicySnapshot;
use entity::vocabulary::StakeholderFunction;
use entity::{JsonColumn, review};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::kernel::error::Result;

/// The functions that have to be in a session where no policy names others.
pub const REQUIRED_FUNCTIONS: [StakeholderFunction; 5] = [
    StakeholderFunction::Responder,
    StakeholderFunction::It,
    StakeholderFunction::Management,
    StakeholderFunction::Legal,
    StakeholderFunction::Communications,
];

/// What is asked of a review's workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkshopPolicy {
    /// Whether one has to be held before the review is handed in.
    pub required: bool,
    /// The functions that have to be present, or excused with a reason.
    pub functions: Vec<StakeholderFunction>,
}

impl Default for WorkshopPolicy {
    /// Without a policy: no workshop is asked for, and one that is held looks for the usual five.
    fn default() -> Self {
        Self {
            required: false,
            functions: REQUIRED_FUNCTIONS.to_vec(),
        }
    }
}

impl WorkshopPolicy {
    /// What the policy that applies to a review says. The built-in defaults are nobody's decision, and
    /// stand for no policy.
    pub fn of(snapshot: Option<&PolicySnapshot>) -> Self {
        let decided = snapshot.filter(|snapshot| snapshot.policy_id.is_some());
        decided.map_or_else(Self::default, |snapshot| Self {
            required: snapshot.rules.workshop_required,
            functions: snapshot.rules.required_functions.clone(),
        })
    }
}

/// What the policy of a review asks of its workshop.
pub fn of(review: &review::Model) -> WorkshopPolicy {
    WorkshopPolicy::of(review.policy().as_ref())
}

#[derive(Debug, FromQueryResult)]
struct Applied {
    id: Uuid,
    policy_snapshot: Option<JsonColumn<PolicySnapshot>>,
}

/// What the policies of some reviews ask of their workshops: one query.
pub async fn of_reviews(
    connection: &impl ConnectionTrait,
    reviews: &[Uuid],
) -> Result<HashMap<Uuid, WorkshopPolicy>> {
    if reviews.is_empty() {
        return Ok(HashMap::new());
    }
    let applied: Vec<Applied> = review::Entity::find()
        .select_only()
        .columns([review::Column::Id, review::Column::PolicySnapshot])
        .filter(review::Column::Id.is_in(reviews.iter().copied()))
        .into_model()
        .all(connection)
        .await?;
    let policy = |one: &Applied| {
        let snapshot = one.policy_snapshot.as_ref();
        WorkshopPolicy::of(snapshot.map(|column| &column.0))
    };
    Ok(applied.iter().map(|one| (one.id, policy(one))).collect())
}
