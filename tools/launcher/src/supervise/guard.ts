import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * Reads `pid start signal` lines until the pipe closes, which happens when its owner is gone by whatever cause;
 * then ends each of those processes, last one first, and makes sure after ten seconds.
 */
const script = `
trap '' INT TERM HUP
all=''
while read -r pid start signal; do all="$pid:$start:$signal $all"; done
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
end() {
  for one in $all; do
    pid=\${one%%:*}; rest=\${one#*:}; start=\${rest%%:*}; signal=\${2:-\${rest#*:}}
    if [ "$(started "$pid")" = "$start" ]; then kill -s "$signal" "$pid" 2>/dev/null; fi
  done
}
end all
sleep 10
end all KILL
`;

/** Ends the guarded processes when this process dies, even by SIGKILL. */
export class Guard {
  readonly #guarded = new Map<number, string>();
  #shell: ChildProcess | undefined;

  /** @param signal what ends the process in good order */
  add(guarded: ProcessIdentity, signal: 'TERM' | 'INT'): void {
    this.#guarded.set(guarded.pid, `${guarded.pid} ${guarded.startedAt} ${signal}\n`);
    for (const [pid, line] of this.#guarded) if (!isRunning({ pid, startedAt: line.split(' ')[1] ?? '' })) this.#guarded.delete(pid);
    if (this.#shell === undefined) this.#start();
    else this.#shell.stdin?.write(this.#guarded.get(guarded.pid) ?? '');
  }

  /** Stops guarding; the processes are left alone. */
  release(): void {
    const shell = this.#shell;
    this.#shell = undefined;
    shell?.kill('SIGKILL');
  }

  #start(): void {
    const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
    this.#shell = shell;
    shell.on('error', () => undefined);
    shell.stdin.on('error', () => undefined);
    shell.once('exit', () => {
      if (this.#shell === shell) this.#start();
    });
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    for (const line of this.#guarded.values()) shell.stdin.write(line);
  }
}
