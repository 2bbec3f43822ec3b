// A person's hands on the keyboard, and nothing else: no clicks, no scripts that touch the page. What the
// eyes see is read from the page as assistive technology would.

export class Hand {
  constructor(page) {
    this.page = page;
  }

  /** Keys as Playwright names them, one after the other. */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Tab until something with this name has the focus. */
  async tabTo(name, most = 150) {
    for (let i = 0; i < most; i += 1) {
      await this.page.keyboard.press('Tab');
      if (name.test(await this.focused())) return;
    }
    throw new Error(`no Tab leads to ${name} within ${most} steps at ${this.page.url()}`);
  }

  /** Tab to it and press Enter. */
  async choose(name) {
    await this.tabTo(name);
    await this.press('Enter');
  }

  /** The name of what has the focus. */
  async focused() {
    return this.page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return '';
      const label =
        at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
      return label.replace(/\s+/g, ' ').trim();
    });
  }
}
