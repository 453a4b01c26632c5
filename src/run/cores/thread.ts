import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { Adapter } from '../../contract.ts'
import { FileSlices } from '../../input/file-slices.ts'
import type { Plan } from '../plan.ts'
import { wire } from '../wire.ts'
import { Board, type Cutting } from './board.ts'
import { type Converted, Coworker, type SharedInput } from './coworker.ts'
import type { Sharing } from './crew.ts'

/** What a thread is given. */
interface ThreadTask {
  readonly plan: Plan
  readonly input: Omit<SharedInput, 'source'>
  readonly fd: number
  readonly cut: Cutting
  readonly memory: SharedArrayBuffer
}

/** Starts threads that run this script of the program, which is to call `cowork`. */
export function hiring(script: URL, plan: Plan): Sharing['hire'] {
  return (board, { source, ...input }, to) => {
    const task: ThreadTask = {
      plan,
      input,
      fd: source.fd,
      cut: board.cut,
      memory: board.memory,
    }
    const thread = new Worker(script, { workerData: task })
    thread.on('message', (piece: Converted) => to.piece(piece))
    thread.on('error', (error) => to.failed(error))
    return {
      stop() {
        void thread.terminate()
      },
    }
  }
}

/** What a thread does: it takes stretches as long as there are any. */
export async function cowork(adapters: readonly Adapter[]): Promise<void> {
  const { plan, input, fd, cut, memory }: ThreadTask = workerData
  const source = new FileSlices(fd, input.path)
  const board = new Board(source, cut, memory)
  const buffer = board.buffer()
  const coworker = new Coworker({ ...input, source }, await wire(plan, adapters), board)
  for (let taken = board.takeLater(buffer); taken !== 'end'; taken = board.takeLater(buffer)) {
    parentPort?.postMessage(await coworker.convert(taken))
  }
}
