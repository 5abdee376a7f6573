import { bubble } from "./bubble.js";
import { boot, day, t } from "./boot.js";
import { el, icon } from "./dom.js";
import { outbox } from "./outbox.js";
import { thread } from "./thread.js";

const GROUP = 12e4;
const NEAR = 80;

/** The scrolling list. Nodes are kept by key and replaced only when what they show changes, so audio plays on and selections stay. */
export const makeLog = () => {
  const list = el("div", { className: "list", role: "log", "aria-live": "polite", "aria-label": t("dialog", { name: boot.title }) });
  const more = el("button", { className: "more", type: "button", hidden: true, onclick: () => showOlder() }, t("older"));
  const box = el("div", { className: "log", tabIndex: 0 }, more, list);
  const jump = el("button", { className: "jump", type: "button", hidden: true, onclick: () => toEnd(true) }, icon("down", 14), t("newer"));
  const drawn = new Map();
  let end = "";
  let answeredAt = "";
  let isPinned = true;

  const isNearEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  const toEnd = (isSmooth) => box.scrollTo({ top: box.scrollHeight, behavior: isSmooth ? "smooth" : "instant" });

  const showOlder = async () => {
    const below = box.scrollHeight - box.scrollTop;
    more.disabled = true;
    await thread.older().catch(() => {});
    more.disabled = false;
    box.scrollTop = box.scrollHeight - below;
  };

  const draw = () => {
    const wasNear = isNearEnd();
    const rows = [greeting(), ...thread.list(), ...outbox.list(), thread.draft].filter(Boolean);
    const hadDraft = drawn.has("draft");
    more.hidden = !thread.hasMore;
    // Who has answered has read what stands above.
    answeredAt = rows.findLast((row) => row.author?.kind === "agent")?.at ?? "";
    const offered = rows.findLast((row) => row.choices);
    const wanted = rows.flatMap((row, at) => lines(rows[at - 1], row, rows[at + 1], row.choices && answerOf(rows, at, row === offered)));
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { node }] of drawn) if (!keys.has(key)) node.remove(), drawn.delete(key);
    let place = list.firstChild;
    for (const { key, stamp, make } of wanted) {
      const old = drawn.get(key);
      let node = old?.node;
      if (old?.stamp !== stamp) {
        node = make();
        if (old) {
          if (place === old.node) place = node;
          old.node.replaceWith(node);
        } else if (thread.isLoaded && !hadDraft) node.classList.add("new");
        drawn.set(key, { node, stamp });
      }
      if (node === place) place = place.nextSibling;
      else list.insertBefore(node, place);
    }
    list.classList.toggle("wait", !thread.isLoaded);

    const last = rows.at(-1);
    const isNews = last && last.id !== end;
    end = last?.id ?? "";
    if (wasNear || (isNews && last.direction === "in")) toEnd();
    else if (isNews) jump.hidden = false;
  };

  const lines = (before, row, after, answer) => {
    // A thread that begins today needs no "today" over its first words.
    const isNewDay = row.at && (before?.at ? day(before.at) !== day(row.at) : day(row.at) !== t("today"));
    const isFirst = Boolean(isNewDay) || !follows(before, row);
    const isLast = !follows(row, after);
    const isRead = row.status === "read" || (row.direction === "in" && row.rev > 0 && row.at < answeredAt);
    return [
      isNewDay && { key: `day:${row.id}`, stamp: day(row.at), make: () => el("div", { className: "day" }, el("span", {}, day(row.at))) },
      {
        key: row.id,
        stamp: [row.rev, row.status, row.error, isFirst, isLast, isRead, answer?.picked, answer?.isOpen, row === thread.draft && row.text].join(),
        make: () => {
          const node = row.make?.() ?? bubble(row, { isLast, isRead, picked: answer?.picked, onPick: answer?.isOpen && log.onPick, onRetry: () => outbox.retry(row.id) });
          if (row === thread.draft) node.ariaHidden = "true"; // what is read out is the answer, once, when it is whole
          node.classList.toggle("first", isFirst);
          return node;
        },
      },
    ].filter(Boolean);
  };

  const onScroll = () => {
    isPinned = isNearEnd();
    if (isPinned) jump.hidden = true;
  };

  box.addEventListener("scroll", onScroll, { passive: true });
  new ResizeObserver(() => isPinned && toEnd()).observe(box);
  const log = { node: el("div", { className: "middle" }, box, jump), draw, toEnd, isNearEnd, onPick: () => {} };
  return log;
};

/** What was offered may be tapped until the visitor has said something; then what they tapped stays marked. */
const answerOf = (rows, at, isLatest) => {
  const next = rows.slice(at + 1).find(({ direction }) => direction === "in");
  return { isOpen: isLatest && !next, picked: next?.choice };
};

const greeting = () =>
  !thread.hasMore && thread.isLoaded && boot.greeting
    ? { id: "greeting", direction: "out", make: () => el("div", { className: "m us" }, el("div", { className: "b" }, boot.greeting)) }
    : null;

/** Same speaker within two minutes, same day: one group with one line of who and when. */
const follows = (a, b) =>
  Boolean(a?.at && b?.at) &&
  a.direction === b.direction &&
  a.author.kind === b.author.kind &&
  a.author.name === b.author.name &&
  a.status !== "failed" &&
  new Date(b.at) - new Date(a.at) < GROUP &&
  day(a.at) === day(b.at);
