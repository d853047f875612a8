-- Collectors join like everybody, read what they carry out, and say what they did. They decide nothing.

-- console/domain/roles.py, PERMISSIONS.
CREATE OR REPLACE FUNCTION may(role text, permission text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE role
        WHEN 'moderator' THEN permission IN ('read_queue', 'import', 'decide', 'ban', 'escalate', 'deliver',
            'read_history', 'export')
        WHEN 'supervisor' THEN permission NOT IN ('manage_policy', 'manage_settings', 'manage_staff')
        WHEN 'administrator' THEN true
        WHEN 'agent_311' THEN permission = 'read_queue'
        WHEN 'auditor' THEN permission IN ('read_queue', 'read_history', 'export')
        WHEN 'collector' THEN permission IN ('read_queue', 'import', 'deliver')
        ELSE false
    END
$$;

CREATE OR REPLACE FUNCTION hello(desk text, cursor bigint) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
DECLARE
    caller staff := me();
    head record;
    at_cursor text;
BEGIN
    SELECT d.sequence, d.sha256 INTO head FROM desk d WHERE d.id = hello.desk;
    SELECT id INTO at_cursor FROM event WHERE seq = hello.cursor;
    IF at_cursor IS NULL THEN
        SELECT message INTO at_cursor FROM content WHERE seq = hello.cursor;
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

CREATE OR REPLACE FUNCTION put_events(
    desk text, bodies text[], sequences bigint[], previouses text[], sha256s text[], matters text[],
    seals text[], was text[]
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = vigie, pg_temp SET lock_timeout = '20s' SET enable_seqscan = off AS $$
DECLARE
    caller staff := me();
    head record;
    said jsonb;
    known event;
    news boolean := false;
BEGIN
    PERFORM take_turn();
    SELECT d.sequence, d.sha256 INTO head FROM desk d WHERE d.id = put_events.desk FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM fail('hub.not_joined', jsonb_build_object('desk', put_events.desk));
    END IF;
    FOR i IN 1 .. coalesce(cardinality(bodies), 0) LOOP
        said := read_body(bodies[i]);
        SELECT * INTO known FROM event e WHERE e.id = said ->> 'id';
        IF known.id IS NOT NULL AND known.desk = put_events.desk AND known.sequence = sequences[i]
           AND known.sha256 = sha256s[i] THEN
            CONTINUE;
        END IF;
        IF sequences[i] > head.sequence + 1 THEN
            PERFORM fail('hub.gap', jsonb_build_object('desk', put_events.desk, 'head', head.sequence,
                'sequence', sequences[i]));
        ELSIF known.id IS NOT NULL OR sequences[i] <= head.sequence
              OR previouses[i] IS DISTINCT FROM head.sha256 THEN
            PERFORM fail('hub.forked', jsonb_build_object('desk', put_events.desk, 'head', head.sequence,
                'sequence', sequences[i]));
        ELSIF (said ->> 'desk' = put_events.desk AND sha256s[i] = chain_hash(sequences[i], previouses[i], bodies[i]))
              IS NOT TRUE THEN
            PERFORM fail('hub.altered', jsonb_build_object('desk', put_events.desk, 'sequence', sequences[i]));
        END IF;
        PERFORM take_event(caller, said, bodies[i], sequences[i], previouses[i], sha256s[i], matters[i],
            seals[i], was[i]);
        head.sequence := sequences[i];
        head.sha256 := sha256s[i];
        news := true;
    END LOOP;
    IF news THEN
        UPDATE desk d SET sequence = head.sequence, sha256 = head.sha256 WHERE d.id = put_events.desk;
        PERFORM pg_notify('vigie', 'feed');
    END IF;
    RETURN head.sequence;
END $$;

CREATE OR REPLACE FUNCTION judge(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE needed text;
BEGIN
    IF e.role = 'nobody' THEN
        RETURN refused('permission.denied');
    END IF;
    needed := CASE
        WHEN e.kind IN ('decision.made', 'decision.undone') THEN 'decide'
        WHEN e.kind LIKE 'outbox.%' THEN 'deliver'
        WHEN e.kind IN ('escalation.answered', 'conflict.settled') THEN 'supervise'
        WHEN e.kind = 'message.gone' THEN 'import'
        WHEN e.kind IN ('person.linked', 'person.unlinked') THEN 'link_identities'
        WHEN e.kind LIKE 'emergency.%' THEN 'emergency'
        WHEN e.kind = 'ladder.changed' THEN 'manage_settings'
        WHEN e.kind LIKE 'policy.%' THEN 'manage_policy'
        WHEN e.kind IN ('account.connected', 'account.disconnected', 'account.resumed') THEN 'connect_accounts'
        -- Opinions are a person's.
        WHEN e.role = 'collector' AND e.kind IN ('note.added', 'finding.disputed') THEN 'decide'
    END;
    IF needed IS NOT NULL AND NOT may(e.role, needed) THEN
        RETURN refused('permission.denied');
    END IF;
    RETURN CASE e.kind
        WHEN 'decision.made' THEN judge_decision(e)
        WHEN 'decision.undone' THEN judge_undo(e)
        WHEN 'escalation.answered' THEN judge_answer(e)
        WHEN 'outbox.done' THEN judge_delivery(e)
        WHEN 'outbox.given_up' THEN judge_delivery(e)
        WHEN 'conflict.settled' THEN judge_settlement(e)
        WHEN 'person.linked' THEN judge_link(e)
        WHEN 'person.unlinked' THEN judge_link(e)
        WHEN 'ladder.changed' THEN judge_ladder(e)
        ELSE accepted()
    END;
EXCEPTION WHEN data_exception THEN
    -- No desk writes such a payload; a changed client may. It is kept and changes nothing.
    RETURN refused('event.malformed');
END $$;

-- What a collector's desk rebuilds a case from; notes and disagreements are for people.
CREATE FUNCTION for_collector(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind IN ('decision.made', 'decision.undone', 'escalation.answered', 'conflict.settled', 'message.gone',
        'ladder.changed') OR kind LIKE 'outbox.%' OR kind LIKE 'emergency.%' OR kind LIKE 'policy.%'
        OR kind LIKE 'person.%' OR kind LIKE 'account.%'
$$;

DROP POLICY reading ON content;
CREATE POLICY reading ON content FOR SELECT USING ((SELECT reads_all()) OR (SELECT my_role()) = 'collector'
    OR ((SELECT my_role()) = 'agent_311' AND reads_311(message)));
DROP POLICY reading ON event;
CREATE POLICY reading ON event FOR SELECT USING ((SELECT reads_all())
    OR ((SELECT my_role()) = 'collector' AND (for_collector(kind) OR actor = (SELECT my_id())))
    OR ((SELECT my_role()) = 'agent_311' AND (reads_311(subject)
        OR actor = (SELECT my_id()) OR kind LIKE 'emergency.%' OR kind LIKE 'policy.%' OR kind = 'ladder.changed')));

REVOKE ALL ON FUNCTION for_collector FROM PUBLIC;
GRANT EXECUTE ON FUNCTION for_collector TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311,
    vigie_auditor, vigie_collector;
GRANT SELECT ON content, event, matter, colleagues, desk_registry, claims_now, presence_now TO vigie_collector;
GRANT EXECUTE ON FUNCTION feed, my_id, my_role, reads_all, reads_311, join_desk, put_events, seen, lease_outgoing,
    lease_item TO vigie_collector;
