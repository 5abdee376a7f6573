// The list's memory: a seed, older pages and pushed deltas become one ordered list that never jumps under the hand.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { belongs, filterKey, inOrder, totalsFor, withPart } from "./util.js";

const GAP_WAIT = 250, REST = 1000;

// Keeps, per room, the number of the last delta seen; anything but the next one is a hole.
export function useSequence(onGap) {
  const seen = useRef({}), timer = useRef(null), check = useRef(null), last = useRef(0), gap = useRef(onGap);
  gap.current = onGap;
  useEffect(() => () => { clearTimeout(timer.current); clearTimeout(check.current); }, []);
  // The first hole starts the wait, further ones join it: a storm neither floods the server nor postpones the cure for ever.
  const refetch = useCallback(() => {
    timer.current ??= setTimeout(() => { timer.current = null; last.current = Date.now(); gap.current(); }, Math.max(GAP_WAIT, last.current + REST - Date.now()));
  }, []);
  const reset = useCallback((seqs) => { seen.current = { ...seen.current, ...seqs }; }, []);
  const accept = useCallback((push) => {
    const known = seen.current[push.room];
    if (known !== undefined && push.seq <= known) return false;
    if (known !== undefined && push.seq !== known + 1) refetch();
    seen.current[push.room] = push.seq;
    return true;
  }, [refetch]);
  // A head that differs from ours means a lost publish, unless the delta is just on its way.
  const compare = useCallback((heads, stale = false) => {
    const differs = () => Object.entries(heads || {}).some(([room, seq]) => room in seen.current && seen.current[room] < seq);
    const behind = Object.entries(heads || {}).some(([room, seq]) => seen.current[room] > seq); // the bus lost its counters
    if (behind || stale) refetch();
    else if (differs()) { clearTimeout(check.current); check.current = setTimeout(() => differs() && gap.current(), 2 * GAP_WAIT); }
  }, [refetch]);
  return useMemo(() => ({ reset, accept, compare, refetch }), [reset, accept, compare, refetch]);
}

export function useFeed({ filter, seed, more, push, heads, me, held, onGap, onMore }) {
  const [rows, setRows] = useState(null);
  const [cursor, setCursor] = useState(null);
  const [totals, setTotals] = useState(null);
  const [frozen, setFrozen] = useState(null);
  const sequence = useSequence(onGap);
  const key = filterKey(filter);
  const live = useRef(), matrix = useRef({}), changed = useRef(""), asked = useRef(null), tail = useRef(new Set()), older = useRef(onMore);
  older.current = onMore;
  live.current = { filter, me, cursor };

  useEffect(() => { setFrozen(null); setRows(null); }, [key]);

  useEffect(() => {
    if (!seed?.rows || filterKey(seed.filter) !== key) return;
    sequence.reset(seed.seq);
    changed.current = seed.changed_at || "";
    setRows((old) => joined(seed.rows, seed.cursor ? old : null, tail, live.current.filter));
    setCursor(seed.cursor);
    asked.current = null;
    if (seed.totals) { matrix.current = seed.totals; setTotals(totalsFor(seed.totals, live.current.me)); }
  }, [seed, key]);

  useEffect(() => {
    if (!more?.rows || filterKey(more.filter) !== key || more.after !== live.current.cursor) return;
    setRows((old) => {
      const known = new Set(more.rows.map((row) => row.id));
      const before = (old || []).filter((row) => !known.has(row.id) && !tail.current.has(row.id));
      return [...before, ...joined(more.rows, more.cursor ? old : null, tail, live.current.filter, true)];
    });
    setCursor(more.cursor);
  }, [more, key]);

  const ask = useCallback(() => {
    const { cursor: from, filter: chosen } = live.current;
    if (!from || asked.current === from) return;
    asked.current = from;
    older.current(chosen, from);
  }, []);
  useEffect(() => { if (tail.current.size) ask(); }, [cursor, rows]);

  useEffect(() => {
    if (push?.kind === "totals") { // read after a burst, outside the numbering; of one owner's part where not all is seen
      matrix.current = push.owner ? withPart(matrix.current, push.totals, push.owner) : push.totals;
      setTotals(totalsFor(matrix.current, live.current.me));
      return;
    }
    if (push?.kind === "resync") { sequence.refetch(); return; } // the server lost its own subscription for a while
    if (!push?.room?.startsWith("inbox:") || !sequence.accept(push)) return;
    if (push.row?.changed_at > changed.current) changed.current = push.row.changed_at;
    if (push.kind === "conversation" || push.kind === "gone") setRows((old) => old && patched(old, push, live.current));
  }, [push]);

  // The bus may lose a publish before it is numbered; the database's own last change tells.
  useEffect(() => { if (heads?.seq) sequence.compare(heads.seq, heads.changed_at > (changed.current || "")); }, [heads]);

  // While the hand is in the list its order stands still; what changes inside a row is shown at once.
  const loaded = rows !== null;
  const latest = useRef(rows), own = useRef(new Set());
  latest.current = rows;
  useEffect(() => { own.current.clear(); setFrozen(held && loaded ? latest.current : null); }, [held, loaded]);

  // Without an id: let everything move. With one: it moves by the reader's own hand, so it need not wait.
  const release = useCallback((id) => { if (id) own.current.add(id); else { own.current.clear(); setFrozen(null); } }, []);
  const shown = useMemo(() => (frozen && rows ? still(rows, frozen, own.current) : rows), [rows, frozen]);
  const waiting = useMemo(() => (frozen && rows ? displaced(rows, shown) : 0), [rows, shown, frozen]);
  return { rows: shown, cursor, more: ask, totals, waiting, release, refetch: sequence.refetch };
}

// A fresh page and, behind it, the rows a reader had already scrolled to: they stand until their own page is read again.
function joined(page, old, tail, filter, onlyTail = false) {
  const known = new Set(page.map((row) => row.id)), last = page.at(-1), compare = inOrder(filter);
  const rest = old && last ? old.filter((row) => (!onlyTail || tail.current.has(row.id)) && !known.has(row.id) && compare(last, row) < 0) : [];
  tail.current = new Set(rest.map((row) => row.id));
  return [...page, ...rest];
}

function patched(rows, push, { filter, me, cursor }) {
  const id = push.kind === "gone" ? push.id : push.row.id;
  const at = rows.findIndex((row) => row.id === id);
  if (at >= 0 && push.row && push.row.rev < rows[at].rev) return rows;
  const rest = at < 0 ? rows : [...rows.slice(0, at), ...rows.slice(at + 1)];
  if (push.kind === "gone") return rest;
  const fits = belongs(push.row, filter, me);
  if (fits === null) return at < 0 ? rows : rows.map((row) => (row.id === id ? push.row : row));
  if (!fits) return rest;
  const compare = inOrder(filter);
  const place = rest.findIndex((row) => compare(push.row, row) < 0);
  if (place >= 0) return [...rest.slice(0, place), push.row, ...rest.slice(place)];
  // Past the last loaded row of an unfinished list: it will come with its own page.
  return cursor ? rest : [...rest, push.row];
}

function still(rows, frozen, own) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = new Set(frozen.map((row) => row.id));
  // New rows below everything shown move nothing, so they may come in.
  let tail = rows.length;
  while (tail > 0 && !known.has(rows[tail - 1].id)) tail -= 1;
  const kept = frozen.filter((row) => byId.has(row.id) || !own.has(row.id));
  return [...kept.map((row) => byId.get(row.id) || { ...row, leaving: true }), ...rows.slice(tail)];
}

// How many rows would appear or move up if the hand let go.
function displaced(rows, shown) {
  const alive = shown.filter((row) => !row.leaving);
  const place = new Map(alive.map((row, index) => [row.id, index]));
  return rows.filter((row, index) => !place.has(row.id) || place.get(row.id) > index).length;
}
