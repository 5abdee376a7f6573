// One FAQ: how it is asked and what is answered at the left, what the customer sees and where it counts at the right.
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { ArrowLeft, Ellipsis, EyeOff, Trash2, TriangleAlert } from "lucide-react";
import { Empty, Failed, SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, lookAtFirstError } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatMoment, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { LeaveGuard } from "$/public/external/saas_admin/ui/jsx/leave.jsx";
import { ConfirmDialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { listAddress } from "./address.js";
import { Answer, Preview } from "./answer.jsx";
import { isTooLong, plain, useForm } from "./form.js";
import { HistoryButton } from "./history.jsx";
import { Phrasings } from "./phrasings.jsx";
import { Where } from "./where.jsx";
import { StatusChip } from "./words.jsx";

// What the server found wrong, as long as the field says what it was wrong about.
function useErrors(errors, own) {
  const asked = useRef({ errors, own });
  if (asked.current.errors !== errors) asked.current = { errors, own };
  const then = plain(asked.current.own);
  const now = plain(own);
  const same = (name) => JSON.stringify(then[name]) === JSON.stringify(now[name]);
  return Object.fromEntries(Object.entries(errors ?? {}).filter(([name]) => same(name.split(".")[0])));
}

function MoreMenu({ faq, onUnpublish, onRemove }) {
  const t = useT();
  const label = t("faqs.menu.more");
  return (
    <Menu label={label} trigger={(props) => <button {...props} className="ib" aria-label={label}><Ellipsis className="i" aria-hidden="true" /></button>}>
      {(close) => (
        <>
          {faq.status === "published" ? <MenuItem icon={<EyeOff className="i" aria-hidden="true" />} onClick={() => { close(); onUnpublish(); }}>{t("faqs.unpublish")}</MenuItem> : null}
          <MenuItem danger icon={<Trash2 className="i" aria-hidden="true" />} onClick={() => { close(false); onRemove(); }}>{t("faqs.delete")}</MenuItem>
        </>
      )}
    </Menu>
  );
}

function SaveBar({ faq, dirty, busy, sending, onReset, onSave }) {
  const t = useT();
  const isPublished = faq.status === "published";
  if (isPublished && !dirty) return null;
  const wait = busy || sending;
  return (
    <div className="savebar" role="region" aria-label={t("faqs.save.label")}>
      <span className="grow t2">{t(dirty ? (isPublished ? "faqs.save.live" : "faqs.save.unsaved") : faq.id ? "faqs.save.draft" : "faqs.save.new")}</span>
      {dirty && faq.id ? <Button kind="g" onClick={onReset} disabled={wait}>{t("faqs.save.discard")}</Button> : null}
      {isPublished ? null : <Button kind={dirty ? "s" : "g"} disabled={!dirty || wait} onClick={() => onSave(false)}>{t("faqs.save.as_draft")}</Button>}
      <Button kind="p" busy={busy} disabled={sending} onClick={() => onSave(true)}>{t(isPublished ? "common.save" : "faqs.publish")}</Button>
    </div>
  );
}

function Form({ faq, categories, samples, proposals, twins, history, historyProblem, busy, errors: found, params, problem, done, saved, canManage, company, variables, languages, channels, limits, onSave, onTwins, onHistory, onMoreHistory, onRestore, onUnpublish, onRemove, onAddCategory, onRefresh }) {
  const t = useT();
  const lang = useLang();
  const { own, change, dirty, reset, send, giveWay, made, round } = useForm(faq, done, saved);
  const errors = useErrors(found, own);
  const [leaving, setLeaving] = useState(false);
  const title = own.phrasings.find((each) => each.text.trim())?.text || t("faqs.new");
  const sending = own.files.some((file) => !file.id && !file.problem);
  const page = useRef(null);
  const save = (publish) => {
    if (isTooLong(own, limits)) lookAtFirstError(page.current);
    else onSave({ ...send(), id: faq.id, answers: faq.answers, publish });
  };
  const latest = useRef({});
  latest.current = { save, dirty, busy, sending, status: faq.status, refresh: onRefresh };

  const texts = JSON.stringify(plain(own).phrasings.map((each) => each.text).filter((text) => text.length <= limits.phrasing));
  useEffect(() => {
    if (!canManage || texts === "[]") return undefined;
    const timer = setTimeout(() => onTwins({ texts: JSON.parse(texts), language: own.language, id: faq.id }), 500);
    return () => clearTimeout(timer);
  }, [texts, own.language, faq.id, faq.version, canManage]);
  const alike = useMemo(() => Object.fromEntries((twins?.asked ?? []).map((text, at) => [text, twins.found[at]])), [twins]);

  useEffect(() => {
    const press = (event) => {
      if (!(event.ctrlKey || event.metaKey) || !["s", "Enter"].includes(event.key) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      const now = latest.current;
      if (now.dirty && !now.busy && !now.sending) now.save(now.status === "published");
    };
    const undone = () => latest.current.refresh?.();
    document.addEventListener("keydown", press);
    window.addEventListener("undone", undone);
    return () => { document.removeEventListener("keydown", press); window.removeEventListener("undone", undone); };
  }, []);
  useEffect(() => {
    if (problem && !busy) lookAtFirstError(page.current);
  }, [problem, found, busy]);
  const chose = useRef(faq.made_category);
  useEffect(() => {
    if (faq.made_category && faq.made_category !== chose.current) change({ category_id: faq.made_category });
    chose.current = faq.made_category;
  }, [faq.made_category]);

  return (
    <div className="feditor" ref={page}>
      <LeaveGuard dirty={canManage && dirty} to={made ? `/bots/faqs/${made}` : ""} />
      <Link className="back" to={listAddress()}><ArrowLeft className="i s14" aria-hidden="true" />{t("faqs.title")}</Link>
      <header className="head">
        <div className="grow">
          <h1 className="display cut" tabIndex={-1} title={title}>{title}</h1>
          <p className="t3 row" style={{ gap: "6px 8px", marginTop: 4, flexWrap: "wrap" }}>
            <StatusChip status={faq.status} />
            {faq.updated_at ? <span>{t(faq.updated_by ? "faqs.updated_by" : "faqs.updated", { when: formatMoment(faq.updated_at, lang), who: faq.updated_by })}</span> : null}
          </p>
        </div>
        {faq.id ? <HistoryButton history={history} problem={historyProblem} version={faq.version} canManage={canManage} dirty={dirty} onAsk={onHistory} onMore={onMoreHistory} onRestore={(version) => { giveWay(); onRestore(version); }} /> : null}
        {faq.id && canManage ? <MoreMenu faq={faq} onUnpublish={onUnpublish} onRemove={() => setLeaving(true)} /> : null}
      </header>
      {(problem === "faq_conflict" && dirty) || (problem && problem !== "faq_conflict" && !Object.keys(found ?? {}).length) ? <p className="banner bad" role="alert" style={{ marginTop: 14 }}><span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span><span className="grow">{t(`errors.${problem}`, params)}</span></p> : null}
      {canManage ? null : <p className="banner calm small" style={{ marginTop: 14 }}>{t("faqs.read_only")}</p>}
      <div className="cols fcols">
        <div className="fstack">
          <Phrasings items={own.phrasings} onChange={(phrasings) => change({ phrasings })} limits={limits} errors={errors} params={params} twins={alike} proposals={proposals} isNew={!faq.id && canManage} canManage={canManage} />
          <Answer own={own} isNext={!faq.id && canManage && !!faq.phrasings.length} change={change} onFiles={(next) => change((now) => ({ files: next(now.files) }))} limits={limits} errors={errors} params={params} variables={variables} sample={samples?.[own.language]} channels={channels} canManage={canManage} />
        </div>
        <div className="fstack fside">
          <Preview own={own} sample={samples?.[own.language]} company={company} />
          <Where key={round} own={own} change={change} categories={categories} languages={languages} channels={channels} limits={limits} errors={errors} params={params} canManage={canManage} onAddCategory={onAddCategory} />
        </div>
      </div>
      {canManage ? <SaveBar faq={faq} dirty={dirty} busy={busy} sending={sending} onReset={reset} onSave={save} /> : null}
      <ConfirmDialog open={leaving} title={t("faqs.remove.title", { title })} text={t("faqs.remove.text")} verb={t("faqs.delete")} onConfirm={() => { setLeaving(false); reset(); onRemove(); }} onClose={() => setLeaving(false)} />
    </div>
  );
}

// The State may still hold the FAQ of the page before, or a new one that was begun for another question: nothing of it is
// shown here. A form that is open stays open whatever a later reading finds.
export function FaqEditor({ faq: now, ready, trouble, onRetry, ...rest }) {
  const t = useT();
  const faq = useLast(now, ready);
  const { pathname, search } = useLocation();
  const wanted = pathname.replace(/\/$/, "").split("/").at(-1);
  const asked = (query) => new URLSearchParams(query).toString();
  const isIt = faq?.id !== undefined && (wanted === "new" ? faq.id === "" && asked(faq.asked) === asked(search) : faq.id === wanted);
  if (isIt) return <Form key={faq.id || `new?${faq.asked}`} faq={faq} {...rest} />;
  if (trouble?.of !== wanted) return <SkeletonRows n={5} avatar={false} />;
  if (trouble.code !== "not_found") return <Failed code={trouble.code} onRetry={onRetry} />;
  return (
    <Empty scene="search" level={1} title={t("faqs.missing.title")} text={t("faqs.missing.text")}>
      <Link className="btn s" to="/bots/faqs">{t("faqs.to_list")}</Link>
    </Empty>
  );
}
