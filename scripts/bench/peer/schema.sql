-- The table that the peers read. Places are in Web Mercator, so that no tile has to reproject them.

CREATE EXTENSION postgis;

CREATE TYPE status AS ENUM ('detected', 'neutralised', 'discounted');
CREATE TYPE kind AS ENUM (
    'ap_mine', 'ap_mine_improvised', 'av_mine', 'av_mine_improvised', 'submunition', 'uxo', 'axo', 'booby_trap',
    'ied', 'small_arms', 'fuze', 'other'
);

CREATE TABLE detections (
    number bigint NOT NULL,
    id uuid NOT NULL,
    district text,
    status status NOT NULL,
    kind kind NOT NULL,
    quantity integer NOT NULL,
    detected_on date NOT NULL,
    neutralised_on date,
    operator text,
    team text,
    place geometry(Point, 3857) NOT NULL
);
