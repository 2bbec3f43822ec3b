// Light, dark, or as the system says. Kept in this browser.
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'countersign.theme';

function kept(): Theme {
  try {
    const value = localStorage.getItem(key);
    return themes.find((theme) => theme === value) ?? 'system';
  } catch {
    return 'system';
  }
}

class ThemeChoice {
  current = $state<Theme>(kept());

  set(theme: Theme): void {
    this.current = theme;
    try {
      localStorage.setItem(key, theme);
    } catch {
      // A browser that keeps nothing: the choice holds until the page is closed.
    }
    this.apply();
  }

  next(): void {
    this.set(themes[(themes.indexOf(this.current) + 1) % themes.length]!);
  }

  apply(): void {
    const root = document.documentElement;
    if (this.current === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.current;
  }
}

export const theme = new ThemeChoice();
