-- Channels with their provider's rules: policies, doors. Runs as `owner`.

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['message_template', 'consent_event', 'exchange'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY company ON %I USING (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid) '
      'WITH CHECK (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON message_template TO app;
-- What happened stays as it happened: lines are only added. Old exchanges go by the housekeeping door.
GRANT SELECT, INSERT ON exchange, consent_event TO app;

-- A replaced signing secret stays good for a while.
DROP FUNCTION door_find_channel(text, text);
CREATE FUNCTION door_find_channel(channel_kind text, channel_public_id text)
RETURNS TABLE (company_id uuid, channel_id uuid, address text, settings jsonb, secrets bytea, former_secrets bytea, state text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ch.company_id, ch.id, ch.address, ch.settings, ch.secrets, CASE WHEN ch.former_until > now() THEN ch.former_secrets END, ch.state, ch.name
  FROM channel ch JOIN company c ON c.id = ch.company_id AND c.deleted_at IS NULL
  WHERE ch.public_id = channel_public_id AND ch.kind = channel_kind AND ch.deleted_at IS NULL
$$;

DROP FUNCTION door_find_address(text, text);
CREATE FUNCTION door_find_address(channel_kind text, channel_address text)
RETURNS TABLE (company_id uuid, channel_id uuid, address text, settings jsonb, secrets bytea, former_secrets bytea, state text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ch.company_id, ch.id, ch.address, ch.settings, ch.secrets, CASE WHEN ch.former_until > now() THEN ch.former_secrets END, ch.state, ch.name
  FROM channel ch JOIN company c ON c.id = ch.company_id AND c.deleted_at IS NULL
  WHERE ch.kind = channel_kind AND ch.address = channel_address AND ch.deleted_at IS NULL
$$;

-- Channels nobody has asked their provider about for a while. Marked in the same statement, so two sweeps never take one.
CREATE FUNCTION door_claim_checks(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE channel ch SET checked_at = now()
  FROM (SELECT c2.company_id, c2.id FROM channel c2
        WHERE c2.kind <> 'webchat' AND c2.deleted_at IS NULL AND c2.state <> 'disabled'
          AND (c2.checked_at IS NULL OR c2.checked_at < now() - interval '1 hour')
        ORDER BY c2.checked_at NULLS FIRST LIMIT most FOR UPDATE SKIP LOCKED) due
  WHERE ch.company_id = due.company_id AND ch.id = due.id
  RETURNING ch.company_id, ch.id
$$;

-- Which channels have something that should be leaving by now: a worker drains a channel, not single messages.
DROP FUNCTION door_claim_outbox(int);
CREATE FUNCTION door_due_channels(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT m.company_id, m.channel_id FROM message m
  WHERE m.status IN ('queued', 'sending') AND m.next_attempt_at <= now() LIMIT most
$$;

CREATE FUNCTION door_drop_exchanges(days int) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (DELETE FROM exchange WHERE at < now() - make_interval(days => days) RETURNING 1) SELECT count(*) FROM gone
$$;

DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['door_find_channel(text, text)', 'door_find_address(text, text)', 'door_claim_checks(int)', 'door_due_channels(int)', 'door_drop_exchanges(int)'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app', f);
  END LOOP;
END $$;
