//! Searching text the same way on both databases: every word somewhere, upper or lower case.

use sea_orm::sea_query::{ExprTrait, LikeExpr};
use sea_orm::{Condition, IntoSimpleExpr};

/// What is stored to be searched: the texts in lower case, one per line.
pub fn searchable<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let texts: Vec<String> = texts.into_iter().flatten().map(str::to_lowercase).collect();
    texts.join("\n")
}

/// The rows whose searchable column holds every word of `words`.
pub fn holds_every_word(column: impl IntoSimpleExpr + Copy, words: &str) -> Condition {
    words
        .split_whitespace()
        .fold(Condition::all(), |all, word| {
            let escaped: String = word
                .to_lowercase()
                .chars()
                .flat_map(|c| {
                    matches!(c, '%' | '_' | '\\')
                        .then_some('\\')
                        .into_iter()
                        .chain([c])
                })
                .collect();
            all.add(
                column
                    .into_simple_expr()
                    .like(LikeExpr::new(format!("%{escaped}%")).escape('\\')),
            )
        })
}
