-- What members read, and who may call what. Nothing is granted to PUBLIC; tables are written by nobody.

CREATE VIEW colleagues WITH (security_barrier) AS
SELECT s.id, s.name, s.role, s.login, s.valid_until, s.active FROM staff s WHERE (SELECT is_member());

CREATE VIEW desk_registry WITH (security_barrier) AS
SELECT d.id, d.name, d.staff, d.public_key, d.joined_at FROM desk d
WHERE (SELECT is_member());

CREATE VIEW claims_now WITH (security_barrier) AS
SELECT k.message, k.staff, s.name, k.desk, k.until
FROM claim k JOIN staff s ON s.id = k.staff WHERE k.until > clock_timestamp() AND (SELECT is_member());

CREATE VIEW presence_now WITH (security_barrier) AS
SELECT p.staff, s.name, s.role, p.desk, p.seen_at
FROM presence p JOIN staff s ON s.id = p.staff
WHERE p.seen_at > clock_timestamp() - interval '90 seconds' AND (SELECT is_member());

-- A function rather than a view: it reads with the rights of the caller, so that row security applies, on
-- every server from 14 on (views do so from 15 on). Without settings of its own it is inlined: two plain
-- branches, so that a page by `seq` is a merge of two index scans at any size.
CREATE FUNCTION feed() RETURNS TABLE (seq bigint, kind text, id text, subject text, desk text, sequence bigint,
    previous text, sha256 text, at timestamptz, accepted_at timestamptz, actor text, status text, code text,
    body bytea, matter text, revision integer)
LANGUAGE sql STABLE AS $$
SELECT c.seq, 'content', c.message, c.message, c.desk, NULL::bigint, NULL::text, c.sha256, NULL::timestamptz,
    c.accepted_at, NULL::text, 'accepted', NULL::text, c.body, NULL::text, c.revision
FROM vigie.content c
UNION ALL
SELECT e.seq, 'event', e.id, e.subject, e.desk, e.sequence, e.previous, e.sha256, e.at,
    e.accepted_at, e.actor, e.status, e.code, pg_catalog.convert_to(e.body, 'UTF8'),
    (SELECT m.words FROM vigie.matter m WHERE m.event = e.id), NULL::integer
FROM vigie.event e
$$;

CREATE FUNCTION reads_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = vigie, pg_temp AS $$
    SELECT coalesce(my_role() IN ('moderator', 'supervisor', 'administrator', 'auditor'), false)
$$;

-- Asked for every row: its body is bound to this schema when it is made, which costs nothing at each call.
CREATE FUNCTION reads_311(of_message text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN EXISTS (SELECT FROM vigie.case_file c WHERE c.message = of_message AND c.for_311);

ALTER TABLE content ENABLE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE matter ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON content FOR SELECT USING (
    (SELECT reads_all()) OR ((SELECT my_role()) = 'agent_311' AND reads_311(message)));
-- An agent also sees their own events, and the settings that concern everybody; no citizen is in these.
CREATE POLICY reading ON event FOR SELECT USING (
    (SELECT reads_all()) OR ((SELECT my_role()) = 'agent_311' AND (reads_311(subject)
        OR actor = (SELECT my_id()) OR kind LIKE 'emergency.%' OR kind LIKE 'policy.%' OR kind = 'ladder.changed')));
CREATE POLICY reading ON matter FOR SELECT USING (EXISTS (SELECT FROM event e WHERE e.id = matter.event));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vigie FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA vigie FROM PUBLIC;

GRANT USAGE ON SCHEMA vigie TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311,
    vigie_auditor, vigie_collector;
GRANT EXECUTE ON FUNCTION hello, schema_version, is_member TO vigie_moderator, vigie_supervisor, vigie_administrator,
    vigie_agent311, vigie_auditor, vigie_collector;
GRANT EXECUTE ON FUNCTION feed TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311,
    vigie_auditor;
GRANT SELECT ON content, event, matter, colleagues, desk_registry, claims_now, presence_now
    TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311, vigie_auditor;
GRANT EXECUTE ON FUNCTION my_id, my_role, reads_all, reads_311, join_desk, put_events, seen
    TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311, vigie_auditor;
GRANT EXECUTE ON FUNCTION put_contents
    TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_collector;
GRANT EXECUTE ON FUNCTION claim, release, lease_outgoing, lease_item
    TO vigie_moderator, vigie_supervisor, vigie_administrator;
