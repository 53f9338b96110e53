//! Business calendars: when an organisation works.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::{JsonColumn, Timestamp};

/// A stretch of a day, in local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingInterval {
    /// When it begins.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    pub from: String,
    /// When it ends; `24:00` is the end of the day.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "17:00")]
    pub to: String,
}

/// The working hours of a week; a day that is left out is no working day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// On Mondays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub monday: Vec<WorkingInterval>,
    /// On Tuesdays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub tuesday: Vec<WorkingInterval>,
    /// On Wednesdays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub wednesday: Vec<WorkingInterval>,
    /// On Thursdays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub thursday: Vec<WorkingInterval>,
    /// On Fridays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub friday: Vec<WorkingInterval>,
    /// On Saturdays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub saturday: Vec<WorkingInterval>,
    /// On Sundays.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub sunday: Vec<WorkingInterval>,
}

impl WorkingHours {
    /// The days with their names, Monday first.
    pub fn days(&self) -> [(&'static str, &[WorkingInterval]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// A day on which nobody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day, in the calendar's time zone.
    #[schema(example = "2026-12-25")]
    pub date: Date,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Christmas Day")]
    pub name: String,
}

/// A business calendar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendars")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name, unique in the organisation.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// IANA name of its time zone.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// When there is work.
    pub working_hours: JsonColumn<WorkingHours>,
    /// When there is none although the week says so.
    pub holidays: JsonColumn<Vec<Holiday>>,
    /// The organisation whose default it is; unique, so that there is one.
    pub default_of: Option<Uuid>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
