//! Routes and bodies of the audit log; its verification is in `http::verify`.

use actix_web::{HttpResponse, get};
use entity::Timestamp;
use entity::audit_record::{Entity, Model};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::store;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;

pub mod verify;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_audit_records)
        .service(get_audit_record)
        .configure(verify::routes);
}

/// What was done, by whom, when, and how it was before and after.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRecordBody {
    /// Its id.
    id: Uuid,
    /// Its place in the organisation's chain, from 1 without gaps.
    #[schema(minimum = 1, example = 42)]
    sequence: i64,
    /// When it was done.
    at: Timestamp,
    /// Who did it, as `subject` of `/me`.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    actor: String,
    /// Who did it, to show.
    #[schema(example = "SIEM forwarder")]
    actor_name: String,
    /// In which request; empty for the command line.
    #[schema(example = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    request_id: String,
    /// What was done.
    #[schema(example = "incident.update")]
    action: String,
    /// To what kind of resource.
    #[schema(example = "incident")]
    resource_type: String,
    /// To which one.
    resource_id: Uuid,
    /// The review that it belongs to.
    review_id: Option<Uuid>,
    /// How the resource was; absent when it was created, or when its state is not kept.
    #[schema(value_type = Option<Object>, example = json!({ "name": "SIEM" }))]
    before: Option<Value>,
    /// How the resource is; absent when its state is not kept.
    #[schema(value_type = Option<Object>, example = json!({ "name": "SIEM forwarder" }))]
    after: Option<Value>,
    /// Hash of the record before; 64 zeros for the first.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    previous_hash: String,
    /// SHA-256 over every field of this record and the hash of the one before.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    hash: String,
}

impl From<Model> for AuditRecordBody {
    fn from(row: Model) -> Self {
        // What somebody made unreadable is shown as it is, for whoever looks into it.
        let state = |text: Option<String>| {
            text.map(|text| {
                let read = serde_json::from_str(&text).ok().filter(Value::is_object);
                read.unwrap_or_else(|| serde_json::json!({ "unreadable": text }))
            })
        };
        Self {
            id: row.id,
            sequence: row.sequence,
            at: row.at,
            actor: row.actor_subject,
            actor_name: row.actor_name,
            request_id: row.request_id,
            action: row.action,
            resource_type: row.resource_type,
            resource_id: row.resource_id,
            review_id: row.review_id,
            before: state(row.before),
            after: state(row.after),
            previous_hash: row.previous_hash,
            hash: row.hash,
        }
    }
}

/// A page of audit records.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRecordList {
    /// The records, in order.
    items: Vec<AuditRecordBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which audit record.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AuditRecordPath {
    /// Id of the record.
    pub record: Uuid,
}

crate::sorts! {
    /// Order of a list of audit records.
    AuditRecordSort of Entity, default SequenceDescending;
    Sequence SequenceDescending "sequence" "-sequence" Sequence;
}

/// Which audit records, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListAuditRecords {
    /// Done by any of these subjects.
    #[serde(default)]
    #[param(example = json!(["key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11"]))]
    pub actor: Vec<String>,
    /// Any of these actions.
    #[serde(default)]
    #[param(example = json!(["incident.update"]))]
    pub action: Vec<String>,
    /// Done to any of these kinds of resource.
    #[serde(default)]
    #[param(example = json!(["incident"]))]
    pub resource_type: Vec<String>,
    /// Done to any of these resources.
    #[serde(default)]
    pub resource_id: Vec<Uuid>,
    /// Belonging to any of these reviews.
    #[serde(default)]
    pub review_id: Vec<Uuid>,
    /// Done at or after.
    pub at_from: Option<Timestamp>,
    /// Done before.
    pub at_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: AuditRecordSort,
}

/// List audit records
///
/// Newest first. What was done in a restricted review is listed for its members and admins only,
/// so that there may be gaps in the sequence of what others see.
#[utoipa::path(tag = "Audit", params(ListAuditRecords, Paging), security(("oauth2" = ["audit:read"])), responses((status = 200, body = AuditRecordList)))]
#[get("/audit-records")]
async fn list_audit_records(
    call: Call,
    Query(filter): Query<ListAuditRecords>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let page = store::list(call.read(), &call.caller, &filter, &call.page(&paging)).await?;
    call.list(page, AuditRecordBody::from)
}

/// Read an audit record
#[utoipa::path(tag = "Audit", params(AuditRecordPath), security(("oauth2" = ["audit:read"])), responses((status = 200, body = AuditRecordBody)))]
#[get("/audit-records/{record}")]
async fn get_audit_record(call: Call, path: Path<AuditRecordPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.record).await?;
    call.ok(&AuditRecordBody::from(row))
}
