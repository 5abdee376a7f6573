// Before the first paint: the saved theme and language, so that nothing flashes. Reflex and i18n.js take over after hydration.
(function () {
  var root = document.documentElement, theme = "system", lang = "";
  try {
    theme = localStorage.getItem("theme") || "system";
    lang = localStorage.getItem("lang") || "";
  } catch (_) { /* storage may be blocked */ }
  var dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.remove("light", "dark");
  root.classList.add(dark ? "dark" : "light");
  root.style.colorScheme = dark ? "dark" : "light";
  if (lang === "es" || lang === "en") root.lang = lang;
})();
