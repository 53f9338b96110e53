//! What people did in a case beside appending events and working on actions: operations of the API by
//! their names, with the bodies that they take. A text that begins with `@` stands for an id.

use std::collections::HashMap;

use entity::Timestamp;
use entity::shared::Person;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cases::judged;
use crate::kernel::access::Caller;
use crate::kernel::call::{Change, Unsigned};
use crate::kernel::error::{Error, Result};
use crate::kernel::state::State;

mod asked;
mod boards;
mod briefed;
mod documented;
mod governed;
mod improved;
mod met;
mod told;

/// The ids of what a case has made, by kind and name: `event/shutdown`.
pub(super) type Names = HashMap<String, Uuid>;

/// An operation that somebody called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deed {
    /// When.
    pub(super) at: Timestamp,
    /// Who; the demo, when it is left out.
    #[serde(default)]
    pub(super) by: Option<Person>,
    /// The operation.
    #[serde(rename = "do")]
    pub(super) operation: String,
    /// What it was called on: the ids of its path below the review, or what stands for them.
    #[serde(default)]
    on: Vec<String>,
    /// What the result is called from then on.
    #[serde(default, rename = "as")]
    name: Option<String>,
    /// The body.
    #[serde(default)]
    with: Value,
}

/// A deed, with what it is done to and what its names stand for.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    /// What the services work on.
    pub(super) state: &'a State,
    /// The review.
    pub(super) review: &'a str,
    /// What is done.
    pub(super) deed: &'a Deed,
    /// What has a name by now.
    pub(super) names: &'a Names,
}

/// Calls the operation; the name of what it made, with its id.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<(String, Uuid)>> {
    let made = match order.subject() {
        "calendar" | "policy" | "obligation" | "measure" | "incident" => {
            governed::perform(change, order).await?
        }
        "event" | "decision" | "communication" | "finding" | "assessment" | "impact" | "notes" => {
            told::perform(change, order).await?
        }
        "template" | "recommendation" | "risk" | "lesson" => {
            improved::perform(change, order).await?
        }
        "document" | "revision" => documented::perform(change, order).await?,
        "board" | "voting" | "contribution" | "group" => boards::perform(change, order).await?,
        "round" | "answers" => asked::perform(change, order).await?,
        "briefing" => briefed::perform(change, order).await?,
        _ => met::perform(change, order).await?,
    };
    Ok(order.deed.name.clone().zip(made))
}

/// Calls an operation that leaves no trace of who did it; the name of what it made, with its id.
pub(super) async fn perform_unsigned(
    tx: &Unsigned,
    caller: &Caller,
    order: Order<'_>,
) -> Result<Option<(String, Uuid)>> {
    let made = boards::perform_unsigned(tx, caller, order).await?;
    Ok(order.deed.name.clone().zip(made))
}

impl Order<'_> {
    /// Whether nobody is to know who does it.
    pub(super) async fn is_unsigned(&self) -> Result<bool> {
        boards::is_unsigned(*self).await
    }

    /// What the operation is about: the last word of its name.
    fn subject(&self) -> &str {
        let words = self.deed.operation.rsplit('_');
        words.into_iter().next().unwrap_or_default()
    }

    /// The body, with ids in place of the names.
    fn body<T: ToSchema + DeserializeOwned + 'static>(&self) -> Result<T> {
        let mut value = self.deed.with.clone();
        if value.is_null() {
            value = Value::Object(serde_json::Map::new());
        }
        resolve(&mut value, self.names)?;
        let what = &self.deed.operation;
        judged(what, value).map_err(|error| Error::Internal(error.to_string()))
    }

    fn on(&self, at: usize) -> Result<&str> {
        let on = self.deed.on.get(at);
        on.map(String::as_str).ok_or_else(|| self.unknown())
    }

    fn id(&self, at: usize) -> Result<Uuid> {
        let text = self.on(at)?;
        found(self.names, text.strip_prefix('@').unwrap_or(text))
    }

    fn named(&self) -> Result<(&str, Uuid)> {
        Ok((self.review, self.id(0)?))
    }

    fn term<T: std::str::FromStr>(&self, at: usize) -> Result<T> {
        let term = self.on(at)?.parse();
        term.map_err(|_| self.unknown())
    }

    fn reason(&self) -> Result<String> {
        let reason = self.deed.with["reason"].as_str();
        reason.map(str::to_owned).ok_or_else(|| self.unknown())
    }

    fn unknown(&self) -> Error {
        let deed = self.deed;
        Error::Internal(format!(
            "the demo cannot {} on {:?}",
            deed.operation, deed.on
        ))
    }
}

/// Puts ids in place of what stands for them.
fn resolve(value: &mut Value, names: &Names) -> Result<()> {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix('@') {
                *text = found(names, name)?.to_string();
            }
        }
        Value::Array(items) => {
            for item in items {
                resolve(item, names)?;
            }
        }
        Value::Object(fields) => {
            for (_, field) in fields.iter_mut() {
                resolve(field, names)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// The id of something by its name.
pub(super) fn found(names: &Names, name: &str) -> Result<Uuid> {
    let id = names.get(name).copied();
    id.ok_or_else(|| Error::Internal(format!("the demo data name no '{name}'")))
}
