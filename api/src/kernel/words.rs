//! Texts as words: how they are told apart, the same on every database, in what is stored and in what
//! is asked for.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How many bytes of a word tell it from others: enough for a SHA-256 in hexadecimal.
const LONGEST: usize = 64;
/// How many characters a beginning of words must have.
const SHORTEST_PREFIX: usize = 3;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In lower case and without accents.
    pub plain: String,
    /// The byte of the text that it begins at.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
}

/// The words of a text: letters and digits without anything between them. Where a script writes
/// none between its words, each character is one.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = letters.find(|(_, letter)| letter.is_alphanumeric())?;
            let mut word = Word {
                plain: String::new(),
                start,
                end: start + first.len_utf8(),
            };
            add_plain(first, &mut word.plain);
            if !stands_alone(first) {
                let joins = |next: &(usize, char)| is_part(next.1) && !stands_alone(next.1);
                while let Some((at, letter)) = letters.next_if(joins) {
                    word.end = at + letter.len_utf8();
                    add_plain(letter, &mut word.plain);
                }
            }
            if !word.plain.is_empty() {
                return Some(word);
            }
        }
    })
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter)
}

/// Whether the letter belongs to a script without spaces.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Adds a letter in lower case and without accents, as far as the word still tells it from others.
fn add_plain(letter: char, plain: &mut String) {
    let mut push = |letter: char| {
        if plain.len() + letter.len_utf8() <= LONGEST {
            plain.push(letter);
        }
    };
    if letter.is_ascii() {
        return push(letter.to_ascii_lowercase());
    }
    let lower = letter.to_lowercase().nfkd();
    lower
        .filter(|one| one.is_alphanumeric() && !is_combining_mark(*one))
        .for_each(push);
}

/// Words that stand next to each other; the last may be but the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The words, at least one.
    pub words: Vec<String>,
    /// Whether the last goes on.
    pub is_prefix: bool,
}

/// What a text must hold, and what it must not.
///
/// `words "a phrase" begin* -without`: any text is one, none is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// All of these.
    pub wanted: Vec<Term>,
    /// None of these.
    pub unwanted: Vec<Term>,
}

impl Expression {
    /// Reads what somebody typed.
    pub fn parse(text: &str) -> Self {
        let mut found = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let is_unwanted = rest.starts_with('-');
            let (piece, behind) = piece(rest.trim_start_matches('-'));
            rest = behind.trim_start();
            let terms = if is_unwanted {
                &mut found.unwanted
            } else {
                &mut found.wanted
            };
            if let Some(term) = Term::parse(piece).filter(|term| !terms.contains(term)) {
                terms.push(term);
            }
        }
        found
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }
}

/// What comes first: what is in quotes with a star behind them, or all up to a space or quote.
fn piece(text: &str) -> (&str, &str) {
    let Some(quoted) = text.strip_prefix(is_quote) else {
        let end = text.find(|c: char| c.is_whitespace() || is_quote(c));
        return text.split_at(end.unwrap_or(text.len()));
    };
    let end = quoted.find(is_quote).unwrap_or(quoted.len());
    let behind = quoted[end..].strip_prefix(is_quote).unwrap_or_default();
    if behind.starts_with('*') {
        // The star is part of the piece, and so is the quote before it, which is no word.
        let until = quoted.len() - behind.len() + 1;
        return quoted.split_at(until);
    }
    (&quoted[..end], behind)
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

impl Term {
    fn parse(piece: &str) -> Option<Self> {
        let words: Vec<String> = words(piece).map(|word| word.plain).collect();
        let last = words.last()?;
        let is_prefix = piece.ends_with('*') && last.chars().count() >= SHORTEST_PREFIX;
        Some(Self { words, is_prefix })
    }

    /// How many words of a text, beginning with these, the term is; none when it is another text.
    pub fn begins(&self, text: &[Word]) -> Option<usize> {
        let (last, first) = self.words.split_last()?;
        let (candidate, before) = text.get(..self.words.len())?.split_last()?;
        let same = before.iter().zip(first).all(|(a, b)| a.plain == *b);
        let ends = if self.is_prefix {
            candidate.plain.starts_with(last.as_str())
        } else {
            candidate.plain == *last
        };
        (same && ends).then_some(self.words.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> Vec<String> {
        words(text).map(|word| word.plain).collect()
    }

    fn term(words: &str, is_prefix: bool) -> Term {
        Term {
            words: words.split(' ').map(str::to_owned).collect(),
            is_prefix,
        }
    }

    #[test]
    fn texts_fall_into_plain_words() {
        for (text, expected) in [
            ("EDR alert on fs-01", "edr alert on fs 01"),
            ("CVE-2021-44228: 10.0.0.5", "cve 2021 44228 10 0 0 5"),
            (
                "Jos\u{e9} Mu\u{308}ller, Stra\u{df}e",
                "jose muller stra\u{df}e",
            ),
            ("\u{fb01}le \u{2460} \u{216b}", "file 1 xii"),
            (
                "ransomware\u{653b}\u{6483}x",
                "ransomware \u{653b} \u{6483} x",
            ),
            ("don't_stop", "don t stop"),
            ("\u{301}\u{301} - !", ""),
        ] {
            assert_eq!(plain(text).join(" "), expected, "{text}");
        }
        assert_eq!(plain(&"a".repeat(200)), ["a".repeat(64)]);
    }

    #[test]
    fn what_is_typed_is_read_as_it_was_meant() {
        for (text, wanted, unwanted) in [
            (
                "edr alert",
                vec![term("edr", false), term("alert", false)],
                vec![],
            ),
            ("\"edr alert\"", vec![term("edr alert", false)], vec![]),
            (
                "\u{201c}edr alert\u{201d}",
                vec![term("edr alert", false)],
                vec![],
            ),
            ("fs-01", vec![term("fs 01", false)], vec![]),
            (
                "encr* ab*",
                vec![term("encr", true), term("ab", false)],
                vec![],
            ),
            (
                "\"domain contr\"*",
                vec![term("domain contr", true)],
                vec![],
            ),
            (
                "a -b -\"c d\"",
                vec![term("a", false)],
                vec![term("b", false), term("c d", false)],
            ),
            ("a a A", vec![term("a", false)], vec![]),
            ("\"never ends", vec![term("never ends", false)], vec![]),
            ("- -- * \"\" ( ) AND", vec![term("and", false)], vec![]),
            (
                "x\"y z\"",
                vec![term("x", false), term("y z", false)],
                vec![],
            ),
        ] {
            let found = Expression::parse(text);
            assert_eq!((found.wanted, found.unwanted), (wanted, unwanted), "{text}");
        }
        assert!(Expression::parse(" ?!* ").is_empty());
    }

    #[test]
    fn a_term_is_found_where_its_words_stand() {
        let text: Vec<Word> = words("the Domain Controllers").collect();
        assert_eq!(
            term("domain controllers", false).begins(&text[1..]),
            Some(2)
        );
        assert_eq!(term("domain contr", true).begins(&text[1..]), Some(2));
        assert_eq!(term("domain contr", false).begins(&text[1..]), None);
        assert_eq!(term("controllers more", true).begins(&text[2..]), None);
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_says_and_is_plain_already(text in "\\PC{0,60}") {
            for word in words(&text) {
                let again = plain(&text[word.start..word.end]);
                prop_assert_eq!(&again, std::slice::from_ref(&word.plain));
                prop_assert!(word.plain.len() <= LONGEST);
                prop_assert!(word.plain.chars().all(char::is_alphanumeric));
            }
        }

        #[test]
        fn any_text_is_an_expression(text in "[-*\"a-c \u{201c}\\PC]{0,40}") {
            let found = Expression::parse(&text);
            for term in found.wanted.iter().chain(&found.unwanted) {
                prop_assert!(!term.words.is_empty());
            }
        }
    }
}
