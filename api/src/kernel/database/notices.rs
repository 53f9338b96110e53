//! Telling those who wait for an organisation's next record that there is one.
//!
//! What this process commits is told at once. What others commit in the same database is looked for
//! now and then: one short query for each organisation that somebody waits for, however many wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entity::organization::OrganizationId;
use sea_orm::ConnectionTrait;
use tokio::sync::watch;

use super::super::audit;

/// How long a record of another process may go unnoticed.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Who waits for which organisation; copies of it are the same.
#[derive(Clone, Debug, Default)]
pub struct Notices(Arc<Mutex<HashMap<OrganizationId, watch::Sender<()>>>>);

/// Somebody who waits for an organisation's records.
#[derive(Debug)]
pub struct Notice(watch::Receiver<()>);

impl Notices {
    /// Waits for the records of an organisation that are committed from now on.
    pub fn of(&self, organization: OrganizationId) -> Notice {
        Notice(self.all().entry(organization).or_default().subscribe())
    }

    /// Tells who waits for any of these.
    pub(super) fn tell(&self, organizations: impl IntoIterator<Item = OrganizationId>) {
        let mut all = None;
        for organization in organizations {
            let all = all.get_or_insert_with(|| self.all());
            if let Some(waiting) = all.get(&organization) {
                waiting.send_replace(());
            }
        }
    }

    /// The organisations that somebody waits for; forgets the others.
    fn awaited(&self) -> Vec<OrganizationId> {
        let mut all = self.all();
        all.retain(|_, waiting| waiting.receiver_count() > 0);
        all.keys().copied().collect()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, watch::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for what others commit, for ever.
    pub async fn look(self, connection: impl ConnectionTrait) {
        let mut heads = HashMap::new();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let awaited = self.awaited();
            heads.retain(|organization, _| awaited.contains(organization));
            for organization in awaited {
                match audit::head(&connection, organization).await {
                    Ok((head, _)) => {
                        if heads.insert(organization, head) != Some(head) {
                            self.tell([organization]);
                        }
                    }
                    Err(error) => {
                        tracing::debug!(cause = %error, "nobody looked for new records");
                    }
                }
            }
        }
    }
}

impl Notice {
    /// Takes note of what was told so far: [`Notice::next`] waits for more. To be called before reading.
    pub fn catch_up(&mut self) {
        self.0.mark_unchanged();
    }

    /// Waits until there is more.
    pub async fn next(&mut self) {
        // Without anybody to tell there is nothing to be told, so that others decide how long to wait.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
