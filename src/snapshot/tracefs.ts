import type { Machine } from './machine.ts'

export const TRACEFS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'] as const

/**
 * Why this process could not use tracefs, to be asked where it could not. It mounts nothing to find out.
 */
export function whyNoTracefs(machine: Machine): string {
  const filesystems = machine.readText('/proc/filesystems')
  if (filesystems !== undefined && !/\ttracefs$/m.test(filesystems)) return 'this kernel has no tracefs'
  const isRoot = /^Uid:\s+\d+\s+0\s/m.test(machine.readText('/proc/self/status') ?? '')
  // debugfs mounts it when a process looks, and only root can look.
  const mounts = machine.readText('/proc/self/mounts') ?? ''
  const isMounted =
    / tracefs /.test(mounts) ||
    TRACEFS.some((path) => machine.list(path).length > 0) ||
    (!isRoot && / \/sys\/kernel\/debug debugfs /.test(mounts))
  if (!isMounted)
    return `tracefs is not mounted: as root "mount -t tracefs nodev ${TRACEFS[0]}", then take the snapshot again`
  return isRoot
    ? 'tracefs does not let this root in: the kernel is locked down, or this is a container'
    : 'only root can use tracefs'
}
