// One FAQ: how it is asked and what is answered at the left, what the customer sees and where it counts at the right.
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { ArrowLeft, Ellipsis, EyeOff, Trash2 } from "lucide-react";
import { SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatMoment, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Answer, Preview } from "./answer.jsx";
import { HistoryButton } from "./history.jsx";
import { phrase, Phrasings } from "./phrasings.jsx";
import { Where } from "./where.jsx";
import { LeaveGuard, StatusChip } from "./words.jsx";

function formOf(faq) {
  const phrasings = (faq?.phrasings ?? []).map(({ text, source }) => phrase(text, source));
  return {
    phrasings: phrasings.length ? phrasings : [phrase()],
    answer: faq?.answer ?? "",
    language: faq?.language ?? "es",
    category_id: faq?.category_id ?? "",
    channel_kinds: faq?.channel_kinds ?? [],
    is_sensitive: !!faq?.is_sensitive,
    files: faq?.files ?? [],
  };
}

function plain(own) {
  return {
    ...own,
    phrasings: own.phrasings.map(({ text, source }) => ({ text: text.trim(), source })).filter(({ text }) => text),
    files: own.files.filter((file) => file.id).map((file) => file.id),
  };
}

// Where the words of a form come from, and whether they differ from what is stored.
function useForm(faq, done) {
  const [own, setOwn] = useState(() => formOf(faq));
  // What a new one starts with is not stored either: it may be saved as it stands.
  const [base, setBase] = useState(() => JSON.stringify(plain({ ...formOf(faq), ...(faq.id ? {} : { phrasings: [] }) })));
  const seen = useRef({ id: faq.id, version: faq.version, done });
  const dirty = JSON.stringify(plain(own)) !== base;
  useEffect(() => {
    const { id, version, done: before } = seen.current;
    seen.current = { id: faq.id, version: faq.version, done };
    const isSaved = done > before;
    if (faq.id !== id || (faq.version !== version && (isSaved || !dirty))) {
      const fresh = formOf(faq);
      setOwn(fresh);
      setBase(JSON.stringify(plain(fresh)));
    } else if (isSaved) {
      setBase(JSON.stringify(plain(own)));
    }
  }, [faq.id, faq.version, done]);
  const change = (more) => setOwn((now) => ({ ...now, ...(typeof more === "function" ? more(now) : more) }));
  const reset = () => { const fresh = formOf(faq); setOwn(fresh); setBase(JSON.stringify(plain(fresh))); };
  return { own, change, dirty, reset };
}

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

function Form({ faq, categories, samples, proposals, twins, history, busy, errors: found, params, problem, done, canManage, company, variables, languages, channels, limits, onSave, onTwins, onHistory, onRestore, onUnpublish, onRemove, onAddCategory, onRefresh }) {
  const t = useT();
  const lang = useLang();
  const { own, change, dirty, reset } = useForm(faq, done);
  const errors = useErrors(found, own);
  const [leaving, setLeaving] = useState(false);
  const title = own.phrasings.find((each) => each.text.trim())?.text || t("faqs.new");
  const sending = own.files.some((file) => !file.id && !file.problem);
  const save = (publish) => onSave({ ...plain(own), id: faq.id, version: faq.version, publish });
  const latest = useRef({});
  latest.current = { save, dirty, busy, sending, status: faq.status, refresh: onRefresh };

  const texts = JSON.stringify(plain(own).phrasings.map((each) => each.text));
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
    if (problem) document.querySelector('.feditor [aria-invalid="true"]')?.focus();
  }, [problem, found]);
  useEffect(() => {
    if (faq.made_category) change({ category_id: faq.made_category });
  }, [faq.made_category]);

  return (
    <div className="feditor">
      <LeaveGuard dirty={canManage && dirty} />
      <Link className="back" to="/bots/faqs"><ArrowLeft className="i s14" aria-hidden="true" />{t("faqs.title")}</Link>
      <header className="head">
        <div className="grow">
          <h1 className="display cut" tabIndex={-1} title={title}>{title}</h1>
          <p className="t3 row" style={{ gap: 8, marginTop: 4 }}>
            <StatusChip status={faq.status} />
            {faq.updated_at ? <span>{t(faq.updated_by ? "faqs.updated_by" : "faqs.updated", { when: formatMoment(faq.updated_at, lang), who: faq.updated_by })}</span> : null}
          </p>
        </div>
        {faq.id ? <HistoryButton history={history} version={faq.version} canManage={canManage} dirty={dirty} onOpen={onHistory} onRestore={onRestore} /> : null}
        {faq.id && canManage ? <MoreMenu faq={faq} onUnpublish={onUnpublish} onRemove={() => setLeaving(true)} /> : null}
      </header>
      {problem === "faq_conflict" || (problem && !Object.keys(found ?? {}).length) ? <p className="banner bad" role="alert" style={{ marginTop: 14 }}>{t(`errors.${problem}`, params)}</p> : null}
      {canManage ? null : <p className="banner calm small" style={{ marginTop: 14 }}>{t("faqs.read_only")}</p>}
      <div className="cols fcols">
        <div className="fstack">
          <Phrasings items={own.phrasings} onChange={(phrasings) => change({ phrasings })} limits={limits} errors={errors} params={params} twins={alike} proposals={proposals} canManage={canManage} />
          <Answer own={own} change={change} onFiles={(next) => change((now) => ({ files: next(now.files) }))} limits={limits} errors={errors} params={params} variables={variables} sample={samples?.[own.language]} channels={channels} canManage={canManage} />
        </div>
        <div className="fstack fside">
          <Preview own={own} sample={samples?.[own.language]} company={company} />
          <Where own={own} change={change} categories={categories} languages={languages} channels={channels} errors={errors} params={params} canManage={canManage} onAddCategory={onAddCategory} />
        </div>
      </div>
      {canManage ? <SaveBar faq={faq} dirty={dirty} busy={busy} sending={sending} onReset={reset} onSave={save} /> : null}
      <ConfirmDialog open={leaving} title={t("faqs.remove.title", { title })} text={t("faqs.remove.text")} verb={t("faqs.delete")} onConfirm={() => { setLeaving(false); reset(); onRemove(); }} onClose={() => setLeaving(false)} />
    </div>
  );
}

// The State may still hold the FAQ of the page before: nothing of it is shown here.
export function FaqEditor({ faq: now, ready, ...rest }) {
  const faq = useLast(now, ready);
  const { pathname } = useLocation();
  const wanted = pathname.replace(/\/$/, "").split("/").at(-1);
  const isIt = faq && faq.id !== undefined && (wanted === "new" ? faq.id === "" : faq.id === wanted);
  if (!isIt) return <SkeletonRows n={5} avatar={false} />;
  return <Form key={faq.id} faq={faq} {...rest} />;
}
