//! Which steps a lesson's state allows. Pure.

use entity::Timestamp;
use entity::vocabulary::LessonStatus;

use crate::kernel::error::{Error, Fault, Result};

/// A step of a lesson's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is confirmed.
    Validate,
    /// A revision of a document takes it in.
    Embed,
    /// The last revision that had it was withdrawn.
    Release,
    /// It no longer applies.
    Retire,
    /// It has to be looked at again.
    Repropose,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 5] = [
        Self::Validate,
        Self::Embed,
        Self::Release,
        Self::Retire,
        Self::Repropose,
    ];
}

/// Where a step leads from a state, or nothing where it is not allowed. What was validated again
/// while a document still has it is embedded at once.
///
/// | from | validate | embed | release | retire | repropose |
/// | --- | --- | --- | --- | --- | --- |
/// | proposed | validated, or embedded | | stays | yes | |
/// | validated | | embedded | stays | yes | proposed |
/// | embedded | | stays | validated | yes | |
/// | retired | | | stays | | proposed |
pub fn after(from: LessonStatus, step: Step, in_a_document: bool) -> Option<LessonStatus> {
    use LessonStatus::{Embedded, Proposed, Retired, Validated};
    match (from, step) {
        (Proposed, Step::Validate) if in_a_document => Some(Embedded),
        (Proposed, Step::Validate) | (Embedded, Step::Release) => Some(Validated),
        (Validated | Embedded, Step::Embed) => Some(Embedded),
        (stays, Step::Release) => Some(stays),
        (Proposed | Validated | Embedded, Step::Retire) => Some(Retired),
        (Validated | Retired, Step::Repropose) => Some(Proposed),
        _ => None,
    }
}

/// The state that a verb leads to; a conflict where it is not allowed.
pub fn moved(from: LessonStatus, step: Step, in_a_document: bool) -> Result<LessonStatus> {
    after(from, step, in_a_document).ok_or_else(|| {
        let wanted = match step {
            Step::Validate => "only what is proposed can be validated",
            Step::Retire => "it can't be retired",
            Step::Repropose if from == LessonStatus::Embedded => {
                "withdraw the revisions that have it, or retire it first"
            }
            Step::Repropose => "there is nothing to take back",
            Step::Embed | Step::Release => "no document can have it",
        };
        refused(from, wanted)
    })
}

/// The refusal that a lesson in this state does not take a change.
pub fn refused(status: LessonStatus, wanted: &str) -> Error {
    let detail = format!("the lesson is {status}; {wanted}");
    let fault = Fault::of(&format!("lesson_is_{status}"), detail.clone());
    Error::state(detail, vec![fault])
}

/// For how many whole days a lesson waited for a document, or has waited until now.
pub fn age_days(created_at: Timestamp, ended_at: Option<Timestamp>, now: Timestamp) -> i64 {
    let until = ended_at.unwrap_or(now);
    until
        .0
        .signed_duration_since(created_at.0)
        .num_days()
        .max(0)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn every_state_takes_its_own_steps_only() {
        use LessonStatus::{Embedded, Proposed, Retired, Validated};
        use Step::{Embed, Release, Repropose, Retire, Validate};
        for from in LessonStatus::iter() {
            let allowed: &[(Step, LessonStatus)] = match from {
                Proposed => &[
                    (Validate, Validated),
                    (Release, Proposed),
                    (Retire, Retired),
                ],
                Validated => &[
                    (Embed, Embedded),
                    (Release, Validated),
                    (Retire, Retired),
                    (Repropose, Proposed),
                ],
                Embedded => &[(Embed, Embedded), (Release, Validated), (Retire, Retired)],
                Retired => &[(Release, Retired), (Repropose, Proposed)],
            };
            for step in Step::ALL {
                let expected = allowed.iter().find(|(one, _)| *one == step);
                let expected = expected.map(|(_, to)| *to);
                assert_eq!(after(from, step, false), expected, "{from} {step:?}");
                assert_eq!(moved(from, step, false).ok(), expected, "{from} {step:?}");
                let in_a_document = match expected {
                    Some(Validated) if step == Validate => Some(Embedded),
                    other => other,
                };
                assert_eq!(after(from, step, true), in_a_document, "{from} {step:?}");
            }
        }
    }

    #[test]
    fn a_lesson_ages_until_it_reaches_a_document() {
        let at = |text| Timestamp::parse(text).expect("an instant");
        let created = at("2026-11-01T12:00:00Z");
        let now = at("2026-11-23T11:59:59Z");
        assert_eq!(age_days(created, None, now), 21);
        assert_eq!(age_days(created, Some(at("2026-11-03T12:00:00Z")), now), 2);
        // A document may have said it before the review wrote it down.
        assert_eq!(age_days(created, Some(at("2026-10-01T00:00:00Z")), now), 0);
    }
}
