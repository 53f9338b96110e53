//! Files that are generated from the code and checked in: equal to what the code says today.
//! `UPDATE_GENERATED=1 cargo test` writes them.

use debrief_tests::Engine;
use debrief_tests::engine::runtime;
use debrief_tests::environment::{update_generated, workspace};

use crate::examples;

/// Compares a file with what it should hold, or writes it.
fn is_current(file: &str, expected: &str) {
    let path = workspace().join(file);
    if update_generated() {
        let folder = path.parent().expect("generated files are in folders");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(&path, expected).expect("the file can be written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let line = found
        .lines()
        .zip(expected.lines())
        .position(|(one, other)| one != other)
        .map_or_else(|| found.lines().count(), |line| line + 1);
    assert!(
        found == expected,
        "{file} is not what the code says, from line {line} on: `UPDATE_GENERATED=1 cargo test -p debrief-tests generated` writes it"
    );
}

#[test]
fn the_checked_in_openapi_document_is_current() {
    let document = if update_generated() {
        // With the examples that are being written at the same time.
        let (examples, _) = runtime().block_on(examples::told(Engine::Sqlite));
        debrief::openapi::document_with(&examples)
    } else {
        debrief::openapi::document()
    };
    let text = serde_json::to_string_pretty(&document).expect("a document can be written");
    is_current("openapi/openapi.json", &(text + "\n"));
}

#[test]
fn the_checked_in_reference_of_settings_is_current() {
    is_current("docs/configuration.md", &debrief::config::reference());
}
