// Where the person is. Navigation changes the address, then the route; the page that comes up takes
// the focus (page.svelte asks `takeFocus`), so that a screen reader starts at its heading.
import { matchRoute, type Route } from './router';

const here = (): Route => matchRoute(window.location.pathname, window.location.search);

class Place {
  route = $state.raw<Route>(here());
  #focusWanted = false;

  /** Called by the page that came up: true once after a navigation, never on the first load. */
  takeFocus(): boolean {
    const wanted = this.#focusWanted;
    this.#focusWanted = false;
    return wanted;
  }

  go(path: string, { replace = false, focus = true } = {}): void {
    if (replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    this.arrived(focus);
  }

  arrived(focus = true): void {
    const before = this.route.path;
    this.route = here();
    if (focus && before !== this.route.path) {
      this.#focusWanted = true;
      window.scrollTo(0, 0);
    }
  }
}

export const place = new Place();

export function navigate(path: string, options?: { replace?: boolean; focus?: boolean }): void {
  place.go(path, options);
}

/** Listens to the browser's own back and forward; returns what ends it. */
export function watchHistory(): () => void {
  const arrived = () => place.arrived();
  window.addEventListener('popstate', arrived);
  return () => window.removeEventListener('popstate', arrived);
}
