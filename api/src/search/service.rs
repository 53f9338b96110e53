//! Searching: what was found, the best first.
//!
//! Ranked are the newest 1,000 texts that fit, however many do; when they have been shown, the next
//! 1,000 are. So a word that stands in every text costs no more than a rare one.

use std::cmp::Ordering;
use std::collections::HashMap;

use uuid::Uuid;

use super::body::SearchTexts;
use super::rules::{Piece, fragments, pieces, score};
use super::store::{self, Filter, WINDOW};
use crate::kernel::call::Call;
use crate::kernel::database::search::{BEGINNING, Found};
use crate::kernel::error::Result;
use crate::kernel::page::{PageRequest, Paging};
use crate::kernel::words::Expression;
use crate::resources::ResourceKind;
use crate::reviews;

/// Something that was found, ready to be shown.
#[derive(Debug)]
pub struct Hit {
    /// What it is.
    pub kind: ResourceKind,
    /// Which one.
    pub found: Found,
    /// How well it fits.
    pub score: f64,
    /// Its title.
    pub title: Vec<Piece>,
    /// Parts of the rest of its text.
    pub fragments: Vec<Vec<Piece>>,
}

/// How many of each kind there are.
#[derive(Debug)]
pub struct Counts {
    /// The kinds, those with the most first.
    pub kinds: Vec<(ResourceKind, u32)>,
    /// Whether everything was counted.
    pub complete: bool,
}

/// A page of what was found.
#[derive(Debug)]
pub struct Answer {
    /// The hits, the best first.
    pub hits: Vec<Hit>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many of each kind there are; on the first page.
    pub counts: Option<Counts>,
}

/// Where a page begins: among the texts below a number, behind one with a score and a number.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    below: i64,
    behind: Option<(f64, i64)>,
}

impl Place {
    const FIRST: Self = Self {
        below: i64::MAX,
        behind: None,
    };

    fn to_bytes(self) -> [u8; 24] {
        let (score, number) = self.behind.unwrap_or((f64::INFINITY, i64::MAX));
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.below.to_be_bytes());
        bytes[8..16].copy_from_slice(&score.to_be_bytes());
        bytes[16..].copy_from_slice(&number.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: [u8; 24]) -> Self {
        let part = |from: usize| std::array::from_fn(|at| bytes[from + at]);
        let score = f64::from_be_bytes(part(8));
        Self {
            below: i64::from_be_bytes(part(0)),
            behind: score
                .is_finite()
                .then(|| (score, i64::from_be_bytes(part(16)))),
        }
    }
}

/// A text with its rank.
struct Ranked {
    kind: ResourceKind,
    found: Found,
    score: f64,
}

impl Ranked {
    fn key(&self) -> (f64, i64) {
        (self.score, self.found.number)
    }
}

/// The best first; of equals, the newest.
fn order(one: (f64, i64), other: (f64, i64)) -> Ordering {
    other.0.total_cmp(&one.0).then(other.1.cmp(&one.1))
}

/// Searches.
pub async fn search(call: &Call, asked: &SearchTexts, paging: &Paging) -> Result<Answer> {
    let request = call.page(paging);
    let filter = filter(call, asked).await?;
    let place = match &paging.cursor {
        Some(cursor) => {
            let positions = &call.state.positions;
            Place::from_bytes(positions.open(cursor, &request.binding, "cursor")?)
        }
        None => Place::FIRST,
    };
    if asked.q.is_some() && filter.expression.is_empty() {
        return Ok(Answer {
            hits: Vec::new(),
            next: None,
            counts: None,
        });
    }
    let (ranked, next, first) = page(call, &filter, place, request.limit()).await?;
    let counts = if place == Place::FIRST {
        Some(counted(call, &filter, first).await?)
    } else {
        None
    };
    Ok(Answer {
        hits: shown(call, &filter.expression, ranked).await?,
        next: next.map(|next| sealed(call, &request, next)).transpose()?,
        counts,
    })
}

fn sealed(call: &Call, request: &PageRequest<'_>, place: Place) -> Result<String> {
    let positions = &call.state.positions;
    positions.seal(place.to_bytes(), &request.binding)
}

async fn filter(call: &Call, asked: &SearchTexts) -> Result<Filter> {
    let review = match &asked.review {
        Some(name) => Some(
            reviews::store::find(call.read(), &call.caller, name)
                .await?
                .id,
        ),
        None => None,
    };
    Ok(Filter {
        expression: Expression::parse(asked.q.as_deref().unwrap_or_default()),
        kinds: asked.kind.clone(),
        review,
        from: asked.at_from,
        until: asked.at_to,
    })
}

/// The kinds of the first texts, and whether those were all.
type First = (Vec<ResourceKind>, bool);

/// One page, where the next begins, and what was looked at first.
async fn page(
    call: &Call,
    filter: &Filter,
    from: Place,
    limit: usize,
) -> Result<(Vec<Ranked>, Option<Place>, First)> {
    let (mut place, mut page) = (from, Vec::with_capacity(limit));
    let mut first = None;
    loop {
        let below = Some(place.below).filter(|below| *below < i64::MAX);
        let window = store::window(call.read(), &call.caller, filter, below).await?;
        let (newest, oldest) = (window.first(), window.last());
        let (newest, oldest) = (newest.map(|one| one.number), oldest.map(|one| one.number));
        let is_last = window.len() < WINDOW;
        let mut ranked = ranked(&filter.expression, window);
        first.get_or_insert_with(|| (ranked.iter().map(|one| one.kind).collect(), is_last));
        // What is added meanwhile does not move what the next page goes on with.
        place.below = newest.map_or(place.below, |newest| place.below.min(newest + 1));
        ranked.sort_unstable_by(|one, other| order(one.key(), other.key()));
        let shown = place.behind;
        let is_next =
            |one: &Ranked| shown.is_none_or(|last| order(last, one.key()) == Ordering::Less);
        for one in ranked.into_iter().filter(is_next) {
            if page.len() == limit {
                return Ok((page, Some(place), first.unwrap_or_default()));
            }
            place.behind = Some(one.key());
            page.push(one);
        }
        let Some(oldest) = oldest.filter(|_| !is_last) else {
            return Ok((page, None, first.unwrap_or_default()));
        };
        place = Place {
            below: oldest,
            behind: None,
        };
    }
}

fn ranked(expression: &Expression, window: Vec<Found>) -> Vec<Ranked> {
    let known = window.into_iter().filter_map(|found| {
        Some(Ranked {
            kind: ResourceKind::from_name(&found.resource_type)?,
            score: score(expression, &found.title, &found.beginning),
            found,
        })
    });
    known.collect()
}

/// How many there are of each kind, whichever are asked for.
async fn counted(call: &Call, filter: &Filter, first: First) -> Result<Counts> {
    let (kinds, complete) = if filter.kinds.is_empty() {
        first
    } else {
        let filter = Filter {
            kinds: Vec::new(),
            ..filter.clone()
        };
        let window = store::window(call.read(), &call.caller, &filter, None).await?;
        let complete = window.len() < WINDOW;
        let kinds = window.iter();
        let kinds = kinds.filter_map(|found| ResourceKind::from_name(&found.resource_type));
        (kinds.collect(), complete)
    };
    let mut counts: HashMap<ResourceKind, u32> = HashMap::new();
    for kind in kinds {
        *counts.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = counts.into_iter().collect();
    kinds.sort_unstable_by(|one, other| (other.1, one.0.as_str()).cmp(&(one.1, other.0.as_str())));
    Ok(Counts { kinds, complete })
}

/// Cuts out of each text what shows why it was found.
async fn shown(call: &Call, expression: &Expression, page: Vec<Ranked>) -> Result<Vec<Hit>> {
    let is_long = |one: &&Ranked| one.found.beginning.chars().count() >= usize::from(BEGINNING);
    let long: Vec<Uuid> = page
        .iter()
        .filter(is_long)
        .map(|one| one.found.resource_id)
        .collect();
    let bodies = store::bodies(call.read(), &call.caller, &long).await?;
    let hit = |one: Ranked| {
        let whole = bodies.get(&one.found.resource_id);
        let body = whole.unwrap_or(&one.found.beginning);
        Hit {
            title: pieces(expression, &one.found.title),
            fragments: fragments(expression, body),
            kind: one.kind,
            score: one.score,
            found: one.found,
        }
    };
    Ok(page.into_iter().map(hit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let places = [
            Place::FIRST,
            Place {
                below: 7,
                behind: None,
            },
            Place {
                below: 1 << 40,
                behind: Some((2.5, 3)),
            },
        ];
        for place in places {
            assert_eq!(Place::from_bytes(place.to_bytes()), place);
        }
    }

    #[test]
    fn the_best_comes_first_and_of_equals_the_newest() {
        let mut all = [(1.0, 5), (2.0, 1), (1.0, 9), (0.0, 99)];
        all.sort_by(|one, other| order(*one, *other));
        assert_eq!(all, [(2.0, 1), (1.0, 9), (1.0, 5), (0.0, 99)]);
    }
}
