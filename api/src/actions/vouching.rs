//! Who may vouch for an action, and when it can be proven.

use entity::action::Model;
use entity::review::Model as Review;
use entity::shared::Person;

use super::{computed, store};
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::people::{Names, owner_among};

/// Whoever calls, as a person.
pub fn caller(change: &Change) -> Person {
    Person {
        name: change.caller.name.clone(),
        subject: Some(change.caller.subject.clone()),
    }
}

/// Whoever owns an action as a person, when somebody does.
pub fn owner(action: &Model) -> Option<Person> {
    let subject = action.owner_subject.clone();
    let name = action.owner_name.clone().or_else(|| subject.clone())?;
    Some(Person { name, subject })
}

/// Whoever does an action, or did when it was reported implemented, can't be the one who vouches for
/// it: neither the person that is named nor the caller who names them.
pub async fn refuse_owner(
    change: &Change,
    review: &Review,
    action: &Model,
    person: &Person,
    code: &'static str,
) -> Result<()> {
    let mut owner = Names {
        name: action.owner_name.clone(),
        identifiers: action.owner_subject.iter().cloned().collect(),
    };
    if let Some(id) = action.owner_participant_id {
        let participant =
            store::participant(&**change, action.organization_id, review.id, id).await?;
        let known = participant
            .into_iter()
            .flat_map(|one| [one.subject, one.email]);
        owner.identifiers.extend(known.flatten());
    }
    let before = action.implemented_by.as_ref();
    let before = before.map(|person| Names::from(&person.0));
    let owners: Vec<Names> = before.into_iter().chain([owner]).collect();
    let caller = caller(change);
    let Some(own) = owner_among(&owners, [person, &caller]) else {
        return Ok(());
    };
    let detail = format!("{} does or did the action; somebody else has to", own.name);
    Err(Error::state(detail.clone(), vec![Fault::of(code, detail)]))
}

/// What others have to do first can't be proven effective before they did.
pub async fn refuse_while_blocked(change: &Change, action: &Model) -> Result<()> {
    let actions = std::slice::from_ref(action);
    let mut computed = computed::of(&**change, &change.caller, actions).await?;
    let own = computed.remove(&action.id).unwrap_or_default();
    let unmet: Vec<Fault> = own
        .blocked_by
        .iter()
        .map(|id| {
            let detail = if own.hidden.contains(id) {
                "an action of another review is not finished".to_owned()
            } else {
                format!("the action {id} is not finished")
            };
            Fault::of("dependency_unfinished", detail)
        })
        .collect();
    if unmet.is_empty() {
        return Ok(());
    }
    Err(Error::state(
        "it waits for actions that are not finished",
        unmet,
    ))
}
