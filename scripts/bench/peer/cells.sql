-- The same cells counted beforehand, at the zooms that are measured: right until the next upload.

CREATE TABLE cells (
    z integer, x integer, y integer, col integer, line integer,
    records bigint, quantity bigint, detected bigint, neutralised bigint
);

INSERT INTO cells
SELECT 10, col / 64, line / 64, col % 64, line % 64, records, quantity, detected, neutralised
FROM (
    SELECT
        floor((ST_X(place) + edge) / cell)::integer AS col,
        floor((edge - ST_Y(place)) / cell)::integer AS line,
        count(*) AS records,
        sum(quantity) AS quantity,
        coalesce(sum(quantity) FILTER (WHERE status = 'detected'), 0) AS detected,
        coalesce(sum(quantity) FILTER (WHERE status = 'neutralised'), 0) AS neutralised
    FROM detections, (SELECT pi() * 6378137 AS edge, 2 * pi() * 6378137 / (1024 * 64) AS cell) AS grid
    GROUP BY 1, 2
) AS counted
ORDER BY 2, 3;

-- A cell of a lower zoom holds whole cells of zoom 10.
INSERT INTO cells
SELECT
    zoom, c.x >> up, c.y >> up, ((c.x * 64 + c.col) >> up) % 64, ((c.y * 64 + c.line) >> up) % 64,
    sum(records), sum(quantity), sum(detected), sum(neutralised)
FROM cells AS c, (VALUES (0), (5), (7), (9)) AS zooms (zoom), LATERAL (SELECT 10 - zoom AS up) AS shift
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3;

CREATE INDEX cells_tile ON cells (z, x, y);
VACUUM ANALYZE cells;

CREATE FUNCTION stale(z integer, x integer, y integer) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT ST_AsMVT(tile, 'cells', 4096, 'place') FROM (
    SELECT ST_Point(col * 64 + 32, line * 64 + 32) AS place, records, quantity, detected, neutralised
    FROM cells WHERE cells.z = $1 AND cells.x = $2 AND cells.y = $3
) AS tile
$$;
