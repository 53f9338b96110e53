//! Bodies and parameters of calendars.

use entity::calendar::{self, Holiday, Model, WorkingHours};
use entity::policy::Period;
use entity::vocabulary::DurationUnit;
use entity::{JsonColumn, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::kernel::body::Patch;

/// A business calendar as it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineCalendar {
    /// Its name, unique in the organisation.
    #[schema(min_length = 1, max_length = 200, example = "Dublin office")]
    pub name: String,
    /// IANA name of its time zone.
    #[schema(min_length = 1, max_length = 64, example = "Europe/Dublin")]
    pub time_zone: String,
    /// When there is work: one hour in the week at least, stretches in order and apart from each
    /// other. Monday to Friday from 09:00 to 17:00, when it is left out.
    #[serde(default = "rules::office_hours")]
    #[schema(example = json!({ "monday": [{ "from": "09:00", "to": "17:00" }] }))]
    pub working_hours: WorkingHours,
    /// Days without work although the week says so, each once.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub holidays: Vec<Holiday>,
    /// Whether it counts where no calendar is named. Another that was the default ceases to be.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub is_default: bool,
}

/// A change of a calendar.
pub type CalendarPatch = Patch<DefineCalendar>;

impl From<&Model> for DefineCalendar {
    fn from(row: &Model) -> Self {
        Self {
            name: row.name.clone(),
            time_zone: row.time_zone.clone(),
            working_hours: row.working_hours.0.clone(),
            holidays: row.holidays.0.clone(),
            is_default: row.default_of.is_some(),
        }
    }
}

/// A business calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarBody {
    /// Its id; `null` for the built-in one.
    id: Option<Uuid>,
    /// Its name.
    #[schema(example = "Dublin office")]
    name: String,
    /// IANA name of its time zone.
    #[schema(example = "Europe/Dublin")]
    time_zone: String,
    /// When there is work.
    working_hours: WorkingHours,
    /// Days without work although the week says so.
    holidays: Vec<Holiday>,
    /// Whether it counts where no calendar is named.
    #[schema(example = true)]
    is_default: bool,
    /// Whether it came with the service: Monday to Friday, 09:00 to 17:00 UTC. It counts where an
    /// organisation has no default of its own, and cannot be changed.
    #[schema(example = false)]
    is_built_in: bool,
    /// When it was archived: it still counts where it is named already.
    archived_at: Option<Timestamp>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created; `null` for the built-in one.
    created_at: Option<Timestamp>,
    /// Who created it; `null` for the built-in one.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: Option<String>,
    /// When it was last changed; `null` for the built-in one.
    updated_at: Option<Timestamp>,
}

impl CalendarBody {
    /// The one that counts where an organisation has none of its own.
    pub fn built_in() -> Self {
        let counting = rules::built_in().calendar;
        Self {
            id: None,
            name: counting.name,
            time_zone: counting.time_zone,
            working_hours: rules::office_hours(),
            holidays: Vec::new(),
            is_default: true,
            is_built_in: true,
            archived_at: None,
            version: 1,
            created_at: None,
            created_by: None,
            updated_at: None,
        }
    }

    /// Its version.
    pub fn version(&self) -> i32 {
        self.version
    }
}

impl From<Model> for CalendarBody {
    fn from(row: Model) -> Self {
        let JsonColumn(working_hours) = row.working_hours;
        Self {
            id: Some(row.id),
            name: row.name,
            time_zone: row.time_zone,
            working_hours,
            holidays: row.holidays.0,
            is_default: row.default_of.is_some(),
            is_built_in: false,
            archived_at: row.archived_at,
            version: row.version,
            created_at: Some(row.created_at),
            created_by: Some(row.created_by),
            updated_at: Some(row.updated_at),
        }
    }
}

/// A page of calendars.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarList {
    /// The calendars, in order.
    items: Vec<CalendarBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CalendarPath {
    /// Id of the calendar, or `default` for the one that counts where none is named.
    #[param(
        pattern = "^(default|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "default"
    )]
    pub calendar: String,
}

crate::sorts! {
    /// Order of a list of calendars.
    CalendarSort of calendar::Entity, default Name;
    Name NameDescending "name" "-name" Name;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which calendars, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListCalendars {
    /// Only those that are archived, or only the others.
    pub archived: Option<bool>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: CalendarSort,
}

/// What to count, and from when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountTime {
    /// When it begins; now, when it is left out.
    pub from: Option<Timestamp>,
    /// How many of the unit.
    #[serde(default = "one")]
    #[param(minimum = 1, maximum = 1000, default = 1, example = 5)]
    pub amount: i32,
    /// What is counted; business days, when it is left out.
    #[serde(default = "business_days")]
    #[param(inline)]
    pub unit: DurationUnit,
}

fn one() -> i32 {
    1
}

fn business_days() -> DurationUnit {
    DurationUnit::BusinessDays
}

/// When a period ends in a calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueDateBody {
    /// The calendar that counted; `null` for the built-in one.
    pub calendar_id: Option<Uuid>,
    /// IANA name of its time zone.
    #[schema(example = "Europe/Dublin")]
    pub time_zone: String,
    /// When it begins.
    #[schema(example = "2026-11-27T16:00:00Z")]
    pub from: Timestamp,
    /// What was counted.
    pub period: Period,
    /// When it ends.
    #[schema(example = "2026-12-04T17:00:00Z")]
    pub due_at: Timestamp,
}
