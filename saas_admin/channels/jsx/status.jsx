// How one channel is doing: a sentence first, then the moments and the provider's own words.
import { useState } from "react";
import { Pause, Play, Trash2 } from "lucide-react";
import { Ago } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { RemoveDialog, useRefresh } from "./list.jsx";
import { detail, health, lastMoment, problem, tone } from "./words.js";

const QUALITY = { GREEN: "high", YELLOW: "medium", RED: "low" };

export function ChannelStatus({ channel: now, facts: known, onRefresh }) {
  const channel = useLast(now, !!now?.id);
  const facts = useLast(known, !!now?.id);
  const t = useT();
  const lang = useLang();
  useRefresh(onRefresh, lastMoment(channel) ? 15 : 4);
  const fact = (words, value) => (value === undefined || value === null || value === "" ? null : <><dt>{t(words)}</dt><dd className="num">{value}</dd></>);
  const error = channel.last_error;
  return (
    <div className="form" style={{ gap: 14 }}>
      <div role="status">
        <div className="row" style={{ gap: 9 }}><span className={`live ${tone(channel)}`} /><span className="strong">{health(t, channel)}</span></div>
        <div className="t3" style={{ paddingLeft: 16 }}>{detail(t, lang, channel)}</div>
      </div>
      <dl className="facts">
        {fact("channels.status.number", facts?.display_phone_number)}
        {fact("channels.status.verified_name", facts?.verified_name)}
        {fact("channels.status.quality", QUALITY[facts?.quality_rating] ? t(`channels.status.quality_${QUALITY[facts.quality_rating]}`) : "")}
        {fact("channels.status.last_event", channel.last_event_at ? <Ago at={channel.last_event_at} /> : t("channels.list.never"))}
        {fact("channels.status.last_sent", channel.last_sent_at ? <Ago at={channel.last_sent_at} /> : t("channels.list.never"))}
        {fact("channels.status.today", t("channels.list.day", { incoming: channel.in_today, outgoing: channel.out_today }))}
        {fact("channels.status.conversations", formatNumber(channel.conversations, lang))}
        {error ? (
          <>
            <dt>{t("channels.status.last_error")}</dt>
            <dd>
              {problem(t, error)} <span className="t3">· <Ago at={error.at} /></span>
              {error.text ? <div className="small t3" lang="en">{t("channels.status.provider_says", { text: error.text })}</div> : null}
            </dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}

export function ChannelActions({ channel: now, onPause, onResume, onRemove }) {
  const t = useT();
  const [leaving, setLeaving] = useState(false);
  const channel = useLast(now, !!now?.id);
  const off = channel.state === "disabled";
  return (
    <div className="form" style={{ gap: 0 }}>
      <div className="head" style={{ paddingBottom: 14 }}>
        <div className="grow"><div className="strong">{t(off ? "channels.menu.resume" : "channels.menu.pause")}</div><p className="t3 measure">{t(off ? "channels.pause.resume_text" : "channels.pause.text")}</p></div>
        <Button icon={off ? <Play className="i s14" aria-hidden="true" /> : <Pause className="i s14" aria-hidden="true" />} onClick={() => (off ? onResume : onPause)?.(channel.id)}>{t(off ? "channels.menu.resume" : "channels.menu.pause")}</Button>
      </div>
      <div className="head" style={{ paddingTop: 14, borderTop: "1px solid var(--line)" }}>
        <div className="grow"><div className="strong">{t("channels.menu.remove")}</div><p className="t3 measure">{t("channels.remove.hint")}</p></div>
        <Button icon={<Trash2 className="i s14" aria-hidden="true" />} onClick={() => setLeaving(true)}>{t("channels.menu.remove")}</Button>
      </div>
      <RemoveDialog channel={channel} open={leaving} onClose={() => setLeaving(false)} onConfirm={() => { setLeaving(false); onRemove?.(channel.id); }} />
    </div>
  );
}
