-- Judging decisions: console/domain/decisions.py, cases.py and sanctions.py, once more where nobody can
-- change them.

-- What every decision calls is PL/pgSQL, whose plans are kept: before PostgreSQL 18 a function in plain SQL
-- that cannot be inlined is planned anew at each call.

-- The strings of a JSON array; NULL when it is anything else.
CREATE FUNCTION strings(list jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF jsonb_typeof(list) IS DISTINCT FROM 'array'
       OR jsonb_path_exists(list, 'strict $[*] ? (@.type() != "string")') THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(SELECT jsonb_array_elements_text(list));
END $$;

-- As Python's `str.strip` sees it: French texts hold no-break spaces.
CREATE FUNCTION blank(words text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(btrim(words, E' \t\n\r\f\x0b\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005'
        '\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000') = '', true)
$$;

CREATE FUNCTION new_ids(ids text[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM unnest(ids) AS g (id) WHERE is_hex(id) IS NOT TRUE)
        AND cardinality(ids) = (SELECT count(DISTINCT id) FROM unnest(ids) AS g (id))
        AND NOT EXISTS (SELECT FROM outgoing o WHERE o.id = ANY (ids));
END $$;

-- Items to send: [{id, operation, not_before}], each operation at most once, none but the allowed.
CREATE FUNCTION items_hold(items jsonb, allowed text[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    ids text[];
    operations text[];
BEGIN
    IF items IS NULL OR items = 'null' OR items = '[]' THEN
        RETURN true;
    ELSIF jsonb_typeof(items) <> 'array' THEN
        RETURN false;
    END IF;
    SELECT array_agg(o ->> 'id'), array_agg(o ->> 'operation') INTO ids, operations
    FROM jsonb_array_elements(items) AS g (o) WHERE isfinite((o ->> 'not_before')::timestamptz);
    RETURN coalesce(cardinality(ids) = jsonb_array_length(items) AND new_ids(ids) AND operations <@ allowed
        AND cardinality(operations) = (SELECT count(DISTINCT o) FROM unnest(operations) AS g (o)), false);
END $$;

CREATE FUNCTION add_items(items jsonb, of_decision text, of_message text, is_inverse boolean, of_warning text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF jsonb_typeof(items) = 'array' THEN
        INSERT INTO outgoing (id, decision, message, operation, inverse, not_before, warning)
        SELECT o ->> 'id', of_decision, of_message, o ->> 'operation', is_inverse,
            (o ->> 'not_before')::timestamptz, CASE WHEN o ->> 'operation' = 'warn' THEN of_warning END
        FROM jsonb_array_elements(items) AS g (o);
    END IF;
END $$;

-- All identities that are one person by links; a person alone is their own only one.
CREATE FUNCTION identities(of_person text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE linked AS (
        SELECT of_person AS person
        UNION
        SELECT CASE WHEN l.merged = linked.person THEN l.keep ELSE l.merged END
        FROM linked JOIN person_link l ON l.merged = linked.person OR l.keep = linked.person
    ) SELECT person FROM linked
$$;

-- console/domain/sanctions.py, `standing`: delivered, not withdrawn, not expired, each incident once.
CREATE FUNCTION counted_warnings(of_person text, on_platform text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT w.message) FROM warning w JOIN decision d ON d.id = w.decision, hub h
    WHERE w.person IN (SELECT identities(of_person))
        AND w.delivered_at <= now() AND NOT w.withdrawn AND NOT d.undone
        AND ((h.ladder ->> 'across_platforms')::boolean OR w.platform = on_platform)
        AND (h.ladder ->> 'expire_after_days' IS NULL
            OR w.delivered_at + make_interval(days => (h.ladder ->> 'expire_after_days')::integer) > now())
$$;

CREATE FUNCTION enough_warnings(of_person text, on_platform text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT counted_warnings(of_person, on_platform) >= (ladder ->> 'warnings_before_ban')::integer FROM hub
$$;

-- `check_decision`: which acts go together, and what each needs. NULL when complete.
CREATE FUNCTION incomplete(actions text[], rules text[], reason text, texts jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    sanctions CONSTANT text[] := '{warn,hide,delete,report,ban}';
    act text;
BEGIN
    IF cardinality(actions) = 0
       OR NOT actions <@ (sanctions || '{keep,reply,redirect_311,escalate,no_reply}'::text[])
       OR (cardinality(actions) > 1 AND actions && '{escalate,no_reply}')
       OR actions @> '{hide,delete}' OR actions @> '{warn,ban}' OR actions @> '{reply,redirect_311}'
       OR ('keep' = ANY (actions) AND actions && sanctions) THEN
        RETURN 'decision.combination';
    END IF;
    IF actions && sanctions THEN
        IF cardinality(rules) = 0 THEN
            RETURN 'decision.rule_missing';
        ELSIF blank(reason) THEN
            RETURN 'decision.reason_missing';
        END IF;
    END IF;
    FOREACH act IN ARRAY actions LOOP
        CONTINUE WHEN act NOT IN ('reply', 'warn', 'ban', 'redirect_311');
        IF blank(texts ->> act) THEN
            RETURN 'decision.text_missing';
        ELSIF texts ->> act ~ '[{}]' THEN
            RETURN 'decision.placeholder_open';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION judge_decision(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE
    p CONSTANT jsonb := e.payload;
    c case_file;
    actions text[] := strings(p -> 'actions');
    rules text[] := strings(p -> 'rules');
    before text := p ->> 'state_before';
    after text := p ->> 'state';
    code text;
BEGIN
    SELECT * INTO c FROM case_file WHERE message = e.subject;
    IF actions IS NULL OR rules IS NULL OR EXISTS (SELECT FROM decision WHERE id = p ->> 'decision')
       OR (is_hex(p ->> 'decision') AND p ->> 'person' = c.person AND p ->> 'platform' = c.platform)
          IS NOT TRUE THEN
        RETURN refused('event.malformed');
    END IF;
    code := incomplete(actions, rules, p ->> 'reason', p -> 'texts');
    IF code IS NOT NULL THEN
        RETURN refused(code);
    ELSIF c.gone AND c.state = 'closed' AND before IN ('pending', 'returned') THEN
        RETURN contested('deleted');
    ELSIF c.state IS DISTINCT FROM before
          AND (c.state IN ('pending', 'returned') AND before IN ('pending', 'returned')) IS NOT TRUE THEN
        RETURN contested('decided');
    ELSIF c.sha256 IS DISTINCT FROM p ->> 'sha256' THEN
        RETURN contested('edited');
    ELSIF c.gone AND (p ->> 'deleted')::boolean IS NOT TRUE THEN
        RETURN contested('deleted');
    END IF;
    IF 'ban' = ANY (actions) THEN
        code := ban_problem(c, p);
        IF code IS NOT NULL THEN
            RETURN refused(code);
        END IF;
    END IF;
    RETURN judge_move(e, c, actions);
END $$;

-- Article 7: no ban without its delivered warnings, but for the exception; NULL when it may go on.
CREATE FUNCTION ban_problem(c case_file, p jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    ladder jsonb := (SELECT h.ladder FROM hub h);
    exception CONSTANT boolean := p ->> 'exception' IS NOT NULL;
BEGIN
    IF NOT exception AND NOT enough_warnings(c.person, c.platform) THEN
        RETURN 'ban.warnings_missing';
    ELSIF exception AND NOT (ladder ->> 'immediate_ban_allowed')::boolean THEN
        RETURN 'ban.not_allowed';
    ELSIF exception AND blank(p ->> 'exception') THEN
        RETURN 'ban.exception_reason_missing';
    ELSIF (exception OR (ladder ->> 'ban_needs_second_signature')::boolean)
          AND (p ->> 'state' = 'awaiting_signature'
               AND NOT coalesce(p -> 'outgoing', '[]') @> '[{"operation": "ban"}]') IS NOT TRUE THEN
        RETURN 'ban.signature_missing';
    END IF;
    RETURN NULL;
END $$;

-- Where the decision leads, and whether what it brings along fits what was decided.
CREATE FUNCTION judge_move(e incoming, c case_file, actions text[]) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE
    p CONSTANT jsonb := e.payload;
    after CONSTANT text := p ->> 'state';
    asked CONSTANT jsonb := nullif(p -> 'escalation', 'null');
    sends text[] := ARRAY(SELECT a FROM unnest(actions) AS g (a) WHERE a NOT IN ('keep', 'escalate', 'no_reply'));
    warned CONSTANT text := p ->> 'warning';
BEGIN
    -- The others (awaiting a signature, decided, closed) are left by an answer, an undo or an edit only.
    IF c.state NOT IN ('pending', 'returned', 'escalated', 'held')
       OR (after = CASE WHEN 'escalate' = ANY (actions) THEN 'escalated' ELSE 'decided' END
           OR after = 'awaiting_signature' AND 'ban' = ANY (actions)) IS NOT TRUE
       OR (c.state IN ('escalated', 'held') AND after = 'escalated')
       OR EXISTS (SELECT FROM escalation WHERE message = c.message AND outcome IN ('open', 'held')) THEN
        RETURN refused('case.transition');
    ELSIF c.state IN ('escalated', 'held') AND NOT may(e.role, 'supervise') THEN
        RETURN refused('permission.denied');
    END IF;
    IF after = 'awaiting_signature' THEN
        sends := array_remove(sends, 'ban');
    END IF;
    IF NOT items_hold(p -> 'outgoing', sends)
       OR (('warn' = ANY (actions)) = (warned IS NOT NULL)) IS NOT TRUE
       OR (warned IS NOT NULL AND (is_hex(warned)
           AND NOT EXISTS (SELECT FROM warning w WHERE w.id = warned)) IS NOT TRUE)
       OR (asked IS NOT NULL) <> (after IN ('escalated', 'awaiting_signature'))
       OR (asked IS NOT NULL AND (is_hex(asked ->> 'id')
           AND asked ->> 'kind' = CASE after WHEN 'escalated' THEN 'question' ELSE 'ban_signature' END
           AND NOT EXISTS (SELECT FROM escalation x WHERE x.id = asked ->> 'id')) IS NOT TRUE) THEN
        RETURN refused('event.malformed');
    END IF;
    RETURN accepted();
END $$;

-- Contested and refused decisions are kept too: what is said later about them is judged by it.
CREATE FUNCTION keep_decision(e incoming, outcome judgement) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE p CONSTANT jsonb := e.payload;
BEGIN
    IF is_hex(p ->> 'decision') THEN
        INSERT INTO decision
            (id, message, event, actor, vouched_by, actions, rules, exception, state_before, status)
        VALUES (p ->> 'decision', e.subject, e.id, e.actor, e.vouched_by, coalesce(strings(p -> 'actions'), '{}'),
            coalesce(strings(p -> 'rules'), '{}'), p ->> 'exception' IS NOT NULL,
            coalesce(p ->> 'state_before', ''), outcome.status)
        ON CONFLICT DO NOTHING;
    END IF;
END $$;

CREATE FUNCTION apply_decision(e incoming) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    p CONSTANT jsonb := e.payload;
    c case_file;
BEGIN
    UPDATE case_file SET state = p ->> 'state', decision = p ->> 'decision' WHERE message = e.subject
    RETURNING * INTO c;
    IF p ->> 'warning' IS NOT NULL THEN
        INSERT INTO warning (id, decision, message, person, platform, issued_at)
        VALUES (p ->> 'warning', p ->> 'decision', c.message, c.person, c.platform, e.at);
    END IF;
    PERFORM add_items(p -> 'outgoing', p ->> 'decision', e.subject, false, p ->> 'warning');
    IF nullif(p -> 'escalation', 'null') IS NOT NULL THEN
        INSERT INTO escalation (id, message, decision, kind, actor)
        VALUES (p -> 'escalation' ->> 'id', e.subject, p ->> 'decision', p -> 'escalation' ->> 'kind', e.actor);
    END IF;
    DELETE FROM claim WHERE message = e.subject;
    IF FOUND THEN
        PERFORM pg_notify('vigie', 'claims');
    END IF;
END $$;
