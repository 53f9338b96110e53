//! A schema has its name for itself: the document would silently keep one of two alike.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The schemas that a source defines by deriving them.
fn schemas(source: &str) -> Vec<String> {
    let (mut names, mut derives, mut renamed) = (Vec::new(), false, None);
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[derive(") {
            (derives, renamed) = (line.contains("ToSchema"), None);
        } else if line.starts_with("#[schema(") {
            let name = line.split_once("(as = ").map(|(_, rest)| rest);
            renamed = name.and_then(|rest| rest.split([',', ')']).next());
        } else if line.starts_with("pub") && derives {
            let mut words = line.split_whitespace().skip(1);
            let is_type = matches!(words.next(), Some("struct" | "enum"));
            let own = words
                .next()
                .and_then(|word| word.split(['<', '(', '{', ';']).next());
            // What macros define is named by those who use them.
            let name = renamed.or(own).filter(|name| !name.starts_with('$'));
            names.extend(name.filter(|_| is_type).map(str::to_owned));
            derives = false;
        }
    }
    names
}

#[test]
fn no_two_schemas_share_a_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["api/src", "entity/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut by_name: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        for name in schemas(&fs::read_to_string(&file).expect("a source")) {
            by_name.entry(name).or_default().push(file.clone());
        }
    }
    assert!(by_name.len() > 200, "{} schemas", by_name.len());
    by_name.retain(|_, files| files.len() > 1);
    assert!(by_name.is_empty(), "{by_name:#?}");
}
