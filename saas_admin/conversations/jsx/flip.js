// Rows that change place slide there (180 ms). Measured when the list's nodes change, before anything is painted.
import { useEffect, useRef } from "react";

const CALM = "(prefers-reduced-motion: reduce)";

export function useSlidingRows(rows, selector) {
  const changed = useRef(false), order = useRef("");
  const now = (rows || []).map((row) => row.id).join();
  if (now !== order.current) {
    changed.current = order.current !== "";
    order.current = now;
  }
  useEffect(() => {
    const list = document.querySelector(selector);
    if (!list || matchMedia(CALM).matches) return undefined;
    let places = new Map();
    const look = () => {
      const base = list.getBoundingClientRect().top - list.scrollTop;
      const found = new Map();
      for (const row of list.querySelectorAll(".bx-row[id]")) found.set(row.id, row.getBoundingClientRect().top - base);
      if (changed.current) {
        changed.current = false;
        for (const [id, top] of found) {
          const from = places.get(id);
          if (from === undefined || Math.abs(from - top) < 2 || Math.abs(from - top) > 800) continue;
          document.getElementById(id).animate([{ transform: `translateY(${from - top}px)` }, { transform: "none" }], { duration: 180, easing: "cubic-bezier(.2,0,0,1)" });
        }
      }
      places = found;
    };
    const watch = new MutationObserver(look);
    watch.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-index"] });
    look();
    return () => watch.disconnect();
  }, [!!rows?.length, selector]);
}
