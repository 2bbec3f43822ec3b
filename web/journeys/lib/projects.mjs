// Projects that no model drafts for, with what a journey wants in them.
import assert from 'node:assert/strict';
import { until } from './wire.mjs';

/** Once the job has ended, with so many rows taken and none rejected. */
export async function imported(api, { id }, rows) {
  const { state, error, result } = await until(
    () => api.get(`/jobs/${id}`),
    (now) => ['done', 'dead', 'cancelled'].includes(now.state),
  );
  assert.equal(state, 'done', error);
  assert.deepEqual([result.accepted + result.repaired, result.rejected], [rows, 0]);
}

/**
 * A project of `count` tasks: of these files, `{ name: bytes }`, and of rows in our own form, about the files or by
 * themselves. Its id.
 */
export async function projectOf(api, { name, schema, policy = {}, files = {}, rows = [], count }) {
  const usual = { blind_share: 0.02, show_from: 0.5, lease_minutes: 30, overlap: 1 };
  const { id } = await api.post('/projects', { name, schema, policy: { ...usual, ...policy } });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  const put = (file, bytes) =>
    api.put(`/projects/${id}/uploads/${upload}/files?name=${encodeURIComponent(file)}`, bytes);
  for (const [file, bytes] of Object.entries(files)) await put(file, bytes);
  const lines = rows.map((row) => JSON.stringify({ countersign: 1, ...row })).join('\n');
  if (rows.length > 0) await put('rows.jsonl', Buffer.from(lines));
  await imported(api, await api.post(`/projects/${id}/imports`, { upload, options: {} }), count);
  return id;
}
