-- What members call runs as the owner and pins its own search_path, so that nothing of the caller's is
-- found by it. What these functions call in turn is closed to members and inherits that path: pinning it
-- again would cost more than the work itself.

-- Who calls, and what their role may do. `session_user` is the login of the connection: SET ROLE and
-- SECURITY DEFINER do not change it.

CREATE FUNCTION fail(code text, facts jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'VG001', MESSAGE = code, DETAIL = facts::text;
END $$;

-- The caller's row. Members whose mandate has ended are members no more.
CREATE FUNCTION me() RETURNS staff LANGUAGE plpgsql STABLE AS $$
DECLARE caller staff;
BEGIN
    SELECT * INTO caller FROM staff WHERE login = session_user;
    IF caller.login IS NULL OR NOT caller.active THEN
        PERFORM fail('hub.not_a_member', jsonb_build_object('login', session_user));
    ELSIF caller.valid_until <= now() THEN
        PERFORM fail('hub.mandate_ended', jsonb_build_object('until', caller.valid_until));
    END IF;
    RETURN caller;
END $$;

-- The caller, who has joined that desk and whose role holds one of the permissions.
CREATE FUNCTION me_at(at_desk text, permission text DEFAULT NULL) RETURNS staff LANGUAGE plpgsql STABLE AS $$
DECLARE caller staff := me();
BEGIN
    IF permission IS NOT NULL AND NOT may(caller.role, permission) THEN
        PERFORM fail('permission.denied', jsonb_build_object('permission', permission, 'role', caller.role));
    END IF;
    IF NOT EXISTS (SELECT FROM desk_secret s WHERE s.desk = at_desk AND s.staff = caller.id) THEN
        PERFORM fail('hub.not_joined', jsonb_build_object('desk', at_desk));
    END IF;
    RETURN caller;
END $$;

-- console/domain/roles.py, PERMISSIONS; collectors take messages in and do nothing else.
CREATE FUNCTION may(role text, permission text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE role
        WHEN 'moderator' THEN permission IN ('read_queue', 'import', 'decide', 'ban', 'escalate', 'deliver',
            'read_history', 'export')
        WHEN 'supervisor' THEN permission NOT IN ('manage_policy', 'manage_settings', 'manage_staff')
        WHEN 'administrator' THEN true
        WHEN 'agent_311' THEN permission = 'read_queue'
        WHEN 'auditor' THEN permission IN ('read_queue', 'read_history', 'export')
        WHEN 'collector' THEN permission = 'import'
        ELSE false
    END
$$;

CREATE FUNCTION is_member() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
    SELECT EXISTS (SELECT FROM staff WHERE login = session_user AND active
        AND (valid_until IS NULL OR valid_until > now()))
$$;

CREATE FUNCTION my_id() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
    SELECT id FROM staff WHERE login = session_user
$$;

CREATE FUNCTION my_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
    SELECT role FROM staff WHERE login = session_user AND active
        AND (valid_until IS NULL OR valid_until > now())
$$;

CREATE FUNCTION schema_version() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
    SELECT version_num::integer FROM alembic_version
$$;

-- 32 random bytes: gen_random_uuid draws on the system's strong source (122 bits each).
CREATE FUNCTION random_key() RETURNS bytea LANGUAGE sql VOLATILE AS $$
    SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

CREATE FUNCTION random_id() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT replace(gen_random_uuid()::text, '-', '')
$$;

-- RFC 2104 over SHA-256, for keys up to 64 bytes.
CREATE FUNCTION hmac_sha256(key bytea, message bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
BEGIN
    FOR i IN 0 .. length(key) - 1 LOOP
        inner_pad := set_byte(inner_pad, i, get_byte(key, i) # 54);
        outer_pad := set_byte(outer_pad, i, get_byte(key, i) # 92);
    END LOOP;
    RETURN sha256(outer_pad || sha256(inner_pad || message));
END $$;

CREATE FUNCTION iso(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

CREATE FUNCTION hello(desk text, cursor bigint) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
DECLARE
    caller staff := me();
    head record;
    at_cursor text;
BEGIN
    SELECT d.sequence, d.sha256 INTO head FROM desk d WHERE d.id = hello.desk;
    IF caller.role <> 'collector' THEN
        SELECT id INTO at_cursor FROM event WHERE seq = hello.cursor;
        IF at_cursor IS NULL THEN
            SELECT message INTO at_cursor FROM content WHERE seq = hello.cursor;
        END IF;
    END IF;
    RETURN (SELECT jsonb_build_object(
        'hub', h.id, 'timeline', h.timeline, 'schema', schema_version(), 'ladder', h.ladder, 'now', iso(now()),
        'max_seq', greatest((SELECT coalesce(max(seq), 0) FROM event), (SELECT coalesce(max(seq), 0) FROM content)),
        'cursor_id', at_cursor,
        'desk_head', jsonb_build_object(
            'sequence', coalesce(head.sequence, 0), 'sha256', coalesce(head.sha256, repeat('0', 64))),
        'staff', jsonb_build_object('id', caller.id, 'name', caller.name, 'role', caller.role)
    ) FROM hub h);
END $$;

CREATE FUNCTION join_desk(desk text, desk_name text, public_key bytea, local_staff text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = vigie, pg_temp AS $$
DECLARE
    caller staff := me();
    known desk;
    key bytea;
BEGIN
    PERFORM take_turn();
    IF is_hex(join_desk.desk) IS NOT TRUE OR length(join_desk.public_key) NOT BETWEEN 1 AND 4096
       OR join_desk.desk_name !~ '\S' OR length(join_desk.desk_name) > 200 THEN
        PERFORM fail('hub.malformed', jsonb_build_object('field', 'desk'));
    END IF;
    SELECT * INTO caller FROM staff WHERE login = session_user;
    IF caller.id IS NULL THEN
        UPDATE staff SET id = CASE
            WHEN is_hex(join_desk.local_staff)
                AND NOT EXISTS (SELECT FROM staff s WHERE s.id = join_desk.local_staff)
            THEN join_desk.local_staff ELSE random_id() END
        WHERE login = session_user RETURNING * INTO caller;
    END IF;
    SELECT * INTO known FROM desk d WHERE d.id = join_desk.desk;
    IF known.id IS NULL THEN
        INSERT INTO desk (id, name, staff, public_key)
        VALUES (join_desk.desk, btrim(join_desk.desk_name), caller.id, join_desk.public_key);
    ELSIF known.public_key <> join_desk.public_key THEN
        -- Somebody else's desk, or a desk whose keys were lost: it has to become a new desk.
        PERFORM fail('hub.desk_taken', jsonb_build_object('desk', known.name));
    END IF;
    INSERT INTO desk_secret (desk, staff, secret) VALUES (join_desk.desk, caller.id, random_key())
    ON CONFLICT DO NOTHING;
    SELECT s.secret INTO key FROM desk_secret s WHERE s.desk = join_desk.desk AND s.staff = caller.id;
    PERFORM pg_notify('vigie', 'staff');
    RETURN (SELECT jsonb_build_object(
        'staff', jsonb_build_object('id', caller.id, 'name', caller.name, 'role', caller.role),
        'secret', encode(key, 'hex'), 'carry_key', encode(c.carry_key, 'hex'),
        'hub', h.id, 'timeline', h.timeline
    ) FROM hub h, hub_secret c);
END $$;
