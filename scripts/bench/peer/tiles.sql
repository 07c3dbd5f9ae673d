-- The tile function that a good engineer would write: 64 x 64 cells with counts below zoom 12, records from there on,
-- filtered by what the request names. The query is put together as text, so that the planner sees the tile, and only
-- those filters that are in use; run so, it may use parallel workers too.

CREATE FUNCTION wanted(query json) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    condition text := '';
BEGIN
    IF query ->> 'status' IS NOT NULL THEN
        condition := condition || format(' AND status = ANY (%L::status[])', string_to_array(query ->> 'status', ','));
    END IF;
    IF query ->> 'kind' IS NOT NULL THEN
        condition := condition || format(' AND kind = ANY (%L::kind[])', string_to_array(query ->> 'kind', ','));
    END IF;
    IF query ->> 'region' IS NOT NULL THEN
        condition := condition || format(' AND district = ANY (%L::text[])', string_to_array(query ->> 'region', ','));
    END IF;
    IF query ->> 'from' IS NOT NULL THEN
        condition := condition || format(
            ' AND (detected_on BETWEEN %1$L AND %2$L OR neutralised_on BETWEEN %1$L AND %2$L)',
            query ->> 'from', query ->> 'to'
        );
    END IF;
    RETURN condition;
END
$$;

CREATE FUNCTION tiles(z integer, x integer, y integer, query json) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    box geometry := ST_TileEnvelope(z, x, y);
    cell float8 := (ST_XMax(box) - ST_XMin(box)) / 64;
    tile bytea;
BEGIN
    IF z < 12 THEN
        EXECUTE format($query$
            SELECT ST_AsMVT(cells, 'cells', 4096, 'place') FROM (
                SELECT
                    ST_Point(col * 64 + 32, line * 64 + 32) AS place,
                    records, quantity, detected, neutralised
                FROM (
                    SELECT
                        floor((ST_X(place) - %2$L::float8) / %4$L::float8)::integer AS col,
                        floor((%3$L::float8 - ST_Y(place)) / %4$L::float8)::integer AS line,
                        count(*) AS records,
                        sum(quantity) AS quantity,
                        sum(quantity) FILTER (WHERE status = 'detected') AS detected,
                        sum(quantity) FILTER (WHERE status = 'neutralised') AS neutralised
                    FROM detections WHERE place && %1$L::geometry %5$s
                    GROUP BY col, line
                ) AS counted
            ) AS cells
        $query$, box, ST_XMin(box), ST_YMax(box), cell, wanted(query)) INTO tile;
    ELSE
        EXECUTE format($query$
            SELECT ST_AsMVT(points, 'detections', 4096, 'place') FROM (
                SELECT
                    ST_AsMVTGeom(place, %1$L::geometry, 4096, 0, false) AS place,
                    id::text, status::text, kind::text, quantity, detected_on::text, neutralised_on::text
                FROM detections WHERE place && %1$L::geometry %2$s
            ) AS points
        $query$, box, wanted(query)) INTO tile;
    END IF;
    RETURN tile;
END
$$;
