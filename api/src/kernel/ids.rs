//! Identifiers and secrets: the one place that makes randomness.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// A new identifier: UUIDv7, so that rows sort by creation on both databases.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes identifiers"
)]
pub fn next() -> Uuid {
    Uuid::now_v7()
}

/// An identifier that tells nothing of when it was made, or before and after which others: UUIDv4.
pub fn untimed() -> Uuid {
    untimed_of(random())
}

/// The same from bytes that nobody can guess.
pub fn untimed_of(bytes: [u8; 16]) -> Uuid {
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// `N` random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give, where going on would be unsafe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}

/// A random text of 43 characters that is safe in URLs and headers (256 bits).
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}
