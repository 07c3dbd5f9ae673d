//! What clients fetch: the list of forms, the files of a form, the detections to choose from.

use atlas::{DistrictSet, Filter, Set, View};
use demining::Status;
use maud::{Markup, html};
use md5::{Digest, Md5};
use service::access::Caller;

/// A form that clients fill in.
pub struct Form {
    /// Its name in addresses.
    pub name: &'static str,
    /// As it stands in the form.
    id: &'static str,
    title: &'static str,
    version: &'static str,
    /// The `XForm`.
    pub xml: &'static str,
    /// Whether it lets choose from the detections.
    pub has_list: bool,
}

/// The forms, made by `data/forms/forms.py`.
pub const FORMS: [Form; 2] = [
    Form {
        name: "detection",
        id: "clearline_detection",
        title: "Clearline: detection",
        version: "3",
        xml: include_str!("../../../../data/forms/detection.xml"),
        has_list: false,
    },
    Form {
        name: "neutralisation",
        id: "clearline_neutralisation",
        title: "Clearline: mark as neutralised",
        version: "3",
        xml: include_str!("../../../../data/forms/neutralisation.xml"),
        has_list: true,
    },
];

/// Detections in the list to choose from, at most: those that were recorded first.
const MOST_LISTED: usize = 10_000;

/// The language of the list: entities have one label for all.
const LANGUAGE: &str = "en";

/// The hash by which clients tell that a file changed.
fn md5_of(bytes: &[u8]) -> String {
    format!("md5:{}", hex::encode(Md5::digest(bytes)))
}

/// The list of forms; `base` is the address of the server for the token, without a slash at the end.
pub fn form_list(base: &str) -> Markup {
    html! {
        xforms xmlns="http://openrosa.org/xforms/xformsList" {
            @for form in FORMS {
                xform {
                    formID { (form.id) }
                    name { (form.title) }
                    version { (form.version) }
                    hash { (md5_of(form.xml.as_bytes())) }
                    downloadUrl { (base) "/forms/" (form.name) ".xml" }
                    @if form.has_list { manifestUrl { (base) "/forms/" (form.name) "/manifest" } }
                }
            }
        }
    }
}

/// The files of a form: the list of detections, when it has one.
pub fn manifest(base: &str, list: Option<&[u8]>) -> Markup {
    html! {
        manifest xmlns="http://openrosa.org/xforms/xformsManifest" {
            @if let Some(list) = list {
                mediaFile type="entityList" {
                    filename { "detections.csv" }
                    hash { (md5_of(list)) }
                    downloadUrl { (base) "/entities/detections.csv" }
                }
            }
        }
    }
}

/// What waits to be dealt with where the caller may write, as entities in CSV.
pub fn entity_list(caller: &Caller, view: &View) -> String {
    let mut filter = Filter { statuses: Set::of([Status::Detected]), ..Filter::default() };
    let regions = caller.bearer().and_then(|bearer| bearer.regions.as_ref());
    if let Some(ids) = regions {
        let known = ids.iter().filter_map(|id| view.reference().districts(id));
        filter.regions = Some(known.fold(DistrictSet::none(), DistrictSet::union));
    }
    let mut list = exchange::ENTITY_HEADER.to_owned();
    for found in view.page(&filter, None, MOST_LISTED).records {
        let district = found.region.as_deref().and_then(|id| view.reference().region(id));
        let district = district.map_or("", |known| known.region.names.get(LANGUAGE));
        exchange::entity_to(&found.record, district, &mut list);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_what_the_list_says_of_them() {
        for form in FORMS {
            let said = format!("id=\"{}\" version=\"{}\"", form.id, form.version);
            assert!(form.xml.contains(&said), "{said}");
            assert!(form.xml.contains(&format!("<h:title>{}</h:title>", form.title)));
            assert_eq!(form.xml.contains("jr://file-csv/detections.csv"), form.has_list);
        }
        let list = form_list("https://a.b/openrosa/t&t").0;
        assert_eq!(list.matches("<downloadUrl>https://a.b/openrosa/t&amp;t/forms/").count(), FORMS.len());
        assert_eq!(md5_of(b""), "md5:d41d8cd98f00b204e9800998ecf8427e");
    }
}
