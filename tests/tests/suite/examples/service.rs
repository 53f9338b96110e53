//! The service tells of itself.

use debrief_tests::story::Story;

pub(super) async fn tell(story: &Story) {
    let nobody = story.anonymous();
    for path in [
        "/healthz",
        "/readyz",
        "/problems",
        "/problems/stale_version",
        "/.well-known/jwks.json",
    ] {
        nobody.get(path).await.expect(200);
    }
}
