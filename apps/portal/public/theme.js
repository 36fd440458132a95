// Runs before the first paint, so that a dark screen never flashes white. A file of its own, because the page allows no inline script.
(function () {
  let choice = null;
  try { choice = localStorage.getItem('tributary.theme'); } catch { /* storage may be closed */ }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
