// A project with photos in it that no model drafts.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { photoFolder } from './data.mjs';
import { until } from './wire.mjs';

export async function projectWithPhotos(api, schema, count) {
  const folder = photoFolder();
  if (!folder) throw new Error('there are no photos: run samples/make build/samples');
  const names = readdirSync(folder).filter((name) => /\.jpe?g$/i.test(name));
  const { id } = await api.post('/projects', { name: 'Figures', schema });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  for (const name of names.slice(0, count)) {
    const path = `/projects/${id}/uploads/${upload}/files?name=${encodeURIComponent(name)}`;
    await api.put(path, readFileSync(join(folder, name)));
  }
  await api.post(`/projects/${id}/imports`, { upload, options: {} });
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === count,
  );
  return id;
}
