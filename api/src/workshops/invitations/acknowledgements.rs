//! Who acknowledged a workshop's ground rules, and who did not. Pure.

use entity::invitation::Model;
use entity::vocabulary::Rsvp;
use entity::{participant, workshop};

use super::body::{AcknowledgementBody, AcknowledgementsBody, MissingAcknowledgement};
use crate::workshops::body::rules_digest;

/// Everybody who is invited, by whether they acknowledged the text as it reads now. Who declined is
/// not waited for.
pub fn of(
    workshop: &workshop::Model,
    invitations: &[Model],
    participants: &[participant::Model],
) -> AcknowledgementsBody {
    let digest = rules_digest(&workshop.ground_rules);
    let (mut acknowledged, mut missing) = (Vec::new(), Vec::new());
    for row in invitations {
        let Some(participant) = participants.iter().find(|one| one.id == row.participant_id) else {
            continue;
        };
        let current = row.acknowledged_rules_sha256.as_deref() == Some(digest.as_str());
        if current {
            acknowledged.extend(AcknowledgementBody::of(row, participant));
        } else if row.rsvp != Rsvp::Declined {
            missing.push(MissingAcknowledgement {
                invitation_id: row.id,
                participant_id: row.participant_id,
                name: participant.name.clone(),
                earlier_text_at: row.acknowledged_at,
            });
        }
    }
    AcknowledgementsBody {
        workshop_id: workshop.id,
        ground_rules: workshop.ground_rules.clone(),
        ground_rules_sha256: digest,
        acknowledged,
        missing,
    }
}
