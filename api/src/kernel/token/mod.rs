//! Signed tokens (JWT): those of the identity provider and those of this service.
//! They are checked and read here, by the clock of the caller; what a token allows is decided
//! by whoever turns it into a caller.

mod cache;
mod claims;
mod compact;
mod crypto;
mod external;
mod issuer;
mod keys;
mod refusal;

pub use compact::claimed_issuer;
pub use crypto::install;
pub use external::{ExternalClaims, ExternalIssuer, ExternalSettings, KeySource, SettingsRefused};
pub use issuer::{LocalClaims, SigningFailed, SigningKey};
pub use jsonwebtoken::Algorithm;
pub use refusal::TokenRefused;

#[cfg(test)]
mod tests;
