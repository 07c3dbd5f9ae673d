-- What is built once the rows are in.

ALTER TABLE detections ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX detections_number ON detections (number);
CREATE INDEX detections_place ON detections USING gist (place);
VACUUM ANALYZE detections;
