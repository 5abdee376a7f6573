// The receipt of an answer in words: which way, why, from what, how sure, how long, at what cost.
import { Link } from "react-router";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { encoderWords, milliseconds, money, percent, reasonWords } from "./words.js";

function Sources({ sources }) {
  const t = useT();
  const lang = useLang();
  if (!sources?.length) return null;
  return (
    <div>
      <h3 className="strong">{t("receipts.sources")}</h3>
      <p className="small t3" style={{ marginBottom: 4 }}>{t("receipts.score_hint")}</p>
      <ol className="bsources">
        {sources.map((source) => (
          <li key={source.faq_id} className={source.cited ? "on" : undefined}>
            <div className="row" style={{ gap: 8 }}>
              <Link className="grow strong cut" to={`/bots/faqs/${source.faq_id}`} title={source.title}>{source.title}</Link>
              {source.cited ? <span className="chip ok">{t("receipts.cited")}</span> : null}
              <span className="num small t3">{t("receipts.score", { score: percent(Math.min(1, Math.max(0, source.score)), lang) })}</span>
            </div>
            <div className="bmeter" aria-hidden="true"><i style={{ width: `${Math.max(1, Math.min(100, source.score * 100))}%` }} /></div>
            {source.phrasing && source.phrasing !== source.title ? <div className="small t3">{t("bots.receipt.by_phrasing", { phrasing: source.phrasing })}</div> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

const OWN = ["language", "encoders"];

export function Receipt({ turn }) {
  const t = useT();
  const lang = useLang();
  const steps = Object.entries(turn.steps ?? {});
  const fact = (name, value) => (value === "" || value === null || value === undefined ? null : <div key={name} style={{ display: "contents" }}><dt>{t(`${OWN.includes(name) ? "bots.receipt" : "receipts"}.${name}`)}</dt><dd className="num">{value}</dd></div>);
  return (
    <div className="form" style={{ gap: 16 }}>
      <div>
        <div className="row" style={{ gap: 8 }}><span className={`bdot p-${turn.route}`} /><h2 className="title-s">{t(`receipts.route.${turn.route}`)}</h2></div>
        <p className="t2">{reasonWords(t, turn.reason)}</p>
        {turn.certainty ? <p style={{ marginTop: 10 }}><span className="strong num">{t(`receipts.level.${turn.certainty}`, { percent: percent(turn.probability, lang) })}</span><span className="small t3 blk">{t("receipts.certainty_hint")}</span></p> : null}
      </div>
      <dl className="facts">
        {fact("language", t(`bots.receipt.languages.${turn.language}`))}
        {fact("time", milliseconds(turn.milliseconds, lang))}
        {steps.map(([name, n]) => <div key={name} style={{ display: "contents" }}><dt className="bsub">{t(`bots.receipt.step.${name}`)}</dt><dd className="num">{milliseconds(n, lang)}</dd></div>)}
        {fact("model", turn.model)}
        {fact("tokens", turn.model ? t("receipts.tokens_value", { read: formatNumber(turn.tokens_in, lang), written: formatNumber(turn.tokens_out, lang) }) : "")}
        {fact("cost", turn.model ? money(turn.cost, lang) : t("bots.receipt.free"))}
        {fact("encoders", encoderWords(t, turn.encoders))}
      </dl>
      <Sources sources={turn.sources} />
    </div>
  );
}
