// Questions nobody had an answer for: two clicks make each a phrasing of a FAQ, or a FAQ of its own.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Check, MessageSquarePlus, PencilLine, Search, X } from "lucide-react";
import { Ago, Empty } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Problem } from "$/public/external/saas_admin/settings/jsx/frame.jsx";
import { reasonWords } from "./words.js";

const LONGEST = 300;
const LIKELY = 0.45;

function Teach({ row, found, done, problem, errors, params, onSearch, onTeach, onClose }) {
  const t = useT();
  const [text, setText] = useState("");
  const [faq, setFaq] = useState("");
  const [query, setQuery] = useState("");
  const [tried, setTried] = useState("");
  const before = useRef(done);
  useEffect(() => {
    if (!row) return;
    setText(row.question.replace(/\s+/g, " ").slice(0, LONGEST));
    setFaq(row.faq ?? row.closest[0]?.faq_id ?? "");
    setQuery("");
    setTried("");
    before.current = done;
  }, [row?.id]);
  useEffect(() => { if (row && done !== before.current) onClose(); }, [done]);
  useEffect(() => {
    if (!row) return undefined;
    const timer = setTimeout(() => onSearch?.(query), query ? 250 : 0);
    return () => clearTimeout(timer);
  }, [query, row?.id]);
  // What was refused is said until something else is tried.
  const isTried = tried === `${row?.id} ${faq} ${text}`;
  const wrong = isTried && Object.values(errors ?? {})[0]; // of the phrasing: nothing else is written here
  const suggested = (row?.closest ?? []).map((each, at) => ({ ...each, isClosest: at === 0 }));
  const others = found.filter((each) => !suggested.some((other) => other.faq_id === each.faq_id));
  const options = query ? found : [...suggested, ...others];
  return (
    <Dialog
      open={!!row}
      width={560}
      title={t("bots.unanswered.teach_title")}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="btn g" onClick={onClose}>{t("common.cancel")}</button>
          <Button kind="p" disabled={!faq || !text.trim()} autoFocus onClick={() => { setTried(`${row.id} ${faq} ${text}`); onTeach?.(row.id, faq, text); }}>{t("bots.unanswered.teach_do")}</Button>
        </>
      }
    >
      <div className="form" style={{ marginTop: 12 }}>
        <Field name="phrasing" label={t("bots.unanswered.phrasing")} hint={t("bots.unanswered.phrasing_hint")} error={wrong ? t(`errors.${wrong}`, params) : undefined} value={text} onValue={setText} maxLength={LONGEST} />
        <div>
          <Field name="faq" label={t("bots.unanswered.of_faq")} value={query} onValue={setQuery} prefix={<Search className="i s14" aria-hidden="true" />} placeholder={t("bots.unanswered.search_faq")} />
          <ul className="bpicker" role="radiogroup" aria-label={t("bots.unanswered.of_faq")}>
            {options.map((each) => (
              <li key={each.faq_id}>
                <button type="button" role="radio" aria-checked={each.faq_id === faq} onClick={() => setFaq(each.faq_id)}>
                  <span className="grow">{each.title}</span>
                  {each.isClosest ? <span className="small t3">{t("bots.unanswered.closest")}</span> : null}
                  {each.faq_id === faq ? <Check className="i s14" aria-hidden="true" /> : null}
                </button>
              </li>
            ))}
          </ul>
          {options.length ? null : <p className="small t3">{t("bots.unanswered.no_faq")}</p>}
        </div>
        {isTried ? <Problem code={problem} params={params} /> : null}
      </div>
    </Dialog>
  );
}

function Row({ row, canManage, onPick, onDismiss }) {
  const t = useT();
  const best = row.closest[0];
  // The closest is a guess that is likelier wrong: then writing is what comes first.
  const isFar = !best || best.likeness < LIKELY;
  const write = <Link className={isFar ? "btn t" : "btn s"} to={`/bots/faqs/new?question=${encodeURIComponent(row.question.slice(0, LONGEST))}&answer=${row.id}`}><PencilLine className="i s14" aria-hidden="true" />{t("bots.unanswered.write")}</Link>;
  return (
    <li className="bquestion">
      <div className="grow">
        <div className="strong bask-words">{row.question}</div>
        <div className="small t3 bmeta">
          <span className="num">{t("bots.unanswered.times", { n: row.times })}</span>
          <span><Ago at={row.last_at} /></span>
          <span className="row" style={{ gap: 5 }}><ChannelGlyph kind={row.channel_kind} decorative />{row.channel_name}</span>
          <span>{reasonWords(t, row.reason)}</span>
          <Link className="link" to={`/inbox?c=${row.conversation_id}`}>{t("bots.unanswered.thread")}</Link>
        </div>
      </div>
      {canManage ? (
        <div className="bacts">
          {isFar ? write : null}
          {best ? <Button kind={isFar ? "s" : "t"} icon={<MessageSquarePlus className="i s14" aria-hidden="true" />} onClick={() => onPick(row)} aria-label={t("bots.unanswered.add_to", { title: best.title })}><span className="cut">{t("bots.unanswered.like", { title: best.title })}</span></Button> : <Button icon={<MessageSquarePlus className="i s14" aria-hidden="true" />} onClick={() => onPick(row)}>{t("bots.unanswered.pick")}</Button>}
          {isFar ? null : write}
          <button type="button" className="ib" aria-label={t("bots.unanswered.dismiss", { question: row.question })} data-tip={t("bots.unanswered.dismiss_tip")} onClick={() => onDismiss?.(row.id)}><X className="i" aria-hidden="true" /></button>
        </div>
      ) : null}
    </li>
  );
}

export function UnansweredList({ rows: now, coming, next, query, opened, channel, channels, found, loaded, done, problem, errors, params, permissions, onNarrow, onMore, onSearch, onTeach, onDismiss, onRefresh }) {
  const rows = useLast(now, loaded);
  const t = useT();
  const [text, setText] = useState(query);
  const [row, setRow] = useState(null);
  const canManage = permissions?.includes("faqs:manage");
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useEffect(() => {
    const undone = () => refresh.current?.();
    window.addEventListener("undone", undone);
    return () => window.removeEventListener("undone", undone);
  }, []);
  useEffect(() => setText(query), [opened]);
  useEffect(() => {
    if (text === query) return undefined;
    const timer = setTimeout(() => onNarrow?.(text, channel), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const isNarrowed = !!(query || channel);
  if (!rows.length && !isNarrowed && !text) {
    return <Empty scene="channels" title={t("bots.unanswered.empty")} text={t("bots.unanswered.empty_text")}><Link className="btn s" to="/bots/playground">{t("bots.unanswered.empty_do")}</Link></Empty>;
  }
  return (
    <div className="form" style={{ gap: 12, marginTop: 16 }}>
      <div className="row bfilters">
        <label className="input fsearch grow"><Search className="i t3" aria-hidden="true" /><input type="search" data-search aria-label={t("bots.unanswered.search")} placeholder={t("bots.unanswered.search")} value={text} onChange={(event) => setText(event.target.value)} /></label>
        {channels.length > 1 ? (
          <select className="fchip" aria-label={t("bots.figures.channel")} value={channel} onChange={(event) => onNarrow?.(text, event.target.value)}>
            <option value="">{t("bots.figures.all_channels")}</option>
            {channels.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        ) : null}
      </div>
      {rows.length ? <ul className="card">{rows.map((each) => <Row key={each.id} row={each} canManage={canManage} onPick={setRow} onDismiss={onDismiss} />)}</ul> : <Empty scene="search" title={t("bots.unanswered.none")} text={t("bots.unanswered.none_text")}><button type="button" className="btn s" onClick={() => { setText(""); onNarrow?.("", ""); }}>{t("bots.unanswered.all")}</button></Empty>}
      {next ? <div><Button onClick={() => onMore?.()}>{t("bots.unanswered.more", { n: coming })}</Button></div> : null}
      <Teach row={row} found={found} done={done} problem={problem} errors={errors} params={params} onSearch={onSearch} onTeach={onTeach} onClose={() => setRow(null)} />
    </div>
  );
}
