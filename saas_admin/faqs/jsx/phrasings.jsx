// The ways of asking it: Enter adds the next, lines that are pasted become several, Alt and an arrow move one.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { ArrowDown, ArrowUp, Copy, GripVertical, MessageCircleQuestion, Plus, TriangleAlert, X } from "lucide-react";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { fold } from "./fill.js";
import { ENOUGH, Meter } from "./words.jsx";

let serial = 0;
export const newKey = () => `p${++serial}`;
export const phrase = (text = "", source = "typed") => ({ key: newKey(), text, source });

function Twins({ twins }) {
  const t = useT();
  const twin = twins?.[0];
  if (!twin) return null;
  return (
    <p className="fwarn">
      <Copy className="i s12" aria-hidden="true" />
      <span>
        {t(twin.is_certain ? "faqs.twin.same" : "faqs.twin.near", { text: twin.text })}{" "}
        <Link className="link" to={`/bots/faqs/${twin.id}`}>{t("faqs.twin.open", { title: twin.title })}</Link>
      </span>
    </p>
  );
}

function PhrasingRow({ item, at, count, limit, error, repeated, twins, canManage, onText, onKey, onPaste, onRemove, onShift, drag }) {
  const t = useT();
  const problem = error ?? (repeated ? t("errors.faq_phrasing_twice") : undefined);
  return (
    <li className={drag.over === at ? "fphrase over" : "fphrase"} onDragOver={(event) => { event.preventDefault(); drag.set(at); }} onDrop={(event) => { event.preventDefault(); drag.drop(at); }}>
      {canManage ? <span className="grip desk" draggable onDragStart={(event) => { event.dataTransfer.effectAllowed = "move"; drag.start(at); }} onDragEnd={drag.end} aria-hidden="true"><GripVertical className="i s14" /></span> : null}
      <div className="grow">
        <div className={problem ? "input err" : "input"}>
          <input value={item.text} maxLength={limit} readOnly={!canManage} aria-label={at === 0 ? t("faqs.phrasings.first") : t("faqs.phrasings.nth", { n: at + 1 })} aria-invalid={problem ? true : undefined} placeholder={t(at === 0 ? "faqs.phrasings.first_example" : "faqs.phrasings.example")} onChange={(event) => onText(event.target.value)} onKeyDown={onKey} onPaste={onPaste} data-phrasing={at} />
          {item.source === "question" ? <span className="chip acc" data-tip={t("faqs.phrasings.real_hint")}>{t("faqs.phrasings.real")}</span> : null}
          {canManage ? (
            <span className="row fmoves">
              {at > 0 ? <button type="button" className="ib sm" aria-label={t("faqs.phrasings.up", { n: at + 1 })} onClick={() => onShift(-1)}><ArrowUp className="i s14" aria-hidden="true" /></button> : null}
              {at < count - 1 ? <button type="button" className="ib sm" aria-label={t("faqs.phrasings.down", { n: at + 1 })} onClick={() => onShift(1)}><ArrowDown className="i s14" aria-hidden="true" /></button> : null}
              <button type="button" className="ib sm" aria-label={t("faqs.phrasings.remove", { n: at + 1 })} onClick={onRemove}><X className="i s14" aria-hidden="true" /></button>
            </span>
          ) : null}
        </div>
        {problem ? <span className="error" role="alert"><TriangleAlert className="i s12" aria-hidden="true" />{problem}</span> : <Twins twins={twins} />}
      </div>
    </li>
  );
}

// What pays most: told by how many there are, never pretended.
function Nudge({ n }) {
  const t = useT();
  if (!n) return <p className="small t3">{t("faqs.nudge.none")}</p>;
  if (n >= ENOUGH) return <p className="small t3">{t("faqs.nudge.enough")}</p>;
  return <p className="small t3">{t("faqs.nudge.more", { n: ENOUGH - n })} {t("faqs.coach.why")}</p>;
}

export function Phrasings({ items, onChange, limits, errors, params, twins, proposals, canManage }) {
  const t = useT();
  const list = useRef(null);
  const wanted = useRef(null);
  const [over, setOver] = useState(-1);
  const from = useRef(-1);
  useEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector(`[data-phrasing="${wanted.current}"]`)?.focus();
    wanted.current = null;
  }, [items]);

  const say = (code) => (code ? t(`errors.${code}`, params) : undefined);
  const folds = items.map((each) => fold(each.text));
  const put = (next, focus) => {
    wanted.current = focus ?? null;
    onChange(next.length ? next : [phrase()]);
  };
  const move = (at, to) => {
    const next = [...items];
    next.splice(to, 0, ...next.splice(at, 1));
    return next;
  };
  const add = (at = items.length) => items.length < limits.phrasings && put([...items.slice(0, at), phrase(), ...items.slice(at)], at);
  const keys = (at) => (event) => {
    if (event.nativeEvent.isComposing || !canManage) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (items[at].text.trim()) add(at + 1);
    } else if (event.key === "Backspace" && !items[at].text && items.length > 1) {
      event.preventDefault();
      put(items.filter((_, index) => index !== at), Math.max(at - 1, 0));
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const to = at + (event.key === "ArrowUp" ? -1 : 1);
      event.preventDefault();
      if (to >= 0 && to < items.length) put(move(at, to), to);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = list.current?.querySelector(`[data-phrasing="${at + (event.key === "ArrowDown" ? 1 : -1)}"]`);
      if (next) { event.preventDefault(); next.focus(); }
    }
  };
  const paste = (at) => (event) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).map((line) => line.replace(/^[\s•*–-]+/, "").trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    const fresh = lines.slice(0, limits.phrasings - items.length + 1).map((line) => phrase(line.slice(0, limits.phrasing)));
    const before = items.slice(0, items[at].text.trim() ? at + 1 : at);
    put([...before, ...fresh, ...items.slice(at + 1)], before.length + fresh.length - 1);
  };
  const drag = {
    over,
    start: (at) => { from.current = at; },
    set: (at) => from.current >= 0 && setOver(at),
    drop: (at) => { if (from.current >= 0 && from.current !== at) put(move(from.current, at)); from.current = -1; setOver(-1); },
    end: () => { from.current = -1; setOver(-1); },
  };
  const said = items.filter((each) => each.text.trim()).length;
  const open = (proposals ?? []).filter((each) => !folds.includes(fold(each.text)));
  const take = (each) => put([...items.filter((item) => item.text.trim()), phrase(each.text, "question")]);

  return (
    <section className="card">
      <header><h2 className="title-s grow">{t("faqs.phrasings.title")}</h2><Meter n={said} /></header>
      <div className="body" style={{ display: "grid", gap: 12 }}>
        <Nudge n={said} />
        <ol className="fphrases" ref={list}>
          {items.map((item, at) => (
            <PhrasingRow
              key={item.key}
              item={item}
              at={at}
              count={items.length}
              limit={limits.phrasing}
              error={say(errors?.[`phrasings.${at}`])}
              repeated={folds[at] && folds.indexOf(folds[at]) < at}
              twins={twins[item.text.trim()]}
              canManage={canManage}
              onText={(text) => onChange(items.map((each, index) => (index === at ? { ...each, text, source: text === each.text ? each.source : "typed" } : each)))}
              onKey={keys(at)}
              onPaste={paste(at)}
              onRemove={() => put(items.filter((_, index) => index !== at), Math.min(at, items.length - 2))}
              onShift={(step) => put(move(at, at + step), at + step)}
              drag={drag}
            />
          ))}
        </ol>
        {errors?.phrasings ? <span className="error" role="alert"><TriangleAlert className="i s12" aria-hidden="true" />{t(`errors.${errors.phrasings}`, params)}</span> : null}
        {canManage ? (
          <div className="row" style={{ gap: 10, flexWrap: "wrap" }}>
            <Button icon={<Plus className="i s14" aria-hidden="true" />} onClick={() => add()} disabled={items.length >= limits.phrasings}>{t("faqs.phrasings.add")}</Button>
            <span className="small t3 desk">{t("faqs.phrasings.keys")}</span>
          </div>
        ) : null}
        {open.length && canManage ? (
          <div className="fproposals">
            <p className="strong row" style={{ gap: 8 }}><MessageCircleQuestion className="i" aria-hidden="true" />{t("faqs.proposals.title")}</p>
            <p className="small t3">{t("faqs.proposals.text")}</p>
            <ul>
              {open.map((each) => (
                <li key={each.text} className="row">
                  <span className="grow"><span className="blk">{each.text}</span><span className="small t3">{t("faqs.proposals.times", { n: each.times })}{each.is_open ? ` · ${t("faqs.proposals.open")}` : ""}</span></span>
                  <Button kind="t" size="xs" icon={<Plus className="i s14" aria-hidden="true" />} onClick={() => take(each)} aria-label={t("faqs.proposals.add", { text: each.text })}>{t("faqs.proposals.do")}</Button>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
    </section>
  );
}
