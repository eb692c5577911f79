// Runs before the first paint, so that the page never flashes in the wrong theme. Navigation merges the new page's
// attributes into <html>; the observer puts the theme back in the same task.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
    if (root.dataset.bsTheme !== theme) root.dataset.bsTheme = theme;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  globalThis.toggleTheme = () => {
    localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  };
})();
