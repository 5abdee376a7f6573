-- People and security: policies of the new tables, and doors. Runs as `owner`.

-- Row-level security ------------------------------------------------------------------------------------------------
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON invitation
  USING (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid)
  WITH CHECK (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid);

-- The log is only added to: neither the policy nor the grant of `app` lets it change or remove a line.
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON audit_entry FOR SELECT USING (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY adds ON audit_entry FOR INSERT WITH CHECK (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid);

ALTER TABLE known_device ENABLE ROW LEVEL SECURITY;
CREATE POLICY person ON known_device
  USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY person ON recovery_code
  USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

-- Doors -------------------------------------------------------------------------------------------------------------
DROP FUNCTION door_find_login(text);
CREATE FUNCTION door_find_login(login_email text)
RETURNS TABLE (user_id uuid, password_hash text, is_confirmed boolean, is_active boolean, has_two_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id, password_hash, email_confirmed_at IS NOT NULL, deactivated_at IS NULL, totp_confirmed_at IS NOT NULL
  FROM user_account WHERE lower(email) = lower(login_email)
$$;

-- Who somebody is now. The company they look at, or, when they no longer belong to it, the first they still belong to.
DROP FUNCTION door_find_session(bytea);
CREATE FUNCTION door_find_session(hash bytea)
RETURNS TABLE (session_id uuid, user_id uuid, company_id uuid, role text, sight text, user_name text, email text, is_confirmed boolean,
               has_two_factor boolean, two_factor_due timestamptz, language text, theme text, has_sounds boolean, photo_id uuid,
               availability text, company_name text, logo_id uuid, locale text, time_zone text, currency text, delete_after timestamptz,
               last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id, u.id, here.company_id, here.role, here.sight, u.name, u.email, u.email_confirmed_at IS NOT NULL,
         u.totp_confirmed_at IS NOT NULL,
         CASE WHEN u.totp_confirmed_at IS NULL AND here.two_factor ? here.role
              THEN greatest((here.two_factor ->> here.role)::timestamptz, here.joined_at) + make_interval(days => here.two_factor_days) END,
         u.language, u.theme, u.has_sounds, u.photo_id, here.availability, here.name, here.logo_id, here.locale, here.time_zone,
         here.currency, here.delete_after, s.last_used_at
  FROM login_session s
  JOIN user_account u ON u.id = s.user_id AND u.deactivated_at IS NULL
  JOIN LATERAL (
    SELECT m.company_id, m.role, m.sight, m.availability, m.created_at AS joined_at, c.name, c.logo_id, c.locale, c.time_zone, c.currency,
           c.two_factor, c.two_factor_days, c.delete_after
    FROM membership m JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
    WHERE m.user_id = u.id AND m.deactivated_at IS NULL
    ORDER BY m.company_id <> s.active_company_id, m.created_at, m.id LIMIT 1
  ) here ON true
  WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > now()
$$;

DROP FUNCTION door_memberships(uuid);
CREATE FUNCTION door_memberships(person uuid)
RETURNS TABLE (company_id uuid, company_name text, logo_id uuid, role text, needs_two_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.id, c.name, c.logo_id, m.role, c.two_factor ? m.role FROM membership m JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
  WHERE m.user_id = person AND m.deactivated_at IS NULL ORDER BY m.created_at, m.id
$$;

-- The holder of an invitation's link has its mailbox: they may know whether that address has a login already.
CREATE FUNCTION door_find_invitation(hash bytea)
RETURNS TABLE (invitation_id uuid, company_id uuid, company_name text, logo_id uuid, email text, role text, sight text, inviter_name text,
               user_id uuid, expires_at timestamptz, accepted_at timestamptz, cancelled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT i.id, c.id, c.name, c.logo_id, i.email, i.role, i.sight, by.name, u.id, i.expires_at, i.accepted_at, i.cancelled_at
  FROM invitation i
  JOIN company c ON c.id = i.company_id AND c.deleted_at IS NULL
  JOIN user_account by ON by.id = i.invited_by
  LEFT JOIN user_account u ON lower(u.email) = lower(i.email) AND u.deactivated_at IS NULL
  WHERE i.token_hash = hash
$$;

-- An Admin takes a member's second factor away. Not from somebody who belongs to another company as well: one shop's Admin
-- would weaken the other's. False: refused, nothing changed.
CREATE FUNCTION door_reset_two_factor(person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE here uuid := NULLIF(current_setting('app.company_id', true), '')::uuid;
BEGIN
  IF here IS NULL OR NOT EXISTS (SELECT FROM membership m WHERE m.user_id = person AND m.company_id = here AND m.deactivated_at IS NULL)
     OR EXISTS (SELECT FROM membership m JOIN company c ON c.id = m.company_id AND c.deleted_at IS NULL
                WHERE m.user_id = person AND m.company_id <> here AND m.deactivated_at IS NULL) THEN
    RETURN false;
  END IF;
  UPDATE user_account SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = person;
  DELETE FROM recovery_code WHERE user_id = person;
  UPDATE login_session SET revoked_at = now() WHERE user_id = person AND revoked_at IS NULL;
  RETURN true;
END $$;

-- When the people of the company at hand were last seen in it; what they do in another company is not told.
CREATE FUNCTION door_last_seen() RETURNS TABLE (user_id uuid, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.user_id, max(s.last_used_at) FROM membership m JOIN login_session s ON s.user_id = m.user_id AND s.active_company_id = m.company_id
  WHERE m.company_id = NULLIF(current_setting('app.company_id', true), '')::uuid GROUP BY m.user_id
$$;

-- Companies whose grace is over. They are emptied a bounded piece at a time, so that no statement runs for minutes.
CREATE FUNCTION door_companies_to_remove(most int) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id FROM company WHERE delete_after <= now() ORDER BY delete_after LIMIT most
$$;

-- Removes up to `most` rows of a company whose grace is over, children before parents; true when nothing of it is left.
CREATE FUNCTION door_remove_company(doomed uuid, most int) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  remaining text[];
  next_table text;
  gone bigint;
  budget bigint := most;
  person uuid;
  people uuid[];
BEGIN
  PERFORM 1 FROM company WHERE id = doomed AND delete_after <= now() FOR UPDATE;
  IF NOT FOUND THEN RETURN true; END IF;
  UPDATE company SET deleted_at = coalesce(deleted_at, now()) WHERE id = doomed;
  -- Memberships last: they say whose logins go with the company. Counts after the conversations whose removal appends to them.
  remaining := ARRAY(SELECT table_name::text FROM information_schema.columns
                     WHERE table_schema = 'public' AND column_name = 'company_id' AND table_name NOT IN ('membership', 'conversation_count'));
  WHILE cardinality(remaining) > 0 LOOP
    SELECT t INTO next_table FROM unnest(remaining) AS t
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = format('public.%I', t)::regclass
                        AND k.conrelid <> k.confrelid AND k.conrelid = ANY (ARRAY(SELECT format('public.%I', r)::regclass::oid FROM unnest(remaining) AS r)))
    ORDER BY t LIMIT 1;
    IF next_table IS NULL THEN RAISE EXCEPTION 'tables of a company refer to each other in a circle: %', remaining; END IF;
    EXECUTE format('DELETE FROM public.%I WHERE ctid = ANY (ARRAY(SELECT ctid FROM public.%I WHERE company_id = $1 LIMIT $2))', next_table, next_table)
      USING doomed, budget;
    GET DIAGNOSTICS gone = ROW_COUNT;
    budget := budget - gone;
    IF budget <= 0 THEN RETURN false; END IF;
    remaining := array_remove(remaining, next_table);
  END LOOP;
  DELETE FROM conversation_count WHERE company_id = doomed;
  people := ARRAY(SELECT user_id FROM membership WHERE company_id = doomed);
  DELETE FROM membership WHERE company_id = doomed;
  -- Who also belongs elsewhere keeps the login and looks at the other company; everybody else's login goes.
  UPDATE login_session s SET active_company_id = m.company_id FROM membership m
    WHERE s.active_company_id = doomed AND m.user_id = s.user_id;
  FOREACH person IN ARRAY people LOOP
    CONTINUE WHEN EXISTS (SELECT FROM membership m WHERE m.user_id = person);
    DELETE FROM login_session WHERE user_id = person;
    DELETE FROM one_time_token WHERE user_id = person;
    DELETE FROM recovery_code WHERE user_id = person;
    DELETE FROM known_device WHERE user_id = person;
    BEGIN
      DELETE FROM user_account WHERE id = person;
    EXCEPTION WHEN foreign_key_violation THEN
      -- Named by the history of a company they left earlier: the line stays, the person does not.
      UPDATE user_account SET email = id || '@removed.invalid', name = '', password_hash = '!', totp_secret = NULL, totp_confirmed_at = NULL,
        photo_id = NULL, pending_email = NULL, deactivated_at = now() WHERE id = person;
    END;
  END LOOP;
  DELETE FROM login_session WHERE active_company_id = doomed;
  DELETE FROM company WHERE id = doomed;
  RETURN true;
END $$;

-- Search, for who does not see every conversation too: `owner` NULL sees all; the limit counts only what may be seen.
DROP FUNCTION door_search(uuid, text, text, text, int);
CREATE FUNCTION door_search(company uuid, words text, digits text, query text, most int, owner uuid, with_unassigned boolean)
RETURNS TABLE (conversation_id uuid)
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
  WHERE v.company_id = company
    AND (owner IS NULL OR v.assignee_id = owner OR (with_unassigned AND v.assignee_id IS NULL))
    AND (v.customer_id IN (SELECT p.id FROM people p UNION SELECT n.id FROM numbers n) OR v.id IN (SELECT s.conversation_id FROM spoken s))
  ORDER BY v.last_message_at DESC LIMIT most;
END $$;

-- Grants ------------------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE, DELETE ON invitation, known_device, recovery_code TO app;
REVOKE ALL ON audit_entry FROM app;
GRANT SELECT, INSERT ON audit_entry TO app;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'public' AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app', f);
  END LOOP;
END $$;
