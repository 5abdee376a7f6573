// What was changed, when and by whom; any version can come back.
import { Fragment, useState } from "react";
import { History, RotateCcw, X } from "lucide-react";
import { Ago, Failed, SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { languageName } from "./words.jsx";

function useValue() {
  const t = useT();
  const lang = useLang();
  return (what, value) => {
    if (!value) return t("faqs.history.nothing");
    if (what === "language") return languageName(value, lang);
    if (what === "status") return t(`faqs.status.${value}`);
    if (what === "channels" && value === "all") return t("faqs.channels.all");
    if (what === "channels") return t(`common.channel.${value}`);
    return value;
  };
}

// One text with what went and what came marked in it.
function Reworded({ parts }) {
  const t = useT();
  return (
    <dd className="fwords">
      {parts.map(([Tag, text], at) => (Tag === "same" ? <span key={at}>{text}</span> : <Fragment key={at}><span className="sr"> {t(Tag === "del" ? "faqs.history.removed" : "faqs.history.added")}: </span><Tag>{text}</Tag></Fragment>))}
    </dd>
  );
}

const without = (parts, kind) => parts.filter(([what]) => what !== kind).map(([, text]) => text).join("");

export function Difference({ difference }) {
  const t = useT();
  const say = useValue();
  const { what, before, after, added, removed, words } = difference;
  if (what === "is_sensitive") return <div><dt>{t(after === "yes" ? "faqs.history.now_sensitive" : "faqs.history.not_sensitive")}</dt></div>;
  const isList = ["phrasings", "channels", "files"].includes(what);
  const was = words.map((parts) => without(parts, "ins"));
  const now = words.map((parts) => without(parts, "del"));
  const gone = before === "all" ? ["all", ...removed] : removed.filter((text) => !was.includes(text));
  const come = after === "all" ? [...added, "all"] : added.filter((text) => !now.includes(text));
  return (
    <div>
      <dt>{t(`faqs.history.what.${what}`)}</dt>
      {words.map((parts, at) => <Reworded key={at} parts={parts} />)}
      {isList && !removed.length && !added.length && before === after ? <dd className="t3">{t("faqs.history.reordered")}</dd> : null}
      {isList
        ? [...gone.map((text) => ["del", text]), ...come.map((text) => ["ins", text])].map(([Tag, text]) => <dd key={Tag + text}><span className="sr">{t(Tag === "del" ? "faqs.history.removed" : "faqs.history.added")}: </span><Tag>{say(what, text)}</Tag></dd>)
        : words.length ? null : <dd><span className="sr">{t("faqs.history.was")}: </span><del>{say(what, before)}</del> <ins><span className="sr">{t("faqs.history.is")}: </span>{say(what, after)}</ins></dd>}
    </div>
  );
}

// What the first version said: there is nothing before it to compare with.
function FirstWords({ revision }) {
  const t = useT();
  return (
    <dl>
      <div><dt>{t("faqs.history.what.phrasings")}</dt>{revision.phrasings.map((text) => <dd key={text}>{text}</dd>)}</div>
      <div><dt>{t("faqs.history.what.answer")}</dt><dd className={revision.answer ? undefined : "t3"}>{revision.answer || t("faqs.no_answer")}</dd></div>
    </dl>
  );
}

function Revision({ revision, isCurrent, canManage, dirty, onRestore }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  return (
    <li className="frev">
      <p className="row" style={{ gap: 8 }}>
        <span className="strong grow">{t(`faqs.history.change.${revision.change}`, { who: revision.by || t("faqs.history.system") })}</span>
        {isCurrent ? <span className="chip acc">{t("faqs.history.current")}</span> : null}
      </p>
      <p className="small t3 num"><Ago at={revision.at} /> · {t("faqs.history.version", { version: revision.version })}</p>
      {revision.version === 1 ? <FirstWords revision={revision} /> : null}
      {revision.differences.length ? <dl>{revision.differences.map((each) => <Difference key={each.what} difference={each} />)}</dl> : null}
      {canManage && !isCurrent ? (
        asking ? (
          <div className="fask" role="group" aria-label={t("faqs.history.sure")}>
            <p className="small">{t(dirty ? "faqs.history.sure_dirty" : "faqs.history.sure")}</p>
            <blockquote className="small t2">{revision.phrasings.join(" · ")}{revision.answer ? ` → ${revision.answer}` : ""}</blockquote>
            <div className="row" style={{ gap: 8 }}>
              <Button kind="g" size="xs" autoFocus onClick={() => setAsking(false)}>{t("common.cancel")}</Button>
              <Button kind="p" size="xs" onClick={() => { setAsking(false); onRestore(revision.version); }}>{t("faqs.history.restore_do")}</Button>
            </div>
          </div>
        ) : (
          <Button kind="g" size="xs" className="fback" icon={<RotateCcw className="i s14" aria-hidden="true" />} onClick={() => setAsking(true)}>{t("faqs.history.restore")}</Button>
        )
      ) : null}
    </li>
  );
}

export function HistoryButton({ history, problem, version, canManage, dirty, onAsk, onMore, onRestore }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const known = history ?? [];
  const hasMore = known.length > 0 && known.at(-1).version > 1;
  return (
    <>
      <Button className="fhistory" aria-label={t("faqs.history.do")} icon={<History className="i s14" aria-hidden="true" />} onClick={() => { onAsk(); setOpen(true); }}><span className="desk">{t("faqs.history.do")}</span></Button>
      <Dialog open={open} onClose={() => setOpen(false)} kind="drawer" title={t("faqs.history.title")}>
        <button type="button" className="ib fclose" aria-label={t("common.close")} onClick={() => setOpen(false)}><X className="i" aria-hidden="true" /></button>
        <ol className="frevs">
          {known.map((each) => <Revision key={each.version} revision={each} isCurrent={each.version === version} canManage={canManage} dirty={dirty} onRestore={(wanted) => { setOpen(false); onRestore(wanted); }} />)}
        </ol>
        {problem && problem !== "loading" ? <Failed code={problem} level={3} onRetry={known.length ? onMore : onAsk} /> : !known.length ? <SkeletonRows n={4} avatar={false} padding="14px 0" /> : null}
        {hasMore && !problem ? <p className="fmore"><Button size="xs" onClick={() => onMore()}>{t("faqs.history.more")}</Button></p> : null}
      </Dialog>
    </>
  );
}
