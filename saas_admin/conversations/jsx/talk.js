// The thread's memory: the last opened conversations, older pages, pushed messages, and what waits to be sent.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSequence } from "./feed.js";
import { now, store, uuid } from "./util.js";

const KEPT = 12; // threads kept in the page, so that going back shows the words at once
const TYPING_FOR = 7000, BOT_THINKS = 15_000;
const BOT_PAUSE = 350; // most answers of a bot are there before dots could be seen
const text = (value) => value || "";
const inOrder = (a, b) => text(a.at).localeCompare(text(b.at)) || text(a.created_at).localeCompare(text(b.created_at)) || a.id.localeCompare(b.id);
const draftOf = (message) => message.draft_id?.split("#")[0]; // a draft of several files is stored as id, id#1, id#2 …

function merge(known, incoming) {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const old = byId.get(message.id);
    if (!old || (message.rev ?? 0) >= (old.rev ?? 0)) byId.set(message.id, message); // a late delta never takes a tick back
  }
  return [...byId.values()].sort(inOrder);
}

const byId = (items) => [...new Map(items.map((item) => [item.id, item])).values()];

export function useTalk({ id, thread, older, push, heads, onReload }) {
  const cache = useRef(new Map());
  const [, redraw] = useState(0);
  const [typing, setTyping] = useState({});
  const timers = useRef({});
  const open = useRef(id);
  open.current = id;
  const sequence = useSequence(() => open.current && onReload(open.current));

  const write = useCallback((key, change) => {
    const next = change(cache.current.get(key));
    if (!next) return;
    cache.current.delete(key);
    cache.current.set(key, next);
    if (cache.current.size > KEPT) cache.current.delete(cache.current.keys().next().value);
    redraw((n) => n + 1);
  }, []);

  const tell = useCallback((slot, who, lasts) => {
    clearTimeout(timers.current[slot]);
    setTyping((old) => (old[slot] || who ? { ...old, [slot]: who } : old));
    if (who) timers.current[slot] = setTimeout(() => setTyping((old) => ({ ...old, [slot]: null })), lasts);
  }, []);

  useEffect(() => {
    const key = thread?.conversation?.id;
    if (!key) return;
    sequence.reset(typeof thread.seq === "number" ? { [`conv:${key}`]: thread.seq } : thread.seq);
    write(key, (old) => {
      const overlaps = old && thread.messages.some((message) => old.messages.some((known) => known.id === message.id));
      return { ...thread, messages: overlaps ? merge(old.messages, thread.messages) : thread.messages, has_more: overlaps ? old.has_more : thread.has_more, cursor: overlaps ? old.cursor : thread.cursor, activities: byId([...(overlaps ? old.activities : []), ...(thread.activities || [])]) };
    });
  }, [thread]);

  useEffect(() => {
    const key = older?.conversation_id;
    if (key) write(key, (old) => old && { ...old, messages: merge(older.messages, old.messages), activities: byId([...(older.activities || []), ...old.activities]), has_more: !!older.cursor, cursor: older.cursor });
  }, [older]);

  useEffect(() => {
    if (push?.kind === "resync") { sequence.refetch(); return; }
    if (!push?.room) return;
    // It is somebody else's now and out of our sight: what was read stays said, the page says why it ends here.
    if (push.kind === "gone" && push.id === open.current) { cache.current.delete(push.id); sequence.refetch(); return; }
    if (push.kind === "conversation") write(push.row.id, (old) => old && push.row.rev >= old.conversation.rev && { ...old, conversation: push.row });
    if (!push.room.startsWith("conv:") || !sequence.accept(push)) return;
    const key = push.room.slice(5);
    if (push.kind === "message" && push.message.direction === "out" && !cache.current.get(key)?.messages.some((known) => known.id === push.message.id)) tell("bot", null);
    // An answer that grows is shown only while its question is the last word: somebody may have answered since.
    if (push.kind === "piece") tell("bot", push.text && cache.current.get(key)?.messages.at(-1)?.id === push.question_id ? { id: key, text: push.text } : null, BOT_THINKS);
    if (push.kind === "message") write(key, (old) => old && { ...old, messages: merge(old.messages, [push.message]) });
    if (push.kind === "activity") write(key, (old) => old && { ...old, activities: byId([...old.activities, push.activity]) });
    if (push.kind === "message" && push.message.direction === "in") tell("customer", null);
    if (push.kind === "typing" && push.who === "bot") {
      clearTimeout(timers.current.bot);
      timers.current.bot = setTimeout(() => tell("bot", push.on ? { id: key, text: "" } : null, BOT_THINKS), BOT_PAUSE);
    } else if (push.kind === "typing") tell(push.who === "agent" ? "agent" : "customer", push.on ? { id: key, name: push.name, user_id: push.user_id } : null, TYPING_FOR);
  }, [push]);

  useEffect(() => {
    const own = open.current && cache.current.get(open.current);
    if (heads?.seq) sequence.compare(heads.seq, own && heads.rev?.[open.current] > own.conversation.rev);
  }, [heads]);
  return { talk: id ? cache.current.get(id) : null, typing, reload: sequence.refetch };
}

// --- what waits to be sent ---------------------------------------------------------------------------------------
// Kept in the browser until the server has said yes; sending twice is harmless, the draft's id decides.
const AGAIN = 15_000, PATIENCE = 4000;

export function useOutbox({ me, sent, push, thread, seed, say, onReply, onSendTemplate }) {
  const key = `outbox:${me.id}`;
  const [items, setItems] = useState([]);
  const [online, setOnline] = useState(() => navigator.onLine !== false);
  const all = useRef([]);
  const change = useCallback((update) => { all.current = update(all.current); store.set(key, all.current.length ? all.current : null); setItems(all.current); }, [key]);
  const deliver = useCallback((item) => {
    const { draft_id, conversation_id, extra } = item;
    if (item.template_id) { onSendTemplate({ draft_id, conversation_id, template_id: item.template_id, values: item.values, consent: item.consent }); return; }
    onReply({ draft_id, conversation_id, text: item.text, attachment_ids: item.attachments.map((file) => file.id), reply_to: item.reply_to?.id || null, ...(extra?.choices && { choices: extra.choices.options, opener: extra.choices.opener || "" }), ...(extra?.link && { link: extra.link }), ...(extra?.location && { location: extra.location }) });
  }, [onReply, onSendTemplate]);
  const again = useCallback((min) => all.current.filter((item) => !item.error && Date.now() - item.tried > min).forEach((item) => { item.tried = Date.now(); deliver(item); }), [deliver]);

  useEffect(() => { all.current = store.get(key) || []; setItems(all.current); again(0); }, [key]);
  useEffect(() => {
    const up = () => { setOnline(true); again(0); }, down = () => setOnline(false);
    window.addEventListener("online", up);
    window.addEventListener("offline", down);
    const timer = setInterval(() => navigator.onLine !== false && again(AGAIN), 5000);
    return () => { window.removeEventListener("online", up); window.removeEventListener("offline", down); clearInterval(timer); };
  }, [again]);
  useEffect(() => { again(PATIENCE); }, [thread, seed]); // a fresh seed means the line is back

  const settle = useCallback((drafts) => { if (all.current.some((item) => drafts.has(item.draft_id))) change((old) => old.filter((item) => !drafts.has(item.draft_id))); }, [change]);
  useEffect(() => { if (push?.kind === "message" && push.message?.draft_id) settle(new Set([draftOf(push.message)])); }, [push]);
  useEffect(() => { if (thread?.messages) settle(new Set(thread.messages.map(draftOf).filter(Boolean))); }, [thread]);
  useEffect(() => {
    if (!sent?.draft_id) return;
    if (sent.error) change((old) => old.map((item) => (item.draft_id === sent.draft_id ? { ...item, error: say(`errors.${sent.error.code}`, sent.error.params), reason: sent.error } : item)));
    else settle(new Set([sent.draft_id]));
  }, [sent]);

  const send = useCallback((draft) => {
    const item = { ...draft, draft_id: uuid(), at: new Date(now()).toISOString(), tried: Date.now(), error: null };
    change((old) => [...old, item]);
    deliver(item);
    return item.draft_id;
  }, [change, deliver]);
  const retry = useCallback((draftId) => {
    change((old) => old.map((item) => (item.draft_id === draftId ? { ...item, error: null, tried: Date.now() } : item)));
    const item = all.current.find((one) => one.draft_id === draftId);
    if (item) deliver(item);
  }, [change, deliver]);
  const drop = useCallback((draftId) => change((old) => old.filter((item) => item.draft_id !== draftId)), [change]);
  return { items, online, send, retry, drop };
}

// An unsent draft drawn like the message it will become.
export function asMessage(item, me, online) {
  return {
    id: `draft:${item.draft_id}`, draft_id: item.draft_id, conversation_id: item.conversation_id, direction: "out", pending: true, at: item.at,
    kind: item.said?.kind || item.attachments[0]?.kind || "text", text: item.said?.text ?? item.text, data: item.said?.data || {}, location: item.said?.location, attachments: item.attachments, reply_to: item.reply_to, author: { kind: "agent", id: me.id, name: me.name },
    status: item.error ? "failed" : "queued", waits: !item.error && (!online || Date.now() - item.tried > PATIENCE || Date.now() - Date.parse(item.at) > 8000),
    error: item.error && { es: item.error, en: item.error, can_retry: true, can_discard: true },
  };
}

// --- the log's lines ---------------------------------------------------------------------------------------------
export function useLines(talk, drafts) {
  return useMemo(() => {
    if (!talk) return { lines: [], reactions: {} };
    const reactions = {}, known = new Set(talk.messages.map((message) => message.id));
    const spoken = [];
    for (const message of talk.messages) {
      const target = message.kind === "reaction" && message.reply_to?.id;
      if (!target || !known.has(target)) { spoken.push(message); continue; }
      const others = (reactions[target] || []).filter((one) => one.by !== message.direction);
      reactions[target] = message.text ? [...others, { by: message.direction, text: message.text }] : others; // an empty one takes it back
    }
    const said = new Set(spoken.map(draftOf).filter(Boolean));
    const waiting = drafts.filter((draft) => !said.has(draft.draft_id));
    const lines = [...spoken.map((message) => ({ at: message.at, id: message.id, message })), ...talk.activities.map((activity) => ({ at: activity.at, id: activity.id, activity }))]
      .sort((a, b) => (a.at || "").localeCompare(b.at || "") || (a.activity ? 1 : 0) - (b.activity ? 1 : 0));
    waiting.forEach((message) => lines.push({ at: message.at, id: message.id, message }));
    return { lines, reactions };
  }, [talk, drafts]);
}
