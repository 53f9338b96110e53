//! When incidents were closed. Pure.

use entity::Timestamp;
use entity::incident::MilestoneTime;
use serde::Deserialize;

use crate::incidents::rules::effective;
use crate::kernel::error::{Error, Result};
use crate::metrics::response::rules::is_an_instant;

/// When an incident was closed, as exactly as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closure {
    /// It is not, or nobody knows when.
    Unknown,
    /// To the second, the minute or the hour.
    At(Timestamp),
    /// To the day or worse.
    Roughly(Timestamp),
}

/// Those of an incident's milestones that tell when it stands and when it was closed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Times {
    closed: Option<MilestoneTime>,
    detected: Option<MilestoneTime>,
    occurred: Option<MilestoneTime>,
}

impl Times {
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::Internal(format!("milestones cannot be read: {error}")))
    }

    /// When the incident was closed.
    pub(super) fn closure(&self) -> Closure {
        match self.closed.as_ref().and_then(effective) {
            None => Closure::Unknown,
            Some((time, _)) if is_an_instant(time) => Closure::At(time.at),
            Some((time, _)) => Closure::Roughly(time.at),
        }
    }

    /// Where a closed incident stands: at its closure, else where incidents do.
    pub(super) fn instant(&self, recorded: Timestamp) -> Timestamp {
        let known = [&self.closed, &self.detected, &self.occurred];
        let mut known = known
            .into_iter()
            .filter_map(|time| effective(time.as_ref()?));
        known.next().map_or(recorded, |(time, _)| time.at)
    }
}

/// When the last of several incidents was closed; unknown unless all are.
pub(super) fn last(closures: impl Iterator<Item = Closure>) -> Closure {
    let both = |a: Closure, b: Closure| match (a, b) {
        (Closure::Unknown, _) | (_, Closure::Unknown) => Closure::Unknown,
        (Closure::At(a), Closure::At(b)) => Closure::At(a.max(b)),
        (Closure::At(a) | Closure::Roughly(a), Closure::At(b) | Closure::Roughly(b)) => {
            Closure::Roughly(a.max(b))
        }
    };
    closures.reduce(both).unwrap_or(Closure::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Times {
        Times::read(text).expect("milestones")
    }

    const RECORDED: &str = "2026-03-01T00:00:00Z";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an instant")
    }

    #[test]
    fn a_closure_is_as_exact_as_its_milestone_says() {
        let reported = |precision: &str| {
            times(&format!(
                r#"{{"closed":{{"reported":{{"at":"2026-02-01T10:00:00Z","precision":"{precision}","basis":"event"}}}}}}"#
            ))
        };
        let on = at("2026-02-01T10:00:00Z");
        for (precision, expected) in [
            ("exact", Closure::At(on)),
            ("hour", Closure::At(on)),
            ("day", Closure::Roughly(on)),
            ("estimated", Closure::Roughly(on)),
        ] {
            assert_eq!(reported(precision).closure(), expected, "{precision}");
        }
        assert_eq!(reported("day").instant(at(RECORDED)), on);
        let open = times(
            r#"{"occurred":{"reported":{"at":"2026-01-01T00:00:00Z","precision":"day","basis":"event"}},"contained":{}}"#,
        );
        assert_eq!(open.closure(), Closure::Unknown);
        assert_eq!(open.instant(at(RECORDED)), at("2026-01-01T00:00:00Z"));
        assert_eq!(times("{}").instant(at(RECORDED)), at(RECORDED));
    }

    #[test]
    fn the_last_closure_is_known_when_all_are() {
        use Closure::{At, Roughly, Unknown};
        let (early, late) = (at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"));
        for (closures, expected) in [
            (vec![], Unknown),
            (vec![At(early)], At(early)),
            (vec![At(late), At(early)], At(late)),
            (vec![At(late), Unknown], Unknown),
            (vec![Roughly(early), At(late)], Roughly(late)),
        ] {
            assert_eq!(last(closures.clone().into_iter()), expected, "{closures:?}");
        }
    }
}
