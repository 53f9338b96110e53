//! What the answers to a round of feedback come to: the box of the round without anything that leads from
//! it to a person. Whoever only tells of results reads this, and never sees the rest.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::JsonColumn;
use crate::feedback_box::Tally;
use crate::vocabulary::FeedbackQuestion;

/// A comment, without the hash that only its writer's receipt leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The question that it is about; none, when it is about the whole.
    pub question: Option<FeedbackQuestion>,
    /// What it says.
    pub text: String,
}

/// The result of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "feedback_boxes")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Of which round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: Uuid,
    /// How many have answered.
    pub n: i32,
    /// How often each answer was given to each question.
    pub tallies: JsonColumn<Vec<Tally>>,
    /// The comments, in an order that says nothing.
    pub comments: JsonColumn<Vec<Remark>>,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
