//! What a proxy caches, and how readers share it.

use super::site::{FRONTS, Front, Site, until};

#[test]
fn readers_share_one_copy_which_is_asked_about_with_its_tag() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload([1]);
        for path in
            ["/tiles/detections/7/80/48.mvt", "/summary/regions", "/style.json", "/tiles/detections.json"]
        {
            let first = site.ask(path, &[]);
            assert_eq!((first.status, first.header("x-cache")), (200, "miss"), "{front:?} {path}");
            // None of these creates another copy, on either version of HTTP.
            for other in [
                &["-H", "Cookie: _ga=GA1.2.1; _gid=2"][..],
                &["-H", "Cookie: other=3"],
                &["--http1.1", "-H", "User-Agent: other"],
                &["-H", "Accept: image/png"],
                &["-H", "Accept-Language: az"],
                &["-H", "Accept-Encoding: deflate;q=0.3, x-other"],
                &["--head"],
            ] {
                let got = site.ask(path, other);
                assert_eq!(
                    (got.status, got.header("x-cache")),
                    (200, "hit"),
                    "{front:?} {path} {other:?}: {}",
                    got.head
                );
                assert!(other == ["--head"] || got.body == first.body, "{front:?} {path} {other:?}");
            }
            assert_eq!(site.asked(path), [200], "{front:?} {path}: the server was asked once");
            // A client that has it gets no body, and the server gets no request.
            // The head is in lower case; a weak tag begins with W.
            let tag = format!("If-None-Match: {}", first.header("etag").replacen("w/", "W/", 1));
            let again = site.ask(path, &["-H", &tag]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{front:?} {path}: {}", again.head);
        }
        // Five seconds later the server confirms without a body that nothing has changed.
        let path = "/tiles/detections/7/80/48.mvt";
        let first = site.ask(path, &[]);
        let asked_again = until(|| site.ask(path, &[]), |_| site.asked(path).len() > 1);
        assert_eq!((asked_again.status, &asked_again.body), (200, &first.body), "{front:?}");
        assert_eq!(site.asked(path), [200, 304], "{front:?}: asked again with the tag");
        if front == Front::Nginx {
            assert_eq!(asked_again.header("x-cache"), "revalidated");
        }
        assert_eq!(site.ask(path, &[]).header("x-cache"), "hit", "{front:?}: good for five seconds more");
        // A changed tile appears, and an address that names a revision returns it at once.
        let revision = site.upload([2]);
        let changed = site.ask(&format!("{path}?revision={revision}"), &[]);
        assert!(
            changed.body != first.body && changed.header("cache-control").contains("immutable"),
            "{front:?}"
        );
        let plain = until(|| site.ask(path, &[]), |got| got.body == changed.body);
        assert_eq!(plain.body, changed.body, "{front:?}");
    }
}

#[test]
fn compressed_copies_are_few_and_each_reader_can_read_its_own() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload(1..5);
        let path = "/summary/regions";
        let plain = site.ask(path, &[]);
        for accepted in [
            "gzip",
            "br",
            "zstd",
            "gzip, deflate, br, zstd",
            "br;q=1.0, gzip;q=0.8",
            "identity",
            "*",
            "",
            "br;q=0, gzip",
            "gzip;q=0",
            "GZIP",
            "x-gzip",
            "bröd",
            "br,,gzip",
            "gzip, identity;q=0",
        ] {
            let got = site.ask(path, &["-H", &format!("Accept-Encoding: {accepted}")]);
            let mut body = Vec::new();
            match got.header("content-encoding") {
                "" => body.clone_from(&got.body),
                "gzip" => drop(
                    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&got.body[..]), &mut body)
                        .unwrap(),
                ),
                "br" => drop(
                    std::io::Read::read_to_end(
                        &mut brotli::Decompressor::new(&got.body[..], 4096),
                        &mut body,
                    )
                    .unwrap(),
                ),
                other => panic!("{front:?}: {accepted:?} got {other:?}"),
            }
            assert_eq!(body, plain.body, "{front:?} {accepted:?}");
            let coding = got.header("content-encoding");
            assert!(
                coding.is_empty() || accepted.to_lowercase().contains(coding) || accepted == "*",
                "{accepted} got {coding}"
            );
        }
        assert!(site.asked(path).len() <= 3, "{front:?}: {:?}", site.asked(path));
    }
}
