//! How many long answers an organisation may be given at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::organization::OrganizationId;

use super::error::{Code, Result};

/// The places that are taken; copies of it are the same.
#[derive(Clone, Debug)]
pub struct Places {
    taken: Arc<Mutex<HashMap<OrganizationId, u32>>>,
    most: u32,
}

/// A place, which is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    organization: OrganizationId,
}

impl Places {
    /// So many for each organisation.
    pub fn new(most: u32) -> Self {
        Self {
            taken: Arc::default(),
            most,
        }
    }

    /// Takes a place, or refuses with 429 when all of an organisation's are taken.
    pub fn take(&self, organization: OrganizationId) -> Result<Place> {
        let mut all = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = all.entry(organization).or_default();
        if *taken >= self.most {
            let detail = format!("the organisation has {} streams open already", self.most);
            return Err(Code::RateLimited
                .because(detail)
                .with_header("retry-after", "5")
                .into());
        }
        *taken += 1;
        Ok(Place {
            places: self.clone(),
            organization,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let all = self.places.taken.lock();
        let mut all = all.unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = all.get_mut(&self.organization) {
            *taken -= 1;
            if *taken == 0 {
                all.remove(&self.organization);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_place_is_free_again_when_it_is_left_and_nobody_takes_anothers() {
        let places = Places::new(2);
        let [one, other] = [1, 2].map(|id| OrganizationId(Uuid::from_u128(id)));
        let first = places.take(one).expect("free");
        let _second = places.take(one).expect("free");
        places.take(one).expect_err("taken");
        places.take(other).expect("free");
        drop(first);
        places.take(one).expect("free again");
    }
}
