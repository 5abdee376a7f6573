// The middle pane: head, the log of what was said, the box to answer in.
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Activity, Bubble, TypingBubble } from "./bubble.jsx";
import { Composer } from "./composer.jsx";
import { Header } from "./header.jsx";
import { ArrowDown } from "./icons.js";
import { BotWriting, HandOver, WhoSpeaks } from "./speaks.jsx";
import { NothingOpen, Trouble } from "./scenes.jsx";
import { asMessage, useLines } from "./talk.js";
import { TemplateDialog } from "./templates.jsx";
import { SILENT } from "./ticks.jsx";
import { dayKey, dayName, firstName, useInbox, useMinute } from "./util.js";
import { WindowPill } from "./window.jsx";

const NEAR = 90, TOGETHER = 120_000, SEEN_EVERY = 1500;

// Each answer of a bot stands for itself: it has a reason of its own.
const voice = ({ direction, author, data, draft_id }) => `${direction}:${author?.kind}:${author?.id || ""}:${data?.author?.id || ""}:${author?.kind === "bot" ? draft_id?.split("#")[0] : ""}`;
const loud = ({ direction, status }) => direction === "out" && !SILENT.has(status);
// What failed speaks for itself alone: the one before it keeps its hour and its tick.
const together = (a, b) => a?.message && b?.message && voice(a.message) === voice(b.message) && !loud(a.message) && !loud(b.message) && Math.abs(Date.parse(b.at) - Date.parse(a.at)) < TOGETHER && dayKey(a.at) === dayKey(b.at);

// Stays at the bottom while the reader is there; keeps the place when older words come in above.
function useScroll(id, lines, own) {
  const box = useRef(null), inner = useRef(null), height = useRef(0), bottom = useRef(true), head = useRef(null);
  const [missed, setMissed] = useState(0);
  const last = lines.at(-1), count = useRef(0);
  const down = (smooth) => { const el = box.current; if (!el) return; bottom.current = true; el.scrollTo({ top: el.scrollHeight, behavior: smooth ? "smooth" : "auto" }); setMissed(0); };

  useLayoutEffect(() => { bottom.current = true; head.current = null; count.current = 0; setMissed(0); }, [id]);
  useLayoutEffect(() => {
    const el = box.current;
    if (!el || !lines.length) return;
    const grownAbove = head.current && head.current !== lines[0].id && count.current < lines.length;
    if (bottom.current) el.scrollTop = el.scrollHeight;
    else if (grownAbove) el.scrollTop += el.scrollHeight - height.current;
    else if (count.current && lines.length > count.current && last.message) (last.message.pending && last.message.author?.id === own ? down() : setMissed((n) => n + 1));
    head.current = lines[0].id;
    count.current = lines.length;
    height.current = el.scrollHeight;
  }, [lines]);
  useEffect(() => {
    if (!inner.current) return undefined;
    const watch = new ResizeObserver(() => { const el = box.current; if (el && bottom.current) el.scrollTop = el.scrollHeight; if (el) height.current = el.scrollHeight; });
    watch.observe(inner.current);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [id, lines.length > 0]);
  const onScroll = () => {
    const el = box.current;
    bottom.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR;
    if (bottom.current && missed) setMissed(0);
  };
  return { box, inner, down, missed, onScroll, atBottom: bottom };
}

function Older({ talk, root, onOlder }) {
  const { t } = useInbox();
  const mark = useRef(null), asked = useRef(null);
  useEffect(() => {
    if (!talk.has_more || !mark.current) return undefined;
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting || asked.current === talk.cursor) return;
      asked.current = talk.cursor;
      onOlder(talk.conversation.id, talk.cursor);
    }, { root: root.current, rootMargin: "400px 0px 0px" });
    watch.observe(mark.current);
    return () => watch.disconnect();
  }, [talk.cursor, talk.has_more]);
  return talk.has_more ? <div ref={mark} className="bx-older"><button type="button" className="link" onClick={() => onOlder(talk.conversation.id, talk.cursor)}>{t("thread.older")}</button></div> : null;
}

function Log({ talk, drafts, typing, writing, onOlder, onRetry, onDiscard, onReply, onSeen, onWhy }) {
  useMinute(); // «Hoy» becomes «Ayer» at midnight
  const { t, lang, me } = useInbox();
  const id = talk.conversation.id;
  const { lines, reactions } = useLines(talk, drafts);
  const scroll = useScroll(id, lines, me.id);
  const jump = useMemo(() => (target) => {
    const el = document.querySelector(`[data-message="${CSS.escape(target)}"]`);
    el?.scrollIntoView({ block: "center", behavior: "smooth" });
    el?.classList.add("flash");
    setTimeout(() => el?.classList.remove("flash"), 1400);
  }, []);
  const lastHanded = lines.findLast((line) => line.activity?.kind === "handed_over")?.id;
  const quote = talk.capabilities.can_quote ? onReply : undefined;
  const unread = talk.conversation.unread;
  // Telling that we have seen it costs the server a write: a burst of messages is one telling.
  const told = useRef(0);
  const unseen = unread > 0 || lines.some((line) => line.message?.direction === "in" && line.message.status === "received");
  useEffect(() => {
    if (!unseen) return undefined;
    const look = () => { if (document.visibilityState === "visible") { told.current = Date.now(); onSeen(id); } };
    const timer = setTimeout(look, Math.max(0, told.current + SEEN_EVERY - Date.now()));
    document.addEventListener("visibilitychange", look);
    return () => { clearTimeout(timer); document.removeEventListener("visibilitychange", look); };
  }, [id, unseen, lines.length]);

  return (
    <div className="bx-log-wrap">
      <div ref={scroll.box} className="bx-log" role="log" aria-live="polite" aria-relevant="additions" aria-label={t("thread.log")} tabIndex={0} onScroll={scroll.onScroll}>
        <div ref={scroll.inner} className="inner">
          <Older talk={talk} root={scroll.box} onOlder={onOlder} />
          {lines.map((line, i) => {
            const before = lines[i - 1], after = lines[i + 1];
            const newDay = !before || dayKey(before.at) !== dayKey(line.at);
            return (
              <Fragment key={line.message?.draft_id || line.id}>
                {newDay && <div className="bx-day"><span>{dayName(line.at, lang)}</span></div>}
                {line.activity?.kind === "handed_over" ? <HandOver activity={line.activity} dueAt={line.activity.id === lastHanded ? talk.conversation.hand_over_due_at : null} />
                  : line.activity ? <Activity activity={line.activity} />
                  : <Bubble message={line.message} channel={talk.conversation.channel_kind} bot={talk.bot_name} first={newDay || !together(before, line)} last={!together(line, after)} reactions={reactions[line.id]?.map((one) => one.text)} onJump={jump} onRetry={onRetry} onDiscard={onDiscard} onReply={quote} onWhy={onWhy} />}
              </Fragment>
            );
          })}
          {writing && <BotWriting name={talk.bot_name} text={writing.text} />}
          {typing && <TypingBubble name={firstName(talk.conversation.customer_name)} url={talk.conversation.avatar_url} tint={talk.conversation.tint} />}
        </div>
      </div>
      {scroll.missed > 0 && <button type="button" className="bx-fresh low" onClick={() => scroll.down(true)}>{t("thread.new_below", { n: scroll.missed })}<ArrowDown size={14} strokeWidth={2} aria-hidden="true" /></button>}
    </div>
  );
}

function ThreadSkeleton() {
  return <div className="bx-log-wrap bx-skeletons" aria-hidden="true"><div className="bx-thread-sk">{[46, 30, 52, 24, 40, 58].map((width, i) => <i key={i} className={`sk bubble ${i % 3 === 1 ? "out" : ""}`} style={{ width: `${width}%`, height: i % 2 ? 40 : 60 }} />)}</div></div>;
}

export function Thread({ id, talk, error, row, hasRows, outbox, templates, typing, layer, composer, onLayer, onBack, onCard, onOlder, onRetry, onTyping, onSeen, onReload, onTemplates, onWhy, onClose }) {
  const { t, me } = useInbox();
  const [quote, setQuote] = useState(null);
  const [picking, setPicking] = useState(false), typed = useRef({});
  useEffect(() => { setQuote(null); setPicking(false); }, [id]);
  // The row says that nobody waits for a person any more; how it ended stands in the trail.
  const due = talk?.conversation.hand_over_due_at, waited = useRef({});
  useEffect(() => {
    if (waited.current.id === id && waited.current.due && talk && !due) onReload(id);
    waited.current = { id, due };
  }, [id, due]);
  const drafts = useMemo(() => outbox.items.filter((item) => item.conversation_id === id).map((item) => asMessage(item, me, outbox.online)), [outbox.items, outbox.online, id]);
  if (!id) return <section className="bx-thread none" aria-label={t("thread.label")}>{hasRows && <NothingOpen />}</section>;
  const shown = talk || (row && { conversation: row, capabilities: {}, messages: [], activities: [] });
  const customerTypes = typing.customer?.id === id, writing = typing.bot?.id === id && shown?.conversation.voice === "bot" ? typing.bot : null, colleague = typing.agent?.id === id && typing.agent.name !== me.name ? typing.agent.name : null;
  const retry = (message) => (message.pending ? outbox.retry(message.draft_id) : onRetry(message.id));
  const discard = (message) => outbox.drop(message.draft_id);
  const quoting = (message) => setQuote({ id: message.id, text: message.text, author_name: message.direction === "in" ? talk.conversation.customer_name : message.author?.name });
  return (
    <section className="bx-thread" aria-label={t("thread.with", { name: shown?.conversation.customer_name || shown?.conversation.phone || "" })}>
      {shown && <Header talk={shown} layer={layer} onLayer={onLayer} onBack={onBack} onCard={onCard} />}
      {error && !talk ? <Trouble text={t(`error.${error}`)} onRetry={error === "missing" ? onBack : () => onReload(id)} verb={error === "missing" ? t("thread.back") : null} /> : !talk ? <ThreadSkeleton /> : (
        <>
          <Log key={id} talk={talk} drafts={drafts} typing={customerTypes} writing={writing} onOlder={onOlder} onRetry={retry} onDiscard={discard} onReply={quoting} onSeen={onSeen} onWhy={onWhy} />
          <div className="phone bx-winline"><WindowPill talk={talk} /></div>
          <WhoSpeaks talk={talk} />
          <Composer ref={composer} talk={talk} colleague={colleague} online={outbox.online} quote={quote} onQuote={setQuote} onSend={outbox.send} onTemplates={() => setPicking(true)} onTyping={onTyping} onClose={onClose} />
          {picking && <TemplateDialog key={id} talk={talk} found={templates} outbox={outbox} kept={typed} onAsk={onTemplates} onClose={() => setPicking(false)} />}
        </>
      )}
    </section>
  );
}
