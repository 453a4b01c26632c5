// Who ran where: the `process` and `cpu` parts of a line's columns.
import { Mould, type Part, seal } from '../event/part.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import { MOST_PID_T } from './limits.ts'

/** The `process` part. `comm` is latin1. Undefined: no kernel gives such an id. */
export function taskPart(comm: string | undefined, pid: number | undefined, tid: number | undefined): Part | undefined {
  if (!isId(pid) || !isId(tid)) return undefined
  if (comm === undefined) {
    if (pid === undefined) return seal('process', tid === undefined ? {} : { tid })
    return seal('process', tid === undefined ? { pid } : { pid, tid })
  }
  const cast = tid === undefined ? undefined : pid === undefined ? THREAD.cast(comm, tid) : TASK.cast(comm, pid, tid)
  if (cast !== undefined) return cast
  const name = utf8(comm)
  const process =
    pid === undefined
      ? tid === undefined
        ? { comm: name }
        : { comm: name, tid }
      : tid === undefined
        ? { comm: name, pid }
        : { comm: name, pid, tid }
  return replaced(comm) ? seal('process', process, 'text_replaced') : seal('process', process)
}

const THREAD = new Mould('process', { comm: 'a', tid: 1 }, ['comm', 'tid'])
const TASK = new Mould('process', { comm: 'a', pid: 1, tid: 1 }, ['comm', 'pid', 'tid'])

/** True for an id that a tool may print: -1 is a thread that it does not know. */
export function isId(id: number | undefined): boolean {
  return id === undefined || (id >= -1 && id <= MOST_PID_T)
}

const CPUS: Part[] = []

/** The `cpu` part, one for each CPU. */
export function cpuPart(cpu: number): Part {
  let part = CPUS[cpu]
  if (part === undefined) {
    part = seal('cpu', cpu)
    CPUS[cpu] = part
  }
  return part
}
