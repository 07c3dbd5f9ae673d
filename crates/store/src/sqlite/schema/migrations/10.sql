-- Version 10: how far what a record says is borne out.

ALTER TABLE detections_content ADD COLUMN information_reliability TEXT;
ALTER TABLE clearline_held ADD COLUMN information_reliability TEXT;

DROP VIEW detections;

-- The records as they stand. fid is the number of a record: given once, never to another.
CREATE VIEW detections AS
  SELECT s.number AS fid, c.geom AS geom, l.id AS id, c.kind AS kind, c.model AS model,
    c.made_in_year AS made_in_year, c.quantity AS quantity, c.depth_cm AS depth_cm,
    c.detected_on AS detected_on, c.status AS status, c.neutralised_on AS neutralised_on,
    c.disposal AS disposal, c.operator AS operator, c.team AS team, c.hazard_area AS hazard_area,
    c.accuracy_m AS accuracy_m, c.fix AS fix, c.source_reliability AS source_reliability,
    c.information_reliability AS information_reliability, c.note AS note,
    c.photos AS photos, c.extra AS extra, c.location_as_given AS location_as_given,
    c.location_as_given_crs AS crs_as_given, l.review AS review, l.revision AS revision,
    r."at" AS updated_at, r."by" AS updated_by
  FROM clearline_records AS s
    CROSS JOIN detections_content AS c ON c.fid = s.change
    CROSS JOIN changes AS l ON l.fid = s.change
    CROSS JOIN revisions AS r ON r.revision = l.revision
  WHERE s.stands;
