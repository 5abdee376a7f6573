// After a reconnect the State may come back empty for a moment before it is rebuilt (a new token). Nothing that was on the
// screen may go away for that: a form would lose what was typed.
import { Children, useRef } from "react";

// The last good value.
export function useLast(value, isGood) {
  const last = useRef(value);
  if (isGood) last.current = value;
  return last.current;
}

// Shows the child at `index`; -1 is «not known»: what was shown stays, and before anything was, the last child.
export function Stay({ index, children }) {
  const last = useLast(index, index >= 0);
  const all = Children.toArray(children);
  return all[last >= 0 ? last : all.length - 1];
}
