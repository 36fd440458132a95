import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, type RouteLocationRaw } from 'vue-router';
import { useConnections } from '../connections/use-connections.ts';
import { lastConnection } from '../session/last-connection.ts';
import { useSession } from '../session/use-session.ts';

export interface NavigationEntry {
  readonly id: 'pipeline' | 'connection' | 'connections' | 'metrics' | 'settings';
  readonly label: string;
  readonly icon: `i-lucide-${string}`;
  readonly to: RouteLocationRaw;
  readonly current: boolean;
}

/** Where one can go from here: the pages of the connection at hand, and those of all. */
export function useNavigation() {
  const { t } = useI18n();
  const route = useRoute();
  const { signedIn } = useSession();
  const { connections } = useConnections(signedIn);
  const current = computed(() => {
    const wanted = typeof route.params['c'] === 'string' ? route.params['c'] : lastConnection();
    return connections.value?.find(({ id }) => id === wanted) ?? connections.value?.[0];
  });
  const entries = computed<readonly NavigationEntry[]>(() => {
    const params = current.value === undefined ? undefined : { c: current.value.id };
    return [
      ...(params === undefined ? [] : [
        { id: 'pipeline' as const, label: t('nav.pipeline'), icon: 'i-lucide-chart-no-axes-column' as const, to: { name: 'pipeline', params }, current: route.name === 'pipeline' || route.name === 'records' },
        { id: 'connection' as const, label: t('nav.connection'), icon: 'i-lucide-cable' as const, to: { name: 'connection', params }, current: ['connection', 'data', 'deletions', 'schedule', 'budget', 'calls', 'sync', 'doctor', 'jwt'].includes(String(route.name)) },
      ]),
      { id: 'connections', label: t('nav.connections'), icon: 'i-lucide-layers', to: { name: 'connections' }, current: route.name === 'connections' || route.name === 'connect' },
      { id: 'metrics', label: t('nav.metrics'), icon: 'i-lucide-book-marked', to: { name: 'metrics' }, current: route.name === 'metrics' },
      { id: 'settings', label: t('nav.settings'), icon: 'i-lucide-users-round', to: { name: 'settings-people' }, current: String(route.name).startsWith('settings-') },
    ];
  });
  return { entries, current, connections };
}
