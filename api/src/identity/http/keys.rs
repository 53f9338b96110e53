//! Routes and bodies of API keys.

use actix_web::{HttpResponse, get, patch, post};
use entity::Timestamp;
use entity::api_key::{Entity, Model};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::identity::keys::{self, NewKey};
use crate::identity::{rules, service};
use crate::kernel::access::{Role, Scope, ScopeSet};
use crate::kernel::body::{Body, OptionalBody, Patch};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(update_api_key)
        .service(rotate_api_key)
        .service(revoke_api_key);
}

/// An API key to be made: at least one role or scope, none that the caller does not hold.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// Its name to show: who or what holds it.
    #[schema(min_length = 1, max_length = 200, example = "SIEM forwarder")]
    pub name: String,
    /// Roles whose scopes it gets.
    #[serde(default)]
    #[schema(max_items = 16, example = json!(["contributor"]))]
    pub roles: Vec<Role>,
    /// Scopes that it gets besides.
    #[serde(default)]
    #[schema(max_items = 64, example = json!(["audit:read"]))]
    pub scopes: Vec<Scope>,
    /// When it ends by itself, in the future; without it, it ends when it is revoked.
    #[serde(default)]
    #[schema(example = "2027-11-23T00:00:00Z")]
    pub expires_at: Option<Timestamp>,
}

/// What can be changed of an API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeySettings {
    /// Its name to show: who or what holds it.
    #[schema(min_length = 1, max_length = 200, example = "SIEM forwarder")]
    pub name: String,
    /// When it ends by itself, in the future; without it, it ends when it is revoked.
    #[serde(default)]
    #[schema(example = "2027-11-23T00:00:00Z")]
    pub expires_at: Option<Timestamp>,
}

/// A change of an API key.
pub type ApiKeyPatch = Patch<ApiKeySettings>;

impl From<&Model> for ApiKeySettings {
    fn from(row: &Model) -> Self {
        Self {
            name: row.name.clone(),
            expires_at: row.expires_at,
        }
    }
}

/// How a key is rotated.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// For how many seconds the old key still works, so that its holders can be changed over.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 604_800, default = 0, example = 3600)]
    pub overlap_seconds: u32,
}

/// An API key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyBody {
    /// Its id, which is also its OAuth client id.
    id: Uuid,
    /// Its name to show.
    #[schema(example = "SIEM forwarder")]
    name: String,
    /// The first characters of the key, to recognise it by.
    #[schema(example = "dbf_Zk3v9QmA")]
    prefix: String,
    /// The rights it has.
    scopes: Vec<Scope>,
    /// The roles whose every scope it has.
    roles: Vec<Role>,
    /// Whether it works: neither revoked nor expired.
    #[schema(example = true)]
    active: bool,
    /// When it ends by itself.
    expires_at: Option<Timestamp>,
    /// When it was last used, to the minute, usually within half a minute.
    last_used_at: Option<Timestamp>,
    /// When it was last rotated.
    rotated_at: Option<Timestamp>,
    /// Until when the key before the rotation works too, while it does.
    previous_key_expires_at: Option<Timestamp>,
    /// When it was revoked.
    revoked_at: Option<Timestamp>,
    /// Version of the resource, as in its `ETag`.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl ApiKeyBody {
    /// The key as it stands at `now`.
    pub fn at(row: &Model, now: Timestamp) -> Self {
        let active = rules::works(row, now);
        let scopes = ScopeSet::from_names(row.scopes.split(' '));
        Self {
            id: row.id,
            name: row.name.clone(),
            prefix: row.prefix.clone(),
            scopes: scopes.iter().collect(),
            roles: scopes.roles().collect(),
            active,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            rotated_at: row.rotated_at,
            previous_key_expires_at: row.previous_expires_at.filter(|end| active && *end > now),
            revoked_at: row.revoked_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by.clone(),
            updated_at: row.updated_at,
        }
    }
}

/// An API key with the key itself, which no other answer shows again.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiKeyBody {
    /// The key, to be sent as `Authorization: Bearer`; it is not stored and shown this once.
    #[schema(example = "dbf_Zk3v9QmAexampleexampleexampleexampleexampl1")]
    key: String,
    /// What else there is to it.
    #[serde(flatten)]
    api_key: ApiKeyBody,
}

impl NewApiKeyBody {
    /// A key that was made or rotated at `now`.
    pub fn at(new: NewKey, now: Timestamp) -> Self {
        Self {
            api_key: ApiKeyBody::at(&new.row, now),
            key: new.key,
        }
    }
}

/// A page of API keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    /// The keys, in order.
    items: Vec<ApiKeyBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which API key.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ApiKeyPath {
    /// Id of the key.
    pub key: Uuid,
}

crate::sorts! {
    /// Order of a list of API keys.
    ApiKeySort of Entity, default CreatedAtDescending;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    Name NameDescending "name" "-name" Name;
}

/// Which API keys, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListApiKeys {
    /// Only those that work, or only those that were revoked or have expired.
    pub active: Option<bool>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ApiKeySort,
}

/// The tag of a key as it stands: use and expiry change the answer without a new version.
fn tag(row: &Model, body: &ApiKeyBody) -> String {
    let used = row.last_used_at.map_or(0, Timestamp::micros);
    let overlaps = body.previous_key_expires_at.is_some();
    let standing = (u8::from(body.active), u8::from(overlaps));
    let variant = format!("{used:x}{}{}", standing.0, standing.1);
    etag::tag(row.version, &variant)
}

/// List API keys
#[utoipa::path(tag = "Identity", params(ListApiKeys, Paging), security(("oauth2" = ["keys:manage"])), responses((status = 200, body = ApiKeyList)))]
#[get("/api-keys")]
async fn list_api_keys(
    call: Call,
    Query(filter): Query<ListApiKeys>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (organization, now) = (call.organization(), call.now);
    let page = keys::list(call.read(), organization, &filter, now, &call.page(&paging)).await?;
    call.list(page, |row| ApiKeyBody::at(&row, now))
}

/// Create an API key
///
/// The answer shows the key itself, this once. Nobody can grant a scope that they do not hold.
#[utoipa::path(tag = "Identity", request_body = CreateApiKey, security(("oauth2" = ["keys:manage"])), responses((status = 201, body = NewApiKeyBody)))]
#[post("/api-keys")]
async fn create_api_key(call: Call, Body(key): Body<CreateApiKey>) -> Result<HttpResponse> {
    call.write(async |change| {
        let new = service::create_key(change, key).await?;
        let location = format!("/api/v1/api-keys/{}", new.row.id);
        let tag = etag::tag(new.row.version, "");
        Reply::created(location, tag, &NewApiKeyBody::at(new, change.now))
    })
    .await
}

/// Read an API key
#[utoipa::path(tag = "Identity", params(ApiKeyPath), security(("oauth2" = ["keys:manage"])), responses((status = 200, body = ApiKeyBody)))]
#[get("/api-keys/{key}")]
async fn get_api_key(call: Call, path: Path<ApiKeyPath>) -> Result<HttpResponse> {
    let row = keys::find(call.read(), call.organization(), path.key).await?;
    let body = ApiKeyBody::at(&row, call.now);
    call.ok_tagged(tag(&row, &body), &body)
}

/// Change an API key
///
/// Its name and its end. What it may do stays as it was made: for other rights, make another key.
#[utoipa::path(tag = "Identity", params(ApiKeyPath), request_body(content((ApiKeyPatch = "application/merge-patch+json"), (ApiKeyPatch = "application/json"))), security(("oauth2" = ["keys:manage"])), responses((status = 200, body = ApiKeyBody)))]
#[patch("/api-keys/{key}")]
async fn update_api_key(
    call: Call,
    path: Path<ApiKeyPath>,
    settings: ApiKeyPatch,
) -> Result<HttpResponse> {
    let answer = call.write(async |change| {
        let row = service::update_key(change, path.key, &call.precondition, &settings).await?;
        changed(&row, change.now)
    });
    forgetting(&call, answer).await
}

/// Rotate an API key
///
/// Gives it a new secret, which the answer shows this once; id, rights and end stay. The old one
/// works on for `overlap_seconds`, and so do tokens that were issued before; then both end.
#[utoipa::path(tag = "Identity", params(ApiKeyPath), request_body = Option<RotateApiKey>, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["keys:manage"])), responses((status = 200, body = NewApiKeyBody)))]
#[post("/api-keys/{key}/rotate")]
async fn rotate_api_key(
    call: Call,
    path: Path<ApiKeyPath>,
    OptionalBody(how): OptionalBody<RotateApiKey>,
) -> Result<HttpResponse> {
    let answer = call.write(async |change| {
        let new = service::rotate_key(change, path.key, &call.precondition, &how).await?;
        let tag = etag::tag(new.row.version, "");
        Ok(Reply::ok(&NewApiKeyBody::at(new, change.now))?.with_tag(tag))
    });
    forgetting(&call, answer).await
}

/// Revoke an API key
///
/// It stops working at once, with every token that was issued for it, and for good.
#[utoipa::path(tag = "Identity", params(ApiKeyPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["keys:manage"])), responses((status = 200, body = ApiKeyBody)))]
#[post("/api-keys/{key}/revoke")]
async fn revoke_api_key(call: Call, path: Path<ApiKeyPath>) -> Result<HttpResponse> {
    let answer = call.write(async |change| {
        let row = service::revoke_key(change, path.key, &call.precondition).await?;
        changed(&row, change.now)
    });
    forgetting(&call, answer).await
}

fn changed(row: &Model, now: Timestamp) -> Result<Reply> {
    let body = ApiKeyBody::at(row, now);
    Ok(Reply::ok(&body)?.with_tag(tag(row, &body)))
}

/// After a change, whatever became of it, this process looks every credential up again.
async fn forgetting(
    call: &Call,
    answer: impl Future<Output = Result<HttpResponse>>,
) -> Result<HttpResponse> {
    let answer = answer.await;
    call.state.credentials.forget();
    answer
}
