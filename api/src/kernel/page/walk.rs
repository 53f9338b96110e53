//! Lists whose rows are judged after they are read: a walk by creation, its position sealed like
//! any cursor.

use entity::Timestamp;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Cursor, DEFAULT_LIMIT, MAX_LIMIT, PageRequest, open, seal};
use crate::kernel::error::{Error, Result};

impl PageRequest<'_> {
    /// How many items the page may have.
    pub fn limit(&self) -> usize {
        let limit = self.paging.limit.unwrap_or(DEFAULT_LIMIT);
        usize::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1)
    }

    /// When the last row of the page before was created, and its id.
    pub fn position(&self) -> Result<Option<(Timestamp, Uuid)>> {
        let Some(cursor) = &self.paging.cursor else {
            return Ok(None);
        };
        let cursor = open(cursor, &self.binding, self.key)?;
        let at = cursor.v.as_i64().and_then(Timestamp::from_micros);
        let at =
            at.ok_or_else(|| Error::Internal("a sealed cursor has another type".to_owned()))?;
        Ok(Some((at, cursor.i)))
    }

    /// The cursor that goes on behind a row.
    pub fn cursor_after(&self, created_at: Timestamp, id: Uuid) -> Result<String> {
        let cursor = Cursor {
            v: Json::from(created_at.micros()),
            i: id,
        };
        seal(&cursor, &self.binding, self.key)
    }
}
