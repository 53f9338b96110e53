//! What is kept by the steps of a route: found with one look for each step of a path, however many
//! routes there are.

use std::collections::HashMap;

/// The routes below one place.
#[derive(Debug)]
pub(super) struct Tree<T> {
    here: Option<T>,
    literal: HashMap<String, Self>,
    placeholder: Option<Box<Self>>,
}

impl<T> Default for Tree<T> {
    fn default() -> Self {
        Self {
            here: None,
            literal: HashMap::new(),
            placeholder: None,
        }
    }
}

impl<T> Tree<T> {
    /// Keeps a value under a pattern such as `/reviews/{review}`.
    pub(super) fn insert(&mut self, pattern: &str, value: T) {
        let place = pattern.split('/').fold(self, |tree, step| {
            if step.starts_with('{') {
                tree.placeholder.get_or_insert_default()
            } else {
                tree.literal.entry(step.to_owned()).or_default()
            }
        });
        place.here = Some(value);
    }

    /// What is kept for a path. Where several patterns fit, the one with a literal step where the
    /// others have a placeholder wins: `/events/batch` over `/events/{event}`.
    pub(super) fn find(&self, path: &str) -> Option<&T> {
        let (step, rest) = match path.split_once('/') {
            Some((step, rest)) => (step, Some(rest)),
            None => (path, None),
        };
        let literal = self.literal.get(step);
        let found = literal.and_then(|literal| literal.behind(rest));
        found.or_else(|| {
            let placeholder = self.placeholder.as_deref();
            placeholder.filter(|_| !step.is_empty())?.behind(rest)
        })
    }

    /// What is kept for the rest of a path, or here when there is none.
    fn behind(&self, rest: Option<&str>) -> Option<&T> {
        match rest {
            Some(rest) => self.find(rest),
            None => self.here.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_literal_route_is_found_and_a_step_is_never_empty() {
        let mut tree = Tree::default();
        let patterns = [
            "/",
            "/events",
            "/events/{event}",
            "/events/batch",
            "/events/{event}/amend",
            "/{any}/batch/amend",
        ];
        for pattern in patterns {
            tree.insert(pattern, pattern);
        }
        for (path, expected) in [
            ("/", Some("/")),
            ("/events", Some("/events")),
            ("/events/1", Some("/events/{event}")),
            ("/events/batch", Some("/events/batch")),
            ("/events/batches", Some("/events/{event}")),
            ("/events/1/amend", Some("/events/{event}/amend")),
            // Behind the literal step nothing fits: the placeholder is tried as well.
            ("/events/batch/amend", Some("/events/{event}/amend")),
            ("/others/batch/amend", Some("/{any}/batch/amend")),
            ("", None),
            ("/event", None),
            ("/events/", None),
            ("/events//amend", None),
            ("/events/1/amend/", None),
            ("/events/1/2/3", None),
        ] {
            assert_eq!(tree.find(path).copied(), expected, "{path}");
        }
    }
}
