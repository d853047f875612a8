-- Exactly one desk collects an account at a time: a lease that it renews, or another takes over.

CREATE TABLE account_lease (
    account text PRIMARY KEY,
    staff text NOT NULL,
    desk text NOT NULL REFERENCES desk,
    until timestamptz NOT NULL
);

-- Take or renew it; 0 seconds let it go.
CREATE FUNCTION lease_account(account text, desk text, seconds integer) RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = vigie, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    caller staff := me_at(lease_account.desk, 'import');
    deadline timestamptz := clock_timestamp() + make_interval(secs => least(greatest(lease_account.seconds, 0), 3600));
BEGIN
    IF is_hex(lease_account.account) IS NOT TRUE THEN
        PERFORM fail('hub.malformed', jsonb_build_object('field', 'account'));
    END IF;
    INSERT INTO account_lease AS l (account, staff, desk, until)
    VALUES (lease_account.account, caller.id, lease_account.desk, deadline)
    ON CONFLICT ON CONSTRAINT account_lease_pkey
    DO UPDATE SET staff = excluded.staff, desk = excluded.desk, until = excluded.until
    WHERE l.desk = excluded.desk OR l.until <= clock_timestamp();
    RETURN FOUND;
END $$;

CREATE FUNCTION collectors() RETURNS TABLE (account text, desk text, name text, until timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = vigie, pg_temp AS $$
    SELECT l.account, l.desk, d.name, l.until FROM account_lease l JOIN desk d ON d.id = l.desk
    WHERE l.until > clock_timestamp() AND is_member()
$$;

REVOKE ALL ON account_lease FROM PUBLIC;
REVOKE ALL ON FUNCTION lease_account, collectors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lease_account TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_collector;
GRANT EXECUTE ON FUNCTION collectors TO vigie_moderator, vigie_supervisor, vigie_administrator, vigie_agent311,
    vigie_auditor, vigie_collector;
