//! Cursors that tell nothing: places in a list that are encrypted, because what could be counted
//! between two of them is not everybody's to know.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{aead, hmac};

use super::error::{Error, Result};
use super::page::invalid_cursor;

/// Seals positions and opens them.
#[derive(Debug)]
pub struct Positions {
    cipher: aead::LessSafeKey,
    nonces: hmac::Key,
}

impl Positions {
    /// With keys of their own, made of the installation's key for cursors.
    ///
    /// # Panics
    /// Never: the digest is as long as the key.
    #[expect(clippy::expect_used, reason = "the lengths are known")]
    pub fn new(cursor_key: &hmac::Key) -> Self {
        let secret = |name: &[u8]| hmac::sign(cursor_key, name);
        let key = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, secret(b"positions").as_ref());
        Self {
            cipher: aead::LessSafeKey::new(key.expect("32 bytes make a key")),
            nonces: hmac::Key::new(hmac::HMAC_SHA256, secret(b"nonces").as_ref()),
        }
    }

    /// A cursor for a position, which opens with the same `binding` only. The same position has the
    /// same cursor; where that would tell too much, a part of it is random.
    pub fn seal<const N: usize>(&self, position: [u8; N], binding: &str) -> Result<String> {
        let nonce = self.nonce(&position, binding);
        let mut sealed = position.to_vec();
        self.cipher
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(binding),
                &mut sealed,
            )
            .map_err(|_| Error::Internal("a position cannot be sealed".to_owned()))?;
        sealed.extend_from_slice(&nonce);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Made of what is sealed, so that no two positions share one.
    fn nonce(&self, position: &[u8], binding: &str) -> [u8; aead::NONCE_LEN] {
        let mut context = hmac::Context::with_key(&self.nonces);
        context.update(position);
        context.update(binding.as_bytes());
        let mut nonce = [0; aead::NONCE_LEN];
        nonce.copy_from_slice(&context.sign().as_ref()[..aead::NONCE_LEN]);
        nonce
    }

    /// The position behind a cursor; `name` is the parameter that it came in.
    pub fn open<const N: usize>(&self, cursor: &str, binding: &str, name: &str) -> Result<[u8; N]> {
        let opened = self.opened(cursor, binding);
        let position = opened.and_then(|bytes| bytes.try_into().ok());
        position.ok_or_else(|| invalid_cursor(name))
    }

    fn opened(&self, cursor: &str, binding: &str) -> Option<Vec<u8>> {
        let mut sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let nonce = sealed.split_off(sealed.len().checked_sub(aead::NONCE_LEN)?);
        let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).ok()?;
        let aad = aead::Aad::from(binding);
        let length = self
            .cipher
            .open_in_place(nonce, aad, &mut sealed)
            .ok()?
            .len();
        sealed.truncate(length);
        Some(sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions() -> Positions {
        Positions::new(&hmac::Key::new(hmac::HMAC_SHA256, b"a key"))
    }

    #[test]
    fn a_position_comes_back_and_shows_nothing() {
        let positions = positions();
        let seal = |at: i64| positions.seal(at.to_be_bytes(), "here").expect("sealed");
        for at in [0, 7, i64::MAX] {
            let cursor = seal(at);
            assert_eq!(cursor, seal(at));
            assert_eq!(cursor.len(), 48);
            let opened = positions.open(&cursor, "here", "cursor");
            assert_eq!(opened.map(i64::from_be_bytes).ok(), Some(at));
        }
    }

    #[test]
    fn what_was_not_sealed_here_and_for_this_does_not_open() {
        let positions = positions();
        let cursor = positions.seal(7_i64.to_be_bytes(), "here").expect("sealed");
        let other = Positions::new(&hmac::Key::new(hmac::HMAC_SHA256, b"another"));
        assert!(positions.open::<8>(&cursor, "there", "cursor").is_err());
        assert!(positions.open::<16>(&cursor, "here", "cursor").is_err());
        assert!(other.open::<8>(&cursor, "here", "cursor").is_err());
        for wrong in ["", "x", "AAAA", &cursor[1..], &format!("{cursor}A")] {
            assert!(positions.open::<8>(wrong, "here", "cursor").is_err());
        }
    }
}
