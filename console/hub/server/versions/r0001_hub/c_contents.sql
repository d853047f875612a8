-- Messages: their texts travel beside the journal, opaque to the hub.

-- Whoever writes the feed takes this turn before taking numbers and keeps it until the commit, so that
-- numbers become visible in order: a cursor never steps over a late commit. The lock is released after
-- the commit has become visible.
CREATE FUNCTION take_turn() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- An older snapshot would judge by a state that is over.
        PERFORM fail('hub.isolation', '{}');
    END IF;
    PERFORM pg_advisory_xact_lock(8465, 1);
END $$;

CREATE FUNCTION for_311_route(route text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT route IN ('service_311', 'complaint_311', 'illegal_311', 'question')
$$;

-- Whether every row has the right shape. A thousand rows come at once: `decode` is the quick way to read an
-- id, and names that are the same for many rows are looked at once.
CREATE FUNCTION contents_hold(
    ids text[], platforms text[], accounts text[], persons text[], routes text[], by_city boolean[],
    sha256s text[], bodies bytea[]
) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN coalesce(cardinality(ids), 0) <= 5000
        AND NOT EXISTS (SELECT FROM (SELECT DISTINCT name FROM unnest(platforms || routes) AS g (name)) AS names
            WHERE (name ~ '^[a-z0-9_.-]{1,40}$') IS NOT TRUE)
        AND NOT EXISTS (
            SELECT FROM unnest(ids, platforms, accounts, persons, routes, by_city, sha256s, bodies)
                AS g (id, platform, account, person, route, city, sha, body)
            WHERE (octet_length(id) = 32 AND encode(decode(id, 'hex'), 'hex') = id
                AND octet_length(person) = 32 AND encode(decode(person, 'hex'), 'hex') = person
                AND octet_length(sha) = 64 AND encode(decode(sha, 'hex'), 'hex') = sha
                AND length(account) <= 200 AND length(body) <= 4194304
                AND platform IS NOT NULL AND route IS NOT NULL AND city IS NOT NULL) IS NOT TRUE);
EXCEPTION WHEN data_exception THEN
    RETURN false;
END $$;

CREATE FUNCTION put_contents(
    ids text[], platforms text[], accounts text[], persons text[], routes text[], by_city boolean[],
    sha256s text[], bodies bytea[], desk text
) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = vigie, pg_temp SET lock_timeout = '20s' SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    caller staff := me();
    stored integer := 0;
    these integer;
    last_time integer;
BEGIN
    IF NOT may(caller.role, 'import') THEN
        PERFORM fail('permission.denied', jsonb_build_object('permission', 'import', 'role', caller.role));
    END IF;
    IF is_hex(put_contents.desk) IS NOT TRUE
       OR NOT contents_hold(ids, platforms, accounts, persons, routes, put_contents.by_city, sha256s, bodies) THEN
        PERFORM fail('hub.malformed', jsonb_build_object('field', 'contents'));
    END IF;
    PERFORM take_turn();
    SELECT max(n) INTO last_time FROM (SELECT count(*) AS n FROM unnest(ids) AS g (id) GROUP BY id) AS counted;
    -- A message may come twice in one call (written, then edited): once a round, in the order given.
    FOR time IN 1 .. coalesce(last_time, 0) LOOP
        WITH given AS (
            SELECT g.*, row_number() OVER (PARTITION BY id ORDER BY place) AS nth
            FROM unnest(ids, platforms, accounts, persons, routes, put_contents.by_city, sha256s, bodies)
                WITH ORDINALITY AS g (id, platform, account, person, route, city, sha, body, place)
        ), kept AS (
            INSERT INTO case_file AS c
                (message, platform, account, person, route, by_city, state, revision, sha256, for_311)
            SELECT id, platform, account, person, route, city,
                CASE WHEN city THEN 'closed' ELSE 'pending' END, 1, sha, for_311_route(route)
            FROM given WHERE nth = time
            ORDER BY id
            ON CONFLICT (message) DO UPDATE SET
                revision = c.revision + 1,
                sha256 = excluded.sha256,
                route = excluded.route,
                for_311 = c.for_311 OR excluded.for_311,
                gone = c.gone AND (c.by_city OR c.state NOT IN ('decided', 'closed')),
                decision = CASE WHEN c.state IN ('decided', 'closed') AND NOT c.by_city THEN NULL ELSE c.decision END,
                state = CASE WHEN c.state IN ('decided', 'closed') AND NOT c.by_city THEN 'pending' ELSE c.state END
            WHERE c.sha256 <> excluded.sha256
            RETURNING c.message, c.revision
        ), numbered AS (
            SELECT k.message, k.revision, g.sha, g.body FROM kept k
            JOIN given g ON g.id = k.message AND g.nth = time ORDER BY g.place
        )
        INSERT INTO content (seq, message, revision, sha256, body, desk, login, accepted_at)
        SELECT nextval('feed_seq'), message, revision, sha, body, put_contents.desk, session_user, clock_timestamp()
        FROM numbered;
        GET DIAGNOSTICS these = ROW_COUNT;
        stored := stored + these;
    END LOOP;
    IF stored > 0 THEN
        PERFORM pg_notify('vigie', 'feed');
    END IF;
    RETURN stored;
END $$;

-- A message that is handed to the 311 is sent once more, with a number that their cursors have not passed.
CREATE FUNCTION hand_to_311(of_message text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE case_file SET for_311 = true WHERE message = of_message AND NOT for_311;
    IF FOUND THEN
        INSERT INTO content (seq, message, revision, sha256, body, desk, login, accepted_at)
        SELECT nextval('feed_seq'), message, revision, sha256, body, desk, login, clock_timestamp()
        FROM content WHERE message = of_message ORDER BY seq DESC LIMIT 1;
    END IF;
END $$;
