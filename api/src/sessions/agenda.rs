//! Making an agenda: which topics a session of a kind has, and how its time is shared out among
//! them by what there is to each. Pure.

use entity::vocabulary::{AgendaTopicKind, WorkshopKind};
use entity::workshop::AgendaTopic;

use super::substance::Substance;

/// The least that a topic is worth setting apart, in minutes.
const LEAST: i32 = 3;
/// From when on a session has a break, and how long that is, in minutes.
const BREAK: (i32, i32) = (120, 10);

/// A topic that a session may have.
#[derive(Clone, Debug)]
struct Part {
    kind: AgendaTopicKind,
    title: &'static str,
    /// Its share of the time.
    weight: i32,
    notes: Option<String>,
}

/// The agenda of a session, whose minutes are those of the session.
///
/// It opens with the ground rules and ends with the next steps. Between them stand the topics of
/// its kind for which the review holds something, the time among them in proportion to how much
/// that is. What would get less than three minutes makes room for the rest.
pub fn propose(kind: WorkshopKind, minutes: i32, holds: &Substance) -> Vec<AgendaTopic> {
    // A fifteenth each for the beginning and the end.
    let frame = (minutes / 15).clamp(1, 5);
    let pause = if minutes >= BREAK.0 { BREAK.1 } else { 0 };
    let available = minutes - 2 * frame - pause;
    let parts = fitting(parts(kind, holds), available);
    let shares = share_out(available, &parts);
    let mut topics = vec![topic(
        AgendaTopicKind::GroundRules,
        "Welcome and ground rules",
        frame,
        None,
    )];
    let mut before = frame;
    let mut rested = pause == 0;
    for (part, share) in parts.into_iter().zip(shares) {
        if !rested && before + share / 2 >= minutes / 2 {
            topics.push(topic(AgendaTopicKind::Break, "Break", pause, None));
            rested = true;
        }
        before += share;
        topics.push(topic(part.kind, part.title, share, part.notes));
    }
    if !rested {
        topics.push(topic(AgendaTopicKind::Break, "Break", pause, None));
    }
    let next = "Next steps and the next date";
    topics.push(topic(AgendaTopicKind::NextSteps, next, frame, None));
    topics
}

fn topic(kind: AgendaTopicKind, title: &str, minutes: i32, notes: Option<String>) -> AgendaTopic {
    AgendaTopic {
        kind,
        title: title.to_owned(),
        minutes,
        notes,
    }
}

/// Drops the least weighty topics until each of the rest can have its least.
fn fitting(mut parts: Vec<Part>, available: i32) -> Vec<Part> {
    while parts.len() > 1 && i32::try_from(parts.len()).unwrap_or(i32::MAX) * LEAST > available {
        let lightest = parts
            .iter()
            .enumerate()
            .min_by_key(|(at, part)| (part.weight, std::cmp::Reverse(*at)));
        let Some((at, _)) = lightest else { break };
        parts.remove(at);
    }
    parts
}

/// Shares minutes out by weight, the least for each first; whole minutes by largest remainder.
fn share_out(minutes: i32, parts: &[Part]) -> Vec<i32> {
    let count = i32::try_from(parts.len()).unwrap_or(i32::MAX);
    let least = LEAST.min(minutes / count.max(1));
    let rest = minutes - least * count;
    let weights: i32 = parts.iter().map(|part| part.weight).sum();
    let weights = weights.max(1);
    let mut shares: Vec<i32> = parts
        .iter()
        .map(|part| least + rest * part.weight / weights)
        .collect();
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|at| std::cmp::Reverse(rest * parts[*at].weight % weights));
    let given: i32 = shares.iter().sum();
    let left = usize::try_from(minutes - given).unwrap_or(0);
    for at in by_remainder.into_iter().take(left) {
        shares[at] += 1;
    }
    shares
}

/// The topics of a kind of session, in order. Some are there whatever the review holds: they are
/// what such a session is for.
fn parts(kind: WorkshopKind, holds: &Substance) -> Vec<Part> {
    let topics: &[(Topic, Presence)] = match kind {
        WorkshopKind::LessonsLearned | WorkshopKind::ExerciseDebrief => &[
            (Topic::Chronology, Presence::Always),
            (Topic::Decisions, Presence::IfAny),
            (Topic::Communications, Presence::IfAny),
            (Topic::Effectiveness, Presence::IfAny),
            (Topic::Impact, Presence::IfAny),
            (Topic::Contributions, Presence::IfAny),
            (Topic::Strengths, Presence::Always),
            (Topic::Causes, Presence::Always),
            (Topic::Gaps, Presence::IfAny),
            (Topic::Recommendations, Presence::Always),
            (Topic::OpenQuestions, Presence::IfAny),
        ],
        WorkshopKind::Hotwash => &[
            (Topic::Chronology, Presence::Always),
            (Topic::Contributions, Presence::IfAny),
            (Topic::Strengths, Presence::Always),
            (Topic::Causes, Presence::Always),
            (Topic::Gaps, Presence::IfAny),
        ],
        WorkshopKind::CausalAnalysis => &[
            (Topic::Chronology, Presence::Always),
            (Topic::Decisions, Presence::IfAny),
            (Topic::Contributions, Presence::IfAny),
            (Topic::Causes, Presence::Always),
            (Topic::Gaps, Presence::IfAny),
            (Topic::OpenQuestions, Presence::IfAny),
        ],
        WorkshopKind::ActionPlanning => &[
            (Topic::Causes, Presence::IfAny),
            (Topic::Gaps, Presence::IfAny),
            (Topic::Contributions, Presence::IfAny),
            (Topic::Recommendations, Presence::Always),
            (Topic::Actions, Presence::IfAny),
            (Topic::OpenQuestions, Presence::IfAny),
        ],
        WorkshopKind::FollowUp => &[
            (Topic::Overdue, Presence::IfAny),
            (Topic::Blocked, Presence::IfAny),
            (Topic::Actions, Presence::Always),
            (Topic::Unverified, Presence::IfAny),
            (Topic::Contributions, Presence::IfAny),
            (Topic::OpenQuestions, Presence::IfAny),
        ],
        WorkshopKind::LeadershipReadout => &[
            (Topic::Chronology, Presence::Always),
            (Topic::Impact, Presence::IfAny),
            (Topic::Effectiveness, Presence::IfAny),
            (Topic::Contributions, Presence::IfAny),
            (Topic::Strengths, Presence::IfAny),
            (Topic::Causes, Presence::Always),
            (Topic::Gaps, Presence::IfAny),
            (Topic::Actions, Presence::Always),
        ],
    };
    let there = topics
        .iter()
        .filter(|(topic, presence)| *presence == Presence::Always || topic.items(holds) > 0);
    there.map(|(topic, _)| topic.part(holds)).collect()
}

/// Whether a session has a topic for which the review holds nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Always,
    IfAny,
}

/// What a session can talk about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Chronology,
    Decisions,
    Communications,
    Effectiveness,
    Impact,
    Contributions,
    Strengths,
    Causes,
    Gaps,
    Recommendations,
    Actions,
    Overdue,
    Blocked,
    Unverified,
    OpenQuestions,
}

impl Topic {
    /// How many things there are to talk about.
    fn items(self, holds: &Substance) -> usize {
        match self {
            Self::Chronology => holds.key_events + holds.hindsight_events,
            Self::Decisions => holds.decisions,
            Self::Communications => holds.communications,
            Self::Effectiveness => holds.assessments,
            Self::Impact => holds.impacts,
            Self::Contributions => holds.board.topics,
            Self::Strengths => holds.strengths,
            Self::Causes => holds.causes + holds.other_findings,
            Self::Gaps => holds.gaps,
            Self::Recommendations => holds.recommendations + holds.unanswered_gaps,
            Self::Actions => holds.actions.under_way,
            Self::Overdue => holds.actions.overdue,
            Self::Blocked => holds.actions.blocked,
            Self::Unverified => holds.actions.unverified,
            Self::OpenQuestions => holds.open_questions,
        }
    }

    /// What it weighs without a thing to talk about, and with each.
    fn weights(self) -> (i32, i32) {
        match self {
            Self::Chronology => (10, 2),
            Self::Causes => (10, 4),
            Self::Recommendations => (8, 4),
            Self::Actions => (8, 3),
            Self::Decisions | Self::Overdue | Self::Blocked => (4, 4),
            Self::Communications => (4, 2),
            Self::Effectiveness | Self::Impact => (4, 1),
            Self::Contributions | Self::Strengths => (5, 2),
            Self::Gaps => (6, 4),
            Self::Unverified | Self::OpenQuestions => (4, 3),
        }
    }

    /// What it weighs besides: what people voted for is what they want to talk about.
    fn votes(self, holds: &Substance) -> usize {
        match self {
            Self::Contributions => holds.board.votes,
            _ => 0,
        }
    }

    fn kind(self) -> AgendaTopicKind {
        match self {
            Self::Chronology => AgendaTopicKind::Chronology,
            Self::Decisions => AgendaTopicKind::Decisions,
            Self::Communications => AgendaTopicKind::Communications,
            Self::Effectiveness => AgendaTopicKind::Effectiveness,
            Self::Impact => AgendaTopicKind::Impact,
            Self::Contributions => AgendaTopicKind::Contributions,
            Self::Strengths => AgendaTopicKind::Strengths,
            Self::Causes => AgendaTopicKind::Causes,
            Self::Gaps => AgendaTopicKind::Gaps,
            Self::Recommendations => AgendaTopicKind::Recommendations,
            Self::Actions | Self::Overdue | Self::Blocked | Self::Unverified => {
                AgendaTopicKind::Actions
            }
            Self::OpenQuestions => AgendaTopicKind::OpenQuestions,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Chronology => "Walk through the chronology",
            Self::Decisions => "Decisions, and what was known then",
            Self::Communications => "Communication",
            Self::Effectiveness => "How well the response worked",
            Self::Impact => "What it cost, and whom",
            Self::Contributions => "What people had to say",
            Self::Strengths => "What went well",
            Self::Causes => "Causes and contributing factors",
            Self::Gaps => "Gaps: what was missing",
            Self::Recommendations => "Recommendations, and which become actions",
            Self::Actions => "Actions under way",
            Self::Overdue => "Actions that are overdue",
            Self::Blocked => "Actions that are held up",
            Self::Unverified => "Actions that wait for the proof that they work",
            Self::OpenQuestions => "Open questions",
        }
    }

    fn part(self, holds: &Substance) -> Part {
        // More than forty of anything is not gone through one by one.
        let capped = |count: usize| i32::try_from(count.min(40)).unwrap_or(40);
        let items = capped(self.items(holds));
        let (base, each) = self.weights();
        Part {
            kind: self.kind(),
            title: self.title(),
            weight: base + each * items + capped(self.votes(holds)),
            notes: self.notes(holds),
        }
    }

    /// What there is, in numbers.
    fn notes(self, holds: &Substance) -> Option<String> {
        let counts: Vec<(usize, &str)> = match self {
            Self::Chronology => vec![
                (holds.events, "events"),
                (holds.key_events, "of them key"),
                (holds.hindsight_events, "known only in hindsight"),
            ],
            Self::Decisions => vec![(holds.decisions, "decisions")],
            Self::Communications => vec![(holds.communications, "communications")],
            Self::Effectiveness => vec![(holds.assessments, "assessments")],
            Self::Impact => vec![(holds.impacts, "impacts")],
            Self::Contributions => vec![
                (holds.board.contributions, "contributions"),
                (holds.board.groups, "groups"),
                (holds.board.votes, "votes"),
            ],
            Self::Strengths => vec![(holds.strengths, "strengths")],
            Self::Causes => vec![
                (holds.causes, "causes and factors"),
                (holds.other_findings, "other findings"),
            ],
            Self::Gaps => vec![(holds.gaps, "gaps")],
            Self::Recommendations => vec![
                (holds.recommendations, "recommendations"),
                (holds.unanswered_gaps, "gaps without an answer"),
            ],
            Self::Actions => vec![(holds.actions.under_way, "actions")],
            Self::Overdue => vec![(holds.actions.overdue, "actions")],
            Self::Blocked => vec![(holds.actions.blocked, "actions")],
            Self::Unverified => vec![(holds.actions.unverified, "actions")],
            Self::OpenQuestions => vec![(holds.open_questions, "open points")],
        };
        let said = counts.into_iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said
            .map(|(count, what)| format!("{what}: {count}"))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
