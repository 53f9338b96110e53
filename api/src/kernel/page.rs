//! Lists: keyset pages with opaque cursors that cannot be forged or moved to another list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use entity::Timestamp;
use ring::hmac;
use sea_orm::sea_query::{ExprTrait, NullOrdering, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoSimpleExpr, Iterable, ModelTrait,
    Order, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::IntoParams;
use uuid::Uuid;

use super::error::{Code, Error, Fault, Result};

mod walk;

/// The smallest, usual and largest page.
pub const DEFAULT_LIMIT: u64 = 50;
/// The largest page.
pub const MAX_LIMIT: u64 = 200;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items at most.
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    pub limit: Option<u64>,
    /// Where the last page ended, as its `next_cursor` says; only with the same filters and order.
    #[param(max_length = 1024, example = "eyJ2IjoiMjAyNi0xMS0yM1QxMjowMDowMFoifQ")]
    pub cursor: Option<String>,
}

/// An order that a list can be sorted in.
pub trait Sort<E: EntityTrait>: Copy {
    /// The column behind it.
    fn column(self) -> E::Column;
    /// Whether the largest comes first.
    fn descending(self) -> bool;
    /// Whether the column can be absent; what has none comes last.
    fn nullable(self) -> bool;
    /// Its name in the query.
    fn name(self) -> &'static str;
}

/// Defines the orders of one list: each column in both directions.
///
/// The values are the field's name for ascending and `-name` for descending.
#[macro_export]
macro_rules! sorts {
    (
        $(#[$doc:meta])* $name:ident of $entity:ty, default $default:ident;
        $($up:ident $down:ident $wire:literal $reverse:literal $column:ident $($nullable:ident)?;)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
        pub enum $name {
            $(
                #[doc = concat!("Ascending by `", $wire, "`.")]
                #[serde(rename = $wire)]
                $up,
                #[doc = concat!("Descending by `", $wire, "`.")]
                #[serde(rename = $reverse)]
                $down,
            )+
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($wire, $reverse,)+]))
                    .default(Some(serde_json::json!($crate::kernel::page::Sort::<$entity>::name(Self::default()))))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }

        impl $crate::kernel::page::Sort<$entity> for $name {
            fn column(self) -> <$entity as sea_orm::EntityTrait>::Column {
                match self { $(Self::$up | Self::$down => <$entity as sea_orm::EntityTrait>::Column::$column,)+ }
            }
            fn descending(self) -> bool {
                match self { $(Self::$up => false, Self::$down => true,)+ }
            }
            fn nullable(self) -> bool {
                match self { $(Self::$up | Self::$down => false $(|| stringify!($nullable) == "nullable")?,)+ }
            }
            fn name(self) -> &'static str {
                match self { $(Self::$up => $wire, Self::$down => $reverse,)+ }
            }
        }
    };
}
pub use sorts;

/// One page of a list.
#[derive(Debug)]
pub struct Page<M> {
    /// The rows, in order.
    pub items: Vec<M>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// What a cursor may be used with, and the key that seals it.
#[derive(Debug)]
pub struct PageRequest<'a> {
    /// The page asked for.
    pub paging: &'a Paging,
    /// The list, its filters and its owner: a cursor works with these only.
    pub binding: String,
    /// The installation's key.
    pub key: &'a hmac::Key,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// Value of the sort column in the last row.
    v: Json,
    /// Id of the last row.
    i: Uuid,
}

/// Reads one page in one query.
pub async fn page<E, S>(
    select: Select<E>,
    sort: S,
    request: &PageRequest<'_>,
    connection: &impl ConnectionTrait,
) -> Result<Page<E::Model>>
where
    E: EntityTrait,
    S: Sort<E>,
    E::Model: Sync,
{
    let id = id_column::<E>()?;
    let limit = request
        .paging
        .limit
        .unwrap_or(DEFAULT_LIMIT)
        .clamp(1, MAX_LIMIT);
    let binding = format!("{}\n{}", request.binding, sort.name());
    let order = if sort.descending() {
        Order::Desc
    } else {
        Order::Asc
    };
    let mut select = match &request.paging.cursor {
        Some(cursor) => select.filter(after::<E, S>(
            sort,
            id,
            &open(cursor, &binding, request.key)?,
        )?),
        None => select,
    };
    select = if sort.nullable() {
        select.order_by_with_nulls(sort.column(), order.clone(), NullOrdering::Last)
    } else {
        select.order_by(sort.column(), order.clone())
    };
    let mut items = select
        .order_by(id, order)
        .limit(limit + 1)
        .all(connection)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = match items.last().filter(|_| more) {
        Some(last) => {
            let cursor = Cursor {
                v: to_json(&last.get(sort.column()))?,
                i: uuid_of(&last.get(id))?,
            };
            Some(seal(&cursor, &binding, request.key)?)
        }
        None => None,
    };
    Ok(Page { items, next })
}

/// The filter "any of these", or none when none is named.
pub fn any<V, C>(values: &[V], column: C) -> Option<SimpleExpr>
where
    V: Clone + Into<Value>,
    C: ColumnTrait,
{
    (!values.is_empty()).then(|| column.is_in(values.iter().cloned()))
}

fn id_column<E: EntityTrait>() -> Result<E::Column> {
    let first = E::PrimaryKey::iter()
        .next()
        .map(PrimaryKeyToColumn::into_column);
    first.ok_or_else(|| Error::Internal("a list needs a primary key".to_owned()))
}

/// The rows behind the cursor, as a comparison that an index on (column, id) answers.
fn after<E: EntityTrait, S: Sort<E>>(sort: S, id: E::Column, cursor: &Cursor) -> Result<Condition> {
    let column = sort.column();
    let id_value: SimpleExpr = sea_orm::sea_query::Expr::value(cursor.i);
    let behind_id = if sort.descending() {
        id.into_simple_expr().lt(id_value.clone())
    } else {
        id.into_simple_expr().gt(id_value.clone())
    };
    if Json::is_null(&cursor.v) {
        return Ok(Condition::all().add(column.is_null()).add(behind_id));
    }
    let value = from_json::<E>(column, &cursor.v)?;
    let left = sea_orm::sea_query::Expr::tuple([column.into_simple_expr(), id.into_simple_expr()]);
    let right = sea_orm::sea_query::Expr::tuple([sea_orm::sea_query::Expr::value(value), id_value]);
    let behind = if sort.descending() {
        left.lt(right)
    } else {
        left.gt(right)
    };
    let condition = Condition::any().add(behind);
    Ok(if sort.nullable() {
        condition.add(column.is_null())
    } else {
        condition
    })
}

fn seal(cursor: &Cursor, binding: &str, key: &hmac::Key) -> Result<String> {
    let mut bytes = serde_json::to_vec(cursor)
        .map_err(|error| Error::Internal(format!("a cursor cannot be written: {error}")))?;
    let tag = sign(&bytes, binding, key);
    bytes.extend_from_slice(&tag);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The refusal of a cursor that came in the parameter `name`.
pub(super) fn invalid_cursor(name: &str) -> Error {
    Code::InvalidCursor
        .because("the cursor was not given out for this list, filter and order")
        .with_faults(vec![Fault::parameter(
            name,
            "invalid_cursor",
            "is not valid here",
        )])
        .into()
}

fn open(text: &str, binding: &str, key: &hmac::Key) -> Result<Cursor> {
    let invalid = || invalid_cursor("cursor");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    let (payload, tag) = bytes
        .len()
        .checked_sub(16)
        .map(|at| bytes.split_at(at))
        .ok_or_else(invalid)?;
    let expected = sign(payload, binding, key);
    let same = expected
        .iter()
        .zip(tag)
        .fold(0, |difference, (a, b)| difference | (a ^ b))
        == 0;
    if !same {
        return Err(invalid());
    }
    serde_json::from_slice(payload).map_err(|_| invalid())
}

fn sign(payload: &[u8], binding: &str, key: &hmac::Key) -> [u8; 16] {
    let mut context = hmac::Context::with_key(key);
    context.update(&payload.len().to_be_bytes());
    context.update(payload);
    context.update(binding.as_bytes());
    let mut tag = [0; 16];
    tag.copy_from_slice(&context.sign().as_ref()[..16]);
    tag
}

fn to_json(value: &Value) -> Result<Json> {
    Ok(match value {
        Value::Int(n) => n.map_or(Json::Null, Json::from),
        Value::BigInt(n) => n.map_or(Json::Null, Json::from),
        Value::Double(n) => n.map_or(Json::Null, Json::from),
        Value::String(text) => text.as_deref().map_or(Json::Null, Json::from),
        Value::ChronoDateTimeUtc(at) => {
            at.map_or(Json::Null, |at| Json::from(at.timestamp_micros()))
        }
        Value::ChronoDate(date) => date.map_or(Json::Null, |date| Json::from(date.to_string())),
        other => return Err(Error::Internal(format!("cannot page by {other:?}"))),
    })
}

/// The sealed value in the type of its column, so that no engine has to guess.
fn from_json<E: EntityTrait>(column: E::Column, value: &Json) -> Result<Value> {
    use sea_orm::sea_query::ColumnType;
    let kind = column.def().get_column_type().clone();
    let read = match kind {
        ColumnType::Integer => value
            .as_i64()
            .and_then(|n| i32::try_from(n).ok())
            .map(Value::from),
        ColumnType::BigInteger => value.as_i64().map(Value::from),
        ColumnType::Double => value.as_f64().map(Value::from),
        ColumnType::TimestampWithTimeZone => value
            .as_i64()
            .and_then(Timestamp::from_micros)
            .map(|at| Value::from(at.0)),
        ColumnType::Date => value
            .as_str()
            .and_then(|text| text.parse::<NaiveDate>().ok())
            .map(Value::from),
        _ => value.as_str().map(Value::from),
    };
    read.ok_or_else(|| Error::Internal("a sealed cursor has another type".to_owned()))
}

fn uuid_of(value: &Value) -> Result<Uuid> {
    match value {
        Value::Uuid(Some(id)) => Ok(*id),
        other => Err(Error::Internal(format!(
            "a list needs a UUID key, not {other:?}"
        ))),
    }
}
