// The inbox: three panes over one memory. The server seeds, pushes and answers; everything that moves lives here.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { toast } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { setBadge } from "$/public/external/saas_admin/ui/jsx/shell.jsx";
import { useFeed } from "./feed.js";
import { useKeys } from "./keys.js";
import { List } from "./list.jsx";
import { Panel } from "./panel.jsx";
import { ReceiptDrawer } from "./receipt.jsx";
import { useOutbox, useTalk } from "./talk.js";
import { Thread } from "./thread.jsx";
import { EMPTY_FILTER, filterKey, Inbox as Context, phone, scoped, syncClock } from "./util.js";

const POLL = 30_000;
let consumed = null; // the seed another mount has lived on: what was pushed since then was not heard

function useMode() {
  const read = () => (window.innerWidth >= 1280 ? "column" : window.innerWidth >= 768 ? "drawer" : "pane");
  const [mode, setMode] = useState(read);
  useEffect(() => {
    const resize = () => setMode(read());
    window.addEventListener("resize", resize);
    return () => window.removeEventListener("resize", resize);
  }, []);
  return mode;
}

// /inbox, /inbox/<id>, /inbox/<id>?card: each pane of a phone is an address, so that Back works.
function usePlace(base) {
  const location = useLocation(), navigate = useNavigate();
  const id = decodeURIComponent(location.pathname.slice(base.length).replace(/^\/|\/$/g, "")) || null;
  const card = new URLSearchParams(location.search).has("card");
  return {
    id, card, href: (one) => `${base}/${one}`,
    go: (one, replace = false) => navigate(one ? `${base}/${one}` : base, { replace }),
    showCard: () => navigate(`${base}/${id}?card`),
    back: (to) => (window.history.state?.idx > 0 ? navigate(-1) : navigate(to, { replace: true })),
  };
}

function useStable(fn) {
  const latest = useRef(fn);
  latest.current = fn;
  return useCallback((...args) => latest.current?.(...args), []);
}

export function InboxView(props) {
  const { base = "/inbox", seed, more, thread, older, push, heads, sent, templates, receipt } = props;
  // While the server rebuilds its State after a reconnect these are empty for a moment.
  const me = useLast(props.me, props.me?.id), permissions = useLast(props.permissions, props.permissions?.length), people = useLast(props.people, props.people?.members);
  const translate = useT(), lang = useLang();
  const t = useMemo(() => scoped(translate), [translate]);
  const place = usePlace(base), mode = useMode();
  const [filter, setFilter] = useState(() => ({ ...EMPTY_FILTER, ...(seed?.filter || {}) }));
  const [active, setActive] = useState(null), [layer, setLayer] = useState(null), [held, setHeld] = useState(false), [drawer, setDrawer] = useState(false), [why, setWhy] = useState(null);
  const listRef = useRef(null), composer = useRef(null);
  const ask = useStable((next) => props.onFilter(next));

  useEffect(() => { if (seed?.now && seed.now === consumed) ask(filter); }, []);
  useEffect(() => { if (seed?.now) { syncClock(seed.now); consumed = seed.now; } }, [seed]);
  // A reconnect may have lost the server's memory of the filter: the browser's choice wins.
  useEffect(() => { if (seed?.filter && filterKey(seed.filter) !== filterKey(filter)) ask(filter); }, [seed]);

  const feed = useFeed({ filter, seed, more, push, heads, me: me.id, held, onGap: useStable(() => ask(filter)), onMore: useStable(props.onMore) });
  const { talk, typing, reload } = useTalk({ id: place.id, thread, older, push, heads, onReload: useStable(props.onReload) });
  const outbox = useOutbox({ me, sent, push, thread, seed, onReply: useStable((draft) => { feed.release(draft.conversation_id); props.onReply(draft); }), onSendTemplate: useStable((draft) => { feed.release(draft.conversation_id); props.onSendTemplate(draft); }), say: translate });
  const poll = useStable(() => props.onPoll(place.id || ""));
  useEffect(() => {
    const timer = setInterval(poll, POLL);
    const wake = () => document.visibilityState === "visible" && poll();
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    return () => { clearInterval(timer); document.removeEventListener("visibilitychange", wake); window.removeEventListener("online", wake); };
  }, []);

  const pending = feed.totals?.pending?.all || 0;
  useEffect(() => {
    const plain = document.title.replace(/^\(\d+\+?\) /, "");
    setBadge("inbox", pending);
    document.title = pending ? `(${pending > 99 ? "99+" : pending}) ${plain}` : plain;
    return () => { document.title = document.title.replace(/^\(\d+\+?\) /, ""); };
  }, [pending, place.id]);

  const onFilter = useStable((change) => {
    const next = { ...filter, ...change };
    if (filterKey(next) === filterKey(filter)) return;
    setFilter(next);
    setActive(null);
    ask(next);
  });
  const open = useStable((id) => { setActive(id); setLayer(null); setDrawer(false); place.go(id, mode !== "pane" && !!place.id); });
  const index = (feed.rows || []).findIndex((row) => row.id === (active || place.id));
  const row = feed.rows?.find((one) => one.id === place.id);
  const current = talk?.conversation || row;

  const close = useStable((id) => {
    const rows = feed.rows || [], at = rows.findIndex((one) => one.id === id), closing = rows[at] || current, name = closing?.customer_name || phone(closing?.phone) || t("panel.unnamed");
    const next = id === place.id && filter.bucket !== "closed" && !filter.query ? rows[at + 1] || rows[at - 1] : null;
    feed.release(id);
    props.onClose(id);
    toast({ text: t("thread.closed_toast", { name }), action: { label: translate("common.undo"), run: () => props.onReopen(id) } });
    if (id !== place.id) return;
    if (mode === "pane") place.back(base);
    else if (next) open(next.id);
  });
  const answer = (verb, undo, words) => (id) => { verb(id); toast({ text: t(words), action: { label: translate("common.undo"), run: () => undo(id) } }); };
  const act = useMemo(() => ({
    silence: answer(props.onTake, props.onGiveBack, "voice.taken_toast"), giveBack: answer(props.onGiveBack, props.onTake, "voice.given_toast"),
    close, take: (id) => { feed.release(id); props.onTake(id); }, assign: (id, user) => { feed.release(id); props.onAssign(id, user || ""); }, reopen: (id) => props.onReopen(id),
    tag: (id, tag) => props.onTag(id, tag), untag: (id, tag) => props.onUntag(id, tag), createTag: (id, name, color) => props.onCreateTag(id, name, color),
  }), [props.onTake]);
  const can = useCallback((permission) => (permissions || []).includes(permission), [permissions]);
  const channelName = useCallback((kind) => translate(`common.channel.${kind}`), [translate]);
  const context = useMemo(() => ({ t, lang, me, members: people?.members || [], tags: people?.tags || [], channels: people?.channels || [], unconnected: people?.channels?.length === 0 && can("channels:manage"), can, act, channelName, href: place.href, open, onePane: mode === "pane" }), [t, lang, me.id, me.name, people, can, act, channelName, mode]);

  const step = (by) => {
    const rows = feed.rows || [];
    if (!rows.length) return;
    const at = Math.max(0, Math.min(rows.length - 1, index < 0 ? 0 : index + by));
    setActive(rows[at].id);
    listRef.current?.show(at);
    listRef.current?.focus();
  };
  const withOpen = (permission, fn) => () => { const target = place.id || active; if (!target || !can(permission)) return false; if (!place.id) open(target); fn(target); return true; };
  useKeys({
    j: () => step(1), k: () => step(-1),
    ArrowDown: (event) => (event.target.id === "bx-rows" ? step(1) : false), ArrowUp: (event) => (event.target.id === "bx-rows" ? step(-1) : false),
    Enter: () => (active ? open(active) : false),
    r: withOpen("conversations:reply", () => (composer.current ? composer.current.focus() : setTimeout(() => composer.current?.focus(), 400))),
    t: withOpen("conversations:assign", (id) => current?.assignee_id !== me.id && act.take(id)),
    a: withOpen("conversations:assign", () => setLayer("owner")),
    l: withOpen("conversations:tag", () => setLayer("tags")),
    e: withOpen("conversations:reply", (id) => (current?.state === "closed" ? act.reopen(id) : act.close(id))),
    u: () => { if (!place.id) return false; place.go(null); listRef.current?.focus(); return true; },
    "/": () => listRef.current?.search(),
    Escape: () => { if (place.card) place.back(place.href(place.id)); else if (layer) setLayer(null); else return false; return true; },
  });

  const onHold = useStable(setHeld), onTemplates = useStable(props.onTemplates), onReceipt = useStable(props.onReceipt);
  const pane = !place.id ? "list" : mode === "pane" && place.card ? "card" : "thread";
  const cardOpen = mode === "drawer" ? drawer : place.card;
  return (
    <Context.Provider value={context}>
      <div className="bx" data-pane={pane} onDragOver={(event) => event.preventDefault()} onDrop={(event) => event.preventDefault()}>
        <List filter={filter} feed={feed} selected={place.id} active={active} listRef={listRef} typingIn={typing.customer?.id} error={feed.rows || !seed?.error ? null : t("error.list")} onFilter={onFilter} onOpen={open} onHold={onHold} onRetry={() => ask(filter)} />
        <Thread id={place.id} talk={talk} row={row} hasRows={!!feed.rows?.length} error={thread?.error && thread.id === place.id ? thread.error : null} outbox={outbox} templates={templates} typing={typing} layer={layer} composer={composer} onLayer={setLayer}
          onBack={() => place.back(base)} onCard={() => (mode === "pane" ? place.showCard() : setDrawer(true))} onOlder={props.onOlder} onRetry={props.onRetry} onTyping={props.onTyping} onSeen={props.onSeen} onReload={reload} onTemplates={onTemplates} onWhy={setWhy} onClose={() => close(place.id)} />
        <Panel talk={talk} mode={mode} open={cardOpen} onClose={() => (mode === "drawer" ? setDrawer(false) : place.back(place.href(place.id)))} />
      </div>
      <ReceiptDrawer id={why} found={receipt} onAsk={onReceipt} onClose={() => setWhy(null)} />
    </Context.Provider>
  );
}
