-- What SQLAlchemy's metadata cannot say: text search, kept counts, row-level security, and the doors.
-- Runs as `owner`. `app` is the role of every process; it owns nothing and cannot bypass a policy.

-- Search ------------------------------------------------------------------------------------------------------------
-- unaccent() is only STABLE, because its dictionary could be changed; an index needs an IMMUTABLE wrapper.
CREATE FUNCTION plain(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

CREATE TEXT SEARCH CONFIGURATION es (COPY = pg_catalog.spanish);
ALTER TEXT SEARCH CONFIGURATION es ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, spanish_stem;

CREATE INDEX ix_message_words ON message USING gin (company_id, to_tsvector('public.es'::regconfig, text)) WHERE text <> '';
CREATE INDEX ix_customer_words ON customer USING gin (company_id, plain(name) gin_trgm_ops);
CREATE INDEX ix_customer_digits ON customer USING gin (company_id, phone gin_trgm_ops) WHERE phone IS NOT NULL;

-- Kept counts -------------------------------------------------------------------------------------------------------
-- One row of difference per statement, bucket and owner: appended, never updated, so that no two transactions wait for each other.
CREATE FUNCTION count_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO conversation_count (company_id, bucket, owner, n)
    SELECT company_id, bucket, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'), count(*) FROM new_rows GROUP BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO conversation_count (company_id, bucket, owner, n)
    SELECT company_id, bucket, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'), -count(*) FROM old_rows GROUP BY 1, 2, 3;
  ELSE
    INSERT INTO conversation_count (company_id, bucket, owner, n)
    SELECT company_id, bucket, owner, sum(n) FROM (
      SELECT company_id, bucket, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000') AS owner, 1 AS n FROM new_rows
      UNION ALL
      SELECT company_id, bucket, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'), -1 FROM old_rows
    ) AS change GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER conversation_counted_in AFTER INSERT ON conversation
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_conversations();
CREATE TRIGGER conversation_counted_out AFTER DELETE ON conversation
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_conversations();
CREATE TRIGGER conversation_counted_over AFTER UPDATE ON conversation
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_conversations();

-- Row-level security ------------------------------------------------------------------------------------------------
DO $$
DECLARE name text;
BEGIN
  -- Every table with a company_id. Enabled and not forced: the owner must see all rows in backfills and dumps.
  FOR name IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'company_id' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    IF name <> 'membership' THEN
      EXECUTE format(
        'CREATE POLICY company ON %I USING (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid) '
        'WITH CHECK (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid)', name);
    END IF;
  END LOOP;
END $$;

CREATE POLICY company ON membership
  USING (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid OR user_id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid);

ALTER TABLE company ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON company
  USING (id = NULLIF(current_setting('app.company_id', true), '')::uuid)
  WITH CHECK (id = NULLIF(current_setting('app.company_id', true), '')::uuid);

-- A person sees themselves and the people of the company they are in; they change only themselves.
ALTER TABLE user_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY person ON user_account
  USING (
    id = NULLIF(current_setting('app.user_id', true), '')::uuid
    OR EXISTS (
      SELECT 1 FROM membership m
      WHERE m.user_id = user_account.id AND m.company_id = NULLIF(current_setting('app.company_id', true), '')::uuid))
  WITH CHECK (id = NULLIF(current_setting('app.user_id', true), '')::uuid);

ALTER TABLE login_session ENABLE ROW LEVEL SECURITY;
CREATE POLICY person ON login_session
  USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

ALTER TABLE one_time_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY person ON one_time_token
  USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

-- Anyone may put a mail into the outbox; it is read only through the doors.
ALTER TABLE outbound_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY letterbox ON outbound_mail FOR INSERT WITH CHECK (true);

-- Doors -------------------------------------------------------------------------------------------------------------
-- What must look across companies, each with a narrow result. saas_admin/core/doors.py is the only caller.
CREATE FUNCTION door_find_login(login_email text)
RETURNS TABLE (user_id uuid, password_hash text, is_confirmed boolean, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id, password_hash, email_confirmed_at IS NOT NULL, deactivated_at IS NULL FROM user_account WHERE lower(email) = lower(login_email)
$$;

CREATE FUNCTION door_find_session(hash bytea)
RETURNS TABLE (session_id uuid, user_id uuid, company_id uuid, role text, user_name text, email text, is_confirmed boolean,
               language text, theme text, company_name text, locale text, time_zone text, currency text, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id, u.id, c.id, m.role, u.name, u.email, u.email_confirmed_at IS NOT NULL, u.language, u.theme, c.name, c.locale,
         c.time_zone, c.currency, s.last_used_at
  FROM login_session s
  JOIN user_account u ON u.id = s.user_id AND u.deactivated_at IS NULL
  JOIN membership m ON m.user_id = u.id AND m.company_id = s.active_company_id AND m.deactivated_at IS NULL
  JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
  WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > now()
$$;

CREATE FUNCTION door_memberships(person uuid) RETURNS TABLE (company_id uuid, company_name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.id, c.name, m.role FROM membership m JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
  WHERE m.user_id = person AND m.deactivated_at IS NULL ORDER BY m.created_at
$$;

CREATE FUNCTION door_find_token(token_purpose text, hash bytea)
RETURNS TABLE (token_id uuid, user_id uuid, expires_at timestamptz, used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id, user_id, expires_at, used_at FROM one_time_token WHERE token_hash = hash AND purpose = token_purpose
$$;

CREATE FUNCTION door_find_channel(channel_kind text, channel_public_id text)
RETURNS TABLE (company_id uuid, channel_id uuid, address text, settings jsonb, secrets bytea, state text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ch.company_id, ch.id, ch.address, ch.settings, ch.secrets, ch.state, ch.name
  FROM channel ch JOIN company c ON c.id = ch.company_id AND c.deleted_at IS NULL
  WHERE ch.public_id = channel_public_id AND ch.kind = channel_kind AND ch.deleted_at IS NULL
$$;

-- Meta posts the items of every number of one app to one URL: find the channel that owns the number.
CREATE FUNCTION door_find_address(channel_kind text, channel_address text)
RETURNS TABLE (company_id uuid, channel_id uuid, address text, settings jsonb, secrets bytea, state text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ch.company_id, ch.id, ch.address, ch.settings, ch.secrets, ch.state, ch.name
  FROM channel ch JOIN company c ON c.id = ch.company_id AND c.deleted_at IS NULL
  WHERE ch.kind = channel_kind AND ch.address = channel_address AND ch.deleted_at IS NULL
$$;

-- Which web chats stand on a host: the loader learns colour and words with its first and only request.
CREATE FUNCTION door_find_widgets(host text) RETURNS TABLE (public_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ch.public_id FROM channel ch JOIN company c ON c.id = ch.company_id AND c.deleted_at IS NULL
  WHERE ch.kind = 'webchat' AND ch.deleted_at IS NULL AND ch.state <> 'disabled'
    AND string_to_array(ch.settings ->> 'domains', ',') && ARRAY[host, split_part(host, ':', 1), regexp_replace(split_part(host, ':', 1), '^www\.', '')]
  ORDER BY ch.created_at LIMIT 4
$$;

-- The intake: one statement stores what is new of one or many webhooks. Answers the ids that were not there before.
CREATE FUNCTION door_accept(companies uuid[], channels uuid[], ids uuid[], keys text[], kinds text[], payloads bytea[], errors text[])
RETURNS SETOF uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO inbound_event (company_id, id, channel_id, dedupe_key, kind, payload, received_at, handled_at, next_attempt_at, attempts, error)
  SELECT i.company, i.id, i.channel, i.key, i.kind, i.payload, now(), CASE WHEN i.error IS NULL THEN NULL ELSE now() END, now() + interval '10 seconds', 0, i.error
  FROM unnest(companies, channels, ids, keys, kinds, payloads, errors) AS i (company, channel, id, key, kind, payload, error)
  ON CONFLICT (company_id, channel_id, dedupe_key) DO NOTHING
  RETURNING id
$$;

-- Sweeps: claim what is due across companies. The next attempt is moved forward in the same statement, so two sweeps never take one row.
CREATE FUNCTION door_claim_inbound(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE inbound_event e SET next_attempt_at = now() + interval '30 seconds'
  FROM (SELECT e2.company_id, e2.id FROM inbound_event e2
        WHERE e2.handled_at IS NULL AND e2.next_attempt_at <= now()
        ORDER BY e2.next_attempt_at LIMIT most FOR UPDATE SKIP LOCKED) due
  WHERE e.company_id = due.company_id AND e.id = due.id
  RETURNING e.company_id, e.id
$$;

CREATE FUNCTION door_claim_outbox(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE message m SET next_attempt_at = now() + interval '15 seconds'
  FROM (SELECT m2.company_id, m2.id FROM message m2
        WHERE m2.status IN ('queued', 'sending') AND m2.next_attempt_at <= now()
        ORDER BY m2.next_attempt_at LIMIT most FOR UPDATE SKIP LOCKED) due
  WHERE m.company_id = due.company_id AND m.id = due.id
  RETURNING m.company_id, m.id
$$;

CREATE FUNCTION door_claim_media(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE attachment a SET next_attempt_at = now() + interval '2 minutes'
  FROM (SELECT a2.company_id, a2.id FROM attachment a2
        WHERE a2.state = 'pending' AND a2.next_attempt_at <= now()
        ORDER BY a2.next_attempt_at LIMIT most FOR UPDATE SKIP LOCKED) due
  WHERE a.company_id = due.company_id AND a.id = due.id
  RETURNING a.company_id, a.id
$$;

CREATE FUNCTION door_claim_mail(most int, wanted uuid) RETURNS TABLE (id uuid, recipient text, subject text, body bytea, attempts int)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE outbound_mail m SET next_attempt_at = now() + interval '2 minutes', attempts = m.attempts + 1
  FROM (SELECT m2.id FROM outbound_mail m2
        WHERE m2.sent_at IS NULL AND m2.attempts < 8 AND m2.next_attempt_at <= now() AND (wanted IS NULL OR m2.id = wanted)
        ORDER BY m2.next_attempt_at LIMIT most FOR UPDATE SKIP LOCKED) due
  WHERE m.id = due.id
  RETURNING m.id, m.recipient, m.subject, m.body, m.attempts
$$;

CREATE FUNCTION door_mail_done(mail uuid, problem text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE outbound_mail SET sent_at = CASE WHEN problem IS NULL THEN now() END, error = problem,
    next_attempt_at = CASE WHEN problem IS NULL THEN NULL ELSE now() + interval '1 minute' * power(2, attempts) END
  WHERE id = mail
$$;

-- The outbox page of a demo, where no mail leaves the machine.
CREATE FUNCTION door_outbox(most int) RETURNS TABLE (id uuid, recipient text, subject text, body bytea, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id, recipient, subject, body, created_at FROM outbound_mail ORDER BY created_at DESC LIMIT most
$$;

-- Housekeeping: empty old raw bodies, drop what expired, add up the counts. Answers how many of each.
CREATE FUNCTION door_housekeeping(payload_days int)
RETURNS TABLE (payloads_emptied bigint, sessions_removed bigint, tokens_removed bigint, mails_removed bigint, counts_added bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE inbound_event SET payload = NULL WHERE payload IS NOT NULL AND received_at < now() - make_interval(days => payload_days);
  GET DIAGNOSTICS payloads_emptied = ROW_COUNT;
  DELETE FROM login_session WHERE expires_at < now() - interval '7 days' OR revoked_at < now() - interval '7 days';
  GET DIAGNOSTICS sessions_removed = ROW_COUNT;
  DELETE FROM one_time_token WHERE expires_at < now() - interval '7 days';
  GET DIAGNOSTICS tokens_removed = ROW_COUNT;
  DELETE FROM outbound_mail WHERE created_at < now() - make_interval(days => payload_days);
  GET DIAGNOSTICS mails_removed = ROW_COUNT;
  WITH gone AS (
    DELETE FROM conversation_count WHERE id IN (SELECT id FROM conversation_count FOR UPDATE SKIP LOCKED) RETURNING company_id, bucket, owner, n
  )
  INSERT INTO conversation_count (company_id, bucket, owner, n)
  SELECT company_id, bucket, owner, sum(n) FROM gone GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
  GET DIAGNOSTICS counts_added = ROW_COUNT;
  RETURN NEXT;
END $$;

-- Search is a door too: under row-level security the full-text and trigram indexes are not used (their operators are not leakproof).
CREATE FUNCTION door_search(company uuid, words text, digits text, query text, most int) RETURNS TABLE (conversation_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH people AS (
    SELECT c.id FROM customer c WHERE c.company_id = company AND words <> '' AND plain(c.name) LIKE '%' || words || '%' LIMIT 2000
  ), numbers AS (
    SELECT c.id FROM customer c WHERE c.company_id = company AND length(digits) >= 3 AND c.phone LIKE '%' || digits || '%' LIMIT 2000
  ), spoken AS (
    SELECT DISTINCT hit.conversation_id FROM (
      SELECT m.conversation_id FROM message m
      WHERE query <> '' AND m.company_id = company AND m.text <> '' AND to_tsvector('public.es'::regconfig, m.text) @@ to_tsquery('public.es'::regconfig, query)
      LIMIT 5000) hit
  )
  SELECT v.id FROM conversation v
  WHERE v.company_id = company AND (
    v.customer_id IN (SELECT p.id FROM people p UNION SELECT n.id FROM numbers n) OR v.id IN (SELECT s.conversation_id FROM spoken s))
  ORDER BY v.last_message_at DESC LIMIT most;
END $$;

-- Grants, said once more for databases that were not prepared by our bootstrap ------------------------------------
GRANT USAGE ON SCHEMA public TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM app;
DO $$
DECLARE f regprocedure;
BEGIN
  -- Only our own functions: those of the extensions belong to the superuser and keep their public grant.
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'public' AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app', f);
  END LOOP;
END $$;
