import type { ObjectPace } from './scenario.harness.ts';
import { ModelBroken, type EndedRun } from './runs.harness.ts';

const secondMs = 1_000;
/** What the machine's own time may add to the time that passes in a scenario. */
const slackMs = 90 * secondMs;

/** What a schedule has to do, by the time that passes in a scenario. */
export class ScheduleWatch {
  #nowMs = 0;
  #intervalSeconds: number;
  #paces: readonly ObjectPace[] = [];
  #selected: readonly string[];
  /** What was to be read before the last change, and when that was kept at the latest, by this machine's clock: a run opened earlier may know the one or the other. */
  #before: { readonly active: readonly string[]; readonly until: Date } = { active: [], until: new Date(0) };
  readonly #readAtMs = new Map<string, number>();
  /** Objects whose last reading was not complete: they are late for a reason. */
  readonly #unread = new Set<string>();

  constructor(
    private readonly defaultIntervalSeconds: number,
    selected: readonly string[],
  ) {
    this.#intervalSeconds = defaultIntervalSeconds;
    this.#selected = selected;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  schedule(intervalSeconds: number | null, paces: readonly ObjectPace[]): void {
    this.#noteBefore();
    this.#intervalSeconds = intervalSeconds ?? this.defaultIntervalSeconds;
    for (const name of this.#resumed(paces)) this.#unread.add(name);
    this.#paces = paces;
  }

  select(objects: readonly string[]): void {
    this.#noteBefore();
    for (const name of objects) if (!this.#selected.includes(name)) this.#unread.add(name);
    this.#selected = objects;
  }

  /** Objects that are to be read at all. */
  get active(): string[] {
    return this.#selected.filter((name) => !this.#pace(name).paused);
  }

  /** @throws ModelBroken when a run read what it must not, left out what it had to read, or read it in another order */
  judge(run: EndedRun): void {
    if (!run.planned) {
      for (const name of this.active) this.#unread.add(name);
      return;
    }
    const read = run.objects.map(({ object }) => object);
    const known = [this.active, ...(run.startedAt <= this.#before.until ? [this.#before.active] : [])];
    const wrong = read.find((name) => known.every((active) => !active.includes(name)));
    if (wrong !== undefined) throw new ModelBroken(`a run read ${wrong}, which is paused or not chosen`);
    const missing = known.map((active) => active.find((name) => !read.includes(name) && (!run.onlyDue || this.#sinceMs(name) >= this.#intervalMs(name) + slackMs)));
    if (!missing.includes(undefined)) throw new ModelBroken(`a run ${run.onlyDue ? 'by schedule' : 'of everything'} left ${missing[0]} out`);
    const early = read.find((name) => run.onlyDue && this.#sinceMs(name) < this.#intervalMs(name) - this.#everyMs / 2 - slackMs);
    if (early !== undefined) throw new ModelBroken(`a run by schedule read ${early}, which was not due`);
    const ranks = read.map((name) => ['first', 'normal', 'last'].indexOf(this.#pace(name).priority));
    if (ranks.some((rank, index) => rank < (ranks[index - 1] ?? 0))) throw new ModelBroken(`a run read ${read.join()} in this order, which is not that of their priorities`);
    const shed = run.objects.findIndex(({ code }) => code === 'API_BUDGET_SHED');
    if (shed !== -1 && run.objects.slice(shed).some(({ status }) => status === 'complete')) throw new ModelBroken('a run left out an object and read a less valuable one');
    for (const { object, status, code } of run.objects) {
      if (status === 'complete' && code === null) {
        this.#readAtMs.set(object, this.#nowMs);
        this.#unread.delete(object);
      } else this.#unread.add(object);
    }
  }

  /** After the schedule did all that was due. @throws ModelBroken when an object was read too long ago */
  requireNothingLate(): void {
    const late = this.active.find((name) => !this.#unread.has(name) && this.#sinceMs(name) > this.#intervalMs(name) + this.#everyMs / 2 + slackMs);
    if (late !== undefined) throw new ModelBroken(`${late} is to be read every ${this.#intervalMs(late) / secondMs} seconds and was read ${this.#sinceMs(late) / secondMs} seconds ago`);
  }

  #noteBefore(): void {
    this.#before = { active: this.active, until: new Date() };
  }

  #resumed(paces: readonly ObjectPace[]): string[] {
    return this.#paces.filter(({ name, paused }) => paused && paces.find((pace) => pace.name === name)?.paused !== true).map(({ name }) => name);
  }

  #pace(name: string): ObjectPace {
    return this.#paces.find((pace) => pace.name === name) ?? { name, intervalSeconds: null, priority: 'normal', paused: false };
  }

  #intervalMs(name: string): number {
    return (this.#pace(name).intervalSeconds ?? this.#intervalSeconds) * secondMs;
  }

  /** From one run to the next. */
  get #everyMs(): number {
    return Math.min(this.#intervalSeconds, ...this.#paces.flatMap(({ intervalSeconds, paused }) => (paused || intervalSeconds === null ? [] : [intervalSeconds]))) * secondMs;
  }

  #sinceMs(name: string): number {
    return this.#nowMs - (this.#readAtMs.get(name) ?? -Infinity);
  }
}
