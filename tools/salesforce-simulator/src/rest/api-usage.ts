import type { World } from '../oauth/world.ts';

const hour = 60 * 60_000;

/** API calls of the org in the last 24 hours, counted by the hour. */
export class ApiUsage {
  readonly #world: World;
  readonly #byHour = new Map<number, number>();

  constructor(world: World) {
    this.#world = world;
  }

  count(): void {
    const now = this.#hour();
    this.#byHour.set(now, (this.#byHour.get(now) ?? 0) + 1);
    for (const past of this.#byHour.keys()) if (past <= now - 24) this.#byHour.delete(past);
  }

  get used(): number {
    const now = this.#hour();
    let calls = this.#world.settings.apiRequestsUsed;
    for (const [at, count] of this.#byHour) if (at > now - 24) calls += count;
    return calls;
  }

  get isExhausted(): boolean {
    return this.used >= this.#world.settings.dailyApiRequests;
  }

  header(): Record<string, string> {
    const { settings, app } = this.#world;
    if (!settings.limitHeader) return {};
    const perApp = settings.perAppLimitHeader ? `; per-app-api-usage=${this.used}/${settings.dailyApiRequests}(appName=${app.name.toLowerCase().replaceAll(' ', '-')})` : '';
    return { 'sforce-limit-info': `api-usage=${this.used}/${settings.dailyApiRequests}${perApp}` };
  }

  #hour(): number {
    return Math.floor(this.#world.clock.now().getTime() / hour);
  }
}
