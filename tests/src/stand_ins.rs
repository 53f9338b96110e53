//! What stands in examples for what is another in every run: ids, keys, tokens, hashes, cursors.
//! The same thing has the same stand-in wherever it is said.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Value, json};

/// Fields whose value is no word that could be recognised.
const BY_NAME: &[(&str, &str)] = &[
    ("next_cursor", CURSOR),
    ("cursor", PLACE),
    ("receipt", "h2V0mJx3b8sR1kq9TzYw4cLf7Ad6Ng5e"),
    (
        "withdrawal_token",
        "dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4uLi4",
    ),
    // The key of RFC 8037, appendix A.
    ("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
    ("kid", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
];
/// Fields that are set sooner or later, as the service gets to it: nothing stands for them.
const BY_TIMING: &[&str] = &["last_used_at"];
const CURSOR: &str = "eyJ2IjoiMjAyNi0xMS0yM1QxMjowMDowMFoifQ";
/// A place among all changes.
const PLACE: &str = "q2oO3cV0m0k0mQb5mQm0m1Xh2yq8r0s1t2u3v4w5x6y7z8A9bCdEfGhIjKl";
const TOKEN: &str = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJpc3MiOiIuLi4ifQ.c2lnbmF0dXJl";
/// How much of a key is shown to recognise it by.
const KEY_PREFIX: usize = 12;

static CHANGING: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = [
        r"(?<token>\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+)",
        r"(?<key>\bdbf_[\w-]+)",
        r"(?<id>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)",
        r"(?<hash>\b[0-9a-f]{64}\b)",
        r"\bcursor=(?<cursor>[\w.~-]+)",
        r#"(?<place>(?:^|\n)id: |"cursor":")[\w-]{59}"#,
    ];
    Regex::new(&kinds.join("|")).expect("a pattern")
});

/// What stands for what, so far.
#[derive(Debug, Default)]
pub struct StandIns {
    ids: HashMap<String, usize>,
    keys: HashMap<String, usize>,
    hashes: HashMap<String, usize>,
}

/// The number of a thing: that of its first mention, from 1.
fn number(known: &mut HashMap<String, usize>, thing: &str) -> usize {
    let next = known.len() + 1;
    *known.entry(thing.to_owned()).or_insert(next)
}

impl StandIns {
    /// Puts stand-ins in place of everything that they stand for.
    pub fn put_into(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.put_into(item)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    let known = BY_NAME.iter().find(|(known, _)| known == name);
                    match known.filter(|_| field.is_string()) {
                        Some((_, stand_in)) => *field = json!(stand_in),
                        None if BY_TIMING.contains(&name.as_str()) => *field = Value::Null,
                        None => self.put_into(field),
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> String {
        let replaced = CHANGING.replace_all(text, |found: &Captures<'_>| self.stand_in(found));
        replaced.into_owned()
    }

    fn stand_in(&mut self, found: &Captures<'_>) -> String {
        let whole = &found[0];
        if found.name("token").is_some() {
            TOKEN.to_owned()
        } else if found.name("key").is_some() {
            self.key(whole)
        } else if found.name("id").is_some() {
            let number = number(&mut self.ids, whole);
            format!("0192f0c4-7b1e-7c3a-9d52-{number:012}")
        } else if found.name("hash").is_some() {
            self.hash(whole)
        } else if let Some(before) = found.name("place") {
            format!("{}{PLACE}", before.as_str())
        } else {
            format!("cursor={CURSOR}")
        }
    }

    /// A key that nobody takes for one, or as much of it as is shown.
    fn key(&mut self, key: &str) -> String {
        let shown = key.get(..KEY_PREFIX).unwrap_or(key);
        let number = number(&mut self.keys, shown);
        let stand_in = format!("dbf_EXAMPLE{number}-of-a-key-that-opens-nothing-at-all0");
        stand_in.chars().take(key.len()).collect()
    }

    fn hash(&mut self, hash: &str) -> String {
        // The hash before the first.
        if hash.bytes().all(|digit| digit == b'0') {
            return hash.to_owned();
        }
        let number = number(&mut self.hashes, hash);
        format!("{number:02x}")
            .repeat(32)
            .chars()
            .take(64)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_the_same_stand_in_wherever_it_is_said() {
        let (one, other) = (
            "01a20b41-87f3-741f-bc77-b709270970d7",
            "01a20b41-87f3-741f-bc77-b709270970d8",
        );
        let mut said = json!({
            "id": one,
            "link": format!("/api/v1/reviews/{other}/events?cursor=abc.def&x={one}"),
            "created_by": format!("key:{one}"),
        });
        StandIns::default().put_into(&mut said);
        let expected = json!({
            "id": "0192f0c4-7b1e-7c3a-9d52-000000000001",
            "link": format!("/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-000000000002/events?cursor={CURSOR}&x=0192f0c4-7b1e-7c3a-9d52-000000000001"),
            "created_by": "key:0192f0c4-7b1e-7c3a-9d52-000000000001",
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn no_secret_is_left_and_a_shown_part_of_a_key_fits_the_key() {
        let key = "dbf_Zk3v9QmAxr7-_pZk3v9QmAxr7-_pZk3v9QmAxr7";
        let token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln-_c2ln";
        let mut said = json!({ "key": key, "prefix": &key[..12], "access_token": token });
        StandIns::default().put_into(&mut said);
        assert_eq!(said["key"], "dbf_EXAMPLE1-of-a-key-that-opens-nothing-at");
        assert_eq!(said["prefix"], "dbf_EXAMPLE1");
        assert_eq!(said["access_token"], TOKEN);
    }

    #[test]
    fn hashes_change_and_the_one_before_the_first_does_not() {
        let zeros = "0".repeat(64);
        let mut said = json!([zeros, "ab".repeat(32), "next", { "next_cursor": null }]);
        StandIns::default().put_into(&mut said);
        assert_eq!(
            said,
            json!([zeros, "01".repeat(32), "next", { "next_cursor": null }])
        );
    }
}
