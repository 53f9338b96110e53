//! What a key may be: decided without a database or a clock of its own.

use entity::Timestamp;
use entity::api_key::Model;

use crate::kernel::access::{Role, Scope, ScopeSet};
use crate::kernel::error::{Code, Error, Fault, Result};

/// Every scope that roles and scopes stand for together.
pub fn together(roles: &[Role], scopes: &[Scope]) -> ScopeSet {
    roles
        .iter()
        .fold(scopes.iter().copied().collect(), |set: ScopeSet, role| {
            set.union(role.scopes())
        })
}

/// What is wrong with a key that has these scopes and this end.
pub fn check_new_key(
    scopes: ScopeSet,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Fault> {
    let mut faults = check_end(expires_at, now);
    if scopes.is_empty() {
        let detail = "at least one role or scope is required";
        faults.push(Fault::at("/scopes", "required", detail));
    }
    faults
}

/// What is wrong with this end: a key is ended now by revoking it.
pub fn check_end(expires_at: Option<Timestamp>, now: Timestamp) -> Vec<Fault> {
    expires_at
        .filter(|end| *end <= now)
        .map(|_| Fault::at("/expires_at", "in_the_past", "must be in the future"))
        .into_iter()
        .collect()
}

/// Refuses whoever would reach beyond their own rights by making, changing or rotating a key.
pub fn check_within(own: ScopeSet, wanted: ScopeSet) -> Result<()> {
    let beyond: Vec<Fault> = wanted
        .iter()
        .filter(|scope| !own.contains(*scope))
        .map(|scope| {
            let detail = format!("your credential has not the scope {}", scope.as_str());
            Fault::of("scope_not_held", detail)
        })
        .collect();
    if beyond.is_empty() {
        return Ok(());
    }
    Err(Error::from(
        Code::Forbidden
            .because("the key has scopes that your credential has not")
            .with_faults(beyond),
    ))
}

/// Whether a key works: neither revoked nor expired.
pub fn works(row: &Model, now: Timestamp) -> bool {
    check_working(row, now).is_ok()
}

/// Refuses to work on a key that was revoked or has expired.
pub fn check_working(row: &Model, now: Timestamp) -> Result<()> {
    check_not_revoked(row)?;
    if row.expires_at.is_some_and(|end| end <= now) {
        let why = Fault::of("expired", "its expires_at is past");
        return Err(Error::state("the key has expired", vec![why]));
    }
    Ok(())
}

/// Refuses to work on a key that was revoked, which is for good.
pub fn check_not_revoked(row: &Model) -> Result<()> {
    if row.revoked_at.is_some() {
        let why = Fault::of("revoked", "a revoked key stays so");
        return Err(Error::state("the key was revoked", vec![why]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).expect("within what can be told")
    }

    fn codes(faults: &[Fault]) -> Vec<&str> {
        faults.iter().map(|fault| fault.code.as_str()).collect()
    }

    #[test]
    fn roles_and_scopes_add_up() {
        let set = together(&[Role::Reader], &[Scope::AuditRead]);
        assert_eq!(set, Role::Auditor.scopes());
        assert!(together(&[], &[]).is_empty());
    }

    #[test]
    fn a_key_needs_a_right_and_an_end_to_come() {
        let reader = Role::Reader.scopes();
        assert!(check_new_key(reader, None, at(10)).is_empty());
        assert!(check_new_key(reader, Some(at(11)), at(10)).is_empty());
        let faults = check_new_key(ScopeSet::default(), Some(at(10)), at(10));
        assert_eq!(codes(&faults), ["in_the_past", "required"]);
    }

    #[test]
    fn nobody_reaches_beyond_their_own_rights() {
        let admin = Role::Admin.scopes();
        assert!(check_within(admin, Role::Facilitator.scopes()).is_ok());
        let refusal = check_within(admin, admin.with(Scope::PlatformAdmin))
            .expect_err("the platform is not the admin's")
            .into_refusal();
        assert_eq!(refusal.code, Code::Forbidden);
        assert_eq!(codes(&refusal.faults), ["scope_not_held"]);
    }
}
