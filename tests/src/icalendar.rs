//! A strict reader of iCalendar objects (RFC 5545, 5546, 6868): it takes nothing that a calendar
//! program might stumble over.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};

/// A content line: its name, its parameters and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The parameters.
    pub parameters: BTreeMap<String, String>,
    /// The value as it is written.
    pub value: String,
}

/// An invitation, read and judged.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What is to be done with it.
    pub method: String,
    /// The properties of its one event.
    pub event: Vec<Property>,
}

/// The names that an event has exactly once.
const ONCE: [&str; 11] = [
    "UID",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "STATUS",
    "CLASS",
    "ORGANIZER",
];

impl Invitation {
    /// Reads a file.
    ///
    /// # Panics
    /// When it is not what the RFCs ask for.
    #[track_caller]
    pub fn read(file: &str) -> Self {
        let mut lines = properties(file).into_iter();
        let mut expect = |name: &str, value: Option<&str>| {
            let line = lines.next().unwrap_or_else(|| panic!("no {name}: {file}"));
            assert_eq!(line.name, name, "{file}");
            if let Some(value) = value {
                assert_eq!(line.value, value, "{file}");
            }
            line.value
        };
        expect("BEGIN", Some("VCALENDAR"));
        expect("VERSION", Some("2.0"));
        assert!(!expect("PRODID", None).is_empty());
        expect("CALSCALE", Some("GREGORIAN"));
        let method = expect("METHOD", None);
        expect("BEGIN", Some("VEVENT"));
        let event: Vec<Property> = lines
            .by_ref()
            .take_while(|line| line.name != "END")
            .collect();
        let last: Vec<Property> = lines.collect();
        assert_eq!(last.len(), 1, "{last:?}");
        assert_eq!((&*last[0].name, &*last[0].value), ("END", "VCALENDAR"));
        let read = Self { method, event };
        read.judge(file);
        read
    }

    fn judge(&self, file: &str) {
        let names_some = self.method == "CANCEL" && self.all("STATUS").is_empty();
        for name in ONCE {
            if name == "STATUS" && names_some {
                // Only those it names are no longer invited (RFC 5546, 3.2.5).
                continue;
            }
            assert_eq!(self.all(name).len(), 1, "{name}: {file}");
        }
        for name in ["DESCRIPTION", "LOCATION", "URL", "TRANSP"] {
            assert!(self.all(name).len() <= 1, "{name}: {file}");
        }
        let status = match self.method.as_str() {
            "REQUEST" => "CONFIRMED",
            "CANCEL" => "CANCELLED",
            other => panic!("{other} is no method of ours: {file}"),
        };
        if !names_some {
            assert_eq!(self.value("STATUS"), status);
        }
        assert!(self.instant("DTSTART") < self.instant("DTEND"), "{file}");
        for name in ["DTSTAMP", "CREATED", "LAST-MODIFIED"] {
            self.instant(name);
        }
        self.sequence();
        for name in ["SUMMARY", "DESCRIPTION", "LOCATION"] {
            for property in self.all(name) {
                text(&property.value);
            }
        }
        for person in self
            .all("ORGANIZER")
            .into_iter()
            .chain(self.all("ATTENDEE"))
        {
            let address = person.value.strip_prefix("mailto:");
            let address = address.unwrap_or_else(|| panic!("{} is no address", person.value));
            assert_eq!(address.matches('@').count(), 1, "{address}");
            assert!(person.parameters.contains_key("CN"), "{person:?}");
        }
    }

    /// Every property of that name.
    pub fn all(&self, name: &str) -> Vec<&Property> {
        self.event.iter().filter(|one| one.name == name).collect()
    }

    /// The value of a property that is there once.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let found = self.all(name);
        assert_eq!(found.len(), 1, "{name}");
        &found[0].value
    }

    /// A text.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        text(self.value(name))
    }

    /// An instant in UTC.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn instant(&self, name: &str) -> DateTime<Utc> {
        let value = self.value(name);
        let read = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ");
        assert_eq!(value.len(), 16, "{value}");
        read.unwrap_or_else(|error| panic!("{value}: {error}"))
            .and_utc()
    }

    /// The sequence.
    ///
    /// # Panics
    /// When it is no number.
    pub fn sequence(&self) -> u32 {
        let value = self.value("SEQUENCE");
        value.parse().expect("a number")
    }

    /// Who is invited: the address, and a parameter of each.
    ///
    /// # Panics
    /// When one of them has no such parameter.
    pub fn attendees(&self, parameter: &str) -> Vec<(String, String)> {
        let all = self.all("ATTENDEE").into_iter();
        all.map(|one| {
            let address = one.value.trim_start_matches("mailto:").to_owned();
            (address, one.parameters[parameter].clone())
        })
        .collect()
    }
}

/// The content lines of a file, unfolded: each ends with CR LF, none has more than 75 octets.
fn properties(file: &str) -> Vec<Property> {
    let whole = file.strip_suffix("\r\n").expect("the file ends a line");
    let mut lines: Vec<String> = Vec::new();
    for line in whole.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.is_empty(), "an empty line");
        let control = |one: char| one.is_control() && one != '\t';
        assert!(!line.contains(control), "a control character: {line:?}");
        match line.strip_prefix([' ', '\t']) {
            Some(rest) => lines.last_mut().expect("a first line").push_str(rest),
            None => lines.push(line.to_owned()),
        }
    }
    lines.iter().map(|line| property(line)).collect()
}

fn property(line: &str) -> Property {
    let end = line.find([';', ':']).expect("a name");
    let name = &line[..end];
    let is_name = |text: &str| {
        let good = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        !text.is_empty() && text.bytes().all(good)
    };
    assert!(is_name(name), "{line}");
    let mut rest = &line[end..];
    let mut parameters = BTreeMap::new();
    while let Some(parameter) = rest.strip_prefix(';') {
        let (name, after) = parameter.split_once('=').expect("a parameter's value");
        assert!(is_name(name), "{line}");
        let (value, after) = if let Some(quoted) = after.strip_prefix('"') {
            quoted.split_once('"').expect("a closing quote")
        } else {
            let end = after.find([';', ':', ',']).expect("an end");
            after.split_at(end)
        };
        assert!(after.starts_with([';', ':']), "{line}");
        let new = parameters.insert(name.to_owned(), decoded(value));
        assert!(new.is_none(), "{name} is there twice: {line}");
        rest = after;
    }
    let value = rest.strip_prefix(':').expect("a value").to_owned();
    Property {
        name: name.to_owned(),
        parameters,
        value,
    }
}

/// A parameter's value by RFC 6868: a caret that encodes nothing stands for itself.
fn decoded(value: &str) -> String {
    let mut read = String::new();
    let mut characters = value.chars().peekable();
    while let Some(one) = characters.next() {
        let meant = match (one, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if meant.is_some() {
            characters.next();
        }
        read.push(meant.unwrap_or(one));
    }
    read
}

/// A TEXT value: every backslash escapes something, and what has to be escaped is.
fn text(value: &str) -> String {
    let mut read = String::new();
    let mut characters = value.chars();
    while let Some(one) = characters.next() {
        match one {
            '\\' => match characters.next() {
                Some('n' | 'N') => read.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => read.push(escaped),
                other => panic!("{other:?} is escaped in {value}"),
            },
            ';' | ',' => panic!("{one} is not escaped in {value}"),
            plain => read.push(plain),
        }
    }
    read
}
