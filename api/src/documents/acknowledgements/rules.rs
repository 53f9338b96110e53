//! Who is the same reader as whom. Pure.

use entity::shared::Person;

/// What tells a reader from others: the subject, or the name where there is none.
pub fn key(reader: &Person) -> String {
    match &reader.subject {
        Some(subject) => format!("subject:{}", subject.to_lowercase()),
        None => format!("name:{}", name(reader)),
    }
}

/// The name that a reader is also known by.
pub fn name(reader: &Person) -> String {
    reader.name.to_lowercase()
}

/// Whether two mean the same person: by subject where both have one, else by name.
pub fn is_same(a: &Person, b: &Person) -> bool {
    match (&a.subject, &b.subject) {
        (Some(_), Some(_)) => key(a) == key(b),
        _ => name(a) == name(b),
    }
}

/// Those of the required readers who have not read, in their order.
pub fn missing(required: &[Person], read: &[Person]) -> Vec<Person> {
    let has_not = |one: &&Person| !read.iter().any(|other| is_same(one, other));
    required.iter().filter(has_not).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, subject: Option<&str>) -> Person {
        Person {
            name: name.to_owned(),
            subject: subject.map(str::to_owned),
        }
    }

    #[test]
    fn subjects_decide_where_both_have_one_and_names_elsewhere() {
        for (a, b, same) in [
            (
                person("Kim", Some("kim@x")),
                person("K. L.", Some("KIM@X")),
                true,
            ),
            (
                person("Kim", Some("kim@x")),
                person("Kim", Some("other@x")),
                false,
            ),
            (person("Kim", Some("kim@x")), person("KIM", None), true),
            (person("Kim", None), person("kim", None), true),
            (person("Kim", None), person("Ada", Some("kim")), false),
        ] {
            assert_eq!(is_same(&a, &b), same, "{a:?} {b:?}");
            assert_eq!(is_same(&b, &a), same, "{b:?} {a:?}");
        }
        assert_ne!(key(&person("x", None)), key(&person("x", Some("x"))));
    }

    #[test]
    fn who_has_to_read_and_has_not_is_missing() {
        let required = [
            person("Ada", Some("ada@x")),
            person("Kim", None),
            person("Night shift", None),
        ];
        let read = [
            person("A. Lovelace", Some("ada@x")),
            person("kim", Some("kim@x")),
        ];
        assert_eq!(missing(&required, &read), [person("Night shift", None)]);
        assert_eq!(missing(&required, &[]), required);
        assert!(missing(&[], &read).is_empty());
    }
}
