//! Why a token is refused, in words that a client may read: nothing here quotes a library,
//! a key or the token.

/// The reason a token was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It is not a token in compact form, is too long, or demands an extension.
    #[error("The token is not a well-formed signed JWT.")]
    Malformed,
    /// It carries no signature.
    #[error("The token is not signed.")]
    Unsigned,
    /// No key of the issuer is the one it names.
    #[error("The token is signed with an unknown key.")]
    UnknownKey,
    /// Its algorithm is not one that the key may be used with.
    #[error("The token is signed with an algorithm that is not accepted.")]
    WrongAlgorithm,
    /// The signature is not one of this key over this token.
    #[error("The signature of the token is not valid.")]
    BadSignature,
    /// `exp` has passed.
    #[error("The token has expired.")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("The token is not valid yet.")]
    NotYetValid,
    /// `iss` is someone else.
    #[error("The token comes from another issuer.")]
    WrongIssuer,
    /// `aud` does not name this service.
    #[error("The token is meant for another audience.")]
    WrongAudience,
    /// A claim that every token needs is absent or empty.
    #[error("The token lacks the claim {0}.")]
    MissingClaim(&'static str),
    /// A claim that is kept with what its bearer does is longer than that, or has control characters.
    #[error("The claim {0} of the token is too long or has control characters.")]
    UnfitClaim(&'static str),
    /// The issuer's keys could not be read: no fault of the token, and worth a retry.
    #[error("The keys of the token issuer are not available at the moment.")]
    Unavailable,
}
