//! Keys, algorithms and headers: who can make a token that is accepted.

use super::*;

/// The RSA public key as everyone can get it.
const PUBLIC_PEM: &str = include_str!("rsa_for_tests_only.pub.pem");

const KINDS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

fn key(algorithm: Algorithm) -> Key {
    match algorithm {
        Algorithm::ES256 | Algorithm::ES384 => Key::ec(algorithm),
        _ => Key::rsa(algorithm),
    }
}

#[tokio::test]
async fn every_asymmetric_algorithm_is_accepted() {
    for algorithm in KINDS
        .into_iter()
        .chain([Algorithm::ES256, Algorithm::ES384])
    {
        let key = key(algorithm);
        let found = verdict(&[key.jwk("k")], &key.sign(Some("k"), &claims())).await;
        assert_eq!(found.unwrap().subject, "user-1", "{algorithm:?}");
    }
    let (jwk, token) = ed25519(&claims());
    assert_eq!(verdict(&[jwk], &token).await.unwrap().subject, "user-1");
}

#[tokio::test]
async fn a_shared_secret_is_accepted_under_any_name() {
    let key = Key::secret(SECRET.as_bytes());
    for kid in [None, Some("whatever")] {
        let found = sharing().verify(&key.sign(kid, &claims()), NOW).await;
        assert_eq!(found.unwrap().organization, "acme");
    }
}

#[tokio::test]
async fn another_secret_or_another_hash_is_refused() {
    let other = Key::secret(b"another secret, just as long as ours").sign(None, &claims());
    let found = sharing().verify(&other, NOW).await;
    assert_eq!(found, Err(TokenRefused::BadSignature));
    let mut key = Key::secret(SECRET.as_bytes());
    key.algorithm = Algorithm::HS512;
    let found = sharing().verify(&key.sign(None, &claims()), NOW).await;
    assert_eq!(found, Err(TokenRefused::WrongAlgorithm));
}

#[tokio::test]
async fn a_public_key_is_no_secret() {
    let rsa = Key::rsa(Algorithm::RS256);
    let jwk = rsa.jwk("k");
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for guess in [
        PUBLIC_PEM.as_bytes().to_vec(),
        modulus,
        jwk.to_string().into_bytes(),
    ] {
        let forged = Key::secret(&guess);
        for kid in [None, Some("k")] {
            let token = forged.sign(kid, &claims());
            let found = verdict(std::slice::from_ref(&jwk), &token).await;
            assert_eq!(found, Err(TokenRefused::WrongAlgorithm));
        }
    }
}

#[tokio::test]
async fn a_published_secret_is_no_key() {
    let key = Key::secret(SECRET.as_bytes());
    let found = verdict(&[key.jwk("k")], &key.sign(Some("k"), &claims())).await;
    assert_eq!(found, Err(TokenRefused::UnknownKey));
}

#[tokio::test]
async fn a_shared_secret_does_not_verify_other_algorithms() {
    let token = Key::rsa(Algorithm::RS256).sign(None, &claims());
    let found = sharing().verify(&token, NOW).await;
    assert_eq!(found, Err(TokenRefused::WrongAlgorithm));
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let jwk = Key::ec(Algorithm::ES256).jwk("k");
    for (algorithm, signature) in [("none", ""), ("NoNe", "AAAA"), ("ES256", "")] {
        let token = assembled(&json!({"alg": algorithm, "kid": "k"}), &claims(), signature);
        let found = verdict(std::slice::from_ref(&jwk), &token).await;
        assert_eq!(found, Err(TokenRefused::Unsigned), "{algorithm}");
        assert_eq!(
            sharing().verify(&token, NOW).await,
            Err(TokenRefused::Unsigned)
        );
    }
}

#[tokio::test]
async fn a_key_is_used_only_with_its_own_algorithm() {
    let rs = Key::rsa(Algorithm::RS256).jwk("k");
    let ps = Key::rsa(Algorithm::PS256).sign(Some("k"), &claims());
    assert_eq!(verdict(&[rs], &ps).await, Err(TokenRefused::WrongAlgorithm));

    let es = Key::ec(Algorithm::ES256);
    let mut mislabelled = es.jwk("k");
    mislabelled["alg"] = json!("RS256");
    let found = verdict(&[mislabelled], &es.sign(Some("k"), &claims())).await;
    assert_eq!(
        found,
        Err(TokenRefused::UnknownKey),
        "a key that contradicts itself is no key"
    );
}

#[tokio::test]
async fn a_key_that_names_no_algorithm_is_used_with_those_of_its_type() {
    let mut jwk = Key::rsa(Algorithm::RS256).jwk("k");
    jwk.as_object_mut().unwrap().remove("alg");
    for algorithm in KINDS {
        let token = Key::rsa(algorithm).sign(Some("k"), &claims());
        assert!(verdict(std::slice::from_ref(&jwk), &token).await.is_ok());
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jwks.json");
    std::fs::write(&path, set(&[jwk])).unwrap();
    let mut settings = ExternalSettings::new(ISSUER, AUDIENCE, KeySource::JwksFile(path));
    settings.algorithms = vec![Algorithm::RS256, Algorithm::HS256];
    let provider = ExternalIssuer::new(settings).unwrap();
    let token = Key::rsa(Algorithm::PS256).sign(Some("k"), &claims());
    assert_eq!(
        provider.verify(&token, NOW).await,
        Err(TokenRefused::WrongAlgorithm)
    );
    let token = Key::rsa(Algorithm::RS256).sign(Some("k"), &claims());
    assert!(provider.verify(&token, NOW).await.is_ok());
}

#[tokio::test]
async fn the_name_selects_the_key() {
    let (first, second) = (Key::ec(Algorithm::ES256), Key::ec(Algorithm::ES256));
    let keys = [first.jwk("first"), second.jwk("second")];
    assert!(
        verdict(&keys, &second.sign(Some("second"), &claims()))
            .await
            .is_ok()
    );
    let swapped = second.sign(Some("first"), &claims());
    assert_eq!(
        verdict(&keys, &swapped).await,
        Err(TokenRefused::BadSignature)
    );
    let unknown = second.sign(Some("third"), &claims());
    assert_eq!(
        verdict(&keys, &unknown).await,
        Err(TokenRefused::UnknownKey)
    );
}

#[tokio::test]
async fn without_a_name_exactly_one_key_must_fit() {
    let (first, second) = (Key::ec(Algorithm::ES256), Key::ec(Algorithm::ES256));
    let rsa = Key::rsa(Algorithm::RS256);
    let token = first.sign(None, &claims());
    let keys = [first.jwk("first"), rsa.jwk("rsa")];
    assert!(verdict(&keys, &token).await.is_ok());
    let keys = [first.jwk("first"), second.jwk("second")];
    assert_eq!(verdict(&keys, &token).await, Err(TokenRefused::UnknownKey));
    let keys = [rsa.jwk("rsa")];
    assert_eq!(
        verdict(&keys, &token).await,
        Err(TokenRefused::WrongAlgorithm)
    );
    assert_eq!(verdict(&[], &token).await, Err(TokenRefused::UnknownKey));
}

#[tokio::test]
async fn keys_for_other_purposes_are_passed_over() {
    let key = Key::ec(Algorithm::ES256);
    let token = key.sign(Some("k"), &claims());
    for (member, value) in [
        ("use", json!("enc")),
        ("key_ops", json!(["sign"])),
        ("x", json!("AA")),
    ] {
        let mut jwk = key.jwk("k");
        jwk[member] = value;
        let odd = json!({"kty": "EC", "crv": "secp256k1", "x": 7});
        let found = verdict(&[odd, jwk], &token).await;
        assert_eq!(found, Err(TokenRefused::UnknownKey), "{member}");
    }
}

#[tokio::test]
async fn an_altered_token_is_refused() {
    let key = Key::rsa(Algorithm::RS256);
    let token = key.sign(Some("k"), &claims());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let payload = URL_SAFE_NO_PAD.encode(claims_with("sub", json!("root")).to_string());
    for altered in [
        format!("{header}.{payload}.{signature}"),
        format!("{message}.{}", &signature[..signature.len() - 4]),
        format!("{message}.*{signature}"),
    ] {
        let found = verdict(&[key.jwk("k")], &altered).await;
        assert_eq!(found, Err(TokenRefused::BadSignature));
    }
}

#[tokio::test]
async fn what_is_no_token_is_malformed() {
    let key = Key::secret(SECRET.as_bytes());
    let mut critical = Header::new(Algorithm::HS256);
    critical.crit = Some(vec!["exp".to_owned()]);
    let mut logout = Header::new(Algorithm::HS256);
    logout.typ = Some("logout+jwt".to_owned());
    let good = key.sign(None, &claims());
    for token in [
        String::new(),
        "a.b".to_owned(),
        "a.b.c".to_owned(),
        "....".to_owned(),
        format!("{good}.extra"),
        good.replacen('.', "=.", 1),
        assembled(&json!({"typ": "JWT"}), &claims(), "AAAA"),
        assembled(&json!({"alg": "HS256", "crit": null}), &claims(), "AAAA"),
        key.sign(None, &claims_with("name", json!("x".repeat(8192)))),
        key.sign(None, &json!([])),
        key.sign_with(&critical, &claims()),
        key.sign_with(&logout, &claims()),
    ] {
        let found = sharing().verify(&token, NOW).await;
        assert_eq!(found, Err(TokenRefused::Malformed), "{token:.60}");
    }
    let unknown = assembled(&json!({"alg": "HS257"}), &claims(), "AAAA");
    let found = sharing().verify(&unknown, NOW).await;
    assert_eq!(found, Err(TokenRefused::WrongAlgorithm));
}
