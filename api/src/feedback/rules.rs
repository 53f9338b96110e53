//! Where a round stands, what it asks, how answers are laid down, and what may be shown of them. No
//! HTTP, no SQL, no clock.

use std::collections::{BTreeSet, HashSet};

use entity::feedback_box::{Slip, Tally};
use entity::feedback_round::{AskedQuestion, Model};
use entity::vocabulary::{
    Attendance, FeedbackAnswer, FeedbackOccasion, FeedbackQuestion, FeedbackRoundStatus,
};
use entity::{Timestamp, invitation, participant};
use ring::digest::{Context, SHA256};
use ring::hmac;
use sea_orm::Iterable as _;
use uuid::Uuid;

use crate::kernel::audit::hex;
use crate::kernel::error::{Error, Fault, Result};
use crate::references::repeated;

/// How long a round is open when nobody says, in seconds: two weeks.
pub const OPEN_SECONDS: i64 = 14 * 86_400;

/// How long after a round has closed by itself answers may still be on their way to the database, in
/// seconds. A summary that was read before the last of them came in would differ from the next by one
/// answer.
pub const SETTLING_SECONDS: i64 = 300;

/// Where a round stands at a moment.
pub fn status(round: &Model, now: Timestamp) -> FeedbackRoundStatus {
    if round.cancelled_at.is_some() {
        FeedbackRoundStatus::Cancelled
    } else if round.closed_at.is_some() || now >= round.closes_at {
        FeedbackRoundStatus::Closed
    } else if now >= round.opens_at {
        FeedbackRoundStatus::Open
    } else {
        FeedbackRoundStatus::Scheduled
    }
}

/// The workshop or review that has one round of an occasion, which is this; a cancelled round keeps
/// nobody's place but its own.
pub fn place(round: &Model) -> Uuid {
    match round.cancelled_at {
        Some(_) => round.id,
        None => round.workshop_id.unwrap_or(round.review_id),
    }
}

/// From when on what was answered is settled.
pub fn settles_at(round: &Model) -> Timestamp {
    settled(round.closes_at, round.closed_at)
}

/// From when on what was answered is settled of a round that closes by itself then, or was closed.
pub fn settled(closes_at: Timestamp, closed_at: Option<Timestamp>) -> Timestamp {
    closed_at.unwrap_or_else(|| closes_at.plus_seconds(SETTLING_SECONDS))
}

/// Whether so many are as many as people were promised.
pub fn are_enough(n: u64, minimum: i32) -> bool {
    u64::try_from(minimum).is_ok_and(|minimum| n >= minimum)
}

/// What can be done with a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open it before its time.
    Open,
    /// Answer it.
    Answer,
    /// Close it before its time.
    Close,
    /// Cancel it.
    Cancel,
    /// Change when it opens and what it asks.
    Rewrite,
    /// Change when it closes.
    Extend,
}

/// Refuses a step that a round in this state does not take.
pub fn require(status: FeedbackRoundStatus, step: Step) -> Result<()> {
    use FeedbackRoundStatus::{Open, Scheduled};
    let allowed: &[FeedbackRoundStatus] = match step {
        Step::Open | Step::Rewrite => &[Scheduled],
        Step::Answer | Step::Close => &[Open],
        Step::Cancel | Step::Extend => &[Scheduled, Open],
    };
    if allowed.contains(&status) {
        return Ok(());
    }
    let detail = format!("the round is {status}");
    let code = format!("round_is_{status}");
    Err(Error::state(detail.clone(), vec![Fault::of(&code, detail)]))
}

/// What a round asks: the questions of its occasion, in the organisation's words where it has some.
pub fn questions(occasion: FeedbackOccasion, wording: &[AskedQuestion]) -> Vec<AskedQuestion> {
    let asked = FeedbackQuestion::iter().filter(|question| occasion.asks(*question));
    let in_words = asked.map(|question| {
        let own = wording.iter().find(|one| one.question == question);
        own.cloned().unwrap_or_else(|| AskedQuestion {
            question,
            text: question.label().to_owned(),
        })
    });
    in_words.collect()
}

/// The faults of dates that a round is to have.
pub fn check_dates(opens_at: Timestamp, closes_at: Timestamp, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    if opens_at < now {
        let detail = "must not be in the past";
        faults.push(Fault::at("/opens_at", "in_the_past", detail));
    }
    if closes_at <= opens_at || closes_at <= now {
        let detail = "must be after the round opens, and in the future";
        faults.push(Fault::at("/closes_at", "too_early", detail));
    }
    faults
}

/// The faults of questions that a round is to ask.
pub fn check_questions(questions: &[AskedQuestion]) -> Vec<Fault> {
    let asked: Vec<FeedbackQuestion> = questions.iter().map(|one| one.question).collect();
    repeated("/questions", &asked)
}

/// The mark that somebody has answered a round: it can be made again for a known subject, not read.
pub fn mark(key: &hmac::Key, round: Uuid, subject: &str) -> String {
    let mut context = hmac::Context::with_key(key);
    context.update(b"feedback");
    context.update(round.as_bytes());
    context.update(subject.as_bytes());
    hex(context.sign().as_ref())
}

/// The hash under which what was answered with a receipt lies. Whoever does not have the receipt can
/// neither find it for a person nor tell which hashes belong together.
pub fn lock(round: Uuid, subject: &str, receipt: &str, place: &str) -> String {
    let mut context = Context::new(&SHA256);
    let parts = [round.as_bytes().as_slice(), subject.as_bytes()];
    for part in parts
        .into_iter()
        .chain([receipt.as_bytes(), place.as_bytes()])
    {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    hex(context.finish().as_ref())
}

/// The subjects of those who may answer a round, out of everybody in the review and everybody who is
/// invited to a workshop of it: who takes part since before it opened and is known by subject; of a
/// workshop to which people were invited only those, without whoever is known not to have come.
pub fn invited(
    round: &Model,
    participants: &[participant::Model],
    invitations: &[invitation::Model],
) -> HashSet<String> {
    let own = invitations
        .iter()
        .filter(|one| round.workshop_id == Some(one.workshop_id));
    let own: Vec<&invitation::Model> = own.collect();
    let away = [Some(Attendance::Absent), Some(Attendance::Excused)];
    let there = own.iter().filter(|one| !away.contains(&one.attendance));
    let there: HashSet<Uuid> = there.map(|one| one.participant_id).collect();
    let may = participants
        .iter()
        .filter(|one| one.created_at <= round.opens_at)
        .filter(|one| own.is_empty() || there.contains(&one.id));
    may.filter_map(|one| one.subject.clone()).collect()
}

/// How often each answer was given to each question, in the order of the questions.
pub fn tallies(slips: &[Slip]) -> Vec<Tally> {
    let asked: BTreeSet<FeedbackQuestion> = slips.iter().map(|slip| slip.question).collect();
    let counted = asked.into_iter().map(|question| {
        let mut counts = [0; 6];
        for slip in slips.iter().filter(|slip| slip.question == question) {
            counts[slip.answer as usize] += 1;
        }
        Tally { question, counts }
    });
    counted.collect()
}

/// Why nothing is shown of a round's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Answers still come in: two summaries could differ by one of them.
    NotClosed,
    /// It was cancelled.
    Cancelled,
    /// Too few have answered for nobody to be picked out.
    TooFewAnswers,
}

/// Whether what so many have answered may be shown: the round takes no answers any more, none is on
/// its way, and there are as many as people were promised.
pub fn withheld(round: &Model, n: u32, now: Timestamp) -> Option<Withheld> {
    if round.cancelled_at.is_some() {
        Some(Withheld::Cancelled)
    } else if now < settles_at(round) {
        Some(Withheld::NotClosed)
    } else if are_enough(u64::from(n), round.minimum_group) {
        None
    } else {
        Some(Withheld::TooFewAnswers)
    }
}

/// What the answers to one question come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Numbers {
    /// How often each answer was given, in the order of the vocabulary.
    pub counts: [u64; 6],
}

impl Numbers {
    /// What a tally comes to, if enough people judged the question: that it did not concern them may
    /// be what tells the others from the rest.
    pub fn of(tally: &Tally, minimum: i32) -> Option<Self> {
        let numbers = Self {
            counts: tally.counts.map(u64::from),
        };
        are_enough(numbers.n(), minimum).then_some(numbers)
    }

    /// Adds what others answered.
    pub fn add(&mut self, other: Self) {
        for (own, more) in self.counts.iter_mut().zip(other.counts) {
            *own += more;
        }
    }

    fn scored(&self) -> impl Iterator<Item = (u8, u64)> {
        let all = FeedbackAnswer::iter().zip(self.counts);
        all.filter_map(|(answer, count)| Some((answer.score()?, count)))
    }

    /// How many judged it.
    pub fn n(&self) -> u64 {
        self.scored().map(|(_, count)| count).sum()
    }

    /// How many said that it does not apply.
    pub fn not_applicable(&self) -> u64 {
        self.counts[FeedbackAnswer::NotApplicable as usize]
    }

    /// The mean of 1 to 5.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of people and their sums are far below 2^52"
    )]
    pub fn mean(&self) -> Option<f64> {
        let sum: u64 = self
            .scored()
            .map(|(score, count)| u64::from(score) * count)
            .sum();
        let n = self.n();
        (n > 0).then(|| sum as f64 / n as f64)
    }

    /// The median of 1 to 5: of an even number the mean of both in the middle.
    pub fn median(&self) -> Option<f64> {
        let n = self.n();
        let at = |place: u64| {
            let mut passed = 0;
            self.scored().find_map(|(score, count)| {
                passed += count;
                (place < passed).then(|| f64::from(score))
            })
        };
        let (low, high) = (at(n.checked_sub(1)? / 2)?, at(n / 2)?);
        Some(f64::midpoint(low, high))
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
