// What a person sees on the desk.

/** Waits until a task other than `before` is open (its name), or there is nothing to do (null). */
export async function openTask(page, before = null) {
  const found = await page.waitForFunction((known) => {
    if (document.querySelector('[data-testid="nothing"]')) return { task: null };
    const task = document.querySelector('[data-task]')?.getAttribute('data-task');
    return task && task !== known ? { task } : false;
  }, before);
  const { task } = await found.jsonValue();
  if (!task) return null;
  return { id: task, key: (await page.locator('.strip .key').textContent()).trim() };
}

/** The regions of the list: `{ id, label, box: [x, y, width, height], maybe }`. */
export async function regionsOnScreen(page) {
  return page.$$eval('[data-region]', (rows) =>
    rows.map((row) => ({
      id: row.dataset.region,
      label: row.dataset.label,
      box: JSON.parse(row.dataset.box),
      maybe: row.dataset.maybe !== undefined,
    })),
  );
}

/** What Enter would do now: "Accept draft", "Submit", ... */
export async function primary(page) {
  return (await page.locator('[data-testid="primary"]').innerText()).split('\n')[0].trim();
}

export async function chosen(page) {
  return page.$$eval('fieldset input:checked', (inputs) => inputs.map((input) => input.value));
}
