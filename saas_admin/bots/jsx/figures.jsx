// What the bot did: four figures, how its threads ended, how it answered, and the same by channel.
import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { Segmented } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { milliseconds, money, percent } from "./words.js";

const PERIODS = [1, 7, 30, 90];
const ENDS = ["confirmed", "assumed", "handed_over", "taken", "unresolved", "open"];
const ROUTES = ["exact", "faq", "model", "offer", "small_talk", "person"];
const share = (part, whole) => (whole ? part / whole : 0);

// `rises`: whether more of it is good (1), bad (-1) or neither (0).
function Kpi({ label, value, now, before, earlier, rises = 0, note }) {
  const t = useT();
  const lang = useLang();
  const change = before ? now / before - 1 : null;
  const tone = !rises || !change ? "t3" : change * rises > 0 ? "good" : "poor";
  const Arrow = change >= 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <div className="kpi">
      <dt className="small t2">{label}</dt>
      <dd>
        <span className="kpi-n num">{value}</span>
        <span className="small t3 blk num">
          {change ? <span className={tone}><Arrow className="i s12 inl" aria-hidden="true" /> {percent(Math.abs(change), lang)} </span> : null}
          {before || now ? t("bots.figures.before", { value: earlier }) : null}
        </span>
        {note ? <span className="small t3 blk">{note}</span> : null}
      </dd>
    </div>
  );
}

// A bar of shares with its numbers in words below: the bar alone says nothing.
function Parts({ title, names, counts, whole, words, empty }) {
  const t = useT();
  const lang = useLang();
  const shown = names.filter((name) => counts[name]);
  return (
    <div className="bparts">
      <h3 className="strong">{title}</h3>
      {whole ? (
        <>
          <div className="bbar" aria-hidden="true">{shown.map((name) => <span key={name} className={`p-${name}`} style={{ flexGrow: counts[name] }} />)}</div>
          <ul>
            {shown.map((name) => (
              <li key={name} className="row"><span className={`bdot p-${name}`} /><span className="grow">{t(`${words}.${name}`)}</span><span className="num strong">{formatNumber(counts[name], lang)}</span><span className="num t3 bshare">{percent(share(counts[name], whole), lang)}</span></li>
            ))}
          </ul>
        </>
      ) : <p className="small t3">{empty}</p>}
    </div>
  );
}

function ByChannel({ rows }) {
  const t = useT();
  const lang = useLang();
  const n = (value) => formatNumber(value, lang);
  if (rows.length < 2) return null;
  const columns = ["handled", "answered", "confirmed", "assumed", "handed_over", "reopened"];
  return (
    <div className="over">
      <table className="tb">
        <caption className="sr">{t("bots.figures.by_channel")}</caption>
        <thead><tr><th scope="col">{t("bots.figures.channel")}</th>{columns.map((name) => <th key={name} scope="col" className="r">{t(`bots.figures.column.${name}`)}</th>)}<th scope="col" className="r">{t("bots.figures.cost")}</th></tr></thead>
        <tbody>
          {rows.map(({ id, name, kind, is_deleted: isDeleted, counts }) => (
            <tr key={id}>
              <th scope="row"><span className="row" style={{ gap: 8 }}><ChannelGlyph kind={kind} decorative /><span className="cut">{name}</span>{isDeleted ? <span className="small t3">{t("bots.figures.deleted")}</span> : null}</span></th>
              {columns.map((column) => <td key={column} className="r">{n(counts[column])}</td>)}
              <td className="r">{money(counts.cost, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BotFigures({ figures: now, channels, days, channel, onPeriod, onChannel }) {
  const figures = useLast(now, !!now?.now);
  const t = useT();
  const lang = useLang();
  if (!figures?.now) return null;
  const { now: is, before: was } = figures;
  const n = (value) => formatNumber(value, lang);
  const solved = (counts) => counts.confirmed + counts.assumed;
  const answers = Object.values(is.routes).reduce((sum, each) => sum + each, 0);
  return (
    <section className="card bfigures" aria-labelledby="figures">
      <header>
        <h2 className="title-s grow" id="figures">{t("bots.figures.title")}</h2>
        {channels.length > 1 ? (
          <select className="fchip" aria-label={t("bots.figures.channel")} value={channel} onChange={(event) => onChannel?.(event.target.value)}>
            <option value="">{t("bots.figures.all_channels")}</option>
            {channels.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        ) : null}
        <Segmented label={t("bots.figures.period")} value={days} onValue={onPeriod} options={PERIODS.map((value) => ({ value, label: t("bots.figures.days", { n: value }) }))} />
      </header>
      <dl className="kpis">
        <Kpi label={t("bots.figures.handled")} value={n(is.handled)} now={is.handled} before={was.handled} earlier={n(was.handled)} />
        <Kpi label={t("bots.figures.solved")} value={n(solved(is))} now={solved(is)} before={solved(was)} earlier={n(solved(was))} rises={1} note={is.handled ? t("bots.figures.solved_note", { confirmed: n(is.confirmed), assumed: n(is.assumed) }) : null} />
        <Kpi label={t("bots.figures.handed_over")} value={n(is.handed_over)} now={is.handed_over} before={was.handed_over} earlier={n(was.handed_over)} rises={-1} note={is.reopened ? t("bots.figures.reopened", { n: is.reopened }) : null} />
        <Kpi label={t("bots.figures.answered")} value={n(is.answered)} now={is.answered} before={was.answered} earlier={n(was.answered)} note={answers ? t("bots.figures.speed", { time: milliseconds(is.milliseconds, lang), cost: money(is.cost, lang) }) : null} />
      </dl>
      <div className="bhalves">
        <Parts title={t("bots.figures.ends")} names={ENDS} counts={is} whole={is.handled} words="bots.end" empty={t("bots.figures.none")} />
        <Parts title={t("bots.figures.routes")} names={ROUTES} counts={is.routes} whole={answers} words="receipts.route" empty={t("bots.figures.none_answered")} />
      </div>
      <ByChannel rows={figures.channels} />
    </section>
  );
}
