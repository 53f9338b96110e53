//! The box into which a round's answers are put. It is one row, so that no order, id, time or
//! transaction of rows tells which answer came with whom; what is in it lies in the order of hashes.
//! Once the round is settled, only what it adds up to and the comments stay.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::JsonColumn;
use crate::vocabulary::{FeedbackAnswer, FeedbackQuestion};

/// One answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slip {
    /// What was asked.
    pub question: FeedbackQuestion,
    /// A hash that only the receipt of whoever answered leads to; another for each question, so that
    /// the answers of one person lie apart.
    pub lock: String,
    /// What was answered.
    pub answer: FeedbackAnswer,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Comment {
    /// A hash that only the receipt of whoever wrote it leads to; empty once the round is settled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lock: String,
    /// The question that it is about; none, when it is about the whole.
    pub question: Option<FeedbackQuestion>,
    /// What it says.
    pub text: String,
}

/// How often each answer was given to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// What was asked.
    pub question: FeedbackQuestion,
    /// How often each answer was given, in the order of the vocabulary.
    pub counts: [u32; 6],
}

/// The box of a round.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback_boxes")]
pub struct Model {
    /// Of which round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: Uuid,
    /// How many have answered.
    pub n: i32,
    /// Keyed hashes of those who have answered, sorted; none once the round is settled.
    pub answered: JsonColumn<Vec<String>>,
    /// The answers, sorted; none once the round is settled.
    pub slips: JsonColumn<Vec<Slip>>,
    /// The comments, sorted by their hashes, and once the round is settled by what they say.
    pub comments: JsonColumn<Vec<Comment>>,
    /// What the answers come to.
    pub tallies: JsonColumn<Vec<Tally>>,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
