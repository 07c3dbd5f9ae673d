-- A table like the one that is read, for measuring writes.
DROP TABLE IF EXISTS inserted;
DROP SEQUENCE IF EXISTS inserted_number;
CREATE TABLE inserted (LIKE detections INCLUDING ALL);
CREATE SEQUENCE inserted_number;
