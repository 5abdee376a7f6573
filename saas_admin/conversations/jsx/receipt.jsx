// Why the bot said it: asked for when somebody wants to know, shown in a drawer beside the thread.
import { useEffect, useId, useState } from "react";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { formatCost, formatMilliseconds, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { External, X } from "./icons.js";
import { cx, number, percent, useInbox } from "./util.js";

const TONE = { high: "ok", low: "bad" };

function Bar({ value, certainty }) {
  return <span className="bx-bar" aria-hidden="true"><i style={{ width: `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%` }} className={TONE[certainty]} /></span>;
}

const Line = ({ name, children }) => <div className="line"><dt>{name}</dt><dd>{children}</dd></div>;

function Sources({ sources, mayOpen }) {
  const t = useT();
  const lang = useLang();
  return (
    <section>
      <h3 className="cap">{t("receipts.sources")}</h3>
      <p className="small t3">{t("receipts.score_hint")}</p>
      <ul className="bx-sources">
        {sources.map((source) => (
          <li key={source.faq_id} className={cx(source.is_cited && "cited")}>
            <span className="top">
              {mayOpen ? <a className="cut" href={`/bots/faqs/${source.faq_id}`}>{source.title}</a> : <span className="cut">{source.title}</span>}
              {source.is_cited && <span className="chip acc">{t("receipts.cited")}</span>}
            </span>
            {source.phrasing !== source.title && <span className="small t3 cut">{source.phrasing}</span>}
            <span className="score"><Bar value={source.score} /><span className="small t3 num">{t("receipts.score", { score: percent(Math.min(1, Math.max(0, source.score)), lang) })}</span></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Said({ receipt }) {
  const t = useT();
  const lang = useLang();
  const { can } = useInbox();
  const id = useId();
  const { route, reason, probability, certainty, faq_id, model } = receipt;
  const mayOpen = can("bots:read");
  return (
    <>
      <p className="lead" id={id}><b>{t(`receipts.route.${route}`)}</b>{t(`receipts.reason.${reason}`)}</p>
      {certainty && <div className="sure"><Bar value={probability} certainty={certainty} /><span className="small t2 num">{t(`receipts.level.${certainty}`, { percent: percent(probability, lang) })}</span></div>}
      {certainty && <p className="small t3">{t("receipts.certainty_hint")}</p>}
      <dl>
        {receipt.question && <Line name={t("receipts.question")}><q>{receipt.question}</q></Line>}
        {faq_id && <Line name={t("receipts.faq")}>{mayOpen ? <a href={`/bots/faqs/${faq_id}`} aria-label={`${t("receipts.open_faq")}: ${receipt.faq_title}`}>{receipt.faq_title}<External size={12} strokeWidth={2} aria-hidden="true" /></a> : receipt.faq_title}</Line>}
        {model && <Line name={t("receipts.model")}>{model}</Line>}
        {model && <Line name={t("receipts.tokens")}>{t("receipts.tokens_value", { read: number(receipt.tokens_in, lang), written: number(receipt.tokens_out, lang) })}</Line>}
        {model && <Line name={t("receipts.cost")}><span className="num">{formatCost(receipt.cost, lang)}</span></Line>}
        <Line name={t("receipts.time")}><span className="num">{formatMilliseconds(receipt.milliseconds, lang)}</span></Line>
      </dl>
      {receipt.sources.length > 0 && <Sources sources={receipt.sources} mayOpen={mayOpen} />}
    </>
  );
}

// Not there is one thing, not readable at the moment another.
function Trouble({ error, onRetry }) {
  const t = useT();
  const [waits, setWaits] = useState(false);
  if (error === "missing") return <p className="t2">{t("receipts.missing")}</p>;
  return (
    <div role="alert">
      <p className="t2">{t("receipts.trouble")}</p>
      <Button busy={waits} className="bx-again" onClick={() => { setWaits(true); onRetry(); }}>{t("common.retry")}</Button>
    </div>
  );
}

export function ReceiptDrawer({ id, found, onAsk, onClose }) {
  const t = useT();
  useEffect(() => { if (id) onAsk(id); }, [id]);
  const receipt = found?.message_id === id ? found : null;
  return (
    <Dialog kind="drawer" open={!!id} onClose={onClose} title={t("receipts.title")}>
      <button type="button" className="ib bx-cross" aria-label={t("receipts.close")} onClick={onClose}><X size={16} strokeWidth={1.75} /></button>
      <div className="bx-receipt" aria-live="polite">
        {!receipt ? <div className="bx-skeletons" aria-hidden="true"><i className="sk" style={{ width: "62%" }} /><i className="sk" style={{ width: "88%" }} /><i className="sk" style={{ width: "74%" }} /></div>
          : receipt.error ? <Trouble key={receipt.tried} error={receipt.error} onRetry={() => onAsk(id)} /> : <Said receipt={receipt} />}
      </div>
    </Dialog>
  );
}
