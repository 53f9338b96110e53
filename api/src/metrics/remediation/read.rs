//! Reads and counts the actions of a filter: while some reviews are read, those before are counted,
//! and their texts are dropped. The actions themselves are kept only where they are counted again.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ConnectionTrait;

use super::item::{Item, Moment};
use super::labels::Labels;
use super::query::{ActionFilter, RemediationGroupBy};
use super::store::{Row, Walk};
use super::tally::Tally;
use crate::actions::facts::ActionFact;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::parts::Parts;
use crate::metrics::window::first_second;

/// What is read, and what for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) filter: ActionFilter,
    pub(super) group_by: Vec<RemediationGroupBy>,
    pub(super) moment: Moment,
    /// Whether the actions are counted over time.
    pub(super) series: bool,
}

impl Wanted {
    fn keeps_items(&self) -> bool {
        self.series || !self.group_by.is_empty()
    }

    fn takes(&self, fact: &ActionFact<'_>) -> bool {
        let filter = &self.filter;
        let from = filter.created_at_from.map(first_second);
        let to = filter.created_at_to.map(first_second);
        any(&filter.action_type, &fact.action_type)
            && any(&filter.priority, &fact.priority)
            && (filter.owner.is_empty() || filter.owner.iter().any(|owner| *owner == fact.owner))
            && (filter.function.is_empty()
                || fact
                    .owner_function
                    .is_some_and(|function| filter.function.contains(&function)))
            && from.is_none_or(|from| fact.created_at >= from)
            && to.is_none_or(|to| fact.created_at < to)
    }

    fn takes_state(&self, item: &Item) -> bool {
        any(&self.filter.status, &item.status)
    }
}

fn any<T: PartialEq>(asked: &[T], value: &T) -> bool {
    asked.is_empty() || asked.contains(value)
}

/// The actions of a filter.
#[derive(Debug, Default)]
pub(super) struct Actions {
    /// What they add up to.
    pub(super) tally: Tally,
    /// The actions, where they are counted by group or over time.
    pub(super) items: Vec<Item>,
    /// The names of their owners.
    pub(super) owners: Owners,
    /// What their reviews are grouped by.
    pub(super) labels: Vec<Labels>,
}

impl Actions {
    /// Reads and counts them.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        caller: &Caller,
        wanted: &Arc<Wanted>,
    ) -> Result<Self> {
        let mut walk = Walk::new(caller, &wanted.filter, &wanted.group_by);
        let (mut actions, mut parts) = (Self::default(), Parts::new());
        loop {
            let rows = walk.next(connection).await?;
            if rows.is_empty() {
                break;
            }
            let wanted = Arc::clone(wanted);
            let part = parts.begin(move || Self::count(rows, &wanted)).await?;
            if let Some(part) = part {
                actions.merge(part?);
            }
            // Reading is done on this thread, where others wait for their turn.
            tokio::task::yield_now().await;
        }
        while let Some(part) = parts.next().await? {
            actions.merge(part?);
        }
        Ok(actions)
    }

    fn count(rows: Vec<Row>, wanted: &Wanted) -> Result<Self> {
        let mut actions = Self::default();
        for row in rows {
            let Some(facts) = &row.facts else { continue };
            let labels = actions.label(&row, wanted)?;
            for fact in ActionFact::each_joined(facts) {
                let fact = fact?;
                if !wanted.takes(&fact) {
                    continue;
                }
                let owner = actions.owners.place(&fact.owner);
                let item = Item::at(wanted.moment, row.severity, &fact, owner);
                if let Some(item) = item.filter(|item| wanted.takes_state(item)) {
                    actions.tally.add(&item, wanted.moment);
                    if wanted.keeps_items() {
                        actions.items.push(Item { labels, ..item });
                    }
                }
            }
        }
        Ok(actions)
    }

    fn label(&mut self, row: &Row, wanted: &Wanted) -> Result<u32> {
        if !wanted.group_by.iter().any(|field| field.is_of_reviews()) {
            return Ok(0);
        }
        self.labels.push(Labels::of(row, wanted)?);
        Ok(place(self.labels.len() - 1))
    }

    /// Takes over what was counted elsewhere.
    fn merge(&mut self, part: Self) {
        let owners = part.owners.names.iter();
        let owners: Vec<u32> = owners.filter_map(|name| self.owners.place(name)).collect();
        let before = place(self.labels.len());
        self.tally.merge(part.tally, &owners);
        self.labels.extend(part.labels);
        self.items.extend(part.items.into_iter().map(|item| {
            let owner = item.owner.and_then(|owner| owners.get(owner as usize));
            Item {
                owner: owner.copied(),
                labels: item.labels + before,
                ..item
            }
        }));
    }
}

/// There are fewer reviews and owners than that.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The names of owners, each with a place of its own.
#[derive(Debug, Default)]
pub(super) struct Owners {
    pub(super) names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Owners {
    /// The place of an owner; none where there is no owner.
    fn place(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        if let Some(owner) = self.known.get(name) {
            return Some(*owner);
        }
        let owner = place(self.names.len());
        self.names.push(name.to_owned());
        self.known.insert(name.to_owned(), owner);
        Some(owner)
    }
}
