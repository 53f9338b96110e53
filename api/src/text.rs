//! Texts that several features take, and searching them the same way on both databases: every word
//! somewhere, upper or lower case.

use sea_orm::sea_query::{ExprTrait, LikeExpr};
use sea_orm::{Condition, IntoSimpleExpr};
use utoipa::ToSchema;

/// A word to filter by.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$", example = "vpn")]
pub struct Tag(#[expect(dead_code, reason = "stands for a schema")] String);

/// A name of something.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 300, example = "fs-01.example")]
pub struct ShortText(#[expect(dead_code, reason = "stands for a schema")] String);

/// What is stored to be searched: the texts in lower case, one per line.
pub fn searchable<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let texts: Vec<String> = texts.into_iter().flatten().map(str::to_lowercase).collect();
    texts.join("\n")
}

/// The texts that are there, one per line, as they were written.
pub fn lines<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let said = texts.into_iter().flatten();
    let said: Vec<&str> = said.filter(|text| !text.is_empty()).collect();
    said.join("\n")
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
