import './main.css';
import './trusted-html.ts';
import ui from '@nuxt/ui/vue-plugin';
import { PiniaColada, PiniaColadaQueryHooksPlugin, useQueryCache } from '@pinia/colada';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { sessionQuery } from '../session/use-session.ts';
import { keys } from '../shared/keys.ts';
import { isSignedOut } from '../shared/problem.ts';
import App from './App.vue';
import { i18n, preferredLanguage, setLanguage } from './i18n.ts';
import { portalRouter } from './router.ts';

const pinia = createPinia();
const app = createApp(App).use(pinia);

app.use(PiniaColada, {
  queryOptions: { gcTime: 300_000 },
  plugins: [PiniaColadaQueryHooksPlugin({
    onError(error) {
      if (isSignedOut(error)) void leave();
    },
  })],
});

const cache = useQueryCache(pinia);
const router = portalRouter(async () => {
  const entry = cache.ensure(sessionQuery);
  const { data } = await cache.refresh(entry).catch(() => entry.state.value);
  return data?.signedIn;
});

/** The session has ended: to the welcome page, which keeps the way back. */
async function leave(): Promise<void> {
  const { name, fullPath } = router.currentRoute.value;
  if (name === 'welcome') return;
  await cache.invalidateQueries({ key: [...keys.session] });
  await router.push({ name: 'welcome', query: fullPath === '/' ? {} : { return: fullPath } });
}

app.use(router).use(i18n).use(ui);
await setLanguage(preferredLanguage());
app.mount('#app');
