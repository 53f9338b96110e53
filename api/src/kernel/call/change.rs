//! A change in the making, and what of it will be on record.

use std::sync::{Arc, Mutex, PoisonError};

use entity::Timestamp;
use entity::organization::OrganizationId;

use crate::kernel::access::Caller;
use crate::kernel::audit::{Author, Entry, Record};
use crate::kernel::database::Tx;
use crate::kernel::envelope::RequestId;
use crate::kernel::error::Result;

/// A change in the making: the transaction, who makes it, when, and what will be on record.
#[derive(Debug)]
pub struct Change {
    tx: Tx,
    /// Who makes it.
    pub caller: Arc<Caller>,
    /// When it is made.
    pub now: Timestamp,
    request_id: String,
    records: Mutex<Vec<Record>>,
}

impl Change {
    /// A change that is not made by a request: the command line's, the demo's.
    pub fn new(tx: Tx, caller: Arc<Caller>, now: Timestamp) -> Self {
        Self {
            tx,
            caller,
            now,
            request_id: String::new(),
            records: Mutex::default(),
        }
    }

    /// The same, made by a request.
    pub(super) fn of_request(self, RequestId(request_id): RequestId) -> Self {
        Self { request_id, ..self }
    }

    /// The organisation it happens in.
    pub fn organization(&self) -> OrganizationId {
        self.caller.organization
    }

    /// Puts an entry on record, in the chain of the caller's organisation, at the commit.
    pub fn record(&self, entry: Entry) {
        self.record_in(self.organization(), entry);
    }

    /// Puts an entry on record in the chain of another organisation.
    pub fn record_in(&self, organization: OrganizationId, entry: Entry) {
        let author = Author {
            organization,
            caller: Arc::clone(&self.caller),
            request_id: self.request_id.clone(),
            at: self.now,
        };
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.push(Record { author, entry });
    }

    /// Puts on record, in the chain of the caller's organisation, that something was done, as the act
    /// of nobody: neither the caller nor the request can be told from it.
    pub fn record_by_nobody(&self, entry: Entry) {
        let author = Author {
            organization: self.organization(),
            caller: Caller::nobody(self.organization()),
            request_id: String::new(),
            at: self.now,
        };
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.push(Record { author, entry });
    }

    /// Leaves nothing behind, and holds nothing any more when it returns: whoever is refused and
    /// asks again does not run into themselves.
    pub(super) async fn undo(self) {
        if let Err(error) = self.tx.roll_back().await {
            tracing::debug!(cause = %error, "a transaction was left to its connection");
        }
    }

    /// Commits the change with what it put on record.
    pub async fn commit(self) -> Result<()> {
        let records = self.records.into_inner();
        let records = records.unwrap_or_else(PoisonError::into_inner);
        Ok(self.tx.commit(records).await?)
    }
}

impl std::ops::Deref for Change {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}
