INSERT INTO inserted SELECT
    nextval('inserted_number'), gen_random_uuid(), 'AZ-KAL', 'detected', 'uxo', 1, '2023-03-14', NULL, 'operator 1', 'team 1',
    ST_SetSRID(ST_Point(5054000 + 289000 * random(), 4680000 + 289000 * random()), 3857)
FROM generate_series(1, 300);
