-- Judging what follows a decision: undo, supervision's answers, deliveries, and the city's settings.

CREATE FUNCTION ids_of(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(strings(list), '{}')
$$;

-- Only operations that this decision had sent can be reversed.
CREATE FUNCTION inverse_holds(items jsonb, of_decision text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT items_hold(items, ARRAY(
        SELECT CASE o.operation WHEN 'hide' THEN 'unhide' WHEN 'ban' THEN 'unban' END
        FROM outgoing o WHERE o.decision = of_decision AND o.operation IN ('hide', 'ban')))
$$;

CREATE FUNCTION judge_undo(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE
    d decision;
    c case_file;
BEGIN
    SELECT * INTO d FROM decision WHERE id = e.payload ->> 'decision';
    SELECT * INTO c FROM case_file WHERE message = e.subject;
    IF d.id IS NULL OR d.status <> 'accepted' THEN
        RETURN refused('moot');
    ELSIF d.message <> e.subject THEN
        RETURN refused('event.malformed');
    ELSIF d.actor <> e.actor AND NOT may(e.role, 'supervise') THEN
        RETURN refused('undo.not_yours');
    ELSIF c.decision IS DISTINCT FROM d.id OR d.undone
          OR c.state NOT IN ('escalated', 'held', 'awaiting_signature', 'decided') THEN
        RETURN contested('superseded');
    ELSIF (e.payload ->> 'state' = CASE WHEN d.state_before IN ('pending', 'returned') THEN d.state_before
                                        ELSE 'returned' END) IS NOT TRUE THEN
        RETURN refused('case.transition');
    ELSIF NOT inverse_holds(e.payload -> 'inverse', d.id) THEN
        RETURN refused('event.malformed');
    END IF;
    RETURN accepted();
END $$;

-- Take a decision back, in what the event lists and what belongs to that decision.
CREATE FUNCTION take_back(e incoming, of_decision text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE outgoing o SET state = 'cancelled'
    WHERE o.decision = of_decision AND o.state = 'open' AND o.id = ANY (ids_of(e.payload -> 'cancelled'));
    UPDATE warning w SET withdrawn = true
    WHERE w.decision = of_decision AND w.id = ANY (ids_of(e.payload -> 'withdrawn'));
    PERFORM add_items(e.payload -> 'inverse', of_decision, e.subject, true, NULL);
    UPDATE decision SET undone = true WHERE id = of_decision;
    UPDATE case_file SET state = e.payload ->> 'state', decision = NULL WHERE message = e.subject;
END $$;

CREATE FUNCTION apply_undo(e incoming) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM take_back(e, e.payload ->> 'decision');
    -- Nothing of this message can still wait for supervision: its decision is gone.
    UPDATE escalation SET outcome = 'withdrawn' WHERE message = e.subject AND outcome IN ('open', 'held');
END $$;

CREATE FUNCTION judge_answer(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
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
        RETURN CASE WHEN items_hold(e.payload -> 'outgoing', '{ban}') THEN accepted()
            ELSE refused('event.malformed') END;
    END IF;
    RETURN CASE WHEN items_hold(e.payload -> 'outgoing', '{}') AND inverse_holds(e.payload -> 'inverse', d.id)
        THEN accepted() ELSE refused('event.malformed') END;
END $$;

-- Two pairs of eyes: neither the author of the ban nor whoever vouched for either side may be both.
CREATE FUNCTION same_hand(d decision, e incoming) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT d.actor = e.actor
        OR coalesce(d.vouched_by = e.vouched_by, false)
        OR EXISTS (SELECT FROM staff s WHERE (s.login = d.vouched_by AND s.id = e.actor)
            OR (s.login = e.vouched_by AND s.id = d.actor))
$$;

CREATE FUNCTION apply_answer(e incoming) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    said CONSTANT text := e.payload ->> 'outcome';
    x escalation;
BEGIN
    UPDATE escalation SET outcome = said WHERE id = e.payload ->> 'escalation' RETURNING * INTO x;
    IF said = 'refused' THEN
        PERFORM take_back(e, x.decision);
    ELSE
        UPDATE case_file SET state = e.payload ->> 'state' WHERE message = e.subject;
    END IF;
    IF said = 'signed' THEN
        UPDATE decision SET approved_by = e.actor WHERE id = x.decision;
        PERFORM add_items(e.payload -> 'outgoing', x.decision, e.subject, false, NULL);
    END IF;
END $$;

CREATE FUNCTION judge_delivery(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE
    o outgoing;
    d decision;
BEGIN
    SELECT * INTO o FROM outgoing WHERE id = e.payload ->> 'item';
    SELECT * INTO d FROM decision WHERE id = o.decision;
    IF o.id IS NULL THEN
        RETURN refused('moot');
    ELSIF (o.message = e.subject AND o.operation = e.payload ->> 'operation' AND d.id = e.payload ->> 'decision'
           AND o.warning IS NOT DISTINCT FROM e.payload ->> 'warning') IS NOT TRUE THEN
        RETURN refused('event.malformed');
    ELSIF o.state IN ('done', 'given_up') THEN
        RETURN contested('done');
    ELSIF o.state = 'cancelled' OR (d.undone AND NOT o.inverse) THEN
        RETURN refused('moot');
    END IF;
    RETURN accepted();
END $$;

CREATE FUNCTION apply_delivery(e incoming) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE done CONSTANT boolean := e.kind = 'outbox.done';
BEGIN
    UPDATE outgoing SET state = CASE WHEN done THEN 'done' ELSE 'given_up' END, lease_until = NULL
    WHERE id = e.payload ->> 'item';
    -- A desk's clock may be ahead: a warning does not count before it was heard of.
    UPDATE warning SET delivered_at = CASE WHEN done THEN least(e.at, now()) ELSE delivered_at END,
        withdrawn = withdrawn OR NOT done
    WHERE id = e.payload ->> 'warning';
END $$;

CREATE FUNCTION judge_settlement(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE d decision;
BEGIN
    SELECT * INTO d FROM decision WHERE id = e.payload ->> 'decision';
    IF d.id IS NULL OR d.status <> 'contested' THEN
        RETURN refused('moot');
    ELSIF d.message <> e.subject OR (e.payload ->> 'outcome' IN ('kept', 'replaced')) IS NOT TRUE THEN
        RETURN refused('event.malformed');
    ELSIF d.settled IS NOT NULL THEN
        RETURN contested('answered');
    END IF;
    RETURN accepted();
END $$;

CREATE FUNCTION judge_link(e incoming) RETURNS judgement LANGUAGE plpgsql STABLE AS $$
DECLARE other CONSTANT text := CASE e.kind WHEN 'person.linked' THEN e.payload ->> 'merged' ELSE e.subject END;
BEGIN
    IF (is_hex(e.subject) AND is_hex(other)) IS NOT TRUE THEN
        RETURN refused('event.malformed');
    ELSIF e.kind = 'person.unlinked' THEN
        RETURN CASE WHEN EXISTS (SELECT FROM person_link l WHERE l.merged = other) THEN accepted()
            ELSE refused('person.not_linked') END;
    ELSIF EXISTS (SELECT FROM person_link l WHERE l.merged = other) THEN
        RETURN refused('person.linked');
    ELSIF other IN (SELECT identities(e.subject)) THEN
        RETURN refused('person.same');
    END IF;
    RETURN accepted();
END $$;

-- console/services/preferences.py, `set_ladder`: a city may be more patient than article 7, never less.
CREATE FUNCTION ladder_holds(ladder jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_typeof(ladder -> 'across_platforms') = 'boolean'
        AND jsonb_typeof(ladder -> 'ban_needs_second_signature') = 'boolean'
        AND jsonb_typeof(ladder -> 'immediate_ban_allowed') = 'boolean'
        AND (ladder ->> 'warnings_before_ban')::integer BETWEEN 2 AND 100
        AND coalesce((ladder ->> 'expire_after_days')::integer, 1) BETWEEN 1 AND 100000
        AND coalesce((ladder ->> 'ban_days')::integer, 1) BETWEEN 1 AND 100000, false)
$$;

CREATE FUNCTION judge_ladder(e incoming) RETURNS judgement LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN ladder_holds(e.payload -> 'after') THEN accepted() ELSE refused('ladder.invalid') END
$$;

ALTER TABLE hub ADD CHECK (ladder_holds(ladder));
