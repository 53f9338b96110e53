use super::*;

#[test]
fn what_people_wrote_is_never_markup() {
    for (said, expected) in [
        ("plain words, (in brackets)", "plain words, (in brackets)"),
        ("# no heading\n\n- no list", "\\# no heading - no list"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("v1.2 is out", "v1.2 is out"),
        ("[a](http://b) ![c](d)", "\\[a\\](http://b) \\!\\[c\\](d)"),
        ("<script>&amp;", "\\<script\\>\\&amp;"),
        (
            "a | b \\ `c` *d* _e_",
            "a \\| b \\\\ \\`c\\` \\*d\\* \\_e\\_",
        ),
        ("~~~", "\\~~~"),
    ] {
        assert_eq!(text(said), expected, "{said}");
    }
}

#[test]
fn lengths_and_amounts_are_told_as_people_say_them() {
    for (seconds, expected) in [
        (0, "0 s"),
        (59, "59 s"),
        (61, "1 min 1 s"),
        (8940, "2 h 29 min"),
        (123_456, "1 d 10 h"),
    ] {
        assert_eq!(lasting(seconds), expected);
    }
    let range = |currency: &str, min, likely, max| {
        money(&MoneyRange {
            currency: currency.to_owned(),
            min,
            likely,
            max,
        })
    };
    assert_eq!(range("EUR", 5, 5, 5), "EUR 0.05");
    assert_eq!(range("JPY", 1000, 1000, 1000), "JPY 1,000");
    assert_eq!(
        range("EUR", 8_000_000, 123_456_789, 150_000_000_000),
        "EUR 1,234,567.89 (80,000.00 to 1,500,000,000.00)"
    );
}
