// Where answers are written. The text never waits for anything: it lives in the box, is kept in the browser, and leaves as one draft.
import { useEffect, useImperativeHandle, useRef, useState } from "react";
import { ExtraChip, ExtraTools, useExtra } from "./extras.jsx";
import { fitted } from "./fit.js";
import { Layout, Paperclip, Send, Smile, WifiOff, X } from "./icons.js";
import { Pop } from "./pop.jsx";
import { useUploads, UploadChips } from "./uploads.jsx";
import { Blocked, LateLine, WindowShut, windowOf } from "./window.jsx";
import { cx, firstName, number, phone, store, useInbox, useMinute } from "./util.js";

const FACES = "😀 😄 😂 😊 🙂 😉 😍 😘 😎 🤗 🤔 😅 😢 😬 🙏 👍 👎 👌 👏 🙌 💪 👋 ✌️ 🤝 ❤️ 🧡 💚 🎉 🎁 ✨ ⭐ 🔥 ☕ 🫘 🍫 🥐 📦 🚚 📍 ✅".split(" ");
const TYPING_EVERY = 4000, TYPING_STOP = 5000, DRAFT_EVERY = 250;

function Faces({ onPick }) {
  const { t } = useInbox();
  return (
    <Pop label={t("composer.emoji")} className="up desk" button={(props) => <button {...props} className="ib" aria-label={t("composer.emoji")} data-tip={t("composer.emoji")}><Smile size={16} strokeWidth={1.75} /></button>}>
      {(close) => <div className="bx-faces">{FACES.map((face, i) => <button key={face} type="button" data-first={i ? undefined : ""} aria-label={face} onClick={() => { onPick(face); close(); }}>{face}</button>)}</div>}
    </Pop>
  );
}

// Tells the visitor that someone writes, at most every few seconds, and takes it back when the hand stops.
function useTyping(id, enabled, onTyping) {
  const last = useRef(0), timer = useRef(null);
  const stop = () => { clearTimeout(timer.current); if (last.current) { last.current = 0; onTyping(id, false); } };
  useEffect(() => stop, [id]);
  return { stop, pulse: () => {
    if (!enabled) return;
    if (Date.now() - last.current > TYPING_EVERY) { last.current = Date.now(); onTyping(id, true); }
    clearTimeout(timer.current);
    timer.current = setTimeout(stop, TYPING_STOP);
  } };
}

export function Composer({ ref, talk, colleague, online, quote, onQuote, onSend, onTemplates, onTyping, onClose }) {
  useMinute();
  const { t, lang, me, can, channelName } = useInbox();
  const row = talk.conversation, limits = talk.capabilities;
  const key = `draft:${me.id}:${row.id}`;
  const box = useRef(null), save = useRef(null);
  const [filled, setFilled] = useState(false), [over, setOver] = useState(0), [dragging, setDragging] = useState(false);
  const uploads = useUploads(row.id, limits);
  const typing = useTyping(row.id, limits.has_typing, onTyping);
  const gate = windowOf(talk), shut = gate?.shut;
  const [extra, setExtra] = useExtra(`extra:${me.id}:${row.id}`);
  const reason = !can("conversations:reply") ? t("composer.no_permission") : !limits.can_send ? t("composer.channel_off") : null;

  const grow = () => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 8 * 21 + 14)}px`;
  };
  const read = () => {
    const text = box.current.value;
    setFilled(!!text.trim());
    setOver(text.length > limits.text_limit * 0.9 ? limits.text_limit - text.length : 0);
    grow();
    clearTimeout(save.current);
    save.current = setTimeout(() => store.set(key, text || null), DRAFT_EVERY);
  };
  useEffect(() => {
    if (!box.current) return undefined;
    box.current.value = store.get(key) || "";
    read();
    const area = box.current;
    return () => { clearTimeout(save.current); store.set(key, area.value || null); };
  }, [key, shut, reason, limits.is_blocked]);
  useImperativeHandle(ref, () => ({ focus: () => { const area = box.current; if (!area) return; area.focus(); area.setSelectionRange(area.value.length, area.value.length); }, drop: (files) => attach(files) }));
  useEffect(() => { if (quote) box.current?.focus(); }, [quote]);

  const attach = (files) => { if (!extra) uploads.add(files); };
  const insert = (text) => {
    const area = box.current, from = area.selectionStart ?? area.value.length;
    area.setRangeText(text, from, area.selectionEnd ?? from, "end");
    area.focus();
    read();
  };
  const ready = (filled || uploads.stored.length > 0 || !!extra?.location) && !(extra && uploads.list.length) && !uploads.busy && over >= 0;
  const send = (andClose) => {
    const text = box.current.value.trim();
    if ((!text && !uploads.stored.length && !extra?.location) || (extra && uploads.list.length) || uploads.busy || text.length > limits.text_limit) return;
    onSend({ conversation_id: row.id, text, attachments: uploads.stored, reply_to: quote, ...(extra && { extra, said: fitted(limits, text, extra, t("list_opener")) }) });
    setExtra(null);
    box.current.value = "";
    uploads.clear();
    onQuote(null);
    typing.stop();
    read();
    store.set(key, null);
    box.current.focus();
    if (andClose) onClose();
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) { event.preventDefault(); send(event.shiftKey); }
    if (event.key === "Escape") { event.stopPropagation(); if (quote) onQuote(null); else event.target.blur(); }
  };

  const name = firstName(row.customer_name);
  if (reason) return <div className="bx-locked" role="note">{reason}</div>;
  if (limits.is_blocked) return <Blocked name={name || t("composer.customer")} />;
  if (shut) return <WindowShut talk={talk} onTemplates={onTemplates} />;
  return (
    <>
      {colleague && <div className="bx-colleague" role="status">{t("thread.colleague_typing", { name: firstName(colleague) })}</div>}
      <form className={cx("bx-composer", dragging && "drag")} aria-label={t("composer.label")} onSubmit={(event) => { event.preventDefault(); send(false); }}
        onDragOver={(event) => { if (!extra && limits.media.length && [...event.dataTransfer.types].includes("Files")) { event.preventDefault(); setDragging(true); } }} onDragLeave={() => setDragging(false)}
        onDrop={(event) => { event.preventDefault(); setDragging(false); attach(event.dataTransfer.files); }}>
        <div className="tabs"><span className="on">{t("composer.reply")}</span><span className="grow" />
          {!online ? <span className="off" role="status"><WifiOff size={14} strokeWidth={1.75} aria-hidden="true" />{t("composer.offline")}</span>
            : <span className="small t3">{row.state === "closed" ? t("composer.reopens") : t("composer.by", { channel: channelName(row.channel_kind) })}</span>}
        </div>
        {gate?.late && <LateLine state={gate} />}
        {quote && <div className="bx-quoting"><div><b className="cut">{quote.author_name}</b><span className="cut">{quote.text || t("thread.quoted_media")}</span></div><button type="button" className="ib sm" aria-label={t("composer.no_quote")} onClick={() => onQuote(null)}><X size={14} strokeWidth={1.75} /></button></div>}
        <textarea ref={box} rows={1} aria-label={t("composer.write_to", { name: row.customer_name || phone(row.phone) || t("composer.customer") })} placeholder={name ? t("composer.placeholder", { name }) : t("composer.placeholder_plain")} dir="auto" onKeyDown={onKeyDown} aria-keyshortcuts="Control+Enter"
          onInput={() => { read(); typing.pulse(); }} onPaste={(event) => { if (!extra && event.clipboardData.files.length && limits.media.length) { event.preventDefault(); attach(event.clipboardData.files); } }} />
        <UploadChips uploads={uploads} />
        <ExtraChip limits={limits} extra={extra} filled={filled} onExtra={setExtra} />
        <div className="tools">
          {!extra && limits.media.length > 0 && <label className="ib" data-tip={t("composer.attach")}><Paperclip size={16} strokeWidth={1.75} aria-hidden="true" /><input type="file" multiple className="sr" aria-label={t("composer.attach")} accept={uploads.accept} onChange={(event) => { uploads.add(event.target.files); event.target.value = ""; }} /></label>}
          <Faces onPick={insert} />
          <ExtraTools limits={limits} extra={extra} blocked={uploads.list.length > 0} text={() => box.current?.value.trim()} onExtra={(next) => { setExtra(next); setTimeout(() => box.current?.focus(), 0); }} />
          {limits.has_templates && <button type="button" className="ib" aria-label={t("templates.send")} data-tip={t("templates.send")} onClick={onTemplates}><Layout size={16} strokeWidth={1.75} /></button>}
          <span className="grow" />
          {over !== 0 && <span className={cx("small num", over < 0 ? "bad" : "t3")} role="status">{over < 0 ? t("composer.too_long", { n: -over }) : number(over, lang)}</span>}
          <button type="submit" className="btn p send" disabled={!ready} data-tip={uploads.busy ? t("composer.wait_upload") : t("composer.send")} aria-label={t("composer.send")}><Send size={18} strokeWidth={1.75} className="phone-icon" aria-hidden="true" /><span className="words">{t("composer.send")} <kbd>Ctrl ↵</kbd></span></button>
        </div>
        {dragging && <div className="bx-drop" aria-hidden="true">{t("composer.drop")}</div>}
      </form>
    </>
  );
}
