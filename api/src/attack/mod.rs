//! ATT&CK technique ids: their form is checked, their currency warned of, never refused.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

/// An ATT&CK technique or sub-technique.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, pattern = "^T[0-9]{4}(\\.[0-9]{3})?$", example = "T1486")]
pub struct TechniqueId(#[expect(dead_code, reason = "stands for a schema")] String);

/// Something that was kept but looks wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// JSON Pointer to it.
    #[schema(example = "/attack_techniques/0")]
    pub pointer: String,
    /// Stable word for the kind of doubt.
    #[schema(example = "retired_technique")]
    pub code: String,
    /// What looks wrong.
    #[schema(example = "T1562.008 was retired from ATT&CK")]
    pub detail: String,
}

/// Whether a known id is still in use.
static KNOWN: LazyLock<HashMap<String, bool>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for line in include_str!("techniques.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if let Some(retired) = line.strip_prefix('-') {
            known.insert(format!("T{retired}"), false);
            continue;
        }
        let mut numbers = line.split(' ');
        let base = format!("T{}", numbers.next().unwrap_or_default());
        known.extend(numbers.map(|sub| (format!("{base}.{sub}"), true)));
        known.insert(base, true);
    }
    known
});

/// A warning for every id that is not, or no longer, in use.
pub fn warnings(techniques: &[String]) -> Vec<Warning> {
    let doubts = techniques.iter().enumerate().filter_map(|(index, id)| {
        let (code, detail) = match KNOWN.get(id) {
            Some(true) => return None,
            Some(false) => ("retired_technique", format!("{id} was retired from ATT&CK")),
            None => (
                "unknown_technique",
                format!("{id} is not an ATT&CK technique known here"),
            ),
        };
        let pointer = format!("/attack_techniques/{index}");
        Some(Warning {
            pointer,
            code: code.to_owned(),
            detail,
        })
    });
    doubts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retired_and_unknown_ids_are_warned_of() {
        let ids = ["T1486", "T1566.001", "T1562.008", "T9999"].map(str::to_owned);
        let codes: Vec<_> = warnings(&ids)
            .into_iter()
            .map(|w| (w.pointer, w.code))
            .collect();
        assert_eq!(
            codes,
            [
                (
                    "/attack_techniques/2".to_owned(),
                    "retired_technique".to_owned()
                ),
                (
                    "/attack_techniques/3".to_owned(),
                    "unknown_technique".to_owned()
                ),
            ]
        );
    }
}
