//! A user who has opened a layer.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use ureq::{
    Body,
    http::{Request, Response},
};

use crate::program::{Server, read};

/// A user who has opened a layer, with the token as the connection's password.
pub struct Qgis<'a> {
    pub server: &'a Server,
    pub user: &'a str,
}

/// A field that QGIS shows, read from the schema.
pub struct Field {
    pub name: String,
    pub type_: String,
    pub read_only: bool,
}

impl Qgis<'_> {
    /// Sends a request as written: method and address, headers, an empty line, the body. `{items}` stands for
    /// the address of the items.
    pub fn send(&self, request: &str) -> Response<Body> {
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

    pub fn get(&self, address: &str, accept: &str) -> Value {
        let (status, body) = read(self.send(&format!("GET {address}\nAccept: {accept}")));
        assert_eq!(status, 200, "{address}: {body}");
        body
    }

    /// Returns the fields of the layer in order, from the schema that the collection links to.
    pub fn fields(&self) -> Vec<Field> {
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

    /// Returns the methods that `OPTIONS` offers.
    pub fn offered(&self, address: &str) -> Vec<String> {
        let answer = self.send(&format!("OPTIONS {address}"));
        let allow = answer.headers().get("allow").map(|value| value.to_str().unwrap()).unwrap_or_default();
        allow.split(',').map(|method| method.trim().to_owned()).collect()
    }

    /// Creates a feature. QGIS sends every field, `null` where the user entered nothing, and never an id.
    pub fn create(&self, (x, y): (f64, f64), typed: &Value, content_crs: &str) -> Response<Body> {
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

    /// Drags a point: QGIS patches only the geometry.
    pub fn drag(&self, id: &str, (x, y): (f64, f64), content_crs: &str) -> u16 {
        let moved = self.send(&format!(
            r#"PATCH {{items}}/{id}
               Content-Type: application/merge-patch+json{content_crs}

            {{"geometry":{{"coordinates":[{x},{y}],"type":"Point"}}}}"#
        ));
        read(moved).0
    }

    /// Edits the form: QGIS patches the changed fields.
    pub fn correct(&self, id: &str, fields: &Value) -> (u16, Value) {
        read(self.send(&format!(
            r#"PATCH {{items}}/{id}
               Content-Type: application/merge-patch+json

            {{"properties":{fields}}}"#
        )))
    }

    pub fn delete(&self, id: &str) -> u16 {
        read(self.send(&format!("DELETE {{items}}/{id}"))).0
    }

    pub fn feature(&self, id: &str) -> Value {
        self.get(&format!("{{items}}/{id}"), "application/geo+json, application/json")
    }
}

/// Returns the id that QGIS extracts from `Location`.
pub fn created_id(response: &Response<Body>) -> String {
    let location = response.headers()["location"].to_str().unwrap();
    location.rsplit_once("/items/").unwrap().1.to_owned()
}

/// Returns the reasons in the history of a record, newest first.
pub fn reasons(server: &Server, id: &str) -> Vec<Value> {
    let history = server.json(&format!("/collections/detections/items/{id}/history"));
    history["revisions"].as_array().unwrap().iter().map(|revision| revision["reason"].clone()).collect()
}

pub const UTM38: &str = "\n             Content-Crs: http://www.opengis.net/def/crs/EPSG/0/32638";
pub const WGS84: &str = "\n             Content-Crs: http://www.opengis.net/def/crs/EPSG/0/4326";

/// Encodes a query value like `QUrlQuery`.
pub fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*,;:@/".contains(&byte);
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
