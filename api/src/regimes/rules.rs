//! What a regime must hold. Pure.

use entity::regime::Stage;

use super::body::DefineRegime;
use crate::kernel::error::Fault;

/// The faults of a regime that its schema cannot show.
pub fn check(regime: &DefineRegime) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, stage) in regime.stages.iter().enumerate() {
        let pointer = |field: &str| format!("/stages/{at}/{field}");
        let before = &regime.stages[..at];
        if before.iter().any(|other| other.name == stage.name) {
            let detail = "is the name of another stage already";
            faults.push(Fault::at(pointer("name"), "repeated_item", detail));
        }
        faults.extend(check_clock(stage, pointer));
    }
    faults
}

fn check_clock(stage: &Stage, pointer: impl Fn(&str) -> String) -> Option<Fault> {
    match (stage.amount, stage.unit, stage.limit) {
        (Some(_), None, _) => Some(Fault::at(pointer("unit"), "required", "goes with amount")),
        (None, Some(_), _) => Some(Fault::at(pointer("amount"), "required", "goes with unit")),
        (None, None, Some(_)) => {
            let detail = "ends a clock, and the stage has none";
            Some(Fault::at(pointer("limit"), "without_clock", detail))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(stages: Value) -> Vec<(String, String)> {
        let regime = json!({ "key": "x", "name": "X", "stages": stages });
        let regime: DefineRegime = serde_json::from_value(regime).expect("a regime");
        let named = |fault: Fault| (fault.pointer.unwrap_or_default(), fault.code);
        check(&regime).into_iter().map(named).collect()
    }

    #[test]
    fn a_stage_has_its_own_name_and_a_whole_clock_or_none() {
        let stage = |name: &str, more: Value| {
            let mut stage = json!({ "name": name, "title": "X", "trigger": "aware" });
            for (field, value) in more.as_object().expect("an object") {
                stage[field] = value.clone();
            }
            stage
        };
        let limit = json!({ "trigger": "aware", "amount": 24, "unit": "calendar_hours" });
        let clock = json!({ "amount": 4, "unit": "calendar_hours", "limit": limit });
        let sound = [stage("a", json!({})), stage("b", clock)];
        assert!(faults(json!(sound)).is_empty());
        let wrong = [
            stage("a", json!({ "amount": 4 })),
            stage("a", json!({ "unit": "calendar_days" })),
            stage("b", json!({ "limit": limit })),
        ];
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            faults(json!(wrong)),
            [
                at("/stages/0/unit", "required"),
                at("/stages/1/name", "repeated_item"),
                at("/stages/1/amount", "required"),
                at("/stages/2/limit", "without_clock"),
            ]
        );
    }
}
