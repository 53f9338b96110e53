//! Who led the workshops of reviews, and who came.

use std::collections::BTreeMap;

use entity::vocabulary::{Attendance, StakeholderFunction};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::definition::MetricDefinition;
use crate::metrics::distribution::ratio;
use crate::metrics::numbers::MetricShare;
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;
use crate::workshops::presence::Presence;
use crate::workshops::readiness::Facilitation;

/// Each way in which a session is led, and what holds of a review that had one led so.
const FACILITATIONS: [(Facilitation, ProcessFlag); 4] = [
    (Facilitation::Neutral, ProcessFlag::LedNeutrally),
    (Facilitation::Overridden, ProcessFlag::LedByOverride),
    (Facilitation::Conflicted, ProcessFlag::LedInConflict),
    (Facilitation::Nobody, ProcessFlag::LedByNobody),
];

/// How many workshops were led in one way.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkshopsByFacilitation {
    /// How they were led, as it was found when their facilitator was last looked at.
    facilitation: Facilitation,
    /// How many workshops.
    #[schema(minimum = 0, example = 14)]
    n: u64,
    /// How many reviews have one.
    #[schema(minimum = 0, example = 12)]
    n_reviews: u64,
    /// The reviews that have one; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?is=led_by_override"
    )]
    records_url: Option<String>,
}

/// How one part of the organisation took part in workshops.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceByFunction {
    /// The part of the organisation.
    function: StakeholderFunction,
    /// How many people were invited for it.
    #[schema(minimum = 0, example = 20)]
    n_invited: u64,
    /// How many of them came.
    #[schema(minimum = 0, example = 16)]
    n_attended: u64,
    /// How many of them were excused.
    #[schema(minimum = 0, example = 2)]
    n_excused_people: u64,
    /// The share of the invited that came, 0 to 1; null when nobody was invited.
    #[schema(minimum = 0, maximum = 1, example = 0.8)]
    attendance_rate: Option<f64>,
    /// How many workshops needed it, by the policies of their reviews.
    #[schema(minimum = 0, example = 11)]
    n_required: u64,
    /// In how many of these somebody was there for it.
    #[schema(minimum = 0, example = 8)]
    n_present: u64,
    /// How many of these did without it, for a recorded reason.
    #[schema(minimum = 0, example = 1)]
    n_excused: u64,
    /// How many of these were held without it, and nobody said why.
    #[schema(minimum = 0, example = 2)]
    n_absent: u64,
    /// How many reviews have a workshop that was held without it.
    #[schema(minimum = 0, example = 2)]
    n_reviews: u64,
    /// These reviews; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?absent_function=legal"
    )]
    records_url: Option<String>,
}

/// Who led the workshops that were held, and who came.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkshopsSection {
    /// How many workshops of any kind were held.
    #[schema(minimum = 0, example = 16)]
    n_workshops: u64,
    /// How many reviews have a workshop that somebody led who is not neutral, for a recorded reason.
    facilitator_override_rate: MetricShare,
    /// By how they were led, each way present; together they are the workshops.
    by_facilitation: Vec<WorkshopsByFacilitation>,
    /// How many reviews have a workshop that a required function was missing from.
    function_absent_rate: MetricShare,
    /// What is told of the people of each function.
    attendance: MetricDefinition,
    /// What is told of each function that is required.
    presence: MetricDefinition,
    /// By function, those that were invited or required.
    by_function: Vec<AttendanceByFunction>,
}

/// What is counted of a function.
#[derive(Clone, Copy, Debug, Default)]
struct Took {
    invited: u64,
    attended: u64,
    excused_people: u64,
    present: u64,
    excused: u64,
    absent: u64,
    reviews: u64,
}

impl WorkshopsSection {
    /// Counts workshops.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let sessions = || subject.items.iter().flat_map(|item| &item.sessions);
        let by_facilitation = FACILITATIONS.map(|(facilitation, flag)| {
            let own = sessions().filter(|one| one.facilitation == facilitation);
            WorkshopsByFacilitation {
                facilitation,
                n: own.count() as u64,
                n_reviews: subject.n(flag),
                records_url: subject.records.of_flag(flag),
            }
        });
        let by_function = took(subject).into_iter();
        let by_function = by_function.map(|(function, took)| AttendanceByFunction {
            function,
            n_invited: took.invited,
            n_attended: took.attended,
            n_excused_people: took.excused_people,
            attendance_rate: ratio(took.attended, took.invited),
            n_required: took.present + took.excused + took.absent,
            n_present: took.present,
            n_excused: took.excused,
            n_absent: took.absent,
            n_reviews: took.reviews,
            records_url: subject.records.without_function(function),
        });
        Self {
            n_workshops: sessions().count() as u64,
            facilitator_override_rate: subject.share(
                Number::FacilitatorOverrideRate,
                ProcessFlag::LedByOverride,
                Some(ProcessFlag::HadSession),
            ),
            by_facilitation: by_facilitation.into(),
            function_absent_rate: subject.share(
                Number::FunctionAbsentRate,
                ProcessFlag::FunctionAbsent,
                Some(ProcessFlag::WorkshopHeld),
            ),
            attendance: Number::Attendance.definition(),
            presence: Number::Presence.definition(),
            by_function: by_function.collect(),
        }
    }
}

fn took(subject: &Subject<'_>) -> BTreeMap<StakeholderFunction, Took> {
    let mut all: BTreeMap<StakeholderFunction, Took> = BTreeMap::new();
    for session in subject.items.iter().flat_map(|item| &item.sessions) {
        for (function, attendance) in &session.invited {
            let took = all.entry(*function).or_default();
            took.invited += 1;
            took.attended += u64::from(*attendance == Some(Attendance::Attended));
            took.excused_people += u64::from(*attendance == Some(Attendance::Excused));
        }
        for (function, presence) in &session.required {
            let took = all.entry(*function).or_default();
            match presence {
                Presence::Present => took.present += 1,
                Presence::Excused => took.excused += 1,
                _ => took.absent += 1,
            }
        }
    }
    for (function, took) in &mut all {
        let items = subject.items.iter();
        let without = items.filter(|item| item.lacked(&[*function]));
        took.reviews = without.count() as u64;
    }
    all
}
