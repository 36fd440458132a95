import { createRouter, createWebHistory, type RouteRecordRaw, type Router, type RouterHistory } from 'vue-router';
import { isAnswered, settleAttempt } from '../session/consent-attempt.ts';
import HomePage from '../session/HomePage.vue';
import { withTexts } from './i18n.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown to people who are not signed in. */
    readonly open?: true;
    /** Key of the page's name for the title of the window. */
    readonly title?: 'nav.pipeline' | 'nav.connection' | 'nav.data' | 'nav.schedule' | 'nav.budget' | 'nav.calls' | 'nav.deletions' | 'nav.connections' | 'nav.metrics' | 'nav.sync' | 'nav.records' | 'nav.settings' | 'nav.doctor' | 'nav.jwt' | 'nav.help' | 'nav.join' | 'connect.title' | 'failed.heading' | 'notFound.title';
  }
}

/** Every page of the portal. `/connect/*` belongs to the services, except the page on which a failed consent ends. */
export const routes: readonly RouteRecordRaw[] = [
  { path: '/', name: 'home', component: HomePage },
  { path: '/welcome', alias: '/sign-in', name: 'welcome', component: withTexts(['access', 'welcome'], () => import('../session/WelcomePage.vue')), meta: { open: true } },
  { path: '/connect/failed', name: 'failed', component: withTexts(['failed'], () => import('../connect/FailedPage.vue')), meta: { open: true, title: 'failed.heading' } },
  { path: '/connections', name: 'connections', component: () => import('../connections/ConnectionsPage.vue'), meta: { title: 'nav.connections' } },
  { path: '/connections/new', name: 'connect', component: withTexts(['access', 'connect'], () => import('../connect/ConnectPage.vue')), meta: { open: true, title: 'connect.title' } },
  { path: '/connections/new/stuck', name: 'stuck', component: withTexts(['access', 'connect'], () => import('../connect/StuckPage.vue')), meta: { open: true, title: 'nav.help' } },
  { path: '/connections/:c', name: 'connection', component: withTexts(['access', 'connection'], () => import('../connections/ConnectionPage.vue')), props: true, meta: { title: 'nav.connection' } },
  { path: '/connections/:c/sync', name: 'sync', component: withTexts(['connection'], () => import('../sync/SyncPage.vue')), props: true, meta: { title: 'nav.sync' } },
  { path: '/connections/:c/data', name: 'data', component: withTexts(['connection', 'selection', 'schedule'], () => import('../selection/SelectionPage.vue')), props: true, meta: { title: 'nav.data' } },
  { path: '/connections/:c/deletions', name: 'deletions', component: withTexts(['connection', 'deletions'], () => import('../deletions/DeletionsPage.vue')), props: true, meta: { title: 'nav.deletions' } },
  { path: '/connections/:c/schedule', name: 'schedule', component: withTexts(['access', 'connection', 'schedule'], () => import('../schedule/SchedulePage.vue')), props: true, meta: { title: 'nav.schedule' } },
  { path: '/connections/:c/budget', name: 'budget', component: withTexts(['connection', 'schedule'], () => import('../schedule/BudgetPage.vue')), props: true, meta: { title: 'nav.budget' } },
  { path: '/connections/:c/calls', name: 'calls', component: withTexts(['calls', 'connection'], () => import('../calls/CallsPage.vue')), props: true, meta: { title: 'nav.calls' } },
  { path: '/connections/:c/doctor', name: 'doctor', component: withTexts(['access'], () => import('../doctor/DoctorPage.vue')), props: true, meta: { title: 'nav.doctor' } },
  { path: '/connections/:c/jwt', name: 'jwt', component: withTexts(['access'], () => import('../access/JwtPage.vue')), props: true, meta: { title: 'nav.jwt' } },
  { path: '/c/:c/pipeline', name: 'pipeline', component: () => import('../pipeline/PipelinePage.vue'), props: true, meta: { title: 'nav.pipeline' } },
  { path: '/c/:c/records/:object', name: 'records', component: () => import('../records/RecordsPage.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/metrics', name: 'metrics', component: withTexts(['metrics'], () => import('../metrics/MetricsPage.vue')), meta: { title: 'nav.metrics' } },
  { path: '/join', name: 'join', component: withTexts(['people'], () => import('../session/JoinPage.vue')), meta: { open: true, title: 'nav.join' } },
  { path: '/settings', redirect: { name: 'settings-people' } },
  { path: '/settings/people', name: 'settings-people', component: withTexts(['people'], () => import('../people/PeoplePage.vue')), meta: { title: 'nav.settings' } },
  { path: '/settings/sessions', name: 'settings-sessions', component: withTexts(['people'], () => import('../people/SessionsPage.vue')), meta: { title: 'nav.settings' } },
  { path: '/settings/service', name: 'settings-service', component: withTexts(['access', 'connect', 'people'], () => import('../access/ServicePage.vue')), meta: { title: 'nav.settings' } },
  { path: '/settings/audit', name: 'settings-audit', component: withTexts(['people'], () => import('../people/AuditPage.vue')), meta: { title: 'nav.settings' } },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { open: true, title: 'notFound.title' } },
];

/** The router; who is not signed in sees the open pages only, and comes back to the page they wanted. */
export function portalRouter(isSignedIn: () => Promise<boolean | undefined>, history: RouterHistory = createWebHistory()): Router {
  const router = createRouter({
    history,
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.beforeEach(async (to) => {
    if (to.meta.open === true) return true;
    // Undefined: the server cannot be asked now. The page then shows what is wrong, instead of a wrong sign-in.
    if ((await isSignedIn()) === false) return { name: 'welcome', query: to.fullPath === '/' ? {} : { return: to.fullPath } };
    return true;
  });
  router.afterEach(({ name }) => {
    // Whoever arrives elsewhere than where the way to Salesforce starts was sent there by its answer, or does not wait for one.
    if (isAnswered(name)) settleAttempt();
  });
  return router;
}
