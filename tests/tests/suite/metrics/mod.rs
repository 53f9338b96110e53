//! Metrics: what each number is, worked out by hand for small worlds, and what is behind it.

mod held_groups;
mod incidents;
mod learning;
mod process;
mod process_aftermath;
mod process_coverage;
mod process_promptness;
mod process_queries;
mod progress;
mod remediation;
mod remediation_groups;
mod remediation_series;
mod response;
mod response_groups;
mod response_series;
mod work;

use serde_json::Value;

#[track_caller]
pub(crate) fn close(found: &Value, expected: f64) {
    let number = found.as_f64().unwrap_or(f64::NAN);
    assert!((number - expected).abs() < 1e-9, "{found} for {expected}");
}
