// The list of FAQs: drawers at the side, search and filters above, a bar below for those that are chosen.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Check, Download, Ellipsis, FileJson, FileSpreadsheet, FolderInput, Lightbulb, Minus, Pencil, Plus, RotateCcw, Search, Trash2, Upload, X } from "lucide-react";
import { Empty } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { NOTHING, readAddress, writeAddress } from "./address.js";
import { BinRow, FaqRow } from "./row.jsx";
import { Drawers } from "./drawers.jsx";
import { languageName, useListKeys } from "./words.jsx";

function download(path) {
  window.location.assign(path);
}

const MOST_AT_ONCE = 200;

function ExportItems({ n, close }) {
  const t = useT();
  return [[FileSpreadsheet, "csv"], [FileJson, "jsonl"]].map(([Icon, kind]) => (
    <MenuItem key={kind} icon={<Icon className="i" aria-hidden="true" />} onClick={() => { close(); download(`/faq-export.${kind}`); }}>
      <span className="blk">{t(`faqs.export.${kind}`)}</span>
      <span className="blk small t3">{t("faqs.export.files", { n })}</span>
    </MenuItem>
  ));
}

// Wide: each by its name. Narrow: one thing to do, the rest behind the dots.
function HeadActions({ n, canManage }) {
  const t = useT();
  const navigate = useNavigate();
  const more = t("faqs.export.more");
  return (
    <>
      <span className="desk"><Menu label={t("faqs.export.label")} trigger={(props) => <button {...props} className="btn s"><Download className="i s14" aria-hidden="true" />{t("faqs.export.do")}</button>}>{(close) => <ExportItems n={n} close={close} />}</Menu></span>
      {canManage ? <Link className="btn s desk" to="/bots/faqs/import"><Upload className="i s14" aria-hidden="true" />{t("faqs.import.do")}</Link> : null}
      {canManage ? <Link className="btn p" to="/bots/faqs/new"><Plus className="i s14" aria-hidden="true" />{t("faqs.new")}</Link> : null}
      <span className="phone">
        <Menu label={more} trigger={(props) => <button {...props} className="ib" aria-label={more}><Ellipsis className="i" aria-hidden="true" /></button>}>
          {(close) => (
            <>
              {canManage ? <MenuItem icon={<Upload className="i" aria-hidden="true" />} onClick={() => { close(false); navigate("/bots/faqs/import"); }}>{t("faqs.import.title")}</MenuItem> : null}
              <ExportItems n={n} close={close} />
            </>
          )}
        </Menu>
      </span>
    </>
  );
}

function FirstSteps({ canManage, deleted, onBin }) {
  const t = useT();
  if (!canManage) return <Empty scene="search" title={t("faqs.empty.title")} text={t("faqs.empty.text_reader")} />;
  const step = (icon, name, props) => (
    <a key={name} className="add" {...props}>
      <span className="ftile">{icon}</span>
      <span className="grow"><span className="strong blk">{t(`faqs.empty.${name}`)}</span><span className="small t3 blk">{t(`faqs.empty.${name}_hint`)}</span></span>
    </a>
  );
  return (
    <>
      <Empty scene="search" title={t("faqs.empty.title")} text={t("faqs.empty.text")} />
      <div className="adds fsteps">
        <Link className="add" to="/bots/faqs/new"><span className="ftile"><Pencil className="i s18" aria-hidden="true" /></span><span className="grow"><span className="strong blk">{t("faqs.empty.write")}</span><span className="small t3 blk">{t("faqs.empty.write_hint")}</span></span></Link>
        <Link className="add" to="/bots/faqs/import"><span className="ftile"><Upload className="i s18" aria-hidden="true" /></span><span className="grow"><span className="strong blk">{t("faqs.empty.import")}</span><span className="small t3 blk">{t("faqs.empty.import_hint")}</span></span></Link>
        {step(<FileSpreadsheet className="i s18" aria-hidden="true" />, "sheet", { href: "/faq-export.csv", download: "faqs.csv" })}
      </div>
      {deleted ? <p className="fmore"><Button kind="g" icon={<Trash2 className="i s14" aria-hidden="true" />} onClick={onBin}>{t("faqs.bin.see", { n: deleted })}</Button></p> : null}
    </>
  );
}

// What pays most right now, with the number it was measured at.
function Coach({ overview }) {
  const t = useT();
  const next = overview.todo?.[0];
  if (!next) return null;
  return (
    <aside className="banner calm fcoach" aria-label={t("faqs.coach.label")}>
      <span className="lead"><Lightbulb className="i" aria-hidden="true" /></span>
      <div className="grow">
        <p><span className="strong">{t("faqs.coach.title", { n: overview.below_five })}</span> {t("faqs.coach.why")}</p>
        <p className="small t3 cut">{t("faqs.coach.next", { title: next.title })}</p>
      </div>
      <Link className="btn s" to={`/bots/faqs/${next.id}`}>{t("faqs.coach.do")}</Link>
    </aside>
  );
}

function Filters({ chosen, overview, channels, canManage, set }) {
  const t = useT();
  const lang = useLang();
  const toggle = (name, count, words) =>
    count || chosen[name] ? (
      <button type="button" className={chosen[name] ? "fchip on" : "fchip"} aria-pressed={chosen[name]} onClick={() => set({ [name]: !chosen[name] })}>
        {words}<b className="num">{formatNumber(count ?? 0, lang)}</b>
      </button>
    ) : null;
  const status = (value, count, words) => (
    <button type="button" className={chosen.status === value ? "fchip on" : "fchip"} aria-pressed={chosen.status === value} onClick={() => set({ status: chosen.status === value ? "" : value })}>
      {words}<b className="num">{formatNumber(count ?? 0, lang)}</b>
    </button>
  );
  return (
    <div className="ffilters" role="group" aria-label={t("faqs.filter.label")}>
      {status("published", overview.published, t("faqs.filter.published"))}
      {status("draft", overview.drafts, t("faqs.filter.draft"))}
      {toggle("has_few", overview.few, t("faqs.filter.few"))}
      {toggle("is_doubled", overview.doubled, t("faqs.filter.doubled"))}
      {toggle("is_sensitive", overview.sensitive, t("faqs.filter.sensitive"))}
      {overview.languages?.length > 1 ? (
        <select className="fchip" aria-label={t("faqs.filter.language")} value={chosen.language} onChange={(event) => set({ language: event.target.value })}>
          <option value="">{t("faqs.filter.every_language")}</option>
          {overview.languages.map((code) => <option key={code} value={code}>{languageName(code, lang)}</option>)}
        </select>
      ) : null}
      <select className="fchip" aria-label={t("faqs.filter.channel")} value={chosen.channel} onChange={(event) => set({ channel: event.target.value })}>
        <option value="">{t("faqs.filter.every_channel")}</option>
        {channels.map(({ kind }) => <option key={kind} value={kind}>{t(`common.channel.${kind}`)}</option>)}
      </select>
      {canManage && (overview.deleted || chosen.status === "deleted") ? status("deleted", overview.deleted, t("faqs.bin.chip")) : null}
    </div>
  );
}

// All that are shown, as many as the server takes at once.
function PickAll({ ids, kept, onPick }) {
  const t = useT();
  const most = ids.slice(0, MOST_AT_ONCE);
  const all = kept.length >= most.length;
  return (
    <div className="fall">
      <label className="check">
        <input type="checkbox" checked={all} ref={(box) => { if (box) box.indeterminate = kept.length > 0 && !all; }} onChange={() => onPick(all ? [] : most)} />
        <span className="cbx">{all || !kept.length ? <Check className="i s12" aria-hidden="true" /> : <Minus className="i s12" aria-hidden="true" />}</span>
        <span className="small t3">{t("faqs.bulk.all")}</span>
      </label>
    </div>
  );
}

function BulkBar({ ids, categories, inBin, onPublish, onUnpublish, onMove, onRemove, onBringBack, onClear }) {
  const t = useT();
  const run = (verb) => () => { verb(ids); onClear(); };
  return (
    <div className="fbulk" role="region" aria-label={t("faqs.bulk.label")}>
      <button type="button" className="ib sm" aria-label={t("faqs.bulk.clear")} onClick={onClear}><X className="i s14" aria-hidden="true" /></button>
      <span className="strong num grow" aria-live="polite">{t("faqs.bulk.chosen", { n: ids.length })}</span>
      {inBin ? <Button kind="g" icon={<RotateCcw className="i s14" aria-hidden="true" />} onClick={run(onBringBack)}>{t("faqs.bin.do")}</Button> : (
        <>
          <Button kind="g" onClick={run(onPublish)}>{t("faqs.publish")}</Button>
          <Button kind="g" onClick={run(onUnpublish)}>{t("faqs.unpublish")}</Button>
          <Menu label={t("faqs.bulk.move")} align="start" trigger={(props) => <button {...props} className="btn g"><FolderInput className="i s14" aria-hidden="true" />{t("faqs.bulk.move")}</button>}>
            {(close) => (
              <>
                {categories.map((each) => <MenuItem key={each.id} onClick={() => { close(); onMove(ids, each.id); onClear(); }}>{each.name}</MenuItem>)}
                {categories.length ? <hr /> : null}
                <MenuItem onClick={() => { close(); onMove(ids, ""); onClear(); }}>{t("faqs.category.none")}</MenuItem>
              </>
            )}
          </Menu>
          <Button kind="g" icon={<Trash2 className="i s14" aria-hidden="true" />} onClick={() => onRemove(ids)}>{t("faqs.delete")}</Button>
        </>
      )}
    </div>
  );
}

export function FaqBoard({ rows: now, total, next, chosen: given, overview: seen, loaded, permissions: held, channels, error, params, done, limits, onNarrow, onMore, onRefresh, onPublish, onUnpublish, onRemove, onBringBack, onMove, onAddCategory, onRenameCategory, onRemoveCategory, onOrder }) {
  const t = useT();
  const lang = useLang();
  const navigate = useNavigate();
  const rows = useLast(now, loaded);
  const overview = useLast(seen, loaded && seen?.total !== undefined) ?? {};
  const canManage = useLast(held, held?.length)?.includes("faqs:manage");
  const [chosen, setChosen] = useState(readAddress);
  const [picked, setPicked] = useState([]);
  const [at, setAt] = useState(-1);
  const [leaving, setLeaving] = useState(null);
  const timer = useRef(0);
  const list = useRef(null);
  const search = useRef(null);

  const set = (more, wait = 0) => {
    const wanted = { ...chosen, ...more };
    setChosen(wanted);
    setPicked([]);
    setAt(-1);
    writeAddress(wanted, "query" in more && Object.keys(more).length === 1);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onNarrow(wanted), wait);
  };
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useEffect(() => {
    const undone = () => refresh.current?.();
    window.addEventListener("undone", undone);
    return () => { window.removeEventListener("undone", undone); clearTimeout(timer.current); };
  }, []);
  // Back, forward, the link to this very page: the server reads the address again, and so does the board.
  const location = useLocation();
  useEffect(() => {
    clearTimeout(timer.current);
    setChosen(readAddress());
    setPicked([]);
  }, [location]);
  const here = rows.map((row) => row.id);
  const kept = picked.filter((id) => here.includes(id));
  const pick = (id) => setPicked((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]));
  const go = (step) => () => {
    const wanted = Math.min(Math.max(at + step, 0), rows.length - 1);
    setAt(wanted);
    list.current?.querySelectorAll("a.main")[wanted]?.focus();
  };
  useListKeys({
    j: go(1),
    k: go(-1),
    x: () => (canManage && rows[at] ? pick(rows[at].id) : false),
    n: () => (canManage ? navigate("/bots/faqs/new") : false),
    Escape: () => (kept.length ? setPicked([]) : false),
  });
  // What the rows are, not what was asked for a moment ago.
  const inBin = given?.status === "deleted";
  const isBehind = Object.keys(NOTHING).some((name) => (given?.[name] ?? NOTHING[name]) !== chosen[name]);
  const isNarrowed = Object.keys(NOTHING).some((name) => chosen[name] !== NOTHING[name]);
  const title = leaving?.length === 1 ? rows.find((row) => row.id === leaving[0])?.title : "";

  const head = (
    <header className="head fhead">
      <div className="grow">
        <h1 className="display" tabIndex={-1}>{t("faqs.title")}</h1>
        <p className="t3 num" style={{ marginTop: 2 }}>{t(!overview.total ? "faqs.line_empty" : !overview.published ? "faqs.line_none" : overview.drafts ? "faqs.line" : "faqs.line_all", { n: overview.published, drafts: overview.drafts })}</p>
      </div>
      {overview.total ? <HeadActions n={overview.total} canManage={canManage} /> : null}
    </header>
  );
  if (!overview.total && !isNarrowed) return <>{head}<FirstSteps canManage={canManage} deleted={overview.deleted} onBin={() => set({ status: "deleted" })} /></>;

  return (
    <>
      {head}
      {canManage ? <Coach overview={overview} /> : null}
      <div className="fboard">
        <Drawers overview={overview} chosen={chosen.category} canManage={canManage} error={error} params={params} done={done} longest={limits.category} onChoose={(category) => set({ category })} onAdd={onAddCategory} onRename={onRenameCategory} onRemove={(id) => { onRemoveCategory(id); if (chosen.category === id) set({ category: "" }); }} onOrder={onOrder} />
        <section className="grow" aria-label={t("faqs.title")}>
          <div className="input fsearch">
            <Search className="i t3" aria-hidden="true" />
            <input ref={search} type="search" data-search="" aria-label={t("faqs.search.label")} placeholder={t("faqs.search.placeholder")} value={chosen.query} onChange={(event) => set({ query: event.target.value }, 220)} onKeyDown={(event) => event.key === "Escape" && (chosen.query ? set({ query: "" }) : event.target.blur())} />
            {chosen.query ? <button type="button" className="ib" aria-label={t("faqs.search.clear")} data-tip={t("faqs.search.clear")} onClick={() => { set({ query: "" }); search.current.focus(); }}><X className="i s14" aria-hidden="true" /></button> : <kbd className="key desk" aria-hidden="true">/</kbd>}
          </div>
          <Filters chosen={chosen} overview={overview} channels={channels} canManage={canManage} set={set} />
          {inBin ? <p className="small t3 fbin">{t("faqs.bin.line")}</p> : null}
          {rows.length ? (
            <>
              <div className="card plain flist" aria-busy={isBehind || undefined}>
                {canManage ? <PickAll ids={here} kept={kept} onPick={setPicked} /> : null}
                <ul ref={list}>
                  {rows.map((row, index) => (inBin ? (
                    <BinRow key={row.id} row={row} query={chosen.query} picked={kept.includes(row.id)} onPick={() => pick(row.id)} onBringBack={() => onBringBack([row.id])} />
                  ) : (
                    <FaqRow key={row.id} row={row} query={chosen.query} picked={kept.includes(row.id)} canManage={canManage} manyLanguages={overview.languages?.length > 1} showCategory={!chosen.category} onFocus={() => setAt(index)} onPick={() => pick(row.id)} onPublish={() => onPublish([row.id])} onUnpublish={() => onUnpublish([row.id])} onRemove={() => setLeaving([row.id])} />
                  )))}
                </ul>
              </div>
              <p className="small t3 num fcount">
                {t("faqs.shown", { n: rows.length, total: formatNumber(total, lang) })}
                {next ? <Button size="xs" onClick={() => onMore()}>{t("faqs.more")}</Button> : null}
              </p>
            </>
          ) : (
            <Empty scene="search" title={t("faqs.nothing.title")} text={t("faqs.nothing.text")}>
              <div className="row" style={{ gap: 8 }}>
                <Button onClick={() => set(NOTHING)}>{t("faqs.nothing.clear")}</Button>
                {canManage && chosen.query ? <Link className="btn t" to={`/bots/faqs/new?question=${encodeURIComponent(chosen.query)}`}>{t("faqs.nothing.write")}</Link> : null}
              </div>
            </Empty>
          )}
        </section>
      </div>
      {kept.length ? <BulkBar ids={kept} categories={overview.categories ?? []} inBin={inBin} onBringBack={onBringBack} onPublish={onPublish} onUnpublish={onUnpublish} onMove={onMove} onRemove={setLeaving} onClear={() => setPicked([])} /> : null}
      <ConfirmDialog
        open={!!leaving}
        title={leaving?.length === 1 ? t("faqs.remove.title", { title }) : t("faqs.remove.title_many", { n: leaving?.length ?? 0 })}
        text={t("faqs.remove.text")}
        verb={t("faqs.delete")}
        onConfirm={() => { onRemove(leaving); setLeaving(null); setPicked([]); }}
        onClose={() => setLeaving(null)}
      />
    </>
  );
}
