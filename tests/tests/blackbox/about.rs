//! The page about the map, the map in frames of other sites, and what search engines read.

use std::fs;

use crate::program::*;

fn page(server: &Server, path: &str) -> String {
    let mut response = server.public().get(server.url(path)).header("accept", "text/html").call().unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.body_mut().read_to_string().unwrap()
}

fn policy(server: &Server, path: &str) -> String {
    server.header(path, "content-security-policy")
}

#[test]
fn the_page_about_the_map_says_what_the_operator_configured_in_each_language() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    let said = "[about]\norganisation = \"Mines & <More>\"\ncontact = \"info@mines.example\"\nrecords_licence = \"CC BY 4.0\"\n\
        [public]\nmin_cell_count = 5\n";
    fs::write(&config, said).unwrap();
    let server =
        Server::open(&folder.path().join("store.gpkg"), &["--demo", "--config", config.to_str().unwrap()]);
    for (lang, title) in [("en", "About this map"), ("az", "Bu xəritə haqqında"), ("ru", "Об этой карте")]
    {
        let page = page(&server, &format!("/about?lang={lang}"));
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(title), "{page}");
        assert!(page.contains("Mines &amp; &lt;More&gt;"), "{page}");
        assert!(page.contains("mailto:info@mines.example") && page.contains("CC BY 4.0"), "{page}");
        assert!(page.contains(" 5.") && page.contains("class=\"banner\""), "{page}");
    }
    assert_eq!(server.get("/about?lang=de").status(), 400);
    assert_eq!(server.get("/about?x=1").status(), 400);
}

#[test]
fn no_site_may_frame_the_map_unless_the_configuration_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    let server = Server::open(&store, &[]);
    assert!(policy(&server, "/embed").ends_with("frame-ancestors 'none'"));
    drop(server);
    let config = folder.path().join("clearline.toml");
    fs::write(&config, "[embed]\norigins = [\"https://news.example\", \"https://b.example:8443\"]\n")
        .unwrap();
    let server = Server::open(&store, &["--config", config.to_str().unwrap()]);
    assert!(
        policy(&server, "/embed").ends_with("frame-ancestors https://news.example https://b.example:8443")
    );
    assert!(policy(&server, "/field").ends_with("frame-ancestors 'self'"));
    assert_eq!(page(&server, "/embed"), page(&server, "/"), "the same page, which knows its address");
    drop(server);
    for bad in ["*", "https://a.example/path", "https://a.example; script-src *"] {
        fs::write(&config, format!("[embed]\norigins = [\"{bad}\"]\n")).unwrap();
        let refused =
            refused(&["serve", "--store", store.to_str().unwrap(), "--config", config.to_str().unwrap()]);
        assert!(String::from_utf8_lossy(&refused.stderr).contains("embed.origins"), "{bad}");
    }
}

#[test]
fn search_engines_learn_what_they_may_list() {
    let server = Server::start();
    let robots = page(&server, "/robots.txt");
    assert!(robots.starts_with("User-agent: *\n"), "{robots}");
    assert!(robots.contains("Disallow: /tiles/\n") && !robots.contains("Disallow: /\n"), "{robots}");
    assert!(robots.ends_with(&format!("Sitemap: {}/sitemap.xml\n", server.base)), "{robots}");
    let map = page(&server, "/sitemap.xml");
    let addresses: Vec<&str> =
        map.split("<loc>").skip(1).map(|rest| rest.split_once("</loc>").unwrap().0).collect();
    assert!(addresses.len() > 200, "{}", addresses.len());
    let listed = addresses.iter().filter(|address| address.contains("AZ-KAL")).collect::<Vec<_>>();
    assert_eq!(listed.len(), 3);
    for address in listed {
        let path = address.replace("&amp;", "&").replace(&server.base, "");
        assert_eq!(server.public().get(server.url(&path)).call().unwrap().status(), 200, "{path}");
    }
    assert_eq!(&server.bytes("/favicon.ico")[..4], [0, 0, 1, 0]);
    assert_eq!(server.header("/favicon.ico", "content-type"), "image/x-icon");
}

#[test]
fn where_the_public_sees_nothing_search_engines_list_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(&folder.path().join("store.gpkg"), &["--public", "nothing"]);
    assert_eq!(page(&server, "/robots.txt"), "User-agent: *\nDisallow: /\n");
    assert_eq!(server.public().get(server.url("/sitemap.xml")).call().unwrap().status(), 401);
}
