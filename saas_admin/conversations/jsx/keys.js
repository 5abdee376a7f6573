// The daily verbs on single keys. They never fire while someone types or a dialog is open.
import { useEffect, useRef } from "react";
import { isTyping } from "./util.js";

export function useKeys(actions) {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let after = null; // «g i» and its kin belong to the shell
    const listen = (event) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open], [role=alertdialog], [aria-modal=true]")) return;
      if (after) { after = clearTimeout(after) || null; return; }
      if (event.key === "g") { after = setTimeout(() => { after = null; }, 900); return; }
      if (event.key === "Enter" && event.target.closest?.("button, a, [role=tab]")) return;
      const act = latest.current[event.key];
      if (act && act(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => { clearTimeout(after); document.removeEventListener("keydown", listen); };
  }, []);
}
