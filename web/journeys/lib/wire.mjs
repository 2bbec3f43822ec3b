// The API with the page's own session, for what a journey prepares and for what it compares with.

export async function wire(context, url) {
  const base = `${url}/api/v1`;
  const session = await (await context.request.get(`${base}/session`)).json();
  const headers = { 'X-CSRF-Token': session.csrf };
  const read = async (answer) => {
    if (!answer.ok()) throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? null : answer.json();
  };
  return {
    get: async (path) => read(await context.request.get(base + path)),
    post: async (path, data, more = {}) =>
      read(await context.request.post(base + path, { headers: { ...headers, ...more }, data })),
    patch: async (path, data) => read(await context.request.patch(base + path, { headers, data })),
    put: async (path, body, type = 'application/octet-stream') =>
      read(
        await context.request.put(base + path, {
          headers: { ...headers, 'Content-Type': type },
          data: body,
        }),
      ),
    send: async (path, body) =>
      read(
        await context.request.post(base + path, {
          headers: { ...headers, 'Content-Type': 'application/octet-stream' },
          data: body,
        }),
      ),
    download: async (path) => (await context.request.get(base + path)).body(),
  };
}

/** Asks again until `holds` is true of the answer. */
export async function until(ask, holds, seconds = 180) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`still not after ${seconds} s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
