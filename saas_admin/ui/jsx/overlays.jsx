// Menus, dialogs, toasts, tooltips. Dialogs are native <dialog>: the browser traps the focus, closes on Esc and gives it back.
import { useEffect, useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { X } from "lucide-react";
import { useT } from "./i18n.js";

// trigger: (props) => element that spreads them on a button; children: (close) => items with role="menuitem".
export function Menu({ trigger, children, label, align = "end", side = "bottom" }) {
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const list = useRef(null);
  const id = useId();
  const close = (back = true) => {
    setOpen(false);
    if (back) button.current?.focus();
  };

  useLayoutEffect(() => {
    if (!open || !list.current || !button.current) return;
    const from = button.current.getBoundingClientRect();
    const box = list.current.getBoundingClientRect();
    const gap = 6;
    let left = side === "right" ? from.right + gap : align === "end" ? from.right - box.width : from.left;
    let top = side === "right" ? from.bottom - box.height : from.bottom + gap;
    if (side === "bottom" && top + box.height > window.innerHeight - 8) top = from.top - box.height - gap;
    left = Math.min(Math.max(8, left), window.innerWidth - box.width - 8);
    list.current.style.left = `${left}px`;
    list.current.style.top = `${Math.max(8, top)}px`;
    (list.current.querySelector('[role^="menuitem"]') ?? list.current).focus({ preventScroll: true });
  }, [open, align, side]);

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event) => {
      if (!list.current?.contains(event.target) && !button.current?.contains(event.target)) close(false);
    };
    const gone = () => setOpen(false);
    document.addEventListener("pointerdown", outside, true);
    window.addEventListener("resize", gone);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("resize", gone);
    };
  }, [open]);

  const keys = (event) => {
    const items = [...list.current.querySelectorAll('[role^="menuitem"]')];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined && at !== -1) {
      event.preventDefault();
      items[(to + items.length) % items.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && at !== -1 && !list.current.querySelector('[role="radiogroup"]')) {
      close();
    } else if (event.key.length === 1 && /\p{L}/u.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const start = event.key.toLowerCase();
      items.slice(at + 1).concat(items.slice(0, at + 1)).find((item) => item.textContent.trim().toLowerCase().startsWith(start))?.focus();
    }
  };

  return (
    <>
      {trigger({ ref: button, type: "button", "aria-haspopup": "menu", "aria-expanded": open, "aria-controls": open ? id : undefined, onClick: () => setOpen(!open) })}
      {open
        ? createPortal(
            <div id={id} className="menu" role="menu" aria-label={label} tabIndex={-1} ref={list} onKeyDown={keys}>
              {children(close)}
            </div>,
            document.body,
          )
        : null}
    </>
  );
}

export function MenuItem({ icon, children, danger, onClick, ...rest }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} className={danger ? "danger" : undefined} onClick={onClick} {...rest}>
      {icon}
      <span className="grow">{children}</span>
    </button>
  );
}

// Esc and a click outside close it, unless `keep` (unsaved text). `kind`: dlg | drawer; `width` 440 | 560 | 720.
export function Dialog({ open, onClose, title, children, actions, kind = "dlg", width = 440, keep = false }) {
  const box = useRef(null);
  const id = useId();
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    if (open && !node.open) node.showModal();
    if (!open && node.open) node.close();
  }, [open]);
  return (
    <dialog
      ref={box}
      className={`${kind}${width === 440 ? "" : ` w${width}`}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!keep) onClose?.();
      }}
      onClick={(event) => {
        if (event.target === box.current && !keep) onClose?.();
      }}
    >
      {open ? (
        <>
          <h2 className="title" id={id}>{title}</h2>
          {children}
          {actions ? <div className="acts">{actions}</div> : null}
        </>
      ) : null}
    </dialog>
  );
}

// The question names the thing and what stays; the focus starts on «Cancelar».
export function ConfirmDialog({ open, title, text, verb, busy, danger = true, onConfirm, onClose }) {
  const t = useT();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      actions={
        <>
          <button type="button" className="btn g" autoFocus onClick={() => onClose?.()}>{t("common.cancel")}</button>
          <button type="button" className={danger ? "btn d" : "btn p"} aria-busy={busy || undefined} disabled={busy || undefined} onClick={() => onConfirm?.()}>
            {busy ? <span className="spin" aria-hidden="true" /> : null}
            {verb}
          </button>
        </>
      }
    >
      <p className="read t2" style={{ marginTop: 6 }}>{text}</p>
    </Dialog>
  );
}

// Toasts live outside React, so that a change of page does not lose them. toast({text, action?: {label, run}, kind?: "done" | "error"})
const shown = new Set();
let toasts = [];
let tell = () => {};
let serial = 0;
export function toast({ id = `local-${++serial}`, text, action, kind = "done", isUndo = false }) {
  if (shown.has(id)) return;
  shown.add(id);
  toasts = [...toasts, { id, text, action, kind, isUndo }].slice(-3);
  tell();
}
function dismiss(id) {
  toasts = toasts.filter((each) => each.id !== id);
  tell();
}

// A reload brings the last notice of the State again: it was said already.
function wasSaid(id) {
  try {
    if (sessionStorage.getItem("last-notice") === id) return true;
    sessionStorage.setItem("last-notice", id);
  } catch { /* then it may be said twice */ }
  return false;
}

// `notice` is what the server says (SessionState.notice): words by key, so that it speaks the reader's language.
// After an undo the window hears `undone`, so that whatever shows the thing asks again.
export function Toaster({ notice, undone, onUndo }) {
  const t = useT();
  const list = useSyncExternalStore((listener) => ((tell = listener), () => (tell = () => {})), () => toasts, () => toasts);
  const [held, setHeld] = useState(false);
  const undo = useRef(onUndo);
  undo.current = onUndo;

  useEffect(() => {
    if (!notice?.id || wasSaid(notice.id)) return;
    // The server takes back the last thing and no other: what was offered before cannot be had any more.
    toasts = toasts.filter((each) => !each.isUndo);
    const action = notice.can_undo ? { label: t("common.undo"), run: () => undo.current?.(notice.id) } : undefined;
    toast({ id: notice.id, text: t(notice.key, notice.params), kind: notice.kind, action, isUndo: !!action });
  }, [notice, t]);

  useEffect(() => {
    if (undone) window.dispatchEvent(new Event("undone"));
  }, [undone]);

  useEffect(() => {
    if (held) return undefined;
    const timers = list.filter((each) => each.kind !== "error").map((each) => setTimeout(() => dismiss(each.id), 6000));
    return () => timers.forEach(clearTimeout);
  }, [list, held]);

  return (
    <div className="toasts" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <div role="status" aria-live="polite" className="sr">{list.map((each) => each.text).join(". ")}</div>
      {list.map((each) => (
        <div className="toast" key={each.id}>
          <span>{each.text}</span>
          {each.action ? (
            <button type="button" onClick={() => { dismiss(each.id); each.action.run(); }}>{each.action.label}</button>
          ) : null}
          {each.kind === "error" ? (
            <button type="button" className="x" aria-label={t("common.close")} onClick={() => dismiss(each.id)}><X className="i" aria-hidden="true" /></button>
          ) : null}
        </div>
      ))}
    </div>
  );
}

// One listener for every element with `data-tip`: after a pause by pointer, at once by keyboard, never what one must know.
export function Tooltips() {
  const [tip, setTip] = useState(null);
  const box = useRef(null);
  useEffect(() => {
    let timer;
    const show = (delay) => (event) => {
      const target = event.target.closest?.("[data-tip]");
      clearTimeout(timer);
      if (!target || (delay === 0 && !target.matches(":focus-visible"))) return setTip(null);
      timer = setTimeout(() => setTip({ text: target.dataset.tip, at: target.getBoundingClientRect() }), delay);
      return undefined;
    };
    const over = show(450);
    const focus = show(0);
    const hide = () => {
      clearTimeout(timer);
      setTip(null);
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", hide);
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", hide);
    };
  }, []);
  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const own = box.current.getBoundingClientRect();
    const below = tip.at.bottom + 8 + own.height < window.innerHeight;
    box.current.style.left = `${Math.min(Math.max(8, tip.at.left + tip.at.width / 2 - own.width / 2), window.innerWidth - own.width - 8)}px`;
    box.current.style.top = `${below ? tip.at.bottom + 8 : tip.at.top - own.height - 8}px`;
  }, [tip]);
  return tip ? <div role="tooltip" className="tip" ref={box}>{tip.text}</div> : null;
}
