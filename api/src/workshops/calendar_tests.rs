//! What is written is read again as it was meant, whatever the texts hold.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn invite() -> Invite {
    let kim = Addressee {
        name: "Kim Larsen".to_owned(),
        address: "kim@example.org".to_owned(),
    };
    Invite {
        uid: "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11".to_owned(),
        sequence: 2,
        changed_at: at("2026-11-23T12:00:00Z"),
        created_at: at("2026-11-20T08:30:00.123456Z"),
        starts_at: at("2026-11-30T10:00:00Z"),
        minutes: 90,
        summary: "Lessons learned: Ransomware, on the file servers; part 1".to_owned(),
        description: "One\nTwo".to_owned(),
        location: Some("Room 4.12".to_owned()),
        url: Some("https://meet.example/pir".to_owned()),
        confidential: false,
        standing: Standing::Confirmed,
        organizer: kim.clone(),
        attendees: vec![Attendee {
            who: kim,
            role: Role::Chair,
            rsvp: Rsvp::Accepted,
        }],
    }
}

/// The content lines, unfolded; every line must be short and end as it has to.
fn lines(file: &str) -> Vec<String> {
    let whole = file.strip_suffix("\r\n").expect("ends a line");
    let mut found: Vec<String> = Vec::new();
    for line in whole.split("\r\n") {
        assert!(line.len() <= LONGEST, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        match line.strip_prefix(' ') {
            Some(rest) => found.last_mut().expect("a first line").push_str(rest),
            None => found.push(line.to_owned()),
        }
    }
    found
}

/// A value as a reader takes it.
fn unescaped(text: &str) -> String {
    let mut characters = text.chars();
    let mut found = String::new();
    while let Some(one) = characters.next() {
        match (one, one == '\\') {
            (_, true) => match characters.next().expect("an escaped character") {
                'n' => found.push('\n'),
                other => found.push(other),
            },
            (plain, false) => found.push(plain),
        }
    }
    found
}

#[test]
fn an_invitation_is_written_line_by_line() {
    let file = invite().write();
    assert_eq!(
        lines(&file),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Debrief//Debrief//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11",
            "DTSTAMP:20261123T120000Z",
            "CREATED:20261120T083000Z",
            "LAST-MODIFIED:20261123T120000Z",
            "SEQUENCE:2",
            "DTSTART:20261130T100000Z",
            "DTEND:20261130T113000Z",
            "SUMMARY:Lessons learned: Ransomware\\, on the file servers\\; part 1",
            "DESCRIPTION:One\\nTwo",
            "LOCATION:Room 4.12",
            "URL:https://meet.example/pir",
            "CLASS:PUBLIC",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "ORGANIZER;CN=\"Kim Larsen\":mailto:kim@example.org",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=CHAIR;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=\"Kim Larsen\":mailto:kim@example.org",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn what_was_cancelled_says_so_and_asks_nobody() {
    let mut cancelled = Invite {
        standing: Standing::Cancelled,
        confidential: true,
        url: None,
        location: None,
        description: String::new(),
        ..invite()
    };
    cancelled.attendees[0].rsvp = Rsvp::Pending;
    let found = lines(&cancelled.write());
    for expected in ["METHOD:CANCEL", "STATUS:CANCELLED", "CLASS:CONFIDENTIAL"] {
        assert!(found.iter().any(|line| line == expected), "{expected}");
    }
    for absent in ["LOCATION", "URL", "DESCRIPTION"] {
        assert!(
            !found.iter().any(|line| line.starts_with(absent)),
            "{absent}"
        );
    }
    let attendee = found.iter().find(|line| line.starts_with("ATTENDEE"));
    assert!(attendee.is_some_and(|line| line.contains("PARTSTAT=NEEDS-ACTION;RSVP=FALSE")));
}

#[test]
fn each_role_and_answer_has_its_word() {
    for (role, rsvp, expected) in [
        (
            Role::Required,
            Rsvp::Pending,
            "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE",
        ),
        (
            Role::Optional,
            Rsvp::Tentative,
            "ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE;RSVP=FALSE",
        ),
        (
            Role::Required,
            Rsvp::Declined,
            "ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;RSVP=FALSE",
        ),
    ] {
        let mut invite = invite();
        invite.attendees[0].role = role;
        invite.attendees[0].rsvp = rsvp;
        assert!(
            lines(&invite.write())
                .iter()
                .any(|line| line.contains(expected)),
            "{expected}"
        );
    }
}

#[test]
fn no_text_adds_a_line_of_its_own() {
    let evil = "x\r\nATTENDEE:mailto:eve@example.org\u{2028}STATUS:CANCELLED\u{85}\u{0}\u{7}";
    let invite = Invite {
        summary: evil.to_owned(),
        description: evil.to_owned(),
        location: Some(evil.to_owned()),
        url: Some("https://x.example/\r\nSTATUS:CANCELLED".to_owned()),
        organizer: Addressee {
            name: format!("{evil}\"^;:"),
            address: "kim@example.org\r\nSTATUS:CANCELLED?cc=eve@example.org".to_owned(),
        },
        attendees: Vec::new(),
        ..invite()
    };
    let found = lines(&invite.write());
    assert_eq!(found.len(), 23);
    let organizer = found.iter().find(|line| line.starts_with("ORGANIZER"));
    assert_eq!(
        organizer.map(String::as_str),
        Some(
            "ORGANIZER;CN=\"x^nATTENDEE:mailto:eve@example.org^nSTATUS:CANCELLED^n^'^^;:\":mailto:kim@example.org%0D%0ASTATUS%3ACANCELLED%3Fcc%3Deve@example.org"
        )
    );
}

#[test]
fn an_address_is_an_email_or_a_subject_that_is_one() {
    for (email, subject, expected) in [
        (
            Some("kim@example.org"),
            Some("u-17"),
            Some("kim@example.org"),
        ),
        (None, Some("kim@example.org"), Some("kim@example.org")),
        (None, Some("u-17"), None),
        (None, Some("key:0192f0c4"), None),
        (None, Some("a@b@c"), None),
        (None, Some("@b"), None),
        (None, Some("a @b"), None),
        (None, None, None),
    ] {
        assert_eq!(
            address(email, subject).as_deref(),
            expected,
            "{email:?} {subject:?}"
        );
    }
}

proptest! {
    #[test]
    fn every_text_comes_back_in_short_lines(
        summary in "[\\PC&&[^\u{2028}\u{2029}]]{0,200}",
        lines_of_text in proptest::collection::vec("[\\PC&&[^\u{2028}\u{2029}]]{0,60}", 0..5),
    ) {
        let description = lines_of_text.join("\n");
        let invite = Invite { summary: summary.clone(), description: description.clone(), ..invite() };
        let found = lines(&invite.write());
        let value = |name: &str| {
            let line = found.iter().find_map(|line| line.strip_prefix(name));
            line.map(unescaped)
        };
        prop_assert_eq!(value("SUMMARY:"), Some(summary));
        if !description.is_empty() {
            prop_assert_eq!(value("DESCRIPTION:"), Some(description));
        }
    }
}
