// A layer under a button: menus and small forms. Arrows move, letters are left alone, Esc gives the focus back.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { cx } from "./util.js";

export function Pop({ label, button, align = "left", className, open, onOpen, disabled, role = "dialog", children }) {
  const [own, setOwn] = useState(false);
  const shown = open ?? own;
  const box = useRef(null), trigger = useRef(null);
  const show = (value, refocus) => {
    setOwn(value);
    onOpen?.(value);
    if (!value && refocus) trigger.current?.focus();
  };

  useEffect(() => {
    if (!shown) return undefined;
    const away = (event) => { if (!box.current?.parentElement?.contains(event.target)) show(false); };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [shown]);

  useLayoutEffect(() => {
    if (!shown) return;
    const first = box.current?.querySelector("[data-first], input, [aria-checked=true], [role^=menuitem]");
    first?.focus({ preventScroll: true });
  }, [shown]);

  const onKeyDown = (event) => {
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); show(false, true); return; }
    if (event.key === "Tab" && role === "menu") { show(false); return; }
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const items = [...box.current.querySelectorAll("[role^=menuitem]:not(:disabled)")];
    if (!items.length) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement);
    const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : at + (event.key === "ArrowDown" ? 1 : -1);
    items[(next + items.length) % items.length].focus();
  };

  return (
    <span className={cx("bx-anchor", className)}>
      {button({ ref: trigger, type: "button", disabled, "aria-haspopup": role, "aria-expanded": shown, onClick: () => show(!shown) })}
      {shown && (
        <div ref={box} role={role} aria-label={label} className={cx("bx-pop", align)} onKeyDown={onKeyDown}>
          {typeof children === "function" ? children(() => show(false, true)) : children}
        </div>
      )}
    </span>
  );
}

export function Item({ icon, checked, hint, onClick, role = "menuitem", children, ...rest }) {
  return (
    <button type="button" role={role} aria-checked={role === "menuitem" ? undefined : !!checked} className="bx-item" onClick={onClick} {...rest}>
      {icon}
      <span className="grow cut">{children}</span>
      {hint && <span className="bx-hint">{hint}</span>}
    </button>
  );
}
