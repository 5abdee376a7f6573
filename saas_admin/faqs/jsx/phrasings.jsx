// The ways of asking it: Enter adds the next, lines that are pasted become several, Alt and an arrow move one.
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import { ArrowDown, ArrowUp, ArrowUpDown, Check, Copy, GripVertical, MessageCircleQuestion, Plus, TriangleAlert, X } from "lucide-react";
import { Button, useRoom } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
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

function PhrasingRow({ item, at, count, limit, error, repeated, twins, canManage, focused, onText, onKey, onPaste, onRemove, onShift, drag }) {
  const t = useT();
  const id = useId();
  const room = useRoom(item.text.trim(), limit);
  const problem = room.problem ?? error ?? (repeated ? t("errors.faq_phrasing_twice") : undefined);
  const isLast = count === 1 && !item.text;
  return (
    <li className={drag.over === at ? "fphrase over" : "fphrase"} onDragOver={(event) => { event.preventDefault(); drag.set(at); }} onDrop={(event) => { event.preventDefault(); drag.drop(at); }}>
      {canManage ? <span className="grip desk" draggable onDragStart={(event) => { event.dataTransfer.effectAllowed = "move"; drag.start(at); }} onDragEnd={drag.end} aria-hidden="true"><GripVertical className="i s14" /></span> : null}
      <div className="grow">
        <div className={problem ? "input err" : "input"}>
          <input autoFocus={focused || undefined} value={item.text} readOnly={!canManage} aria-label={at === 0 ? t("faqs.phrasings.first") : t("faqs.phrasings.nth", { n: at + 1 })} aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-note` : undefined} placeholder={t(at === 0 ? "faqs.phrasings.first_example" : "faqs.phrasings.example")} onChange={(event) => onText(event.target.value)} onKeyDown={onKey} onPaste={onPaste} data-phrasing={at} />
          {room.counter}
          {item.source === "question" ? <span className="chip acc" data-tip={t("faqs.phrasings.real_hint")}>{t("faqs.phrasings.real")}</span> : null}
          {canManage ? (
            <span className="row fmoves">
              {at > 0 ? <button type="button" className="ib sm" data-by="up" aria-label={t("faqs.phrasings.up", { n: at + 1 })} onClick={() => onShift(-1)}><ArrowUp className="i s14" aria-hidden="true" /></button> : null}
              {at < count - 1 ? <button type="button" className="ib sm" data-by="down" aria-label={t("faqs.phrasings.down", { n: at + 1 })} onClick={() => onShift(1)}><ArrowDown className="i s14" aria-hidden="true" /></button> : null}
              {isLast ? null : <button type="button" className="ib sm fremove" aria-label={t("faqs.phrasings.remove", { n: at + 1 })} onClick={onRemove}><X className="i s14" aria-hidden="true" /></button>}
            </span>
          ) : null}
        </div>
        {problem ? <span className="error" role="alert" id={`${id}-note`}><TriangleAlert className="i s12" aria-hidden="true" />{problem}</span> : <Twins twins={twins} />}
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

export function Phrasings({ items, onChange, limits, errors, params, twins, proposals, isNew, canManage }) {
  const t = useT();
  const list = useRef(null);
  const wanted = useRef(null);
  const [over, setOver] = useState(-1);
  const from = useRef(-1);
  const [ordering, setOrdering] = useState(false);
  useEffect(() => {
    if (!wanted.current) return;
    const { at, by } = wanted.current;
    const row = list.current?.children[at];
    const button = by && (row?.querySelector(`[data-by="${by}"]`) ?? row?.querySelector("[data-by]"));
    (button || row?.querySelector("input"))?.focus();
    wanted.current = null;
  }, [items]);

  const say = (code) => (code ? t(`errors.${code}`, params) : undefined);
  const folds = items.map((each) => fold(each.text));
  // `by`: the button that moved it keeps the focus, so that it can be pressed again.
  const put = (next, at, by) => {
    wanted.current = at === undefined ? null : { at, by };
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
    const fresh = lines.map((line) => phrase(line));
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
  // The server counts those that say something.
  const place = (at) => items.slice(0, at).filter((each) => each.text.trim()).length;
  const missing = errors?.phrasings === "faq_phrasing_missing" ? errors.phrasings : undefined;
  const many = said > limits.phrasings ? t("errors.faq_phrasings_many", { most: limits.phrasings }) : missing ? undefined : say(errors?.phrasings);
  const open = (proposals ?? []).filter((each) => !folds.includes(fold(each.text)));
  const take = (each) => put([...items.filter((item) => item.text.trim()), phrase(each.text, "question")]);

  return (
    <section className="card">
      <header><h2 className="title-s grow">{t("faqs.phrasings.title")}</h2><Meter n={said} /></header>
      <div className="body" style={{ display: "grid", gap: 12 }}>
        <Nudge n={said} />
        <ol className={ordering && items.length > 1 ? "fphrases ordering" : "fphrases"} ref={list}>
          {items.map((item, at) => (
            <PhrasingRow
              key={item.key}
              item={item}
              at={at}
              count={items.length}
              limit={limits.phrasing}
              error={say(item.text.trim() ? errors?.[`phrasings.${place(at)}`] : at === 0 ? missing : undefined)}
              repeated={folds[at] && folds.indexOf(folds[at]) < at}
              twins={twins[item.text.trim()]}
              canManage={canManage}
              focused={isNew && at === 0 && !item.text}
              onText={(text) => onChange(items.map((each, index) => (index === at ? { ...each, text, source: text === each.text ? each.source : "typed" } : each)))}
              onKey={keys(at)}
              onPaste={paste(at)}
              onRemove={() => put(items.filter((_, index) => index !== at), Math.min(at, items.length - 2))}
              onShift={(step) => put(move(at, at + step), at + step, step < 0 ? "up" : "down")}
              drag={drag}
            />
          ))}
        </ol>
        {many ? <span className="error" role="alert"><TriangleAlert className="i s12" aria-hidden="true" />{many}</span> : null}
        {canManage ? (
          <div className="row" style={{ gap: 10, flexWrap: "wrap" }}>
            <Button icon={<Plus className="i s14" aria-hidden="true" />} onClick={() => add()} disabled={items.length >= limits.phrasings}>{t("faqs.phrasings.add")}</Button>
            {items.length > 1 ? <Button className="phone" aria-pressed={ordering} icon={ordering ? <Check className="i s14" aria-hidden="true" /> : <ArrowUpDown className="i s14" aria-hidden="true" />} onClick={() => setOrdering(!ordering)}>{t(ordering ? "faqs.phrasings.ordered" : "faqs.phrasings.order")}</Button> : null}
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
