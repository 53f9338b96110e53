//! Puts together what is counted of reviews: a fixed number of queries.

use std::collections::HashMap;

use entity::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::aftermath::Obligation;
use super::answered::Answered;
use super::body::ReviewFilter;
use super::incidents::Incidents;
use super::item::Item;
use super::sessions::Session;
use super::store;
use crate::completeness;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::window;
use crate::workshops::invitations::store::SeatRow;

/// The reviews of a filter.
#[derive(Debug)]
pub(super) struct Reviews {
    /// Those that are counted, newest first.
    pub(super) items: Vec<Item>,
    /// How many are about tests only, and so left out.
    pub(super) n_test_excluded: u64,
}

impl Reviews {
    /// Reads the reviews with everything that is counted of them.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        (caller, filter): (&Caller, &ReviewFilter),
        incidents: &Incidents,
        now: Timestamp,
    ) -> Result<Self> {
        window::check_order(("from", filter.from), ("to", filter.to))?;
        let rows = store::reviews(connection, caller, filter).await?;
        let items = rows.into_iter().map(|row| Item::of(row, &incidents.known));
        let mut items: Vec<Item> = items.collect::<Result<_>>()?;
        let fits = |item: &Item| filter.backfilled.is_none_or(|is| is == item.backfilled);
        items.retain(fits);
        let all = items.len();
        items.retain(|item| !item.is_test);
        let n_test_excluded = (all - items.len()) as u64;
        let mut found = Found::new(items);
        found.count(connection, caller, filter).await?;
        found.judge(connection, caller, filter).await?;
        found.gather(connection, (caller, filter), now).await?;
        found.meet(connection, caller, filter).await?;
        Ok(Self {
            items: found.items,
            n_test_excluded,
        })
    }
}

/// Reviews, each to be found by its id. What belongs to a review that is not among them is passed
/// over: it is left out, or was opened between two queries.
struct Found {
    items: Vec<Item>,
    places: HashMap<Uuid, usize>,
}

impl Found {
    fn new(items: Vec<Item>) -> Self {
        let places = items.iter().enumerate();
        Self {
            places: places.map(|(at, item)| (item.id, at)).collect(),
            items,
        }
    }

    fn get(&mut self, id: Uuid) -> Option<&mut Item> {
        let at = self.places.get(&id)?;
        self.items.get_mut(*at)
    }

    /// Counts events and findings.
    async fn count(
        &mut self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &ReviewFilter,
    ) -> Result<()> {
        for count in store::content::events(connection, caller, filter).await? {
            if let Some(item) = self.get(count.review_id) {
                let n = u64::try_from(count.n).unwrap_or_default();
                item.events += n;
                item.events_with_evidence += if count.has_evidence { n } else { 0 };
            }
        }
        for count in store::content::findings(connection, caller, filter).await? {
            if let Some(item) = self.get(count.review_id) {
                item.findings[count.kind as usize] += u64::try_from(count.n).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// Says how complete each is.
    async fn judge(
        &mut self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &ReviewFilter,
    ) -> Result<()> {
        let set = store::ids(caller, filter);
        let reviews = self.items.iter().map(|item| (item.id, item.status));
        let facts = completeness::store::of_all(connection, &set, reviews).await?;
        for item in &mut self.items {
            if let Some(facts) = facts.get(&item.id) {
                let (total, parts) = completeness::rules::scores(facts);
                item.completeness = total;
                item.completeness_of_parts = parts.into_iter().map(|(_, score)| score).collect();
            }
        }
        Ok(())
    }

    /// Gathers feedback, briefings, lessons and obligations.
    async fn gather(
        &mut self,
        connection: &impl ConnectionTrait,
        (caller, filter): (&Caller, &ReviewFilter),
        now: Timestamp,
    ) -> Result<()> {
        for row in store::content::rounds(connection, caller, filter).await? {
            if let (Some(item), Some(answered)) =
                (self.get(row.review_id), Answered::of(&row, now)?)
            {
                item.feedback.push(answered);
            }
        }
        for row in store::content::briefed(connection, caller, filter).await? {
            if let Some(item) = self.get(row.review_id) {
                item.briefed_at = item.briefed_at.or(row.issued_at);
            }
        }
        for row in store::aftermath::lessons(connection, caller, filter).await? {
            if let Some(item) = self.get(row.review_id) {
                item.lessons.push(row.into());
            }
        }
        for row in store::aftermath::obligations(connection, caller, filter).await? {
            if let Some(item) = self.get(row.review_id) {
                let obligation = Obligation::of(&row, item.status, now);
                item.obligations.push(obligation);
            }
        }
        Ok(())
    }

    /// Adds the workshops that were held, with who was invited.
    async fn meet(
        &mut self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &ReviewFilter,
    ) -> Result<()> {
        let mut seats: HashMap<Uuid, Vec<SeatRow>> = HashMap::new();
        for seat in store::sessions::seats(connection, caller, filter).await? {
            seats.entry(seat.workshop_id).or_default().push(seat);
        }
        for row in store::sessions::held(connection, caller, filter).await? {
            let own = seats.remove(&row.id).unwrap_or_default();
            if let Some(item) = self.get(row.review_id) {
                let session = Session::of(row, own, &item.functions_wanted)?;
                item.sessions.push(session);
            }
        }
        Ok(())
    }
}
