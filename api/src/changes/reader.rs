//! Somebody who reads the feed, page after page: where they are, and whether they still may.

use std::sync::Arc;
use std::time::Duration;

use super::body::{ChangeBody, FeedStart, FilterChanges};
use super::rules::TypeFilter;
use super::store::{self, Filter, Record};
use crate::kernel::access::{Caller, Scope};
use crate::kernel::call::Call;
use crate::kernel::credential::unauthenticated;
use crate::kernel::database::Notice;
use crate::kernel::error::Result;
use crate::kernel::ids;
use crate::kernel::state::State;
use crate::resources::ResourceKind;
use crate::reviews;

/// A reader of the feed.
#[derive(Debug)]
pub struct Reader {
    state: State,
    credential: String,
    caller: Arc<Caller>,
    filter: Filter,
    /// The place in the chain up to which all was read.
    place: i64,
    notice: Notice,
}

/// What was read at once.
#[derive(Debug)]
pub struct Part {
    /// The changes, in order.
    pub items: Vec<ChangeBody>,
    /// Whether there are more already.
    pub more: bool,
}

impl Reader {
    /// Begins behind the cursor that `cursor` gives with the name of its parameter, or at `start`.
    pub async fn new(
        call: &Call,
        asked: &FilterChanges,
        cursor: Option<(&str, &str)>,
        start: FeedStart,
    ) -> Result<Self> {
        let review = match &asked.review {
            Some(name) => Some(
                reviews::store::find(call.read(), &call.caller, name)
                    .await?
                    .id,
            ),
            None => None,
        };
        let place = match (cursor, start) {
            (Some((name, cursor)), _) => {
                let binding = binding(&call.caller);
                place_of(call.state.positions.open(cursor, &binding, name)?)
            }
            (None, FeedStart::Beginning) => 0,
            (None, FeedStart::Now) => store::newest(call.read(), &call.caller).await?,
        };
        Ok(Self {
            credential: call.credential()?,
            caller: Arc::clone(&call.caller),
            filter: Filter {
                types: asked
                    .kind
                    .iter()
                    .map(|kind| TypeFilter::parse(kind))
                    .collect(),
                review,
            },
            place,
            notice: call.state.database.notices().of(call.organization()),
            state: call.state.clone(),
        })
    }

    /// Where reading goes on.
    pub fn cursor(&self) -> Result<String> {
        self.cursor_at(self.place)
    }

    fn cursor_at(&self, place: i64) -> Result<String> {
        let binding = binding(&self.caller);
        self.state.positions.seal(position(place), &binding)
    }

    /// Reads what comes next, as far as the reader may see it now: credentials end, and so do rights.
    pub async fn read(&mut self, limit: usize) -> Result<Part> {
        self.notice.catch_up();
        self.check().await?;
        loop {
            let (database, place) = (&self.state.database, self.place);
            let read = store::next(database, &self.caller, &self.filter, place, limit).await?;
            self.place = read.until;
            let told = read.items.into_iter().filter(|record| self.is_told(record));
            let told = told.map(|record| {
                let cursor = self.cursor_at(record.sequence)?;
                Ok(ChangeBody::new(record, cursor))
            });
            let items = told.collect::<Result<Vec<_>>>()?;
            if !items.is_empty() || !read.more {
                return Ok(Part {
                    items,
                    more: read.more,
                });
            }
        }
    }

    /// Whether the reader is told of a change that the query found: of a kind that nobody has named,
    /// who reads the audit log only.
    fn is_told(&self, record: &Record) -> bool {
        let named = ResourceKind::from_name(&record.resource_type).is_some();
        named || self.caller.scopes.contains(Scope::AuditRead)
    }

    /// Refuses whose credential has ended or lost the right to read the feed.
    async fn check(&mut self) -> Result<()> {
        let now = self.state.clock.now();
        let credentials = &self.state.credentials;
        self.caller = credentials.caller(&self.credential, now).await?;
        if self.caller.scopes.contains(Scope::ChangesRead) {
            return Ok(());
        }
        Err(unauthenticated("the credential has lost its scope"))
    }

    /// Waits until something was committed since the last reading, the service is about to end, or
    /// the time is over.
    pub async fn wait(&mut self, time: Duration) {
        tokio::select! {
            () = self.notice.next() => {}
            () = self.state.ending.begun() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    /// Whether the service is about to end.
    pub fn is_ending(&self) -> bool {
        self.state.ending.has_begun()
    }
}

/// What is sealed of a place. No two are alike, so that a reader cannot tell by comparing them whether
/// something happened that they may not see.
fn position(place: i64) -> [u8; 16] {
    let mut position = [0; 16];
    position[..8].copy_from_slice(&place.to_be_bytes());
    position[8..].copy_from_slice(&ids::random::<8>());
    position
}

fn place_of(position: [u8; 16]) -> i64 {
    i64::from_be_bytes(std::array::from_fn(|at| position[at]))
}

/// A cursor is a place among the changes of an organisation.
fn binding(caller: &Caller) -> String {
    format!("changes {}", caller.organization.0)
}
