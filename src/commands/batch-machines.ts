import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import type { BatchFlags } from './batch.ts'

/** Flags that share a batch among machines. */
export function addMachineFlags(command: Command): void {
  command
    .optionsGroup('More than one machine:')
    .option('--shard <i/n>', 'only the i-th of n parts, by a hash of the path; auto: of Slurm; auto/n: of Kubernetes')
    .option('--merge-manifests', 'makes one manifest of those of all shards in --out, and checks all results')
    .option('--queue <url>', 'shares the files over a queue on a NATS server: nats://HOST/NAME')
    .option('--enqueue', 'files the jobs of the inputs in the queue, and does no more')
    .option('--work', 'converts what is in the queue, until it is collected')
    .option('--collect', 'waits for all results, and writes the manifest; without these three, all of them')
    .option('--queue-files', 'captures and results go over the queue: machines share no disk')
}

const ROLES = ['enqueue', 'work', 'collect'] as const

/** Throws UsageError for flags that do not go together. */
export function refuseMixedRoles(inputs: readonly string[], flags: BatchFlags): void {
  const roles = ROLES.filter((role) => flags[role] === true)
  const [role] = roles
  if (roles.length > 1) throw new UsageError(`--${roles.join(' and --')} are not one run`, 'name one, or none for all')
  if (role !== undefined && flags.queue === undefined)
    throw new UsageError(`--${role} needs --queue nats://HOST/NAME`, 'say where the queue is')
  if (flags.queue !== undefined && flags.shard !== undefined)
    throw new UsageError('--shard and --queue are two ways to share a batch', 'name one')
  if (flags.shard !== undefined && flags.mergeOutput !== undefined)
    throw new UsageError('--merge-output needs all results, and a shard has a part of them', 'give it to a whole run')
  const takesInputs = flags.mergeManifests !== true && (role === undefined || role === 'enqueue')
  if (!takesInputs && inputs.length > 0)
    throw new UsageError(`--${role ?? 'merge-manifests'} takes no inputs`, 'the manifests or the queue name them')
}
