//! How briefings reach people, and that they took note of them.

use entity::JsonColumn;
use entity::briefing::{BriefingAcknowledgement, BriefingDelivery, Model};
use entity::shared::Person;
use entity::vocabulary::BriefingStatus;
use uuid::Uuid;

use super::input::{AcknowledgeBriefing, DeliverBriefing};
use super::marks::{self, Marks};
use super::service::{held, locked, next_version, record, refuse_marks};
use super::store;
use crate::kernel::access::Scope;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::people::Names;
use crate::references::repeated;

/// How many deliveries a briefing keeps.
pub const MOST: usize = 500;

/// Records that a briefing was given to people. The marks that the review has now decide whether it
/// may be, and to whom.
pub async fn deliver(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    given: DeliverBriefing,
) -> Result<Model> {
    let (review, old) = locked(change, id, precondition).await?;
    require(&old, &[BriefingStatus::Issued])?;
    let marks = Marks::from(&review);
    refuse_marks(old.audience, marks)?;
    let at = given.delivered_at.unwrap_or(change.now);
    let mut faults = repeated("/recipients", &given.recipients);
    if at > change.now {
        faults.push(Fault::at(
            "/delivered_at",
            "in_the_future",
            "has not come yet",
        ));
    }
    if old.issued_at.is_some_and(|issued| at < issued) {
        let detail = "is before the briefing was issued";
        faults.push(Fault::at("/delivered_at", "before_issue", detail));
    }
    if old.deliveries.0.len() + given.recipients.len() > MOST {
        let detail = format!("a briefing keeps {MOST} deliveries at most");
        faults.push(Fault::at("/recipients", "too_many", detail));
    }
    if marks::is_for_members_only(marks) {
        let members = store::members(&**change, &review).await?;
        faults.extend(strangers(&given.recipients, &members));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let new = given
        .recipients
        .into_iter()
        .map(|recipient| BriefingDelivery {
            recipient,
            channel: given.channel,
            delivered_at: at,
            recorded_by: change.caller.subject.clone(),
        });
    let deliveries = old.deliveries.0.iter().cloned().chain(new).collect();
    let row = Model {
        deliveries: JsonColumn(deliveries),
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "briefing.deliver", Some(&old), Some(&row))?;
    Ok(row)
}

/// A fault for every recipient who is not a member of the review.
fn strangers(recipients: &[Person], members: &[Names]) -> Vec<Fault> {
    let strange = recipients.iter().enumerate().filter(|(_, recipient)| {
        let recipient = Names::from(*recipient);
        !members.iter().any(|one| one.mean_the_same_as(&recipient))
    });
    strange
        .map(|(at, _)| {
            let detail = "is not a member of the review, which is for its members only";
            Fault::at(format!("/recipients/{at}"), "not_a_member", detail)
        })
        .collect()
}

/// Records that somebody has taken note of a briefing, once.
pub async fn acknowledge(change: &Change, id: Uuid, given: &AcknowledgeBriefing) -> Result<Model> {
    if given.recipient.is_some() {
        let what = "to acknowledge for others";
        change.caller.require(Scope::BriefingsWrite, what)?;
    }
    let (_, old) = held(change, id).await?;
    require(&old, &[BriefingStatus::Issued, BriefingStatus::Superseded])?;
    let recipient = found(change, &old.deliveries.0, given)?;
    let known = old.acknowledgements.0.iter();
    if known.clone().any(|one| same(&one.recipient, &recipient)) {
        return Ok(old);
    }
    let new = BriefingAcknowledgement {
        recipient,
        acknowledged_at: change.now,
        recorded_by: change.caller.subject.clone(),
    };
    let row = Model {
        acknowledgements: JsonColumn(known.cloned().chain([new]).collect()),
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "briefing.acknowledge", Some(&old), Some(&row))?;
    Ok(row)
}

/// Whom it was delivered to who takes note of it.
fn found(
    change: &Change,
    deliveries: &[BriefingDelivery],
    given: &AcknowledgeBriefing,
) -> Result<Person> {
    let mut recipients = deliveries.iter().map(|one| &one.recipient);
    if let Some(wanted) = &given.recipient {
        let known = recipients.find(|one| same(one, wanted));
        return known.cloned().ok_or_else(|| {
            let detail = "is nobody whom the briefing was delivered to";
            Error::invalid(vec![Fault::at("/recipient", "not_found", detail)])
        });
    }
    let subject = change.caller.subject.as_str();
    let own = recipients.find(|one| one.subject.as_deref() == Some(subject));
    let detail = "the briefing was not delivered to you";
    own.cloned()
        .ok_or_else(|| Code::Forbidden.because(detail).into())
}

fn same(one: &Person, other: &Person) -> bool {
    Names::from(one).mean_the_same_as(&Names::from(other))
}

/// To whom a briefing was delivered who has not taken note of it, each once.
pub fn outstanding(
    deliveries: &[BriefingDelivery],
    acknowledgements: &[BriefingAcknowledgement],
) -> Vec<Person> {
    let mut left: Vec<Person> = Vec::new();
    for recipient in deliveries.iter().map(|one| &one.recipient) {
        let acknowledged = acknowledgements.iter();
        let done = acknowledged
            .map(|one| &one.recipient)
            .any(|one| same(one, recipient));
        if !done && !left.iter().any(|one| same(one, recipient)) {
            left.push(recipient.clone());
        }
    }
    left
}

fn require(row: &Model, states: &[BriefingStatus]) -> Result<()> {
    if states.contains(&row.status) {
        return Ok(());
    }
    let detail = format!("the briefing is {}", row.status);
    let code = format!("briefing_is_{}", row.status);
    Err(Error::state(detail.clone(), vec![Fault::of(&code, detail)]))
}
