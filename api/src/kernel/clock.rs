//! Time: the one place that reads it. Tests hold a clock that stands still until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use entity::Timestamp;

/// The source of the current instant.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that shows what it was last set to, in microseconds since the epoch.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Self::Fixed(micros) = self {
            micros.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// The current instant, truncated to microseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::new(Utc::now()),
            Self::Fixed(micros) => Timestamp::new(
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default(),
            ),
        }
    }

    /// Today's date in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().0.date_naive()
    }
}
