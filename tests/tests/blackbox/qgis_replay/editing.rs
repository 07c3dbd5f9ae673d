//! How QGIS edits a layer.

use serde_json::{Value, json};

use super::client::{Qgis, UTM38, WGS84, created_id, reasons};
use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, read};

#[test]
fn a_point_is_created_moved_corrected_and_deleted_with_a_reason() {
    let server = Server::start();
    let me = Qgis { server: &server, user: "me" };
    // An empty layer: QGIS requests an id that does not exist.
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

    // Moving an approved point requires a reason, which a patch of the geometry cannot contain.
    assert_eq!(me.drag(&id, KALBAJAR, ""), 422);
    assert_eq!(me.feature(&id)["geometry"], record["geometry"]);
    let surveyor = Qgis { user: "reason:surveyed again: 2 m off", ..me };
    assert_eq!(surveyor.drag(&id, KALBAJAR, ""), 200);
    let moved = me.feature(&id);
    assert_eq!(moved["geometry"]["coordinates"], json!([KALBAJAR.0, KALBAJAR.1]));
    assert_eq!(moved["properties"]["region"], "AZ-KAL");
    assert_eq!(reasons(&server, &id)[0], "surveyed again: 2 m off");

    // The field `reason` takes precedence over the connection's user name.
    let fields = json!({"model": "OZM-72", "quantity": 2, "reason": "read the marking again"});
    let (status, corrected) = surveyor.correct(&id, &fields);
    assert_eq!(status, 200, "{corrected}");
    assert_eq!(corrected["properties"]["model"], "OZM-72");
    assert_eq!(corrected["properties"]["reason"], Value::Null);
    assert_eq!(reasons(&server, &id)[0], "read the marking again");

    // Versions without PATCH support send the whole feature, including derived fields.
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
    // QGIS swaps latitude and longitude for EPSG:4326, as in its definition.
    let created = qgis.create((LACHIN.1, LACHIN.0), &typed, WGS84);
    assert_eq!(created.status(), 201);
    let id = created_id(&created);
    assert_eq!(qgis.feature(&id)["geometry"]["coordinates"], json!([LACHIN.0, LACHIN.1]));
    assert_eq!(qgis.drag(&id, (KALBAJAR.1, KALBAJAR.0), WGS84), 200);
    assert_eq!(qgis.feature(&id)["geometry"]["coordinates"], json!([KALBAJAR.0, KALBAJAR.1]));
    // A layer opened in UTM zone 38N.
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
    // The parameter takes precedence over the user name.
    assert_eq!(patch("reason:by the name", "?reason=by%20the%20parameter", "61").0, 200);
    assert_eq!(reasons(&server, &id)[0], "by the parameter");
    // Surrounding space is dropped, and the limits are the same.
    assert_eq!(patch("reason: by the name ", "", "62").0, 200);
    assert_eq!(reasons(&server, &id)[0], "by the name");
    let longest = format!("reason:{}", "ə".repeat(1_000));
    assert_eq!(patch(&longest, "", "63").0, 200);
    for wrong in ["reason:", "reason:  ", &format!("{longest}ə")] {
        let (status, problem) = patch(wrong, "", "64");
        assert_eq!(status, 400, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("reason"), "{problem}");
    }
    // Any other user name states no reason.
    for user in ["reason", "me", "", "Reasons"] {
        assert_eq!(patch(user, "", "64").0, 422, "{user:?}");
    }
    // It has no effect on reading.
    assert_eq!(Qgis { user: "reason:", ..plain }.feature(&id)["id"], id);

    // An upload that replaces the record, through both entry points.
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
