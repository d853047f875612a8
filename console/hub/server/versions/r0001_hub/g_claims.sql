-- What passes: who has a message open, who is there, and who carries an item out.

CREATE FUNCTION claim(message text, desk text, seconds integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = vigie, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    caller staff := me_at(claim.desk, 'decide');
    held claim;
    deadline timestamptz := clock_timestamp() + make_interval(secs => least(greatest(claim.seconds, 1), 3600));
BEGIN
    IF NOT EXISTS (SELECT FROM case_file c WHERE c.message = claim.message) THEN
        PERFORM fail('hub.case_unknown', jsonb_build_object('message', claim.message));
    END IF;
    INSERT INTO claim AS k (message, staff, desk, until) VALUES (claim.message, caller.id, claim.desk, deadline)
    ON CONFLICT (message) DO UPDATE SET staff = excluded.staff, desk = excluded.desk, until = excluded.until
    WHERE k.staff = excluded.staff OR k.until <= clock_timestamp()
    RETURNING * INTO held;
    IF NOT FOUND THEN
        SELECT * INTO held FROM claim k WHERE k.message = claim.message;
    ELSE
        PERFORM pg_notify('vigie', 'claims');
    END IF;
    RETURN jsonb_build_object('staff', held.staff, 'until', iso(held.until), 'mine', held.staff = caller.id,
        'name', (SELECT s.name FROM staff s WHERE s.id = held.staff));
END $$;

CREATE FUNCTION release(message text, desk text) RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = vigie, pg_temp SET lock_timeout = '5s' AS $$
DECLARE caller staff := me_at(release.desk);
BEGIN
    DELETE FROM claim k WHERE k.message = release.message AND k.staff = caller.id;
    IF FOUND THEN
        PERFORM pg_notify('vigie', 'claims');
    END IF;
END $$;

CREATE FUNCTION seen(desk text) RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = vigie, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    caller staff := me_at(seen.desk);
    last_seen timestamptz;
BEGIN
    SELECT p.seen_at INTO last_seen FROM presence p WHERE p.desk = seen.desk AND p.staff = caller.id;
    INSERT INTO presence AS p (desk, staff, seen_at) VALUES (seen.desk, caller.id, clock_timestamp())
    ON CONFLICT ON CONSTRAINT presence_pkey DO UPDATE SET seen_at = excluded.seen_at;
    -- Only a coming is news; heartbeats of everybody would wake everybody all the time.
    IF last_seen IS NULL OR last_seen < clock_timestamp() - interval '90 seconds' THEN
        PERFORM pg_notify('vigie', 'presence');
    END IF;
END $$;

-- An item may go out: its decision stands (or it reverses one that was taken back), its grace is over,
-- and nobody else is carrying it out.
CREATE FUNCTION may_go_out(o outgoing) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT o.state = 'open' AND o.not_before <= clock_timestamp()
        AND (o.lease_until IS NULL OR o.lease_until <= clock_timestamp())
        AND EXISTS (SELECT FROM decision d WHERE d.id = o.decision AND d.status = 'accepted'
            AND (NOT d.undone OR o.inverse))
$$;

CREATE FUNCTION lease_outgoing(desk text, how_many integer, seconds integer) RETURNS SETOF jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = vigie, pg_temp AS $$
DECLARE
    caller staff := me_at(lease_outgoing.desk, 'deliver');
    deadline timestamptz := clock_timestamp() + make_interval(secs => least(greatest(lease_outgoing.seconds, 1), 3600));
BEGIN
    RETURN QUERY
    WITH chosen AS MATERIALIZED (
        SELECT o.id FROM outgoing o WHERE o.state = 'open' AND o.not_before <= clock_timestamp() AND may_go_out(o)
        ORDER BY o.not_before, o.id LIMIT least(greatest(how_many, 0), 100) FOR UPDATE SKIP LOCKED
    )
    UPDATE outgoing o SET lease_staff = caller.id, lease_desk = lease_outgoing.desk, lease_until = deadline
    FROM chosen WHERE o.id = chosen.id
    RETURNING jsonb_build_object('item', o.id, 'decision', o.decision, 'message', o.message,
        'operation', o.operation, 'warning', o.warning, 'inverse', o.inverse, 'until', iso(o.lease_until));
END $$;

CREATE FUNCTION lease_item(item text, desk text, seconds integer) RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = vigie, pg_temp SET lock_timeout = '5s' AS $$
DECLARE caller staff := me_at(lease_item.desk, 'deliver');
BEGIN
    PERFORM FROM outgoing o WHERE o.id = lease_item.item FOR UPDATE;
    -- A second statement: it sees what the row became while the lock was awaited.
    UPDATE outgoing o SET lease_staff = caller.id, lease_desk = lease_item.desk,
        lease_until = clock_timestamp() + make_interval(secs => least(greatest(lease_item.seconds, 1), 3600))
    WHERE o.id = lease_item.item AND (may_go_out(o) OR (o.state = 'open' AND o.lease_staff = caller.id
        AND o.lease_desk = lease_item.desk AND o.lease_until > clock_timestamp()));
    RETURN FOUND;
END $$;

-- Words that went with an event are purged for good (retention, access requests); the event stays whole.
CREATE FUNCTION purge_matter(of_event text) RETURNS boolean LANGUAGE plpgsql VOLATILE
SET search_path = vigie, pg_temp AS $$
DECLARE purged boolean;
BEGIN
    PERFORM set_config('vigie.purging', 'yes', true);
    DELETE FROM matter WHERE event = of_event;
    purged := FOUND;
    PERFORM set_config('vigie.purging', '', true);
    RETURN purged;
END $$;
