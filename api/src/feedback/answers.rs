//! Putting answers into the box of a round, and what is known of who has.
//!
//! Nothing ties an answer to who gave it: the box is one row, in which answers and comments lie in the
//! order of hashes that only a receipt leads to, and the receipt is the client's. That somebody has
//! answered is kept as a keyed hash, apart from what they answered, and that and the answers one by one
//! are forgotten when the round is settled (`settling`). What goes on record is the act of
//! nobody, and only the first, since records could be counted.

use entity::feedback_box::{Comment, Model as Kept, Slip};
use entity::feedback_round::Model;
use entity::vocabulary::FeedbackQuestion;
use entity::{JsonColumn, Timestamp};
use ring::hmac;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{FeedbackParticipation, FeedbackReceipt};
use super::input::{GivenAnswer, GivenComment, PutFeedbackAnswers};
use super::rules::{self, Step};
use super::store;
use crate::kernel::access::Caller;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::ids;
use crate::references::repeated;
use crate::reviews;
use crate::wording::body::{WordingNote, notes_on, within};

/// Puts the caller's answers into the box, in place of those that their receipt leads to.
pub async fn put(
    change: &Change,
    key: &hmac::Key,
    round: Uuid,
    given: PutFeedbackAnswers,
) -> Result<FeedbackReceipt> {
    let known = store::find(&**change, &change.caller, round).await?;
    let review = known.review_id.to_string();
    let review = reviews::store::lock_shared(change, &change.caller, &review).await?;
    let round = store::lock(change, &review, round).await?;
    rules::require(rules::status(&round, change.now), Step::Answer)?;
    let subject = change.caller.subject.clone();
    if !store::invited(&**change, &round).await?.contains(&subject) {
        let detail = "you are not among those who are asked in this round";
        return Err(Code::Forbidden.because(detail).into());
    }
    let faults = check(&round, &given);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let kept = store::read_box(&**change, round.id).await?;
    let is_new = kept.is_none();
    let mut kept = kept.unwrap_or_else(|| empty(round.id));
    let mark = rules::mark(key, round.id, &subject);
    let receipt = given.receipt.clone().unwrap_or_else(ids::secret);
    let own = Own {
        round: &round,
        subject: &subject,
        receipt: &receipt,
    };
    match kept.answered.0.binary_search(&mark) {
        Ok(_) => own.take_out(&mut kept)?,
        Err(place) => kept.answered.0.insert(place, mark),
    }
    let wording_notes = noted(&given.comments);
    own.put_in(&mut kept, given);
    store::save_box(change, kept, is_new).await?;
    if is_new {
        let entry = Entry::new("feedback_round.answer", store::RESOURCE, round.id);
        change.record_by_nobody(entry.in_review(round.review_id));
    }
    Ok(FeedbackReceipt {
        round_id: round.id,
        closes_at: round.closes_at,
        receipt,
        wording_notes,
    })
}

/// What the caller has to do with a round.
pub async fn participation(
    connection: &impl ConnectionTrait,
    (caller, key): (&Caller, &hmac::Key),
    round: Uuid,
    now: Timestamp,
) -> Result<FeedbackParticipation> {
    let round = store::find(connection, caller, round).await?;
    let invited = store::invited(connection, &round).await?;
    let kept = store::read_box(connection, round.id).await?;
    let mark = rules::mark(key, round.id, &caller.subject);
    let answered = kept.is_some_and(|kept| kept.answered.0.binary_search(&mark).is_ok());
    let is_known = round.cancelled_at.is_none() && now < rules::settles_at(&round);
    Ok(FeedbackParticipation {
        round_id: round.id,
        status: rules::status(&round, now),
        invited: invited.contains(&caller.subject),
        answered: is_known.then_some(answered),
    })
}

/// Somebody at the box, with the receipt that leads to what is theirs.
struct Own<'a> {
    round: &'a Model,
    subject: &'a str,
    receipt: &'a str,
}

impl Own<'_> {
    fn lock(&self, place: &str) -> String {
        rules::lock(self.round.id, self.subject, self.receipt, place)
    }

    fn answer_lock(&self, question: FeedbackQuestion) -> String {
        self.lock(&format!("answer {question}"))
    }

    /// Each comment lies under a lock of its own.
    fn comment_lock(&self, at: usize) -> String {
        self.lock(&format!("comment {at}"))
    }

    /// Takes out what was put in before; refused without the receipt for it.
    fn take_out(&self, kept: &mut Kept) -> Result<()> {
        let before = kept.slips.0.len();
        kept.slips
            .0
            .retain(|slip| slip.lock != self.answer_lock(slip.question));
        if kept.slips.0.len() == before {
            let detail = "you have answered; only the receipt that you got for it replaces that";
            let fault = Fault::at("/receipt", "already_answered", detail);
            let refusal = Code::Conflict.because(detail).with_faults(vec![fault]);
            return Err(refusal.into());
        }
        let locks: Vec<String> = (0..MOST_COMMENTS).map(|at| self.comment_lock(at)).collect();
        kept.comments
            .0
            .retain(|comment| !locks.contains(&comment.lock));
        Ok(())
    }

    fn put_in(&self, kept: &mut Kept, given: PutFeedbackAnswers) {
        let slips = given.answers.into_iter().map(|one: GivenAnswer| Slip {
            lock: self.answer_lock(one.question),
            question: one.question,
            answer: one.answer,
        });
        kept.slips.0.extend(slips);
        kept.slips.0.sort_unstable();
        let comments = given.comments.into_iter().enumerate();
        let comments = comments.map(|(at, one)| Comment {
            lock: self.comment_lock(at),
            question: one.question,
            text: one.text,
        });
        kept.comments.0.extend(comments);
        kept.comments.0.sort_unstable();
        kept.n = i32::try_from(kept.answered.0.len()).unwrap_or(i32::MAX);
        kept.tallies = JsonColumn(rules::tallies(&kept.slips.0));
    }
}

/// How many comments one person may make, as the schema says.
pub const MOST_COMMENTS: usize = 20;

fn empty(round: Uuid) -> Kept {
    Kept {
        round_id: round,
        n: 0,
        answered: JsonColumn(Vec::new()),
        slips: JsonColumn(Vec::new()),
        comments: JsonColumn(Vec::new()),
        tallies: JsonColumn(Vec::new()),
    }
}

/// The faults of answers: each question that is asked has to have one, and no other may.
fn check(round: &Model, given: &PutFeedbackAnswers) -> Vec<Fault> {
    let asked: Vec<FeedbackQuestion> = round.questions.0.iter().map(|one| one.question).collect();
    let answered: Vec<FeedbackQuestion> = given.answers.iter().map(|one| one.question).collect();
    let mut faults = repeated("/answers", &answered);
    let detail = "is not asked in this round";
    let strange = answered.iter().enumerate();
    let strange = strange.filter(|(_, question)| !asked.contains(question));
    faults.extend(
        strange.map(|(at, _)| Fault::at(format!("/answers/{at}/question"), "not_asked", detail)),
    );
    let missing = asked.iter().filter(|question| !answered.contains(question));
    faults.extend(missing.map(|question| {
        let detail = format!("{question} needs an answer, `not_applicable` at least");
        Fault::at("/answers", "unanswered", detail)
    }));
    for (at, comment) in given.comments.iter().enumerate() {
        let unasked = |question: &FeedbackQuestion| !asked.contains(question);
        if comment.question.as_ref().is_some_and(unasked) {
            let pointer = format!("/comments/{at}/question");
            faults.push(Fault::at(pointer, "not_asked", detail));
        }
    }
    faults
}

fn noted(comments: &[GivenComment]) -> Vec<WordingNote> {
    let texts = comments.iter().enumerate();
    notes_on(
        texts.map(|(at, comment)| within(format!("/comments/{at}/text"), comment.text.as_str())),
    )
}
