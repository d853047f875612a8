-- A ban for a time brings its own end along: an item `unban` that rests until the day.

CREATE OR REPLACE FUNCTION judge_move(e incoming, c case_file, actions text[]) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
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
    IF 'ban' = ANY (sends) THEN
        sends := sends || 'unban'::text;
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

CREATE OR REPLACE FUNCTION judge_answer(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE
    x escalation;
    d decision;
    c case_file;
    said CONSTANT text := e.payload ->> 'outcome';
BEGIN
    SELECT * INTO x FROM escalation WHERE id = e.payload ->> 'escalation';
    IF x.id IS NULL THEN
        RETURN refused('moot');
    END IF;
    SELECT * INTO d FROM decision WHERE id = x.decision;
    SELECT * INTO c FROM case_file WHERE message = x.message;
    IF x.message <> e.subject
       OR (said = ANY (CASE x.kind WHEN 'question' THEN '{held,returned,decided}'::text[]
                       ELSE '{signed,refused}' END)) IS NOT TRUE THEN
        RETURN refused('event.malformed');
    ELSIF x.kind = 'ban_signature' AND same_hand(d, e) THEN
        RETURN refused('ban.same_person');
    ELSIF x.outcome NOT IN ('open', 'held') OR (x.outcome = 'held' AND said = 'held') THEN
        RETURN contested('answered');
    ELSIF (e.payload ->> 'state' = CASE said WHEN 'decided' THEN c.state WHEN 'held' THEN 'held'
               WHEN 'signed' THEN 'decided' ELSE 'returned' END) IS NOT TRUE
          OR c.state NOT IN ('escalated', 'held', 'awaiting_signature')
          OR (x.kind = 'ban_signature') <> (c.state = 'awaiting_signature') THEN
        RETURN refused('case.transition');
    END IF;
    IF said = 'signed' THEN
        IF NOT d.exception AND NOT enough_warnings(c.person, c.platform) THEN
            RETURN refused('ban.warnings_missing');
        END IF;
        RETURN CASE WHEN items_hold(e.payload -> 'outgoing', '{ban,unban}') THEN accepted()
            ELSE refused('event.malformed') END;
    END IF;
    RETURN CASE WHEN items_hold(e.payload -> 'outgoing', '{}') AND inverse_holds(e.payload -> 'inverse', d.id)
        THEN accepted() ELSE refused('event.malformed') END;
END $$;
