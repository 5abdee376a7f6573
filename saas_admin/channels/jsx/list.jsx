// The channels of a company: tile, name, health in words, the last 24 hours, today, menu.
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Activity, ChevronRight, Ellipsis, Pause, Play, Plus, Settings2, Trash2, TriangleAlert } from "lucide-react";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Ago, Empty } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { ChannelGlyph, shapeOf } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { NoQr } from "./form.jsx";
import { detail, health, kindWords, lastMoment, problem, remedy, since, tone, whereabouts } from "./words.js";

// Asks again while somebody looks; a page in the background asks nothing.
export function useRefresh(refresh, seconds) {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && latest.current?.(), seconds * 1000);
    const undone = () => latest.current?.();
    window.addEventListener("undone", undone);
    return () => {
      clearInterval(timer);
      window.removeEventListener("undone", undone);
    };
  }, [seconds]);
}

// 24 mirrored bars: above what came in, below what went out, both on one scale over all channels.
export function Pulse({ channel, top, wide }) {
  const t = useT();
  const height = (count, room) => (count ? Math.max(3, Math.round(2 + (Math.sqrt(count) / Math.sqrt(top)) * (room - 2))) : 2);
  const total = channel.pulse.reduce((sum, hour) => [sum[0] + hour.incoming, sum[1] + hour.outgoing], [0, 0]);
  return (
    <div className={wide ? "beat wide" : "beat"} style={{ color: channel.state === "disabled" ? "var(--line-strong)" : `var(--${shapeOf(channel.kind)}-solid)` }} role="img" aria-label={t("channels.list.pulse", { incoming: total[0], outgoing: total[1] })}>
      {channel.pulse.map((hour, index) => (
        <span key={index}>
          <b style={{ height: height(hour.incoming, 18) }} />
          <i style={{ height: height(hour.outgoing, 18) }} />
        </span>
      ))}
    </div>
  );
}

export function RemoveDialog({ channel, open, onConfirm, onClose }) {
  const t = useT();
  return (
    <ConfirmDialog
      open={open}
      title={t("channels.remove.title", { name: channel?.name })}
      text={channel?.conversations ? t("channels.remove.text", { n: channel.conversations }) : t("channels.remove.text_empty")}
      verb={t("channels.remove.do")}
      onConfirm={onConfirm}
      onClose={onClose}
    />
  );
}

function Row({ channel, top, canManage, onPause, onResume, onRemove }) {
  const t = useT();
  const lang = useLang();
  const navigate = useNavigate();
  const at = lastMoment(channel);
  const state = tone(channel);
  return (
    <li className="crow">
      <ChannelGlyph kind={channel.kind} variant="tile" off={channel.state === "disabled"} />
      <div className="grow">
        <div className="title-s cut"><Link className="main" to={`/channels/${channel.id}`}>{channel.name}</Link></div>
        <div className="small t3 cut num">{whereabouts(t, channel)}</div>
        <div className="small phone row" style={{ gap: 8, marginTop: 5 }}>
          <span className={`live ${state}`} />
          <span className="cut">{health(t, channel)}{at ? <> · <Ago at={at} /></> : null}</span>
        </div>
      </div>
      <div className="grow desk">
        <div className="row" style={{ gap: 9 }}><span className={`live ${state}`} /><span className="cut">{health(t, channel)}</span></div>
        <div className="small t3 cut" style={{ paddingLeft: 16 }}>{detail(t, lang, channel)}</div>
      </div>
      <Pulse channel={channel} top={top} wide />
      <div className="num desk" style={{ textAlign: "right" }}>
        <span className="sr">{t("channels.list.day", { incoming: channel.in_today, outgoing: channel.out_today })}</span>
        <span aria-hidden="true">{formatNumber(channel.in_today, lang)} ↓&ensp;{formatNumber(channel.out_today, lang)} ↑</span>
        <div className="small t3">{at ? <Ago at={at} /> : t("channels.list.never")}</div>
      </div>
      <div className="desk">
        {canManage ? (
          <Menu
            label={t("channels.menu.of", { name: channel.name })}
            trigger={(props) => <button {...props} className="ib" aria-label={t("channels.menu.of", { name: channel.name })}><Ellipsis className="i" aria-hidden="true" /></button>}
          >
            {(close) => (
              <>
                <MenuItem icon={<Settings2 className="i" aria-hidden="true" />} onClick={() => { close(false); navigate(`/channels/${channel.id}`); }}>{t("channels.menu.edit")}</MenuItem>
                {channel.kind === "webchat" ? null : <MenuItem icon={<Activity className="i" aria-hidden="true" />} onClick={() => { close(false); navigate(`/channels/${channel.id}/log`); }}>{t("channels.menu.log")}</MenuItem>}
                {channel.state === "disabled" ? (
                  <MenuItem icon={<Play className="i" aria-hidden="true" />} onClick={() => { close(); onResume(channel.id); }}>{t("channels.menu.resume")}</MenuItem>
                ) : (
                  <MenuItem icon={<Pause className="i" aria-hidden="true" />} onClick={() => { close(); onPause(channel.id); }}>{t("channels.menu.pause")}</MenuItem>
                )}
                <hr />
                <MenuItem danger icon={<Trash2 className="i" aria-hidden="true" />} onClick={() => { close(); onRemove(channel); }}>{t("channels.menu.remove")}</MenuItem>
              </>
            )}
          </Menu>
        ) : null}
      </div>
    </li>
  );
}

function AddCard({ kind, again }) {
  const t = useT();
  return (
    <Link className="add" to={`/channels/new/${kind}`}>
      <ChannelGlyph kind={kind} variant="tile" size={34} decorative />
      <div className="grow">
        <div className="strong">{kindWords(t, kind, again ? "another" : "first")}</div>
        <div className="small t3">{kindWords(t, kind, "effort")}</div>
      </div>
      <Plus className="i" aria-hidden="true" />
    </Link>
  );
}

export function ChannelList({ kinds, rows: now, permissions: held, loaded, onPause, onResume, onRemove, onRefresh }) {
  const rows = useLast(now, loaded);
  const permissions = useLast(held, held?.length);
  const t = useT();
  const lang = useLang();
  const [leaving, setLeaving] = useState(null);
  const canManage = permissions?.includes("channels:manage");
  const troubled = rows.filter((row) => row.state === "attention");
  useRefresh(onRefresh, 15);
  const top = Math.max(1, ...rows.flatMap((row) => row.pulse.flatMap((hour) => [hour.incoming, hour.outgoing])));

  if (!rows.length) {
    return (
      <>
        <Empty scene="channels" title={t("channels.empty.title")} text={t(canManage ? "channels.empty.text" : "channels.empty.text_reader")} />
        {canManage ? <div className="adds" style={{ maxWidth: 640, margin: "0 auto", gridTemplateColumns: "repeat(auto-fit, minmax(260px, 1fr))" }}>{kinds.map(({ kind }) => <AddCard key={kind} kind={kind} />)}</div> : null}
      </>
    );
  }
  return (
    <>
      {troubled.map((row) => (
        <div className="banner" role="status" style={{ marginBottom: 16 }} key={row.id}>
          <span className="lead"><TriangleAlert className="i s20" aria-hidden="true" /></span>
          <div className="grow">
            <b className="strong">{t("channels.trouble.title", { name: row.name, since: since(t, lang, row.since) })}</b>{" "}
            <span className="t2">{row.last_error ? `${problem(t, row)} ${remedy(t, row)}` : null}</span>
          </div>
          {canManage ? <Link className="btn s" to={`/channels/${row.id}`}>{t("channels.trouble.do")}</Link> : null}
        </div>
      ))}
      <section className="card">
        <header>
          <h2 className="title-s grow">{t("channels.list.messaging")}</h2>
          <span className="small t3 desk mid-hide">{t("channels.list.legend")}</span>
        </header>
        <ul>{rows.map((row) => <Row key={row.id} channel={row} top={top} canManage={canManage} onPause={onPause} onResume={onResume} onRemove={setLeaving} />)}</ul>
      </section>
      {canManage ? <div className="adds" style={{ marginTop: 16 }}>{kinds.map(({ kind }) => <AddCard key={kind} kind={kind} again={rows.some((row) => row.kind === kind)} />)}</div> : null}
      <RemoveDialog channel={leaving} open={!!leaving} onClose={() => setLeaving(null)} onConfirm={() => { onRemove(leaving.id); setLeaving(null); }} />
    </>
  );
}

// The first step of connecting: which one, what it takes, what it brings.
export function ChannelChoice({ kinds }) {
  const t = useT();
  return (
    <div className="form" style={{ gap: 16 }}>
      <ul className="card">
        {kinds.map(({ kind }) => (
          <li className="crow offer" key={kind}>
            <ChannelGlyph kind={kind} variant="tile" decorative />
            <div className="grow">
              <div className="title-s"><Link className="main" to={`/channels/new/${kind}`}>{kindWords(t, kind, "called")}</Link></div>
              <p className="t3 measure">{kindWords(t, kind, "pitch")}</p>
              <p className="small t3 phone">{kindWords(t, kind, "effort")}</p>
            </div>
            <span className="small t3 desk">{kindWords(t, kind, "effort")}</span>
            <ChevronRight className="i t3 desk" aria-hidden="true" />
          </li>
        ))}
      </ul>
      <NoQr />
    </div>
  );
}
