//! How well a text fits what was asked, and which parts of it show that. No HTTP, no SQL, no clock.
//!
//! score = Σ over the terms of (3 × s(hits in the title) + s(hits in the rest)) + 2 × the part of the
//! title's words that were asked for, with s(n) = n ÷ (n + 1). The same on every database.

use std::ops::Range;

use crate::kernel::words::{Expression, Word, words};

/// How many characters of text surround hits in a fragment, about.
const AROUND: usize = 80;
/// How many bytes a fragment has before it takes no more hits in.
const LONGEST: usize = 400;
/// How many fragments a hit shows.
const MOST_FRAGMENTS: usize = 3;
const IN_TITLE: f64 = 3.0;
const TITLE_ASKED_FOR: f64 = 2.0;

/// How well a text fits.
pub fn score(expression: &Expression, title: &str, rest: &str) -> f64 {
    let (title, rest): (Vec<_>, Vec<_>) = (words(title).collect(), words(rest).collect());
    let counted = expression.wanted.iter().map(|term| {
        let count = |text: &[Word]| {
            let begins = |at: &usize| term.begins(&text[*at..]).is_some();
            (0..text.len()).filter(begins).count()
        };
        IN_TITLE * saturated(count(&title)) + saturated(count(&rest))
    });
    let asked_for: usize = spans(expression, &title)
        .iter()
        .map(ExactSizeIterator::len)
        .sum();
    let share = ratio(asked_for, title.len());
    rounded(counted.sum::<f64>() + TITLE_ASKED_FOR * share)
}

fn saturated(count: usize) -> f64 {
    ratio(count, count + 1)
}

#[expect(clippy::cast_precision_loss, reason = "texts have few words")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// To what is shown, so that a page goes on where the one before ended.
fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

/// Which words of a text were asked for, as ranges of places that do not touch each other.
fn spans(expression: &Expression, text: &[Word]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..text.len() {
        let terms = expression.wanted.iter();
        let longest = terms.filter_map(|term| term.begins(&text[at..])).max();
        let Some(length) = longest else { continue };
        let end = at + length;
        match found.last_mut() {
            Some(last) if at < last.end => last.end = last.end.max(end),
            _ => found.push(at..end),
        }
    }
    found
}

/// A piece of a text, and whether it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it was asked for.
    pub is_hit: bool,
}

/// A whole text in pieces.
pub fn pieces(expression: &Expression, text: &str) -> Vec<Piece> {
    let words: Vec<Word> = words(text).collect();
    let hits = hits(expression, &words);
    cut(text, 0..text.len(), &hits)
}

/// The parts of a text in which what was asked for stands first, each in pieces.
pub fn fragments(expression: &Expression, text: &str) -> Vec<Vec<Piece>> {
    let words: Vec<Word> = words(text).collect();
    let hits = hits(expression, &words);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for hit in &hits {
        let (from, until) = (before(text, hit.start), behind(text, hit.end));
        let start = match parts.last_mut() {
            Some(last) if hit.end <= last.end => continue,
            Some(last) if from <= last.end && last.len() < LONGEST => {
                last.end = until;
                continue;
            }
            Some(last) => from.max(last.end).min(hit.start),
            None => from,
        };
        if parts.len() == MOST_FRAGMENTS {
            break;
        }
        parts.push(start..until);
    }
    parts
        .into_iter()
        .map(|part| cut(text, part, &hits))
        .collect()
}

/// Where in a text what was asked for stands.
fn hits(expression: &Expression, text: &[Word]) -> Vec<Range<usize>> {
    let places = spans(expression, text).into_iter();
    places
        .map(|place| text[place.start].start..text[place.end - 1].end)
        .collect()
}

/// The begin of a word or line that stands some characters before a place.
fn before(text: &str, place: usize) -> usize {
    let far = text[..place].char_indices().rev().nth(AROUND - 1);
    let Some((far, _)) = far else { return 0 };
    let gap = text[far..place].find(char::is_whitespace);
    gap.map_or(far, |gap| {
        let start = far + gap;
        start + text[start..].chars().next().map_or(0, char::len_utf8)
    })
}

/// The end of a word or line that stands some characters behind a place.
fn behind(text: &str, place: usize) -> usize {
    let far = text[place..].char_indices().nth(AROUND);
    let Some((length, _)) = far else {
        return text.len();
    };
    let far = place + length;
    text[place..far]
        .rfind(char::is_whitespace)
        .map_or(far, |gap| place + gap)
}

fn cut(text: &str, part: Range<usize>, hits: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, is_hit| {
        if !range.is_empty() {
            pieces.push(Piece {
                text: text[range].to_owned(),
                is_hit,
            });
        }
    };
    let mut at = part.start;
    for hit in hits {
        if hit.start < part.start || hit.end > part.end {
            continue;
        }
        push(at..hit.start, false);
        push(hit.clone(), true);
        at = hit.end;
    }
    push(at..part.end, false);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        let show = |piece: &Piece| {
            if piece.is_hit {
                format!("[{}]", piece.text)
            } else {
                piece.text.clone()
            }
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn what_was_asked_for_is_marked_as_it_was_written() {
        for (query, text, expected) in [
            ("alert", "EDR Alert on fs-01", "EDR [Alert] on fs-01"),
            (
                "fs-01 edr",
                "EDR alert on fs-01!",
                "[EDR] alert on [fs-01]!",
            ),
            (
                "encr*",
                "Encryption was encrypted",
                "[Encryption] was [encrypted]",
            ),
            ("\"a b\"", "a b a c b a b", "[a b] a c b [a b]"),
            ("\"a b\" \"b a\"", "a b a", "[a b a]"),
            ("jose -x", "Jos\u{e9}'s x", "[Jos\u{e9}]'s x"),
            ("none", "nothing", "nothing"),
        ] {
            let pieces = pieces(&Expression::parse(query), text);
            assert_eq!(shown(&pieces), expected, "{query}");
        }
    }

    #[test]
    fn a_better_text_has_the_higher_score() {
        let query = Expression::parse("backup restore");
        let score = |title, rest| score(&query, title, rest);
        let scores = [
            score("Backup restore", ""),
            score("Backup restore took too long", ""),
            score("The backup", "restore restore"),
            score("Something", "backup restore"),
            score("Something", ""),
        ];
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
        assert!((scores[0] - 5.0).abs() < f64::EPSILON, "{scores:?}");
    }

    #[test]
    fn fragments_are_cut_between_words_around_what_was_asked_for() {
        let long = "lorem ipsum dolor ".repeat(30);
        let text = format!("{long}the needle {long}another needle and a needle {long}");
        let found = fragments(&Expression::parse("needle"), &text);
        assert_eq!(found.len(), 2);
        for fragment in &found {
            let shown = shown(fragment);
            assert!(shown.contains("[needle]") && shown.len() < 260, "{shown}");
            assert!(shown.starts_with(['l', 'i', 'd']), "{shown}");
        }
        assert!(shown(&found[1]).contains("another [needle] and a [needle]"));
        assert!(fragments(&Expression::parse("nothing"), &text).is_empty());
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_and_fragments_parts_of_it(
            text in "(\\PC|[ab c\u{e9}\n]){0,400}",
            query in "[ab c*\"-]{1,12}",
        ) {
            let query = Expression::parse(&query);
            let all: String = pieces(&query, &text).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&all, &text);
            let found = fragments(&query, &text);
            prop_assert!(found.len() <= MOST_FRAGMENTS);
            for fragment in found {
                prop_assert!(fragment.iter().any(|piece| piece.is_hit));
                let part: String = fragment.into_iter().map(|piece| piece.text).collect();
                prop_assert!(text.contains(&part));
            }
            let score = score(&query, &text, &text);
            prop_assert!(score >= 0.0);
        }
    }
}
