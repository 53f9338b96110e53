//! `/me`: the caller, as the service sees them.

use actix_web::{HttpResponse, get};
use entity::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::identity::organizations;
use crate::kernel::access::{CredentialKind, Role, Scope};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(get_me);
}

/// Whose everything is that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnOrganization {
    /// Its id.
    id: Uuid,
    /// Its short name, unique in the installation.
    #[schema(example = "default")]
    slug: String,
    /// Its name to show.
    #[schema(example = "Example Health Service")]
    name: String,
}

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeBody {
    /// The organisation that the credential is for.
    organization: OwnOrganization,
    /// Stable name of the caller, as `created_by` and the audit log have it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    subject: String,
    /// Name to show.
    #[schema(example = "SIEM forwarder")]
    name: String,
    /// What kind of credential was sent.
    credential: CredentialKind,
    /// The rights it has.
    scopes: Vec<Scope>,
    /// The roles whose every scope it has.
    roles: Vec<Role>,
    /// When the credential ends, to the second; absent when it does not end by itself.
    expires_at: Option<Timestamp>,
}

/// Who am I
///
/// The organisation, name and rights behind the credential that was sent.
#[utoipa::path(tag = "Identity", security(("oauth2" = [])), responses((status = 200, body = MeBody)))]
#[get("/me")]
async fn get_me(call: Call) -> Result<HttpResponse> {
    let organization = organizations::find(call.read(), call.organization()).await?;
    let caller = &call.caller;
    call.ok(&MeBody {
        organization: OwnOrganization {
            id: organization.id.0,
            slug: organization.slug,
            name: organization.name,
        },
        subject: caller.subject.clone(),
        name: caller.name.clone(),
        credential: caller.kind,
        scopes: caller.scopes.iter().collect(),
        roles: caller.scopes.roles().collect(),
        expires_at: caller
            .expires_at
            .and_then(|seconds| Timestamp::from_micros(seconds.checked_mul(1_000_000)?)),
    })
}
