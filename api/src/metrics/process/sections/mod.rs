//! The subjects of the process metrics, each counted in a file of its own.

pub mod chronology;
pub mod completeness;
pub mod feedback;
pub mod findings;
pub mod lessons;
pub mod life;
pub mod obligations;
pub mod promptness;
pub mod workshops;

use entity::Timestamp;

use super::definitions::Number;
use super::item::Item;
use super::links::Records;
use super::records_body::ProcessFlag;
use crate::metrics::numbers::{MetricCount, MetricShare};

/// Some reviews, and what is needed to count them.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) items: &'a [&'a Item],
    pub(super) now: Timestamp,
    pub(super) records: &'a Records,
}

impl Subject<'_> {
    /// How many there are of which something holds.
    fn n(&self, flag: ProcessFlag) -> u64 {
        self.items
            .iter()
            .filter(|item| item.is(flag, self.now))
            .count() as u64
    }

    /// The same as it is sent.
    fn count(&self, number: Number, flag: ProcessFlag) -> MetricCount {
        MetricCount {
            definition: number.definition(),
            n: self.n(flag),
            records_url: self.records.of_flag(flag),
        }
    }

    /// The share of those of which something holds, among those of which `of` holds, or all.
    fn share(&self, number: Number, flag: ProcessFlag, of: Option<ProcessFlag>) -> MetricShare {
        let (whole, url) = match of {
            Some(of) => (self.n(of), self.records.of_flag(of)),
            None => (self.items.len() as u64, self.records.url()),
        };
        let urls = (self.records.of_flag(flag), url);
        MetricShare::new(number.definition(), (self.n(flag), whole), urls)
    }
}
