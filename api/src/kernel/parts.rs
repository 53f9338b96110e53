//! Work for every processor, off the threads that serve requests.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::task::{JoinHandle, spawn_blocking};

use super::error::{Error, Result};

/// So few items are not worth being shared.
const FEW: usize = 256;

/// Does work on the items, in as many parts as there are processors; the answers are in their order.
pub async fn in_parts<T, R>(
    items: Vec<T>,
    work: impl Fn(Vec<T>) -> R + Send + Sync + 'static,
) -> Result<Vec<R>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let size = items.len().div_ceil(processors()).max(FEW);
    let work = Arc::new(work);
    let mut parts = Vec::new();
    let mut rest = items;
    loop {
        let behind = rest.split_off(size.min(rest.len()));
        let (part, work) = (rest, Arc::clone(&work));
        parts.push(spawn_blocking(move || work(part)));
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        done.push(finished(part).await?);
    }
    Ok(done)
}

/// Does work that takes long enough to keep others waiting.
pub async fn apart<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
    finished(spawn_blocking(work)).await
}

/// Parts of a whole that is still being found: each is begun as soon as it is there, as many are at
/// work as there are processors, and their answers come in the order in which they were begun.
#[derive(Debug)]
pub struct Parts<R> {
    at_work: VecDeque<JoinHandle<R>>,
    most: usize,
}

impl<R: Send + 'static> Parts<R> {
    /// None yet.
    pub fn new() -> Self {
        Self {
            at_work: VecDeque::new(),
            most: processors(),
        }
    }

    /// Begins a part. When enough are at work already, waits for the oldest and answers with it.
    pub async fn begin(&mut self, work: impl FnOnce() -> R + Send + 'static) -> Result<Option<R>> {
        let done = if self.at_work.len() < self.most {
            None
        } else {
            self.next().await?
        };
        self.at_work.push_back(spawn_blocking(work));
        Ok(done)
    }

    /// The answer of the oldest part, once it is done; nothing when no part is left.
    pub async fn next(&mut self) -> Result<Option<R>> {
        match self.at_work.pop_front() {
            Some(part) => finished(part).await.map(Some),
            None => Ok(None),
        }
    }
}

impl<R: Send + 'static> Default for Parts<R> {
    fn default() -> Self {
        Self::new()
    }
}

fn processors() -> usize {
    available_parallelism().map_or(1, usize::from)
}

async fn finished<R>(part: JoinHandle<R>) -> Result<R> {
    let done = part.await;
    done.map_err(|_| Error::Internal("a part was not done".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_item_is_worked_on_once_and_in_order() {
        for count in [0, 1, 255, 256, 257, 5_000] {
            let parts = in_parts((0..count).collect(), |part: Vec<u32>| part).await;
            let all: Vec<u32> = parts.expect("parts").concat();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn parts_that_are_begun_one_by_one_come_back_in_order() {
        let (mut parts, mut found) = (Parts::new(), Vec::new());
        for number in 0..50 {
            found.extend(parts.begin(move || number).await.expect("a part"));
            assert!(parts.at_work.len() <= parts.most);
        }
        while let Some(number) = parts.next().await.expect("a part") {
            found.push(number);
        }
        assert_eq!(found, (0..50).collect::<Vec<_>>());
    }
}
