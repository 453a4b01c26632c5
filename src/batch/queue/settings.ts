import { deserialize, serialize } from 'node:v8'
import { InputError } from '../../errors.ts'
import type { BatchPlan } from '../workbench.ts'
import type { Queue } from './queue.ts'

/** What all jobs of a queue have in common. Who files them leaves it there, so that workers need no flags. */
export interface QueueSettings {
  readonly batch: BatchPlan
  /** How inputs come to a worker, and results back: over a disk that all machines share, or over the queue. */
  readonly files: 'shared' | 'sent'
}

const SETTINGS = 'settings'
const OPTIONS = 'options'

/** Throws InputError where the queue has jobs of other settings. */
export async function leaveSettings({ filings, shelf, shown }: Queue, settings: QueueSettings): Promise<void> {
  const { files, batch } = settings
  const name = `${files} ${batch.version} ${batch.optionsSha256}`
  await filings.add(OPTIONS, name)
  if ((await filings.get(OPTIONS)) !== name) {
    throw new InputError(`${shown}: it has jobs of other options`, 'collect them first, or name another queue')
  }
  await shelf.put(SETTINGS, serialize(settings))
}

/** Throws InputError where the jobs are of another version, and where there are no settings. */
export async function findSettings({ shelf, shown }: Queue, version: string): Promise<QueueSettings> {
  const bytes = await shelf.get(SETTINGS)
  if (bytes === undefined) throw new InputError(`${shown}: it has no jobs yet`, 'file them with --enqueue')
  const settings: QueueSettings = deserialize(bytes)
  if (settings.batch.version !== version) {
    throw new InputError(
      `${shown}: its jobs are of tracenorm ${settings.batch.version}, and this is ${version}`,
      'have the same version on all machines',
    )
  }
  return settings
}
