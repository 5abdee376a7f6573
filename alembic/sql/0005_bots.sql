-- FAQs, bots, receipts and hand-overs: policies, doors. Runs as `owner`.

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['faq_category', 'faq', 'faq_phrasing', 'faq_revision', 'knowledge', 'bot', 'bot_channel', 'ai_provider', 'ai_usage', 'bot_answer', 'hand_over', 'bot_episode'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY company ON %I USING (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid) '
      'WITH CHECK (company_id = NULLIF(current_setting(''app.company_id'', true), '''')::uuid)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON faq_category, faq, faq_phrasing, knowledge, bot, bot_channel, ai_provider TO app;
-- What was said and spent, and how a FAQ once was, is added to and marked, never taken away.
GRANT SELECT, INSERT, UPDATE ON ai_usage, bot_answer, hand_over, bot_episode TO app;
GRANT SELECT, INSERT ON faq_revision TO app;
-- Every new table comes with all four (bootstrap.sql).
REVOKE DELETE ON ai_usage, bot_answer, hand_over, bot_episode FROM app;
REVOKE UPDATE, DELETE ON faq_revision FROM app;

-- Threads whose bot owes an answer that no worker has in hand.
CREATE FUNCTION door_due_bots(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.company_id, c.id FROM conversation c WHERE c.bot_due_at <= now() ORDER BY c.bot_due_at LIMIT most
$$;

-- Hand-overs nobody answered in time.
CREATE FUNCTION door_due_hand_overs(most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT h.company_id, h.id FROM hand_over h
  WHERE h.answered_at IS NULL AND h.ended_at IS NULL AND h.escalated_at IS NULL AND h.due_at <= now()
  ORDER BY h.due_at LIMIT most
$$;

-- Episodes of a bot in which nobody has said anything for so long.
CREATE FUNCTION door_silent_episodes(hours int, most int) RETURNS TABLE (company_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT e.company_id, e.id FROM bot_episode e
  WHERE e.outcome = 'open' AND e.last_at < now() - make_interval(hours => hours) ORDER BY e.last_at LIMIT most
$$;

-- Companies whose vectors are behind what their FAQs say.
CREATE FUNCTION door_stale_knowledge(most int) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.company_id FROM knowledge k JOIN company c ON c.id = k.company_id AND c.deleted_at IS NULL
  WHERE k.indexed_version < k.version LIMIT most
$$;

-- Every company that has FAQs: an emptied vector store is filled again.
CREATE FUNCTION door_all_knowledge() RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.company_id FROM knowledge k JOIN company c ON c.id = k.company_id AND c.deleted_at IS NULL
$$;

DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['door_due_bots(int)', 'door_due_hand_overs(int)', 'door_silent_episodes(int, int)', 'door_stale_knowledge(int)', 'door_all_knowledge()'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app', f);
  END LOOP;
END $$;
