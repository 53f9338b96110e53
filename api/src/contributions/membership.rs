//! Who may contribute to a workshop and vote in it. It is looked at and kept nowhere.

use std::collections::HashSet;

use entity::workshop::Model as Workshop;
use sea_orm::ConnectionTrait;

use crate::kernel::access::Caller;
use crate::kernel::error::{Code, Result};
use crate::participants;

/// Refuses whoever does not belong to a workshop: who neither takes part in its review nor leads it,
/// as far as people are known there by subject.
pub async fn require(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    workshop: &Workshop,
) -> Result<()> {
    let known = participants::store::subjects(connection, workshop.review_id).await?;
    let leads = workshop.facilitator_subject.as_deref();
    if belongs(&known, leads, &caller.subject) {
        return Ok(());
    }
    let detail = "you are not among those who take part in this workshop";
    Err(Code::Forbidden.because(detail).into())
}

/// Whether somebody belongs to a workshop. Where no participant is known by subject there is nobody to
/// tell from others, and the right to contribute decides alone. Who is invited is a participant.
fn belongs(participants: &HashSet<String>, leads: Option<&str>, subject: &str) -> bool {
    participants.is_empty() || participants.contains(subject) || leads == Some(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_part_or_leads_belongs_and_everybody_where_nobody_is_known() {
        let nobody = HashSet::new();
        let kim: HashSet<String> = ["kim".to_owned()].into();
        for (known, leads, subject, expected) in [
            (&nobody, None, "eve", true),
            (&nobody, Some("ada"), "eve", true),
            (&kim, None, "kim", true),
            (&kim, None, "eve", false),
            (&kim, None, "KIM", false),
            (&kim, Some("ada"), "ada", true),
            (&kim, Some("ada"), "eve", false),
        ] {
            assert_eq!(
                belongs(known, leads, subject),
                expected,
                "{leads:?} {subject}"
            );
        }
    }
}
