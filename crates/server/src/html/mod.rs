//! HTML pages for people: the documents of the OGC API standards, without scripts. The templates escape all
//! values from records.

mod about;
mod api;
mod documents;
mod features;
mod outline;
mod refused;

use atlas::Scope;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use demining::Revision;
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;
use service::Service;

use crate::{
    http::{
        cached_response::{CachedResponse, Keep, REVISION_HEADER},
        negotiate,
        problem::Answer,
        site::Site,
    },
    wire::lang::Lang,
};

pub use about::{About, about};
pub use api::api;
pub use documents::{collection, collections, conformance, landing, properties};
pub use features::{Drawn, item, items};
pub use refused::refused;

/// The content type of a page.
const HTML: &str = "text/html; charset=utf-8";

/// A page may load only its style and images of this server.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";

/// The frame around the content of a page.
pub struct Frame {
    /// The prefix of addresses on this server: a path without a trailing slash.
    root: String,
    /// Whether the store contains demonstration records.
    demonstration: bool,
    /// The language of the page.
    lang: Lang,
}

impl Frame {
    /// Creates the frame for the response to a request.
    pub fn of(service: &Service, site: &Site, headers: &HeaderMap) -> Self {
        let base = site.base(headers);
        let host_and_path = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
        let root = host_and_path.find('/').map_or("", |at| &host_and_path[at..]).to_owned();
        // Demonstration records are approved and marked, so the public view contains them.
        let view = service.atlas.view(Scope::Public);
        let demonstration =
            view.has_operator(demining::demonstration::OPERATOR) || view.accidents().has_made_up();
        Self { root, demonstration, lang: Lang::En }
    }

    /// Sets the language of the page.
    pub fn speaking(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// Builds a page from its title, the pages above it (name and path), the address of its JSON, and its
    /// content.
    fn page(&self, title: &str, above: &[(&str, &str)], json: &str, content: &Markup) -> Markup {
        self.framed(title, above, Some(json), content)
    }

    /// Builds a page that may have no JSON form.
    fn framed(&self, title: &str, above: &[(&str, &str)], json: Option<&str>, content: &Markup) -> Markup {
        let root = &self.root;
        html! {
            (DOCTYPE)
            html lang=(self.lang.word()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · Clearline" }
                    link rel="icon" type="image/svg+xml" href={ (root) "/favicon.svg" };
                    link rel="stylesheet" href={ (root) "/pages.css" };
                }
                body {
                    @if self.demonstration {
                        aside .banner aria-label=(self.lang.of(["Demonstration", "Nümayiş", "Демонстрация"])) {
                            (self.lang.of([
                                "Demonstration: places are made up; totals per region follow published figures.",
                                "Nümayiş: yerlər uydurmadır; regionlar üzrə cəmlər açıqlanmış rəqəmlərə uyğundur.",
                                "Демонстрация: места вымышлены; итоги по регионам соответствуют опубликованным числам.",
                            ]))
                        }
                    }
                    header {
                        a .name href={ (root) "/" } { "Clearline" }
                        nav aria-label=(self.lang.of(["Pages above this one", "Üst səhifələr", "Вышестоящие страницы"])) {
                            @for (name, path) in above {
                                a href={ (root) (path) } { (name) }
                            }
                            span aria-current="page" { (title) }
                        }
                        @if let Some(json) = json { a .json href=(json) { "JSON" } }
                    }
                    main { h1 { (title) } (content) }
                    footer {
                        p { strong { (self.lang.notice()) } }
                        p {
                            a href={ (root) "/" } { (self.lang.of(["Map", "Xəritə", "Карта"])) } " · "
                            a href={ (root) "/about?lang=" (self.lang.word()) } { (self.lang.of(["About", "Haqqında", "О карте"])) } " · "
                            a href={ (root) "/?f=html" } { (self.lang.of(["For GIS programs", "CİS proqramları üçün", "Для ГИС-программ"])) }
                        }
                    }
                }
            }
        }
    }
}

/// Builds the response with a page.
///
/// # Errors
/// The errors of `make`, or 500 when the server is shutting down.
pub async fn respond(
    site: &Site,
    headers: &HeaderMap,
    revision: Option<Revision>,
    make: impl FnOnce() -> Answer<Markup> + Send,
) -> Answer {
    let make = || Ok(CachedResponse::new(HTML, make()?.into_string(), revision.unwrap_or(Revision(0))));
    let mut response = negotiate::varied(
        site.responses.once(headers, make).await?.respond(headers, site.keep(Keep::Asking)),
    );
    let set = response.headers_mut();
    if revision.is_none() {
        set.remove(REVISION_HEADER);
    }
    set.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    set.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// `GET /pages.css`
pub async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("pages.css")).into_response()
}

/// Lists all links of a document.
fn all_links(document: &Value) -> Markup {
    let links: Vec<&Value> = document["links"].as_array().into_iter().flatten().collect();
    html! {
        section .links {
            h2 { "Links" }
            ul {
                @for link in links {
                    @let (href, relation) = (text(&link["href"]), text(&link["rel"]));
                    li {
                        a href=(href) rel="noopener" { (link["title"].as_str().unwrap_or(&href)) }
                        " " small { (relation.rsplit('/').next().unwrap_or("")) " · " (text(&link["type"])) }
                    }
                }
            }
        }
    }
}

/// Formats a value as text.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Formats a value of any shape: objects as lists of names and values. Only web addresses become links.
fn shown(value: &Value) -> Markup {
    html! {
        @match value {
            Value::Object(members) => {
                dl .nested { @for (name, value) in members { div { dt { (name) } dd { (shown(value)) } } } }
            }
            Value::Array(values) if values.iter().any(|v| v.is_object() || v.is_array()) => {
                ul { @for value in values { li { (shown(value)) } } }
            }
            Value::Array(values) => { (values.iter().map(text).collect::<Vec<_>>().join(", ")) }
            Value::Null => { span .none { "not recorded" } }
            Value::String(address) if address.starts_with("https://") || address.starts_with("http://") => {
                a href=(address) rel="noopener noreferrer" { (address) }
            }
            other => { (text(other)) }
        }
    }
}
