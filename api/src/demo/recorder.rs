//! Making changes one after the other, each in somebody's name, as a transaction of its own at a moment
//! of its own.

use std::sync::Arc;

use entity::Timestamp;
use entity::shared::Person;
use uuid::Uuid;

use super::deeds::{self, Deed, Names, Order};
use crate::kernel::access::Caller;
use crate::kernel::call::{Change, Unsigned};
use crate::kernel::error::{Error, Result};
use crate::kernel::state::State;

/// Makes changes one after the other, at moments that never go back.
pub(super) struct Recorder<'a> {
    /// What the services work on.
    pub(super) state: &'a State,
    /// The demo.
    pub(super) caller: Arc<Caller>,
    /// The current moment.
    pub(super) at: Timestamp,
    /// What the deeds of the case call what it has made.
    pub(super) names: Names,
}

impl Recorder<'_> {
    /// Goes on to a moment, unless it is past already.
    pub(super) fn reach(&mut self, at: Timestamp) {
        self.at = self.at.max(at);
    }

    /// Does something at the current moment.
    pub(super) async fn record<T>(
        &self,
        operation: impl AsyncFnOnce(&Change) -> Result<T>,
    ) -> Result<T> {
        self.record_by(&self.caller, operation).await
    }

    /// Does something in somebody's name.
    pub(super) async fn record_by<T>(
        &self,
        caller: &Arc<Caller>,
        operation: impl AsyncFnOnce(&Change) -> Result<T>,
    ) -> Result<T> {
        let tx = self.state.database.begin().await?;
        let change = Change::new(tx, Arc::clone(caller), self.at);
        let done = operation(&change).await?;
        change.commit().await?;
        Ok(done)
    }

    /// Does something else that somebody did.
    pub(super) async fn perform(&mut self, review: &str, deed: &Deed) -> Result<()> {
        let by = deed.by.as_ref().map(|by| self.somebody(by));
        let by = by.unwrap_or_else(|| Arc::clone(&self.caller));
        let order = Order {
            state: self.state,
            review,
            deed,
            names: &self.names,
        };
        let made = self.done(&by, order).await.map_err(|error| {
            let (what, at) = (&deed.operation, deed.at);
            Error::Internal(format!("demo data, {what} at {at}: {error:?}"))
        })?;
        self.names.extend(made);
        Ok(())
    }

    async fn done(&self, by: &Arc<Caller>, order: Order<'_>) -> Result<Option<(String, Uuid)>> {
        if !order.is_unsigned().await? {
            let operation = async |change: &Change| deeds::perform(change, order).await;
            return self.record_by(by, operation).await;
        }
        let tx = Unsigned::begin(&self.state.database, None).await?;
        let made = deeds::perform_unsigned(&tx, by, order).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// A person of the case as the one who acts; whoever has no subject leaves it to the demo.
    pub(super) fn somebody(&self, person: &Person) -> Arc<Caller> {
        let Some(subject) = person.subject.clone() else {
            return Arc::clone(&self.caller);
        };
        Arc::new(Caller {
            subject,
            name: person.name.clone(),
            ..Caller::clone(&self.caller)
        })
    }

    /// The id of something by its kind and name.
    pub(super) fn named(&self, kind: &str, name: &str) -> Result<Uuid> {
        deeds::found(&self.names, &format!("{kind}/{name}"))
    }
}
