//! What QGIS sends when somebody opens, filters and edits a layer of OGC API Features.
//!
//! The requests are written down from the public source of QGIS (src/providers/wfs/oapif in qgis/QGIS), because these
//! versions cannot be run here: 3.28 reads, 3.32 also edits and filters by CQL2, 3.44 also asks for the schema; the
//! newest source that was read is at commit 0d7a11af6a65, after 3.44. tests/qgis runs 3.22 itself.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use ureq::{
    Body,
    http::{Request, Response},
};

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, neutralised, read};

/// Somebody who has opened a layer, with the token as the password of the connection.
struct Qgis<'a> {
    server: &'a Server,
    user: &'a str,
}

/// A field that QGIS shows, as it reads it from the schema.
struct Field {
    name: String,
    type_: String,
    read_only: bool,
}

impl Qgis<'_> {
    /// Sends a request as it is written: method and address, headers, an empty line, the body. `{items}` is the
    /// address of the items.
    fn send(&self, request: &str) -> Response<Body> {
        let items = self.server.url("/collections/detections/items");
        let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
        let mut lines = head.trim().lines().map(str::trim);
        let (method, address) = lines.next().unwrap().split_once(' ').unwrap();
        let credentials = format!("{}:{}", self.user, self.server.token());
        let mut sent = Request::builder()
            .method(method)
            .uri(address.replace("{items}", &items))
            .header("Authorization", format!("Basic {}", BASE64_STANDARD.encode(credentials)))
            .header("User-Agent", "Mozilla/5.0 QGIS/34401/Debian GNU/Linux 12 (bookworm)")
            .header("Accept-Language", "en,*");
        for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
            sent = sent.header(name, value);
        }
        let agent = self.server.public();
        match body.trim() {
            "" => agent.run(sent.body(()).unwrap()).unwrap(),
            body => agent.run(sent.body(body.to_owned()).unwrap()).unwrap(),
        }
    }

    fn get(&self, address: &str, accept: &str) -> Value {
        let (status, body) = read(self.send(&format!("GET {address}\nAccept: {accept}")));
        assert_eq!(status, 200, "{address}: {body}");
        body
    }

    /// The fields of the layer and their order, from the schema that the collection links to.
    fn fields(&self) -> Vec<Field> {
        let described = self.get(&self.server.url("/collections/detections"), "application/json");
        let href = described["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|link| {
                link["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/schema"
                    && link["type"] == "application/schema+json"
            })
            .map(|link| link["href"].as_str().unwrap())
            .expect("QGIS looks for no other relation");
        let schema = self.get(href, "application/schema+json");
        let in_order: BTreeMap<i64, Field> = schema["properties"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, field)| field.get("type").is_some())
            .map(|(name, field)| {
                let type_ = field["type"].as_str().unwrap().to_owned();
                let read_only = field["readOnly"] == true;
                (field["x-ogc-propertySeq"].as_i64().unwrap(), Field { name: name.clone(), type_, read_only })
            })
            .collect();
        let geometry = &schema["properties"]["geometry"];
        assert_eq!(
            (&geometry["x-ogc-role"], &geometry["format"]),
            (&"primary-geometry".into(), &"geometry-point".into())
        );
        in_order.into_values().collect()
    }

    /// The methods that `OPTIONS` offers.
    fn offered(&self, address: &str) -> Vec<String> {
        let answer = self.send(&format!("OPTIONS {address}"));
        let allow = answer.headers().get("allow").map(|value| value.to_str().unwrap()).unwrap_or_default();
        allow.split(',').map(|method| method.trim().to_owned()).collect()
    }

    /// Creates a feature. QGIS sends every field, `null` where nothing was typed, and never an id.
    fn create(&self, (x, y): (f64, f64), typed: &Value, content_crs: &str) -> Response<Body> {
        let mut properties = Map::new();
        for field in self.fields().iter().filter(|field| field.name != "id") {
            properties.insert(field.name.clone(), typed[&field.name].clone());
        }
        let place = json!({"coordinates": [x, y], "type": "Point"});
        let feature = json!({"geometry": place, "properties": properties, "type": "Feature"});
        self.send(&format!(
            "POST {{items}}
             Content-Type: application/geo+json{content_crs}

            {feature}"
        ))
    }

    /// Drags a point: QGIS patches the geometry alone.
    fn drag(&self, id: &str, (x, y): (f64, f64), content_crs: &str) -> u16 {
        let moved = self.send(&format!(
            r#"PATCH {{items}}/{id}
               Content-Type: application/merge-patch+json{content_crs}

            {{"geometry":{{"coordinates":[{x},{y}],"type":"Point"}}}}"#
        ));
        read(moved).0
    }

    /// Types into the form: QGIS patches the fields that were changed.
    fn correct(&self, id: &str, fields: &Value) -> (u16, Value) {
        read(self.send(&format!(
            r#"PATCH {{items}}/{id}
               Content-Type: application/merge-patch+json

            {{"properties":{fields}}}"#
        )))
    }

    fn delete(&self, id: &str) -> u16 {
        read(self.send(&format!("DELETE {{items}}/{id}"))).0
    }

    fn feature(&self, id: &str) -> Value {
        self.get(&format!("{{items}}/{id}"), "application/geo+json, application/json")
    }
}

/// The id that QGIS takes out of `Location`.
fn created_id(response: &Response<Body>) -> String {
    let location = response.headers()["location"].to_str().unwrap();
    location.rsplit_once("/items/").unwrap().1.to_owned()
}

/// The reasons that the history of a record gives, the newest first.
fn reasons(server: &Server, id: &str) -> Vec<Value> {
    let history = server.json(&format!("/collections/detections/items/{id}/history"));
    history["revisions"].as_array().unwrap().iter().map(|revision| revision["reason"].clone()).collect()
}

const UTM38: &str = "\n             Content-Crs: http://www.opengis.net/def/crs/EPSG/0/32638";
const WGS84: &str = "\n             Content-Crs: http://www.opengis.net/def/crs/EPSG/0/4326";

#[test]
fn qgis_finds_its_way_from_the_address_of_the_server() {
    let server = Server::start();
    let qgis = Qgis { server: &server, user: "me" };
    let landing = qgis.get(&server.url("/"), "application/json");
    let link = |rel: &str, types: &[&str]| {
        let links = landing["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel);
        let rank = |link: &&Value| types.iter().position(|t| link["type"] == *t).unwrap_or(types.len());
        links.min_by_key(rank).unwrap_or_else(|| panic!("no link {rel}"))["href"].as_str().unwrap().to_owned()
    };
    let openapi = ["application/vnd.oai.openapi+json;version=3.0", "application/openapi+json;version=3.0"];
    let api = qgis.get(&link("service-desc", &openapi), &openapi.join(", "));
    // The page size: the default, but at least 1,000, and at most the maximum.
    let limit = &api["components"]["parameters"]["limit"]["schema"];
    assert!(limit["maximum"].as_i64().unwrap() >= 1_000 && limit["default"].is_i64(), "{limit}");
    let conformance = qgis.get(&link("conformance", &["application/json"]), "application/json");
    for class in [
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-operators",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "ogcapi-features-5/1.0/conf/schemas",
    ] {
        let class = json!(format!("http://www.opengis.net/spec/{class}"));
        assert!(conformance["conformsTo"].as_array().unwrap().contains(&class), "{class}");
    }
    let collections = link("data", &["application/json"]);
    let queryables = qgis.get(&format!("{collections}/detections/queryables"), "application/schema+json");
    let geometry = &queryables["properties"]["geometry"];
    assert!(geometry["format"].as_str().unwrap().starts_with("geometry"), "{geometry}");
    qgis.get("{items}?limit=10", "application/geo+json, application/json");
}

#[test]
fn the_schema_offers_the_reason_as_a_field_to_fill_in() {
    let server = Server::start();
    let fields = Qgis { server: &server, user: "me" }.fields();
    let named = |name: &str| fields.iter().find(|field| field.name == name);
    let reason = named("reason").unwrap();
    assert_eq!((reason.type_.as_str(), reason.read_only), ("string", false));
    for derived in ["region", "review", "revision", "updated_at"] {
        assert!(named(derived).unwrap().read_only, "{derived}");
    }
    // Where the record is comes from the map.
    assert!(named("geometry").is_none());
    // The order is ours, not that of the alphabet.
    let first: Vec<&str> = fields.iter().take(4).map(|field| field.name.as_str()).collect();
    assert_eq!(first, ["id", "kind", "model", "made_in_year"]);
}

#[test]
fn a_point_is_created_moved_corrected_and_deleted_with_a_reason() {
    let server = Server::start();
    let me = Qgis { server: &server, user: "me" };
    // An empty layer: QGIS asks for an id that nobody has.
    assert!(me.offered("{items}").contains(&"POST".to_owned()));

    let typed = json!({"kind": "ap_mine", "detected_on": "2023-03-14", "quantity": 1});
    let created = me.create(LACHIN, &typed, "");
    assert_eq!(created.status(), 201, "{:?}", read(created));
    let id = created_id(&created);
    let offered = me.offered(&format!("{{items}}/{id}"));
    for method in ["PUT", "PATCH", "DELETE"] {
        assert!(offered.contains(&method.to_owned()), "{method}: {offered:?}");
    }
    let record = me.feature(&id);
    assert_eq!(record["id"], id);
    assert_eq!(record["geometry"]["coordinates"], json!([LACHIN.0, LACHIN.1]));
    assert_eq!(record["properties"]["review"], "approved");

    // An approved point is moved only with a reason, which a patch of the geometry cannot hold.
    assert_eq!(me.drag(&id, KALBAJAR, ""), 422);
    assert_eq!(me.feature(&id)["geometry"], record["geometry"]);
    let surveyor = Qgis { user: "reason:surveyed again: 2 m off", ..me };
    assert_eq!(surveyor.drag(&id, KALBAJAR, ""), 200);
    let moved = me.feature(&id);
    assert_eq!(moved["geometry"]["coordinates"], json!([KALBAJAR.0, KALBAJAR.1]));
    assert_eq!(moved["properties"]["region"], "AZ-KAL");
    assert_eq!(reasons(&server, &id)[0], "surveyed again: 2 m off");

    // The field `reason` says more of a row than the user name of the connection does.
    let fields = json!({"model": "OZM-72", "quantity": 2, "reason": "read the marking again"});
    let (status, corrected) = surveyor.correct(&id, &fields);
    assert_eq!(status, 200, "{corrected}");
    assert_eq!(corrected["properties"]["model"], "OZM-72");
    assert_eq!(corrected["properties"]["reason"], Value::Null);
    assert_eq!(reasons(&server, &id)[0], "read the marking again");

    // Versions that see no PATCH send the whole feature, its derived fields too.
    let mut whole = me.feature(&id);
    whole["properties"]["note"] = json!("beside the road");
    let put = surveyor.send(&format!(
        "PUT {{items}}/{id}
         Content-Type: application/geo+json

        {}",
        json!({"geometry": whole["geometry"], "id": id, "properties": whole["properties"], "type": "Feature"})
    ));
    assert_eq!(put.status(), 200);
    assert_eq!(reasons(&server, &id)[0], "surveyed again: 2 m off");

    let found_none = Qgis { user: "reason:yenidən yoxlanıldı, tapılmadı", ..me };
    assert_eq!(found_none.delete(&id), 204);
    assert_eq!(server.get(&format!("/collections/detections/items/{id}")).status(), 404);
    assert_eq!(reasons(&server, &id)[0], "yenidən yoxlanıldı, tapılmadı");
}

#[test]
fn coordinates_come_in_the_system_of_the_layer_without_angle_brackets() {
    let server = Server::start();
    let qgis = Qgis { server: &server, user: "reason:surveyed again" };
    let typed = json!({"kind": "uxo", "detected_on": "2023-03-14"});
    // QGIS turns latitude and longitude around for EPSG:4326, as its definition has them.
    let created = qgis.create((LACHIN.1, LACHIN.0), &typed, WGS84);
    assert_eq!(created.status(), 201);
    let id = created_id(&created);
    assert_eq!(qgis.feature(&id)["geometry"]["coordinates"], json!([LACHIN.0, LACHIN.1]));
    assert_eq!(qgis.drag(&id, (KALBAJAR.1, KALBAJAR.0), WGS84), 200);
    assert_eq!(qgis.feature(&id)["geometry"]["coordinates"], json!([KALBAJAR.0, KALBAJAR.1]));
    // A layer that was opened in UTM zone 38N.
    let utm = qgis.get(
        &format!("{{items}}/{id}?crs=http://www.opengis.net/def/crs/EPSG/0/32638"),
        "application/geo+json, application/json",
    );
    let at = |axis: usize| utm["geometry"]["coordinates"][axis].as_f64().unwrap();
    assert_eq!(qgis.drag(&id, (at(0) + 10.0, at(1)), UTM38), 200);
    let east = qgis.feature(&id)["geometry"]["coordinates"][0].as_f64().unwrap() - KALBAJAR.0;
    assert!((0.000_1..0.000_13).contains(&east), "10 m are {east} degrees");
}

#[test]
fn the_user_name_states_a_reason_wherever_the_parameter_does() {
    let server = Server::start();
    let plain = Qgis { server: &server, user: "me" };
    let typed = json!({"kind": "ap_mine", "detected_on": "2023-03-14"});
    let id = created_id(&plain.create(LACHIN, &typed, ""));
    let patch = |user: &str, query: &str, note: &str| {
        let request = format!(
            r#"PATCH {{items}}/{id}{query}
               Content-Type: application/merge-patch+json

            {{"geometry":{{"coordinates":[46.5,39.{note}],"type":"Point"}}}}"#
        );
        read(Qgis { server: &server, user }.send(&request))
    };
    // The parameter beats the user name.
    assert_eq!(patch("reason:by the name", "?reason=by%20the%20parameter", "61").0, 200);
    assert_eq!(reasons(&server, &id)[0], "by the parameter");
    // Space around it is dropped, and the limits are the same.
    assert_eq!(patch("reason: by the name ", "", "62").0, 200);
    assert_eq!(reasons(&server, &id)[0], "by the name");
    let longest = format!("reason:{}", "ə".repeat(1_000));
    assert_eq!(patch(&longest, "", "63").0, 200);
    for wrong in ["reason:", "reason:  ", &format!("{longest}ə")] {
        let (status, problem) = patch(wrong, "", "64");
        assert_eq!(status, 400, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("reason"), "{problem}");
    }
    // Any other user name carries none.
    for user in ["reason", "me", "", "Reasons"] {
        assert_eq!(patch(user, "", "64").0, 422, "{user:?}");
    }
    // It changes nothing for whoever reads.
    assert_eq!(Qgis { user: "reason:", ..plain }.feature(&id)["id"], id);

    // An upload that replaces the record, by both of its doors.
    for (n, path) in ["{items}?update=true", "/uploads?update=true"].into_iter().enumerate() {
        let path = path.replace("/uploads", &server.url("/uploads"));
        let mut changed = feature(1, LACHIN.0, LACHIN.1);
        changed["id"] = json!(id);
        changed["properties"]["quantity"] = json!(n + 5);
        let request = |rows: &Value| format!("POST {path}\nContent-Type: application/geo+json\n\n{rows}");
        let user = format!("reason:upload {n}");
        let (status, report) = read(Qgis { user: &user, ..plain }.send(&request(&collection(&[changed]))));
        assert_eq!((status, &report["updated"]), (200, &json!(1)), "{report}");
        assert_eq!(reasons(&server, &id)[0], format!("upload {n}"));
    }
}

#[test]
fn filters_that_qgis_hands_on_find_what_the_parameters_find() {
    let server = Server::start();
    let rows: Vec<Value> = (0..40)
        .map(|n| {
            let (lon, lat) = if n < 20 { LACHIN } else { KALBAJAR };
            let mut row = if n % 2 == 0 { feature(n, lon, lat) } else { neutralised(n, lon, lat) };
            row["properties"]["detected_on"] = json!(format!("2023-03-{:02}", 1 + n % 14));
            row["properties"]["kind"] = json!(if n % 4 == 0 { "uxo" } else { "ap_mine" });
            row["properties"]["quantity"] = json!(1 + n % 3);
            if n % 5 == 0 {
                row["properties"]["note"] = json!(format!("Team's {n}% \\ note"));
            }
            row
        })
        .collect();
    assert_eq!(server.post_json("/uploads", &collection(&rows)).1["created"], 40);
    let qgis = Qgis { server: &server, user: "me" };
    let matched = |query: &str| {
        let page =
            qgis.get(&format!("{{items}}?limit=1000&{query}"), "application/geo+json, application/json");
        page["numberMatched"].as_u64().unwrap()
    };
    // What the query builder and the expression compiler of 3.32 and later make, in their encoding.
    let cql = |text: &str| format!("filter={}&filter-lang=cql2-text", encoded(text));
    for (filter, count) in [
        ("(kind = 'uxo')", 10),
        ("(kind <> 'uxo')", 30),
        ("((kind = 'uxo') AND (status = 'detected'))", 10),
        ("((kind = 'uxo') OR (quantity >= 3))", 10 + 13 - 3),
        ("(NOT ((kind = 'uxo')))", 30),
        ("(\"detected_on\" >= DATE('2023-03-11'))", 10),
        ("(\"detected_on\" = DATE('2023-03-01'))", 3),
        ("(\"updated_at\" > TIMESTAMP('2020-01-01T00:00:00.000Z'))", 40),
        ("(\"neutralised_on\" IS NULL)", 20),
        ("(\"neutralised_on\" IS NOT NULL)", 20),
        ("(note LIKE 'Team''s%')", 8),
        ("(note NOT LIKE 'Team''s%')", 0),
        ("(CASEI(note) LIKE CASEI('TEAM''S%'))", 8),
        ("quantity BETWEEN 2 AND 3", 26),
        ("quantity NOT BETWEEN 2 AND 3", 14),
        ("(quantity > ( - (1)))", 40),
        ("kind IN ('uxo','av_mine')", 10),
        ("kind NOT IN ('uxo','av_mine')", 30),
        ("S_INTERSECTS(geometry,BBOX(46.2,39.3,46.8,39.9))", 20),
    ] {
        assert_eq!(matched(&cql(filter)), count, "{filter}");
    }
    // A filter of the layer and one of the map together, the brackets not encoded.
    let both = format!(
        "filter=({})%20AND%20({})&filter-lang=cql2-text&bbox=46.2,39.3,46.8,39.9",
        encoded("(kind = 'uxo')"),
        encoded("(quantity >= 2)")
    );
    assert_eq!(matched(&both), rows_where(&rows[..20], |p| p["kind"] == "uxo" && p["quantity"] != 1));
    // What 3.28 makes of a condition on a day, which also finds what was neutralised then.
    let either = rows_where(&rows, |p| {
        [&p["detected_on"], &p["neutralised_on"]]
            .iter()
            .any(|day| day.as_str().is_some_and(|day| ("2023-03-11"..="2023-03-15").contains(&day)))
    });
    assert_eq!(matched("datetime=2023-03-11%2F2023-03-15"), either);
    // Boxes of the map, in the system of the layer.
    let box_in_4326 = "bbox=39.3,46.2,39.9,46.8&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    assert_eq!(matched(box_in_4326), 20);
}

/// A value of a query as `QUrlQuery` writes it.
fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*,;:@/".contains(&byte);
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn rows_where(rows: &[Value], wanted: impl Fn(&Value) -> bool) -> u64 {
    rows.iter().filter(|row| wanted(&row["properties"])).count() as u64
}
