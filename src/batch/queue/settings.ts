import { deserialize, serialize } from 'node:v8'
import { InputError } from '../../errors.ts'
import type { BatchPlan } from '../workbench.ts'
import type { Queue } from './queue.ts'

/** What all jobs of a run have in common. Who files them leaves it on the shelf, so that workers need no flags. */
export interface QueueSettings {
  readonly batch: BatchPlan
  /** How inputs come to a worker, and results back: over a disk that all machines share, or over the shelf. */
  readonly files: 'shared' | 'sent'
}

export async function leaveSettings({ shelf }: Queue, settings: QueueSettings): Promise<void> {
  await shelf.put(nameOf(settings.batch.optionsSha256), serialize(settings))
}

/** The settings of jobs that were filed by a program of the same version. Throws InputError where they are lost. */
export async function findSettings({ shelf, shown }: Queue, optionsSha256: string): Promise<QueueSettings> {
  const bytes = await shelf.get(nameOf(optionsSha256))
  if (bytes === undefined) throw new InputError(`${shown}: the settings of its jobs are lost`, 'run --enqueue again')
  const settings: QueueSettings = deserialize(bytes)
  return settings
}

function nameOf(optionsSha256: string): string {
  return `settings-${optionsSha256}`
}
