// Images of the tasks that come next, fetched and decoded before they are needed, so that the next task
// is painted in the frame that shows it.

export class Images {
  #images = new Map<string, Promise<HTMLImageElement>>();
  #ready = new Map<string, HTMLImageElement>();

  /** Keeps exactly these decoded; lets the others go. */
  keep(urls: readonly string[]): void {
    for (const url of [...this.#images.keys()]) {
      if (!urls.includes(url)) this.drop(url);
    }
    for (const url of urls) void this.get(url).catch(() => {});
  }

  /** Decoded already, or null. */
  ready(url: string): HTMLImageElement | null {
    return this.#ready.get(url) ?? null;
  }

  get(url: string): Promise<HTMLImageElement> {
    const known = this.#images.get(url);
    if (known) return known;
    const image = new Image();
    image.alt = '';
    image.draggable = false;
    image.src = url;
    const decoded = image.decode().then(() => {
      if (this.#images.has(url)) this.#ready.set(url, image);
      return image;
    });
    this.#images.set(url, decoded);
    return decoded;
  }

  /** Forgets it: the next `get` asks the server again. */
  drop(url: string): void {
    this.#images.delete(url);
    this.#ready.delete(url);
  }
}
