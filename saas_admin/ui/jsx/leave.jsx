// Nobody loses what they wrote by a click: inside the app a question, outside of it the browser's own.
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { useT } from "./i18n.js";
import { ConfirmDialog } from "./overlays.jsx";

// `to`: an address that keeps what was written, as the one of what was just created.
export function LeaveGuard({ dirty, to = "" }) {
  const t = useT();
  const isLost = (where) => dirty && !(to && where?.pathname.replace(/\/$/, "") === to);
  const asks = useRef(isLost);
  asks.current = isLost;
  const blocker = useBlocker(({ currentLocation, nextLocation }) => asks.current(nextLocation) && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  useEffect(() => {
    if (blocker.state === "blocked" && !isLost(blocker.location)) blocker.proceed();
  }, [dirty, to, blocker]);
  return (
    <ConfirmDialog
      open={blocker.state === "blocked"}
      title={t("ui.leave.title")}
      text={t("ui.leave.text")}
      verb={t("ui.leave.do")}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  );
}
