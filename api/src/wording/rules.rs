//! Which phrases blame or judge with hindsight. Pure.
//!
//! After what incident-review practice warns of: counterfactuals, "human error" as an explanation,
//! judgements of character, and people as the subjects of faults.

use std::sync::LazyLock;

use regex::Regex;

/// What is wrong with a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What might have been instead of what was.
    Counterfactual,
    /// A label that ends the search for conditions.
    Label,
    /// A judgement of somebody's character or effort.
    Judgement,
    /// What somebody did not do, as their fault.
    Omission,
    /// A person as the subject of a fault.
    Person,
}

/// A phrase in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// What is wrong with it.
    pub kind: Kind,
    /// As it is written.
    pub phrase: &'a str,
    /// Where it begins, in bytes.
    pub at: usize,
}

impl Kind {
    /// Why such a phrase hinders.
    pub fn why(self) -> &'static str {
        match self {
            Self::Counterfactual => {
                "It judges with what is known now instead of telling what was known then."
            }
            Self::Label => "It names a symptom as the cause and ends the search for conditions.",
            Self::Judgement => "It judges a person; whoever feels accused tells less.",
            Self::Omission => "It presents an expectation as somebody's fault.",
            Self::Person => {
                "A person is the subject of a fault; the conditions are what can be changed."
            }
        }
    }

    /// How it can be said instead.
    pub fn suggestion(self) -> &'static str {
        match self {
            Self::Counterfactual => {
                "Tell what was known then, what seemed right because of it, and what made it hard to do otherwise."
            }
            Self::Label => {
                "Say which tool, procedure, workload or information made the act likely, and what did not catch it."
            }
            Self::Judgement => "Describe what was seen or done, and under which conditions.",
            Self::Omission => {
                "Say what was done instead, and what was missing: information, time, authority, a working tool."
            }
            Self::Person => {
                "Name the role and the conditions, not the person: what made sense to them at the time?"
            }
        }
    }
}

/// The kinds with what they match, in the order in which they win where they begin alike.
const PATTERNS: &[(Kind, &str)] = &[
    (
        Kind::Person,
        r"(?-i:\b(?:(?:[A-Z]\p{Ll}+(?:[-'’][A-Z]\p{Ll}+)?|[A-Z]['’][A-Z]\p{Ll}+) ){1,2}(?:[A-Z]\p{Ll}+(?:[-'’][A-Z]\p{Ll}+)?|[A-Z]['’][A-Z]\p{Ll}+)) (?:failed|forgot|neglected|ignored|missed|overlooked|did not|didn['’]t|misconfigured|mishandled|broke|caused)\b|\b(?:he|she) (?:failed|forgot|neglected|ignored|missed|overlooked|misconfigured|mishandled|broke|caused)\b",
    ),
    (
        Kind::Counterfactual,
        r"\b(?:should|could|would|might|ought to)(?:n['’]t| not)? have\b|\bshould(?:n['’]t| not)? (?:be )?(?:known|noticed|seen|checked|realised|realized)\b|\bif only\b|\bhad (?:he|she|they|we|somebody|someone|the team) (?:only |just )?\w+(?:ed|n|ne)\b",
    ),
    (
        Kind::Label,
        r"\b(?:human|user|operator|pilot|analyst|admin(?:istrator)?|staff) errors?\b|\b(?:at|to|his|her|their|whose) (?:fault|blame)\b|\bfaults? of the (?:user|operator|analyst|admin(?:istrator)?|team)\b|\bblam(?:e[ds]?|ing)\b|\bculprits?\b|\bguilty\b",
    ),
    (
        Kind::Judgement,
        r"\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|ce|tly)|sloppy|lazy|laziness|reckless(?:ly|ness)?|stupid(?:ly|ity)?|foolish(?:ly)?|irresponsibl[ey]|unprofessional(?:ly)?|inattenti(?:ve|on)|complacen(?:t|cy)|thoughtless(?:ly)?|clumsy|ignoran(?:t|ce)|naive(?:ly)?|obvious mistakes?|lack of (?:care|diligence|attention|discipline|common sense))\b",
    ),
    (
        Kind::Omission,
        r"\b(?:failed|neglected|forgot(?:ten)?|omitted|refused|did not bother|didn['’]t bother) to\b|\bfailure to\b",
    ),
];

/// What is between two words. Texts are broken into lines wherever their writers' programs do so; but
/// above a line there may be a heading, which is written like a name.
const fn between_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => r"(?-i:[^\S\n]+)",
        _ => r"(?-i:[^\S\n]+|[^\S\n]*\n[^\S\n]*)",
    }
}

static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let groups: Vec<String> = PATTERNS
        .iter()
        .map(|(kind, pattern)| format!("({})", pattern.replace(' ', between_words(*kind))))
        .collect();
    Regex::new(&format!("(?i){}", groups.join("|"))).ok()
});

/// The phrases of a text, from its beginning to its end.
pub fn phrases(text: &str) -> impl Iterator<Item = Found<'_>> {
    let found = ANY.iter().flat_map(|any| any.captures_iter(text));
    found.filter_map(|captures| {
        PATTERNS.iter().enumerate().find_map(|(group, (kind, _))| {
            let found = captures.get(group + 1)?;
            Some(Found {
                kind: *kind,
                phrase: found.as_str(),
                at: found.start(),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(Kind, &str)> {
        phrases(text).map(|one| (one.kind, one.phrase)).collect()
    }

    #[test]
    fn lines_and_spaces_between_words_are_all_the_same() {
        let text = "The analyst should\nhave looked, failed \r\n to call; it was human\u{a0}error. \
            Ada\tLovelace  missed it.";
        let expected = [
            (Kind::Counterfactual, "should\nhave"),
            (Kind::Omission, "failed \r\n to"),
            (Kind::Label, "human\u{a0}error"),
            (Kind::Person, "Ada\tLovelace  missed"),
        ];
        assert_eq!(told(text), expected);
        // Neither across a paragraph nor with the heading above it.
        for text in ["It should\n\nhave", "Impact\nPayments failed for an hour"] {
            assert_eq!(told(text), []);
        }
    }

    #[test]
    fn blame_and_hindsight_are_told() {
        for (text, kind, phrase) in [
            ("The cause was human error.", Kind::Label, "human error"),
            ("Operator error at 03:00", Kind::Label, "Operator error"),
            ("The analyst is to blame", Kind::Label, "to blame"),
            (
                "They should have isolated it",
                Kind::Counterfactual,
                "should have",
            ),
            (
                "It shouldn’t have been open",
                Kind::Counterfactual,
                "shouldn’t have",
            ),
            (
                "could not have known",
                Kind::Counterfactual,
                "could not have",
            ),
            ("If only the alert", Kind::Counterfactual, "If only"),
            (
                "Had they checked the log",
                Kind::Counterfactual,
                "Had they checked",
            ),
            ("a careless change", Kind::Judgement, "careless"),
            ("due to negligence", Kind::Judgement, "negligence"),
            ("lack of attention", Kind::Judgement, "lack of attention"),
            ("The team failed to escalate", Kind::Omission, "failed to"),
            ("failure to patch", Kind::Omission, "failure to"),
            (
                "Robin Vega failed to escalate",
                Kind::Person,
                "Robin Vega failed",
            ),
            (
                "Zoë O’Hara forgot the key",
                Kind::Person,
                "Zoë O’Hara forgot",
            ),
            ("then she ignored the alert", Kind::Person, "she ignored"),
        ] {
            assert_eq!(told(text), [(kind, phrase)], "{text}");
        }
    }

    #[test]
    fn what_only_describes_is_left_alone() {
        for text in [
            "The alert had no owner.",
            "The backup job did not run because its credential had expired.",
            "The disk failed at 04:10.",
            "Errors in the parser led to a human review.",
            "The service should recover within an hour.",
            "The analyst opened the alert after the shift change.",
            "Failed sign-ins rose to 4,000 an hour.",
            "",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn every_phrase_of_a_text_is_told_in_its_order() {
        let text = "Human error: the admin should have checked. A careless admin failed to look.";
        let phrases: Vec<&str> = told(text).into_iter().map(|(_, phrase)| phrase).collect();
        assert_eq!(
            phrases,
            ["Human error", "should have", "careless", "failed to"]
        );
    }
}
