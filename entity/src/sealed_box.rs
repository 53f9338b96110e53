//! What is kept from everybody while a board collects anonymously or votes. The row is removed with
//! its secret when that ends, and from then on nothing can be computed from it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::JsonColumn;
use crate::vocabulary::ContributionPrompt;

/// An anonymous contribution that is not shown yet. Nothing says whose it is, or when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its id, which is random.
    pub id: Uuid,
    /// What it answers and says; nothing once it was withdrawn.
    pub said: Option<Said>,
    /// SHA-256 of what withdraws it.
    pub withdrawal_sha256: String,
}

/// What a contribution says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What it answers.
    pub prompt: ContributionPrompt,
    /// What somebody has to say.
    pub text: String,
}

/// The box of a workshop's board.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sealed_boxes")]
pub struct Model {
    /// Of which workshop.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workshop_id: Uuid,
    /// What ids and voters are derived with.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub secret: Vec<u8>,
    /// What is in it, in the order of the ids, whatever the order in which it came: one value, so that
    /// no row, place or transaction belongs to one of them.
    pub entries: JsonColumn<Vec<Sealed>>,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
