// Canvases are painted in colours that are read once: they must be painted again when light and dark change.

/** Calls `repaint` once the browser has its new style, the system's or a person's own; returns how to end it. */
export function onTheme(repaint: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const soon = () => requestAnimationFrame(repaint);
  scheme.addEventListener('change', soon);
  const own = new MutationObserver(soon);
  own.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    scheme.removeEventListener('change', soon);
    own.disconnect();
  };
}
