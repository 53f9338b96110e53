//! An order in which rows of one table can be added. Pure.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

/// Rows with their places, in an order in which each stands behind those of them that it needs, none of
/// which needs it.
pub fn after<M>(
    rows: Vec<M>,
    id: impl Fn(&M) -> Uuid,
    needs: impl Fn(&M) -> Vec<Uuid>,
) -> Vec<(usize, M)> {
    let mut missing: HashSet<Uuid> = rows.iter().map(&id).collect();
    let mut waiting: HashMap<Uuid, Vec<(usize, M)>> = HashMap::new();
    let mut ordered = Vec::with_capacity(rows.len());
    for row in rows.into_iter().enumerate() {
        let mut next = vec![row];
        while let Some((at, row)) = next.pop() {
            let mut needed = needs(&row).into_iter();
            if let Some(need) = needed.find(|need| missing.contains(need)) {
                waiting.entry(need).or_default().push((at, row));
                continue;
            }
            let own = id(&row);
            missing.remove(&own);
            ordered.push((at, row));
            next.extend(waiting.remove(&own).unwrap_or_default());
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_needed_stands_before_what_needs_it() {
        let id = |number: u128| Uuid::from_u128(number);
        let rows = vec![(3, vec![2, 1]), (1, vec![]), (2, vec![1]), (4, vec![9, 3])];
        let ordered = after(
            rows,
            |(own, _)| id(*own),
            |(_, needs)| needs.iter().map(|need| id(*need)).collect(),
        );
        let ordered: Vec<(usize, u128)> = ordered
            .into_iter()
            .map(|(at, (own, _))| (at, own))
            .collect();
        assert_eq!(ordered, [(1, 1), (2, 2), (0, 3), (3, 4)]);
    }
}
