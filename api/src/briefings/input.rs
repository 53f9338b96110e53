//! What is sent of briefings.

use entity::Timestamp;
use entity::briefing::Model;
use entity::shared::Person;
use entity::vocabulary::{BriefingAudience, BriefingSection, CommunicationChannel};
use sea_orm::Iterable as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Message;
use crate::kernel::body::Patch;

/// A briefing as it is drafted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBriefing {
    /// For whom it is; it never changes.
    pub audience: BriefingAudience,
    /// What it says above all; the review's title, when it is left out.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "An account without a second factor cost us 34 hours of freight documents"
    )]
    pub headline: Option<String>,
    /// What its readers should take away.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<Message>)]
    pub key_messages: Vec<String>,
    /// What its readers are asked to decide.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<Message>)]
    pub decisions_wanted: Vec<String>,
    /// What it tells of, in this order; everything, when it is left out.
    #[serde(default = "everything")]
    #[schema(min_items = 1, max_items = 12)]
    pub sections: Vec<BriefingSection>,
}

fn everything() -> Vec<BriefingSection> {
    BriefingSection::iter().collect()
}

/// What can be changed of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBriefing {
    /// What it says above all.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "An account without a second factor cost us 34 hours of freight documents"
    )]
    pub headline: String,
    /// What its readers should take away.
    #[schema(max_items = 20, value_type = Vec<Message>)]
    pub key_messages: Vec<String>,
    /// What its readers are asked to decide.
    #[schema(max_items = 20, value_type = Vec<Message>)]
    pub decisions_wanted: Vec<String>,
    /// What it tells of, in this order.
    #[schema(min_items = 1, max_items = 12)]
    pub sections: Vec<BriefingSection>,
}

/// A change of a draft.
pub type BriefingPatch = Patch<ChangeBriefing>;

impl From<&Model> for ChangeBriefing {
    fn from(row: &Model) -> Self {
        Self {
            headline: row.headline.clone(),
            key_messages: row.key_messages.0.clone(),
            decisions_wanted: row.decisions_wanted.0.clone(),
            sections: row.sections.0.clone(),
        }
    }
}

/// To whom a briefing was given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverBriefing {
    /// To whom.
    #[schema(min_items = 1, max_items = 50)]
    pub recipients: Vec<Person>,
    /// By which means.
    pub channel: CommunicationChannel,
    /// When; now, when it is left out.
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
}

/// Who has taken note of a briefing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeBriefing {
    /// For whom it is recorded; for the caller, when it is left out.
    #[serde(default)]
    pub recipient: Option<Person>,
}
