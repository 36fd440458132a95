import { defineQueryOptions, useQuery, useQueryCache } from '@pinia/colada';
import { computed } from 'vue';
import { useRouter } from 'vue-router';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { permissionsOf } from './permissions.ts';

/** Who is signed in; read once and after every refusal. */
export const sessionQuery = defineQueryOptions({ key: [...keys.session], query: ({ signal }) => api.session(signal), staleTime: 60_000 });

/** Who is signed in, and the way out. */
export function useSession() {
  const { data } = useQuery(sessionQuery);
  const cache = useQueryCache();
  const router = useRouter();
  const signedIn = computed(() => data.value?.signedIn === true);
  const person = computed(() => (data.value?.signedIn === true ? data.value.person : undefined));
  const simulated = computed(() => data.value?.simulated === true);
  const role = computed(() => (data.value?.signedIn === true ? data.value.role : undefined));
  const permissions = computed(() => permissionsOf(role.value));
  const providers = computed(() => data.value?.providers ?? []);
  const loginUrl = computed(() => data.value?.loginUrl);

  /** Ends the session; nothing that was read stays in the browser. */
  async function signOut(): Promise<void> {
    await api.signOut();
    await router.push({ name: 'welcome' });
    for (const entry of cache.getEntries({ predicate: ({ key }) => key[0] !== 'session' })) cache.remove(entry);
    await cache.invalidateQueries({ key: [...keys.session] });
  }
  return { session: data, signedIn, person, role, permissions, providers, simulated, loginUrl, signOut };
}
