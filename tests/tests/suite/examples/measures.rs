//! Whether it helped.

use debrief_tests::story::Story;
use debrief_tests::world;

use super::company::{made, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    made(
        &lead,
        review.path("/improvement-measures"),
        &world::measure(),
    )
    .await;
}
