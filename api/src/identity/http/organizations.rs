//! Routes and bodies of organisations.

use actix_web::{HttpResponse, get, patch, post};
use entity::Timestamp;
use entity::organization::{Entity, Model, OrganizationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::keys::NewApiKeyBody;
use crate::identity::{organizations, service};
use crate::kernel::body::{Body, Patch};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::priority::body::PriorityWeightsBody;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_organizations)
        .service(create_organization)
        .service(get_organization)
        .service(get_own_organization)
        .service(update_own_organization);
}

/// An organisation to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    /// Its short name, unique in the installation and never changed; tokens may name it.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9-]*$",
        example = "example-health"
    )]
    pub slug: String,
    /// Its name to show.
    #[schema(min_length = 1, max_length = 200, example = "Example Health Service")]
    pub name: String,
}

/// What can be changed of an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationSettings {
    /// Its name to show.
    #[schema(min_length = 1, max_length = 200, example = "Example Health Service")]
    pub name: String,
    /// How it ranks its actions.
    pub priority_weights: PriorityWeightsBody,
}

/// A change of an organisation.
pub type OrganizationPatch = Patch<OrganizationSettings>;

impl From<&Model> for OrganizationSettings {
    fn from(row: &Model) -> Self {
        Self {
            name: row.name.clone(),
            priority_weights: (&row.priority_weights.0).into(),
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationBody {
    /// Its id.
    id: Uuid,
    /// Its short name, unique in the installation.
    #[schema(example = "example-health")]
    slug: String,
    /// Its name to show.
    #[schema(example = "Example Health Service")]
    name: String,
    /// How it ranks its actions.
    priority_weights: PriorityWeightsBody,
    /// Version of the resource, as in its `ETag`.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl From<&Model> for OrganizationBody {
    fn from(row: &Model) -> Self {
        Self {
            id: row.id.0,
            slug: row.slug.clone(),
            name: row.name.clone(),
            priority_weights: (&row.priority_weights.0).into(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A new organisation with its first key.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewOrganizationBody {
    /// The organisation.
    #[serde(flatten)]
    organization: OrganizationBody,
    /// Its first admin key, to be handed over; shown this once.
    admin_key: NewApiKeyBody,
}

/// A page of organisations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationList {
    /// The organisations, in order.
    items: Vec<OrganizationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OrganizationPath {
    /// Id of the organisation.
    pub organization: Uuid,
}

crate::sorts! {
    /// Order of a list of organisations.
    OrganizationSort of Entity, default Slug;
    Slug SlugDescending "slug" "-slug" Slug;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListOrganizations {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: OrganizationSort,
}

/// List the organisations of this installation
#[utoipa::path(tag = "Identity", params(ListOrganizations, Paging), security(("oauth2" = ["platform:admin"])), responses((status = 200, body = OrganizationList)))]
#[get("/organizations")]
async fn list_organizations(
    call: Call,
    Query(list): Query<ListOrganizations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let page = organizations::list(call.read(), list.sort, &call.page(&paging)).await?;
    call.list(page, |row| OrganizationBody::from(&row))
}

/// Create an organisation
///
/// The answer shows an admin key for it, this once, to be handed over to whoever runs it.
#[utoipa::path(tag = "Identity", request_body = CreateOrganization, security(("oauth2" = ["platform:admin"])), responses((status = 201, body = NewOrganizationBody)))]
#[post("/organizations")]
async fn create_organization(
    call: Call,
    Body(organization): Body<CreateOrganization>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (row, key) = service::create_organization(change, organization).await?;
        let location = format!("/api/v1/organizations/{}", row.id.0);
        let body = NewOrganizationBody {
            organization: OrganizationBody::from(&row),
            admin_key: NewApiKeyBody::at(key, change.now),
        };
        Reply::created(location, etag::tag(row.version, ""), &body)
    })
    .await
}

/// Read an organisation of this installation
#[utoipa::path(tag = "Identity", params(OrganizationPath), security(("oauth2" = ["platform:admin"])), responses((status = 200, body = OrganizationBody)))]
#[get("/organizations/{organization}")]
async fn get_organization(call: Call, path: Path<OrganizationPath>) -> Result<HttpResponse> {
    let row = organizations::find(call.read(), OrganizationId(path.organization)).await?;
    call.ok_tagged(etag::tag(row.version, ""), &OrganizationBody::from(&row))
}

/// Read your own organisation
#[utoipa::path(tag = "Identity", security(("oauth2" = [])), responses((status = 200, body = OrganizationBody)))]
#[get("/organization")]
async fn get_own_organization(call: Call) -> Result<HttpResponse> {
    let row = organizations::find(call.read(), call.organization()).await?;
    call.ok_tagged(etag::tag(row.version, ""), &OrganizationBody::from(&row))
}

/// Change your own organisation
#[utoipa::path(tag = "Identity", request_body(content((OrganizationPatch = "application/merge-patch+json"), (OrganizationPatch = "application/json"))), security(("oauth2" = ["organization:manage"])), responses((status = 200, body = OrganizationBody)))]
#[patch("/organization")]
async fn update_own_organization(call: Call, patch: OrganizationPatch) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update_organization(change, &call.precondition, &patch).await?;
        Ok(Reply::ok(&OrganizationBody::from(&row))?.with_tag(etag::tag(row.version, "")))
    })
    .await
}
