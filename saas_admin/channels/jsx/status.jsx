// How one channel is doing: a sentence first, then the moments, the account's facts and the provider's own words.
import { useState } from "react";
import { CircleCheck, Pause, Play, RefreshCw, Trash2, TriangleAlert } from "lucide-react";
import { Link, useLocation } from "react-router";
import { Ago } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, CopyLine } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatDate, formatNumber, hasWords, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { DemoNumbers } from "./form.jsx";
import { Pulse, RemoveDialog, useRefresh } from "./list.jsx";
import { detail, failureWords, health, isUnregistered, kindWords, lastMoment, limitWords, problem, qualityWords, remedy, since, tone } from "./words.js";

// Facts with words of their own, in their order; the rest of what a provider says is for machines.
const FACTS = [
  ["display_phone_number", "number"], ["phone_number", "number"], ["verified_name", "verified_name"], ["name", "name"], ["page_name", "name"],
  ["first_name", "name"], ["username", "username"], ["account_name", "account"], ["friendly_name", "account"],
];

// What a provider says in its own words (active, Full) is said in ours where we know it.
const valueWords = (t, kind, key, value) => {
  const words = `channels.${kind}.facts_say.${key}_${String(value).toLowerCase()}`;
  return hasWords(words) ? t(words) : String(value);
};

const COMMON = new Set([...FACTS.map(([key]) => key), "quality_rating", "messaging_limit", "messaging_limit_tier", "pending_updates", "webhook_url"]);

export function ChannelTabs({ channel: now, about }) {
  const t = useT();
  const { pathname } = useLocation();
  const channel = useLast(now, !!now?.id);
  if (!channel?.id || channel.kind === "webchat") return null;
  const base = `/channels/${channel.id}`;
  const tabs = [["summary", base], ...(about?.has_templates ? [["templates", `${base}/templates`]] : []), ["log", `${base}/log`]];
  return (
    <nav className="seg" aria-label={t("channels.tabs.label")} style={{ marginTop: 16 }}>
      {tabs.map(([name, href]) => {
        const here = pathname.replace(/\/$/, "") === href;
        return <Link key={name} to={href} className={here ? "on" : ""} aria-current={here ? "page" : undefined}>{t(`channels.tabs.${name}`)}</Link>;
      })}
    </nav>
  );
}

// What is wrong, since when, and what to do about it: before everything else on the page.
export function ChannelTrouble({ channel: now, refused, canManage, onAgain, onRetry }) {
  const t = useT();
  const lang = useLang();
  const channel = useLast(now, !!now?.id);
  if (!channel?.id) return null;
  return (
    <>
      {channel.state === "attention" ? (
        <div className="banner" role="status" style={{ marginTop: 16 }}>
          <span className="lead"><TriangleAlert className="i s20" aria-hidden="true" /></span>
          <div className="grow">
            <b className="strong">{t("channels.trouble.title", { name: channel.name, since: since(t, lang, channel.since) })}</b>{" "}
            <span className="t2">{channel.last_error ? problem(t, channel) : null} {remedy(t, channel)}</span>
            {channel.last_error?.text ? <div className="small t3" lang="en">{t("channels.status.provider_says", { provider: channel.provider, text: channel.last_error.text })}</div> : null}
          </div>
          {canManage ? <button type="button" className="btn p" onClick={() => onAgain?.()}>{t("channels.keys.again")}</button> : null}
        </div>
      ) : null}
      {canManage && refused > 0 && channel.state === "connected" ? (
        <div className="banner calm" role="status" style={{ marginTop: 16 }}>
          <span className="lead"><RefreshCw className="i s20" aria-hidden="true" /></span>
          <span className="grow">{t("channels.keys.refused", { n: refused })}</span>
          <button type="button" className="btn s" onClick={() => onRetry?.()}>{t("channels.keys.retry", { n: refused })}</button>
        </div>
      ) : null}
    </>
  );
}

export function ChannelStatus({ channel: now, facts: known, about, onRefresh }) {
  const channel = useLast(now, !!now?.id);
  const facts = useLast(known, !!now?.id);
  const t = useT();
  const lang = useLang();
  useRefresh(onRefresh, lastMoment(channel) && !isUnregistered(channel) ? 15 : 4);
  const fact = (words, value, key) => (value === undefined || value === null || value === "" ? null : <div key={key ?? words} style={{ display: "contents" }}><dt>{t(words)}</dt><dd className="num">{value}</dd></div>);
  const error = channel.last_error;
  const shown = new Set();
  const named = FACTS.filter(([key, words]) => facts?.[key] && !shown.has(words) && shown.add(words));
  // What this kind alone tells (its words lie beside its fields).
  const own = Object.keys(facts ?? {}).filter((key) => hasWords(`channels.${channel.kind}.facts.${key}`) && !COMMON.has(key) && facts[key] !== "");
  const limit = facts?.messaging_limit ?? facts?.messaging_limit_tier;
  const top = Math.max(1, ...(channel.pulse ?? []).flatMap((hour) => [hour.incoming, hour.outgoing]));
  return (
    <div className="form" style={{ gap: 16 }}>
      <div role="status">
        <div className="row" style={{ gap: 9 }}><span className={`live ${tone(channel)}`} /><span className="strong">{t(`channels.state.${channel.state}`)}</span></div>
        <div className="t3" style={{ paddingLeft: 16 }}>{channel.state === "connected" ? `${health(t, channel)} · ` : ""}{detail(t, lang, channel)}</div>
      </div>
      {channel.pulse?.length ? (
        <div>
          <div className="row small t3" style={{ marginBottom: 4 }}><span className="grow">{t("channels.status.pulse")}</span><span className="num">{formatNumber(channel.in_today, lang)} ↓ {formatNumber(channel.out_today, lang)} ↑</span></div>
          <Pulse channel={channel} top={top} />
        </div>
      ) : null}
      <dl className="facts">
        {named.map(([key, words]) => fact(`channels.status.${words}`, words === "username" ? `@${String(facts[key]).replace(/^@/, "")}` : String(facts[key]), key))}
        {fact("channels.status.quality", qualityWords(t, facts?.quality_rating))}
        {fact("channels.status.limit", limitWords(t, lang, limit))}
        {fact("channels.status.pending", facts?.pending_updates)}
        {own.map((key) => fact(`channels.${channel.kind}.facts.${key}`, valueWords(t, channel.kind, key, facts[key]), key))}
        {fact("channels.status.expires", about?.expires_at ? formatDate(about.expires_at, lang) : "")}
        {fact("channels.status.last_event", channel.last_event_at ? <Ago at={channel.last_event_at} /> : t("channels.list.never"))}
        {fact("channels.status.last_sent", channel.last_sent_at ? <Ago at={channel.last_sent_at} /> : t("channels.list.never"))}
        {fact("channels.status.today", t("channels.list.day", { incoming: channel.in_today, outgoing: channel.out_today }))}
        {fact("channels.status.conversations", formatNumber(channel.conversations, lang))}
        {fact("channels.status.checked", about?.checked_at ? <Ago at={about.checked_at} /> : "")}
        {error && channel.state !== "attention" ? (
          <>
            <dt>{t("channels.status.last_error")}</dt>
            <dd>
              {problem(t, channel)} <span className="t3">· <Ago at={error.at} /></span>
              {error.text ? <div className="small t3" lang="en">{t("channels.status.provider_says", { provider: channel.provider, text: error.text })}</div> : null}
            </dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}

// Who tells the provider where to call: we did, or these two values are copied by hand; it turns to done by itself.
export function WebhookCard({ channel: now, about, url, token, demo, asking, canManage, onRegister }) {
  const t = useT();
  const channel = useLast(now, !!now?.id);
  const { provider, webhook, kind } = channel;
  if (!webhook) return null;
  const isDone = webhook === "ours" || webhook === "done";
  const failure = about?.webhook_failure;
  const lines = (
    <>
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>{t("channels.webhook.url")}</div>
        <CopyLine text={url} label={t("channels.webhook.url")} many />
      </div>
      {token ? (
        <div>
          <div className="strong" style={{ marginBottom: 6 }}>{t("channels.webhook.token")}</div>
          <CopyLine text={token} label={t("channels.webhook.token")} />
        </div>
      ) : null}
    </>
  );
  return (
    <div className="form" style={{ gap: 14 }}>
      <div role="status">
        <div className="row" style={{ gap: 9 }}>
          {isDone ? <CircleCheck className="i" style={{ color: "var(--ok)" }} aria-hidden="true" /> : webhook === "failed" ? <TriangleAlert className="i" style={{ color: "var(--warn)" }} aria-hidden="true" /> : <span className="live warn" />}
          <span className="strong">{t(`channels.webhook.${webhook}`)}</span>
        </div>
        <p className="t3 measure" style={{ paddingLeft: 25 }}>{t(`channels.webhook.${webhook}_text`, { provider })}</p>
        {failure ? (
          <p className="measure" style={{ paddingLeft: 25, marginTop: 6 }}>
            {failureWords(t, failure.code, provider)}
            {failure.text ? <span className="small t3 blk" lang="en">{t("channels.status.provider_says", { provider, text: failure.text })}</span> : null}
          </p>
        ) : null}
      </div>
      {webhook === "waiting" && canManage ? <><p className="t2 measure">{kindWords(t, kind, "by_hand")}</p>{lines}</> : null}
      {webhook === "failed" && canManage ? <div><Button kind="s" busy={asking} icon={<RefreshCw className="i s14" aria-hidden="true" />} onClick={() => onRegister?.()}>{t("channels.webhook.retry")}</Button></div> : null}
      {webhook !== "waiting" && canManage ? (
        <details className="more">
          <summary className="link">{t("channels.webhook.show")}</summary>
          <div className="form" style={{ gap: 14, marginTop: 12 }}>
            {webhook === "failed" ? <p className="t2 measure">{kindWords(t, kind, "by_hand")}</p> : null}
            {lines}
            {isDone ? <div><Button kind="s" busy={asking} icon={<RefreshCw className="i s14" aria-hidden="true" />} onClick={() => onRegister?.()}>{t("channels.webhook.again")}</Button></div> : null}
          </div>
        </details>
      ) : null}
      {canManage && webhook === "waiting" ? <DemoNumbers href={demo} kind={kind} /> : null}
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
