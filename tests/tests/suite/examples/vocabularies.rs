//! The words that are in use.

use debrief_tests::story::Story;

pub(super) async fn tell(story: &Story) {
    let reader = story.reader();
    reader.get("/api/v1/vocabularies").await.expect(200);
    reader
        .get("/api/v1/vocabularies/severity")
        .await
        .expect(200);
}
