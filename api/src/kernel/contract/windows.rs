//! Parameters that bound something from both sides: `NAME_from` and `NAME_to`.

use std::cmp::Ordering;

use entity::Timestamp;
use serde_json::{Map, Value};

use crate::kernel::error::Fault;

/// The windows among an operation's parameters.
#[derive(Debug)]
pub(super) struct Windows(Vec<(String, String)>);

impl Windows {
    /// Of the parameters with these names.
    pub(super) fn among(names: &[&str]) -> Self {
        let window = |to: &&str| {
            let from = format!("{}_from", to.strip_suffix("_to")?);
            names
                .contains(&from.as_str())
                .then(|| (from, (*to).to_owned()))
        };
        Self(names.iter().filter_map(window).collect())
    }

    /// The faults of those that end before they begin.
    pub(super) fn faults(&self, values: &Map<String, Value>) -> Vec<Fault> {
        let backwards = |(from, to): &&(String, String)| {
            let order = values.get(from).zip(values.get(to));
            order.and_then(|(from, to)| compare(from, to)) == Some(Ordering::Greater)
        };
        let fault = |(from, to): &(String, String)| {
            Fault::parameter(to, "before_from", format!("must not be before {from}"))
        };
        self.0.iter().filter(backwards).map(fault).collect()
    }
}

/// The order of two numbers, instants or dates; none of what the schema refuses anyway.
fn compare(from: &Value, to: &Value) -> Option<Ordering> {
    if let (Some(from), Some(to)) = (from.as_f64(), to.as_f64()) {
        return from.partial_cmp(&to);
    }
    let (from, to) = (from.as_str()?, to.as_str()?);
    if let (Some(from), Some(to)) = (Timestamp::parse(from), Timestamp::parse(to)) {
        return Some(from.cmp(&to));
    }
    let from = entity::time::parse_date(from)?;
    Some(from.cmp(&entity::time::parse_date(to)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_window_that_ends_before_it_begins_is_named() {
        let windows = Windows::among(&["at_from", "at_to", "from", "to", "due_on_to", "q"]);
        let cases = [
            (
                json!({ "at_from": "2026-02-01T00:00:00Z", "at_to": "2026-02-01T00:30:00+01:00" }),
                true,
            ),
            (
                json!({ "at_from": "2026-02-01T00:00:00Z", "at_to": "2026-02-01T01:00:00+01:00" }),
                false,
            ),
            (
                json!({ "at_from": "2026-02-02", "at_to": "2026-02-01" }),
                true,
            ),
            (
                json!({ "at_from": "2026-02-02", "at_to": "2026-02-02" }),
                false,
            ),
            (json!({ "at_from": 10, "at_to": 9 }), true),
            (json!({ "at_from": 9, "at_to": 10 }), false),
            (json!({ "at_from": "soon", "at_to": "2026-02-01" }), false),
            (json!({ "at_to": "2026-02-01" }), false),
            (json!({ "from": "2026-02-02", "to": "2026-02-01" }), false),
        ];
        for (values, refused) in cases {
            let faults = windows.faults(values.as_object().expect("an object"));
            let named: Vec<_> = faults
                .iter()
                .filter_map(|f| f.parameter.as_deref())
                .collect();
            assert_eq!(named, vec!["at_to"; refused.into()], "{values}");
        }
    }
}
