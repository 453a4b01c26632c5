import type { Snapshot } from '../event/generated/snapshot-types.ts'
import type { Machine } from './machine.ts'

/** Facts about the host that files hold or programs print. */

export function hostOf(machine: Machine): Snapshot['host'] | undefined {
  const kernel = line(machine.readText('/proc/sys/kernel/osrelease'))
  if (kernel === undefined) return undefined
  const name = line(machine.readText('/proc/sys/kernel/hostname'))
  const arch = line(machine.readText('/proc/sys/kernel/arch')) ?? line(machine.run('uname', ['-m']))
  const bootId = line(machine.readText('/proc/sys/kernel/random/boot_id'))
  return {
    ...(name !== undefined && { name }),
    kernel,
    ...(arch !== undefined && { arch }),
    ...(bootId !== undefined && { boot_id: bootId }),
  }
}

export function distributionOf(machine: Machine): NonNullable<Snapshot['distribution']> | undefined {
  const text = machine.readText('/etc/os-release') ?? machine.readText('/usr/lib/os-release')
  if (text === undefined) return undefined
  const values = readOsRelease(text)
  const id = line(values.get('ID'))
  const version = line(values.get('VERSION_ID'))
  const title = line(values.get('PRETTY_NAME'))
  return {
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    ...(title !== undefined && { title }),
  }
}

/** Assignments as a shell reads them (os-release(5)); the last one of a name counts. */
export function readOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [, name = '', double, single, bare = ''] of text.matchAll(ASSIGNMENT)) {
    values.set(name, double?.replace(/\\(["$`\\])/g, '$1') ?? single ?? bare)
  }
  return values
}

const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))[ \t]*$/gm

/**
 * Interface index → name, of the network namespace that this process is in; undefined when /sys shows another one's.
 */
export function interfacesOf(machine: Machine): Snapshot['interfaces'] | undefined {
  const names = machine.list('/sys/class/net')
  const own = [...(machine.readText('/proc/self/net/dev') ?? '').matchAll(/^ *([^\s:]+):/gm)].map(([, name]) => name)
  const indexes = names.map((name) => [line(machine.readText(`/sys/class/net/${name}/ifindex`)), name] as const)
  const interfaces = indexes.filter(([index]) => index !== undefined && /^[1-9]\d{0,9}$/.test(index))
  if (own.length !== interfaces.length || own.some((name) => name === undefined || !names.includes(name)))
    return undefined
  return Object.fromEntries(interfaces)
}

/**
 * The network namespace of this process, and whether the host has no other, unless some process could not be looked at.
 */
export function networkNamespaceOf(machine: Machine): NonNullable<Snapshot['network_namespace']> | undefined {
  const own = inodeOf(machine.readLink('/proc/self/ns/net'))
  if (own === undefined) return undefined
  const processes = machine.list('/proc').filter((name) => /^\d+$/.test(name))
  const links = processes.map((pid) => ({ pid, link: machine.readLink(`/proc/${pid}/ns/net`) }))
  const isAllSeen = links.every(({ pid, link }) => link !== undefined || isGone(machine.readText(`/proc/${pid}/stat`)))
  // `ip netns add` keeps one without a process, by a mount.
  const mounted = [...(machine.readText('/proc/self/mountinfo') ?? '').matchAll(/ net:\[(\d+)\] /g)].map(([, inode]) =>
    Number(inode),
  )
  const seen = new Set([own, ...links.map(({ link }) => inodeOf(link)), ...mounted])
  seen.delete(undefined)
  if (seen.size > 1) return { inode: own, is_alone: false }
  return { inode: own, ...(isAllSeen && { is_alone: true }) }
}

/** True for a process that has ended, waited for or not: it is in no namespace. Its name may hold anything. */
function isGone(stat: string | undefined): boolean {
  return stat === undefined || /^\) [ZX] /.test(stat.slice(stat.lastIndexOf(')')))
}

function inodeOf(link: string | undefined): number | undefined {
  const [, inode] = /^net:\[(\d{1,15})\]$/.exec(link ?? '') ?? []
  return inode === undefined ? undefined : Number(inode)
}

export function toolsOf(machine: Machine): Snapshot['tools'] {
  const perf = version(machine.run('perf', ['--version']), /^perf version (\S+)/m)
  const bpftrace = version(machine.run('bpftrace', ['--version']), /^bpftrace v?(\S+)/m)
  // The program has no option that prints its version.
  const dropwatch =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's
    version(machine.run('dpkg-query', ['-W', '-f', '${Version}\n', 'dropwatch']), /^(\S+)$/m) ??
    version(machine.run('rpm', ['-q', '--qf', '%{VERSION}-%{RELEASE}\n', 'dropwatch']), /^(\d\S*)$/m)
  return {
    ...(perf !== undefined && { perf }),
    ...(bpftrace !== undefined && { bpftrace }),
    ...(dropwatch !== undefined && { dropwatch }),
  }
}

function version(output: string | undefined, pattern: RegExp): string | undefined {
  return line(pattern.exec(output ?? '')?.[1])
}

/** Text that the schema takes: one line, not empty. */
function line(text: string | undefined): string | undefined {
  const one = text?.trim()
  return one !== undefined && /^[^\u0000-\u001f]{1,512}$/.test(one) ? one : undefined
}
