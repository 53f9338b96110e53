//! The index of words, and how each engine is told and asked.
//!
//! Words that no text can have stand for the organisation, the kind and the review of each text, so
//! that the index by itself finds nothing that belongs to somebody else.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use entity::organization::OrganizationId;
use sea_orm::sea_query::{Alias, DynIden, Expr, ExprTrait as _, IntoIden as _, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use uuid::Uuid;

use super::super::insert::parts;
use super::{Text, statements};
use crate::kernel::words::{Expression, Term, words};

/// What the number of a text is called in answers.
pub(super) const NUMBER: &str = "number";
/// SQLite's table of words; PostgreSQL has a column beside the text.
pub(super) const TABLE: &str = "search_index";
const COLUMN: &str = "words";
/// Begins words that no text has, and by itself stands between title and body.
const MARK: char = '\u{a7}';
/// Behind this place PostgreSQL does not tell places apart any more.
const LAST_PLACE: usize = 16_383;

/// The number of a text; computed, as SQLite calls the type of its own numbers a smaller one.
pub(super) fn number() -> SimpleExpr {
    Expr::cust("CAST(id AS bigint) AS number")
}

/// The words that a row has beside its text, on PostgreSQL.
pub(super) fn value(backend: DbBackend, text: &Text) -> Option<Value> {
    (backend == DbBackend::Postgres).then(|| tsvector(text).into())
}

/// The column that they are in, and what stands there.
pub(super) fn column(backend: DbBackend, text: &Text) -> Option<(DynIden, SimpleExpr)> {
    let words = Expr::val(value(backend, text)?)
        .cast_as(Alias::new("text"))
        .cast_as(Alias::new("tsvector"));
    Some((Alias::new(COLUMN).into_iden(), words))
}

/// Runs the insert of texts that have no numbers yet; the numbers of those that are new.
pub(super) async fn inserted(
    connection: &impl ConnectionTrait,
    texts: &[Text],
    insert: Statement,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    if let ([text], DbBackend::Sqlite) = (texts, connection.get_database_backend()) {
        let done = connection.execute_raw(insert).await?;
        let number = done.last_insert_id().cast_signed();
        let is_new = done.rows_affected() > 0;
        return Ok(is_new.then_some((text.id, number)).into_iter().collect());
    }
    let rows = connection.query_all_raw(insert).await?;
    let numbered = |row: &QueryResult| {
        let id = row.try_get("", "resource_id")?;
        Ok((id, row.try_get("", NUMBER)?))
    };
    rows.iter().map(numbered).collect()
}

/// Tells the index the words of texts, where it is not a column beside them.
pub(super) async fn add(
    connection: &impl ConnectionTrait,
    texts: Vec<(i64, Text)>,
) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    if backend == DbBackend::Postgres {
        return Ok(());
    }
    for some in parts(backend, texts) {
        let insert = statements::insert_lines(some.len());
        let values = some
            .into_iter()
            .flat_map(|(number, text)| [Value::from(number), line(&text).into()]);
        let insert = Statement::from_sql_and_values(backend, insert, values);
        connection.execute_raw(insert).await?;
    }
    Ok(())
}

/// Has the index forget the words of a text, where it is not a column beside it.
pub(super) async fn remove(connection: &impl ConnectionTrait, number: i64) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    let mut delete = Query::delete();
    delete
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("rowid")).eq(number));
    connection.execute(&delete).await.map(drop)
}

fn of_organization(id: OrganizationId) -> String {
    format!("{MARK}o{}", id.0.simple())
}

fn of_kind(kind: &str) -> String {
    format!("{MARK}k{}", kind.replace('_', ""))
}

fn of_review(id: Uuid) -> String {
    format!("{MARK}r{}", id.simple())
}

/// The words that stand for where a text belongs.
fn belongings(text: &Text) -> impl Iterator<Item = String> {
    let own = [of_organization(text.organization), of_kind(text.kind)];
    own.into_iter().chain(text.review.map(of_review))
}

/// The words of a text in their order; none stands between title and body, so that no phrase goes on.
fn spoken(text: &Text) -> impl Iterator<Item = Option<String>> {
    let plain = |text| words(text).map(|word| Some(word.plain));
    plain(&text.title).chain([None]).chain(plain(&text.body))
}

/// All words in one line, as FTS5's tokenizer `ascii` takes them apart again; on SQLite.
fn line(text: &Text) -> String {
    let mut line = belongings(text).collect::<Vec<_>>().join(" ");
    for word in spoken(text) {
        line.push(' ');
        line.push_str(word.as_deref().unwrap_or("\u{a7}"));
    }
    line
}

/// All words with their places, as PostgreSQL writes a `tsvector`.
fn tsvector(text: &Text) -> String {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, word) in (1..).zip(spoken(text)) {
        if let Some(word) = word {
            let places = places.entry(word).or_default();
            places.extend((place < LAST_PLACE).then_some(place));
        }
    }
    let mut vector: String = belongings(text).map(|one| format!("'{one}' ")).collect();
    for (word, places) in places {
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        let colon = if places.is_empty() { "" } else { ":" };
        let _ = write!(vector, "'{word}'{colon}{} ", places.join(","));
    }
    vector
}

/// Which texts are asked for: whose, of which kinds, in which reviews, holding what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) organization: OrganizationId,
    /// Any of these; all when none is named.
    pub(super) kinds: &'a [&'static str],
    /// None of these.
    pub(super) hidden: &'a [&'static str],
    /// Any of these; all when none is named.
    pub(super) reviews: &'a [Uuid],
    pub(super) expression: &'a Expression,
}

/// How an engine writes what is asked.
struct Language {
    and: &'static str,
    or: &'static str,
    term: fn(&Term) -> String,
    without: fn(&str, &str) -> String,
}

const FTS5: Language = Language {
    and: " AND ",
    or: " OR ",
    term: |term| {
        let star = if term.is_prefix { " *" } else { "" };
        format!("\"{}\"{star}", term.words.join(" "))
    },
    without: |wanted, unwanted| format!("({wanted}) NOT ({unwanted})"),
};

const TSQUERY: Language = Language {
    and: " & ",
    or: " | ",
    term: |term| {
        let words: Vec<String> = term.words.iter().map(|word| format!("'{word}'")).collect();
        let star = if term.is_prefix { ":*" } else { "" };
        format!("({}{star})", words.join(" <-> "))
    },
    without: |wanted, unwanted| format!("{wanted} & !({unwanted})"),
};

impl Language {
    fn word(&self, word: String) -> String {
        (self.term)(&Term {
            words: vec![word],
            is_prefix: false,
        })
    }

    fn any(&self, words: impl Iterator<Item = String>) -> Option<String> {
        let words: Vec<String> = words.map(|word| self.word(word)).collect();
        (!words.is_empty()).then(|| format!("({})", words.join(self.or)))
    }

    fn write(&self, asked: &Asked<'_>) -> String {
        let mut all = vec![self.word(of_organization(asked.organization))];
        all.extend(self.any(asked.kinds.iter().map(|kind| of_kind(kind))));
        all.extend(self.any(asked.reviews.iter().map(|id| of_review(*id))));
        all.extend(asked.expression.wanted.iter().map(self.term));
        let wanted = all.join(self.and);
        let hidden = asked.hidden.iter().map(|kind| self.word(of_kind(kind)));
        let unwanted = asked.expression.unwanted.iter().map(self.term);
        let unwanted: Vec<String> = hidden.chain(unwanted).collect();
        if unwanted.is_empty() {
            return wanted;
        }
        (self.without)(&wanted, &unwanted.join(self.or))
    }
}

/// The condition of SQLite, on its table of words.
pub(super) fn matches(asked: &Asked<'_>) -> SimpleExpr {
    Expr::cust_with_values("search_index MATCH ?", [FTS5.write(asked)])
}

/// The condition of PostgreSQL, on the texts.
pub(super) fn holds(asked: &Asked<'_>) -> SimpleExpr {
    let query = TSQUERY.write(asked);
    Expr::cust_with_values(
        "search_texts.words @@ CAST(CAST($1 AS text) AS tsquery)",
        [query],
    )
}

#[cfg(test)]
mod tests {
    use entity::Timestamp;

    use super::*;

    fn text(title: &str, body: &str) -> Text {
        Text {
            organization: OrganizationId(Uuid::nil()),
            review: None,
            kind: "api_key",
            id: Uuid::nil(),
            parent: None,
            title: title.to_owned(),
            body: body.to_owned(),
            traits: Vec::new(),
            at: Timestamp::from_micros(0).expect("an instant"),
        }
    }

    #[test]
    fn texts_are_told_with_what_they_belong_to() {
        let text = text("EDR alert", "alert on fs-01");
        let none = Uuid::nil().simple();
        assert_eq!(
            line(&text),
            format!("\u{a7}o{none} \u{a7}kapikey edr alert \u{a7} alert on fs 01")
        );
        assert_eq!(
            tsvector(&text),
            format!("'\u{a7}o{none}' '\u{a7}kapikey' '01':7 'alert':2,4 'edr':1 'fs':6 'on':5 ")
        );
    }

    #[test]
    fn what_is_asked_is_written_for_each_engine() {
        let expression = Expression::parse("alert \"domain contr\"* -test -\"a b\"");
        let asked = Asked {
            organization: OrganizationId(Uuid::nil()),
            kinds: &["event", "finding"],
            hidden: &["action"],
            reviews: &[],
            expression: &expression,
        };
        let none = Uuid::nil().simple();
        assert_eq!(
            FTS5.write(&asked),
            format!(
                "(\"\u{a7}o{none}\" AND (\"\u{a7}kevent\" OR \"\u{a7}kfinding\") AND \"alert\" AND \
                 \"domain contr\" *) NOT (\"\u{a7}kaction\" OR \"test\" OR \"a b\")"
            )
        );
        assert_eq!(
            TSQUERY.write(&asked),
            format!(
                "('\u{a7}o{none}') & (('\u{a7}kevent') | ('\u{a7}kfinding')) & ('alert') & \
                 ('domain' <-> 'contr':*) & !(('\u{a7}kaction') | ('test') | ('a' <-> 'b'))"
            )
        );
    }
}
