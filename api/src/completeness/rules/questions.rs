//! The nine questions of NIST SP 800-61r2 §3.4.1, and what an answer to each asks for.

use super::answers::{
    adequate, chronology, detection, efforts, end, followed, hindsight, inhibitors, key_events,
    known_then, late_information, lesson, lessons_rest, needs, root_causes_are_answered, sharing,
    signs, techniques, watched,
};
use super::response::{self, EVERY};
use super::shared::action_is_agreed;
use super::{Criterion, Part};

/// Every question, in their order.
pub const ALL: [Part; 9] = [
    Part {
        code: "what_happened",
        text: "Exactly what happened, and at what times?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "chronology_recorded",
                text: "The chronology has events",
                weight: 2,
                judge: chronology,
            },
            Criterion {
                code: "key_events_marked",
                text: "Key events or milestones are marked in it",
                weight: 1,
                judge: key_events,
            },
            Criterion {
                code: "detection_timed",
                text: "It is known when each incident was detected",
                weight: 1,
                judge: detection,
            },
            Criterion {
                code: "end_timed",
                text: "It is known when each incident was contained, eradicated or recovered from",
                weight: 1,
                judge: end,
            },
        ],
    },
    Part {
        code: "staff_and_management",
        text: "How well did staff and management perform in dealing with the incident? Were the documented procedures followed? Were they adequate?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "response_assessed",
                text: "Every dimension of the response is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &EVERY),
            },
            Criterion {
                code: "procedures_followed_answered",
                text: "Every assessment says whether the procedures were followed",
                weight: 1,
                judge: followed,
            },
            Criterion {
                code: "procedures_adequate_answered",
                text: "Every assessment says whether the procedures were adequate",
                weight: 1,
                judge: adequate,
            },
        ],
    },
    Part {
        code: "information_needed_sooner",
        text: "What information was needed sooner?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "knowledge_at_decisions",
                text: "Every logged decision, one at least, says what was known then",
                weight: 1,
                judge: known_then,
            },
            Criterion {
                code: "late_information_named",
                text: "What came late is named: missed alerts, events known only in hindsight, communications not in time",
                weight: 2,
                judge: late_information,
            },
        ],
    },
    Part {
        code: "inhibited_recovery",
        text: "Were any steps or actions taken that might have inhibited the recovery?",
        weight: 7,
        criteria: &[Criterion {
            code: "inhibitors_named",
            text: "What held the recovery up is named, or the recovery is assessed as free of it",
            weight: 1,
            judge: inhibitors,
        }],
    },
    Part {
        code: "do_differently",
        text: "What would the staff and management do differently the next time a similar incident occurs?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "lesson_recorded",
                text: "A lesson is recorded",
                weight: 2,
                judge: lesson,
            },
            Criterion {
                code: "lessons_rest_on_findings",
                text: "Every lesson rests on a finding",
                weight: 1,
                judge: lessons_rest,
            },
            Criterion {
                code: "decisions_in_hindsight",
                text: "Every logged decision, one at least, says how it looks in hindsight",
                weight: 1,
                judge: hindsight,
            },
        ],
    },
    Part {
        code: "information_sharing",
        text: "How could information sharing with other organizations have been improved?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "external_communications_judged",
                text: "Every communication with others outside, one at least, is judged: in time, with effect",
                weight: 1,
                judge: |facts| response::each_communication(facts, true),
            },
            Criterion {
                code: "sharing_improvement_named",
                text: "What can be better is named: an issue, a gap in communication or with third parties, a lesson for suppliers or the industry",
                weight: 1,
                judge: sharing,
            },
        ],
    },
    Part {
        code: "corrective_actions",
        text: "What corrective actions can prevent similar incidents in the future?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "action_agreed",
                text: "An action is agreed on",
                weight: 1,
                judge: action_is_agreed,
            },
            Criterion {
                code: "root_causes_answered",
                text: "Every root cause, or a finding next to it in its chain of reasons, has a recommendation, an action or a reason for none",
                weight: 2,
                judge: root_causes_are_answered,
            },
        ],
    },
    Part {
        code: "precursors_and_indicators",
        text: "What precursors or indicators should be watched for in the future to detect similar incidents?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "signs_in_chronology",
                text: "The chronology holds the signs: alerts, missed alerts, detections",
                weight: 1,
                judge: signs,
            },
            Criterion {
                code: "techniques_named",
                text: "The techniques are named by an incident or a finding, if there was an adversary",
                weight: 1,
                judge: techniques,
            },
            Criterion {
                code: "detection_improved",
                text: "What is to be watched is named: an action that detects, a gap in detection, a detective control",
                weight: 1,
                judge: watched,
            },
        ],
    },
    Part {
        code: "tools_and_resources",
        text: "What additional tools or resources are needed to detect, analyze, and mitigate future incidents?",
        weight: 7,
        criteria: &[
            Criterion {
                code: "needs_named",
                text: "A gap in technology, detection, access, staff, training or recovery is recorded, or the whole response is judged to have had none",
                weight: 1,
                judge: needs,
            },
            Criterion {
                code: "efforts_estimated",
                text: "Every committed action says what it takes",
                weight: 1,
                judge: efforts,
            },
        ],
    },
];
