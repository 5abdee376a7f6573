// Nobody loses what they wrote by a click: inside the app a question, outside of it the browser's own.
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { useT } from "./i18n.js";
import { ConfirmDialog } from "./overlays.jsx";

export function LeaveGuard({ dirty, text }) {
  const t = useT();
  const unsaved = useRef(dirty);
  unsaved.current = dirty;
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved.current && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  useEffect(() => {
    if (!dirty && blocker.state === "blocked") blocker.proceed();
  }, [dirty, blocker]);
  return (
    <ConfirmDialog
      open={blocker.state === "blocked"}
      title={t("ui.leave.title")}
      text={text ?? t("ui.leave.text")}
      verb={t("ui.leave.do")}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  );
}
