import { describe, expect, it } from 'vitest';
import { machineProblem } from './machine.mjs';

const fine = { platform: 'linux', arch: 'x64', nodeVersion: '20.20.2' };

describe('the machine', () => {
  it('is fine with Node 20 or newer on Linux', () => {
    expect(machineProblem(fine)).toBeUndefined();
    expect(machineProblem({ ...fine, arch: 'arm64', nodeVersion: '24.1.0' })).toBeUndefined();
  });

  it('is told what it lacks', () => {
    expect(machineProblem({ ...fine, nodeVersion: '18.19.0' })).toBe('Node 18.19.0 is too old: install Node 20 or newer.');
    expect(machineProblem({ ...fine, platform: 'darwin' })).toContain('runs on Linux, not on darwin');
    expect(machineProblem({ ...fine, arch: 'riscv64' })).toContain('not on riscv64');
  });
});
