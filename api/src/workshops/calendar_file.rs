//! The calendar file of a workshop: which of what is known of it goes into people's calendars.

use chrono_tz::Tz;
use entity::invitation::Model as Invitation;
use entity::participant::Model as Participant;
use entity::review::Model as Review;
use entity::shared::Person;
use entity::vocabulary::{Rsvp, Tlp, Visibility, WorkshopStatus};
use entity::workshop::{Model as Workshop, Withdrawn};
use uuid::Uuid;

use super::calendar::{Addressee, Attendee, Invite, Role, Standing, address};
use crate::people::Names;

/// Who invites where nobody who does has an address and none is set: a name that RFC 2606 keeps from
/// ever being one.
const NOBODY: &str = "no-reply@debrief.invalid";

/// The people of whom a calendar file tells.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    /// The invitations to the workshop.
    pub invitations: &'a [Invitation],
    /// The participants of the review.
    pub participants: &'a [Participant],
    /// The address that invites where none of them has one.
    pub service: Option<&'a str>,
}

/// What the calendar file of a workshop says; nothing while it has no time. Its cancellation goes to
/// those, too, who were no longer invited.
///
/// Calendars pass on what they are given. Of a review that is restricted, TLP:RED or under legal
/// privilege they get its key and no more.
pub fn of((review, workshop): (&Review, &Workshop), people: People<'_>) -> Option<Invite> {
    let People {
        invitations,
        participants,
        ..
    } = people;
    let starts_at = workshop.scheduled_at?;
    let confidential = review.visibility == Visibility::Restricted
        || review.tlp == Tlp::Red
        || review.legal_privilege;
    let invited = invited(invitations, participants);
    let unreachable = |(_, one): &&(&Invitation, &Participant)| reach(one).is_none();
    let unreachable: Vec<&str> = invited
        .iter()
        .filter(unreachable)
        .map(|(_, one)| one.name.as_str())
        .collect();
    let mut attendees: Vec<Attendee> = invited
        .iter()
        .filter_map(|(invitation, who)| attendee(invitation, who))
        .collect();
    if workshop.status == WorkshopStatus::Cancelled {
        attendees.extend(workshop.withdrawn.0.iter().map(taken_back));
    }
    Some(Invite {
        uid: workshop.id.to_string(),
        sequence: workshop.sequence,
        changed_at: workshop.calendar_changed_at,
        created_at: workshop.created_at,
        starts_at,
        minutes: workshop.duration_minutes,
        summary: summary(review, workshop, confidential),
        description: description(workshop, &unreachable, confidential),
        location: workshop.location.clone(),
        url: workshop.url.clone(),
        confidential,
        standing: match workshop.status {
            WorkshopStatus::Planned | WorkshopStatus::Held => Standing::Confirmed,
            WorkshopStatus::Cancelled => Standing::Cancelled,
        },
        organizer: organizer((review, workshop), &invited, people),
        attendees,
    })
}

/// What takes the workshop out of the calendar of somebody who is no longer invited: of what is planned
/// for the others it tells nothing. Nothing where they were never invited, or the workshop has no time.
pub fn taken_from(
    (review, workshop): (&Review, &Workshop),
    people: People<'_>,
    participant: Uuid,
) -> Option<Invite> {
    let mut withdrawn = workshop.withdrawn.0.iter();
    let who = withdrawn.find(|one| one.participant == participant)?;
    let invite = of((review, workshop), people)?;
    Some(Invite {
        description: String::new(),
        location: None,
        url: None,
        standing: match invite.standing {
            Standing::Cancelled => Standing::Cancelled,
            Standing::Confirmed | Standing::Withdrawn => Standing::Withdrawn,
        },
        attendees: vec![taken_back(who)],
        ..invite
    })
}

/// Somebody in whose calendar a workshop is, if they can be reached.
pub fn reached(participant: &Participant) -> Option<Withdrawn> {
    Some(Withdrawn {
        participant: participant.id,
        name: participant.name.clone(),
        address: reach(participant)?,
    })
}

fn taken_back(who: &Withdrawn) -> Attendee {
    Attendee {
        who: Addressee {
            name: who.name.clone(),
            address: who.address.clone(),
        },
        role: Role::Optional,
        rsvp: Rsvp::Declined,
    }
}

fn invited<'a>(
    invitations: &'a [Invitation],
    participants: &'a [Participant],
) -> Vec<(&'a Invitation, &'a Participant)> {
    let pair = |invitation: &'a Invitation| {
        let mut all = participants.iter();
        let who = all.find(|one| one.id == invitation.participant_id)?;
        Some((invitation, who))
    };
    invitations.iter().filter_map(pair).collect()
}

fn reach(participant: &Participant) -> Option<String> {
    address(participant.email.as_deref(), participant.subject.as_deref())
}

fn attendee(invitation: &Invitation, participant: &Participant) -> Option<Attendee> {
    let role = match (invitation.chair, invitation.required) {
        (true, _) => Role::Chair,
        (false, true) => Role::Required,
        (false, false) => Role::Optional,
    };
    let who = Addressee {
        name: participant.name.clone(),
        address: reach(participant)?,
    };
    Some(Attendee {
        who,
        role,
        rsvp: invitation.rsvp,
    })
}

/// Who invites: the facilitator, else whoever chairs, else the review's owner, as far as one of them has
/// an address, be it as a participant; else the service.
fn organizer(
    (review, workshop): (&Review, &Workshop),
    invited: &[(&Invitation, &Participant)],
    people: People<'_>,
) -> Addressee {
    let facilitator = || {
        let name = workshop.facilitator_name.clone()?;
        let mut all = people.participants.iter();
        let leads = all.find(|one| Some(one.id) == workshop.facilitator_participant_id);
        let address = leads.and_then(reach).or_else(|| {
            let subject = workshop.facilitator_subject.as_deref();
            reach_named(people.participants, &name, subject)
        })?;
        Some(Addressee { name, address })
    };
    let chair = || {
        let mut chairs = invited.iter().filter(|(invitation, _)| invitation.chair);
        chairs.find_map(|(_, one)| {
            let name = one.name.clone();
            reach(one).map(|address| Addressee { name, address })
        })
    };
    let owner = || {
        let Person { name, subject } = review.owner.as_ref()?.0.clone();
        let address = reach_named(people.participants, &name, subject.as_deref())?;
        Some(Addressee { name, address })
    };
    let service = || Addressee {
        name: workshop
            .facilitator_name
            .clone()
            .unwrap_or_else(|| "Debrief".to_owned()),
        address: people.service.unwrap_or(NOBODY).to_owned(),
    };
    facilitator()
        .or_else(chair)
        .or_else(owner)
        .unwrap_or_else(service)
}

/// The address of somebody who is named: their subject, if it is one, else that of the participant who
/// is the same person.
fn reach_named(participants: &[Participant], name: &str, subject: Option<&str>) -> Option<String> {
    let is_same = |one: &&Participant| {
        let known = [one.subject.clone(), one.email.clone()];
        let names = Names {
            name: Some(one.name.clone()),
            identifiers: known.into_iter().flatten().collect(),
        };
        names.are_of(name, subject)
    };
    let same = || participants.iter().filter(is_same).find_map(reach);
    address(None, subject).or_else(same)
}

fn summary(review: &Review, workshop: &Workshop, confidential: bool) -> String {
    let kind = workshop.kind.label();
    if confidential {
        return format!("{kind}: {}", review.key);
    }
    match &workshop.title {
        Some(title) => format!("{title} ({})", review.key),
        None => format!("{kind}: {} ({})", review.title, review.key),
    }
}

fn description(workshop: &Workshop, unreachable: &[&str], confidential: bool) -> String {
    let mut lines: Vec<String> = local_time(workshop).into_iter().collect();
    if let Some(url) = &workshop.url {
        lines.push(format!("Online: {url}"));
    }
    if !confidential && !workshop.agenda.0.is_empty() {
        lines.push("Agenda:".to_owned());
        let topics = workshop.agenda.0.iter();
        lines.extend(topics.map(|one| format!("- {} ({} min)", one.title, one.minutes)));
    }
    if !unreachable.is_empty() {
        lines.push(format!(
            "Also invited, without an address: {}",
            unreachable.join(", ")
        ));
    }
    lines.join("\n")
}

/// The beginning as the people in the session think of it.
fn local_time(workshop: &Workshop) -> Option<String> {
    let zone: Tz = workshop.time_zone.parse().ok()?;
    let begins = workshop.scheduled_at?.0.with_timezone(&zone);
    let begins = begins.format("%-d %B %Y, %H:%M");
    Some(format!("Begins {begins} ({zone})."))
}

/// What the file is called when it is kept.
pub fn file_name(workshop: &Workshop) -> String {
    format!("{}-{}.ics", workshop.review_key, workshop.kind)
}
