-- The journal's way in: a desk's events arrive in order, each is judged once, and every one is stored.

-- One event on its way in. `role` is the one it is judged by: its author's, or for local history from
-- before joining that of the supervisor who vouches for it.
CREATE TYPE incoming AS (
    id text, kind text, subject text, actor text, desk text, at timestamptz, payload jsonb,
    role text, vouched_by text
);
CREATE TYPE judgement AS (status text, code text);

CREATE FUNCTION accepted() RETURNS judgement LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW('accepted', NULL)::judgement
$$;
CREATE FUNCTION contested(code text) RETURNS judgement LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW('contested', code)::judgement
$$;
CREATE FUNCTION refused(code text) RETURNS judgement LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW('refused', code)::judgement
$$;

CREATE FUNCTION put_events(
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
    IF caller.role = 'collector' THEN
        PERFORM fail('permission.denied', jsonb_build_object('permission', 'decide', 'role', caller.role));
    END IF;
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

-- console/domain/journal.py, `seal`.
CREATE FUNCTION chain_hash(sequence bigint, previous text, body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(sequence || ':' || previous || ':' || body, 'UTF8')), 'hex')
$$;

-- JSON allows the character zero, PostgreSQL's text does not: it is left out of what is judged.
-- What is stored and hashed is the text as it came.
CREATE FUNCTION read_body(body text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE read jsonb;
BEGIN
    IF length(body) > 1000000 THEN
        PERFORM fail('hub.malformed', '{"field": "body"}');
    END IF;
    IF position('\u0000' IN body) > 0 THEN
        body := regexp_replace(body, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g');
    END IF;
    read := body::jsonb;
    IF (is_hex(read ->> 'id') AND is_hex(read ->> 'actor')
        AND is_hex(read ->> 'desk') AND read ->> 'kind' ~ '^[a-z0-9_.]{1,60}$'
        AND length(read ->> 'subject') <= 200 AND (read ->> 'at')::timestamptz IS NOT NULL
        AND isfinite((read ->> 'at')::timestamptz)
        AND jsonb_typeof(read -> 'payload') = 'object') IS NOT TRUE THEN
        PERFORM fail('hub.malformed', '{"field": "event"}');
    END IF;
    RETURN read;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    PERFORM fail('hub.malformed', '{"field": "event"}');
END $$;

-- Who answers for the event: its author who is here, its author by seal, or a supervisor who vouches.
CREATE FUNCTION signed(caller staff, body jsonb, sha256 text, seal text) RETURNS incoming LANGUAGE plpgsql
STABLE AS $$
DECLARE
    e incoming;
    author staff;
    secret bytea;
BEGIN
    e := ROW(body ->> 'id', body ->> 'kind', body ->> 'subject', body ->> 'actor', body ->> 'desk',
        (body ->> 'at')::timestamptz, body -> 'payload', NULL, NULL)::incoming;
    SELECT s.secret INTO secret FROM desk_secret s WHERE s.desk = e.desk AND s.staff = e.actor;
    IF e.actor = caller.id THEN
        IF secret IS NULL THEN
            PERFORM fail('hub.not_joined', jsonb_build_object('desk', e.desk));
        END IF;
        e.role := caller.role;
        RETURN e;
    END IF;
    SELECT * INTO author FROM staff s WHERE s.id = e.actor;
    IF secret IS NOT NULL AND seal = encode(hmac_sha256(secret, convert_to(sha256, 'UTF8')), 'hex') THEN
        -- Brought by somebody else. Whoever was struck off, or wrote after their mandate, has no role left.
        e.role := CASE WHEN author.active AND (author.valid_until IS NULL OR author.valid_until > e.at)
            THEN author.role ELSE 'nobody' END;
        RETURN e;
    END IF;
    IF author.login IS NULL AND may(caller.role, 'supervise')
       AND EXISTS (SELECT FROM desk_secret s WHERE s.desk = e.desk AND s.staff = caller.id) THEN
        e.role := caller.role;
        e.vouched_by := caller.login;
        RETURN e;
    END IF;
    PERFORM fail('hub.not_yours', jsonb_build_object('actor', e.actor, 'event', e.id));
END $$;

-- The kinds that are about one message; the desk sends the message first.
CREATE FUNCTION about_case(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind IN ('decision.made', 'decision.undone', 'escalation.answered', 'outbox.done', 'outbox.given_up',
        'note.added', 'finding.disputed', 'message.gone', 'conflict.settled')
$$;

CREATE FUNCTION take_event(
    caller staff, body jsonb, written text, sequence bigint, previous text, sha text, words text, seal text,
    was text
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    e incoming := signed(caller, body, sha, seal);
    outcome judgement;
BEGIN
    IF about_case(e.kind) AND NOT EXISTS (SELECT FROM case_file WHERE message = e.subject) THEN
        PERFORM fail('hub.case_unknown', jsonb_build_object('message', e.subject, 'event', e.id));
    END IF;
    IF words IS NOT NULL AND (e.kind = 'note.added'
        AND e.payload ->> 'sha256' = encode(sha256(convert_to(words, 'UTF8')), 'hex')) IS NOT TRUE THEN
        PERFORM fail('hub.altered', jsonb_build_object('desk', e.desk, 'sequence', sequence));
    END IF;
    outcome := judge(e);
    IF outcome.status = 'accepted' AND was = 'contested' THEN
        -- So it was before the hub was restored from a backup. The word can demote, never promote.
        outcome := contested('restored');
    END IF;
    IF outcome.status = 'accepted' AND e.kind = 'decision.made' AND e.payload -> 'actions' ? 'redirect_311' THEN
        PERFORM hand_to_311(e.subject);
    END IF;
    INSERT INTO event (seq, id, kind, subject, desk, sequence, previous, sha256, actor, at, accepted_at, status,
        code, brought_by, vouched_by, body)
    VALUES (nextval('feed_seq'), e.id, e.kind, e.subject, e.desk, sequence, previous, sha, e.actor, e.at,
        clock_timestamp(), outcome.status, outcome.code,
        CASE WHEN e.actor = caller.id OR e.vouched_by IS NOT NULL THEN NULL ELSE caller.login END,
        e.vouched_by, written);
    IF words IS NOT NULL THEN
        INSERT INTO matter (event, words) VALUES (e.id, words);
    END IF;
    PERFORM apply(e, outcome);
END $$;

-- What the event is worth, by the present state; nothing is changed here.
CREATE FUNCTION judge(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE needed text;
BEGIN
    IF e.role = 'nobody' THEN
        RETURN refused('permission.denied');
    END IF;
    needed := CASE
        WHEN e.kind IN ('decision.made', 'decision.undone') THEN 'decide'
        WHEN e.kind IN ('outbox.done', 'outbox.given_up') THEN 'deliver'
        WHEN e.kind IN ('escalation.answered', 'conflict.settled') THEN 'supervise'
        WHEN e.kind = 'message.gone' THEN 'import'
        WHEN e.kind IN ('person.linked', 'person.unlinked') THEN 'link_identities'
        WHEN e.kind LIKE 'emergency.%' THEN 'emergency'
        WHEN e.kind = 'ladder.changed' THEN 'manage_settings'
        WHEN e.kind LIKE 'policy.%' THEN 'manage_policy'
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

CREATE FUNCTION apply(e incoming, outcome judgement) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF e.kind = 'decision.made' THEN
        PERFORM keep_decision(e, outcome);
    END IF;
    IF outcome.status <> 'accepted' THEN
        RETURN;
    END IF;
    CASE e.kind
        WHEN 'decision.made' THEN PERFORM apply_decision(e);
        WHEN 'decision.undone' THEN PERFORM apply_undo(e);
        WHEN 'escalation.answered' THEN PERFORM apply_answer(e);
        WHEN 'outbox.done', 'outbox.given_up' THEN PERFORM apply_delivery(e);
        WHEN 'conflict.settled' THEN
            UPDATE decision SET settled = e.payload ->> 'outcome' WHERE id = e.payload ->> 'decision';
        WHEN 'message.gone' THEN
            UPDATE case_file SET gone = true,
                state = CASE WHEN state IN ('pending', 'returned') THEN 'closed' ELSE state END
            WHERE message = e.subject;
        WHEN 'person.linked' THEN
            INSERT INTO person_link (merged, keep) VALUES (e.payload ->> 'merged', e.subject);
        WHEN 'person.unlinked' THEN
            DELETE FROM person_link WHERE merged = e.subject;
        WHEN 'ladder.changed' THEN
            UPDATE hub SET ladder = e.payload -> 'after';
        ELSE
            NULL;
    END CASE;
END $$;
