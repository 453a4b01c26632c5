// A batch over a queue: this process files the jobs, takes them, collects their results, or does all three.
import { taskOf } from '../batch/decide.ts'
import { MANIFEST } from '../batch/manifest.ts'
import { manifestIn } from '../batch/manifest-file.ts'
import { Calm } from '../batch/queue/calm.ts'
import { isFiling, listedJobs } from '../batch/queue/filed-jobs.ts'
import { LEASING } from '../batch/queue/leasing.ts'
import { addressOf } from '../batch/queue/nats.ts'
import { findQueue, makeQueue, type Queue, type QueuePlace } from '../batch/queue/queue.ts'
import { allHands, collectingHands, filingHands, type QueuePart, workForQueue } from '../batch/queue/queue-hands.ts'
import { findSettings, type QueueSettings } from '../batch/queue/settings.ts'
import { OwnSlot, ThreadSlot, type WorkSlot } from '../batch/queue/slot.ts'
import type { BatchPlan } from '../batch/workbench.ts'
import { InputError } from '../errors.ts'
import { Outputs } from '../output/outputs.ts'
import type { BatchFlags } from './batch.ts'
import { type ReadyBatch, runReady, STDOUT, wishOf, withReadyBatch } from './batch-run.ts'
import type { CommandContext } from './command-context.ts'
import type { Interruption } from './interruption.ts'
import type { Ending } from './io.ts'
import { say } from './say.ts'
import { wallClock } from './this-process.ts'
import { unpackingOf } from './unpacking.ts'
import { withOutputs } from './with-outputs.ts'

/** Throws UsageError, InputError, EndedBySignal, and what the outputs throw. */
export async function runQueue(
  address: string,
  inputs: readonly string[],
  flags: BatchFlags,
  context: CommandContext,
  leasing = LEASING,
): Promise<Ending> {
  const place = { address: addressOf(address), home: context.home, leasing }
  if (flags.work === true) return withQueue(findQueue(place), (queue) => runWork(queue, place, flags, context))
  if (flags.collect === true) return withQueue(findQueue(place), (queue) => runCollect(queue, place, flags, context))
  const filing = JSON.stringify([inputs, flags.filesFrom])
  return withReadyBatch(inputs, flags, context, (ready) =>
    withQueue(makeQueue(place), async (queue) => {
      const part = { ...partOf(queue, place, ready, flags.queueFiles === true ? 'sent' : 'shared'), filing }
      return flags.enqueue === true ? runEnqueue(part, ready) : runAll(part, ready)
    }),
  )
}

async function withQueue(opening: Promise<Queue>, use: (queue: Queue) => Promise<Ending>): Promise<Ending> {
  const queue = await opening
  try {
    return await use(queue)
  } finally {
    await queue.close()
  }
}

function partOf(
  queue: Queue,
  { leasing }: QueuePlace,
  { batch, interruption }: { readonly batch: BatchPlan; readonly interruption: Interruption },
  files: QueueSettings['files'],
): QueuePart {
  return { queue, leasing, batch, patience: interruption, files, filing: '', clock: wallClock }
}

async function runAll(part: QueuePart, ready: ReadyBatch): Promise<Ending> {
  const { flags, context, interruption } = ready
  return runHands(part, ready, allHands(part, slotsFor(flags.jobs, context, interruption)))
}

/** The queue is removed when its results are in the manifest. */
async function runHands({ queue }: QueuePart, ready: ReadyBatch, hands: ReturnType<typeof allHands>): Promise<Ending> {
  const ending = await runReady(ready, {
    manifest: MANIFEST,
    hands: [{ takes: () => true, hands }],
    isShared: true,
  })
  if (typeof ending === 'number' && ready.flags.dryRun !== true) await queue.remove()
  return ending
}

async function runEnqueue(part: QueuePart, { batch, tree, flags, context }: ReadyBatch): Promise<Ending> {
  const manifest = manifestIn(batch.folder, MANIFEST)
  const tasks = tree.files.flatMap((file) => taskOf(file, manifest?.entriesOf(file.path), batch, wishOf(flags)) ?? [])
  manifest?.close()
  let unchanged = 0
  await filingHands(part).work(tasks, {
    begun() {},
    done() {
      unchanged++
    },
  })
  if (flags.quiet !== true) say(context.stderr, `${tasks.length - unchanged} files are in the queue`)
  return 0
}

async function runWork(queue: Queue, place: QueuePlace, flags: BatchFlags, context: CommandContext): Promise<Ending> {
  const { batch, files } = await findSettings(queue, context.version)
  const slots = (interruption: Interruption): readonly WorkSlot[] => slotsFor(flags.jobs, context, interruption)
  return withOutputs(new Outputs([], [], context), context.signals, async (interruption) => {
    const { limits } = batch.unpacking
    const own = { ...batch, folder: flags.out, unpacking: { ...unpackingOf(flags, context), limits } }
    const ready = { batch: own, interruption }
    await workForQueue(partOf(queue, place, ready, files), slots(interruption))
    return 0
  })
}

async function runCollect(
  queue: Queue,
  place: QueuePlace,
  flags: BatchFlags,
  context: CommandContext,
): Promise<Ending> {
  const { batch, files: how } = await findSettings(queue, context.version)
  const outputs = new Outputs([{ as: STDOUT, path: undefined }], [], context)
  return withOutputs(outputs, context.signals, async (interruption) => {
    await interruption.wait(allFiled(queue, place))
    const filed = await listedJobs(queue)
    const files = filed.map(({ file }) => file).toSorted((a, b) => (a.path < b.path ? -1 : 1))
    const own = { ...batch, folder: flags.out }
    const ready = { batch: own, tree: { files, leftOut: [] }, flags, outputs, context, interruption }
    const part = partOf(queue, place, ready, how)
    return runHands(part, ready, collectingHands(part, filed))
  })
}

/** Waits while somebody files. Throws InputError where somebody began to, and ended before that was done. */
async function allFiled(queue: Queue, { leasing }: QueuePlace): Promise<void> {
  const calm = new Calm(queue, leasing)
  while (await isFiling(queue)) {
    const { made } = await queue.filed.changes()
    if (await calm.look(`${made}`)) {
      throw new InputError(
        `${queue.shown}: an --enqueue was begun and did not end, so not all files are in the queue`,
        'run that --enqueue again, then --collect',
      )
    }
    await calm.pause()
  }
}

function slotsFor(
  jobs: number,
  { adapters, coworker, home }: CommandContext,
  patience: Interruption,
): readonly WorkSlot[] {
  if (coworker === undefined) return [new OwnSlot({ adapters, clock: wallClock, patience, home })]
  return Array.from({ length: jobs }, () => new ThreadSlot(coworker, home))
}
