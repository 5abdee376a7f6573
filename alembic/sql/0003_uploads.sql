-- Policies that say what they mean, and the door that forgets uploads nobody sent. Runs as `owner`.

-- A permissive USING counts for DELETE and UPDATE as well: what is only to be seen is said with FOR SELECT.
DROP POLICY company ON membership;
CREATE POLICY company ON membership
  USING (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid)
  WITH CHECK (company_id = NULLIF(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY own ON membership FOR SELECT USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

DROP POLICY person ON user_account;
CREATE POLICY person ON user_account
  USING (id = NULLIF(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (id = NULLIF(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY colleague ON user_account FOR SELECT USING (
  EXISTS (
    SELECT 1 FROM membership m
    WHERE m.user_id = user_account.id AND m.company_id = NULLIF(current_setting('app.company_id', true), '')::uuid));

-- Files that were uploaded and never sent. The caller removes them from the disk before this is committed.
CREATE FUNCTION door_drop_uploads(hours int, most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM attachment a
  USING (SELECT a2.company_id, a2.id FROM attachment a2
         WHERE a2.message_id IS NULL AND a2.created_at < now() - make_interval(hours => hours)
         ORDER BY a2.created_at LIMIT most FOR UPDATE SKIP LOCKED) old
  WHERE a.company_id = old.company_id AND a.id = old.id
  RETURNING a.company_id, a.id
$$;
REVOKE EXECUTE ON FUNCTION door_drop_uploads(int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door_drop_uploads(int, int) TO app;
