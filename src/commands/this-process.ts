import { descriptorStdin } from '../input/stdin.ts'
import { descriptorOutput } from '../output/standard.ts'
import { type EndingSignal, statusOfSignal } from '../report/exit.ts'
import type { Ending, Io } from './io.ts'

/** The standard descriptors, the signals and the environment of this process. */
export function ioOfProcess(version: string, places: Pick<Io, 'home' | 'coworker'>): Io {
  return {
    stdin: descriptorStdin(0),
    stdout: descriptorOutput(1),
    stderr: descriptorOutput(2),
    signals: process,
    env: process.env,
    version,
    ...places,
  }
}

/** Milliseconds since 1970. */
export function wallClock(): number {
  return Date.now()
}

/** Ends this process at once: a read of stdin that nobody waits for any more would keep it. */
export function leave(ending: Ending): never {
  return typeof ending === 'number' ? process.exit(ending) : die(ending)
}

/**
 * Dies of a signal, so that the caller knows. To exit would wait for the read of stdin that is still under way, and
 * with it for the next line of a quiet pipe. Node ignores SIGPIPE: a handler put up and taken down restores the
 * default.
 */
function die(signal: EndingSignal): never {
  process.on(signal, nothing)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // A process that cannot die of it, as the first of a container, ends with the status that the shell would give.
  process.exit(statusOfSignal(signal))
}

function nothing(): void {}
