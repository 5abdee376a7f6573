// How the bot stands: its switch, each channel with why it is silent there, and what to do next.
import { useState } from "react";
import { Link } from "react-router";
import { ChevronRight, CircleQuestionMark, FlaskConical, MessagesSquare, PencilLine } from "lucide-react";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { useRefresh } from "$/public/external/saas_admin/channels/jsx/list.jsx";
import { silenceTone } from "./words.js";

export function Switch({ on, label, disabled, onValue }) {
  return <button type="button" role="switch" className="sw" aria-checked={on} aria-label={label} disabled={disabled || undefined} onClick={() => onValue(!on)} />;
}

function ChannelRow({ channel, botIsOn, canManage, onSwitch }) {
  const t = useT();
  const changed = Object.keys(channel.differs ?? {});
  return (
    <li className="brow">
      <ChannelGlyph kind={channel.kind} variant="tile" size={36} decorative />
      <div className="grow">
        <div className="strong cut"><Link className="main" to={`/bots/channels/${channel.id}`}>{channel.name}</Link></div>
        <div className="small t3 brow-state"><span className={`live ${silenceTone(channel.silence)}`} />{t(`bots.silence.${channel.silence || "none"}`)}</div>
      </div>
      {changed.length ? <span className="chip desk">{t("bots.channels.differs", { what: changed.map((name) => t(`bots.differs.${name}`)).join(", ") })}</span> : null}
      <Switch on={channel.is_on} disabled={!canManage} label={t("bots.channels.switch", { name: channel.name, on: t(botIsOn ? "bots.channels.bot_on" : "bots.channels.bot_off") })} onValue={(on) => onSwitch?.(channel.id, on)} />
      <ChevronRight className="i t3" aria-hidden="true" />
    </li>
  );
}

function Step({ icon: Icon, title, text, to, words }) {
  return (
    <li className="bstep">
      <span className="ftile sm"><Icon className="i" aria-hidden="true" /></span>
      <div className="grow"><div className="strong">{title}</div><div className="small t3">{text}</div></div>
      <Link className="btn s xs" to={to}>{words}</Link>
    </li>
  );
}

function NextSteps({ knowledge, unanswered, canRead }) {
  const t = useT();
  const lang = useLang();
  const n = (value) => formatNumber(value, lang);
  return (
    <section className="card bnext">
      <header><h2 className="title-s grow">{t("bots.next.title")}</h2></header>
      <ul>
        {knowledge.published === 0 ? <Step icon={PencilLine} title={t("bots.next.no_faqs")} text={t("bots.next.no_faqs_text")} to="/bots/faqs" words={t("bots.next.no_faqs_do")} /> : null}
        {canRead && unanswered > 0 ? <Step icon={CircleQuestionMark} title={t("bots.next.unanswered", { n: unanswered })} text={t("bots.next.unanswered_text")} to="/bots/unanswered" words={t("bots.next.unanswered_do")} /> : null}
        {knowledge.few > 0 ? <Step icon={MessagesSquare} title={t("bots.next.few", { n: knowledge.few })} text={t("bots.next.few_text")} to="/bots/faqs" words={t("bots.next.few_do")} /> : null}
        <Step icon={FlaskConical} title={t("bots.next.try")} text={knowledge.published ? t("bots.next.try_text", { faqs: n(knowledge.published), phrasings: n(knowledge.phrasings) }) : t("bots.next.try_empty")} to="/bots/playground" words={t("bots.next.try_do")} />
      </ul>
    </section>
  );
}

export function BotOverview({ bot: now, channels, knowledge, talking, unanswered, loaded, permissions, onSwitch, onSwitchChannel, onRefresh }) {
  const bot = useLast(now, loaded);
  const rows = useLast(channels, loaded);
  const known = useLast(knowledge, loaded);
  const t = useT();
  const [asked, setAsked] = useState(false);
  const canManage = permissions?.includes("bots:manage");
  useRefresh(onRefresh, 20);
  const change = (on) => (on || !talking ? onSwitch?.(on) : setAsked(true));
  const answering = rows.filter((row) => !row.silence).length;
  const line = !bot.is_on ? "off" : answering ? "on" : "silent";
  return (
    <div className="bcols">
      <section className="card">
        <div className="bstate">
          <Switch on={!!bot.is_on} disabled={!canManage} label={t("bots.switch.label")} onValue={change} />
          <div className="grow" role="status">
            <h2 className="title-s">{t(`bots.state.${line}`, { name: bot.name || t("bots.unnamed"), n: answering })}</h2>
            <p className="small t3">{t(`bots.state.${line}_text`)}{talking && bot.is_on ? ` ${t("bots.state.talking", { n: talking })}` : ""}</p>
          </div>
        </div>
        {rows.length ? (
          <ul>{rows.map((row) => <ChannelRow key={row.id} channel={row} botIsOn={bot.is_on} canManage={canManage} onSwitch={onSwitchChannel} />)}</ul>
        ) : (
          <p className="bstate t3">{t("bots.channels.none")} {permissions?.includes("channels:manage") ? <Link className="link" to="/channels/new">{t("bots.channels.connect")}</Link> : null}</p>
        )}
      </section>
      <NextSteps knowledge={known} unanswered={unanswered} canRead={permissions?.includes("conversations:read")} />
      <ConfirmDialog open={asked} danger={false} title={t("bots.switch.confirm")} text={t("bots.switch.confirm_text", { n: talking })} verb={t("bots.switch.off")} onClose={() => setAsked(false)} onConfirm={() => { setAsked(false); onSwitch?.(false); }} />
    </div>
  );
}
