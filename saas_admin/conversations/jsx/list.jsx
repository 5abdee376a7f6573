// The left pane: states with their counts, filters, search, and the virtual list itself.
import { forwardRef, useEffect, useMemo, useRef, useState } from "react";
import { Virtuoso } from "react-virtuoso";
import { ArrowUp, Bot, Check, ChevronDown, Filter, Search, Sort, UserRound, X } from "./icons.js";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { Item, Pop } from "./pop.jsx";
import { Row, RowSkeletons } from "./row.jsx";
import { useSlidingRows } from "./flip.js";
import { NothingFound, NothingHere, Trouble } from "./scenes.jsx";
import { cx, number, useInbox } from "./util.js";

const BUCKETS = ["pending", "in_progress", "closed"];
const VOICES = ["bot", "person"];
const OWNERS = ["all", "mine", "unassigned"];

function Segments({ filter, totals, onFilter }) {
  const { t, lang } = useInbox();
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = BUCKETS[(BUCKETS.indexOf(filter.bucket) + step + 3) % 3];
    onFilter({ bucket: next });
    event.currentTarget.querySelector(`[data-bucket=${next}]`)?.focus();
  };
  return (
    <div className="seg fill" role="tablist" aria-label={t("list.states")} onKeyDown={move}>
      {BUCKETS.map((bucket) => {
        const count = totals?.[bucket]?.[filter.owner];
        const on = filter.bucket === bucket && !filter.query;
        return (
          <button key={bucket} type="button" role="tab" data-bucket={bucket} aria-selected={on} aria-controls="bx-list-panel" tabIndex={filter.bucket === bucket ? 0 : -1} className={cx(on && "on")} onClick={() => onFilter({ bucket })}>
            {t(`tabs.${bucket}`)}{count > 0 && bucket !== "closed" && <b className="num">{number(count, lang)}</b>}
          </button>
        );
      })}
    </div>
  );
}

function OwnerMenu({ filter, totals, onFilter }) {
  const { t, lang } = useInbox();
  return (
    <Pop role="menu" label={t("list.owner")} button={(props) => (
      <button {...props} className="bx-quiet" aria-label={`${t("list.owner")}: ${t(`owner.${filter.owner}`)}`}>{t(`owner.${filter.owner}`)}<ChevronDown size={12} strokeWidth={2} aria-hidden="true" /></button>
    )}>
      {(close) => OWNERS.map((owner) => (
        <Item key={owner} role="menuitemradio" checked={filter.owner === owner} onClick={() => { onFilter({ owner }); close(); }}
          hint={filter.owner === owner ? <Check size={16} aria-hidden="true" /> : totals ? number(totals[filter.bucket]?.[owner] ?? 0, lang) : null}>
          {t(`owner.${owner}`)}
        </Item>
      ))}
    </Pop>
  );
}

function FilterMenu({ filter, onFilter }) {
  const { t, tags, channels } = useInbox();
  const toggle = (name, id) => onFilter({ [name]: filter[name].includes(id) ? filter[name].filter((one) => one !== id) : [...filter[name], id] });
  const count = filter.tag_ids.length + filter.channel_ids.length + (filter.voice ? 1 : 0);
  const hasBot = channels.some((channel) => channel.has_bot);
  const group = (title, name, items, mark) => items.length > 0 && (
    <div role="group" aria-label={title}>
      <p className="cap" aria-hidden="true">{title}</p>
      {items.map((item) => (
        <Item key={item.id} role="menuitemcheckbox" checked={filter[name].includes(item.id)} onClick={() => toggle(name, item.id)} icon={mark(item)}
          hint={filter[name].includes(item.id) ? <Check size={16} aria-hidden="true" /> : null}>{item.name}</Item>
      ))}
    </div>
  );
  return (
    <Pop role="menu" align="right" label={t("list.filter")} className="scrolls" button={(props) => (
      <button {...props} className={cx("ib", count && "on")} aria-label={count ? t("list.filter_on", { n: count }) : t("list.filter")} data-tip={t("list.filter")}><Filter size={16} strokeWidth={1.75} /></button>
    )}>
      {(close) => (
        <>
          {(hasBot || filter.voice) && <div role="group" aria-label={t("voice.label")}>
            <p className="cap" aria-hidden="true">{t("voice.label")}</p>
            {VOICES.map((voice) => {
              const on = filter.voice === voice, Icon = voice === "bot" ? Bot : UserRound;
              return <Item key={voice} role="menuitemcheckbox" checked={on} onClick={() => onFilter({ voice: on ? "" : voice })} icon={<Icon size={16} strokeWidth={1.75} aria-hidden="true" />} hint={on ? <Check size={16} aria-hidden="true" /> : null}>{t(`voice.only.${voice}`)}</Item>;
            })}
          </div>}
          {group(t("list.tags"), "tag_ids", tags, (tag) => <i className={`bx-dot c-${tag.color}`} />)}
          {group(t("list.channels"), "channel_ids", channels, (channel) => <ChannelGlyph kind={channel.kind} decorative />)}
          {count > 0 && <div className="foot"><Item icon={<X size={16} aria-hidden="true" />} onClick={() => { onFilter({ tag_ids: [], channel_ids: [], voice: "" }); close(); }}>{t("list.clear_filters")}</Item></div>}
        </>
      )}
    </Pop>
  );
}

function ActiveFilters({ filter, onFilter }) {
  const { t, tags, channels } = useInbox();
  const chosen = [...tags.filter((tag) => filter.tag_ids.includes(tag.id)).map((tag) => ["tag_ids", tag]), ...channels.filter((one) => filter.channel_ids.includes(one.id)).map((one) => ["channel_ids", one])];
  return (chosen.length > 0 || filter.voice) && (
    <div className="bx-active">
      {filter.voice && <button type="button" className="chip" aria-label={t("list.remove_filter", { name: t(`voice.only.${filter.voice}`) })} onClick={() => onFilter({ voice: "" })}><span className="cut">{t(`voice.only.${filter.voice}`)}</span><X size={12} strokeWidth={2} aria-hidden="true" /></button>}
      {chosen.map(([name, item]) => (
        <button key={item.id} type="button" className="chip" aria-label={t("list.remove_filter", { name: item.name })} onClick={() => onFilter({ [name]: filter[name].filter((id) => id !== item.id) })}>
          {item.color && <i className={`bx-dot c-${item.color}`} />}<span className="cut">{item.name}</span><X size={12} strokeWidth={2} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

function SearchBox({ query, onQuery, onClose }) {
  const { t } = useInbox();
  const input = useRef(null), timer = useRef(null);
  useEffect(() => { input.current?.focus(); return () => clearTimeout(timer.current); }, []);
  const later = (text) => { clearTimeout(timer.current); timer.current = setTimeout(() => onQuery(text.trim()), 250); };
  return (
    <div className="bx-search" role="search">
      <Search size={16} strokeWidth={1.75} aria-hidden="true" />
      <input ref={input} type="search" defaultValue={query} maxLength={100} aria-label={t("list.search")} placeholder={t("list.search_hint")} onInput={(event) => later(event.target.value)}
        onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); onClose(); } else if (event.key === "Enter") { clearTimeout(timer.current); onQuery(event.target.value.trim()); } }} />
      <button type="button" className="ib sm" aria-label={t("list.search_close")} onClick={onClose}><X size={16} strokeWidth={1.75} /></button>
    </div>
  );
}

export function List({ filter, feed, selected, active, listRef, typingIn, error, onFilter, onOpen, onHold, onRetry }) {
  const { t } = useInbox();
  const [searching, setSearching] = useState(!!filter.query);
  const virtuoso = useRef(null);
  const rows = feed.rows;
  useSlidingRows(rows, "#bx-rows");

  useEffect(() => { listRef.current = { search: () => setSearching(true), show: (index) => virtuoso.current?.scrollIntoView({ index, behavior: "auto" }), focus: () => document.getElementById("bx-rows")?.focus({ preventScroll: true }) }; }, []);

  // A stable scroller: a new component type on each render would throw the scroll position away.
  const context = { label: t(`tabs.${filter.bucket}`), active: active ? `row-${active}` : undefined, hasMore: !!feed.cursor };
  const components = useMemo(() => ({
    Scroller: forwardRef(function Scroller({ context: own, ...props }, ref) {
      return <div {...props} ref={ref} id="bx-rows" role="listbox" aria-label={own.label} aria-activedescendant={own.active} tabIndex={0} data-virtuoso-scroller />;
    }),
    Footer: ({ context: own }) => (own.hasMore ? <RowSkeletons count={2} /> : <div style={{ height: 8 }} />),
  }), []);

  // The frame focuses the title after each change of address; inside the inbox the hand stays where it was.
  const giveBack = (event) => { const from = event.relatedTarget; if (from?.closest?.(".bx-row, #bx-rows")) listRef.current.focus(); else if (from?.closest?.(".bx")) from.focus({ preventScroll: true }); };
  const closeSearch = () => { setSearching(false); onFilter({ query: "" }); };
  return (
    <section className="bx-list" aria-label={t("list.title")}>
      <div className="hd">
        {searching ? <><h1 className="sr" tabIndex={-1} onFocus={giveBack}>{t("list.title")}</h1><SearchBox query={filter.query} onQuery={(query) => onFilter({ query })} onClose={closeSearch} /></> : (
          <>
            <h1 className="title grow" tabIndex={-1} onFocus={giveBack}>{t("list.title")}</h1>
            <button type="button" className="ib" aria-label={t("list.search")} data-tip={t("list.search")} aria-keyshortcuts="/" onClick={() => setSearching(true)}><Search size={16} strokeWidth={1.75} /></button>
            <FilterMenu filter={filter} onFilter={onFilter} />
          </>
        )}
      </div>
      <Segments filter={filter} totals={feed.totals} onFilter={onFilter} />
      <div className="ft">
        <OwnerMenu filter={filter} totals={feed.totals} onFilter={onFilter} />
        <span className="grow" />
        <Sort size={14} strokeWidth={1.75} aria-hidden="true" /><span>{t(filter.query ? "list.found_everywhere" : filter.bucket === "pending" ? "list.longest_wait" : "list.newest")}</span>
      </div>
      <ActiveFilters filter={filter} onFilter={onFilter} />
      <div className="bx-rows" id="bx-list-panel" role="tabpanel" aria-label={context.label} onPointerEnter={(event) => event.pointerType === "mouse" && onHold(true)} onPointerLeave={() => onHold(false)}>
        {feed.waiting > 0 && <button type="button" className="bx-fresh" onClick={() => { feed.release(); virtuoso.current?.scrollToIndex(0); }}>{t("list.fresh", { n: feed.waiting })}<ArrowUp size={14} strokeWidth={2} aria-hidden="true" /></button>}
        {error ? <Trouble text={error} onRetry={onRetry} />
          : !rows ? <RowSkeletons />
            : rows.length === 0 ? (filter.query ? <NothingFound query={filter.query} bucket={filter.bucket} onClear={closeSearch} /> : <NothingHere filter={filter} totals={feed.totals} onFilter={onFilter} />)
              : <Virtuoso ref={virtuoso} data={rows} context={context} components={components} defaultItemHeight={79} increaseViewportBy={400} computeItemKey={(_, row) => row.id}
                  endReached={feed.more}
                  itemContent={(at, row) => <Row row={row} selected={row.id === selected} after={at > 0 && rows[at - 1]?.id === selected} active={row.id === active} typing={typingIn === row.id} onOpen={onOpen} />} />}
      </div>
    </section>
  );
}
