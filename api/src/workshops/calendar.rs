//! Writing an invitation as an iCalendar object (RFC 5545, 5546): content lines, their escaping and
//! folding. Pure.
//!
//! Written here and not taken from a crate: the one there is leaves a carriage return in a text, a
//! quote or line break in a name, and lines of 76 octets as they are, so that a review's title
//! could add lines of its own to the file.

use entity::Timestamp;
use entity::vocabulary::Rsvp;

/// The most octets that a line may have before its end.
const LONGEST: usize = 75;

/// Whether an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Confirmed,
    /// It was taken back.
    Cancelled,
    /// It stands for others: those whom it names are no longer invited.
    Withdrawn,
}

/// How somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They chair.
    Chair,
    /// They have to be there.
    Required,
    /// They may be there.
    Optional,
}

/// A person with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub address: String,
}

/// Somebody who is invited.
#[derive(Clone, Debug)]
pub struct Attendee {
    /// Who.
    pub who: Addressee,
    /// How they take part.
    pub role: Role,
    /// What they answered.
    pub rsvp: Rsvp,
}

/// What an invitation says.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Its name, which stays the same through all changes.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i32,
    /// When what it says last changed.
    pub changed_at: Timestamp,
    /// When it was first made.
    pub created_at: Timestamp,
    /// When the session begins.
    pub starts_at: Timestamp,
    /// How long it takes.
    pub minutes: i32,
    /// What it is called.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where it is held.
    pub location: Option<String>,
    /// Where it is held online.
    pub url: Option<String>,
    /// Whether calendars keep its details to those who are invited.
    pub confidential: bool,
    /// Whether it stands.
    pub standing: Standing,
    /// Who invites.
    pub organizer: Addressee,
    /// Who is invited.
    pub attendees: Vec<Attendee>,
}

impl Invite {
    /// The method of the object, which tells calendars what to do with it.
    pub fn method(&self) -> &'static str {
        match self.standing {
            Standing::Confirmed => "REQUEST",
            Standing::Cancelled | Standing::Withdrawn => "CANCEL",
        }
    }

    /// The file.
    pub fn write(&self) -> String {
        let mut file = File(String::with_capacity(2048));
        file.plain("BEGIN", "VCALENDAR");
        file.plain("VERSION", "2.0");
        file.plain("PRODID", "-//Debrief//Debrief//EN");
        file.plain("CALSCALE", "GREGORIAN");
        file.plain("METHOD", self.method());
        file.plain("BEGIN", "VEVENT");
        file.plain("UID", &self.uid);
        file.plain("DTSTAMP", &instant(self.changed_at));
        file.plain("CREATED", &instant(self.created_at));
        file.plain("LAST-MODIFIED", &instant(self.changed_at));
        file.plain("SEQUENCE", &self.sequence.to_string());
        file.plain("DTSTART", &instant(self.starts_at));
        let ends_at = self.starts_at.plus_seconds(i64::from(self.minutes) * 60);
        file.plain("DTEND", &instant(ends_at));
        file.text("SUMMARY", &self.summary);
        if !self.description.is_empty() {
            file.text("DESCRIPTION", &self.description);
        }
        if let Some(location) = self.location.as_ref().or(self.url.as_ref()) {
            file.text("LOCATION", location);
        }
        if let Some(url) = &self.url {
            file.plain("URL", &encoded(url, |byte| byte.is_ascii_graphic()));
        }
        let class = if self.confidential {
            "CONFIDENTIAL"
        } else {
            "PUBLIC"
        };
        file.plain("CLASS", class);
        match self.standing {
            Standing::Confirmed => file.plain("STATUS", "CONFIRMED"),
            Standing::Cancelled => file.plain("STATUS", "CANCELLED"),
            // The event is not cancelled, only for them (RFC 5546, 3.2.5).
            Standing::Withdrawn => {}
        }
        file.plain("TRANSP", "OPAQUE");
        let name = parameter(&self.organizer.name);
        let organizer = mailto(&self.organizer.address);
        file.line(&format!("ORGANIZER;CN={name}:{organizer}"));
        for attendee in &self.attendees {
            file.line(&self.attendee(attendee));
        }
        file.plain("END", "VEVENT");
        file.plain("END", "VCALENDAR");
        file.0
    }

    fn attendee(&self, attendee: &Attendee) -> String {
        let role = match attendee.role {
            Role::Chair => "CHAIR",
            Role::Required => "REQ-PARTICIPANT",
            Role::Optional => "OPT-PARTICIPANT",
        };
        let answered = match attendee.rsvp {
            Rsvp::Pending => "NEEDS-ACTION",
            Rsvp::Accepted => "ACCEPTED",
            Rsvp::Tentative => "TENTATIVE",
            Rsvp::Declined => "DECLINED",
        };
        let asked = attendee.rsvp == Rsvp::Pending && self.standing == Standing::Confirmed;
        let asked = if asked { "TRUE" } else { "FALSE" };
        let name = parameter(&attendee.who.name);
        let address = mailto(&attendee.who.address);
        format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE={role};PARTSTAT={answered};RSVP={asked};CN={name}:{address}"
        )
    }
}

/// The text of a file in the making.
struct File(String);

impl File {
    /// A property whose value has nothing in it that would have to be escaped.
    fn plain(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{value}"));
    }

    /// A property whose value is a text.
    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    /// A content line, folded between characters into lines of at most 75 octets.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LONGEST {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(character);
            length += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// An instant in UTC, as `20261130T100000Z`.
fn instant(at: Timestamp) -> String {
    at.0.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Whether a reader may take the character for the end of a line.
fn ends_a_line(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// A text as a property's value (RFC 5545, 3.3.11); control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            ended if ends_a_line(ended) => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A text as a parameter's value: quoted, with what a quoted one cannot hold written by RFC 6868.
fn parameter(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '^' => quoted.push_str("^^"),
            '"' => quoted.push_str("^'"),
            ended if ends_a_line(ended) => quoted.push_str("^n"),
            control if control.is_control() => {}
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// An address as a URI (RFC 6068).
fn mailto(address: &str) -> String {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'*+@".contains(&byte);
    format!("mailto:{}", encoded(address, stays))
}

/// A text in which every byte that may not stay is percent-encoded.
fn encoded(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The address in what is known of a person: their e-mail, or a subject that is one.
pub fn address(email: Option<&str>, subject: Option<&str>) -> Option<String> {
    let is_address = |text: &&str| {
        let mut parts = text.split('@');
        let (local, domain) = (parts.next(), parts.next());
        let whole = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
        let clean = text
            .chars()
            .all(|one| !one.is_whitespace() && !one.is_control());
        whole(local) && whole(domain) && parts.next().is_none() && clean
    };
    email.or(subject.filter(is_address)).map(str::to_owned)
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
