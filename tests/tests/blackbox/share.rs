//! Shared addresses: what previews say and draw, and that they show the public view to every caller.

use crate::program::*;

/// Returns the status, the content type and the body at a path, for the public.
fn public(server: &Server, path: &str) -> (u16, String, Vec<u8>) {
    let mut response = server.public().get(server.url(path)).call().unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), content_type, response.body_mut().read_to_vec().unwrap())
}

fn page(server: &Server, path: &str) -> String {
    let (status, content_type, body) = public(server, path);
    assert_eq!((status, content_type.as_str()), (200, "text/html; charset=utf-8"), "{path}");
    String::from_utf8(body).unwrap()
}

fn picture(server: &Server, path: &str) -> Vec<u8> {
    let (status, content_type, body) = public(server, path);
    assert_eq!((status, content_type.as_str()), (200, "image/png"), "{path}");
    // The header of a PNG: its signature, then the width and the height.
    assert_eq!(&body[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(body[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1200, 630));
    body
}

#[test]
fn a_shared_page_has_the_tags_of_previews_and_opens_the_map_in_the_same_state() {
    let server = Server::with_demonstration();
    let query = "region=AZ-KAL&from=2023-01-01&to=2023-06-30&lang=az&at=9.4/40.1/46.05";
    let page = page(&server, &format!("/share?at=9.41/40.1049/46.0511&{}", &query[..query.len() - 18]));
    let sent = query.replace('&', "&amp;");
    for tag in [
        format!(r#"<meta property="og:url" content="{}/share?{sent}">"#, server.base),
        format!(r#"<meta property="og:image" content="{}/share.png?{sent}">"#, server.base),
        format!(r#"<meta http-equiv="refresh" content="0; url={}/#{sent}">"#, server.base),
        r#"<meta name="twitter:card" content="summary_large_image">"#.to_owned(),
        r#"<html lang="az">"#.to_owned(),
    ] {
        assert!(page.contains(&tag), "{tag} in {page}");
    }
    assert!(page.contains("Kəlbəcər · Minatəmizləmənin gedişi"), "{page}");
    assert!(page.contains("Nümayiş: yerlər uydurmadır"), "{page}");
}

#[test]
fn the_picture_differs_by_what_it_shows_and_not_by_who_asks() {
    let server = Server::with_demonstration();
    let paths = ["", "?lang=ru", "?region=AZ-KAL", "?region=AZ-LAC", "?region=AZ-LAC&from=2023-01-01"];
    let pictures: Vec<Vec<u8>> =
        paths.iter().map(|query| picture(&server, &format!("/share.png{query}"))).collect();
    for (at, one) in pictures.iter().enumerate() {
        assert!(pictures[..at].iter().all(|other| other != one), "{}", paths[at]);
        assert_eq!(&server.bytes(&format!("/share.png{}", paths[at])), one, "a manager sees the same");
    }
}

#[test]
fn a_record_that_awaits_review_changes_neither_page_nor_picture() {
    let server = Server::with_demonstration();
    let before = (page(&server, "/share?region=AZ-LAC"), picture(&server, "/share.png?region=AZ-LAC"));
    let made = clearline(&[
        "token",
        "create",
        "--role",
        "field",
        "--name",
        "Team",
        "--operator",
        "HALO",
        "--everywhere",
        "--store",
        server.store.to_str().unwrap(),
    ]);
    let token = String::from_utf8(made.stdout).unwrap();
    let request = server
        .agent()
        .post(server.url("/uploads"))
        .header("authorization", format!("Bearer {}", token.trim()));
    let sent = feature(1, LACHIN.0, LACHIN.1).to_string();
    let (status, report) = read(request.header("content-type", "application/geo+json").send(sent).unwrap());
    assert_eq!((status, &report["created"]), (200, &serde_json::json!(1)), "{report}");
    assert_eq!(page(&server, "/share?region=AZ-LAC"), before.0);
    assert_eq!(picture(&server, "/share.png?region=AZ-LAC"), before.1);
    // An approved one that is dealt with is public.
    server.post_json("/uploads", &neutralised(2, LACHIN.0, LACHIN.1));
    assert_ne!(page(&server, "/share?region=AZ-LAC"), before.0);
    assert_ne!(picture(&server, "/share.png?region=AZ-LAC"), before.1);
}

#[test]
fn what_a_shared_address_does_not_know_is_refused_with_the_reason() {
    let server = Server::start();
    for query in ["f=html", "region=XX", "lang=de", "at=1/2", "from=soon", "token=abc"] {
        for path in ["/share", "/share.png"] {
            let (status, content_type, _) = public(&server, &format!("{path}?{query}"));
            assert_eq!((status, content_type.as_str()), (400, "application/problem+json"), "{path}?{query}");
        }
    }
    let (status, _, _) = public(&server, &format!("/share.png?at=9/40/46&lang={}", "e".repeat(300)));
    assert_eq!(status, 400);
}

#[test]
fn a_store_without_records_shares_that_there_are_none() {
    let server = Server::start();
    let page = page(&server, "/share");
    assert!(page.contains("No records") && !page.contains('%'), "{page}");
    picture(&server, "/share.png");
}

#[test]
fn where_the_public_sees_nothing_there_is_nothing_to_share() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(&folder.path().join("store.gpkg"), &["--demo", "--public", "nothing"]);
    for path in ["/share", "/share.png?region=AZ-KAL"] {
        assert_eq!(public(&server, path).0, 401, "{path}");
    }
}
