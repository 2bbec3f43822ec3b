// Names of people for screens that show ids: all of them for who may see people, else one's own.
import { api, collect } from '../../api';
import { session } from '../../app/session.svelte';
import { t } from '../../messages';

export class PeopleNames {
  #names = $state.raw<Map<string, string>>(new Map());

  async load(): Promise<void> {
    if (!session.may('see_people')) return;
    try {
      const people = await collect((cursor) => api.people({ cursor, limit: 200 }));
      this.#names = new Map(people.map(({ id, display, name }) => [id, display || name]));
    } catch {
      // Ids are shown then; they are what the export names too.
    }
  }

  of(person: string): string {
    if (person === session.current?.person.id) return session.current.person.display;
    return this.#names.get(person) ?? (session.may('see_people') ? person : t('people.somebody'));
  }
}
