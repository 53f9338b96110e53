//! Recognising people: by the subjects and addresses that are known of them, by name where none is.

use entity::shared::Person;
use unicode_normalization::UnicodeNormalization as _;

/// Whether two names of people mean the same one, as far as eyes can tell: in any letter case and
/// form of the same letters, whatever is between them that nobody sees.
fn is_same(a: &str, b: &str) -> bool {
    seen(a).eq(seen(b))
}

/// The characters of a name that somebody sees, in one form.
fn seen(name: &str) -> impl Iterator<Item = char> {
    const ZERO_WIDTH: [char; 9] = [
        '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}',
        '\u{feff}', '\u{61c}',
    ];
    name.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|one| !one.is_whitespace() && !one.is_control() && !ZERO_WIDTH.contains(one))
}

/// How a person can be recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The name to show.
    pub name: Option<String>,
    /// Subjects and addresses.
    pub identifiers: Vec<String>,
}

impl From<&Person> for Names {
    fn from(person: &Person) -> Self {
        Self {
            name: Some(person.name.clone()),
            identifiers: person.subject.iter().cloned().collect(),
        }
    }
}

impl Names {
    /// Whether a person is meant: by subject, or by name where one of the two has no subject.
    pub fn are_of(&self, name: &str, subject: Option<&str>) -> bool {
        let known = |wanted: &str| self.identifiers.iter().any(|one| is_same(one, wanted));
        match subject {
            Some(subject) if !self.identifiers.is_empty() => known(subject),
            _ => known(name) || self.name.as_deref().is_some_and(|own| is_same(own, name)),
        }
    }

    /// Whether both mean one person: by what identifies them, or by name where one of the two has
    /// nothing that does.
    pub fn mean_the_same_as(&self, other: &Self) -> bool {
        if self.identifiers.is_empty() || other.identifiers.is_empty() {
            let names = self.name.as_deref().zip(other.name.as_deref());
            return names.is_some_and(|(own, other)| is_same(own, other));
        }
        let shared = |one: &String| other.identifiers.iter().any(|two| is_same(one, two));
        self.identifiers.iter().any(shared)
    }
}

/// Whom of these persons the owners of something have among them.
pub fn owner_among<'a>(
    owners: &[Names],
    people: impl IntoIterator<Item = &'a Person>,
) -> Option<&'a Person> {
    people.into_iter().find(|one| {
        let subject = one.subject.as_deref();
        owners.iter().any(|owner| owner.are_of(&one.name, subject))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str, identifiers: &[&str]) -> Names {
        Names {
            name: Some(name.to_owned()),
            identifiers: identifiers.iter().map(|&one| one.to_owned()).collect(),
        }
    }

    #[test]
    fn nothing_that_nobody_sees_makes_another_person() {
        let kim = names("Kim Larsen", &["kim@example.org"]);
        for same in [
            " kim@example.org",
            "KIM@example.org\u{200b}",
            "ｋｉｍ@example.org\n",
        ] {
            assert!(kim.are_of("anybody", Some(same)), "{same:?}");
        }
        assert!(!kim.are_of("anybody", Some("kin@example.org")));
        assert!(names("Kim Larsen", &[]).are_of("Kim  Larsen", None));
    }

    #[test]
    fn people_are_known_by_subject_first_and_by_name_only_without_one() {
        let kim = names("Kim Larsen", &["kim@example.org", "u-17"]);
        for (other, same) in [
            (names("Kim Larsen", &["U-17"]), true),
            (names("K. Larsen", &["KIM@example.org"]), true),
            (names("Kim Larsen", &["kim@elsewhere.example"]), false),
            (names("kim larsen", &[]), true),
            (names("Kim", &[]), false),
            (Names::default(), false),
        ] {
            assert_eq!(kim.mean_the_same_as(&other), same, "{other:?}");
            assert_eq!(other.mean_the_same_as(&kim), same, "{other:?}");
        }
        assert!(kim.are_of("anybody", Some("u-17")));
        assert!(!kim.are_of("Kim Larsen", Some("u-18")));
        assert!(kim.are_of("KIM LARSEN", None));
    }
}
