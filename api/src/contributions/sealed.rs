//! Contributing anonymously, and taking it back. None of it has a caller, a time or a request, and
//! nothing is kept but the box, whose secret is destroyed when the board is closed.
//!
//! The caller's rights are looked at, and a digest of their subject goes into what a repeated
//! `Idempotency-Key` comes to; without the secret nobody can compute that.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::sealed_box::{self, Said, Sealed};
use entity::{board, workshop};
use ring::digest::{SHA256, digest};
use ring::hmac;
use uuid::Uuid;

use super::board::service::standing;
use super::board::store;
use super::body::{Contribute, ContributionBody, NewContributionBody};
use super::membership;
use super::rules::{self, Step};
use super::service::asked;
use crate::kernel::access::Caller;
use crate::kernel::audit::hex;
use crate::kernel::call::Unsigned;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::{idempotency, ids};
use crate::{reviews, workshops};

/// A workshop with its board and its box.
#[derive(Debug)]
pub struct Opened {
    /// The workshop.
    pub workshop: workshop::Model,
    /// The board.
    pub board: board::Model,
    /// The box, held against other changes.
    pub sealed: sealed_box::Model,
}

impl Opened {
    /// What ids and voters are derived with.
    pub fn secret(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.sealed.secret)
    }
}

/// The box of a workshop's board that takes the step. Nothing else is held: what is held is marked
/// with the transaction that does.
pub async fn opened(tx: &Unsigned, caller: &Caller, workshop: Uuid, step: Step) -> Result<Opened> {
    let workshop = workshops::store::find(&**tx, caller, workshop).await?;
    let name = workshop.review_id.to_string();
    let review = reviews::store::find(&**tx, caller, &name).await?;
    // Held first: who closes the board waits, or was before us, which the board then says.
    let sealed = store::lock_box(tx, workshop.id).await?;
    let board = store::of(&**tx, workshop.id).await?;
    let board = board.ok_or_else(rules::no_board)?;
    rules::require(&standing(&review, &workshop, &board), step)?;
    if step != Step::Unseal {
        // Who has the token of a contribution takes it back, also when they take no part any more.
        membership::require(&**tx, caller, &workshop).await?;
    }
    let sealed = sealed.ok_or_else(|| {
        let detail = "the board changed at this moment; try again";
        Error::state(detail, vec![Fault::of("board_changed", detail)])
    })?;
    Ok(Opened {
        workshop,
        board,
        sealed,
    })
}

/// What was put into the box, and whether it was there already.
#[derive(Debug)]
pub struct Contributed {
    /// How it is shown, this once.
    pub body: NewContributionBody,
    /// Whether it is the answer of an earlier request.
    pub again: bool,
}

/// Puts a contribution into the box.
pub async fn contribute(
    tx: &Unsigned,
    caller: &Caller,
    workshop: Uuid,
    given: Contribute,
) -> Result<Contributed> {
    let opened = opened(tx, caller, workshop, Step::Contribute).await?;
    asked(&opened.board, &given)?;
    let secret = opened.secret();
    let id = match tx.key_under(&secret, "contribution") {
        Some(bytes) => ids::untimed_of(std::array::from_fn(|at| bytes[at])),
        None => ids::untimed(),
    };
    let token = match tx.key_under(&secret, "withdrawal") {
        Some(bytes) => URL_SAFE_NO_PAD.encode(bytes),
        None => ids::secret(),
    };
    let said = Said::from(given);
    let belongs = (opened.workshop.review_id, opened.workshop.id);
    let again = add(tx, opened, (id, &said, &token)).await?;
    Ok(Contributed {
        body: NewContributionBody {
            withdrawal_token: Some(token),
            contribution: ContributionBody::sealed(belongs, id, said),
        },
        again,
    })
}

/// Adds an entry; whether it was there before.
async fn add(
    tx: &Unsigned,
    opened: Opened,
    (id, said, token): (Uuid, &Said, &str),
) -> Result<bool> {
    let mut entries = opened.sealed.entries.0;
    if let Some(known) = entries.iter().find(|one| one.id == id) {
        // What was withdrawn meanwhile has been forgotten, and cannot be compared.
        return match &known.said {
            Some(before) if before != said => Err(idempotency::mismatch()),
            _ => Ok(true),
        };
    }
    rules::require_room(entries.len())?;
    entries.push(Sealed {
        id,
        said: Some(said.clone()),
        withdrawal_sha256: sha256(token),
    });
    store::fill_box(tx, opened.workshop.id, entries).await?;
    Ok(false)
}

/// Takes a contribution back before anybody has seen it. What is left of it is that there was one,
/// so that to take it back again is no mistake.
pub async fn withdraw(tx: &Unsigned, caller: &Caller, workshop: Uuid, token: &str) -> Result<()> {
    let opened = opened(tx, caller, workshop, Step::Unseal).await?;
    let mut entries = opened.sealed.entries.0;
    let digest = sha256(token);
    let known = entries
        .iter_mut()
        .find(|one| one.withdrawal_sha256 == digest);
    let known = known.ok_or_else(|| Error::not_found("contribution of that withdrawal token"))?;
    if known.said.take().is_some() {
        tx.erase();
        store::fill_box(tx, opened.workshop.id, entries).await?;
    }
    Ok(())
}

fn sha256(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}
