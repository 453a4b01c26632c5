// Arguments that carry names.

/** Arguments that stay strings whatever they look like. */
export function isNameArgument(event: string, key: string): boolean {
  if (event.startsWith('syscalls:') || event.startsWith('raw_syscalls:')) return true
  return key.endsWith('comm') || key.endsWith('name') || NAMES.includes(key)
}

const NAMES = ['dev', 'msg', 'function', 'driver']
