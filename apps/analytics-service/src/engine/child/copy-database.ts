import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { ChildResults, ChildTask } from '../protocol.ts';
import { Merge, readState, stateTable } from './merge.ts';
import { QueryLane } from './query-lane.ts';

/** Queries that run at the same time; the others wait. */
const lanes = 2;

/** The one DuckDB file of this process, locked down as soon as it is open. */
export class CopyDatabase {
  #writer: DuckDBConnection | undefined;
  #lanes: QueryLane[] = [];
  #merge: Merge | undefined;

  async run(task: ChildTask): Promise<ChildResults[ChildTask['do']]> {
    switch (task.do) {
      case 'open':
        await this.#open(task);
        return null;
      case 'state':
        return readState(this.#connection());
      case 'query':
        return this.#lane().query(task.statements, task.timeoutMs);
      case 'begin':
        this.#merge = await Merge.begin(this.#connection(), task.tables, task.dropped);
        return null;
      case 'rows':
        await this.#running().add(task.object, task.columns);
        return null;
      case 'commit':
        return this.#end((merge) => merge.commit(task.versions));
      case 'abort':
        await this.#end((merge) => merge.abort());
        return null;
      default:
        return task satisfies never;
    }
  }

  async #open({ file, spillFolder, threads, memoryMb }: Extract<ChildTask, { do: 'open' }>): Promise<void> {
    const instance = await DuckDBInstance.create(file, {
      threads: String(threads), memory_limit: `${memoryMb}MB`, temp_directory: spillFolder, max_temp_directory_size: '4GB',
      autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allow_community_extensions: 'false',
    });
    this.#writer = await instance.connect();
    await this.#writer.run(stateTable);
    for (let lane = 0; lane < lanes; lane += 1) this.#lanes.push(new QueryLane(await instance.connect()));
    await this.#writer.run('SET enable_external_access = false');
    await this.#writer.run('SET lock_configuration = true');
  }

  #connection(): DuckDBConnection {
    if (this.#writer === undefined) throw new Error('the copy is not open');
    return this.#writer;
  }

  #lane(): QueryLane {
    const [first, ...others] = this.#lanes;
    if (first === undefined) throw new Error('the copy is not open');
    return others.reduce((shortest, lane) => (lane.waiting < shortest.waiting ? lane : shortest), first);
  }

  #running(): Merge {
    if (this.#merge === undefined) throw new Error('no merge is running');
    return this.#merge;
  }

  async #end<T>(work: (merge: Merge) => Promise<T>): Promise<T> {
    const merge = this.#running();
    this.#merge = undefined;
    return work(merge);
  }
}
