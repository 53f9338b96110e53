//! What the surroundings say: the only file of the tests that reads the environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the tests that reads the environment"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A server to test on, whose user may create databases: `DEBRIEF_TEST_POSTGRES_URL`.
pub fn postgres_url() -> Option<String> {
    variable("DEBRIEF_TEST_POSTGRES_URL")?.into_string().ok()
}

/// Whether a missing PostgreSQL is a failure: `DEBRIEF_TEST_REQUIRE_POSTGRES=1`.
pub fn postgres_is_required() -> bool {
    variable("DEBRIEF_TEST_REQUIRE_POSTGRES").is_some_and(|value| value != "0")
}

/// Whether generated files are to be written instead of compared: `UPDATE_GENERATED=1`.
pub fn update_generated() -> bool {
    variable("UPDATE_GENERATED").is_some_and(|value| value != "0")
}

/// The service's binary, where it is not to be built: `DEBRIEF_TEST_BINARY`.
pub fn binary() -> Option<PathBuf> {
    variable("DEBRIEF_TEST_BINARY").map(PathBuf::from)
}

/// The folders of `PATH`.
pub fn search_path() -> Vec<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// Cases told as neutral JSON, to compare the demo with: the folder that `DEBRIEF_TEST_CASES` names, or
/// the one beside the workspace, where there is one.
pub fn cases() -> Option<PathBuf> {
    let beside = || workspace().join("../shared/data/cases-dev");
    let folder = variable("DEBRIEF_TEST_CASES").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
