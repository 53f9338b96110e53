//! Changes that nobody is to have made: neither the log, nor what is kept, nor the chain of records
//! says who made them, when, or in which request.

use std::ops::Deref;

use actix_web::{HttpMessage as _, HttpResponse};
use ring::hmac;

use super::Call;
use crate::kernel::body::Unfit;
use crate::kernel::database::{Database, Tx};
use crate::kernel::error::Result;
use crate::kernel::idempotency::IdempotencyKey;
use crate::kernel::reply::Reply;
use crate::kernel::telemetry::Unnamed;

/// Such a change in the making. It has no caller, no time and no request, and puts nothing on record;
/// what comes of many of them is put on record at once, by whoever shows it.
#[derive(Debug)]
pub struct Unsigned {
    tx: Tx,
    key: Option<IdempotencyKey>,
}

impl Unsigned {
    /// Begins one.
    pub async fn begin(database: &Database, key: Option<IdempotencyKey>) -> Result<Self> {
        let tx = database.begin().await?;
        Ok(Self { tx, key })
    }

    /// Keeps it.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit(Vec::new()).await?)
    }

    /// What the request's `Idempotency-Key` comes to under a secret. The first answer is not kept:
    /// whoever makes the answer anew from this answers a repeated request in the same way.
    pub fn key_under(&self, secret: &hmac::Key, purpose: &str) -> Option<[u8; 32]> {
        let key = self.key.as_ref();
        key.map(|key| key.under(secret, purpose))
    }
}

impl Deref for Unsigned {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl Call {
    /// Has neither logs nor traces name the caller of this request.
    pub fn hide_caller(&self) {
        self.request.extensions_mut().insert(Unnamed);
    }

    /// Changes something, all of it or nothing, without a trace of who, when or in which request.
    pub async fn write_unsigned(
        &self,
        work: impl AsyncFnOnce(&Unsigned) -> Result<Reply>,
    ) -> Result<HttpResponse> {
        self.hide_caller();
        if let Some(unfit) = Unfit::taken_from(&self.request) {
            return Err(unfit.refusal(None));
        }
        let key = self.idempotency_key()?;
        let _running = key
            .as_ref()
            .map(|key| self.state.in_flight.start(key))
            .transpose()?;
        let unsigned = Unsigned::begin(&self.state.database, key).await?;
        match work(&unsigned).await {
            Ok(reply) => {
                unsigned.commit().await?;
                Ok(reply.into_response())
            }
            Err(error) => {
                if let Err(error) = unsigned.tx.roll_back().await {
                    tracing::debug!(cause = %error, "a transaction was left to its connection");
                }
                Err(error)
            }
        }
    }
}
