// What a channel and its provider said to each other: newest first, each line in words.
import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { Link } from "react-router";
import { Ago, Empty, SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, Segmented } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, hasWords, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { useRefresh } from "./list.jsx";
import { failureWords } from "./words.js";

function Line({ row, provider }) {
  const t = useT();
  const lang = useLang();
  const action = `channels.log.action.${row.action === "webhook" && row.code === "handshake" ? "handshake" : row.action}`;
  const Way = row.direction === "in" ? ArrowDownLeft : ArrowUpRight;
  const why = row.is_ok ? "" : hasWords(`channels.log.code.${row.code}`) ? t(`channels.log.code.${row.code}`) : failureWords(t, row.code, provider);
  return (
    <li className="lrow">
      <Way className="i s14 t3" aria-hidden="true" />
      <div className="grow">
        <div className="row" style={{ gap: 8, flexWrap: "wrap" }}>
          <span className="strong">{hasWords(action) ? t(action) : row.action}</span>
          <span className={row.is_ok ? "chip ok" : "chip bad"}>{t(row.is_ok ? "channels.log.good" : "channels.log.bad")}</span>
          {row.conversation_id ? <Link className="link small" to={`/inbox/${row.conversation_id}`}>{t("channels.log.conversation")}</Link> : null}
        </div>
        {why ? <p className="t2 measure">{why}</p> : null}
        {row.words ? <p className="small t3 mono" lang="en" style={{ overflowWrap: "anywhere" }}>{t("channels.log.says", { provider, text: row.words })}</p> : null}
      </div>
      <div className="small t3 num" style={{ textAlign: "right", whiteSpace: "nowrap" }}>
        <Ago at={row.at} />
        {row.milliseconds === null || row.milliseconds === undefined ? null : <div>{t("channels.log.took", { n: formatNumber(row.milliseconds, lang) })}</div>}
      </div>
    </li>
  );
}

export function ExchangeLog({ rows: now, next, onlyProblems, loaded, provider, onChoose, onMore, onRefresh }) {
  const t = useT();
  const rows = useLast(now, loaded) ?? [];
  useRefresh(onRefresh, 20);
  const empty = onlyProblems ? <Empty scene="channels" title={t("channels.log.no_problems")} text={t("channels.log.no_problems_text", { provider })} /> : <Empty scene="search" title={t("channels.log.empty")} text={t("channels.log.empty_text")} />;
  return (
    <>
      <div className="row" style={{ gap: 16, flexWrap: "wrap", margin: "16px 0 12px" }}>
        <div className="grow" style={{ minWidth: 260 }}><p className="t3 measure">{t("channels.log.line", { provider })}</p></div>
        <Segmented label={t("channels.log.filter")} value={onlyProblems ? "problems" : "all"} onValue={(value) => onChoose?.(value === "problems")} options={["all", "problems"].map((value) => ({ value, label: t(`channels.log.${value}`) }))} />
      </div>
      {!loaded && !rows.length ? <SkeletonRows n={6} avatar={false} /> : rows.length ? <ul className="card">{rows.map((row) => <Line key={row.id} row={row} provider={provider} />)}</ul> : empty}
      {next ? <div style={{ textAlign: "center", marginTop: 16 }}><Button onClick={() => onMore?.()}>{t("channels.log.more")}</Button></div> : null}
    </>
  );
}
